"""What the code on a resume slip says: whose kiosk it is for, and the secret that opens the entry.

It is no receipt and must never be taken for one: it is signed by nobody, leads to no page and
proves nothing. Forging one gains nothing either, since only the secret of an entry that lies on
this disk opens anything. The check tells a code that a worn paper or a wrong keyboard garbled from
one whose entry is gone. Letters and figures of a QR's alphanumeric mode make a small code with
large dots, which survives a month in a pocket.
"""

import re
from dataclasses import dataclass, field
from hashlib import blake2b

from sync.envelope import SECRET_BYTES
from sync.reference import ALPHABET, KIOSK_NUMBER_MAX, SYMBOL_BITS, bits_of, symbols_of

PREFIX = "RESUME:"
VERSION = 1
KIOSK_BYTES = 3
CHECK_BYTES = 5
SYMBOLS = 8 * (1 + KIOSK_BYTES + SECRET_BYTES + CHECK_BYTES) // SYMBOL_BITS

_CODE = re.compile(rf"{PREFIX}([{ALPHABET}]{{{SYMBOLS}}})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ResumeCode:
    """The key to one unfinished entry, and the kiosk that holds it."""

    kiosk_number: int
    secret: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """What the QR says."""
        data = bytes((VERSION,)) + self.kiosk_number.to_bytes(KIOSK_BYTES, "big") + self.secret
        number = int.from_bytes(data + _check(data), "big")
        return PREFIX + "".join(ALPHABET[symbol] for symbol in symbols_of(number, SYMBOLS))


def is_resume_code(text: str) -> bool:
    """Whether a scanned text is a resume slip's, or a damaged one's."""
    return text.strip().upper().startswith(PREFIX)


def find_code(text: str) -> ResumeCode | None:
    """What a scanned slip says; None where the text is none, or damaged."""
    matched = _CODE.fullmatch(text.strip().upper())
    if matched is None:
        return None
    number = bits_of(map(ALPHABET.index, matched[1]))
    whole = number.to_bytes(SYMBOLS * SYMBOL_BITS // 8, "big")
    data, check = whole[:-CHECK_BYTES], whole[-CHECK_BYTES:]
    kiosk_number = int.from_bytes(data[1 : 1 + KIOSK_BYTES], "big")
    if data[0] != VERSION or check != _check(data) or kiosk_number > KIOSK_NUMBER_MAX:
        return None
    return ResumeCode(kiosk_number, data[1 + KIOSK_BYTES :])


def _check(data: bytes) -> bytes:
    return blake2b(data, digest_size=CHECK_BYTES, person=b"resume-code").digest()
