"""A figure as a page shows it: a number and of how many, or why there is none.

What is missing is drawn as missing, never as 0.
"""

from dataclasses import dataclass

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sync.central.casework.dates import babel_locale
from sync.central.voice.counts import LEAST

MINUTES_OF_HOUR = 60
MINUTES_OF_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Figure:
    """Either words, or why there are none."""

    words: str = ""
    of: str = ""  # how many cases or answers it stands for
    why: str = ""
    value: int | None = None

    @property
    def is_missing(self) -> bool:
        """Whether there is none."""
        return not self.words


def share(count: int, of: int, *, is_hidden: bool = False) -> Figure:
    """So many of so many, in whole percent."""
    if is_hidden:
        return too_few()
    if not of:
        return none_yet()
    percent = round(100 * count / of)
    return Figure(f"{percent} %", decimal(of), value=percent)


def number(count: int, *, is_hidden: bool = False) -> Figure:
    """A count; 0 is a count."""
    return too_few() if is_hidden else Figure(decimal(count), value=count)


def days(count: int | None) -> Figure:
    """A number of days."""
    if count is None:
        return none_yet()
    words = ngettext("%(n)s day", "%(n)s days", count) % {"n": decimal(count)}
    return Figure(words, value=count)


def duration(minutes: int | None) -> Figure:
    """A time on the road, as short as it can be said."""
    if minutes is None:
        return none_yet()
    if minutes >= 2 * MINUTES_OF_DAY:
        return days(round(minutes / MINUTES_OF_DAY))
    if minutes >= 2 * MINUTES_OF_HOUR:
        hours = round(minutes / MINUTES_OF_HOUR)
        words = ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    else:
        words = ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    return Figure(words, value=minutes)


def too_few() -> Figure:
    """Kept back: so that nobody can tell who stands behind it."""
    return Figure(why=_("kept back: under %(least)s here or beside it") % {"least": LEAST})


def none_yet() -> Figure:
    """Nothing of the kind has happened."""
    return Figure(why=_("none in this time"))


def not_told() -> Figure:
    """The kiosk's program does not say."""
    return Figure(why=_("the kiosk does not say"))


def decimal(count: int) -> str:
    """A count as the reader's language writes it."""
    return str(format_decimal(count, locale=babel_locale()))
