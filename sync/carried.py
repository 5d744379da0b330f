"""The folder on a USB stick by which messages travel where no line goes.

    one-door/to-central/<device>/0000000001-<hash>.batch              a slice of the device's log
    one-door/to-central/<device>/<sha256>-0000000000.piece            a part of a document or photo
    one-door/to-central/<device>/0000000000-<hash>.enrolment          a new kiosk asks to be known
    one-door/from-central/<device>/0000000001-<hash>.batch.answer     central's word on it

Each file is one signed message, the very bytes that would have gone by HTTPS. A stick is pulled out
too early, copied by hand, carried twice or months late: so each file is written aside and renamed,
whoever reads believes nothing but the signature, and what is not whole is passed over. All that is
personal in it is sealed: who finds a lost stick reads nothing.

A stick may also be made to harm. Only plain files that are called as ours are opened, no link is
followed, no pipe or device waited for, nothing larger than a message is read, and of a folder that
somebody filled only so much is looked at.
"""

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from operator import attrgetter
from pathlib import Path

from sync.durable import UNFINISHED, put_whole, sync_folder
from sync.errors import SyncError
from sync.records import DeviceId
from sync.sentence import Sentence
from sync.signed import message_hash

ROOT = "one-door"
UP, DOWN = "to-central", "from-central"
BATCH, PIECE, ENROLMENT, ANSWER = ".batch", ".piece", ".enrolment", ".answer"
ENTRIES_MAX = 20_000  # of one folder that are looked at: years of a kiosk's messages
BAD_MAX = 200  # messages of one stick that are no good: after that it is left alone
_DEVICE = re.compile(r"[0-9a-f]{16}")
_NAME = re.compile(r"[0-9a-f]{1,64}-[0-9a-f]{1,16}\.(batch|piece|enrolment)(\.answer)?")


class StickTrouble(SyncError):
    """The stick cannot be read or written; the sentence says what to do."""


def folder(stick: Path, way: str, device: DeviceId) -> Path:
    """Where messages of that device lie on a stick."""
    return stick / ROOT / way / device


def check_there(stick: Path) -> None:
    """A mistyped folder must not be made on this disk.

    Raises:
        StickTrouble: there is no such folder.
    """
    if not stick.is_dir():
        raise StickTrouble(
            Sentence(
                "There is no folder %(stick)s. Plug the stick in and look where it is.", stick=stick
            )
        )


def devices(stick: Path, way: str) -> list[DeviceId]:
    """Whose messages lie on a stick, in order.

    Raises:
        StickTrouble: there is no such folder.
    """
    check_there(stick)
    place = stick / ROOT / way
    if not (_is_folder(stick / ROOT) and _is_folder(place)):
        return []
    return [
        DeviceId(entry.name)
        for entry in _entries(place)
        if _DEVICE.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
    ]


def batch_name(after: int, message: bytes) -> str:
    """A batch's file: they sort in the order of the log."""
    return f"{after + 1:010}-{message_hash(message).hex()[:16]}{BATCH}"


def piece_name(sha256: bytes, offset: int) -> str:
    """A piece's file: those of one document sort in its order."""
    return f"{sha256.hex()}-{offset:010}{PIECE}"


def enrolment_name(message: bytes) -> str:
    """The file of a request to be enrolled: before everything else."""
    return f"{0:010}-{message_hash(message).hex()[:16]}{ENROLMENT}"


def names(place: Path, ending: str) -> list[str]:
    """The messages of a kind in a folder, in order; nothing that others put there."""
    if not all(map(_is_folder, (place.parent.parent, place.parent, place))):
        return []
    return [
        entry.name
        for entry in _entries(place)
        if entry.name.endswith(ending)
        and _NAME.fullmatch(entry.name)
        and entry.is_file(follow_symlinks=False)
    ]


def _entries(place: Path) -> list["os.DirEntry[str]"]:
    """What lies in a folder, by name, as far as anybody needs to look; nothing where it fails."""
    try:
        with os.scandir(place) as entries:
            return sorted(islice(entries, ENTRIES_MAX), key=attrgetter("name"))
    except OSError:
        return []


def is_message(name: str) -> bool:
    """Whether a file is called as a kiosk's message to central is."""
    return bool(_NAME.fullmatch(name)) and name.endswith((BATCH, PIECE, ENROLMENT))


def messages(place: Path, ending: str, bytes_max: int) -> Iterator[tuple[str, bytes]]:
    """Each message of a kind with its name; empty where it is too long or cannot be read."""
    for name in names(place, ending):
        data = b""
        with suppress(OSError):
            data = _read(place / name, bytes_max)
        yield name, data


def _read(path: Path, bytes_max: int) -> bytes:
    """A plain file of at most so many bytes; else nothing, without reading it."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        known = os.fstat(file.fileno())
        if not stat.S_ISREG(known.st_mode) or known.st_size > bytes_max:
            return b""
        data = file.read(bytes_max + 1)
        return data if len(data) <= bytes_max else b""


def write(place: Path, name: str, message: bytes) -> None:
    """Put a message on the stick, whole or not at all.

    Raises:
        StickTrouble: the stick is full, or cannot be written.
    """
    try:
        _make(place)
        put_whole(place / name, message, 0o666)
    except OSError as problem:
        raise StickTrouble(_cannot_write(place.parent.parent.parent, problem)) from problem


def _cannot_write(stick: Path, problem: OSError) -> str:
    """Why a stick cannot be written, and what to do."""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Sentence("The stick %(stick)s is full. Take one that has room.", stick=stick)
    if problem.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return Sentence(
            "The stick %(stick)s may not be written. Look for its lock, or its folder's rights.",
            stick=stick,
        )
    if problem.errno in (errno.EIO, errno.ENODEV, errno.ENXIO):
        return Sentence(
            "The stick %(stick)s broke off or was pulled out. Plug it in again, or take another.",
            stick=stick,
        )
    return Sentence(
        "Nothing can be written in %(stick)s. Look where the stick's own folder is.", stick=stick
    )


def remove(place: Path, ending: str) -> None:
    """Clear away messages of a kind, and what was left half written."""
    with suppress(OSError):
        for path in place.iterdir():
            if path.name.startswith(UNFINISHED):
                path.unlink()
    for name in names(place, ending):
        with suppress(OSError):
            (place / name).unlink()


def settle(place: Path) -> None:
    """Wait until the folder's names are on the stick: then it may be pulled out."""
    with suppress(OSError):  # not every file system of a stick knows how
        sync_folder(place)


def _make(place: Path) -> None:
    """The folder; never through a link that leads off the stick."""
    root = place.parent.parent
    for part in (root, place.parent, place):
        if part.is_symlink():
            raise StickTrouble(
                Sentence("%(file)s leads elsewhere. Remove it from the stick.", file=part)
            )
        part.mkdir(exist_ok=True)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
