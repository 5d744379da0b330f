"""Evidence in a folder: whole files by their hashes, and beside them what is still arriving.

What has arrived lies in `<sha256>.part`; its length is the offset from which a device goes on,
whatever was cut off. Pieces are on the disk before they are acknowledged.
"""

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path
from typing import IO

from sync.central.intake.models import EvidenceFile
from sync.durable import make_folder, sync_folder
from sync.protocol import EvidencePiece
from sync.sentence import Sentence

_FULL = (errno.ENOSPC, errno.EDQUOT)


class EvidenceTrouble(Exception):
    """The place for evidence cannot be used now; the sentence is for who manages the server."""


class EvidenceFolder:
    """A folder of this machine, or one that several share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __str__(self) -> str:
        return str(self._folder)

    def is_here(self, sha256: str) -> bool:
        """Whether the file is here and whole."""
        with self._told():
            return (self._folder / sha256).exists()

    is_known_here = is_here

    def read(self, sha256: str) -> bytes | None:
        """The file; None where it is not here."""
        with self._told():
            try:
                return (self._folder / sha256).read_bytes()
            except FileNotFoundError:
                return None

    def length(self, row: EvidenceFile) -> int:
        """How much of a file has arrived."""
        with self._told():
            try:
                return self._part(row).stat().st_size
            except FileNotFoundError:
                return 0

    def append(self, row: EvidenceFile, piece: EvidencePiece) -> int:
        """Add a piece at the end of what has arrived, if it belongs there; the new length."""
        with self._told(), self._locked(row) as part:
            offset = part.seek(0, os.SEEK_END)
            if offset != piece.offset:
                return offset
            part.write(piece.data)
            part.flush()
            offset += len(piece.data)
            if offset < row.size:  # else `finish` does so
                os.fsync(part.fileno())
            return offset

    def finish(self, row: EvidenceFile) -> bool:
        """Give what has arrived its name; False: it was another file, and is dropped."""
        with self._told(), self._locked(row) as part:
            if (self._folder / row.sha256).exists():  # finished while we waited for the lock
                self._part(row).unlink(missing_ok=True)
                return True
            part.seek(0)
            if hashlib.file_digest(part, "sha256").hexdigest() != row.sha256:
                part.truncate(0)
                os.fsync(part.fileno())
                return False
            os.fsync(part.fileno())
            self._part(row).rename(self._folder / row.sha256)
            sync_folder(self._folder)
            return True

    def put(self, sha256: str, whole: IO[bytes]) -> None:
        """Give a whole file its place; raises EvidenceTrouble."""
        with self._told():
            self._make()
            aside = self._folder / f"{sha256}.{os.getpid()}"
            whole.seek(0)
            with aside.open("wb") as file:
                shutil.copyfileobj(whole, file)
                file.flush()
                os.fsync(file.fileno())
            aside.rename(self._folder / sha256)
            sync_folder(self._folder)

    def check(self) -> None:
        """Write, read and remove a file; raises EvidenceTrouble."""
        with self._told():
            self._make()
            probe = self._folder / f".check-{os.getpid()}"
            probe.write_bytes(b"check")
            probe.unlink()

    def _part(self, row: EvidenceFile) -> Path:
        return self._folder / f"{row.sha256}.part"

    def _make(self) -> None:
        make_folder(self._folder)

    @contextmanager
    def _locked(self, row: EvidenceFile) -> Iterator[BufferedRandom]:
        """The partial file, for one writer at a time, in any process."""
        self._make()
        with self._part(row).open("a+b") as part:
            fcntl.flock(part, fcntl.LOCK_EX)
            yield part

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as problem:
            sentence = Sentence(
                "The folder %(place)s cannot be used (%(why)s).",
                place=self,
                why=Sentence(problem.strerror or type(problem).__name__),
            )
            if problem.errno in _FULL:
                sentence = Sentence("The disk of %(place)s is full.", place=self)
            raise EvidenceTrouble(sentence) from problem
