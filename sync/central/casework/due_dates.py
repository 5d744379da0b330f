"""Due dates: until when an office promised to decide, and how long that still is.

The kiosk prints the promise on the receipt and counts it from the day the application was
recorded. Central counts from the same day, so that the officer's list shows the day on the paper
even when the application arrives a month later; only a clock that cannot be right is replaced by
the day central received it. Pure: days and holidays are passed in.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from sync.records import TimeQuality
from sync.working_days import due_on, working_days_left

VIENTIANE = timezone(timedelta(hours=7), "Asia/Vientiane")  # no daylight saving since 1920 (tzdata)
NEAR_DAYS = 1  # a case due today or on the next working day is marked


@dataclass(frozen=True, slots=True)
class Urgency:
    """How a due date looks from today."""

    due: date
    days_left: int  # working days; negative when late

    @property
    def is_overdue(self) -> bool:
        """The promised day has passed."""
        return self.days_left < 0

    @property
    def is_near(self) -> bool:
        """Due today or on the next working day."""
        return 0 <= self.days_left <= NEAR_DAYS


def vientiane_day(at: datetime) -> date:
    """The calendar day in Vientiane at a moment."""
    return at.astimezone(VIENTIANE).date()


def is_doubtful(recorded: datetime, quality: TimeQuality, received: datetime) -> bool:
    """Whether the kiosk's clock cannot have been right: the day on the paper may be another."""
    return quality is TimeQuality.UNKNOWN or recorded > received


def first_day(recorded: datetime, quality: TimeQuality, received: datetime) -> date:
    """The day from which working days are counted."""
    if is_doubtful(recorded, quality, received):
        return vientiane_day(received)
    return vientiane_day(recorded)


def due_day(
    recorded: datetime,
    quality: TimeQuality,
    received: datetime,
    working_days: int | None,
    holidays: Collection[date] = (),
) -> date | None:
    """The last day of the promise; None where the service promises none."""
    if working_days is None:
        return None
    return due_on(first_day(recorded, quality, received), working_days, holidays)


def urgency(due: date | None, today: date, holidays: Collection[date] = ()) -> Urgency | None:
    """How urgent a case is; None where nothing was promised."""
    if due is None:
        return None
    days = working_days_left(today, due, holidays)
    if today > due and days == 0:
        days = -1  # the weekend after a due Friday is late too
    return Urgency(due, days)
