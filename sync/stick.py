"""A kiosk and a USB stick: take in the answers that it brings, and write what waits onto it.

It needs no line and no memory of the stick: what is not yet acknowledged is written again, onto
whichever stick comes, and central keeps each envelope once. Several sticks may be on the road at a
time; each answer is taken in when it comes, in any order, or never. Small news first: envelopes,
then documents and photos, the smallest first, as long as there is room.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from sync import carried
from sync.carried import StickTrouble
from sync.errors import BadAnswer, EvidenceMissing
from sync.evidence import EvidenceRow, check_whole, read_piece
from sync.identity import Identity
from sync.ledger import Ledger
from sync.log import Slice
from sync.protocol import (
    ANSWER_BYTES_MAX,
    PIECE_BYTES_MAX,
    ROOM_BYTES_MAX,
    Answer,
    Batch,
    EvidenceAnswer,
    EvidencePiece,
)
from sync.records import Audience, Envelope, KeyPurpose, Kind
from sync.signed import message_hash
from sync.slices import ENVELOPES_MAX

SLICE_BYTES_MAX = 4 * 1024 * 1024  # of one batch: central takes twice as much
_SMALL_ANSWER_BYTES_MAX = 4096


class Sender(Protocol):
    """What a stick is written from: a ledger, or what can still be read of one (`salvage`)."""

    @property
    def evidence_folder(self) -> Path:
        """Where the encrypted files lie."""
        ...

    def enrolled_identity(self) -> Identity:
        """Who signs."""
        ...

    def epoch(self) -> bytes | None:
        """Which life of central's feed was read."""
        ...

    def cursor(self) -> Mapping[Audience, int]:
        """How far the feed was read."""
        ...

    def acknowledged_through(self) -> int:
        """The last place that central has acknowledged."""
        ...

    def outbox(self, limit_count: int, limit_bytes: int, after: int | None = None) -> Slice:
        """Envelopes that follow a place."""
        ...

    def has_after(self, sequence: int) -> bool:
        """Whether the log goes on after that place."""
        ...

    def evidence_to_carry(self) -> tuple[EvidenceRow, ...]:
        """Documents that central may lack."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """In which is noted what was given away."""
        ...

    def note_batch(
        self, message: bytes, epoch: bytes | None, *, after: int, through: int, acknowledged: int
    ) -> None:
        """A batch is about to be given away."""
        ...

    def note_piece(self, message: bytes, sha256: bytes) -> None:
        """A piece is about to be given away."""
        ...


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visit of a stick brought and took away."""

    answers: int = 0  # of central, taken in
    unreadable: int = 0  # answers that are not whole or not for this kiosk: left where they are
    acknowledged: int = 0  # envelopes that central now keeps
    news: int = 0  # items of the feed
    envelopes: int = 0  # of people, written
    documents: int = 0  # written, whole or their rest
    documents_left: int = 0  # no room for them, or gone from this disk
    bytes_written: int = 0


def visit(ledger: Ledger, stick: Path) -> Visit:
    """Take in what the stick brings and write what waits; safe to run again at any time.

    Raises:
        StickTrouble: there is no stick, or it has not even room for the envelopes.
        NotEnrolled: central does not know this device.
        LedgerError: this device's disk or database failed.
    """
    carried.check_there(stick)
    return write(ledger, stick, read(ledger, stick))


def read(ledger: Ledger, stick: Path) -> Visit:
    """Take in central's answers to this device, in the order in which it asked."""
    place = carried.folder(stick, carried.DOWN, ledger.enrolled_identity().device)
    done = _read_batches(ledger, place)
    return _read_pieces(ledger, place, done)


def _read_batches(ledger: Ledger, place: Path) -> Visit:
    keys = ledger.keys(KeyPurpose.ANSWERS)
    done = Visit()
    found: list[tuple[int, str, Answer]] = []
    for name, message in carried.messages(place, carried.BATCH + carried.ANSWER, ANSWER_BYTES_MAX):
        try:
            answer = Answer.from_bytes(message, keys)
        except BadAnswer:
            done = replace(done, unreadable=done.unreadable + 1)
            if done.unreadable >= carried.BAD_MAX:
                break
            continue
        known = ledger.find_carried(answer.batch)
        found.append((known.number if known else 0, name, answer))
    for _number, name, answer in sorted(found, key=lambda item: item[0]):
        progress = ledger.accept_late(answer)
        if progress is not None:
            done = replace(
                done,
                answers=done.answers + 1,
                acknowledged=done.acknowledged + progress.acknowledged,
                news=done.news + progress.changes,
            )
        _forget(place / name)
    return done


