"""The nouns both ends of the wire agree on, and their bytes.

All are frozen values. On the wire each is canonical CBOR with small integers for keys; enumerations
travel as their place in the list, so **new words are only ever appended**. Reading is strict:
whoever sent the bytes, a record is either exactly what it should be or `BadRecord`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from typing import NewType

from sync import cbor
from sync.errors import BadRecord
from sync.fields import Fields, code_of, is_count, without_none
from sync.pin import HASH_LENGTH_MAX

ApplicationId = NewType("ApplicationId", str)  # 32 hex digits, see envelope.application_id
DeviceId = NewType("DeviceId", str)  # 16 hex digits, see device_id
Audience = NewType("Audience", str)  # "device:<id>" | "office:<id>" | "ring:<name>" | "nation"

NATION = Audience("nation")
HEADER_VERSION = 1  # rises only when an older reader must not guess
FIRST_PREVIOUS = bytes(32)  # the `previous` of a device's first envelope
HEADER_BYTES_MAX = 4096
BODY_BYTES_MAX = 1024 * 1024
SEALED_SECRET_BYTES = 64  # a libsodium sealed box adds 48 to the 16 of the secret
EVIDENCE_COUNT_MAX = 40
EVIDENCE_BYTES_MAX = 32 * 1024 * 1024
LAW_LENGTH_MAX = 200
SIGNATORIES_MAX = 2  # of a decision
NAME_LENGTH_MAX = 120  # services, offices, versions, audiences
REFERENCE_LENGTH_MAX = 32
STATUS_EVENT_BYTES_MAX = 64 * 1024
WORDS_BYTES_MAX = 32 * 1024
ASKED_BYTES_MAX = 16 * 1024
ASKED_COUNT_MAX = 200  # questions that an officer asks to correct
PROOF_BYTES = 16  # see envelope.replacing_proof
KEY_NOTE_BYTES_MAX = 1024
OFFICE_NOTE_BYTES_MAX = 16 * 1024
CLERK_NOTE_BYTES_MAX = 2048
URL_LENGTH_MAX = 500
LANGUAGES_MAX = 32
HOLIDAYS_MAX = 400  # of some years
SERVICE_NOTE_BYTES_MAX = 16 * 1024 * 1024
_ID_BYTES = 16
_KEY_ID_BYTES = 8
_SHA256_BYTES = 32
_LOST = 17  # no header has it: see LostNote
_DAY_MAX = date.max.toordinal()


class TimeQuality(StrEnum):
    """How far a time can be believed."""

    TRUSTED = "trusted"  # counted from central's signed time
    ESTIMATED = "estimated"  # the device's clock, and nothing speaks against it
    UNKNOWN = "unknown"  # the device's clock contradicts what is known


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment, and how far it can be believed. Order never comes from it."""

    at_ms: int  # Unix time
    quality: TimeQuality

    def to_wire(self) -> list[int]:
        """The stamp as it stands inside a record."""
        return [self.at_ms, code_of(self.quality)]


def read_stamp(fields: Fields, key: int) -> Stamp:
    """The stamp in a record's field; raises BadRecord."""
    match fields.items(key, 2):
        case [at_ms, quality] if is_count(at_ms):
            return Stamp(at_ms, fields.word_at(key, quality, TimeQuality))
    raise BadRecord(f"Field {key} is not a time with its quality.")


class Kind(StrEnum):
    """What an envelope holds."""

    APPLICATION = "application"
    FEEDBACK = "feedback"
    COMPLAINT = "complaint"
    REPLY = "reply"  # what she who complained says to the answer
    JOURNEY = "journey"  # days' counts of where people stop: see journey.py; nobody's


class Channel(StrEnum):
    """The way by which it came in."""

    KIOSK = "kiosk"
    DESK = "desk"
    PORTAL = "portal"
    API = "api"
    STICK = "stick"


class Status(StrEnum):
    """Where an application stands at central; a kiosk adds "waiting" and "sent" by itself."""

    RECEIVED = "received"
    TAKEN_UP = "taken-up"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    SET_ASIDE = "set-aside"
    ASSIGNED = "assigned"  # from here on of complaints, with Open311's words
    TRANSFERRED = "transferred"
    ANSWERED = "answered"
    REOPENED = "reopened"


class Outcome(StrEnum):
    """What central did with an envelope. Each of the four acknowledges it."""

    CREATED = "created"
    EXISTS = "exists"
    CONFLICT = "conflict"  # the id or the place in the log is taken by other bytes: set aside
    UNREADABLE = "unreadable"  # kept as it came: set aside


