"""Situations of somebody who holds a paper under the kiosk's camera; FFmpeg plays the camera."""

from kiosk.devices.camera import NO_CAMERA, CameraPhotos
from kiosk.devices.photo import FolderPhotos, JoinedPhotos, PhotoSource
from kiosk.language import _
from kiosk.screens.photo_answer import LiveTile
from tests.screens.driver import Driver
from tests.screens.situations import Situation
from tests.screens.situations.applying import at, tiles, touching, wait_for
from tests.screens.world import sample_pictures

UNWATCHED_S_MAX = 1.0  # so that no test waits for a camera of the one before


def camera(shows: str = "testsrc2=size=1280x720:rate=10") -> CameraPhotos:
    """A camera that shows a picture of FFmpeg's own, in real time."""
    return CameraPhotos(f"{shows},realtime", format_name="lavfi", unwatched_s_max=UNWATCHED_S_MAX)


def before(*sources: PhotoSource, paper: bool = True) -> Situation:
    """At the question for a photo, at a kiosk that has these sources of photos."""

    def situation(person: Driver) -> None:
        object.__setattr__(person.shell.devices, "photos", JoinedPhotos(*sources))
        at("/data/family_book", paper=paper)(person)

    return situation


def live(person: Driver) -> LiveTile:
    """The tile that shows what the camera sees."""
    return next(tile for tile in tiles(person) if isinstance(tile, LiveTile))


def sees(before: Situation) -> Situation:
    """The camera's picture stands on its tile."""

    def situation(person: Driver) -> None:
        before(person)
        wait_for(person, lambda: tiles(person) and live(person).texture)

    return situation


def taken(before: Situation) -> Situation:
    """She touched the picture."""

    def situation(person: Driver) -> None:
        sees(before)(person)
        entry = person.shell.visit.entry
        assert entry is not None
        person.tap(_("Take the photo"))
        wait_for(person, entry.attachments)

    return situation


def told_that_there_is_none(before: Situation) -> Situation:
    """Every way to open the camera has failed."""

    def situation(person: Driver) -> None:
        before(person)
        wait_for(person, lambda: person.sees(_(NO_CAMERA)))

    return situation


SITUATIONS: dict[str, Situation] = {
    "photograph": sees(before(camera(), paper=False)),
    "photograph-or-choose": sees(before(camera(), FolderPhotos(sample_pictures()), paper=False)),
    "photograph-dark": taken(before(camera("color=black:size=1280x720"), paper=False)),
    "photograph-again": touching(taken(before(camera(), paper=False)), "Take it again"),
    "photograph-no-camera": told_that_there_is_none(before(camera("no such filter"), paper=False)),
}
