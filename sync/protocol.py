"""One exchange: what a device sends, what central answers, and what a central server does.

A batch is a signed slice of the device's log with the cursors of the feed; an answer is signed over
the hash of that batch, so it can be taken for no other. Both are bytes: the same by HTTPS, on a
stick, or through another kiosk. It may be cut off anywhere and simply run again: central keeps each
envelope once, by its id and its place in the log.

Rules that both ends keep:

- `after` is the last sequence that central acknowledged; the envelopes of a batch follow it without
  a hole, chained from `previous`.
- Central acknowledges a first part of the batch, in its order; each acknowledgement is final.
  `through` says how far central holds the device's log. Is it lower than `after`, central has lost
  something and the device offers it again.
- The changes of each audience follow the cursor without a hole. A batch of another `epoch` (or of
  none) counts as one with no cursors: central sends the feed from its start.
- A device that reads packed answers says so; then acknowledgements and changes travel compressed
  together: each names the same applications. One that does not say so gets them plain.
- Central keeps `changes` within `room_bytes`, but always sends at least one when there is one, and
  says `more` when others wait.
- Does `through` lie beyond the end of the device's log, central holds what this disk has lost: it
  was put back from a backup, or it is a copy. The device then needs a new life (`sync.identity`).
- Central signs with a key that the device says to know (`Report.answers_key`): a new one is told in
  the feed, and until a device has read so far it is answered with the one before.
- A device may ask after applications that it has not heard of, by their references. Central tells
  it what happened to those that it knows, in the device's own part of the feed, and what will.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import zstandard
from nacl.signing import SigningKey

from sync import cbor, slices
from sync.errors import BadAnswer, BadBatch, BadRecord
from sync.fields import Fields, code_of, is_count, without_none
from sync.records import (
    EVIDENCE_BYTES_MAX,
    FIRST_PREVIOUS,
    NAME_LENGTH_MAX,
    ApplicationId,
    Audience,
    Change,
    DeviceId,
    Envelope,
    Outcome,
    Stamp,
    application_bytes,
    read_stamp,
)
from sync.sentence import Sentence
from sync.signed import HASH_BYTES, SIGNER_BYTES, MessageKind, Signed, message_hash

BATCH_BYTES_MAX = 8 * 1024 * 1024
ANSWER_BYTES_MAX = 32 * 1024 * 1024
PIECE_BYTES_MAX = 1024 * 1024
CHANGES_MAX = 5000
AUDIENCES_MAX = 32
ROOM_BYTES_MAX = 16 * 1024 * 1024
ASKED_MAX = 32  # references in one batch
NONCE_BYTES = 16
EPOCH_BYTES = 16
_SMALL_BYTES_MAX = 4096
_LEVEL = 6
_REPORT_ITEMS_MAX = 32
_PIECE_MESSAGE_BYTES_MAX = PIECE_BYTES_MAX + 128  # with its other fields

__all__ = [
    "Acknowledgement",
    "Answer",
    "Batch",
    "Central",
    "EvidenceAnswer",
    "EvidencePiece",
    "EvidenceRequest",
    "Report",
    "message_hash",
    "signer_of",
]


def signer_of(message: bytes, kind: MessageKind = MessageKind.BATCH) -> DeviceId:
    """Which device says to have signed a message: to look up its key, not to believe.

    Raises:
        BadBatch: it is no message of that kind.
    """
    try:
        return DeviceId(Signed.from_bytes(message, kind, BATCH_BYTES_MAX).signer.hex())
    except BadRecord as problem:
        raise BadBatch(str(problem)) from problem


def _device_signed(device: DeviceId, key: SigningKey, kind: MessageKind, payload: object) -> bytes:
    return Signed.by(key, bytes.fromhex(device), kind, cbor.encode(payload)).to_bytes()


def _opened(message: bytes, kind: MessageKind, most: int, key: bytes) -> tuple[DeviceId, Fields]:
    signed = Signed.from_bytes(message, kind, most)
    fields = Fields.of_bytes(kind.name.lower(), signed.opened(key), most)
    return DeviceId(signed.signer.hex()), fields


@dataclass(frozen=True, slots=True)
class Report:
    """How a device says it stands: what central's operators see of it, and answers it by."""

    answers_key: bytes  # the newest of central's answering keys that it trusts
    recorded: int  # the last place of its log
    waiting: int  # envelopes that central has not acknowledged, those of this batch among them
    files_waiting: int  # documents and photos
    unread: int  # items of the feed that its program cannot read
    lives_twice: bool = False  # it has learned that central holds another log of its identity

    def to_wire(self) -> list[object]:
        """The report inside a batch; later versions append to it."""
        counts = [self.recorded, self.waiting, self.files_waiting, self.unread]
        return [self.answers_key, *counts, int(self.lives_twice)]

    @classmethod
    def from_wire(cls, items: Sequence[object]) -> "Report":
        """The report inside a batch; raises BadRecord."""
        match items:
            case [bytes(key), recorded, waiting, files, unread, twice, *_later] if (
                len(key) <= SIGNER_BYTES
                and is_count(recorded)
                and is_count(waiting)
                and is_count(files)
                and is_count(unread)
                and is_count(twice, 0, 1)
            ):
                return cls(key, recorded, waiting, files, unread, bool(twice))
        raise BadRecord("A report is a key id and counts.")


