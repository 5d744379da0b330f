"""A kiosk's real ledger and the real central: out goes an application, home comes the news."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.central.casework.models import Case
from sync.central.intake import evidence
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import SetAside
from sync.exchange import sync_once
from sync.ledger import Ledger
from sync.pace import Limits
from sync.records import Status
from tests.paper_kiosk import new_code
from tests.sample_service import OFFICE, SERVICE, VERSION
from tests.stand_ins import kiosk

SMALLEST = {"service": SERVICE, "service_version": VERSION}


@pytest.fixture
def ledger(central: Path, tmp_path: Path) -> Iterator[Ledger]:
    assert central.is_dir()
    opened = kiosk.enrolled(tmp_path, CentralServer(), new_code())
    yield opened
    opened.close()


def test_an_application_arrives_and_its_news_comes_home(ledger: Ledger) -> None:
    envelope = kiosk.submit(ledger, **SMALLEST)
    sync_once(ledger, CentralServer())
    assert ledger.exchange_state().waiting_count == 0
    assert Case.objects.get().application == envelope.parsed.id
    (event,) = ledger.status_events(envelope.parsed.id)
    assert (event.status, event.office) == (Status.RECEIVED, OFFICE)


def test_a_kiosk_learns_its_office_and_the_services(ledger: Ledger) -> None:
    sync_once(ledger, CentralServer())
    office = ledger.office()
    assert office is not None
    assert office.id == OFFICE
    assert office.holidays
    assert ledger.service_versions() == {SERVICE: (VERSION,)}


def test_many_applications_arrive_in_slices(ledger: Ledger) -> None:
    for _ in range(25):
        kiosk.submit(ledger, **SMALLEST)
    sync_once(ledger, CentralServer(), limits=Limits(envelopes_max=10))
    assert Case.objects.count() == 25
    assert ledger.exchange_state().waiting_count == 0


def test_a_document_follows_in_pieces(ledger: Ledger) -> None:
    photo = bytes(range(256)) * 300
    envelope = kiosk.submit(ledger, evidence=(photo,), **SMALLEST)
    sync_once(ledger, CentralServer(), limits=Limits(piece_bytes_max=20_000))
    (note,) = envelope.parsed.evidence
    assert hashlib.sha256(evidence.find(note.sha256) or b"").digest() == note.sha256


def test_what_central_sets_aside_does_not_hold_the_kiosk_up(ledger: Ledger) -> None:
    kiosk.submit(ledger, service="la.example.unknown", service_version="1")
    kiosk.submit(ledger, **SMALLEST)
    sync_once(ledger, CentralServer())
    assert ledger.exchange_state().waiting_count == 0
    assert (Case.objects.count(), SetAside.objects.count()) == (1, 1)
