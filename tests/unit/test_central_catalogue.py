"""A service is published once a version, goes forward only, and reaches every kiosk."""

from pathlib import Path

import pytest
from nacl.signing import SigningKey

from kiosk.forms import bundle
from kiosk.forms.bundle import UnknownKey
from sync.central.catalogue import shelf
from sync.central.intake.models import FeedItem
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


def test_a_bundle_of_somebody_else_is_refused() -> None:
    data = bundle.pack(bundle_files("3"), SERVICE, "3", SigningKey.generate())
    with pytest.raises(UnknownKey):
        shelf.put(data)


def test_what_was_never_published_is_not_found() -> None:
    with pytest.raises(shelf.NotPublished):
        shelf.find(SERVICE, "99")
    with pytest.raises(shelf.NotPublished):
        shelf.find_current("la.example.unknown")
