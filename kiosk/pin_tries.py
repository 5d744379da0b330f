"""Trying a PIN: counted before it is judged, and ever slower.

Each try is on the disk before it is looked at: pulling the plug buys nobody another one. After a
few wrong ones each further try must wait, at last an hour. The wait is measured on the clock that
only goes forward, so that no wrong date shortens or lengthens it; when the machine is started
again, it begins anew.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sync import pin as pins
from sync.clock import Steady
from sync.ledger import Ledger

FREE_TRIES = 3  # a slip of the finger costs nothing
WAIT_S_FIRST, WAIT_S_MAX = 30, 3600  # doubled with each wrong try; the tenth comes to an hour


@dataclass(frozen=True, slots=True)
class Tries:
    """How often a PIN was wrong since it was last right, and when that was."""

    wrong: int = 0
    boot: str = ""  # of the last try: the start of the machine ...
    steady_ms: int = 0  # ... and the moment after it

    def and_one_more(self, now: Steady) -> "Tries":
        """These and the one that is made now."""
        return Tries(self.wrong + 1, now.boot, now.at_ms)

    def wait_s(self, now: Steady) -> int:
        """How many seconds nobody may try; 0 when one may."""
        if self.wrong < FREE_TRIES:
            return 0
        doubled = min(self.wrong - FREE_TRIES, 30)
        wait_s = min(WAIT_S_FIRST << doubled, WAIT_S_MAX)
        began_ms = self.steady_ms if now.boot == self.boot != "" else 0  # else since the start
        return max(0, wait_s - max(0, now.at_ms - began_ms) // 1000)


def try_pin(
    ledger: Ledger, pin: str, hash_: str, tries: Tries, note: Callable[[Tries], None]
) -> bool:
    """Whether it is this one; `note` writes down how often it was wrong, inside a transaction."""
    with ledger.transaction():
        note(tries)
    if not pins.is_it(pin, hash_):
        return False
    with ledger.transaction():
        note(Tries())
    return True
