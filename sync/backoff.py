"""How long to leave central alone after a failure: longer each time, and never all at once.

Full jitter: any moment of the growing interval is as likely as another. When the line of a whole
district returns, its kiosks do not all call in the same second.
"""

import random
from collections.abc import Callable


class Backoff:
    """Counts failures in a row.

    Args:
        first_s: the interval after the first failure.
        most_s: the longest interval.
        chance: a number from 0 to 1 for the jitter.
    """

    def __init__(
        self,
        *,
        first_s: float = 1.0,
        most_s: float = 300.0,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._first_s = first_s
        self._most_s = most_s
        self._chance = chance
        self._failures = 0

    def failed(self, *, at_least_s: float = 0.0) -> float:
        """Seconds to wait after one more failure; `at_least_s` is what central asked for."""
        interval_s = min(self._most_s, self._first_s * 2.0 ** min(self._failures, 30))
        self._failures += 1
        return at_least_s + self._chance() * interval_s

    def succeeded(self) -> None:
        """The next failure is the first again."""
        self._failures = 0
