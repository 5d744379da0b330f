"""A kiosk hears of its office, and of a changed address of central, in the feed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from sync import cbor
from sync.central.casework.models import Office
from sync.central.intake import offices
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import FeedItem
from sync.central.public_address import is_address, others_can_open
from sync.ledger import Ledger
from sync.records import OfficeNote
from sync.worker import sync_once
from tests.paper_kiosk import new_code
from tests.sample_service import OFFICE
from tests.stand_ins.kiosk import enrolled

LOOPBACK = "http://127.0.0.1:8000"  # what central of a test knows of itself
PUBLIC = "https://one-door.example"


@pytest.fixture
def kiosk(central: Path, tmp_path: Path) -> Iterator[Ledger]:
    assert central.is_dir()
    ledger = enrolled(tmp_path, CentralServer(), new_code())
    yield ledger
    ledger.close()


def receipts_point_to(kiosk: Ledger) -> str:
    sync_once(kiosk, CentralServer())
    return kiosk.enrolled_identity().portal_url


def test_a_changed_address_reaches_kiosks_that_are_enrolled(kiosk: Ledger) -> None:
    assert receipts_point_to(kiosk) == LOOPBACK
    with override_settings(PUBLIC_URL=PUBLIC):
        offices.announce_all()
    assert receipts_point_to(kiosk) == PUBLIC
    with override_settings(PUBLIC_URL="https://moved.example"):
        offices.announce_all()
    assert receipts_point_to(kiosk) == "https://moved.example"


def test_a_command_that_does_not_know_the_address_leaves_it(kiosk: Ledger) -> None:
    with override_settings(PUBLIC_URL=PUBLIC):
        offices.announce_all()
    offices.save(offices.OfficeFacts(OFFICE, "ໃໝ່", hours="Mo-Fr 08:00-12:00"))
    assert receipts_point_to(kiosk) == PUBLIC
    office = kiosk.office()
    assert office
    assert office.opening_hours == "Mo-Fr 08:00-12:00"


def test_a_sample_office_is_marked_until_somebody_confirms_it(kiosk: Ledger) -> None:
    sync_once(kiosk, CentralServer())
    office = kiosk.office()
    assert office
    assert office.sample
    offices.save(offices.OfficeFacts(OFFICE, "ໄຊທານີ", phone="021 1551"))
    sync_once(kiosk, CentralServer())
    office = kiosk.office()
    assert office
    assert not office.sample


def test_a_note_of_an_office_that_is_none_reads_as_before() -> None:
    plain = OfficeNote(OFFICE, {"lo": "ໄຊທານີ"}, "1551", "")
    assert 6 not in cbor.decode(plain.to_bytes(), 1000)  # an older kiosk reads the same bytes
    assert not OfficeNote.from_bytes(plain.to_bytes()).sample


def test_what_kiosks_know_is_not_told_again(kiosk: Ledger) -> None:
    del kiosk
    for _ in range(2):
        with override_settings(PUBLIC_URL=PUBLIC):
            offices.announce_all()
        offices.announce_all()
    told = FeedItem.objects.filter(audience=f"office:{OFFICE}", kind="office")
    assert told.count() == 2  # at first without an address
    last = offices.last_told(Office.objects.get(pk=OFFICE))
    assert last
    assert last.portal_url == PUBLIC


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000", "http://[::1]:8000", "http://localhost", "http://0.0.0.0:80"]
)
def test_an_address_that_is_another_machine_to_everybody_is_told_to_nobody(url: str) -> None:
    assert is_address(url)
    assert not others_can_open(url)


@pytest.mark.parametrize("url", ["https://one-door.example", "http://192.168.7.2:8000"])
def test_a_name_and_an_address_of_the_network_mean_the_same_to_everybody(url: str) -> None:
    assert is_address(url)
    assert others_can_open(url)


@pytest.mark.parametrize(
    "url", ["one-door.example", "one-door.example:8000", "https://", "ftp://a"]
)
def test_half_an_address_is_none(url: str) -> None:
    assert not is_address(url)
