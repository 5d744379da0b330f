"""Working days: the kiosk prints a promise and central keeps the same one.

Both ends count with this function and with the same holidays (they come with the office), so that
the day on the paper is the day on the officer's list.
"""

from collections.abc import Collection
from datetime import date, timedelta

SATURDAY = 5  # date.weekday(); the working week is Monday to Friday


def is_working_day(day: date, holidays: Collection[date] = ()) -> bool:
    """Whether offices are open on that day."""
    return day.weekday() < SATURDAY and day not in holidays


def due_on(received: date, working_days: int, holidays: Collection[date] = ()) -> date:
    """The last of so many working days after the day of receipt, which does not count itself.

    Zero days means: the same day, or the first working day after it.

    Raises:
        ValueError: a negative number of days.
    """
    if working_days < 0:
        raise ValueError(f"A service cannot take {working_days} working days.")
    day = received
    while not is_working_day(day, holidays) and working_days == 0:
        day += timedelta(days=1)
    left = working_days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, holidays)
    return day


def working_days_left(today: date, due: date, holidays: Collection[date] = ()) -> int:
    """Working days from today to the due day; negative when it has passed."""
    first, last, sign = (today, due, 1) if today <= due else (due, today, -1)
    span = (first + timedelta(days=step) for step in range(1, (last - first).days + 1))
    return sign * sum(is_working_day(day, holidays) for day in span)