@dataclass(frozen=True, slots=True)
class Batch:
    """A slice of a device's log, and how far it has read the feed."""

    device: DeviceId
    after: int = 0
    previous: bytes = FIRST_PREVIOUS
    envelopes: tuple[Envelope, ...] = ()
    epoch: bytes | None = None
    cursor: Mapping[Audience, int] = field(default_factory=dict)
    room_bytes: int = 256 * 1024
    nonce: bytes = field(default_factory=lambda: secrets.token_bytes(NONCE_BYTES))
    reads_packed: bool = False  # since the second release
    report: Report | None = None  # None: of a program that does not make one
    asked: tuple[str, ...] = ()  # references of which the device has not heard

    def signed(self, key: SigningKey) -> bytes:
        """The batch as it is sent, signed with the device's key."""
        fields = {
            0: self.epoch,
            1: dict(self.cursor),
            2: self.after,
            3: self.previous,
            4: slices.pack(self.previous, self.envelopes),
            5: self.room_bytes,
            6: self.nonce,
            7: 1 if self.reads_packed else None,
            8: self.report.to_wire() if self.report else None,
            9: list(self.asked) or None,
        }
        return _device_signed(self.device, key, MessageKind.BATCH, without_none(fields))

    @classmethod
    def from_bytes(cls, message: bytes, verify_key: bytes) -> "Batch":
        """The batch that the device with that key signed; find it by `signer_of`.

        Raises:
            BadBatch: truncated, malformed, altered or signed by another.
        """
        try:
            device, fields = _opened(message, MessageKind.BATCH, BATCH_BYTES_MAX, verify_key)
            previous = fields.octets(3, len(FIRST_PREVIOUS))
            return cls(
                device=device,
                epoch=fields.octets(0, EPOCH_BYTES) if fields.has(0) else None,
                cursor=_cursor(fields, 1),
                after=fields.integer(2),
                previous=previous,
                envelopes=slices.unpack(previous, list(fields.items(4, 3))),
                room_bytes=fields.integer(5, 0, ROOM_BYTES_MAX),
                nonce=fields.octets(6, NONCE_BYTES),
                reads_packed=fields.has(7),
                report=_report(fields, 8),
                asked=_asked(fields, 9),
            )
        except BadRecord as problem:
            raise BadBatch(str(problem)) from problem


def _report(fields: Fields, key: int) -> Report | None:
    return Report.from_wire(fields.items(key, _REPORT_ITEMS_MAX)) if fields.has(key) else None


def _asked(fields: Fields, key: int) -> tuple[str, ...]:
    asked = tuple(fields.items(key, ASKED_MAX))
    if not all(isinstance(one, str) and 0 < len(one) <= NAME_LENGTH_MAX for one in asked):
        raise BadRecord("What is asked after is a short text.")
    return asked


