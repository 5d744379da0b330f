"""Where the middle of many numbers lies, and where nearly all: by nearest rank, from their counts.

The database counts how often each number of days or minutes occurs; so a hundred thousand cases
come here as a few dozen rows, and the figure is exact.
"""

from collections.abc import Mapping
from typing import Final

MEDIAN: Final = 50
MOST: Final = 90
NEARLY_ALL: Final = 95


def percentile(counted: Mapping[int, int], percent: int) -> int | None:
    """The smallest number that at least so many percent do not exceed; None of nothing."""
    total = sum(counted.values())
    if not total:
        return None
    rank = -(-percent * total // 100)  # rounded up
    for number in sorted(counted):
        rank -= counted[number]
        if rank <= 0:
            return number
    raise AssertionError
