"""A receipt held before the camera is read in the darkroom, once, and nobody waits for it."""

import io
import random
from collections.abc import Iterator

import pytest
from PIL import Image

from kiosk.devices.camera_reader import VIEW_PX, CameraReader
from kiosk.devices.darkroom import CodeRead
from kiosk.devices.photo import Offer
from tests.handled_paper import HANDLED, Camera, frame, jpeg, paper
from tests.papers import sample_receipt, until


@pytest.fixture
def camera() -> Camera:
    return Camera()


@pytest.fixture
def reader(camera: Camera) -> Iterator[CameraReader]:
    reader = CameraReader(camera)
    yield reader
    reader.close()


def test_a_receipt_is_read_however_often_nothing_was_seen(
    camera: Camera, reader: CameraReader
) -> None:
    found: list[str] = []

    def looked() -> bool:
        text = reader.poll()
        found.extend([text] if text is not None else [])
        return bool(found)

    assert not until(looked, 1)
    url, chance = sample_receipt().url, random.Random(3)
    camera.sees = jpeg(frame(paper(url, HANDLED, chance), HANDLED, chance))
    assert until(looked)
    assert found == [url]


def test_a_still_picture_is_not_looked_at(camera: Camera, reader: CameraReader) -> None:
    camera.offers = lambda: (Offer("paper.jpg", 7),)  # type: ignore[method-assign]
    for _look in range(3):
        assert reader.poll() is None
    assert not reader._darkroom.busy


def test_what_was_read_shows_in_no_log() -> None:
    assert "secret" not in repr(CodeRead("secret"))


def test_small_views_follow_the_camera_while_a_search_goes_on(
    camera: Camera, reader: CameraReader
) -> None:
    hard = Image.effect_noise((960, 540), 30)  # a search in it takes half a second
    camera.sees = jpeg(hard)
    views: list[bytes] = []

    def looked() -> bool:
        reader.poll()
        view = reader.poll_view()
        views.extend([view] if view is not None else [])
        return len(views) >= 3

    assert until(lambda: reader.poll() is not None or reader._darkroom.busy)
    assert until(looked)
    with Image.open(io.BytesIO(views[-1])) as view:
        assert view.size == (VIEW_PX, VIEW_PX * 9 // 16)


def test_nobody_pays_for_views_that_nobody_asks_for(camera: Camera, reader: CameraReader) -> None:
    camera.sees = jpeg(Image.new("L", (64, 64)))
    for _look in range(3):
        reader.poll()
    assert reader._viewing._process is None
