"""How many bytes of documents may go: by day and by hour of the day, as the technician has set it.

Applications and news are a few hundred bytes each and go at any time. Photographs are what a data
plan is spent on: so they have a budget for the day, and hours in which they may take more, less or
nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.sentence import Sentence

HOURS = 24
OVER_BUDGET = "over budget"  # a relay's reason for not passing a document on
MEGABYTE = 1_000_000  # as data plans count
_PART = re.compile(r"\s*(\d{1,2})\s*(?:-\s*(\d{1,2})\s*)?:\s*(\d{1,5})\s*")


class BadHours(ValueError):
    """The hours cannot be read; the words say how they are written."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent on documents."""

    day_bytes: int | None = None  # None: as much as there is
    hour_bytes: Mapping[int, int] = field(default_factory=dict)  # by hour of the day; else free

    @property
    def is_free(self) -> bool:
        """Whether nothing is limited."""
        return self.day_bytes is None and not self.hour_bytes


FREE = Budget()


def hours_of(text: str) -> dict[int, int]:
    """Bytes by hour of the day, from words such as "7-17: 0, 18: 5": megabytes in each hour.

    Raises:
        BadHours: it is written otherwise.
    """
    hours: dict[int, int] = {}
    for part in filter(str.strip, text.split(",")):
        match = _PART.fullmatch(part)
        first = int(match[1]) if match else HOURS
        last = int(match[2] or first) if match else HOURS
        if match is None or not first <= last < HOURS:
            raise BadHours(
                Sentence(
                    'hours are written "7-17: 0, 18-21: 5" (MB in each), not %(typed)s',
                    typed=repr(part),
                )
            )
        hours |= dict.fromkeys(range(first, last + 1), int(match[3]) * MEGABYTE)
    return hours
