"""The technician's PIN: what the page for technicians asks for before it shows anything.

Only a hash of it is kept, in the ledger, so that a PIN set by `kiosk technician-pin` counts at once
and wrong tries are counted across restarts (see `pin_tries`). Whoever has forgotten it waits at
most an hour for the next try and never for ever: nobody else could let the technician in.
"""

from collections.abc import Callable

from kiosk.pin_tries import Tries, try_pin
from sync import pin as pins
from sync.clock import Steady, steady_now
from sync.ledger import Ledger
from sync.store import our_words


class TechnicianPin:
    """The table `technician` of a ledger opened with `kiosk.printing.tables.MIGRATIONS`.

    Args:
        ledger: where it lies; of the thread that asks.
        steady: the machine's steady clock.
    """

    def __init__(self, ledger: Ledger, steady: Callable[[], Steady] = steady_now) -> None:
        self._ledger = ledger
        self._steady = steady

    @property
    def is_set(self) -> bool:
        """Whether there is one."""
        return bool(self._row()[0])

    @property
    def wrong_count(self) -> int:
        """How often it was wrong since it was last right."""
        return self._row()[1].wrong

    def choose(self, pin: str) -> None:
        """Let it be this one from now on; wrong tries are forgiven.

        Raises:
            WeakPin: somebody would guess it.
        """
        self._keep(pins.hash_of(pin))

    def take_away(self) -> None:
        """Let there be none: nobody reaches the page."""
        self._keep("")

    def wait_s(self) -> int:
        """How many seconds nobody may try; 0 when one may."""
        return self._row()[1].wait_s(self._steady())

    def opens(self, pin: str) -> bool:
        """Whether it is this one; counts as a try. Nothing is while one must wait."""
        hash_, tries = self._row()
        now = self._steady()
        if not hash_ or tries.wait_s(now):
            return False
        return try_pin(self._ledger, pin, hash_, tries.and_one_more(now), self._note)

    def _note(self, tries: Tries) -> None:
        self._run(
            "UPDATE technician SET wrong = ?, boot = ?, steady_ms = ?",
            *(tries.wrong, tries.boot, tries.steady_ms),
        )

    def _keep(self, hash_: str) -> None:
        with self._ledger.transaction():
            self._run("UPDATE technician SET pin_hash = ?, wrong = 0", hash_)

    def _row(self) -> tuple[str, Tries]:
        with our_words():
            hash_, *tries = self._ledger.database.execute(
                "SELECT pin_hash, wrong, boot, steady_ms FROM technician"
            ).fetchone()
        return hash_, Tries(*tries)

    def _run(self, statement: str, *values: object) -> None:
        self._ledger.database.execute(statement, values)
