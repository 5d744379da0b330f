"""What a process did to its files, in order, with a mark wherever something left it.

`recorder.c` writes it down, loaded before the C library (LD_PRELOAD); so what is recorded is the
real program, its SQLite and all, and not a stand-in. It is compiled on the spot.
"""

import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

SOURCE = Path(__file__).with_name("recorder.c")
_HEAD = struct.Struct("=cQQII")


class What(StrEnum):
    """Kinds of records: changes, syncs, and what left the process."""

    CREATE = "c"
    WRITE = "w"
    TRUNCATE = "t"
    RENAME = "r"
    REMOVE = "u"
    MAKE_FOLDER = "m"
    SYNC = "s"
    SYNC_FOLDER = "F"
    SAID = "S"
    PRINTED = "P"
    SENT = "N"


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was done.

    Attributes:
        inode: which file; of a mark, by which handle it left.
        offset: where it was written, or the size it was cut to.
        data: what was written or said; the new name of what was renamed.
    """

    what: What
    inode: int
    name: Path
    offset: int
    data: bytes


class Recorder:
    """The compiled recorder and the log it writes.

    Args:
        place: a folder for both, outside of the one that is watched.
        watched: the folder whose files are written down.
    """

    def __init__(self, place: Path, watched: Path) -> None:
        self._library = place / "recorder.so"
        self._log = place / "recorded"
        self._watched = watched
        build = ["gcc", "-shared", "-fPIC", "-O2", "-o", str(self._library), str(SOURCE), "-ldl"]
        subprocess.run(build, check=True)

    @property
    def environment(self) -> dict[str, str]:
        """What a process that is to be recorded needs."""
        return {
            "LD_PRELOAD": str(self._library),
            "DISK_LOG": str(self._log),
            "DISK_ROOT": str(self._watched),
        }

    def story(self) -> list[Done]:
        """All that was done so far."""
        return list(_records(self._log.read_bytes()))


def _records(log: bytes) -> Iterator[Done]:
    at = 0
    while at < len(log):
        what, inode, offset, name_size, data_size = _HEAD.unpack_from(log, at)
        at += _HEAD.size
        name = Path(log[at : at + name_size].decode())
        at += name_size
        yield Done(What(what.decode()), inode, name, offset, log[at : at + data_size])
        at += data_size
