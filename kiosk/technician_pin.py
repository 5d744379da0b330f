"""The technician's PIN: what the page for technicians asks for before it shows anything.

Only a hash of it is kept (Argon2id, which takes memory and time to try), in the ledger, so that a
PIN set by `kiosk technician-pin` counts at once and wrong tries are counted across restarts. Each
try is written down before it is judged: pulling the plug buys nobody another one. After a few wrong
ones each further try must wait, at last an hour, and never for ever. The wait is measured on the
clock that only goes forward, so that no wrong date shortens or lengthens it; when the machine is
started again, it begins anew.
"""

from collections.abc import Callable
from itertools import pairwise

from nacl.exceptions import InvalidkeyError
from nacl.pwhash import argon2id

from kiosk.trouble import Trouble
from sync.clock import Steady, steady_now
from sync.ledger import Ledger
from sync.store import our_words

DIGITS_MIN, DIGITS_MAX = 6, 12
FREE_TRIES = 3  # a slip of the finger costs nothing
WAIT_S_FIRST, WAIT_S_MAX = 30, 3600  # doubled with each wrong try; the tenth comes to an hour
OPERATIONS, MEMORY_BYTES = argon2id.OPSLIMIT_INTERACTIVE, argon2id.MEMLIMIT_INTERACTIVE
COMMON = frozenset({"123123", "112233", "102030", "159753", "147258", "258369", "696969"})


class WeakPin(Trouble):
    """Somebody would guess it; the sentence says what to choose."""


def check_strong(pin: str) -> None:
    """Refuse what is guessed first.

    Raises:
        WeakPin: it is no number of 6 to 12 figures, or one that many people choose.
    """
    if not (pin.isascii() and pin.isdecimal() and DIGITS_MIN <= len(pin) <= DIGITS_MAX):
        raise WeakPin(f"A PIN has {DIGITS_MIN} to {DIGITS_MAX} figures and nothing else.")
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    repeats = any(pin == (pin[:size] * len(pin))[: len(pin)] for size in (1, 2, 3))
    if repeats or (len(steps) == 1 and steps <= {1, 9}) or pin in COMMON:
        raise WeakPin("Many people choose this PIN. Take figures that do not follow each other.")


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
        return int(self._row()[1])

    def choose(self, pin: str) -> None:
        """Let it be this one from now on; wrong tries are forgiven.

        Raises:
            WeakPin: somebody would guess it.
        """
        check_strong(pin)
        self._keep(argon2id.str(pin.encode("ascii"), OPERATIONS, MEMORY_BYTES).decode("ascii"))

    def take_away(self) -> None:
        """Let there be none: nobody reaches the page."""
        self._keep("")

    def wait_s(self) -> int:
        """How many seconds nobody may try; 0 when one may."""
        _hash, wrong, boot, at_ms = self._row()
        if wrong < FREE_TRIES:
            return 0
        doubled = min(wrong - FREE_TRIES, 30)
        wait_s = min(WAIT_S_FIRST << doubled, WAIT_S_MAX)
        now = self._steady()
        since_ms = now.at_ms - (at_ms if now.boot == boot != "" else 0)  # else since the start
        return max(0, wait_s - max(0, since_ms) // 1000)

    def opens(self, pin: str) -> bool:
        """Whether it is this one; counts as a try. Nothing is while one must wait."""
        hash_, wrong, *_when = self._row()
        if not hash_ or self.wait_s():
            return False
        now = self._steady()
        with self._ledger.transaction():
            self._run(
                "UPDATE technician SET wrong = ?, boot = ?, steady_ms = ?",
                *(wrong + 1, now.boot, now.at_ms),
            )
        try:
            argon2id.verify(hash_.encode("ascii"), pin.encode())
        except InvalidkeyError:
            return False
        with self._ledger.transaction():
            self._run("UPDATE technician SET wrong = 0")
        return True

    def _keep(self, hash_: str) -> None:
        with self._ledger.transaction():
            self._run("UPDATE technician SET pin_hash = ?, wrong = 0", hash_)

    def _row(self) -> tuple[str, int, str, int]:
        with our_words():
            row: tuple[str, int, str, int] = self._ledger.database.execute(
                "SELECT pin_hash, wrong, boot, steady_ms FROM technician"
            ).fetchone()
        return row

    def _run(self, statement: str, *values: object) -> None:
        self._ledger.database.execute(statement, values)