def _read_pieces(ledger: Ledger, place: Path, done: Visit) -> Visit:
    keys = ledger.keys(KeyPurpose.ANSWERS)
    ending = carried.PIECE + carried.ANSWER
    for name, message in carried.messages(place, ending, _SMALL_ANSWER_BYTES_MAX):
        try:
            answer = EvidenceAnswer.from_bytes(message, keys)
        except BadAnswer:
            done = replace(done, unreadable=done.unreadable + 1)
            if done.unreadable >= carried.BAD_MAX:
                break
            continue
        if ledger.accept_piece_late(answer):
            done = replace(done, answers=done.answers + 1)
        _forget(place / name)
    return done


def _forget(path: Path) -> None:
    """Remove what was taken in; on a stick that cannot be written it is passed over next time."""
    with suppress(OSError):
        path.unlink()


def write(ledger: Sender, stick: Path, done: Visit = Visit(), *, everything: bool = False) -> Visit:
    """Write what waits in place of what an earlier visit wrote.

    Args:
        ledger: the device's ledger, or what is left of it.
        stick: the stick's folder.
        done: what this visit did before.
        everything: also what central acknowledged, from the log's first envelope on.

    Raises:
        StickTrouble: there is no stick, or it has not even room for the envelopes.
    """
    carried.check_there(stick)
    place = carried.folder(stick, carried.UP, ledger.enrolled_identity().device)
    carried.remove(place, carried.BATCH)
    carried.remove(place, carried.PIECE)
    for batch in _batches(ledger, everything=everything):
        done = _write_batch(ledger, place, batch, done)
    done = _write_documents(ledger, place, done)
    carried.settle(place)
    return done


def _batches(ledger: Sender, *, everything: bool) -> Iterator[Batch]:
    """The log's end in slices; the last one asks for the news, so that they come once."""
    after = 0 if everything else ledger.acknowledged_through()
    while True:
        slice_ = ledger.outbox(ENVELOPES_MAX, SLICE_BYTES_MAX, after)
        after += len(slice_.envelopes)
        is_last = not ledger.has_after(after)
        yield Batch(
            device=ledger.enrolled_identity().device,
            epoch=ledger.epoch(),
            cursor=ledger.cursor(),
            after=slice_.after,
            previous=slice_.previous,
            envelopes=slice_.envelopes,
            room_bytes=ROOM_BYTES_MAX if is_last else 0,
            reads_packed=True,
        )
        if is_last:
            return


def _write_batch(ledger: Sender, place: Path, batch: Batch, done: Visit) -> Visit:
    message = batch.signed(ledger.enrolled_identity().signing_key)
    with ledger.transaction():
        ledger.note_batch(
            message_hash(message),
            batch.epoch,
            after=batch.after,
            through=batch.after + len(batch.envelopes),
            acknowledged=ledger.acknowledged_through(),
        )
    carried.write(place, carried.batch_name(batch.after, message), message)
    return replace(
        done,
        envelopes=done.envelopes + sum(map(_is_of_people, batch.envelopes)),
        bytes_written=done.bytes_written + len(message),
    )


def _is_of_people(envelope: Envelope) -> bool:
    """Whether somebody handed it in: neither a kiosk's counts nor the place of what is lost."""
    return not envelope.is_hollow and envelope.parsed.kind is not Kind.JOURNEY


def _write_documents(ledger: Sender, place: Path, done: Visit) -> Visit:
    is_full = False
    for row in ledger.evidence_to_carry():
        if not is_full:
            try:
                size = _write_document(ledger, place, row)
            except EvidenceMissing:
                pass
            except StickTrouble:  # full: what is on it already goes all the same
                is_full = True
            else:
                done = replace(
                    done,
                    documents=done.documents + 1,
                    bytes_written=done.bytes_written + size,
                )
                continue
        done = replace(done, documents_left=done.documents_left + 1)
    return done


def _write_document(ledger: Sender, place: Path, row: EvidenceRow) -> int:
    """The rest of a document in pieces; its bytes."""
    identity = ledger.enrolled_identity()
    check_whole(ledger.evidence_folder, row)
    for offset in range(row.sent, row.size, PIECE_BYTES_MAX):
        data = read_piece(ledger.evidence_folder, row, offset, PIECE_BYTES_MAX)
        piece = EvidencePiece(identity.device, row.sha256, offset, row.size, data)
        message = piece.signed(identity.signing_key)
        with ledger.transaction():
            ledger.note_piece(message_hash(message), row.sha256)
        carried.write(place, carried.piece_name(row.sha256, offset), message)
    return row.size - row.sent
