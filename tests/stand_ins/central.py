"""A central server in the simplest real way: dictionaries, real signatures, real rules.

It keeps what `sync.protocol.Central` promises and nothing else; the simulation and the unit tests
of the device's half run against it. `snapshot` and `restore` are a backup from last night.
"""

import copy
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from nacl.public import PrivateKey
from nacl.signing import SigningKey

from sync.enrolment import Enrolment, EnrolmentRequest
from sync.errors import BadRecord, Refused
from sync.protocol import (
    Acknowledgement,
    Answer,
    Batch,
    EvidenceAnswer,
    EvidencePiece,
    EvidenceRequest,
    signer_of,
)
from sync.records import (
    FIRST_PREVIOUS,
    NATION,
    ApplicationId,
    Audience,
    Change,
    ChangeKind,
    DeviceId,
    Envelope,
    KeyNote,
    KeyPurpose,
    Outcome,
    Stamp,
    Status,
    StatusEvent,
    TimeQuality,
    device_audience,
    key_id,
    office_audience,
)
from sync.signed import MessageKind, message_hash

OFFICE = "la-vte-xaythany"


@dataclass
class Memory:
    """What a backup holds."""

    epoch: bytes
    devices: dict[DeviceId, bytes] = field(default_factory=dict)
    logs: dict[DeviceId, list[Envelope]] = field(default_factory=dict)
    applications: dict[ApplicationId, Envelope] = field(default_factory=dict)
    set_aside: list[Envelope] = field(default_factory=list)
    feeds: dict[Audience, list[Change]] = field(default_factory=dict)
    events: dict[ApplicationId, list[StatusEvent]] = field(default_factory=dict)
    files: dict[bytes, bytearray] = field(default_factory=dict)
    enrolments: dict[str, Enrolment] = field(default_factory=dict)


