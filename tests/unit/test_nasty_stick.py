"""A stick that was made to harm: only signed messages are read, and nothing waits, grows or runs.

Each nasty thing lies once among a kiosk's messages, once among central's answers and once where
photos and files are chosen.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kiosk.devices.file import OFFERS_MAX, PAPERS, FolderFiles
from kiosk.devices.photo import FolderPhotos
from sync import carried
from sync.central.intake.exchange import CentralServer
from sync.courier import hand_in
from sync.ledger import Ledger
from sync.protocol import Central
from sync.records import DeviceId
from sync.stick import visit, write
from tests.paper_kiosk import new_code
from tests.sample_service import SERVICE, VERSION
from tests.stand_ins import kiosk

FILES = 10_000
HUGE_BYTES = 2**40
DEPTH = 300


@pytest.fixture
def ledger(central: Path, tmp_path: Path) -> Iterator[Ledger]:
    assert central.is_dir()
    opened = kiosk.enrolled(tmp_path, CentralServer(), new_code())
    yield opened
    opened.close()


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file that is not on the stick, and looks as if it were to be read."""
    path = tmp_path / "outside.jpg"
    path.write_bytes(b"\xff\xd8\xff not on the stick")
    path.touch()
    return path


def is_called(number: int, ending: str) -> str:
    """A name as of a message of ours; it sorts behind the real ones."""
    return f"{number:010}-{'f' * 16}{ending}"


def fill(place: Path, ending: str, outside: Path) -> None:
    """Everything that harms, in a folder where names end so."""
    place.mkdir(parents=True, exist_ok=True)
    names = iter(is_called(9_000_000 + number, ending) for number in range(100))
    os.mkfifo(place / next(names))
    (place / next(names)).symlink_to(outside)
    (place / next(names)).symlink_to("/dev/zero")
    (place / next(names)).symlink_to(place)  # a circle
    (place / next(names)).mkdir()
    with suppress(PermissionError):  # only root may
        os.mknod(place / next(names), stat.S_IFCHR | 0o666, os.makedev(1, 5))  # /dev/zero
    with (place / next(names)).open("wb") as huge:
        huge.truncate(HUGE_BYTES)
    for strange in (b"\x1b[2J\x07\n.jpg", b"\xff\xfe\xfd.jpg", "\u202egpj.exe.jpg".encode()):
        Path(os.fsdecode(os.fsencode(place) + b"/" + strange)).write_bytes(b"\xff\xd8\xff")
    for name in ("..%2f..%2fetc%2fpasswd", "...", "CON", "A" * 255, is_called(1, ending).upper()):
        (place / name).write_bytes(b"x")
    deep = place
    with suppress(OSError):  # no path is longer than the system lets
        for _depth in range(DEPTH):
            deep /= "d" * 12
            deep.mkdir()


def crowd(place: Path, ending: str) -> None:
    """Ten thousand files, a third of them called as ours."""
    for number in range(FILES):
        name = f"{number}.txt" if number % 3 else is_called(8_000_000 + number, ending)
        (place / name).touch()


class Heard:
    """The real central, and what was said to it."""

    def __init__(self) -> None:
        self._server = CentralServer()
        self.messages: list[bytes] = []

    def exchange(self, message: bytes) -> bytes:
        """As it does."""
        self.messages.append(message)
        return self._server.exchange(message)

    def send_evidence(self, message: bytes) -> bytes:
        """As it does."""
        self.messages.append(message)
        return self._server.send_evidence(message)

    def __getattr__(self, name: str) -> object:
        return getattr(self._server, name)


def heard_of(stick: Path, heard: Heard) -> int:
    """How many messages were refused."""
    central: Central = heard  # type: ignore[assignment]  # it passes on what it has not itself
    return sum(one.refused for one in hand_in(stick, central))


def test_a_nasty_stick_brings_its_real_messages_and_nothing_else(
    ledger: Ledger, tmp_path: Path, outside: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    kiosk.submit(ledger, service=SERVICE, service_version=VERSION)
    write(ledger, stick)
    device = ledger.enrolled_identity().device
    up, down = (carried.folder(stick, way, device) for way in (carried.UP, carried.DOWN))
    (stick / carried.ROOT / carried.UP / ("e" * 16)).symlink_to(tmp_path)
    fill(up, carried.BATCH, outside)
    crowd(up, carried.BATCH)
    heard = Heard()
    assert heard_of(stick, heard) == carried.BAD_MAX
    assert max(map(len, heard.messages)) < 10_000  # neither the huge file nor /dev/zero was read
    fill(down, carried.BATCH + carried.ANSWER, outside)
    crowd(down, carried.BATCH + carried.ANSWER)
    done = visit(ledger, stick)
    assert (done.answers, done.acknowledged, done.unreadable) == (1, 1, carried.BAD_MAX)
    assert ledger.waiting_count() == 0
    assert outside.read_bytes().endswith(b"not on the stick")


@pytest.mark.parametrize("linked", [carried.ROOT, f"{carried.ROOT}/{carried.UP}"])
def test_a_stick_whose_folders_lead_elsewhere_brings_nothing(
    tmp_path: Path, linked: str, central: Path
) -> None:
    assert central.is_dir()
    stick, elsewhere = tmp_path / "stick", tmp_path / "elsewhere"
    stick.mkdir()
    device = DeviceId("0" * 16)
    place = carried.folder(elsewhere, carried.UP, device)
    place.mkdir(parents=True)
    (place / is_called(1, carried.BATCH)).write_bytes(b"junk")
    (stick / linked).parent.mkdir(exist_ok=True)
    (stick / linked).symlink_to(elsewhere / linked)
    heard = Heard()
    assert heard_of(stick, heard) == 0
    assert heard.messages == []
    assert carried.names(carried.folder(stick, carried.UP, device), carried.BATCH) == []


def test_only_plain_pictures_and_files_are_offered(tmp_path: Path, outside: Path) -> None:
    folder = tmp_path / "stick"
    fill(folder, ".jpg", outside)
    (folder / "paper.pdf").write_bytes(b"%PDF-1.4 %%EOF")
    photos = FolderPhotos(folder)
    files = FolderFiles(folder)
    for offer in photos.offers():
        data = photos.read(offer)
        assert data is not None
        assert b"not on the stick" not in data
    offered = {one.name for one in files.offers(PAPERS)}
    assert "paper.pdf" in offered
    assert not any((folder / name).is_symlink() or (folder / name).is_fifo() for name in offered)
    for number in range(2 * OFFERS_MAX):
        (folder / f"{number}.jpg").write_bytes(b"\xff\xd8\xff")
    assert len(photos.offers()) == len(files.offers(PAPERS)) == OFFERS_MAX