class ChangeKind(StrEnum):
    """What an item of the feed brings."""

    STATUS = "status"  # payload: StatusEvent
    SERVICE = "service"  # payload: ServiceNote
    DEVICE_KEY = "device-key"  # payload: KeyNote of another kiosk
    CENTRAL_KEY = "central-key"  # payload: KeyNote of central
    OFFICE = "office"  # payload: OfficeNote
    CLERK = "clerk"  # payload: ClerkNote


def application_bytes(application: ApplicationId) -> bytes:
    """The id's 16 bytes."""
    return bytes.fromhex(application)


def device_id(verify_key: bytes) -> DeviceId:
    """A device's name, made of the key that checks its signatures."""
    return DeviceId(blake2b(verify_key, digest_size=_KEY_ID_BYTES, person=b"device-id").hexdigest())


def key_id(public_key: bytes) -> bytes:
    """The eight bytes that name one of central's keys."""
    return blake2b(public_key, digest_size=_KEY_ID_BYTES, person=b"key-id").digest()


def device_audience(device: DeviceId) -> Audience:
    """The part of the feed for one device alone."""
    return Audience(f"device:{device}")


def office_audience(office: str) -> Audience:
    """The part of the feed for all kiosks of an office."""
    return Audience(f"office:{office}")


def ring_audience(ring: str) -> Audience:
    """The part of the feed for the kiosks that get new versions before the others."""
    return Audience(f"ring:{ring}")


@dataclass(frozen=True, slots=True)
class EvidenceNote:
    """A document or photo that belongs to an application: the encrypted file's hash and size."""

    sha256: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Header:
    """What is said of an envelope in clear. No personal data."""

    device: DeviceId
    sequence: int  # 1, 2, 3 ... in the device's log
    previous: bytes  # chain hash of the envelope before
    kind: Kind
    id: ApplicationId
    reference: str  # "" where the person has none, as in feedback
    service: str
    service_version: str
    office: str
    recorded: Stamp
    central_key: bytes  # which of central's keys the secret is sealed to
    channel: Channel = Channel.KIOSK
    replaces: ApplicationId | None = None
    assisted_by: int | None = None
    evidence: tuple[EvidenceNote, ...] = ()
    proof: bytes | None = None  # of holding the secret of what it replaces
    version: int = HEADER_VERSION

    def to_bytes(self) -> bytes:
        """The header as it is hashed, sealed with and sent."""
        fields = {
            0: self.version,
            1: bytes.fromhex(self.device),
            2: self.sequence,
            3: self.previous,
            4: code_of(self.kind),
            5: application_bytes(self.id),
            6: self.reference or None,
            7: self.service,
            8: self.service_version,
            9: self.office,
            10: application_bytes(self.replaces) if self.replaces else None,
            11: self.recorded.to_wire(),
            12: code_of(self.channel),
            13: self.assisted_by,
            14: [[note.sha256, note.size] for note in self.evidence] or None,
            15: self.central_key,
            16: self.proof,
        }
        return cbor.encode(without_none(fields))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Header":
        """The header of an envelope from anywhere.

        Raises:
            BadRecord: it is not a header, or of a version that must not be guessed.
        """
        fields = Fields.of_bytes("header", data, HEADER_BYTES_MAX)
        version = fields.integer(0, 1)
        if version > HEADER_VERSION:
            raise BadRecord("This envelope was made by a newer program. Update this one.")
        return cls(
            version=version,
            device=DeviceId(fields.octets(1, _KEY_ID_BYTES).hex()),
            sequence=fields.integer(2, 1),
            previous=fields.octets(3, len(FIRST_PREVIOUS)),
            kind=fields.word(4, Kind),
            id=_application(fields, 5),
            reference=fields.text(6, REFERENCE_LENGTH_MAX) if fields.has(6) else "",
            service=fields.text(7, NAME_LENGTH_MAX),
            service_version=fields.text(8, NAME_LENGTH_MAX),
            office=fields.text(9, NAME_LENGTH_MAX),
            replaces=_application(fields, 10) if fields.has(10) else None,
            recorded=read_stamp(fields, 11),
            channel=fields.word(12, Channel),
            assisted_by=fields.integer(13) if fields.has(13) else None,
            evidence=tuple(_note(item) for item in fields.items(14, EVIDENCE_COUNT_MAX)),
            central_key=fields.octets(15, _KEY_ID_BYTES),
            proof=fields.octets(16, PROOF_BYTES) if fields.has(16) else None,
        )


