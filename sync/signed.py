"""A signed message: what both ends hand over on any road, by HTTPS or on a stick.

It names its signer in clear so that the reader can look up the key, and only when the signature
holds is anything inside looked at. The kind of message is signed too: no message can be passed off
as another kind.
"""

from dataclasses import dataclass
from enum import IntEnum
from hashlib import blake2b

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from sync import cbor
from sync.errors import BadRecord
from sync.fields import is_count

SIGNER_BYTES = 8
SIGNATURE_BYTES = 64
HASH_BYTES = 32
FRAME_BYTES_MAX = 128  # what signing adds to a payload, and to spare


class MessageKind(IntEnum):
    """Every kind of message; the numbers are the wire's."""

    BATCH = 1
    ANSWER = 2
    EVIDENCE_REQUEST = 3
    EVIDENCE_PIECE = 4
    EVIDENCE_ANSWER = 5
    ENROLMENT_REQUEST = 6
    ENROLMENT = 7


def message_hash(message: bytes) -> bytes:
    """What an answer names as the message it answers."""
    return blake2b(message, digest_size=HASH_BYTES).digest()


@dataclass(frozen=True, slots=True)
class Signed:
    """A message as it came: who says to have signed it, and the payload not yet believed."""

    kind: MessageKind
    signer: bytes
    signature: bytes
    payload: bytes

    @classmethod
    def by(cls, key: SigningKey, signer: bytes, kind: MessageKind, payload: bytes) -> "Signed":
        """A message signed with a key that the reader knows as `signer`."""
        signature = key.sign(_signed_bytes(kind, signer, payload)).signature
        return cls(kind, signer, signature, payload)

    def to_bytes(self) -> bytes:
        """The message as it is sent."""
        return cbor.encode([self.kind.value, self.signer, self.signature, self.payload])

    @classmethod
    def from_bytes(cls, data: bytes, kind: MessageKind, payload_bytes_max: int) -> "Signed":
        """A message of that kind, not yet verified; raises BadRecord."""
        match cbor.decode(data, payload_bytes_max + FRAME_BYTES_MAX):
            case [number, bytes(signer), bytes(signature), bytes(payload)] if (
                is_count(number)
                and number == kind
                and len(signer) == SIGNER_BYTES
                and len(signature) == SIGNATURE_BYTES
            ):
                return cls(kind, signer, signature, payload)
        raise BadRecord(f"This is not a message of the kind {kind.name}.")

    def opened(self, verify_key: bytes) -> bytes:
        """The payload, when the signature holds.

        Raises:
            BadRecord: it was signed with another key, or altered.
        """
        try:
            key = VerifyKey(verify_key)
            key.verify(_signed_bytes(self.kind, self.signer, self.payload), self.signature)
        except (CryptoError, ValueError, TypeError) as problem:
            raise BadRecord("The signature does not hold.") from problem
        return self.payload


def _signed_bytes(kind: MessageKind, signer: bytes, payload: bytes) -> bytes:
    return b"one-door\x00" + bytes([kind]) + signer + payload
