"""A service is published once a version, goes forward only, and reaches every kiosk."""

from pathlib import Path

import pytest
from nacl.signing import SigningKey

from kiosk.forms import bundle
from kiosk.forms.bundle import UnknownKey
from sync.central.catalogue import shelf
from sync.central.catalogue.acts import first_broken
from sync.central.catalogue.models import Act, PublishedService
from sync.central.intake.models import FeedItem
from sync.central.intake.rings import Ring
from sync.central.keys import central_keys
from sync.records import NATION, ChangeKind, ServiceNote
from tests.sample_service import SERVICE, VERSION, bundle_files, put_on_shelf


@pytest.fixture(autouse=True)
def database(central: Path) -> Path:
    return central


def published() -> list[str]:
    items = FeedItem.objects.filter(audience=NATION, kind=ChangeKind.SERVICE.value)
    notes = (ServiceNote.from_bytes(bytes(item.payload)) for item in items.order_by("position"))
    return [note.version for note in notes]


def test_a_new_version_reaches_the_kiosks_and_the_old_one_stays_readable() -> None:
    put_on_shelf("2")
    assert published() == [VERSION, "2"]
    assert shelf.find_current(SERVICE).version == "2"
    assert [found.version for found in shelf.current()] == ["2"]
    assert shelf.find(SERVICE, VERSION).version == VERSION


def test_the_same_bundle_again_changes_nothing() -> None:
    put_on_shelf()
    assert published() == [VERSION]


@pytest.mark.parametrize("version", ["0.9", VERSION])
def test_a_version_that_is_not_newer_is_refused(version: str) -> None:
    files = bundle_files(version) | {"icon.png": b"other"}
    data = bundle.pack(files, SERVICE, version, central_keys().bundles)
    with pytest.raises(shelf.NotNewer, match="published already"):
        shelf.put(data)
    assert published() == [VERSION]


def test_a_ring_gets_no_version_that_it_has_or_is_beyond() -> None:
    put_on_shelf("2", ring=Ring.FIRST)
    put_on_shelf("3", ring=Ring.ALL)
    for ring in Ring:
        with pytest.raises(shelf.NotNewer):
            shelf.release(SERVICE, "2", ring)
    with pytest.raises(shelf.NotNewer):
        shelf.release(SERVICE, "3", Ring.FIRST)


def test_what_only_some_kiosks_try_out_is_not_in_force_for_the_public() -> None:
    put_on_shelf("2", ring=Ring.FIRST)
    assert shelf.find_current(SERVICE).version == VERSION
    assert [found.version for found in shelf.current()] == [VERSION]
    assert shelf.find(SERVICE, "2").version == "2"  # an application may have been made with it


def test_rolling_back_is_a_new_version_with_the_earlier_content() -> None:
    changed = bundle_files("2") | {"icon.png": b"other"}
    shelf.put(bundle.pack(changed, SERVICE, "2", central_keys().bundles))
    made = shelf.roll_back(SERVICE, VERSION)
    assert made.version == "3"
    assert "icon.png" not in made.files
    assert made.file("form.json") == shelf.find(SERVICE, VERSION).file("form.json")
    assert published() == [VERSION, "2", "3"]
    row = PublishedService.objects.get(version="3")
    assert (row.content_of, shelf.find_current(SERVICE).version) == (VERSION, "3")


def test_rolling_back_goes_as_far_as_any_version_that_it_takes_back() -> None:
    put_on_shelf("2", ring=Ring.ALL)
    put_on_shelf("3", ring=Ring.FIRST)
    shelf.roll_back(SERVICE, VERSION)
    assert shelf.find_current(SERVICE).version == "4"


def test_there_is_nothing_to_roll_back_from_the_newest() -> None:
    with pytest.raises(shelf.NotNewer):
        shelf.roll_back(SERVICE, VERSION)


@pytest.mark.parametrize(
    ("held", "wished", "following"),
    [("2026.11.1", "", "2026.11.2"), ("2", "2026.1", "2026.1"), ("2026.11.9", "2", "2026.11.10")],
)
def test_the_next_version_is_above_all_others(held: str, wished: str, following: str) -> None:
    put_on_shelf(held)
    assert shelf.next_version(SERVICE, wished) == following


def test_every_act_is_chained_and_a_changed_row_shows() -> None:
    put_on_shelf("2", ring=Ring.FIRST)
    shelf.release(SERVICE, "2", Ring.ALL)
    kinds = list(Act.objects.order_by("number").values_list("kind", "version", "ring"))
    assert kinds == [
        ("signed", VERSION, ""),
        ("released", VERSION, "all"),
        ("signed", "2", ""),
        ("released", "2", "first"),
        ("released", "2", "all"),
    ]
    assert first_broken() is None
    Act.objects.filter(number=4).update(ring="second")
    assert first_broken() == 4


def test_a_removed_act_shows() -> None:
    put_on_shelf("2")
    Act.objects.filter(number=2).delete()
    assert first_broken() == 2


def test_a_bundle_of_somebody_else_is_refused() -> None:
    data = bundle.pack(bundle_files("3"), SERVICE, "3", SigningKey.generate())
    with pytest.raises(UnknownKey):
        shelf.put(data)


def test_what_was_never_published_is_not_found() -> None:
    with pytest.raises(shelf.NotPublished):
        shelf.find(SERVICE, "99")
    with pytest.raises(shelf.NotPublished):
        shelf.find_current("la.example.unknown")
