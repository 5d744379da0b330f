"""A release to a ring is one row; its kiosks get it, those further out do not, nobody goes back."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from nacl.signing import SigningKey

from kiosk.services import Services
from sync.central.casework.models import Office
from sync.central.catalogue import shelf
from sync.central.catalogue.kiosks import put_into_ring
from sync.central.catalogue.models import PublishedService
from sync.central.intake import enrolment
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import Device, FeedItem
from sync.central.intake.rings import Ring, around, next_after, within
from sync.enrolment import Enrolment, EnrolmentRequest
from sync.exchange import sync_once
from sync.ledger import Ledger
from sync.records import NATION, ring_audience
from tests.paper_kiosk import PaperKiosk, new_code
from tests.sample_service import OFFICE, SERVICE, VERSION, put_on_shelf
from tests.stand_ins import kiosk

NewKiosk = Callable[[], Ledger]


@pytest.fixture
def new_kiosk(central: Path, tmp_path: Path) -> Iterator[NewKiosk]:
    """Kiosks with real ledgers, numbered 1, 2, 3 ..."""
    assert central.is_dir()
    ledgers: list[Ledger] = []

    def enrolled() -> Ledger:
        folder = tmp_path / str(len(ledgers))
        folder.mkdir()
        ledgers.append(kiosk.enrolled(folder, CentralServer(), new_code()))
        return ledgers[-1]

    yield enrolled
    for ledger in ledgers:
        ledger.close()


def versions(ledger: Ledger) -> tuple[str, ...]:
    """What a kiosk holds after an exchange, the newest first."""
    sync_once(ledger, CentralServer())
    return ledger.service_versions()[SERVICE]


def offered(ledger: Ledger) -> str:
    """What it offers to people after an exchange."""
    sync_once(ledger, CentralServer())
    return Services(ledger).newest(SERVICE).version


def test_rings_lie_within_each_other() -> None:
    assert within(Ring.SECOND) == (Ring.FIRST, Ring.SECOND)
    assert around(Ring.SECOND) == (Ring.SECOND, Ring.ALL)
    assert (next_after(Ring.FIRST), next_after(Ring.ALL)) == (Ring.SECOND, None)


def test_a_release_reaches_its_ring_and_those_inside_it(new_kiosk: NewKiosk) -> None:
    first, second, other = new_kiosk(), new_kiosk(), new_kiosk()
    put_into_ring([1], Ring.FIRST)
    put_into_ring([2], Ring.SECOND)
    put_on_shelf("2", ring=Ring.FIRST)
    assert [offered(ledger) for ledger in (first, second, other)] == ["2", "1", "1"]
    shelf.release(SERVICE, "2", Ring.SECOND)
    assert [offered(ledger) for ledger in (first, second, other)] == ["2", "2", "1"]
    shelf.release(SERVICE, "2", Ring.ALL)
    assert [offered(ledger) for ledger in (first, second, other)] == ["2", "2", "2"]


def test_a_release_is_one_row_however_many_kiosks_there_are(new_kiosk: NewKiosk) -> None:
    for _ in range(5):
        new_kiosk()
    put_into_ring([1, 2, 3], Ring.FIRST)
    before = FeedItem.objects.count()
    put_on_shelf("2", ring=Ring.FIRST)
    assert FeedItem.objects.count() == before + 1


def test_a_kiosk_moved_inwards_gets_what_its_ring_has(new_kiosk: NewKiosk) -> None:
    ledger = new_kiosk()
    put_on_shelf("2", ring=Ring.FIRST)
    assert versions(ledger) == (VERSION,)
    put_into_ring([1], Ring.FIRST)
    assert versions(ledger) == ("2", VERSION)
    assert ledger.cursor()[ring_audience("first")] == 1


def test_a_kiosk_moved_outwards_keeps_what_it_has_until_there_is_a_later_one(
    new_kiosk: NewKiosk,
) -> None:
    ledger = new_kiosk()
    put_into_ring([1], Ring.FIRST)
    put_on_shelf("2", ring=Ring.FIRST)
    assert offered(ledger) == "2"
    put_into_ring([1], Ring.ALL)
    put_on_shelf("3", ring=Ring.FIRST)
    assert offered(ledger) == "2"
    shelf.release(SERVICE, "3", Ring.ALL)
    assert offered(ledger) == "3"


def test_a_kiosk_that_never_heard_of_rings_takes_what_its_ring_has(central: Path) -> None:
    assert central.is_dir()
    paper = PaperKiosk(CentralServer())
    assert NATION in paper.enrolment.audiences
    assert not any(name.startswith("ring:") for name in paper.enrolment.audiences)
    put_into_ring([1], Ring.FIRST)
    put_on_shelf("2", ring=Ring.FIRST)
    at_enrolment = dict.fromkeys(paper.enrolment.audiences, 0)  # all an older kiosk knows of
    answer = paper.sends(paper.batch(cursor=at_enrolment, epoch=paper.enrolment.epoch))
    positions = [item.position for item in answer.changes if item.audience == "ring:first"]
    assert positions == [1]


def test_a_code_brings_its_kiosk_into_a_ring(central: Path) -> None:
    assert central.is_dir()
    key = SigningKey.generate()
    office = Office.objects.get(pk=OFFICE)
    code = enrolment.new_code(office, "Try-out room", timedelta(hours=1), Ring.FIRST)
    request = EnrolmentRequest(code, bytes(key.verify_key), "Try-out room").signed(key)
    enrolled = Enrolment.from_bytes(CentralServer().enrol(request))
    assert Device.objects.get(pk=enrolled.device).ring == "first"
    names = [name for name in enrolled.audiences if name.startswith("ring:")]
    assert names == ["ring:first", "ring:second"]


def test_rolling_back_reaches_every_kiosk_that_had_the_bad_version(new_kiosk: NewKiosk) -> None:
    first, other = new_kiosk(), new_kiosk()
    put_into_ring([1], Ring.FIRST)
    put_on_shelf("2", ring=Ring.FIRST)
    assert (offered(first), offered(other)) == ("2", VERSION)
    shelf.roll_back(SERVICE, VERSION)
    assert (offered(first), offered(other)) == ("3", VERSION)  # the others never had it
    with closing(Ledger.open(first.path)) as again:
        assert Services(again).newest(SERVICE).bundle.file("form.json") == shelf.find(
            SERVICE, VERSION
        ).file("form.json")


def test_what_was_published_before_there_were_rings_is_everybody_s(central: Path) -> None:
    assert central.is_dir()
    put_on_shelf("2")

    def migrates(*to: tuple[str, str]) -> None:
        MigrationExecutor(connection).migrate(list(to))

    migrates(("catalogue", "0001_initial"), ("intake", "0001_initial"))
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    migrates(*newest)
    rows = PublishedService.objects.all()
    assert [[release.ring for release in row.releases.all()] for row in rows] == [["all"], ["all"]]
    assert shelf.find_current(SERVICE).version == "2"
    assert Group.objects.get(name="publishers").permissions.get().codename == "publish_service"
