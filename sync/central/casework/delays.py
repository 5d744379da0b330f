"""Being late: it needs a reason, and the citizen learns the reason and the new day.

Whoever acts on a case past its day says why it is late: with a new day, or together with what she
does. The reason is one of the service's. The first promise is kept beside the new one
(`Case.promised_on`): whether an answer came in time is measured by that.
"""

from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from kiosk.forms.descriptor import ANY_DELAY, Reason
from sync.central.casework.due_dates import vientiane_day
from sync.central.casework.models import Case, CaseEvent
from sync.central.casework.service_words import find_descriptor
from sync.records import Status
from sync.working_days import due_on, is_working_day, working_days_left

DELAY_DAYS_MAX: Final = 60  # working days from today: about three months


def delay_reasons(case: Case) -> tuple[Reason, ...]:
    """What may be the reason; there is always one."""
    descriptor = find_descriptor(case)
    return descriptor.delay_reasons() if descriptor else (ANY_DELAY,)


def is_delay(event: CaseEvent) -> bool:
    """Whether the event says that it takes longer: whoever only takes up gives no reason."""
    return event.status == Status.TAKEN_UP.value and bool(event.reason)


def delays_of(case: Case) -> list[CaseEvent]:
    """Every delay of a case, the first first."""
    events = case.events.filter(status=Status.TAKEN_UP.value).exclude(reason="")
    return list(events.order_by("number"))


def needs_reason(case: Case, today: date) -> bool:
    """Whether a day has passed and nobody has said why since then."""
    passed = [day for day in (case.step_due_on, case.due_on) if day is not None and day < today]
    if not passed:
        return False
    said = delays_of(case)
    return not said or vientiane_day(said[-1].at) <= max(passed)


def needs_new_day(case: Case, today: date) -> bool:
    """Whether the day that the citizen was promised is past: who hands it over gives another."""
    return case.due_on is not None and case.due_on < today


def wrong_reason(case: Case, reason: str) -> str:
    """What is wrong with a reason for a delay, as a sentence; empty where nothing is."""
    if reason in {known.id for known in delay_reasons(case)}:
        return ""
    return _("It is late: choose the reason for the delay.")


def wrong_day(case: Case, day: date | None, today: date) -> str:
    """What is wrong with a new day, as a sentence; empty where nothing is."""
    holidays = case.office.closed_days
    if day is None or day <= today or not is_working_day(day, holidays):
        return _("Give a working day after today.")
    if case.due_on is not None and day <= case.due_on:
        return _("Give a later day than the promised one.")
    if day > due_on(today, DELAY_DAYS_MAX, holidays):
        return _("Give a day within %(count)s working days.") % {"count": DELAY_DAYS_MAX}
    return ""


def moved_step(case: Case, day: date, now: datetime) -> date | None:
    """Until when the present step has time when the whole has time until that day."""
    holidays = case.office.closed_days
    if case.step_due_on is None or case.due_on is None or case.step_due_on == case.due_on:
        return day
    more = working_days_left(case.due_on, day, holidays)
    moved = due_on(case.step_due_on, max(more, 0), holidays)
    return min(max(moved, vientiane_day(now)), day)
