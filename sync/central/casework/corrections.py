"""Which application replaces which: believed only with proof of holding the old receipt.

An application's id is no secret: officers, kiosks and the feed know it. So the header of a
correction carries a proof made with the old application's secret (`envelope.replacing_proof`), and
only central, who can open that secret, checks it. Without the proof the new application stands for
itself, and what it claims is shown to the officer as a claim; nobody's case can be taken away by
naming it.
"""

from collections.abc import Sequence

from sync.central.casework.models import Case
from sync.central.casework.sealed import header_of, secret_in
from sync.central.casework.service_words import find_descriptor
from sync.central.casework.workflow import Offices, put_at, took_in
from sync.central.intake.models import SetAside, StoredEnvelope
from sync.envelope import application_id, proves_replacing
from sync.errors import BadRecord, CannotOpen
from sync.records import ApplicationId, Header, Kind, Status


def settle(cases: Sequence[Case]) -> None:
    """Of new cases, not yet written: let those that prove it replace what they correct.

    The correction goes on at the step that asked for it, with the officer who returned the old
    application: what others confirmed before stays confirmed, and she knows it.
    """
    offices = Offices()
    for case in cases:
        if case.claims and _is_proven(case):
            case.replaces, case.claims = case.claims, ""
            older = (
                Case.objects.select_related("taken_up_by__user")
                .filter(application=case.replaces)
                .first()
            )
            if older is not None:
                _go_on(case, older, offices)
            officer = older.taken_up_by if older else None
            if (
                officer is not None
                and officer.office_id == case.office_id
                and officer.user.is_active
            ):
                case.taken_up_by = officer


def _go_on(case: Case, older: Case, offices: Offices) -> None:
    """Place the correction at the step that asked for it, where its service still has that step."""
    descriptor = find_descriptor(case)
    asked = descriptor.step(older.step) if descriptor else None
    if older.status == Status.RETURNED.value and asked is not None and asked.id != case.step:
        put_at(case, asked, took_in(case), offices)


def settle_late(arrived: Sequence[Case]) -> None:
    """After a restored backup a correction may come before what it corrects: now it is here."""
    names = [case.application for case in arrived]
    for case in Case.objects.filter(claims__in=names):
        if _is_proven(case):
            Case.objects.filter(pk=case.pk).update(replaces=case.claims, claims="")


def _is_proven(case: Case) -> bool:
    older = _named(case.claims)
    if older is None or case.claims == case.application:
        return False
    try:
        header, secret = Header.from_bytes(bytes(older.header)), secret_in(older)
    except (BadRecord, CannotOpen):
        return False
    # What was set aside may have been put under a number that is another one's.
    if header.service != case.service or application_id(secret) != case.claims:
        return False
    return proves_replacing(header_of(case).proof, secret, ApplicationId(case.application))


def _named(application: str) -> StoredEnvelope | SetAside | None:
    """The envelope that a correction names; one that was set aside may be handed in again too."""
    stored = StoredEnvelope.objects.filter(pk=application).first()
    if stored is not None:
        return stored if stored.kind == Kind.APPLICATION.value else None
    return SetAside.objects.filter(application=application).order_by("pk").first()
