"""Days and moments in words, in the reader's language and in Vientiane's time (CLDR by Babel)."""

import re
from datetime import date, datetime

from babel.dates import format_date, get_day_names
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sync.central.casework.due_dates import VIENTIANE, Urgency
from sync.records import TimeQuality

BABEL_LOCALES = {"lo": "lo", "en": "en_GB"}  # day, month, year: the order of Laos in both
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")  # OpenStreetMap's opening_hours
_WEEKDAY = re.compile(rf"\b({'|'.join(WEEKDAYS)})\b")


def babel_locale() -> str:
    """Babel's name for the reader's language."""
    return BABEL_LOCALES[get_language() or "lo"]


def day_in_words(day: date) -> str:
    """A day, such as 23 November 2026."""
    return format_date(day, "long", locale=babel_locale())


def moment_in_words(at: datetime, quality: TimeQuality = TimeQuality.TRUSTED) -> str:
    """A day and time; a doubtful clock is said to be one."""
    local = at.astimezone(VIENTIANE)
    words = f"{day_in_words(local.date())}, {local:%H:%M}"
    if quality is TimeQuality.UNKNOWN:
        return _("about %(time)s (the kiosk's clock may be wrong)") % {"time": words}
    return words


def time_left(urgency: Urgency) -> str:
    """How long a due date still is, or how long ago it was."""
    days = urgency.days_left
    if days < -1:
        return _("Late by %(days)s working days") % {"days": -days}
    if days == -1:
        return _("Late by 1 working day")
    if days == 0:
        return _("Due today")
    if days == 1:
        return _("1 working day left")
    return _("%(days)s working days left") % {"days": days}


def hours_in_words(hours: str) -> str:
    """Opening hours such as `Mo-Fr 08:00-12:00,13:00-16:00` with the days' names."""
    names = get_day_names("abbreviated", locale=babel_locale())
    named = _WEEKDAY.sub(lambda day: str(names[WEEKDAYS.index(day[1])]), hours)
    return named.replace("-", "–").replace(",", ", ")
