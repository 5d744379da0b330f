"""What a kiosk passes on for its neighbours is paid from its own data plan: so from its budget too.

Applications and news of a neighbour pass at any time, as this kiosk's own do; a piece of a document
passes while the budget of the hour and of the day has room for it. The neighbour is told so, and
keeps its documents for later.
"""

from collections.abc import Callable
from contextlib import closing

from sync.budget import OVER_BUDGET, Budget
from sync.clock import DeviceClock
from sync.errors import Refused
from sync.ledger import Ledger
from sync.protocol import Central
from sync.sentence import Sentence


class Thrift:
    """`Central` whose documents this kiosk pays for.

    Args:
        central: the road.
        open_ledger: opens this kiosk's ledger, where what was spent is written, in any thread.
        budget: how much may be spent on documents.
    """

    def __init__(self, central: Central, open_ledger: Callable[[], Ledger], budget: Budget) -> None:
        self._central = central
        self._open_ledger = open_ledger
        self._budget = budget

    def exchange(self, batch: bytes) -> bytes:
        """Hand over a batch for central's answer."""
        return self._central.exchange(batch)

    def evidence_offset(self, request: bytes) -> bytes:
        """Ask how much of a file central has."""
        return self._central.evidence_offset(request)

    def send_evidence(self, piece: bytes) -> bytes:
        """Hand over a piece of a file.

        Raises:
            Refused: nothing more in this hour or on this day.
        """
        with closing(self._open_ledger()) as ledger:
            now = DeviceClock(ledger).now()
            may_spend = ledger.may_spend(self._budget, now)
            if may_spend is not None and may_spend < len(piece):
                raise Refused(
                    Sentence("The data plan has no room for documents now."), reason=OVER_BUDGET
                )
            ledger.spend(now, len(piece))
        return self._central.send_evidence(piece)

    def enrol(self, request: bytes) -> bytes:
        """Ask to become known."""
        return self._central.enrol(request)
