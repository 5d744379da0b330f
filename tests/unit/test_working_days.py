"""Working days are counted alike at both ends."""

from datetime import date

import pytest

from sync.working_days import due_on, working_days_left

MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)
NATIONAL_DAY = date(2026, 12, 2)


def test_three_working_days_after_a_monday_is_thursday() -> None:
    assert due_on(MONDAY, 3) == date(2026, 11, 26)


def test_the_weekend_does_not_count() -> None:
    assert due_on(FRIDAY, 1) == date(2026, 11, 30)


def test_a_holiday_does_not_count() -> None:
    assert due_on(date(2026, 12, 1), 1, {NATIONAL_DAY}) == date(2026, 12, 3)


def test_a_same_day_service_taken_on_a_sunday_is_due_on_monday() -> None:
    assert due_on(date(2026, 11, 22), 0) == MONDAY


def test_a_service_cannot_take_negative_days() -> None:
    with pytest.raises(ValueError, match="-1"):
        due_on(MONDAY, -1)


def test_days_left_turn_negative_when_the_day_has_passed() -> None:
    assert working_days_left(MONDAY, FRIDAY) == 4
    assert working_days_left(FRIDAY, MONDAY) == -4
    assert working_days_left(MONDAY, MONDAY) == 0
