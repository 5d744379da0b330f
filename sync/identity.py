"""Who this device is: its key, its number, its office; and how it gets them.

The key is born on the device and never leaves it. It is on the disk before central hears of it, so
that an enrolment whose reply was lost is simply asked for again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from nacl.signing import SigningKey

from sync.enrolment import Enrolment, EnrolmentRequest
from sync.errors import BadAnswer
from sync.protocol import Central
from sync.records import DeviceId, KeyPurpose
from sync.signed import message_hash


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


def enrol(ledger: KeepsIdentity, central: Central, code: str, name: str) -> Identity:
    """Make this device known to central by a technician's one-time code.

    Raises:
        ExchangeError: it did not happen; ask again with the same code.
    """
    key = ledger.device_key()
    request = EnrolmentRequest(code.strip(), bytes(key.verify_key), name)
    message = request.signed(key)
    enrolment = Enrolment.from_bytes(central.enrol(message))
    if enrolment.request != message_hash(message) or enrolment.device != request.device:
        raise BadAnswer("Central enrolled another device. Ask for a new code.")
    purposes = {note.purpose for note in enrolment.keys}
    if not {KeyPurpose.ANSWERS, KeyPurpose.SEALING, KeyPurpose.BUNDLES} <= purposes:
        raise BadAnswer("Central did not say which keys to trust. Call its operators.")
    return ledger.enrolled(enrolment)