def _cursor(fields: Fields, key: int) -> dict[Audience, int]:
    cursor = fields.mapping(key, AUDIENCES_MAX)
    for audience, position in cursor.items():
        if not isinstance(audience, str) or not 0 < len(audience) <= NAME_LENGTH_MAX:
            raise BadRecord("An audience is a short text.")
        if not is_count(position):
            raise BadRecord("A cursor is a whole number.")
    return cursor


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Central's word on one envelope: it is kept there, and how."""

    application: ApplicationId
    sequence: int
    outcome: Outcome

    def to_wire(self) -> list[object]:
        """The acknowledgement inside an answer."""
        return [application_bytes(self.application), self.sequence, code_of(self.outcome)]

    @classmethod
    def from_wire(cls, item: object) -> "Acknowledgement":
        """The acknowledgement inside an answer; raises BadRecord."""
        outcomes = list(Outcome)
        match item:
            case [bytes(application), sequence, outcome] if (
                len(application) == 16  # noqa: PLR2004 - an application id
                and is_count(sequence, 1)
                and is_count(outcome, 0, len(outcomes) - 1)
            ):
                return cls(ApplicationId(application.hex()), sequence, outcomes[outcome])
        raise BadRecord("An acknowledgement is an id, a sequence and an outcome.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What central says to one batch."""

    batch: bytes  # message_hash of the batch that is answered
    at: Stamp
    epoch: bytes
    through: int
    acknowledgements: tuple[Acknowledgement, ...] = ()
    changes: tuple[Change, ...] = ()
    more: bool = False

    def signed(self, key: SigningKey, key_id: bytes, *, packed: bool = False) -> bytes:
        """The answer as it is sent, signed with central's key of that id."""
        acknowledgements = [item.to_wire() for item in self.acknowledgements]
        changes = [change.to_wire() for change in self.changes]
        payload: dict[int, object] = {
            0: self.batch,
            1: self.at.to_wire(),
            2: self.epoch,
            3: self.through,
            6: int(self.more),
        }
        if packed:
            payload[7] = zstandard.compress(cbor.encode([acknowledgements, changes]), _LEVEL)
        else:
            payload |= {4: acknowledgements, 5: changes}
        return Signed.by(key, key_id, MessageKind.ANSWER, cbor.encode(payload)).to_bytes()

    @classmethod
    def from_bytes(cls, message: bytes, keys: Mapping[bytes, bytes]) -> "Answer":
        """The answer that central signed with one of the known keys.

        Raises:
            BadAnswer: truncated, malformed, forged, or signed with an unknown key.
        """
        try:
            fields = _central_opened(message, MessageKind.ANSWER, ANSWER_BYTES_MAX, keys)
            if fields.has(7):
                fields = fields.joined(_unpacked(fields.octets(7, 1, ANSWER_BYTES_MAX)))
            return cls(
                batch=fields.octets(0, HASH_BYTES),
                at=read_stamp(fields, 1),
                epoch=fields.octets(2, EPOCH_BYTES),
                through=fields.integer(3),
                acknowledgements=tuple(
                    Acknowledgement.from_wire(item)
                    for item in fields.items(4, slices.ENVELOPES_MAX)
                ),
                changes=tuple(Change.from_wire(item) for item in fields.items(5, CHANGES_MAX)),
                more=bool(fields.integer(6, 0, 1)),
            )
        except BadRecord as problem:
            raise BadAnswer(
                Sentence("Central's answer cannot be used: %(why)s", why=problem)
            ) from problem


def _unpacked(packed: bytes) -> dict[int, object]:
    """Acknowledgements and changes that travelled together, as the fields that they are."""
    try:
        size = zstandard.frame_content_size(packed)
        if not 0 <= size <= ANSWER_BYTES_MAX:
            raise BadRecord("It unpacks to more than is allowed.")
        unpacked = zstandard.decompress(packed, max_output_size=ANSWER_BYTES_MAX)
    except zstandard.ZstdError as problem:
        raise BadRecord("It cannot be unpacked.") from problem
    match cbor.decode(unpacked, ANSWER_BYTES_MAX):
        case [list(acknowledgements), list(changes)]:
            return {4: acknowledgements, 5: changes}
    raise BadRecord("Acknowledgements and changes are two lists.")


def _central_opened(
    message: bytes, kind: MessageKind, most: int, keys: Mapping[bytes, bytes]
) -> Fields:
    signed = Signed.from_bytes(message, kind, most)
    key = keys.get(signed.signer)
    if key is None:
        raise BadRecord("It is signed with a key that this device does not know.")
    return Fields.of_bytes(kind.name.lower(), signed.opened(key), most)


@dataclass(frozen=True, slots=True)
class EvidenceRequest:
    """How much of this file has central already?"""

    device: DeviceId
    sha256: bytes
    nonce: bytes = field(default_factory=lambda: secrets.token_bytes(NONCE_BYTES))

    def signed(self, key: SigningKey) -> bytes:
        """The request as it is sent."""
        payload = {0: self.sha256, 1: self.nonce}
        return _device_signed(self.device, key, MessageKind.EVIDENCE_REQUEST, payload)

    @classmethod
    def from_bytes(cls, message: bytes, verify_key: bytes) -> "EvidenceRequest":
        """The request that the device with that key signed; raises BadBatch."""
        kind = MessageKind.EVIDENCE_REQUEST
        try:
            device, fields = _opened(message, kind, _SMALL_BYTES_MAX, verify_key)
            return cls(device, fields.octets(0, 32), fields.octets(1, NONCE_BYTES))
        except BadRecord as problem:
            raise BadBatch(str(problem)) from problem


@dataclass(frozen=True, slots=True)
class EvidencePiece:
    """A part of an encrypted file."""

    device: DeviceId
    sha256: bytes  # of the whole file
    offset: int
    total: int
    data: bytes

    def signed(self, key: SigningKey) -> bytes:
        """The piece as it is sent."""
        payload = {0: self.sha256, 1: self.offset, 2: self.total, 3: self.data}
        return _device_signed(self.device, key, MessageKind.EVIDENCE_PIECE, payload)

    @classmethod
    def from_bytes(cls, message: bytes, verify_key: bytes) -> "EvidencePiece":
        """The piece that the device with that key signed; raises BadBatch."""
        kind = MessageKind.EVIDENCE_PIECE
        try:
            device, fields = _opened(message, kind, _PIECE_MESSAGE_BYTES_MAX, verify_key)
            total = fields.integer(2, 1, EVIDENCE_BYTES_MAX)
            offset = fields.integer(1, 0, total - 1)
            data = fields.octets(3, 1, min(PIECE_BYTES_MAX, total - offset))
            return cls(device, fields.octets(0, 32), offset, total, data)
        except BadRecord as problem:
            raise BadBatch(str(problem)) from problem


@dataclass(frozen=True, slots=True)
class EvidenceAnswer:
    """Central has the file's first `offset` bytes; when that is all of it, it is checked and kept.

    It answers a request and a piece alike. Is the offset not where the device thought, it goes on
    from there: after the hash of a whole file was wrong, from 0. The same piece is the same message
    each time it is sent, so the answer says in which life of central it was given: one from before
    a restored backup must not be taken for one after it.
    """

    request: bytes  # message_hash of what is answered
    offset: int
    epoch: bytes | None = None  # since the second release

    def signed(self, key: SigningKey, key_id: bytes) -> bytes:
        """The answer as it is sent."""
        payload = cbor.encode(without_none({0: self.request, 1: self.offset, 2: self.epoch}))
        return Signed.by(key, key_id, MessageKind.EVIDENCE_ANSWER, payload).to_bytes()

    @classmethod
    def from_bytes(cls, message: bytes, keys: Mapping[bytes, bytes]) -> "EvidenceAnswer":
        """The answer that central signed with one of the known keys; raises BadAnswer."""
        kind = MessageKind.EVIDENCE_ANSWER
        try:
            fields = _central_opened(message, kind, _SMALL_BYTES_MAX, keys)
            return cls(
                request=fields.octets(0, HASH_BYTES),
                offset=fields.integer(1, 0, EVIDENCE_BYTES_MAX),
                epoch=fields.octets(2, EPOCH_BYTES) if fields.has(2) else None,
            )
        except BadRecord as problem:
            raise BadAnswer(
                Sentence("Central's answer cannot be used: %(why)s", why=problem)
            ) from problem


class Central(Protocol):
    """What a central server does, by whatever road. All bytes are signed messages.

    Each may raise any `ExchangeError`; then nothing is known of what central did, and the same
    question may be asked again.
    """

    def exchange(self, batch: bytes) -> bytes:
        """A `Batch` in, an `Answer` back."""
        ...

    def evidence_offset(self, request: bytes) -> bytes:
        """An `EvidenceRequest` in, an `EvidenceAnswer` back."""
        ...

    def send_evidence(self, piece: bytes) -> bytes:
        """An `EvidencePiece` in, an `EvidenceAnswer` back."""
        ...

    def enrol(self, request: bytes) -> bytes:
        """An `EnrolmentRequest` in, an `Enrolment` back."""
        ...
