"""Who may see what was set aside, and act on it.

A supervisor of the office whose kiosk sent it; and, in the offices that stand above that one, the
supervisors and whoever looks into complaints: so a second person can always be found. What
complains, or replies to an answer, may be about the very office that took it in: that is seen from
above only.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from kiosk.forms.descriptor import ServiceKind
from sync.central.casework.models import Office, Officer
from sync.central.catalogue import shelf
from sync.central.intake.models import SetAside
from sync.errors import BadRecord
from sync.records import Header, Kind, LostNote


def may_come_in(officer: Officer) -> bool:
    """Whether there may be anything to see for her."""
    return officer.is_supervisor or officer.handles_complaints


def offices_of(officer: Officer) -> set[str]:
    """The offices whose kiosks are her concern.

    Raises:
        PermissionDenied: she is neither a supervisor nor there for complaints.
    """
    if not may_come_in(officer):
        raise PermissionDenied
    offices = set(offices_below(officer.office))
    return offices | {officer.office_id} if officer.is_supervisor else offices


def seen_by(officer: Officer) -> QuerySet[SetAside]:
    """What was set aside and is her concern; of complaints see `is_hers`. Raises as above."""
    kept = SetAside.objects.filter(device__office__in=offices_of(officer))
    return kept.select_related("device__office").exclude(reason=SetAside.Reason.REPLACED)


def one_of(officer: Officer, number: int) -> SetAside:
    """One of them; another does not exist for her."""
    envelope = get_object_or_404(seen_by(officer), pk=number)
    if not is_hers(officer, envelope):
        raise PermissionDenied
    return envelope


def is_hers(officer: Officer, envelope: SetAside) -> bool:
    """Whether she may see it, now that it is known what kind it is."""
    if not complains(envelope):
        return True
    return officer.handles_complaints and envelope.device.office_id != officer.office_id


def offices_below(office: Office) -> list[str]:
    """The offices that have this one above them, where complaints about them go."""
    above = dict(Office.objects.values_list("pk", "complaints_to"))
    is_top = above.get(office.pk) is None and office.pk in above.values()
    return [name for name in above if name != office.pk and _leads(above, name, office.pk, is_top)]


def find_header(envelope: SetAside) -> Header | None:
    """Its header; None where it cannot be read."""
    try:
        return Header.from_bytes(bytes(envelope.header))
    except BadRecord:
        return None


def reference_of(envelope: SetAside) -> str:
    """Its reference, also of one that the kiosk's disk has lost; empty where none is known."""
    header = find_header(envelope)
    if header is not None:
        return header.reference
    lost = LostNote.find(bytes(envelope.header))
    return lost.reference if lost else ""


def complains(envelope: SetAside) -> bool:
    """Whether it complains, or replies to an answer; an older kiosk says so by its service."""
    header = find_header(envelope)
    if header is None or header.kind in (Kind.FEEDBACK, Kind.JOURNEY):
        return False
    if header.kind is not Kind.APPLICATION:
        return True
    try:
        kind = shelf.find(header.service, header.service_version).descriptor.kind
    except shelf.NotPublished:
        return False
    return kind is ServiceKind.COMPLAINT


def _leads(above: dict[str, str | None], office: str, to: str, is_top: bool) -> bool:  # noqa: FBT001
    """Whether the way up from an office comes by another; no way at all leads to the top."""
    seen = {office}
    following = above[office]
    if following is None:
        return is_top
    while following is not None and following not in seen:
        if following == to:
            return True
        seen.add(following)
        following = above[following]
    return False
