"""The second signature: another officer confirms what the first decided, or not.

Only with it the decision happens, in both names; the first officer is the one who decided, the
second the one who signed too. Withdrawn, the case is the first officer's again.
"""

from datetime import datetime

from django.db import transaction

from sync.central.casework import delays, two_people
from sync.central.casework.decisions import find_correction
from sync.central.casework.due_dates import vientiane_day
from sync.central.casework.events import Incomplete, NotPossibleNow, Step, append
from sync.central.casework.models import Case, CaseEvent, Officer
from sync.central.casework.proposals import may_sign, open_proposal
from sync.central.casework.two_people import NotNow, SamePerson
from sync.records import Status

__all__ = ["NotNow", "SamePerson", "confirm", "withdraw"]
WITHDRAWN = "withdrawn"


@transaction.atomic
def confirm(
    case: Case, officer: Officer, seen_number: int, now: datetime, delay_reason: str = ""
) -> CaseEvent:
    """Do what the first officer proposed, in both names.

    Raises:
        SamePerson: she proposed it herself.
        NotNow: it was withdrawn, or done.
        NotPossibleNow: it is not for her to sign, or a correction has come.
        Incomplete: it has become late, and nobody says why.
        SomebodyElseActed: the case has a later event.
    """
    proposal = open_proposal(case)
    if proposal is None or proposal.number != seen_number:
        raise NotNow("There is nothing to confirm.")
    if not may_sign(case, officer) or find_correction(case) is not None:
        raise NotPossibleNow(f"Case {case.reference} cannot be decided here now.")
    two_people.confirmed(proposal, officer, now)
    first = proposal.proposed_by
    if delays.needs_reason(case, vientiane_day(now)):
        if wrong := delays.wrong_reason(case, delay_reason):
            raise Incomplete(wrong)
        late = Step(Status.TAKEN_UP, officer, now, reason=delay_reason, assigned_to=first)
        seen_number = append(case, late, seen_number).number
    words = None if proposal.words is None else bytes(proposal.words)
    step = Step(
        status=Status(proposal.status),
        officer=first,
        at=now,
        reason=proposal.reason,
        legal_basis=proposal.legal_basis,
        words=words,
        second=officer,
    )
    return append(case, step, seen_number)


@transaction.atomic
def withdraw(case: Case, officer: Officer, seen_number: int, now: datetime) -> CaseEvent:
    """Take it back; the case is the first officer's again. Raises as above."""
    proposal = open_proposal(case)
    if proposal is None or proposal.number != seen_number:
        raise NotNow("There is nothing to withdraw.")
    if officer.office_id != case.office_id:
        raise NotPossibleNow(f"Case {case.reference} is another office's.")
    two_people.withdrawn(proposal, officer, now)
    step = Step(Status.TAKEN_UP, officer, now, note=WITHDRAWN, assigned_to=proposal.proposed_by)
    return append(case, step, seen_number)
