"""Evidence: encrypted documents and photos that follow their envelopes in pieces.

Where they lie is one setting (`evidence_place`): a folder, or S3-compatible storage. The rules are
the same: a device goes on from the offset that is here, whatever was cut off; a whole file is held
against its hash and only then gets its name, which is that hash. Only files that an envelope
announced are taken, so nobody can fill the place with others.

Where the place cannot be used, nothing is acknowledged: the device keeps what it has and comes back
later, and whoever manages the server is told in the log and on the page of the kiosks.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import IO, Final, Protocol

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from sync.central.intake.evidence_folder import EvidenceFolder, EvidenceTrouble
from sync.central.intake.models import EvidenceFile, TroubleNote
from sync.central.intake.refusal import NOT_ANNOUNCED, busy, refused
from sync.protocol import EvidencePiece

logger = logging.getLogger(__name__)

RETRY_S: Final = 60  # storage that is away rarely comes back in seconds
SAID_EVERY: Final = timedelta(minutes=1)


class EvidenceStore(Protocol):
    """A place for evidence; each of its methods may raise EvidenceTrouble."""

    def is_here(self, sha256: str) -> bool:
        """Whether the file is here and whole; looks at the place itself."""

    def is_known_here(self, sha256: str) -> bool:
        """The same for a page with many documents: may believe the database."""

    def read(self, sha256: str) -> bytes | None:
        """The file; None where it is not here."""

    def length(self, row: EvidenceFile) -> int:
        """How much of a file has arrived."""

    def append(self, row: EvidenceFile, piece: EvidencePiece) -> int:
        """Add a piece at the end of what has arrived, if it belongs there; the new length."""

    def finish(self, row: EvidenceFile) -> bool:
        """Give what has arrived its name; False: it was another file, and is dropped."""

    def put(self, sha256: str, whole: IO[bytes]) -> None:
        """Give a whole file its place; the same one twice is one."""

    def check(self) -> None:
        """Write, read and remove something."""


@cache
def store() -> EvidenceStore:
    """The place that the settings name."""
    place = settings.EVIDENCE
    if place.bucket is not None:
        from sync.central.intake.evidence_bucket import (  # noqa: PLC0415 - needs more packages
            EvidenceBucket,
        )

        return EvidenceBucket(place.bucket)
    return EvidenceFolder(place.folder)


def is_here(sha256: bytes) -> bool:
    """Whether a document has arrived, for a page that names it."""
    try:
        return store().is_known_here(sha256.hex())
    except EvidenceTrouble as trouble:
        note_trouble(str(trouble))
        return False


def find(sha256: bytes) -> bytes | None:
    """The complete file of that hash; None while it is on its way.

    Raises:
        EvidenceTrouble: the place for evidence cannot be used now.
    """
    try:
        return store().read(sha256.hex())
    except EvidenceTrouble as trouble:
        note_trouble(str(trouble))
        raise


def offset_of(sha256: bytes) -> int:
    """How much of a file is here.

    Raises:
        Refused: no envelope announced it.
        CentralFault: the place for evidence cannot be used now.
    """
    row = _announced(sha256)
    with _kept_or_said():
        here = store().length(row)
        if here == 0 and store().is_here(row.sha256):
            _complete(row)
            return row.size
        return _finished(row) if here >= row.size else here


def append(piece: EvidencePiece) -> int:
    """Add a piece where it belongs; the offset to go on from.

    A piece that is here already, or beyond a gap, changes nothing: the offset says so. When the
    whole file does not have its hash it is dropped and starts again at 0.

    Raises:
        Refused: no envelope announced this file in this size.
        CentralFault: the place for evidence cannot be used now.
    """
    row = _announced(piece.sha256)
    if row.size != piece.total:
        raise refused(NOT_ANNOUNCED, "This file was announced with another size.")
    with _kept_or_said():
        begun = store().length(row) > 0
        if not begun and store().is_here(row.sha256):
            _complete(row)
            return row.size
        here = store().append(row, piece)
        return _finished(row) if here >= row.size else here


def note_trouble(sentence: str) -> None:
    """Tell whoever manages the server: in the log, and on the page of the kiosks until it ends."""
    now = timezone.now()
    with suppress(DatabaseError), transaction.atomic():  # its disk may be as full
        note, is_new = TroubleNote.objects.get_or_create(
            pk=TroubleNote.EVIDENCE, defaults={"sentence": sentence, "since": now, "said_at": now}
        )
        if not is_new and note.sentence == sentence and now - note.said_at < SAID_EVERY:
            return
        note.sentence, note.said_at = sentence[: TroubleNote.LENGTH_MAX], now
        note.save(update_fields=["sentence", "said_at"])
    logger.error("Documents cannot be stored: %s Kiosks keep theirs and send them again.", sentence)


def find_trouble() -> TroubleNote | None:
    """What is wrong with the place for evidence, as far as was noticed."""
    return TroubleNote.objects.filter(pk=TroubleNote.EVIDENCE).first()


def check() -> str:
    """Try the place out; what is wrong with it, empty where nothing is."""
    try:
        store().check()
    except EvidenceTrouble as trouble:
        note_trouble(str(trouble))
        sentence: str = trouble.args[0]  # which a command can say in another language
        return sentence
    _forget_trouble()
    return ""


def move_from(folder: Path) -> int:
    """Bring whole files from a folder to the place of the settings; how many.

    A file is removed from the folder when it is found in its new place. Cut off, run it again.

    Raises:
        EvidenceTrouble: one of the two cannot be used.
    """
    place, moved = store(), 0
    if settings.EVIDENCE.bucket is None and settings.EVIDENCE.folder == folder:
        return 0
    for path in sorted(folder.glob("[0-9a-f]" * 64)):
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != path.name:
                logger.error("The file %s is not what it was; it stays where it is.", path.name)
                continue
            place.put(path.name, file)
        if place.is_here(path.name):
            path.unlink()
            moved += 1
    return moved


@contextmanager
def _kept_or_said() -> Iterator[None]:
    try:
        yield
    except EvidenceTrouble as trouble:
        note_trouble(str(trouble))
        raise busy(RETRY_S) from trouble


def _forget_trouble() -> None:
    if find_trouble() is not None:
        TroubleNote.objects.filter(pk=TroubleNote.EVIDENCE).delete()
        logger.warning("Documents can be stored again.")


def _announced(sha256: bytes) -> EvidenceFile:
    row = EvidenceFile.objects.filter(pk=sha256.hex()).first()
    if row is None:
        raise refused(NOT_ANNOUNCED, "No application here names this file.")
    return row


def _finished(row: EvidenceFile) -> int:
    """All of it has arrived: give it its name, if it is what was announced."""
    if not store().finish(row):
        return 0
    _complete(row)
    return row.size


def _complete(row: EvidenceFile) -> None:
    EvidenceFile.objects.filter(pk=row.pk, complete_at=None).update(complete_at=timezone.now())
    _forget_trouble()
