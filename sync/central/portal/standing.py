"""How far an application is, as anybody may read it who holds its receipt or its reference.

No name, no answer, no word an officer wrote: those open with the paper only. The reason for a
return is a sentence of the service, and is shown to who has the receipt, not to who types a
reference.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from sync.central.casework.dates import day_in_words, hours_in_words, moment_in_words
from sync.central.casework.decisions import WAITING, find_correction
from sync.central.casework.due_dates import urgency
from sync.central.casework.models import Case, Office
from sync.central.casework.service_words import (
    find_descriptor,
    is_sample,
    reader_language,
    reason_in_words,
    service_name,
)
from sync.central.casework.statuses import (
    CITIZEN_HEADINGS,
    CITIZEN_NEXT,
    COMPLAINT_HEADINGS,
    COMPLAINT_NEXT,
    TONES,
)
from sync.central.casework.workflow import step_in_words, took_in
from sync.records import Kind, Status


@dataclass(frozen=True, slots=True)
class Standing:
    """A status and what follows from it."""

    reference: str
    service: str
    office: Office
    heading: str
    tone: str
    next_step: str
    since: str
    due: str
    late: str
    reason: str
    step: str
    bring: str
    hours: str
    sample: bool
    replaced: bool
    holds_receipt: bool


def standing(case: Case, today: date, *, holds_receipt: bool) -> Standing:
    """Where a case stands."""
    status = Status(case.status)
    complains = case.kind == Kind.COMPLAINT.value
    headings, steps = (
        (COMPLAINT_HEADINGS, COMPLAINT_NEXT) if complains else (CITIZEN_HEADINGS, CITIZEN_NEXT)
    )
    waits = status is not Status.ANSWERED if complains else case.status in WAITING
    due = urgency(case.due_on, today, case.office.closed_days) if waits else None
    last = case.events.get(number=case.last_number)
    office = case.office if complains else took_in(case)
    return Standing(
        reference=case.reference,
        service=service_name(case),
        office=office,
        heading=str(headings[status]),
        tone=TONES[case.status] or "wait",
        next_step=str(steps[status]),
        since=moment_in_words(case.changed_at),
        due=day_in_words(due.due) if due else "",
        late=_late(office) if due is not None and due.is_overdue else "",
        reason=reason_in_words(case, last.reason) if holds_receipt and last.reason else "",
        step=step_in_words(case) if waits else "",
        bring=_bring(case) if status is Status.APPROVED else "",
        hours=hours_in_words(office.hours),
        sample=is_sample(case) or office.sample,
        replaced=_is_replaced(case),
        holds_receipt=holds_receipt,
    )


def _is_replaced(case: Case) -> bool:
    """Whether a correction has come and this one was not decided first."""
    still_open = case.status in {*WAITING, Status.RETURNED.value}
    return still_open and find_correction(case) is not None


def _late(office: Office) -> str:
    sentence = _("The promised day has passed. You have the right to ask why.")
    if not office.phone:
        return sentence
    return f"{sentence} " + _("Call %(telephone)s.") % {"telephone": office.phone}


def _bring(case: Case) -> str:
    descriptor = find_descriptor(case)
    if descriptor is None or descriptor.bring is None:
        return ""
    return descriptor.bring.of(reader_language())
