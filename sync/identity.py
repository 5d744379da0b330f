"""Who this device is: its key, its number, its office; and how it gets them.

The key is born on the device and never leaves it. It is on the disk before central hears of it, so
that an enrolment whose reply was lost is simply asked for again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from nacl.signing import SigningKey

from sync.enrolment import Continuing, Enrolment, EnrolmentRequest
from sync.errors import BadAnswer, Refused, WaitingToSend
from sync.protocol import Central
from sync.records import DeviceId, KeyPurpose
from sync.sentence import Sentence
from sync.signed import message_hash

TAKEN = "already-enrolled"  # central's word for a key that it knows by another code


@dataclass(frozen=True, slots=True)
class Identity:
    """An enrolled device."""

    device: DeviceId
    signing_key: SigningKey
    kiosk_number: int
    office: str
    office_name: Mapping[str, str]  # by language
    portal_url: str


class KeepsIdentity(Protocol):
    """What enrolment needs of the ledger."""

    def device_key(self) -> SigningKey:
        """The device's key; made when there is none yet."""
        ...

    def enrolled(self, enrolment: Enrolment) -> Identity:
        """Keep what central said."""
        ...


class Enrols(Protocol):
    """What enrolment needs of central, by whatever road."""

    def enrol(self, request: bytes) -> bytes:
        """An `EnrolmentRequest` in, an `Enrolment` back."""
        ...


class HasLives(KeepsIdentity, Protocol):
    """What a new life needs of the ledger besides."""

    def enrolled_identity(self) -> Identity:
        """Who this device is until now."""
        ...

    def next_life_key(self) -> SigningKey:
        """The key of its next life; made when there is none yet."""
        ...

    def forget_next_life(self) -> None:
        """Another disk has taken that key: draw another."""
        ...

    def log_end(self) -> tuple[int, bytes]:
        """The last place of its log, and the chain hash there."""
        ...

    def has_waiting(self) -> bool:
        """Whether anything waits to be sent."""
        ...

    def begin_life(self, enrolment: Enrolment, after: int) -> Identity:
        """Be the new identity from that place of the log on."""
        ...


def enrol(ledger: KeepsIdentity, central: Enrols, code: str, name: str) -> Identity:
    """Make this device known to central by a technician's one-time code.

    Raises:
        ExchangeError: it did not happen; ask again with the same code.
    """
    key = ledger.device_key()
    request = EnrolmentRequest(code.strip(), bytes(key.verify_key), name)
    message = request.signed(key)
    return ledger.enrolled(_checked(request, message, central.enrol(message)))


def take_new_life(ledger: HasLives, central: Central, code: str, name: str) -> Identity:
    """Part from another device that lives under the same identity: a new key and number.

    Everything that this one has sent was kept at central, beside the other's log. It is filed under
    the new identity now, and the log goes on from its end.

    Raises:
        ExchangeError: it did not happen; ask again with the same code.
        WaitingToSend: what waits must be sent first, under the identity that promised it.
    """
    if ledger.has_waiting():
        raise WaitingToSend(Sentence("Applications wait to be sent. Exchange with central first."))
    try:
        return _live_on(ledger, central, code, name)
    except Refused as problem:
        if problem.reason != TAKEN:
            raise
        ledger.forget_next_life()  # a copy of this very disk was quicker
        return _live_on(ledger, central, code, name)


def _live_on(ledger: HasLives, central: Central, code: str, name: str) -> Identity:
    old, key = ledger.enrolled_identity(), ledger.next_life_key()
    after, previous = ledger.log_end()
    continuing = Continuing.proven(old.signing_key, bytes(key.verify_key), after, previous)
    request = EnrolmentRequest(code.strip(), bytes(key.verify_key), name, continuing)
    message = request.signed(key)
    enrolment = _checked(request, message, central.enrol(message))
    return ledger.begin_life(enrolment, after)


def _checked(request: EnrolmentRequest, message: bytes, reply: bytes) -> Enrolment:
    enrolment = Enrolment.from_bytes(reply)
    if enrolment.request != message_hash(message) or enrolment.device != request.device:
        raise BadAnswer(Sentence("Central enrolled another device. Ask for a new code."))
    purposes = {note.purpose for note in enrolment.keys}
    if not {KeyPurpose.ANSWERS, KeyPurpose.SEALING, KeyPurpose.BUNDLES} <= purposes:
        raise BadAnswer(Sentence("Central did not say which keys to trust. Call its operators."))
    return enrolment
