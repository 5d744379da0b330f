"""When an office promised to decide, and how that looks from today."""

from datetime import UTC, date, datetime

import pytest

from sync.central.casework.due_dates import due_day, first_day, urgency, vientiane_day
from sync.records import TimeQuality

NATIONAL_DAY = date(2026, 12, 2)  # a Wednesday
MONDAY_MORNING = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)  # nine o'clock in Vientiane


def test_the_day_is_the_one_in_vientiane() -> None:
    assert vientiane_day(datetime(2026, 11, 22, 16, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert vientiane_day(datetime(2026, 11, 22, 17, 0, tzinfo=UTC)) == date(2026, 11, 23)


def test_a_holiday_moves_the_due_day() -> None:
    quality = TimeQuality.TRUSTED
    without = due_day(MONDAY_MORNING, quality, MONDAY_MORNING, 3)
    with_holiday = due_day(MONDAY_MORNING, quality, MONDAY_MORNING, 3, {NATIONAL_DAY})
    assert (without, with_holiday) == (date(2026, 12, 3), date(2026, 12, 4))


def test_a_service_without_a_promise_has_no_due_day() -> None:
    assert due_day(MONDAY_MORNING, TimeQuality.TRUSTED, MONDAY_MORNING, None) is None


def test_an_application_that_was_long_on_its_road_keeps_the_day_on_its_paper() -> None:
    received = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)
    due = due_day(MONDAY_MORNING, TimeQuality.ESTIMATED, received, 3, {NATIONAL_DAY})
    assert due == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("recorded", "quality"),
    [
        (datetime(2016, 11, 30, tzinfo=UTC), TimeQuality.UNKNOWN),
        (datetime(2036, 11, 30, tzinfo=UTC), TimeQuality.UNKNOWN),
        (datetime(2036, 11, 30, tzinfo=UTC), TimeQuality.TRUSTED),
    ],
)
def test_a_clock_that_cannot_be_right_gives_way_to_the_day_of_receipt(
    recorded: datetime, quality: TimeQuality
) -> None:
    assert first_day(recorded, quality, MONDAY_MORNING) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("today", "days_left", "is_overdue", "is_near"),
    [
        (date(2026, 11, 30), 3, False, False),
        (date(2026, 12, 3), 1, False, True),
        (date(2026, 12, 4), 0, False, True),
        (date(2026, 12, 5), -1, True, False),  # the Saturday after a due Friday is late
        (date(2026, 12, 8), -2, True, False),
    ],
)
def test_urgency_counts_working_days(
    today: date,
    days_left: int,
    *,
    is_overdue: bool,
    is_near: bool,
) -> None:
    seen = urgency(date(2026, 12, 4), today, {NATIONAL_DAY})
    assert seen is not None
    assert (seen.days_left, seen.is_overdue, seen.is_near) == (days_left, is_overdue, is_near)


def test_nothing_promised_is_never_urgent() -> None:
    assert urgency(None, date(2026, 12, 4)) is None
