"""The disk is really full: said in a clear sentence, nothing half kept, and it goes on afterwards.

The kiosk's data lie on a small disk of their own, a tmpfs, which a ballast file fills to the last
page. (SQLite follows links to the end, so a disk in a mount namespace of the kiosk alone could not
be looked at from outside: mounting needs root.)
"""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.acceptance.bad_road import BadRoad
from tests.acceptance.central_books import CentralBooks
from tests.acceptance.kiosk_machine import KioskMachine
from tests.central import RunningCentral

DISK_BYTES = 80 * 2**20  # more than the desk wants free (64 MiB)
CHUNKS_BYTES = (2**20, 4096)
RESERVE_REACHED = "No photos or files can be added now. You can apply without them."
FULL_BEFORE = "This kiosk's storage is full. Please tell the staff."
NOT_HANDED_IN = (
    "This kiosk's storage is full. Your application is not handed in. "
    "Your answers are still here: please tell the staff."
)
PHOTO = {"photo_words": "family book", "photo_bytes": 200_000}


class SmallDisk:
    """The kiosk's disk, seen from outside."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._ballast = data / "ballast"

    def fill(self, *, but_bytes: int = 0) -> None:
        """Somebody else's files take all the room but so much."""
        with self._ballast.open("ab", buffering=0) as file:
            for chunk_bytes in CHUNKS_BYTES:
                with suppress(OSError):  # no space left on device
                    while file.write(bytes(chunk_bytes)) == chunk_bytes:
                        pass
            file.truncate(file.tell() - but_bytes)

    def clear(self) -> None:
        """The staff has made room."""
        self._ballast.unlink()

    def files(self) -> set[str]:
        """What lies in the evidence folder."""
        folder = self.data / "evidence"
        return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    data = tmp_path / "kiosk" / "data"
    data.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(data)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        yield SmallDisk(data)
    finally:
        subprocess.run(["umount", "--lazy", str(data)], check=True)


@pytest.fixture
def road(common_central: RunningCentral) -> Iterator[BadRoad]:
    with BadRoad(common_central.base_url) as built:
        yield built


@pytest.fixture
def kiosk(
    tmp_path: Path, common_central: RunningCentral, road: BadRoad, disk: SmallDisk
) -> Iterator[KioskMachine]:
    machine = KioskMachine(tmp_path / "kiosk")
    machine.provision(road.url, common_central.enrolment_code())
    assert machine.data == disk.data
    machine.set(disk_reserve_percent=20)
    machine.start()
    yield machine
    machine.close()


def kept(kiosk: KioskMachine) -> list[str]:
    """The applications that the kiosk's disk has; each with its print job."""
    with kiosk.ledger() as ledger:
        database = ledger.database
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        jobs = [
            row[0] for row in database.execute("SELECT application FROM print_jobs ORDER BY id")
        ]
        log = [row[0] for row in database.execute("SELECT application FROM log ORDER BY sequence")]
    assert jobs == log
    return log


def test_a_full_disk_is_said_and_nothing_is_half_kept(
    kiosk: KioskMachine, road: BadRoad, disk: SmallDisk, common_central: RunningCentral
) -> None:
    assert kiosk.status()["sentences"] == []
    kiosk.submit(1, **PHOTO)
    kiosk.settles(lambda state: state.waiting_count == 0)
    road.wash_out()
    disk.fill(but_bytes=DISK_BYTES // 5 - 1)
    assert kiosk.status()["sentences"] == [RESERVE_REACHED]
    kiosk.submit(2)
    disk.fill(but_bytes=40_000)
    assert kiosk.status()["sentences"] == [FULL_BEFORE]  # before anybody begins a form
    files = disk.files()
    assert kiosk.submit(1, **PHOTO) == []
    assert kiosk.refused == [NOT_HANDED_IN]
    assert disk.files() == files
    assert kept(kiosk) == [promise.application for promise in kiosk.promised]
    disk.fill()
    promised = len(kiosk.promised)
    kiosk.submit(20)  # without a photo: at 100 % room that was held spare is given up
    assert len(kiosk.promised) == promised + 20
    disk.fill()
    while len(kiosk.refused) < 4:  # until not a page is left
        kiosk.submit(1)
    assert set(kiosk.refused) == {NOT_HANDED_IN}
    assert kept(kiosk) == [promise.application for promise in kiosk.promised]
    disk.clear()
    kiosk.does("retry")  # the same entry: her answers were still there
    assert len(kiosk.refused) == 4
    kiosk.submit(2)
    kiosk.submit(1, **PHOTO)
    assert kiosk.status()["sentences"] == []
    assert kept(kiosk) == [promise.application for promise in kiosk.promised]
    road.mend()
    kiosk.settles(lambda state: state.waiting_count == 0 and state.last_problem is None)
    filed = CentralBooks(common_central.data).filed()
    assert {filed[promise.application] for promise in kiosk.promised} == {1}


def test_a_disk_that_is_full_when_central_answers_sends_again_when_there_is_room(
    kiosk: KioskMachine, road: BadRoad, disk: SmallDisk, common_central: RunningCentral
) -> None:
    road.wash_out()
    kiosk.submit(5)
    disk.fill()
    while not kiosk.refused:
        kiosk.submit(1)
    road.mend()
    assert road.hears(len(road.heard) + 2), "the kiosk does not try"
    disk.clear()
    kiosk.settles(lambda state: state.waiting_count == 0 and state.last_problem is None)
    filed = CentralBooks(common_central.data).filed()
    assert {filed[promise.application] for promise in kiosk.promised} == {1}


def test_a_kiosk_that_starts_on_a_full_disk_keeps_its_promises(
    kiosk: KioskMachine, road: BadRoad, disk: SmallDisk, common_central: RunningCentral
) -> None:
    road.wash_out()
    kiosk.submit(3)
    disk.fill()
    kiosk.kill()
    kiosk.start()
    assert kiosk.status()["sentences"] == [FULL_BEFORE]
    kiosk.kill()
    disk.clear()
    kiosk.start()
    kiosk.submit(1)
    road.mend()
    kiosk.settles(lambda state: state.waiting_count == 0 and state.last_problem is None)
    filed = CentralBooks(common_central.data).filed()
    assert {filed[promise.application] for promise in kiosk.promised} == {1}
