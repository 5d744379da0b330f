"""An officer reads dates and numbers as her language writes them, with every digit given."""

from datetime import date

import pytest
from django.utils import translation

from sync.central.casework.form_formats import FormFormats


@pytest.mark.parametrize(
    ("language", "day", "month", "number"),
    [
        ("en", "12 May 1990", "May 1990", "1,234,567.0625"),
        ("lo", "12 ພຶດສະພາ 1990", "ພຶດສະພາ 1990", "1.234.567,0625"),
    ],
)
def test_days_and_numbers_are_those_of_the_reader(
    language: str, day: str, month: str, number: str
) -> None:
    formats = FormFormats()
    with translation.override(language):
        assert formats.date(date(1990, 5, 12)) == day
        assert formats.partial_date("1990-05-12") == day
        assert formats.partial_date("1990-05") == month
        assert formats.partial_date("1990") == "1990"
        assert formats.number("1234567.0625") == number
