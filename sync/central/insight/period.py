"""The time that figures are about: a month, a quarter or a year of the calendar.

Written as `2026-11`, `2026-Q4` or `2026`. Days are Vientiane's.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from babel.dates import format_skeleton
from django.utils.translation import gettext as _

from sync.central.casework.dates import babel_locale
from sync.central.casework.due_dates import VIENTIANE

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2199
_WRITTEN = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", re.ASCII)
_MONTHS_OF_YEAR = 12
_MONTHS_OF_QUARTER = 3


class Span(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS: Final = {Span.MONTH: 1, Span.QUARTER: _MONTHS_OF_QUARTER, Span.YEAR: _MONTHS_OF_YEAR}


@dataclass(frozen=True, slots=True)
class Period:
    """One of them, by its first day."""

    span: Span
    first: date

    def __str__(self) -> str:
        if self.span is Span.YEAR:
            return f"{self.first.year:04}"
        if self.span is Span.QUARTER:
            return f"{self.first.year:04}-Q{self._quarter}"
        return f"{self.first.year:04}-{self.first.month:02}"

    @property
    def _quarter(self) -> int:
        return (self.first.month - 1) // _MONTHS_OF_QUARTER + 1

    @property
    def after(self) -> date:
        """The first day that does not belong to it."""
        return _months_later(self.first, MONTHS[self.span])

    @property
    def last(self) -> date:
        """Its last day."""
        return self.after - timedelta(days=1)

    @property
    def begins_at(self) -> datetime:
        """The moment it begins."""
        return datetime.combine(self.first, time(), VIENTIANE)

    @property
    def ends_at(self) -> datetime:
        """The moment at which it is over."""
        return datetime.combine(self.after, time(), VIENTIANE)

    def is_over(self, today: date) -> bool:
        """Whether nothing can happen in it any more."""
        return self.after <= today

    def previous(self) -> "Period":
        """The one before it."""
        return Period(self.span, _months_later(self.first, -MONTHS[self.span]))

    def next(self) -> "Period":
        """The one after it."""
        return Period(self.span, self.after)

    def in_words(self) -> str:
        """Such as November 2026; in the reader's language."""
        if self.span is Span.YEAR:
            return _("Year %(year)s") % {"year": self.first.year}
        if self.span is Span.QUARTER:
            return _("Quarter %(quarter)s of %(year)s") % {
                "quarter": self._quarter,
                "year": self.first.year,
            }
        return str(format_skeleton("yMMMM", self.first, locale=babel_locale()))


def around(span: Span, day: date) -> Period:
    """The period of that length in which a day lies."""
    months = MONTHS[span]
    return Period(span, date(day.year, (day.month - 1) // months * months + 1, 1))


def last_closed(span: Span, today: date) -> Period:
    """The newest that is over."""
    return around(span, today).previous()


def find(written: str) -> Period | None:
    """The period that is written so; None where it is none."""
    match = _WRITTEN.fullmatch(written)
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        return None
    year = int(match[1])
    if match[2]:
        return Period(Span.QUARTER, date(year, (int(match[2]) - 1) * _MONTHS_OF_QUARTER + 1, 1))
    if match[3]:
        return Period(Span.MONTH, date(year, int(match[3]), 1))
    return Period(Span.YEAR, date(year, 1, 1))


def _months_later(day: date, months: int) -> date:
    total = day.year * _MONTHS_OF_YEAR + day.month - 1 + months
    return date(total // _MONTHS_OF_YEAR, total % _MONTHS_OF_YEAR + 1, 1)
