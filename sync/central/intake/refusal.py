"""How central says no to a device: a short reason for programs, a sentence for the technician.

A refusal changes nothing on either side; the device keeps what it has.
"""

from sync.errors import CentralFault, Refused

UNKNOWN_DEVICE = "unknown-device"
BLOCKED_DEVICE = "blocked-device"
BAD_MESSAGE = "bad-message"
BAD_CODE = "bad-code"
ALREADY_ENROLLED = "already-enrolled"
NOT_ANNOUNCED = "not-announced"


def refused(reason: str, sentence: str) -> Refused:
    """A refusal, ready to be raised."""
    return Refused(sentence, reason=reason)


def busy(retry_after_s: float) -> CentralFault:
    """Not now: everything is kept, ask again later."""
    return CentralFault("Central is busy. Try again later.", retry_after_s=retry_after_s)
