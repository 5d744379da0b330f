"""What an officer does with a complaint: assign, transfer without refiling, answer in words.

The states are those of Open311 with assigned, transferred, answered and reopened beside them. A
complaint keeps its reference wherever it goes, and never goes to the office that it is about.
"""

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet

from sync.central.casework.due_dates import vientiane_day
from sync.central.casework.events import NotPossibleNow, SomebodyElseActed, Step, append
from sync.central.casework.models import Case, CaseEvent, Office, Officer
from sync.central.casework.sealed import secret_of
from sync.central.voice.access import complaints_of
from sync.central.voice.complaints import desks
from sync.envelope import seal_words
from sync.records import Status


class Deed(StrEnum):
    """What can be done."""

    ASSIGN = "assign"
    ANSWER = "answer"
    TRANSFER = "transfer"


def possible(case: Case, officer: Officer) -> tuple[Deed, ...]:
    """What this officer can do with it now, the most likely first."""
    if case.status == Status.ANSWERED.value or not complaints_of(officer).filter(pk=case.pk):
        return ()
    if case.taken_up_by_id == officer.pk:
        return (Deed.ANSWER, Deed.ASSIGN, Deed.TRANSFER)
    return (Deed.ASSIGN, Deed.TRANSFER)


def colleagues(officer: Officer) -> QuerySet[Officer]:
    """Who can look into a complaint of this office, herself among them."""
    hers = Officer.objects.filter(
        office=officer.office, handles_complaints=True, user__is_active=True
    )
    return hers.select_related("user").order_by("user__first_name", "pk")


def other_desks(case: Case) -> QuerySet[Office]:
    """Where it may go: any office that takes complaints, but never the one it is about."""
    others = desks().exclude(pk=case.office_id)
    accused = case.complaint.accused_id
    return others if accused is None else others.exclude(pk=accused)


def assign(case: Case, officer: Officer, to: Officer, seen: int, now: datetime) -> CaseEvent:
    """Say who looks into it; raises SomebodyElseActed or NotPossibleNow."""
    if to not in colleagues(officer):
        raise NotPossibleNow("She does not look into complaints here.")
    step = Step(Status.ASSIGNED, officer, now, assigned_to=to)
    return _once(case, officer, Deed.ASSIGN, step, seen)


def transfer(case: Case, officer: Officer, to: Office, seen: int, now: datetime) -> CaseEvent:
    """Pass it on as it is; raises SomebodyElseActed or NotPossibleNow."""
    if to not in other_desks(case):
        raise NotPossibleNow("A complaint cannot go to that office.")
    step = Step(Status.TRANSFERRED, officer, now, office=to)
    return _once(case, officer, Deed.TRANSFER, step, seen)


@transaction.atomic
def answer(case: Case, officer: Officer, words: str, seen: int, now: datetime) -> CaseEvent:
    """Answer in words that only her paper opens.

    Raises:
        SomebodyElseActed: it changed since the officer saw it.
        NotPossibleNow: it is answered, or another's.
        CannotOpen: the secret, to which the words are sealed, cannot be opened.
    """
    sealed = seal_words(secret_of(case), words)
    step = Step(Status.ANSWERED, officer, now, words=sealed)
    event = _once(case, officer, Deed.ANSWER, step, seen)
    complaint = case.complaint
    if complaint.answered_on is None:
        complaint.answered_on = vientiane_day(now)
        complaint.on_time = case.due_on is None or complaint.answered_on <= case.due_on
        complaint.save(update_fields=["answered_on", "on_time"])
    return event


def _once(case: Case, officer: Officer, deed: Deed, step: Step, seen: int) -> CaseEvent:
    """The same deed sent twice by the same officer is the same event."""
    done = case.events.filter(number=seen + 1).first()
    if done is not None:
        if done.officer_id == officer.pk and done.status == step.status.value:
            return done
        raise SomebodyElseActed(f"Complaint {case.reference} has changed since it was shown.")
    if deed not in possible(case, officer):
        raise NotPossibleNow(f"{deed} does not fit complaint {case.reference} now.")
    return append(case, step, seen)
