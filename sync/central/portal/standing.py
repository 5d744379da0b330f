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
from sync.central.casework.delays import delays_of, is_delay
from sync.central.casework.due_dates import urgency
from sync.central.casework.events import deciders_of
from sync.central.casework.models import Case, CaseEvent, Office
from sync.central.casework.service_words import (
    find_descriptor,
    is_sample,
    law_in_words,
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
    first: str  # the first promise, where the office has given another day
    delay: str  # why
    law: str
    deciders: list[str]  # titles
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
        reason=_reason(case, last) if holds_receipt else "",
        law=law_in_words(case, last.legal_basis) if holds_receipt and last.legal_basis else "",
        deciders=list(deciders_of(last)) if holds_receipt else [],
        first=_first(case) if due is not None else "",
        delay=_delay(case) if holds_receipt and due is not None else "",
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


def _reason(case: Case, last: CaseEvent) -> str:
    """Why it came back or was decided so; of a delay it stands beside the promised day."""
    return "" if is_delay(last) or not last.reason else reason_in_words(case, last.reason)


def _first(case: Case) -> str:
    moved = case.promised_on is not None and case.promised_on != case.due_on
    return day_in_words(case.promised_on) if moved and case.promised_on and delays_of(case) else ""


def _delay(case: Case) -> str:
    said = delays_of(case)
    return reason_in_words(case, said[-1].reason) if said else ""


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
