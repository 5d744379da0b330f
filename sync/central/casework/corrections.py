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
from sync.central.intake.models import StoredEnvelope
from sync.envelope import proves_replacing
from sync.errors import CannotOpen
from sync.records import ApplicationId, Kind


def settle(cases: Sequence[Case]) -> None:
    """Of new cases, not yet written: let those that prove it replace what they correct.

    The correction goes on with the officer who returned the old application: she knows it.
    """
    for case in cases:
        if case.claims and _is_proven(case):
            case.replaces, case.claims = case.claims, ""
            older = (
                Case.objects.select_related("taken_up_by").filter(application=case.replaces).first()
            )
            officer = older.taken_up_by if older else None
            if officer is not None and officer.office_id == case.office_id:
                case.taken_up_by = officer


def settle_late(arrived: Sequence[Case]) -> None:
    """After a restored backup a correction may come before what it corrects: now it is here."""
    names = [case.application for case in arrived]
    for case in Case.objects.filter(claims__in=names):
        if _is_proven(case):
            Case.objects.filter(pk=case.pk).update(replaces=case.claims, claims="")


def _is_proven(case: Case) -> bool:
    older = StoredEnvelope.objects.filter(pk=case.claims, kind=Kind.APPLICATION.value).first()
    if older is None or older.service != case.service or older.pk == case.application:
        return False
    try:
        secret = secret_in(older)
    except CannotOpen:
        return False
    return proves_replacing(header_of(case).proof, secret, ApplicationId(case.application))
