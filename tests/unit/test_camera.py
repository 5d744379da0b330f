"""A camera shows what it sees now, to those who look, and forgets it; FFmpeg plays the camera."""

import io
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from kiosk.app import _photos
from kiosk.config import NO_CAMERA, KioskConfig
from kiosk.devices import camera as cameras
from kiosk.devices.camera import FRAMES_KEPT, NAME, CameraPhotos, library_is_here, nodes
from kiosk.devices.photo import FolderPhotos, JoinedPhotos, Offer, PhotoSource
from kiosk.devices.picture import develop
from tests.papers import until

SYNTHETIC = "testsrc2=size=1280x720:rate=10,realtime"
STARTING = Offer(NAME, 0, live=True)
PATIENCE_S = 60.0


def synthetic(unwatched_s_max: float = 4.0) -> CameraPhotos:
    return CameraPhotos(SYNTHETIC, format_name="lavfi", unwatched_s_max=unwatched_s_max)


def camera_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "camera"]


def seen(camera: CameraPhotos, before: Offer = STARTING) -> Offer:
    """The next frame that is offered after that one."""

    def moved() -> bool:
        return any(offer.changed_ns > before.changed_ns for offer in camera.offers())

    assert until(moved, PATIENCE_S)
    (offer,) = camera.offers()
    return offer


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(cameras, "RETRY_S", 0.05)
    monkeypatch.setattr(cameras, "FRAME_S", 0.05)
    assert not camera_threads()
    yield
    assert until(lambda: not camera_threads(), PATIENCE_S), "A camera was left on."


@pytest.fixture
def camera() -> Iterator[CameraPhotos]:
    camera = synthetic()
    yield camera
    camera.stop()


def test_a_camera_is_off_until_somebody_looks(camera: CameraPhotos) -> None:
    assert camera.takes
    assert not camera_threads()
    assert camera.offers() == (STARTING,)
    assert len(camera_threads()) == 1


def test_what_it_offers_moves(camera: CameraPhotos) -> None:
    first = seen(camera)
    second = seen(camera, first)
    assert first.live
    assert (first.name, second.name) == (NAME, NAME)
    assert camera.read(first) != camera.read(second)


def test_the_very_frame_that_was_offered_is_read(camera: CameraPhotos) -> None:
    offer = seen(camera)
    data = camera.read(offer)
    assert data is not None
    seen(camera, offer)
    assert camera.read(offer) == data
    picture = develop(data)
    assert (picture.width_px, picture.height_px) == (1280, 720)


def test_a_frame_that_has_no_time_cannot_be_read(camera: CameraPhotos) -> None:
    camera.offers()
    assert camera.read(STARTING) is None


def test_only_the_last_few_frames_are_kept(camera: CameraPhotos) -> None:
    first = newest = seen(camera)
    for _ in range(FRAMES_KEPT + 1):
        newest = seen(camera, newest)
    assert camera.read(first) is None
    assert camera.read(newest) is not None
    assert len(camera._frames) <= FRAMES_KEPT


def test_it_is_switched_off_and_forgets_when_nobody_looks() -> None:
    camera = synthetic(unwatched_s_max=0.5)
    offer = seen(camera)
    assert until(lambda: not camera_threads(), PATIENCE_S)
    assert camera.read(offer) is None
    assert not camera._frames


def test_a_look_switches_it_on_again() -> None:
    camera = synthetic(unwatched_s_max=0.5)
    offer = seen(camera)
    assert until(lambda: not camera_threads(), PATIENCE_S)
    assert camera.offers() == (STARTING,)
    later = seen(camera, offer)
    assert camera.read(later) is not None
    camera.stop()


def test_a_stopped_camera_stays_off(camera: CameraPhotos) -> None:
    offer = seen(camera)
    camera.stop()
    assert camera.read(offer) is None
    assert camera.offers() == ()
    assert not camera_threads()


