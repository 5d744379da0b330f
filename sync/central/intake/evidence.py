"""Evidence: encrypted documents and photos that follow their envelopes in pieces.

What has arrived lies in `CENTRAL_DATA/evidence/<sha256>.part`; its length is the offset from which
a device goes on, whatever was cut off. A whole file is held against its hash and only then gets its
name. Pieces are on the disk before they are acknowledged. Only files that an envelope announced are
taken, so nobody can fill the disk with others.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from sync.central.intake.models import EvidenceFile
from sync.central.intake.refusal import NOT_ANNOUNCED, refused
from sync.protocol import EvidencePiece


def folder() -> Path:
    """Where the files lie."""
    return Path(settings.DATA) / "evidence"


def find_path(sha256: bytes) -> Path | None:
    """The complete file of that hash; None while it is still on its way."""
    path = folder() / sha256.hex()
    return path if path.exists() else None


def offset_of(sha256: bytes) -> int:
    """How much of a file is here.

    Raises:
        Refused: no envelope announced it.
    """
    row = _announced(sha256)
    if find_path(sha256) is not None:
        return row.size
    try:
        return _part(sha256).stat().st_size
    except FileNotFoundError:
        return 0


def append(piece: EvidencePiece) -> int:
    """Add a piece where it belongs; the offset to go on from.

    A piece that is here already, or beyond a gap, changes nothing: the offset says so. When the
    whole file does not have its hash it is dropped and starts again at 0.

    Raises:
        Refused: no envelope announced this file in this size.
    """
    row = _announced(piece.sha256)
    if row.size != piece.total:
        raise refused(NOT_ANNOUNCED, "This file was announced with another size.")
    if find_path(piece.sha256) is not None:
        return row.size
    with _locked(_part(piece.sha256)) as part:
        if find_path(piece.sha256) is not None:  # finished while we waited for the lock
            return row.size
        offset = part.seek(0, os.SEEK_END)
        if offset != piece.offset:
            return offset
        part.write(piece.data)
        part.flush()
        offset += len(piece.data)
        if offset < row.size:
            os.fsync(part.fileno())
            return offset
        return _finish(row, part)


def _announced(sha256: bytes) -> EvidenceFile:
    row = EvidenceFile.objects.filter(pk=sha256.hex()).first()
    if row is None:
        raise refused(NOT_ANNOUNCED, "No application here names this file.")
    return row


def _part(sha256: bytes) -> Path:
    return folder() / f"{sha256.hex()}.part"


@contextmanager
def _locked(path: Path) -> Iterator[BufferedRandom]:
    """The partial file, for one writer at a time, in any process."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("a+b") as part:
        fcntl.flock(part, fcntl.LOCK_EX)
        yield part


def _finish(row: EvidenceFile, part: BufferedRandom) -> int:
    """Give a whole file its name, if it is what was announced."""
    part.seek(0)
    if hashlib.file_digest(part, "sha256").hexdigest() != row.sha256:
        part.truncate(0)
        os.fsync(part.fileno())
        return 0
    os.fsync(part.fileno())
    Path(part.name).rename(folder() / row.sha256)
    directory = os.open(folder(), os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    row.complete_at = timezone.now()
    row.save(update_fields=["complete_at"])
    return row.size
