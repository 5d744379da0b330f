"""The ladder that a late case climbs by itself, until somebody answers for it.

A step past its day comes before the supervisor of the office that has it; after some working days
before the office that one reports to; then before the nation's. Which office reports to which is
the way that complaints go; an office without one reports to where the application was handed in.
Pure: days and offices are passed in.
"""

from collections.abc import Collection, Mapping
from datetime import date
from enum import IntEnum
from typing import Final

from sync.central.casework.due_dates import urgency


class Level(IntEnum):
    """Before whom a late case was brought."""

    OFFICE = 1  # the supervisor of the office that has it
    ABOVE = 2  # the office that it reports to
    NATION = 3


RUNGS: Final = {Level.OFFICE: 1, Level.ABOVE: 3, Level.NATION: 7}  # working days late, and more


def days_late(due: date | None, today: date, holidays: Collection[date] = ()) -> int:
    """Working days past the due day, at least 1 when it is past; 0 in time."""
    how = urgency(due, today, holidays)
    return 0 if how is None or not how.is_overdue else -how.days_left


def levels(late: int) -> tuple[Level, ...]:
    """The rungs that a case so many working days late has reached."""
    return tuple(level for level, days in RUNGS.items() if late >= days)


def office_at(level: Level, office: str, front: str, above: Mapping[str, str | None]) -> str:
    """The office whose supervisors it is brought before.

    Args:
        level: the rung.
        office: that has the case.
        front: where it was handed in.
        above: the office that each one reports to, None at the top.
    """
    way = _way_up(office, front, above)
    if level is Level.NATION:
        return way[-1]
    return way[min(level - 1, len(way) - 1)]


def _way_up(office: str, front: str, above: Mapping[str, str | None]) -> list[str]:
    way = [office]
    while (following := above.get(way[-1]) or _aside(way[-1], front, above)) not in {None, *way}:
        way.append(str(following))
    return way


def _aside(office: str, front: str, above: Mapping[str, str | None]) -> str | None:
    """An office of a step, that reports to none and to which none reports, has the front's way."""
    return None if office == front or office in above.values() else front