def _application(fields: Fields, key: int) -> ApplicationId:
    return ApplicationId(fields.octets(key, _ID_BYTES).hex())


def _note(item: object) -> EvidenceNote:
    match item:
        case [bytes(sha256), size] if len(sha256) == _SHA256_BYTES and is_count(
            size, 1, EVIDENCE_BYTES_MAX
        ):
            return EvidenceNote(sha256, size)
    raise BadRecord("An evidence note is a SHA-256 and a size.")


def chain_hash(header: bytes, body: bytes) -> bytes:
    """What the next envelope names as its `previous`."""
    chained = blake2b(digest_size=len(FIRST_PREVIOUS))
    for part in (header, body):
        chained.update(len(part).to_bytes(4, "big"))
        chained.update(part)
    return chained.digest()


@dataclass(frozen=True)
class Envelope:
    """A sealed application. The header is kept as the very bytes that were sealed with it.

    One whose content was erased is *hollow*: it has no body, and in the place of the sealed secret
    the hash of what it was, so that the log remains one chain.
    """

    header: bytes
    body: bytes
    sealed_secret: bytes

    @cached_property
    def parsed(self) -> Header:
        """The header's fields; raises BadRecord where there are none to read."""
        return Header.from_bytes(self.header)

    @property
    def is_hollow(self) -> bool:
        """Whether its content was erased where it came from."""
        return not self.body

    @cached_property
    def chain_hash(self) -> bytes:
        """What the next envelope names as its `previous`."""
        if self.is_hollow:
            return self.sealed_secret[: len(FIRST_PREVIOUS)]
        return chain_hash(self.header, self.body)

    @classmethod
    def hollow(cls, header: bytes, hash_: bytes) -> "Envelope":
        """What is left of an envelope with that hash when its content was erased."""
        return cls(header, b"", hash_.ljust(SEALED_SECRET_BYTES, b"\0"))

    @classmethod
    def lost(cls, note: "LostNote", hash_: bytes | None) -> "Envelope":
        """What stands in the log for an envelope that the device's disk has lost.

        It is hollow, with a note instead of a header: whoever knows no such notes finds a header
        that cannot be read. With the lost one's hash, what follows it still does.
        """
        header = note.to_bytes()
        return cls.hollow(header, hash_ or chain_hash(header, b""))

    @cached_property
    def lost_note(self) -> "LostNote | None":
        """What is known of an envelope that was lost; None: this is one."""
        return LostNote.find(self.header) if self.is_hollow else None


@dataclass(frozen=True, slots=True)
class LostNote:
    """What is still known of an envelope that its device's disk has lost."""

    sequence: int
    application: ApplicationId | None = None
    reference: str = ""

    def to_bytes(self) -> bytes:
        """In the place of a header, by a header's numbers."""
        fields = {
            0: HEADER_VERSION,
            2: self.sequence,
            5: application_bytes(self.application) if self.application else None,
            6: self.reference or None,
            _LOST: 1,
        }
        return cbor.encode(without_none(fields))

    @classmethod
    def find(cls, data: bytes) -> "LostNote | None":
        """The note in the place of a header; None where it is something else."""
        try:
            fields = Fields.of_bytes("note", data, HEADER_BYTES_MAX)
            if not fields.has(_LOST):
                return None
            return cls(
                sequence=fields.integer(2, 1),
                application=_application(fields, 5) if fields.has(5) else None,
                reference=fields.text(6, REFERENCE_LENGTH_MAX) if fields.has(6) else "",
            )
        except BadRecord:
            return None


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """One step in an application's life at central. Its status is folded from these."""

    application: ApplicationId
    number: int  # 1, 2, 3 ... per application
    status: Status
    at: Stamp
    office: str
    due: date | None = None
    reason: str | None = None  # a code of the service's descriptor
    words: bytes | None = None  # to the applicant, sealed to her secret
    reference: str = ""  # said with the first event: a kiosk that did not take it can find it
    service: str = ""
    asked: bytes | None = None  # what to correct, sealed to her secret: see envelope.seal_asked
    replaces: ApplicationId | None = None  # said with the first event, when it was proven
    step: str = ""  # which step of the service's workflow the case is at
    law: str = ""  # the decision's legal basis: a code of the service's descriptor
    deciders: tuple[str, ...] = ()  # the titles of those who decided, no names

    def to_bytes(self) -> bytes:
        """The payload of a change."""
        fields = {
            0: application_bytes(self.application),
            1: self.number,
            2: code_of(self.status),
            3: self.at.to_wire(),
            4: self.office,
            5: self.due.toordinal() if self.due else None,
            6: self.reason,
            7: self.words,
            8: self.reference or None,
            9: self.service or None,
            10: self.asked,
            11: application_bytes(self.replaces) if self.replaces else None,
            12: self.step or None,
            13: self.law or None,
            14: list(self.deciders) or None,
        }
        return cbor.encode(without_none(fields))

    @classmethod
    def from_bytes(cls, data: bytes) -> "StatusEvent":
        """The event in a change's payload; raises BadRecord."""
        fields = Fields.of_bytes("status event", data, STATUS_EVENT_BYTES_MAX)
        return cls(
            application=_application(fields, 0),
            number=fields.integer(1, 1),
            status=fields.word(2, Status),
            at=read_stamp(fields, 3),
            office=fields.text(4, NAME_LENGTH_MAX),
            due=date.fromordinal(fields.integer(5, 1, _DAY_MAX)) if fields.has(5) else None,
            reason=fields.text(6, NAME_LENGTH_MAX) if fields.has(6) else None,
            words=fields.octets(7, 1, WORDS_BYTES_MAX) if fields.has(7) else None,
            reference=fields.text(8, REFERENCE_LENGTH_MAX) if fields.has(8) else "",
            service=fields.text(9, NAME_LENGTH_MAX) if fields.has(9) else "",
            asked=fields.octets(10, 1, ASKED_BYTES_MAX) if fields.has(10) else None,
            replaces=_application(fields, 11) if fields.has(11) else None,
            step=fields.text(12, NAME_LENGTH_MAX) if fields.has(12) else "",
            law=fields.text(13, LAW_LENGTH_MAX) if fields.has(13) else "",
            deciders=_titles(fields),
        )


