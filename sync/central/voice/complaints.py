"""A complaint that has just been stored: a case at an office that is not the one complained about.

Whom it is about is read from what was sealed: the office of the application whose reference it
names, or the office that was chosen. It goes to whoever looks into complaints about that office,
and never to the office itself; where nobody else can take it, it is set aside for a person.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from kiosk.forms.voice import ABOUT_REFERENCE, CATEGORY, OFFICE, OTHER, SERVICE, answer_in
from sync.central.casework.events import begin
from sync.central.casework.intake import case_of
from sync.central.casework.models import Case, Office, Officer
from sync.central.intake.models import StoredEnvelope
from sync.central.voice.intake import opened
from sync.central.voice.models import Complaint
from sync.records import Kind
from sync.reference import Reference, parse

_CODE = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}", re.ASCII)
_SERVICE = re.compile(r"[a-z0-9][a-z0-9.-]{0,119}", re.ASCII)


class NobodyElse(Exception):
    """No office but the one complained about could look into it."""


@dataclass(frozen=True, slots=True)
class About:
    """Whom and what a complaint is about."""

    office: Office | None
    service: str
    reference: str
    category: str


def receive(stored: Sequence[StoredEnvelope]) -> None:
    """Open a case for each complaint, away from the office it is about."""
    told = [(case_of(envelope), about(envelope), envelope.office) for envelope in stored]
    for case, its, lodged_at in told:
        case.kind = Kind.COMPLAINT.value
        case.heard_at = lodged_at.pk
        case.office = desk_for(its.office, lodged_at)
    begin([case for case, _its, _lodged_at in told])
    Complaint.objects.bulk_create(
        Complaint(
            case=case,
            accused=its.office,
            about=its.reference,
            service=its.service,
            category=its.category,
        )
        for case, its, _lodged_at in told
    )


def about(stored: StoredEnvelope) -> About:
    """Whom a complaint is about, as it says itself."""
    record = opened(stored)
    parsed = parse(answer_in(record, ABOUT_REFERENCE))
    reference = str(parsed) if isinstance(parsed, Reference) else ""
    category = answer_in(record, CATEGORY)
    category = category if _CODE.fullmatch(category) else OTHER
    named = Case.objects.filter(reference=reference).select_related("office") if reference else None
    case = named.order_by("-received_at").first() if named is not None else None
    if case is not None:
        return About(case.office, case.service, reference, category)
    office = Office.objects.filter(pk=answer_in(record, OFFICE)).first()
    if office is None and reference:
        office = stored.office  # not heard of yet: most likely handed in where she stands
    service = answer_in(record, SERVICE)
    return About(office, service if _SERVICE.fullmatch(service) else "", reference, category)


def desk_for(accused: Office | None, lodged_at: Office) -> Office:
    """Which office looks into it: never the one it is about.

    The nearest above it that has somebody to do so; else any other that has. An office without
    anybody is still better than the office itself: somebody can be named later.

    Raises:
        NobodyElse: there is no other office.
    """
    start = accused or lodged_at
    working = desks().exclude(pk=start.pk)
    seen = {start.pk}
    above = start.complaints_to
    while above is not None and above.pk not in seen:
        if working.filter(pk=above.pk).exists():
            return above
        seen.add(above.pk)
        above = above.complaints_to
    nation = working.filter(complaints_to=None).first() or working.first()
    found = nation or start.complaints_to
    if found is None or found.pk == start.pk:
        raise NobodyElse("No office but the one complained about takes complaints.")
    return found


def desks() -> QuerySet[Office]:
    """The offices that have somebody to look into complaints."""
    handling = Officer.objects.filter(handles_complaints=True).values("office")
    return Office.objects.filter(pk__in=handling).order_by("pk")
