"""Encrypted documents and photos: files beside the ledger, and rows that say how much was sent.

A file is named by the hash of its bytes. It is on the disk, with its name, before the transaction
that promises it (see `durable`). What a power cut leaves behind unpromised is swept when the
program starts.
"""

import errno
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from sync.durable import make_folder, write_whole
from sync.errors import EvidenceMissing, LedgerDamaged, LedgerFull
from sync.records import EvidenceNote, Status, StatusEvent
from sync.sentence import Sentence
from sync.store import Store

FOLDER = "evidence"
DAY_ENVELOPES_MAX = 2_000  # that one kiosk sends in a day; what is older is not looked through


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A file that central does not have whole."""

    sha256: bytes
    size: int
    sent: int  # bytes that central has

    @property
    def name(self) -> str:
        """The file's name."""
        return self.sha256.hex()


def write_evidence(folder: Path, sealed: bytes) -> EvidenceNote:
    """Put an encrypted file on the disk for good; the same bytes twice are one file.

    Raises:
        LedgerFull: the disk is full; nothing is left behind.
        LedgerDamaged: the disk cannot be written.
    """
    digest = sha256(sealed)
    try:
        make_folder(folder)
        write_whole(folder / digest.hexdigest(), sealed)
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise LedgerFull(
                Sentence("The disk is full. The document could not be stored.")
            ) from problem
        raise LedgerDamaged(
            Sentence(
                "A document could not be stored (%(why)s). Check the disk.",
                why=Sentence(str(problem.strerror)),
            )
        ) from problem
    return EvidenceNote(digest.digest(), len(sealed))


def check_whole(folder: Path, row: EvidenceRow) -> None:
    """Hold a file against its name before a slow line is burdened with it.

    Raises:
        EvidenceMissing: the file is gone or altered.
    """
    try:
        with (folder / row.name).open("rb") as file:
            is_whole = file_digest(file, "sha256").digest() == row.sha256
    except OSError as problem:
        raise EvidenceMissing(
            Sentence("The file %(file)s cannot be read.", file=row.name)
        ) from problem
    if not is_whole:
        raise EvidenceMissing(Sentence("The file %(file)s is not what it was.", file=row.name))


def read_whole(folder: Path, sha256_: bytes) -> bytes:
    """An encrypted file, found to be what its name says.

    Raises:
        EvidenceMissing: it is gone or altered.
    """
    name = sha256_.hex()
    try:
        data = (folder / name).read_bytes()
    except OSError as problem:
        raise EvidenceMissing(Sentence("The file %(file)s cannot be read.", file=name)) from problem
    if sha256(data).digest() != sha256_:
        raise EvidenceMissing(Sentence("The file %(file)s is not what it was.", file=name))
    return data


def read_piece(folder: Path, row: EvidenceRow, offset: int, most_bytes: int) -> bytes:
    """A part of a file.

    Raises:
        EvidenceMissing: the file is gone or shorter than promised.
    """
    try:
        with (folder / row.name).open("rb") as file:
            file.seek(offset)
            piece = file.read(min(most_bytes, row.size - offset))
    except OSError as problem:
        raise EvidenceMissing(
            Sentence("The file %(file)s cannot be read.", file=row.name)
        ) from problem
    if not piece:
        raise EvidenceMissing(Sentence("The file %(file)s is shorter than it was.", file=row.name))
    return piece


def _is_taken_up(event: bytes | None) -> bool:
    """Whether central's last word on what it set aside is that it counts after all."""
    return event is not None and StatusEvent.from_bytes(event).status is not Status.SET_ASIDE


class Evidence(Store):
    """The table `evidence` and its folder."""

    @property
    def evidence_folder(self) -> Path:
        """Where the encrypted files lie."""
        return self.path.parent / FOLDER

    def store_evidence(self, sealed: bytes) -> EvidenceNote:
        """Put an encrypted file on the disk, before the transaction that promises it."""
        return write_evidence(self.evidence_folder, sealed)

    def read_evidence(self, sha256_: bytes) -> bytes:
        """An encrypted file that is still here; raises EvidenceMissing."""
        return read_whole(self.evidence_folder, sha256_)

    def evidence_waiting(self) -> tuple[EvidenceRow, ...]:
        """What central lacks of the applications that it holds, smallest first.

        Of those it set aside nothing is sent: the files stay here until a person decides. Once
        central has a word on the application, it has taken it up after all; unless the word is that
        it stays set aside.
        """
        return self._lacking("outcome IS NOT NULL")

    def evidence_to_carry(self) -> tuple[EvidenceRow, ...]:
        """What central may lack on a road where envelopes and documents go together."""
        return self._lacking("1")

    def _lacking(self, chosen: str) -> tuple[EvidenceRow, ...]:
        rows = self._rows(
            f"""
            SELECT sha256, size, sent, outcome IN ('conflict', 'unreadable'), (
                SELECT event FROM status_event WHERE application = log.application
                AND outcome IN ('conflict', 'unreadable') ORDER BY number DESC LIMIT 1
            )
            FROM evidence JOIN log USING (sequence)
            WHERE done = 0 AND {chosen} ORDER BY size, sequence
            """  # noqa: S608 - of words of ours
        )
        return tuple(
            EvidenceRow(*row) for *row, aside, event in rows if not aside or _is_taken_up(event)
        )

    def evidence_sent(self, sha256_: bytes, sent: int) -> None:
        """Central has the file's first `sent` bytes; all of them means it is done."""
        with self.transaction():
            self._note_sent(sha256_, sent)

    def _note_sent(self, sha256_: bytes, sent: int) -> None:
        """Inside a transaction; what is done stays so."""
        self._write(
            "UPDATE evidence SET sent = ?, done = (? >= size) WHERE sha256 = ? AND done = 0",
            (sent, sent, sha256_),
        )

    def offer_evidence_again(self, after: int = 0) -> None:
        """Central may have lost files from that place of the log on: it is asked for each of them.

        Inside a transaction.
        """
        self._write(
            "UPDATE evidence SET sent = 0, done = 0, done_ms = NULL WHERE sequence > ?", (after,)
        )

    def evidence_bytes_between(self, first_ms: int, end_ms: int) -> int:
        """The size of the files handed in from that moment on and before that one, in one day."""
        (bytes_,) = self._one(
            """
            SELECT coalesce(sum(size), 0) FROM evidence JOIN log USING (sequence)
            WHERE sequence > (SELECT coalesce(max(sequence), 0) - ? FROM log)
            AND recorded_ms >= ? AND recorded_ms < ?
            """,
            (DAY_ENVELOPES_MAX, first_ms, end_ms),
        )
        return int(bytes_)

    def sweep_evidence(self) -> int:
        """Remove files that were never promised; only while nobody submits. How many."""
        promised = {row[0].hex() for row in self._rows("SELECT sha256 FROM evidence")}
        swept = 0
        if self.evidence_folder.is_dir():
            for path in self.evidence_folder.iterdir():
                if path.name not in promised:
                    path.unlink()
                    swept += 1
        return swept