def _titles(fields: Fields) -> tuple[str, ...]:
    titles = fields.items(14, SIGNATORIES_MAX)
    for title in titles:
        is_text = isinstance(title, str) and title.isprintable()
        if not (is_text and 0 < len(str(title)) <= NAME_LENGTH_MAX):
            raise BadRecord("A title is a short text.")
    return tuple(str(title) for title in titles)


class KeyPurpose(StrEnum):
    """What a key is for."""

    RECEIPTS = "receipts"  # checks a kiosk's receipts
    ANSWERS = "answers"  # checks central's answers
    SEALING = "sealing"  # secrets are sealed to it
    BUNDLES = "bundles"  # checks published services
    REVOKED = "revoked"  # nothing any more: the key of this id was lost or stolen


@dataclass(frozen=True, slots=True)
class KeyNote:
    """A public key that a device should know."""

    id: bytes
    purpose: KeyPurpose
    key: bytes
    name: str
    kiosk_number: int | None = None
    until_s: int | None = None  # the kiosk was taken out of service then: see `token.verify`

    def to_bytes(self) -> bytes:
        """The payload of a change."""
        fields = {
            0: self.id,
            1: code_of(self.purpose),
            2: self.key,
            3: self.name,
            4: self.kiosk_number,
            5: self.until_s,
        }
        return cbor.encode(without_none(fields))

    @classmethod
    def from_bytes(cls, data: bytes) -> "KeyNote":
        """The note in a change's payload; raises BadRecord."""
        fields = Fields.of_bytes("key note", data, KEY_NOTE_BYTES_MAX)
        return cls(
            id=fields.octets(0, _KEY_ID_BYTES),
            purpose=fields.word(1, KeyPurpose),
            key=fields.octets(2, 32),
            name=fields.text(3, NAME_LENGTH_MAX),
            kiosk_number=fields.integer(4, 0, 2**20 - 1) if fields.has(4) else None,
            until_s=fields.integer(5) if fields.has(5) else None,
        )


@dataclass(frozen=True, slots=True)
class ServiceNote:
    """A published service: its bundle is checked and opened by `kiosk.forms.bundle`."""

    service: str
    version: str
    bundle: bytes

    def to_bytes(self) -> bytes:
        """The payload of a change."""
        return cbor.encode({0: self.service, 1: self.version, 2: self.bundle})

    @classmethod
    def from_bytes(cls, data: bytes) -> "ServiceNote":
        """The note in a change's payload; raises BadRecord."""
        fields = Fields.of_bytes("service note", data, SERVICE_NOTE_BYTES_MAX)
        return cls(
            service=fields.text(0, NAME_LENGTH_MAX),
            version=fields.text(1, NAME_LENGTH_MAX),
            bundle=fields.octets(2, 1, SERVICE_NOTE_BYTES_MAX),
        )