class PipedCamera:
    """A camera on a cable: JPEG frames come out of a pipe that can be plugged in and out."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.frames: list[bytes] = []
        self._plugged, self._frozen = threading.Event(), threading.Event()
        self._feeder: threading.Thread | None = None

    def plug_in(self) -> None:
        os.mkfifo(self.path)
        pipe = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)  # opening never waits for a reader
        self._plugged.set()
        self._feeder = threading.Thread(target=self._feed, args=(pipe,))
        self._feeder.start()

    def unplug(self) -> None:
        self.path.unlink(missing_ok=True)
        self._plugged.clear()
        if self._feeder is not None:
            self._feeder.join()

    def freeze(self) -> None:
        """Stay plugged in, but show nothing more."""
        self._frozen.set()

    def _feed(self, pipe: int) -> None:
        while self._plugged.is_set():
            if self._frozen.is_set():
                time.sleep(0.03)
                continue
            frame = jpeg(len(self.frames))
            with suppress(BlockingIOError):  # nobody looks; a frame this small is whole or not
                os.write(pipe, frame)
                self.frames.append(frame)
            time.sleep(0.03)
        os.close(pipe)


def jpeg(number: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (number % 256, 90, 90)).save(out, "JPEG")
    assert out.tell() < os.fpathconf(0, "PC_PIPE_BUF")
    return out.getvalue()


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[PipedCamera]:
    cable = PipedCamera(tmp_path / "camera")
    yield cable
    cable.unplug()


@pytest.fixture
def on_cable(cable: PipedCamera) -> Iterator[CameraPhotos]:
    camera = CameraPhotos(str(cable.path), format_name="mjpeg")
    yield camera
    cable.unplug()
    camera.stop()


def test_a_jpeg_is_handed_on_as_the_camera_made_it(
    cable: PipedCamera, on_cable: CameraPhotos
) -> None:
    cable.plug_in()
    assert on_cable.read(seen(on_cable)) in cable.frames


def test_an_unplugged_camera_offers_nothing_and_comes_back(
    cable: PipedCamera, on_cable: CameraPhotos
) -> None:
    cable.plug_in()
    before = seen(on_cable)
    cable.unplug()
    assert until(lambda: on_cable.offers() == (), PATIENCE_S)
    assert not on_cable.takes
    assert on_cable.read(before) is None
    cable.plug_in()
    assert seen(on_cable, before).changed_ns > before.changed_ns
    assert on_cable.takes


def test_a_camera_that_shows_nothing_more_is_not_offered(
    cable: PipedCamera, on_cable: CameraPhotos, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cameras, "FROZEN_S", 0.5)
    cable.plug_in()
    seen(on_cable)
    cable.freeze()
    assert until(lambda: on_cable.offers() == (), PATIENCE_S)
    assert len(camera_threads()) == 1


def test_a_device_that_is_no_camera_is_none(tmp_path: Path) -> None:
    (tmp_path / "paper").write_text("no camera")
    camera = CameraPhotos(str(tmp_path / "paper"))
    assert until(lambda: camera.offers() == (), PATIENCE_S)
    assert not camera.takes
    camera.stop()


def test_it_is_said_once_that_no_camera_is_there(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", cameras.__name__)
    camera = CameraPhotos(str(tmp_path / "none"))
    assert until(lambda: camera.offers() == (), PATIENCE_S)
    time.sleep(0.3)  # some more looks
    camera.stop()
    (record,) = caplog.records
    assert record.message.startswith("No camera can be opened: ")
    assert "No such file or directory" in record.message


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which a machine's devices lie."""
    monkeypatch.setattr(cameras, "NODES", tmp_path)
    return tmp_path


def test_devices_are_tried_in_their_order(machine: Path) -> None:
    for name in ("video10", "video2", "video0", "video-codec", "null"):
        (machine / name).touch()
    assert nodes() == tuple(str(machine / name) for name in ("video0", "video2", "video10"))


def test_a_machine_without_cameras_takes_no_photos(machine: Path) -> None:
    assert not list(machine.iterdir())
    camera = CameraPhotos()
    assert not camera.takes
    assert camera.offers() == ()
    camera.stop()


def test_a_missing_library_is_seen_without_loading_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert library_is_here()
    monkeypatch.setattr(cameras, "LIBRARY", "no_such_library")
    assert not library_is_here()


def test_a_folder_stands_behind_the_camera(camera: CameraPhotos, tmp_path: Path) -> None:
    (tmp_path / "paper.jpg").write_bytes(b"x")
    folder = FolderPhotos(tmp_path)
    both = JoinedPhotos(camera, folder)
    assert both.offers() == (STARTING, *folder.offers())
    frame = seen(camera)
    assert both.read(frame) == camera.read(frame)
    assert both.read(folder.offers()[0]) == b"x"
    assert both.read(Offer("gone.jpg", 1)) is None
    assert (both.takes, both.nothing) == (True, folder.nothing)


def photos(config: KioskConfig) -> PhotoSource | None:
    with ExitStack() as stack:
        return _photos(config, stack)


def test_the_settings_say_where_photos_come_from(tmp_path: Path) -> None:
    config = KioskConfig(data_dir=tmp_path, photo_folder=tmp_path, camera_device=NO_CAMERA)
    folder, both = photos(config), photos(replace(config, camera_device="/dev/video7"))
    assert folder is not None
    assert not folder.takes
    assert both is not None
    assert both.takes
    assert photos(replace(config, photo_folder=None)) is None


def test_a_kiosk_without_the_library_has_no_camera_and_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(cameras, "LIBRARY", "no_such_library")
    caplog.set_level("INFO")
    assert photos(KioskConfig(data_dir=tmp_path)) is None
    assert len(caplog.records) == 1
