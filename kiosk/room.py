"""Room for photos, recordings, signatures and files: junk must never keep an application out.

An application without files takes a few kilobytes, a photo a hundred times that. So a fifth of the
disk belongs to applications and what they need: where less is free, no file is taken, before the
first question as well as at the question that asks for one, and nothing is set aside for another
day. What is asked for stays empty, the officer reads why, and the application is handed in. The
same holds when one visit or one day has brought more than honest use brings: then somebody fills
the disk, and everybody else still hands in.

The program looks at the disk itself, so what other programs leave there counts too. Should those
fill it to the last page all the same, a file that holds some megabytes for nothing but this is
given up, and applications go on.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from pathlib import Path

from kiosk.language import VIENTIANE, local_date
from kiosk.unfinished import UnfinishedEntries
from sync.clock import Clock
from sync.ledger import Ledger
from sync.records import Stamp
from sync.retention import DAY_MS

RESERVED_PERCENT = 20  # of the disk: for applications, the ledger and what central sends
VISIT_BYTES_MAX = 64 * 2**20  # a family's papers as photos take a tenth of that
DAY_BYTES_MAX = 512 * 2**20  # five hundred applications with three photos each
KEEP_BYTES_MIN = 8 * 2**20  # below that even an application alone may not be kept
SPARE_BYTES_MAX = 8 * 2**20  # a thousand applications without files
SPARE_PARTS = 100  # of a disk: one of them is held spare at most
SPARE_NAME = "spare-room"  # in the data folder


class NoRoom(StrEnum):
    """Why no file is taken."""

    RESERVE = "reserve"  # what is free belongs to applications
    DAY = "day"  # today brought as much as a day may
    VISIT = "visit"  # she brought as much as one visit may


@dataclass(frozen=True, slots=True)
class Disk:
    """How much the disk holds, and how much of that is free."""

    free_bytes: int
    size_bytes: int
    reserved_percent: int = RESERVED_PERCENT

    @classmethod
    def of(cls, folder: Path, reserved_percent: int = RESERVED_PERCENT) -> "Disk":
        """The disk on which a folder lies."""
        usage = shutil.disk_usage(folder)
        return cls(usage.free, usage.total, reserved_percent)

    @property
    def reserve_bytes(self) -> int:
        """What only applications may use."""
        return self.size_bytes * self.reserved_percent // 100

    def has_room(self, bytes_: int = 0) -> bool:
        """Whether so much more leaves the reserve whole."""
        return self.free_bytes - bytes_ >= self.reserve_bytes

    @property
    def can_keep(self) -> bool:
        """Whether an application without files is kept for certain."""
        return self.free_bytes >= KEEP_BYTES_MIN


class Room:
    """What may still be put on the disk of one kiosk, for the thread that opened the ledger.

    Args:
        ledger: the device's ledger.
        clock: tells which day it is.
        disk: tells how full the disk is.
        keep_days: how long an entry waits for its resume slip.
    """

    def __init__(
        self, ledger: Ledger, clock: Clock, disk: Callable[[], Disk], keep_days: int
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._unfinished = UnfinishedEntries(ledger)
        self._keep_days = keep_days
        self._spare = ledger.path.parent / SPARE_NAME
        self.disk = disk

    def lacks(self, bytes_: int = 0, kept_bytes: int = 0) -> NoRoom | None:
        """What keeps a visit's files from being taken; None: they may be.

        Args:
            bytes_: of the files in memory and of one more; 0 before anybody has chosen one.
            kept_bytes: what the same visit has brought before and the disk has.
        """
        if kept_bytes + bytes_ > VISIT_BYTES_MAX:
            return NoRoom.VISIT
        if not self.disk().has_room(bytes_):
            return NoRoom.RESERVE
        if self.today_bytes() + bytes_ >= DAY_BYTES_MAX:
            return NoRoom.DAY
        return None

    def hold_spare(self) -> None:
        """Hold some room on the disk for the day on which others have filled it."""
        disk = self.disk()
        size = min(SPARE_BYTES_MAX, disk.size_bytes // SPARE_PARTS)
        if self._spare.exists() or not disk.has_room(size):
            return
        with suppress(OSError), self._spare.open("wb") as file:  # without it, as on a full disk
            os.posix_fallocate(file.fileno(), 0, size)

    def give_spare_up(self) -> bool:
        """The disk is full: make room. Whether there was any to make."""
        try:
            self._spare.unlink()
        except OSError:
            return False
        return True

    def today_bytes(self) -> int:
        """What today has brought: files handed in, and what waits for its resume slip."""
        since_ms = start_of_day_ms(self._clock.now())
        until_ms = since_ms + self._keep_days * DAY_MS  # what is set aside today waits until then
        files = self._ledger.evidence_bytes_between(since_ms, since_ms + DAY_MS)
        return files + self._unfinished.bytes_waiting_until(until_ms, until_ms + DAY_MS)


def start_of_day_ms(now: Stamp) -> int:
    """The midnight before, in Vientiane."""
    return round(datetime.combine(local_date(now), time(), VIENTIANE).timestamp() * 1000)
