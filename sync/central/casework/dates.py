"""Days and moments in words, in the reader's language and in Vientiane's time (CLDR by Babel)."""

from datetime import date, datetime

from babel.dates import format_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sync.central.casework.due_dates import VIENTIANE, Urgency
from sync.records import TimeQuality


def day_in_words(day: date) -> str:
    """A day, such as 23 November 2026."""
    return format_date(day, "long", locale=get_language() or "lo")


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
