"""Somebody holds her paper under the camera: she hands in what she saw, and nothing stays."""

import io
import threading
import time
from collections.abc import Iterator

import pytest
from PIL import Image, ImageChops, ImageStat

from kiosk.devices.camera import NO_CAMERA, CameraPhotos
from kiosk.devices.photo import FolderPhotos, Offer
from kiosk.devices.picture import develop
from kiosk.forms.entry import Entry
from kiosk.screens.photo_answer import AGAIN, FAILED, KEEP
from tests.screens.driver import Driver
from tests.screens.situations.applying import tiles, wait_for
from tests.screens.situations.photographing import before, camera, live, sees, taken
from tests.screens.world import sample_pictures

CHANGES = "color=red:size=640x360:rate=10,hue=H=t*3"  # another colour every moment
CHANCE = "gradients=size=640x360:rate=10:speed=0.1"  # others also when it is switched on again


@pytest.fixture
def english(person: Driver) -> Iterator[Driver]:
    person.shell.speak("en")
    person.settle()
    yield person
    person.shell.wipe()
    wait_for(person, lambda: not camera_threads())


def camera_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "camera"]


def entry_of(person: Driver) -> Entry:
    entry = person.shell.visit.entry
    assert entry is not None
    return entry


def image(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg)).convert("RGB")


def test_the_picture_that_stands_on_the_tile_is_taken(english: Driver) -> None:
    source = camera(CHANGES)
    sees(before(source))(english)
    shown: list[bytes | None] = []
    live(english).bind(on_release=lambda tile: shown.append(source.read(tile.offer)))
    english.tap("Take the photo")
    wait_for(english, entry_of(english).attachments)
    (attachment,) = entry_of(english).attachments()
    (saw,) = shown
    assert saw is not None
    difference = ImageChops.difference(image(attachment.data), image(develop(saw).data))
    assert max(ImageStat.Stat(difference).mean) < 1


def test_the_tile_follows_what_the_camera_sees(english: Driver) -> None:
    sees(before(camera(CHANGES)))(english)
    tile, first = live(english), live(english).offer
    wait_for(english, lambda: tile.offer.changed_ns > first.changed_ns)
    assert live(english) is tile


def test_a_photo_is_taken_again(english: Driver) -> None:
    taken(before(camera(CHANCE)))(english)
    (first,) = entry_of(english).attachments()
    english.tap(AGAIN)
    english.tap(KEEP)
    assert entry_of(english).attachments() == (first,)
    english.tap(AGAIN)
    wait_for(english, lambda: live(english).texture)
    english.tap("Take the photo")

    def another_is_taken() -> bool:
        if english.sees(FAILED):  # a slow machine: that frame was forgotten meanwhile
            english.tap("Take the photo")
        return entry_of(english).attachments() != (first,)

    wait_for(english, another_is_taken)
    assert len(entry_of(english).attachments()) == 1


def test_the_camera_is_off_when_the_photo_is_taken(english: Driver) -> None:
    source = camera()
    taken(before(source))(english)
    wait_for(english, lambda: not camera_threads())
    assert not source._frames


def test_the_camera_is_off_when_she_goes_on(english: Driver) -> None:
    sees(before(camera()))(english)
    assert camera_threads()
    english.tap("Continue")
    wait_for(english, lambda: not camera_threads())


def test_pictures_of_a_folder_come_after_the_camera(english: Driver) -> None:
    sees(before(camera(), FolderPhotos(sample_pictures())))(english)
    assert [tile.offer.live for tile in tiles(english)] == [True]
    assert english.turn_page()
    assert not any(tile.offer.live for tile in tiles(english))
    wait_for(english, lambda: all(tile.texture for tile in tiles(english)))
    english.tap(tiles(english)[0])
    wait_for(english, entry_of(english).attachments)


class Cable:
    """A camera behind a plug."""

    nothing = NO_CAMERA
    takes = True

    def __init__(self, source: CameraPhotos) -> None:
        self._source = source
        self.plugged = True
        self.torn = False  # each picture breaks off in the middle

    def offers(self) -> tuple[Offer, ...]:
        return self._source.offers() if self.plugged else ()

    def read(self, offer: Offer) -> bytes | None:
        data = self._source.read(offer) if self.plugged else None
        return data[: len(data) // 2] if data and self.torn else data


def test_a_camera_may_be_unplugged_and_plugged_in_again(english: Driver) -> None:
    cable = Cable(camera())
    sees(before(cable))(english)
    cable.plugged = False
    wait_for(english, lambda: english.sees(NO_CAMERA))
    assert not tiles(english)
    cable.plugged = True
    wait_for(english, lambda: tiles(english) and live(english).texture)
    assert not english.sees(NO_CAMERA)


def test_a_picture_that_broke_off_may_be_taken_again(english: Driver) -> None:
    cable = Cable(camera())
    sees(before(cable))(english)
    cable.torn = True
    english.tap("Take the photo")
    wait_for(english, lambda: english.sees(FAILED))
    assert entry_of(english).attachments() == ()
    cable.torn = False
    english.tap("Take the photo")
    wait_for(english, entry_of(english).attachments)


def test_a_touch_before_the_first_picture_takes_none(english: Driver) -> None:
    before(camera("nullsrc=size=640x360:rate=10,tpad=start_duration=1"))(english)
    tile = live(english)
    if tile.texture is None:
        english.tap(tile)
    time.sleep(0.1)
    english.settle()
    assert entry_of(english).attachments() == ()
