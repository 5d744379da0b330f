"""Which name an author most likely meant, looked for no longer than is worth it.

Comparing one wrong name with two thousand right ones takes a tenth of a second, and a workbook may
hold two thousand wrong ones. Among many, only those are compared that begin alike and are about as
long: a slip changes a letter or two.
"""

from collections.abc import Collection
from difflib import get_close_matches

ALL_COMPARED_MAX = 200
LETTERS_DIFFERENT_MAX = 2
COMPARED_MAX = 50


def nearest(name: str, known: Collection[str]) -> str | None:
    """The known name that is most like this one; None where none is like it."""
    compared = list(known)
    if len(compared) > ALL_COMPARED_MAX:
        compared = [
            other
            for other in compared
            if other[:1] == name[:1] and abs(len(other) - len(name)) <= LETTERS_DIFFERENT_MAX
        ][:COMPARED_MAX]
    return next(iter(get_close_matches(name, compared, 1)), None)