@dataclass(frozen=True, slots=True)
class OfficeNote:
    """The office that a kiosk belongs to: its name, where to reach it, when it is closed."""

    id: str
    name: Mapping[str, str]  # by language
    phone: str
    opening_hours: str
    holidays: tuple[date, ...] = ()  # no working days: both ends count with them
    portal_url: str = ""  # what receipts point to from now on; empty: as it was
    sample: bool = False  # no office has confirmed its hours, telephone and holidays

    def to_bytes(self) -> bytes:
        """The payload of a change."""
        fields = {
            0: self.id,
            1: dict(self.name),
            2: self.phone,
            3: self.opening_hours,
            4: [day.toordinal() for day in self.holidays],
            5: self.portal_url or None,
            6: 1 if self.sample else None,
        }
        return cbor.encode(without_none(fields))

    @classmethod
    def from_bytes(cls, data: bytes) -> "OfficeNote":
        """The note in a change's payload; raises BadRecord."""
        fields = Fields.of_bytes("office note", data, OFFICE_NOTE_BYTES_MAX)
        names = fields.mapping(1, LANGUAGES_MAX)
        for language, name in names.items():
            if not (isinstance(language, str) and isinstance(name, str) and name.isprintable()):
                raise BadRecord("An office is named by language.")
        holidays = fields.items(4, HOLIDAYS_MAX)
        if not all(is_count(day, 1, _DAY_MAX) for day in holidays):
            raise BadRecord("A holiday is a day.")
        return cls(
            id=fields.text(0, NAME_LENGTH_MAX),
            name=names,
            phone=fields.text(2, NAME_LENGTH_MAX, least=0),
            opening_hours=fields.text(3, NAME_LENGTH_MAX, least=0),
            holidays=tuple(date.fromordinal(day) for day in holidays),
            portal_url=fields.text(5, URL_LENGTH_MAX) if fields.has(5) else "",
            sample=fields.has(6) and bool(fields.integer(6, 0, 1)),
        )


@dataclass(frozen=True, slots=True)
class ClerkNote:
    """A clerk of an office: who may sign in at its kiosks to help. Her last note holds.

    The hash keeps her PIN from whoever reads the note for as long as all PINs of its length can be
    tried; it opens nobody's answers.
    """

    number: int  # typed to sign in; on the record in clear
    office: str
    name: str
    pin_hash: str = field(default="", repr=False)  # see `sync.pin`; empty: she signs in no more

    def to_bytes(self) -> bytes:
        """The payload of a change."""
        fields = {0: self.number, 1: self.office, 2: self.name, 3: self.pin_hash or None}
        return cbor.encode(without_none(fields))

    @classmethod
    def from_bytes(cls, data: bytes) -> "ClerkNote":
        """The note in a change's payload; raises BadRecord."""
        fields = Fields.of_bytes("clerk note", data, CLERK_NOTE_BYTES_MAX)
        pin_hash = fields.text(3, HASH_LENGTH_MAX) if fields.has(3) else ""
        if not pin_hash.isascii():
            raise BadRecord("A PIN is kept as a hash.")
        return cls(
            number=fields.integer(0, 1),
            office=fields.text(1, NAME_LENGTH_MAX),
            name=fields.text(2, NAME_LENGTH_MAX),
            pin_hash=pin_hash,
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One item of central's feed. Positions have no holes within an audience."""

    audience: Audience
    position: int  # 1, 2, 3 ... per audience
    kind: ChangeKind | int  # a number: a kind that this version does not know
    payload: bytes

    def to_wire(self) -> list[object]:
        """The change as it stands inside an answer."""
        kind = code_of(self.kind) if isinstance(self.kind, ChangeKind) else self.kind
        return [self.audience, self.position, kind, self.payload]

    @classmethod
    def from_wire(cls, item: object) -> "Change":
        """The change inside an answer; raises BadRecord."""
        match item:
            case [str(audience), position, kind, bytes(payload)] if (
                0 < len(audience) <= NAME_LENGTH_MAX and is_count(position, 1) and is_count(kind)
            ):
                kinds = list(ChangeKind)
                known = kinds[kind] if kind < len(kinds) else kind
                return cls(Audience(audience), position, known, payload)
        raise BadRecord("A change is an audience, a position, a kind and a payload.")
