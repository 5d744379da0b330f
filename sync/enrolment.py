"""Enrolment: how a new device becomes known to central.

A technician types a one-time code; the device shows its key, self-signed, and gets its number, its
office, and the keys that it shall trust. Central answers the same code and the same key with the
same enrolment, so a lost reply costs nothing. The first contact rests on TLS: only from here on
does the device know central's keys.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from sync import cbor
from sync.errors import BadAnswer, BadBatch, BadRecord
from sync.fields import Fields, is_count, without_none
from sync.protocol import AUDIENCES_MAX, EPOCH_BYTES
from sync.records import (
    NAME_LENGTH_MAX,
    URL_LENGTH_MAX,
    Audience,
    DeviceId,
    KeyNote,
    KeyPurpose,
    Stamp,
    device_id,
    read_stamp,
)
from sync.sentence import Sentence
from sync.signed import HASH_BYTES, SIGNATURE_BYTES, SIGNER_BYTES, MessageKind, Signed

KIOSK_NUMBER_MAX = 2**20 - 1  # what a reference has room for
CODE_LENGTH_MAX = 64
_KEYS_MAX = 64
_LANGUAGES_MAX = 32
REQUEST_BYTES_MAX = 4096
ENROLMENT_BYTES_MAX = 128 * 1024


@dataclass(frozen=True, slots=True)
class Continuing:
    """The log that a device carries on under a new key: how far it goes, and the old key's word.

    An identity that lived twice (a copied card, a disk put back) parts like this: one branch of
    its log gets a new key and a new number, and loses nothing of what it has promised.
    """

    device: DeviceId  # the identity before
    after: int
    previous: bytes  # chain hash at `after`
    proof: bytes

    @classmethod
    def proven(
        cls, old_key: SigningKey, new_key: bytes, after: int, previous: bytes
    ) -> "Continuing":
        """The old key's word that the new one carries its log on."""
        device = device_id(bytes(old_key.verify_key))
        said = cls(device, after, previous, b"")
        return cls(device, after, previous, old_key.sign(said._words(new_key)).signature)

    def holds(self, old_verify_key: bytes, new_key: bytes) -> bool:
        """Whether the old key has said so, of this new key."""
        try:
            VerifyKey(old_verify_key).verify(self._words(new_key), self.proof)
        except (CryptoError, ValueError, TypeError):
            return False
        return True

    def _words(self, new_key: bytes) -> bytes:
        place = self.after.to_bytes(8, "big")
        return b"one-door new life\0" + bytes.fromhex(self.device) + place + self.previous + new_key

    def to_wire(self) -> list[object]:
        """As it stands in a request."""
        return [bytes.fromhex(self.device), self.after, self.previous, self.proof]

    @classmethod
    def from_wire(cls, items: Sequence[object]) -> "Continuing":
        """As it stands in a request; raises BadRecord."""
        match items:
            case [bytes(device), after, bytes(previous), bytes(proof)] if (
                len(device) == SIGNER_BYTES
                and is_count(after)
                and len(previous) == HASH_BYTES
                and len(proof) == SIGNATURE_BYTES
            ):
                return cls(DeviceId(device.hex()), after, previous, proof)
        raise BadRecord("What a log carries on is a device, a place, a hash and a signature.")


