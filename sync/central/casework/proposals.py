"""A decision that waits for its second signatory, where the service's step asks for two.

Proposing is an event of the case: it is in the chain of its record, and two officers at once are
told apart as with every act. The kiosks learn nothing of what was proposed, only that an officer
works on it. Where an office has one officer only, one of the office that it reports to is second.
"""

from datetime import datetime
from typing import Final

from django.db.models import Count, Exists, F, OuterRef, Q

from sync.central.casework.events import Step, append
from sync.central.casework.models import Case, CaseEvent, Office, Officer, Proposal
from sync.central.casework.workflow import find_step
from sync.records import Status

TWO: Final = 2


def takes_two(case: Case) -> bool:
    """Whether the step that the case is at is decided by two officers."""
    step = find_step(case)
    return step is not None and step.signatories == TWO


def open_proposal(case: Case) -> Proposal | None:
    """What waits for a second officer; one of an older version of the case counts no more."""
    waiting = case.proposals.filter(ended_at=None, number=case.last_number)
    return waiting.select_related("proposed_by__user").first()


def waits_for_second() -> Exists:
    """The same for a list of cases."""
    open_ones = Proposal.objects.filter(case=OuterRef("pk"), ended_at=None)
    return Exists(open_ones.annotate(last=F("case__last_number")).filter(number=F("last")))


def lent(officer: Officer) -> Q:
    """The cases of an office too small to sign twice, that wait for her office to do so."""
    signs_in = Count("officers", filter=Q(officers__user__is_active=True))
    below = Office.objects.filter(complaints_to=officer.office_id).annotate(signs_in=signs_in)
    waiting = Proposal.objects.filter(ended_at=None, number=F("case__last_number"))
    return Q(office__in=below.filter(signs_in__lt=TWO), pk__in=waiting.values("case"))


def lent_by(case: Case) -> Office | None:
    """The office above whose officer signs second, where the case's own has nobody else."""
    officers = Officer.objects.filter(office=case.office_id, user__is_active=True)
    return case.office.complaints_to if officers.count() < TWO else None


def may_sign(case: Case, officer: Officer) -> bool:
    """Whether a second signature may be hers: of the case's office, or lent to it."""
    if officer.office_id == case.office_id:
        return True
    return Case.objects.filter(lent(officer), pk=case.pk).exists()


def propose(case: Case, officer: Officer, step: Step, seen_number: int, now: datetime) -> CaseEvent:
    """Write down what the first officer decides; nothing happens to the case yet.

    Raises:
        SomebodyElseActed: the case has a later event.
    """
    case.proposals.filter(ended_at=None).update(ended_at=now)  # of an older version of the case
    noted = Step(Status.TAKEN_UP, officer, now, note=f"proposed-{step.status.value}")
    event = append(case, noted, seen_number)
    Proposal.objects.create(
        case=case,
        number=event.number,
        status=step.status.value,
        reason=step.reason,
        legal_basis=step.legal_basis,
        words=step.words,
        proposed_by=officer,
    )
    return event
