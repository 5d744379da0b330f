"""Junk fills no disk: photos stop where the reserve of applications begins, applications go on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import desk, room
from kiosk.desk import CannotKeep
from kiosk.field.road import tell_room
from kiosk.forms.entry import Entry
from kiosk.health import NO_FILES_SENTENCE, STORAGE_SENTENCE
from kiosk.language import set_language
from kiosk.reopening import Aside
from kiosk.room import (
    KEEP_BYTES_MIN,
    SPARE_BYTES_MAX,
    SPARE_NAME,
    VISIT_BYTES_MAX,
    Disk,
    NoRoom,
    start_of_day_ms,
)
from kiosk.visit import Visit
from sync.records import EVIDENCE_BYTES_MAX, Stamp, TimeQuality
from tests.desk_kiosk import DISK_BYTES, DeskKiosk, central_with_services

PHOTO = "/data/family_book"
PHOTO_BYTES = 400_000
RESERVE_BYTES = DISK_BYTES // 5


class JunkDisk:
    """The disk fills with every photo that a person is let add, as a real one does."""

    def __init__(self, kiosk: DeskKiosk) -> None:
        self._kiosk = kiosk
        self.photos = 0

    def visitor_adds_photo(self) -> Entry:
        """She fills in a form, and adds a photo where she may."""
        entry = self._kiosk.filled()
        if self._kiosk.desk.lacks_room(entry, PHOTO, PHOTO_BYTES) is None:
            entry.attach(PHOTO, bytes(PHOTO_BYTES), "image/jpeg")
            self._kiosk.free_bytes -= PHOTO_BYTES
            self.photos += 1
        return entry


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[DeskKiosk]:
    set_language("en")
    opened = DeskKiosk(tmp_path / "kiosk", central_with_services())
    yield opened
    opened.ledger.close()
    set_language("lo")


def test_junk_stops_at_the_reserve_and_applications_are_still_taken(kiosk: DeskKiosk) -> None:
    disk, desk = JunkDisk(kiosk), kiosk.desk
    kiosk.free_bytes = RESERVE_BYTES + 3 * PHOTO_BYTES + 1000
    promised = [desk.submit(disk.visitor_adds_photo()).application for _visit in range(3)]
    assert disk.photos == 3
    kiosk.free_bytes -= 1001
    assert NO_FILES_SENTENCE in desk.readiness().sentences()  # before the first question
    promised += [desk.submit(disk.visitor_adds_photo()).application for _visit in range(3)]
    assert disk.photos == 3
    assert kiosk.free_bytes < RESERVE_BYTES < kiosk.free_bytes + 1002
    kiosk.start()
    kiosk.exchanges()
    assert list(kiosk.central.memory.applications) == promised


def test_below_the_reserve_nothing_waits_for_another_day(kiosk: DeskKiosk) -> None:
    entry = kiosk.filled()
    kiosk.free_bytes = RESERVE_BYTES - 1
    with pytest.raises(CannotKeep, match="cannot be kept for another day"):
        kiosk.desk.set_aside(entry, Aside())
    assert kiosk.desk.submit(entry).application


def test_the_last_megabytes_are_another_sentence(kiosk: DeskKiosk) -> None:
    kiosk.free_bytes = KEEP_BYTES_MIN
    assert kiosk.desk.readiness().sentences()[0] == NO_FILES_SENTENCE
    kiosk.free_bytes -= 1
    assert kiosk.desk.readiness().sentences()[0] == STORAGE_SENTENCE


def test_a_visit_brings_so_much_and_an_answer_that_is_changed_makes_way(kiosk: DeskKiosk) -> None:
    entry, part = kiosk.filled(), VISIT_BYTES_MAX // 4
    entry.attach(PHOTO, bytes(part), "image/jpeg")
    lacks = kiosk.desk.lacks_room
    assert lacks(entry, "/data/another", part, kept_bytes=2 * part) is None
    assert lacks(entry, "/data/another", part + 1, kept_bytes=2 * part) is NoRoom.VISIT
    assert lacks(entry, PHOTO, part + 1, kept_bytes=2 * part) is None
    entry.attach(PHOTO, bytes(PHOTO_BYTES), "image/jpeg")
    visit = Visit(lambda: 0.0, idle_s=60, warning_s=30)
    visit.entry = entry
    visit.hands_in(kiosk.desk.submit(entry))
    assert visit.kept_bytes == PHOTO_BYTES
    again = kiosk.filled()
    assert lacks(again, PHOTO, part, kept_bytes=VISIT_BYTES_MAX - part) is None
    assert lacks(again, PHOTO, part + 1, kept_bytes=VISIT_BYTES_MAX - part) is NoRoom.VISIT
    visit.wipe()
    assert visit.kept_bytes == 0


def test_what_no_application_carries_is_said_at_its_question(
    kiosk: DeskKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, lacks = kiosk.filled(), kiosk.desk.lacks_room
    assert lacks(entry, PHOTO, EVIDENCE_BYTES_MAX) is NoRoom.VISIT
    entry.attach(PHOTO, bytes(PHOTO_BYTES), "image/jpeg")
    monkeypatch.setattr(desk, "EVIDENCE_COUNT_MAX", 1)
    assert lacks(entry, "/data/another", PHOTO_BYTES) is NoRoom.VISIT
    assert lacks(entry, PHOTO, PHOTO_BYTES) is None


def test_a_day_brings_so_much_in_files_and_in_what_was_set_aside(
    kiosk: DeskKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = kiosk.desk
    entry = kiosk.filled()
    entry.attach(PHOTO, bytes(PHOTO_BYTES), "image/jpeg")
    desk.submit(entry)
    handed_in = desk.room.today_bytes()
    assert PHOTO_BYTES <= handed_in < PHOTO_BYTES + 1000
    desk.set_aside(entry, Aside())
    today = desk.room.today_bytes()
    assert today > handed_in + PHOTO_BYTES
    monkeypatch.setattr(room, "DAY_BYTES_MAX", today + 1)
    assert desk.room.lacks() is None
    assert desk.lacks_room(kiosk.filled(), PHOTO, 1) is NoRoom.DAY
    monkeypatch.setattr(room, "DAY_BYTES_MAX", today)
    assert desk.room.lacks() is NoRoom.DAY
    assert not desk.readiness().takes_files
    assert desk.submit(kiosk.filled()).application
    tomorrow = desk._clock.now().at_ms + 24 * 3600 * 1000
    desk.room._clock = Tomorrow(tomorrow)
    assert desk.room.today_bytes() == 0


class Tomorrow:
    """A clock that stands."""

    def __init__(self, at_ms: int) -> None:
        self._at_ms = at_ms

    def now(self) -> Stamp:
        """That moment."""
        return Stamp(self._at_ms, TimeQuality.TRUSTED)


def test_a_day_begins_at_midnight_in_vientiane() -> None:
    at = Stamp(1_764_000_000_000, TimeQuality.TRUSTED)  # 24 November 2025, 23:00 in Vientiane
    assert start_of_day_ms(at) == 1_763_917_200_000  # 17:00 UTC on the day before
    assert start_of_day_ms(Stamp(at.at_ms + 3_600_000, at.quality)) == 1_764_003_600_000


def test_room_is_held_and_given_up_once(kiosk: DeskKiosk) -> None:
    spare = kiosk.folder / SPARE_NAME
    kiosk.free_bytes = RESERVE_BYTES
    kiosk.desk.room.hold_spare()
    assert not spare.exists()  # not from what is short already
    kiosk.free_bytes = DISK_BYTES
    kiosk.desk.erase_old_entries()  # when nobody is here
    assert spare.stat().st_blocks * 512 >= SPARE_BYTES_MAX
    assert kiosk.desk.room.give_spare_up()
    assert not kiosk.desk.room.give_spare_up()


def test_the_command_says_how_full_the_disk_is(kiosk: DeskKiosk) -> None:
    said: list[str] = []
    assert tell_room(kiosk.desk.room, said.append)
    assert said == ["Disk: 32,000 of 32,000 MB free, 6,400 MB of them for applications only"]
    kiosk.free_bytes = RESERVE_BYTES - 1
    assert not tell_room(kiosk.desk.room, said.append)
    assert said[-1].startswith("Photos and files are NOT taken: the disk's reserve is reached.")


def test_the_real_disk_is_measured(tmp_path: Path) -> None:
    disk = Disk.of(tmp_path, reserved_percent=0)
    assert 0 < disk.free_bytes <= disk.size_bytes
    assert disk.has_room()