@dataclass(frozen=True, slots=True)
class EnrolmentRequest:
    """A device asks to become known."""

    code: str
    verify_key: bytes
    name: str
    continuing: Continuing | None = None

    @property
    def device(self) -> DeviceId:
        """The device's id."""
        return device_id(self.verify_key)

    def signed(self, key: SigningKey) -> bytes:
        """The request as it is sent: it proves that the device has the key."""
        fields = {
            0: self.code,
            1: self.verify_key,
            2: self.name,
            3: self.continuing.to_wire() if self.continuing else None,
        }
        payload = cbor.encode(without_none(fields))
        signer = bytes.fromhex(self.device)
        return Signed.by(key, signer, MessageKind.ENROLMENT_REQUEST, payload).to_bytes()

    @classmethod
    def from_bytes(cls, message: bytes) -> "EnrolmentRequest":
        """The request, signed with the key that it shows; raises BadBatch."""
        kind = MessageKind.ENROLMENT_REQUEST
        try:
            signed = Signed.from_bytes(message, kind, REQUEST_BYTES_MAX)
            fields = Fields.of_bytes("enrolment request", signed.payload, REQUEST_BYTES_MAX)
            request = cls(
                code=fields.text(0, CODE_LENGTH_MAX),
                verify_key=fields.octets(1, 32),
                name=fields.text(2, NAME_LENGTH_MAX),
                continuing=Continuing.from_wire(fields.items(3, 4)) if fields.has(3) else None,
            )
            signed.opened(request.verify_key)
        except BadRecord as problem:
            raise BadBatch(str(problem)) from problem
        if signed.signer.hex() != request.device:
            raise BadBatch("The request is signed for another device.")
        return request


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What central tells a device that it now knows."""

    request: bytes  # message_hash of the request
    at: Stamp
    device: DeviceId
    kiosk_number: int
    office: str
    office_name: Mapping[str, str]  # by language
    epoch: bytes
    keys: tuple[KeyNote, ...]  # central's, one of them for answers; and other kiosks' for receipts
    audiences: tuple[Audience, ...]
    portal_url: str

    def signed(self, key: SigningKey, key_id: bytes) -> bytes:
        """The enrolment as it is sent, signed with one of its own keys for answers."""
        payload = {
            0: self.request,
            1: self.at.to_wire(),
            2: bytes.fromhex(self.device),
            3: self.kiosk_number,
            4: self.office,
            5: dict(self.office_name),
            6: self.epoch,
            7: [note.to_bytes() for note in self.keys],
            8: list(self.audiences),
            9: self.portal_url,
        }
        return Signed.by(key, key_id, MessageKind.ENROLMENT, cbor.encode(payload)).to_bytes()

    @classmethod
    def from_bytes(cls, message: bytes) -> "Enrolment":
        """The enrolment, signed with a key that it brings itself; raises BadAnswer."""
        try:
            signed = Signed.from_bytes(message, MessageKind.ENROLMENT, ENROLMENT_BYTES_MAX)
            fields = Fields.of_bytes("enrolment", signed.payload, ENROLMENT_BYTES_MAX)
            keys = tuple(_key(item) for item in fields.items(7, _KEYS_MAX))
            _signed_with_one_of(keys, signed)
            return cls(
                request=fields.octets(0, HASH_BYTES),
                at=read_stamp(fields, 1),
                device=DeviceId(fields.octets(2, SIGNER_BYTES).hex()),
                kiosk_number=fields.integer(3, 0, KIOSK_NUMBER_MAX),
                office=fields.text(4, NAME_LENGTH_MAX),
                office_name=_names(fields.mapping(5, _LANGUAGES_MAX)),
                epoch=fields.octets(6, EPOCH_BYTES),
                keys=keys,
                audiences=tuple(_audience(item) for item in fields.items(8, AUDIENCES_MAX)),
                portal_url=fields.text(9, URL_LENGTH_MAX),
            )
        except BadRecord as problem:
            raise BadAnswer(
                Sentence("Central's answer cannot be used: %(why)s", why=problem)
            ) from problem


def _signed_with_one_of(keys: tuple[KeyNote, ...], signed: Signed) -> None:
    for note in keys:
        if note.purpose is KeyPurpose.ANSWERS and note.id == signed.signer:
            signed.opened(note.key)
            return
    raise BadRecord("It is signed with a key that it does not bring.")


def _key(item: object) -> KeyNote:
    if not isinstance(item, bytes):
        raise BadRecord("A key note is bytes.")
    return KeyNote.from_bytes(item)


def _audience(item: object) -> Audience:
    if not isinstance(item, str) or not 0 < len(item) <= NAME_LENGTH_MAX:
        raise BadRecord("An audience is a short text.")
    return Audience(item)


def _names(names: dict[object, object]) -> dict[str, str]:
    for language, name in names.items():
        if not isinstance(language, str) or not isinstance(name, str):
            raise BadRecord("An office has a name by language.")
    return {str(language): str(name) for language, name in names.items()}
