"""Feedback is opened and counted, and nothing of who gave it remains."""

from pathlib import Path
from typing import Any

import pytest

from sync import envelope as envelopes
from sync.central.casework.models import Case
from sync.central.catalogue import shelf
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import FeedItem, SetAside
from sync.central.voice.intake import marks_of
from sync.central.voice.models import Feedback
from sync.records import (
    FIRST_PREVIOUS,
    ChangeKind,
    Envelope,
    Header,
    KeyPurpose,
    Kind,
    Outcome,
)
from tests import residence
from tests.paper_kiosk import RECORDED, PaperKiosk


@pytest.fixture
def kiosk(central: Path) -> PaperKiosk:
    assert central.is_dir()
    residence.put_on_shelf()
    return PaperKiosk(CentralServer())


def gives_feedback(
    kiosk: PaperKiosk, record: dict[str, Any], other_secret: bytes | None = None
) -> Outcome:
    """Seal feedback as a kiosk's desk does, and send it."""
    bundle = shelf.find_current(residence.SERVICE)
    secret = envelopes.new_secret()
    (sealing,) = [note for note in kiosk.enrolment.keys if note.purpose is KeyPurpose.SEALING]
    header = Header(
        device=kiosk.id,
        sequence=len(kiosk.log) + 1,
        previous=kiosk.log[-1].chain_hash if kiosk.log else FIRST_PREVIOUS,
        kind=Kind.FEEDBACK,
        id=envelopes.application_id(secret),
        reference="",
        service=bundle.service,
        service_version=bundle.version,
        office=kiosk.enrolment.office,
        recorded=RECORDED,
        central_key=sealing.id,
    ).to_bytes()
    body = envelopes.seal_answers(record, header, other_secret or secret, bundle.dictionary)
    kiosk.append(Envelope(header, body, envelopes.seal_secret(secret, sealing.key)))
    return kiosk.sends().acknowledgements[-1].outcome


def test_feedback_is_counted_by_office_and_service(kiosk: PaperKiosk) -> None:
    marks = {"easy": 4, "fair": 3, "overall": 4}
    assert gives_feedback(kiosk, {"answers": marks, "language": "lo"}) is Outcome.CREATED
    counted = Feedback.objects.get()
    assert (counted.office_id, counted.service) == (kiosk.enrolment.office, residence.SERVICE)
    assert (counted.marks, counted.language, counted.channel) == (marks, "lo", "kiosk")


def test_feedback_is_no_case_and_no_news(kiosk: PaperKiosk) -> None:
    gives_feedback(kiosk, {"answers": {"overall": 1}, "language": "lo"})
    assert not Case.objects.exists()
    assert not FeedItem.objects.filter(kind=ChangeKind.STATUS.value).exists()


def test_what_a_person_wrote_beside_the_marks_is_not_kept(kiosk: PaperKiosk) -> None:
    record = {"answers": {"overall": 2, "name": "ນາງ ສົມພອນ"}, "telephone": "02055512345"}
    assert gives_feedback(kiosk, record) is Outcome.CREATED
    counted = Feedback.objects.get()
    assert counted.marks == {"overall": 2}
    assert "ສົມພອນ" not in str(vars(counted))


@pytest.mark.parametrize(
    "answers",
    [
        {"overall": 0},
        {"overall": 5},
        {"overall": True},
        {"overall": "4"},
        {"Over all": 4},
        {"x" * 41: 4},
        {1: 4},
        ["overall"],
        None,
    ],
)
def test_what_is_no_mark_is_left_out(answers: object) -> None:
    assert marks_of({"answers": answers}) == {}


def test_feedback_that_cannot_be_opened_waits_for_a_person(kiosk: PaperKiosk) -> None:
    outcome = gives_feedback(kiosk, {"answers": {"overall": 4}}, other_secret=bytes(16))
    assert outcome is Outcome.UNREADABLE
    assert not Feedback.objects.exists()
    assert SetAside.objects.count() == 1
