"""The clerks of this kiosk's office: who signs in here to help somebody fill in a form.

The feed brings them, so signing in needs no line. A clerk gives her number and her PIN; too many
wrong ones lock her account at this kiosk until her supervisor has given her another PIN. What
somebody handed in with her help names her.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from kiosk.pin_tries import Tries, try_pin
from sync.clock import Steady, steady_now
from sync.ledger import Ledger
from sync.store import our_words

WRONG_MAX = 10


@dataclass(frozen=True, slots=True)
class Clerk:
    """Somebody of the office who helps here."""

    number: int
    name: str


class Refusal(Enum):
    """Why somebody is not signed in."""

    WRONG = "wrong"  # no such number, or not her PIN: which of the two is not said
    WAIT = "wait"  # after some wrong PINs
    LOCKED = "locked"  # after too many, for as long as it is this PIN


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody is not signed in."""

    why: Refusal
    wait_s: int = 0


class Clerks:
    """The table `clerk_tries` of a ledger opened with `kiosk.printing.tables.MIGRATIONS`.

    Args:
        ledger: where the clerks are known; of the thread that asks.
        steady: the machine's steady clock.
    """

    def __init__(self, ledger: Ledger, steady: Callable[[], Steady] = steady_now) -> None:
        self._ledger = ledger
        self._steady = steady

    def any(self) -> bool:
        """Whether there is a clerk who may sign in here."""
        return self._ledger.has_clerks()

    def sign_in(self, number: int, pin: str) -> Clerk | Refused:
        """The clerk of that number, if it is her PIN; counts as a try.

        Raises:
            LedgerError: the try could not be written down, so it was none.
        """
        note = self._ledger.find_clerk(number)
        if note is None:
            return Refused(Refusal.WRONG)
        tries, now = self._tries(number, note.pin_hash), self._steady()
        if tries.wrong >= WRONG_MAX:
            return Refused(Refusal.LOCKED)
        if wait_s := tries.wait_s(now):
            return Refused(Refusal.WAIT, wait_s)

        def keep(tries: Tries) -> None:
            self._ledger.database.execute(
                "INSERT OR REPLACE INTO clerk_tries VALUES (?, ?, ?, ?, ?)",
                (number, note.pin_hash, tries.wrong, tries.boot, tries.steady_ms),
            )

        tried = tries.and_one_more(now)
        if try_pin(self._ledger, pin, note.pin_hash, tried, keep):
            return Clerk(number, note.name)
        return Refused(Refusal.LOCKED if tried.wrong >= WRONG_MAX else Refusal.WRONG)

    def _tries(self, number: int, pin_hash: str) -> Tries:
        with our_words():
            row = self._ledger.database.execute(
                """
                SELECT wrong, boot, steady_ms FROM clerk_tries
                WHERE number = ? AND pin_hash = ?
                """,
                (number, pin_hash),
            ).fetchone()
        return Tries(*row) if row else Tries()
