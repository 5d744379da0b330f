"""Whoever changes a row of central's records from outside is found, and `audit` names the row."""

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from sync.central import commands
from sync.central.arguments import parser
from sync.central.casework import clerks, releases
from sync.central.casework.decisions import Action, Decision, act
from sync.central.casework.escalations import escalate
from sync.central.casework.models import (
    Case,
    CaseEvent,
    Clerk,
    ClerkAct,
    Escalation,
    Opening,
    Payment,
    Release,
    ReleaseAct,
    Seal,
)
from sync.central.casework.opening import note_opening
from sync.central.casework.payments import Charged, enter
from sync.central.catalogue.models import Act
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import SetAside, StoredEnvelope
from tests import residence
from tests.officers import NOW, WORDS, new_officer
from tests.paper_kiosk import PaperKiosk

LAW = residence.LAW
LATE = datetime(2026, 12, 4, 3, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("busy")


@pytest.fixture
def busy(central: Path) -> None:
    """Something was done in every way that leaves a row in a chain."""
    assert central.is_dir()
    residence.put_on_shelf()
    kiosk = PaperKiosk(CentralServer())
    case, late = residence.files(kiosk).case, residence.files(kiosk).case
    officer, other = new_officer("kham"), new_officer("dao")
    for one in (officer, other):
        one.is_supervisor = True
        one.save()
    for action in (Action.TAKE_UP, Action.APPROVE):
        law = LAW if action is Action.APPROVE else ""
        act(case, officer, Decision(action, case.last_number, WORDS, legal_basis=law), NOW)
    for document in (None, 0):
        note_opening(case, officer, NOW, document=document)
    enter(case, officer, Charged(5_000, "A 1"), None, NOW)
    escalate(LATE)
    assert late.escalations.count() > 1
    clerks.add(officer.office, "ນາງ ພອນ", "391746", officer, NOW)
    kiosk.files(office="nowhere")
    kiosk.sends()
    aside = SetAside.objects.get()
    number = releases.propose(aside, officer, Release.Deed.CLOSE, "It is empty", timezone.now()).pk
    releases.confirm(Release.objects.get(pk=number), other, timezone.now())


def audit(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the command says is not as it was written."""
    try:
        status = commands.run(parser().parse_args(["audit"]))
    finally:
        said = capsys.readouterr()
    lines = said.out.splitlines()
    assert (status == 0) == lines[-1].startswith("So is what was done. Cases: 2;")
    return lines if status else []


Harm = Callable[[], object]
HARMS: dict[str, tuple[Harm, str]] = {
    "log": (lambda: StoredEnvelope.objects.filter(sequence=1).update(body=b"x"), "place 1 is not"),
    "event": (
        lambda: CaseEvent.objects.filter(number=2).update(reason="gift"),
        "Case {ref}: event 2 is not what was written.",
    ),
    "last event": (
        lambda: CaseEvent.objects.filter(number=3).delete(),
        "Case {ref}: event 3 is not what was written.",
    ),
    "case": (
        lambda: Case.objects.filter(status="approved").update(status="rejected"),
        "Case {ref}: its status is not the one of its last event.",
    ),
    "opening": (
        lambda: Opening.objects.filter(document=0).update(officer=new_officer("innocent")),
        "Opening 2 of case {ref} is not what was written.",
    ),
    "opening removed": (lambda: Opening.objects.first().delete(), "Opening 1 is missing."),  # type: ignore[union-attr]  # there are two
    "opening added": (
        lambda: Opening.objects.create(
            case=Case.objects.get(status="approved"), officer=new_officer("innocent"), at=NOW
        ),
        "Opening 3 of case {ref} was never sealed.",
    ),
    "payment": (
        lambda: Payment.objects.update(charged_lak=F("charged_lak") - 1_000),
        "Payment 1 of case {ref} is not what was written.",
    ),
    "escalation": (
        lambda: Escalation.objects.filter(level=1).update(days_late=0),
        "Escalation 1 of case",
    ),
    "seal": (
        lambda: Seal.objects.filter(number=2).update(hash=bytes(32)),
        "Opening 2 of case {ref} is not what was written.",
    ),
    "seal removed": (
        lambda: Seal.objects.filter(number=2).delete(),
        "Seal 3 does not follow the one before it.",
    ),
    "catalogue": (lambda: Act.objects.filter(number=2).update(actor=None, detail="x"), "entry 2"),
    "clerk": (lambda: Clerk.objects.update(name="another"), "clerks' accounts"),
    "clerk's act": (lambda: ClerkAct.objects.update(name="another"), "clerks' accounts"),
    "release": (lambda: Release.objects.update(why="Something else"), "who released what"),
    "release's act": (
        lambda: ReleaseAct.objects.filter(number=2).update(name="another"),
        "who released what is not what was written: entry 2",
    ),
}


def audit_after(harm: Harm, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What it says of that harm, which is undone again: one world serves all."""
    with transaction.atomic():
        harm()
        said = audit(capsys)
        transaction.set_rollback(True)
    return said


def test_a_row_that_was_changed_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit(capsys) == []
    reference = Case.objects.get(status="approved").reference
    for name, (harm, words) in HARMS.items():
        said = audit_after(harm, capsys)
        assert any(words.format(ref=reference) in line for line in said), (name, said)
    assert audit(capsys) == []


def test_what_was_done_before_there_were_seals_is_sealed_as_it_stands(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As when a central of an older release is brought up to date."""
    Seal.objects.all().delete()
    assert len(audit(capsys)) == 2 + 1 + Escalation.objects.count()
    migration = import_module("sync.central.casework.migrations.0008_seals")
    migration.seal_what_stands(apps, None)
    assert audit(capsys) == []
    Payment.objects.update(receipt_number="A 2")
    assert "Payment 1" in audit(capsys)[0]
