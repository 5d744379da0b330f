"""What a technician can do at the kiosk's own screen: see how it is, and give it a push.

No keyboard and no command line is needed: who knows the PIN sees the numbers that the commands tell
of, lets the kiosk try its line now, prints the self-test page, has everything checked as `kiosk
doctor` does, and lets a USB stick carry what waits. Carrying may take minutes and checking half a
one, so both go on in threads with ledgers of their own, also when the page is left; the page asks
how far they are.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.condition import Condition, condition_of
from kiosk.config import KioskConfig
from kiosk.devices.stick import find_sticks
from kiosk.printing.jobs import PrintJobs
from kiosk.printing.profile import PrinterProfile
from kiosk.printing.slip import Slip
from kiosk.room import Disk, Room
from kiosk.services import Services
from kiosk.technician_pin import TechnicianPin
from sync.clock import Clock
from sync.errors import SyncError
from sync.ledger import Ledger
from sync.pace import Limits

if TYPE_CHECKING:
    from sync.stick import Visit

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of carrying by a stick."""

    done: "Visit | None"  # None: it failed


Findings = Callable[[], tuple[str, ...]]  # what was found, in the language that is current then


@dataclass(frozen=True, slots=True)
class Hands:
    """What a technician's touch sets to work; a test or a site may lack some of it."""

    wake_exchange: Callable[[], None] = lambda: None
    wake_printer: Callable[[], None] = lambda: None
    rests_s: Callable[[], float] = lambda: 0.0  # for so long central has asked not to be called
    limits: Callable[[], Limits | None] = lambda: None  # of one request at present
    test_page: Callable[[], Slip] | None = None  # None: no printer is set
    examine: Callable[[], Findings] | None = None  # asks all that the doctor asks
    sticks: Callable[[], tuple[Path, ...]] = find_sticks


class Technician:
    """The technician's side of one enrolled kiosk, for the thread that opened the ledger.

    Args:
        ledger: the device's ledger.
        jobs: the print jobs in the same file.
        clock: tells the time with its quality.
        config: what is set at this site.
        open_ledger: opens the ledger once more, for the thread that carries.
        hands: what a touch sets to work.
    """

    def __init__(
        self,
        ledger: Ledger,
        jobs: PrintJobs,
        clock: Clock,
        config: KioskConfig,
        open_ledger: Callable[[], Ledger],
        *,
        profile: PrinterProfile | None = None,
        hands: Hands | None = None,
    ) -> None:
        self._ledger, self._jobs, self._clock = ledger, jobs, clock
        self._open_ledger = open_ledger
        self._services = Services(ledger)
        folder, percent = ledger.path.parent, config.disk_reserve_percent
        self._room = Room(
            ledger, clock, lambda: Disk.of(folder, percent), config.keep_unfinished_days
        )
        self._hands = hands or Hands()
        self._carrying: threading.Thread | None = None
        self._examining: threading.Thread | None = None
        self.config, self.profile = config, profile
        self.pin = TechnicianPin(ledger)
        self.carried: Carried | None = None  # what the last stick brought and took
        self.findings: Findings | None = None  # what the last look at everything came to

    def condition(self) -> Condition:
        """How the kiosk is now."""
        budget, now = self.config.budget, self._clock.now()
        outdated = self._services.outdated(now)
        return condition_of(self._ledger, self._jobs, budget, now, self._room, outdated=outdated)

    def limits(self) -> Limits | None:
        """How much goes into one request at present; None where there is no line at work."""
        return self._hands.limits()

    def connect_now(self) -> float:
        """Let the line be tried at once, or when central wants to be called again.

        Returns:
            How many seconds that takes.
        """
        self._hands.wake_exchange()
        return self._hands.rests_s()

    @property
    def can_print(self) -> bool:
        """Whether a printer is set."""
        return self._hands.test_page is not None

    def print_test_page(self) -> None:
        """Let the self-test page be printed, after what waits; one at a time waits.

        Raises:
            LedgerError: it could not be kept.
        """
        if self._hands.test_page is None or self._jobs.has_slip_waiting():
            return
        slip = self._hands.test_page()
        with self._ledger.transaction():
            self._jobs.add_slip(slip, private=False)
        self._hands.wake_printer()

    @property
    def is_examining(self) -> bool:
        """Whether everything is being checked now."""
        return self._examining is not None and self._examining.is_alive()

    def examine(self) -> None:
        """Begin to check everything."""
        if self.is_examining or self._hands.examine is None:
            return
        self.findings = None
        self._examining = threading.Thread(
            target=self._examine, args=(self._hands.examine,), name="doctor", daemon=True
        )
        self._examining.start()

    def _examine(self, examine: Callable[[], Findings]) -> None:
        self.findings = examine()

    def stick(self) -> Path | None:
        """The folder of the stick that was put in last; None when none is in."""
        return next(iter(self._hands.sticks()), None)

    @property
    def is_carrying(self) -> bool:
        """Whether a stick is being read and written: it must stay in."""
        return self._carrying is not None and self._carrying.is_alive()

    def carry(self, stick: Path) -> None:
        """Begin to take in what a stick brings and to write what waits onto it."""
        if self.is_carrying:
            return
        self.carried = None
        self._carrying = threading.Thread(
            target=self._carry, args=(stick,), name="stick", daemon=True
        )
        self._carrying.start()

    def _carry(self, stick: Path) -> None:
        from sync.stick import visit  # noqa: PLC0415 - the entrance does not wait for it

        try:
            with closing(self._open_ledger()) as ledger:
                done = visit(ledger, stick)
                ledger.erase_settled(self.config.keeping)
        except (SyncError, OSError) as problem:
            log.warning("The stick could not be used: %s", problem)
            self.carried = Carried(None)
        else:
            self.carried = Carried(done)