class StandInCentral:
    """Central for tests. `now_ms` is its clock; `unreadable` says what it cannot read."""

    def __init__(self, now_ms: Callable[[], int] = lambda: 1_800_000_000_000) -> None:
        self.now_ms = now_ms
        self.key = SigningKey.generate()
        self.box = PrivateKey.generate()
        self.bundles = SigningKey.generate()
        self.key_id = key_id(bytes(self.key.verify_key))
        self.memory = Memory(secrets.token_bytes(16))
        self.unreadable: Callable[[Envelope], bool] = lambda _envelope: False
        self.acknowledge_at_most = 1000
        self.is_old = False  # of the first release

    def snapshot(self) -> Memory:
        return copy.deepcopy(self.memory)

    def restore(self, backup: Memory) -> None:
        self.memory = copy.deepcopy(backup)
        self.memory.epoch = secrets.token_bytes(16)

    def _now(self) -> Stamp:
        return Stamp(self.now_ms(), TimeQuality.TRUSTED)

    def _key_of(self, message: bytes, kind: MessageKind) -> bytes:
        key = self.memory.devices.get(signer_of(message, kind))
        if key is None:
            raise Refused("Central does not know this device.", reason="unknown device")
        return key

    def enrol(self, request: bytes) -> bytes:
        asked = EnrolmentRequest.from_bytes(request)
        known = self.memory.enrolments.get(asked.code)
        if known and known.device != asked.device:
            raise Refused("This code was used.", reason="code used")
        number = known.kiosk_number if known else len(self.memory.enrolments) + 1
        enrolment = Enrolment(
            request=message_hash(request),
            at=self._now(),
            device=asked.device,
            kiosk_number=number,
            office=OFFICE,
            office_name={"lo": "ເມືອງໄຊທານີ", "en": "Xaythany District"},
            epoch=self.memory.epoch,
            keys=self._keys(),
            audiences=(NATION, office_audience(OFFICE), device_audience(asked.device)),
            portal_url="https://example.la",
        )
        self.memory.enrolments[asked.code] = enrolment
        self.memory.devices[asked.device] = asked.verify_key
        self.memory.logs.setdefault(asked.device, [])
        return enrolment.signed(self.key, self.key_id)

    def _keys(self) -> tuple[KeyNote, ...]:
        keys = {
            KeyPurpose.ANSWERS: bytes(self.key.verify_key),
            KeyPurpose.SEALING: bytes(self.box.public_key),
            KeyPurpose.BUNDLES: bytes(self.bundles.verify_key),
        }
        return tuple(KeyNote(key_id(key), purpose, key, "central") for purpose, key in keys.items())

    def exchange(self, batch: bytes) -> bytes:
        received = Batch.from_bytes(batch, self._key_of(batch, MessageKind.BATCH))
        log = self.memory.logs[received.device]
        acknowledgements = self._store(received, log)
        changes, more = self._news(received)
        answer = Answer(
            batch=message_hash(batch),
            at=self._now(),
            epoch=self.memory.epoch,
            through=len(log),
            acknowledgements=tuple(acknowledgements),
            changes=changes,
            more=more,
        )
        return answer.signed(
            self.key, self.key_id, packed=received.reads_packed and not self.is_old
        )

    def _store(self, batch: Batch, log: list[Envelope]) -> list[Acknowledgement]:
        acknowledgements: list[Acknowledgement] = []
        if batch.after > len(log):
            return acknowledgements
        envelopes = batch.envelopes[: self.acknowledge_at_most]
        for sequence, envelope in enumerate(envelopes, batch.after + 1):
            outcome = self._keep(envelope, sequence, log)
            application = envelope.parsed.id
            acknowledgements.append(Acknowledgement(application, sequence, outcome))
        return acknowledgements

    def _keep(self, envelope: Envelope, sequence: int, log: list[Envelope]) -> Outcome:
        if sequence <= len(log):
            if log[sequence - 1] == envelope:
                return Outcome.EXISTS
            self.memory.set_aside.append(envelope)
            return Outcome.CONFLICT
        if envelope.parsed.previous != (log[-1].chain_hash if log else FIRST_PREVIOUS):
            raise BadRecord("The stand-in holds a broken chain: a test went wrong.")
        log.append(envelope)
        if self.unreadable(envelope):
            self.memory.set_aside.append(envelope)
            return Outcome.UNREADABLE
        self.memory.applications[envelope.parsed.id] = envelope
        self.decide(envelope.parsed.id, Status.RECEIVED)
        return Outcome.CREATED

    def _news(self, batch: Batch) -> tuple[tuple[Change, ...], bool]:
        cursor = batch.cursor if batch.epoch == self.memory.epoch else {}
        news = [
            change
            for audience in batch.cursor
            for change in self.memory.feeds.get(audience, [])[cursor.get(audience, 0) :]
        ]
        fitting: list[Change] = []
        room_bytes = batch.room_bytes
        for change in news:
            room_bytes -= len(change.payload)
            if fitting and room_bytes < 0:
                break
            fitting.append(change)
        return tuple(fitting), len(fitting) < len(news)

    def publish(self, audience: Audience, kind: ChangeKind | int, payload: bytes) -> None:
        feed = self.memory.feeds.setdefault(audience, [])
        feed.append(Change(audience, len(feed) + 1, kind, payload))

    def decide(
        self, application: ApplicationId, status: Status, replaces: ApplicationId | None = None
    ) -> StatusEvent:
        events = self.memory.events.setdefault(application, [])
        number, at = len(events) + 1, self._now()
        event = StatusEvent(application, number, status, at, OFFICE, replaces=replaces)
        events.append(event)
        self.publish(office_audience(OFFICE), ChangeKind.STATUS, event.to_bytes())
        return event

    def evidence_offset(self, request: bytes) -> bytes:
        kind = MessageKind.EVIDENCE_REQUEST
        asked = EvidenceRequest.from_bytes(request, self._key_of(request, kind))
        offset = len(self.memory.files.get(asked.sha256, b""))
        answer = EvidenceAnswer(message_hash(request), offset, self._epoch_said())
        return answer.signed(self.key, self.key_id)

    def _epoch_said(self) -> bytes | None:
        return None if self.is_old else self.memory.epoch

    def send_evidence(self, piece: bytes) -> bytes:
        sent = EvidencePiece.from_bytes(piece, self._key_of(piece, MessageKind.EVIDENCE_PIECE))
        stored = self.memory.files.setdefault(sent.sha256, bytearray())
        if sent.offset == len(stored):
            stored += sent.data
        if len(stored) == sent.total and sha256(stored).digest() != sent.sha256:
            stored.clear()
        answer = EvidenceAnswer(message_hash(piece), len(stored), self._epoch_said())
        return answer.signed(self.key, self.key_id)
