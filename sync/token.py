"""The receipt's token: what the QR on the paper says, provable without a line.

A CWT (RFC 8392) in a COSE_Sign1 (RFC 9052), signed with the kiosk's Ed25519 key: other people's
software verifies it too. It is written as decimal digits in the fragment of an address, so that
any phone opens the status page, the fragment never reaches a server, and a QR packs it in numeric
mode. Normally it carries the application's *secret*: who holds the paper opens what is hers. A
late or sensitive receipt carries the application id instead: still proof, no longer a key.

There is one form only. What is opened is written again from its claims and must be the same bytes;
algorithm and key are looked up in lists, never believed; digits are counted before they become a
number (a long integer takes quadratic time).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import cbor2
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from sync import cbor
from sync.envelope import application_id
from sync.errors import BadRecord, SyncError
from sync.records import ApplicationId
from sync.reference import KIOSK_NUMBER_MAX, NUMBER_BITS, NUMBER_MAX, Reference, parse

COSE_SIGN1_TAG = 18  # RFC 9052, section 2
HEADER_ALGORITHM, HEADER_KEY_ID = 1, 4  # RFC 9052, section 3.1
EDDSA = -8  # RFC 9053, section 2.2
CLAIM_ISSUER, CLAIM_ISSUED_AT, CLAIM_ID = 1, 6, 7  # RFC 8392, section 4
CLAIM_RECEIPT = -65537  # private use: [reference, service, fee or null, secret or null]
SECRET_BYTES = 16
KEY_ID_BYTES = 8
NAME_BYTES_MAX = 80  # of a service's or an office's id
FEE_LAK_MAX = 10**12
TOKEN_BYTES_MAX = 320
DIGITS_MAX = 771  # decimal digits of TOKEN_BYTES_MAX bytes
TEXT_LENGTH_MAX = 1200  # of a scanned address
ISSUED_AT_S_MAX = 1 << 40
NOT_A_RECEIPT = "This is not a receipt of this service."

_APPLICATION_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_DIGITS = re.compile(r"[1-9][0-9]*", re.ASCII)
_ADDRESS = re.compile(r"https?://[!-~]{1,300}/r#([1-9][0-9]*)", re.ASCII)


class BadToken(SyncError):
    """The text proves nothing.

    BadToken
    ├── NotAReceipt   no token of ours at all
    ├── UnknownKey    shaped as ours, signed with a key that is not in the list
    ├── OutOfService  signed with a key in the list, but after its kiosk was stolen or taken away
    └── Altered       names a key in the list, but that key did not sign these bytes
    """


class NotAReceipt(BadToken):
    """The text has not the form of a receipt."""


class UnknownKey(BadToken):
    """The receipt names a key that this device does not know."""


class OutOfService(BadToken):
    """The receipt says to be of a day on which its kiosk was out of service."""


class Altered(BadToken):
    """The signature does not fit: the receipt was changed or forged."""


@dataclass(frozen=True, slots=True)
class ReceiptClaims:
    """What a receipt states. It carries either the secret or the application id."""

    issued_at_s: int
    reference: str
    service: str
    office: str
    fee_lak: int | None = None  # None: the fee is asked at the desk
    secret: bytes | None = field(default=None, repr=False)  # a key: in no log
    application: ApplicationId | None = None

    @property
    def application_id(self) -> ApplicationId:
        """The application it stands for, whichever of the two it carries."""
        if self.secret is not None:
            return application_id(self.secret)
        if self.application is None:
            raise ValueError("A receipt carries the secret or the application id.")
        return self.application


def sign(claims: ReceiptClaims, signing_key: SigningKey, key_id: bytes) -> str:
    """The token as decimal digits.

    Raises:
        ValueError: the claims cannot be written: the caller's mistake.
    """
    if len(key_id) != KEY_ID_BYTES:
        raise ValueError(f"A key id has {KEY_ID_BYTES} bytes.")
    protected, payload = _protected(key_id), _payload(claims)
    signature = signing_key.sign(_to_be_signed(protected, payload)).signature
    return str(int.from_bytes(_token(protected, payload, signature), "big"))


def verify(
    text: str, keys: Mapping[bytes, bytes], until_s: Mapping[bytes, int] = MappingProxyType({})
) -> ReceiptClaims:
    """What the receipt states, if one of these keys signed it. `text` is its address or digits.

    What a kiosk issued before it was stolen stays genuine, because people hold it. A thief can
    write an older day: then the office's word is what counts.

    Args:
        text: the receipt's address, or its digits.
        keys: the keys that are trusted, by their id.
        until_s: since when a kiosk is out of service, by the id of its key.

    Raises:
        BadToken: it proves nothing; the class says why.
    """
    token = _bytes_of(text)
    protected, payload, signature = _parts(token)
    key_id = _key_id(protected)
    if _token(_protected(key_id), payload, signature) != token:
        raise NotAReceipt(NOT_A_RECEIPT)
    if key_id not in keys:
        raise UnknownKey("This receipt was made by a kiosk that is not known here yet.")
    try:
        VerifyKey(keys[key_id]).verify(_to_be_signed(protected, payload), signature)
    except BadSignatureError as problem:
        raise Altered("This receipt was changed: its signature does not fit.") from problem
    claims = _claims(payload)  # only what is signed is looked into
    try:
        rewritten = _payload(claims)
    except ValueError as problem:
        raise NotAReceipt(NOT_A_RECEIPT) from problem
    if rewritten != payload:
        raise NotAReceipt(NOT_A_RECEIPT)
    if key_id in until_s and claims.issued_at_s >= until_s[key_id]:
        raise OutOfService("The kiosk that made this receipt was out of service by then.")
    return claims


def receipt_url(host: str, digits: str) -> str:
    """The address in the QR: the digits stand in the fragment, which stays in the browser.

    `host` is the portal's name, or its whole address where that is not at the root of https.
    """
    address = host.rstrip("/") if "://" in host else f"https://{host}"
    return f"{address}/r#{digits}"


def _protected(key_id: bytes) -> bytes:
    return cbor.encode({HEADER_ALGORITHM: EDDSA, HEADER_KEY_ID: key_id})


def _payload(claims: ReceiptClaims) -> bytes:
    """The claims' bytes.

    Raises:
        ValueError: a claim is out of bounds.
    """
    reference = parse(claims.reference)
    if not isinstance(reference, Reference) or str(reference) != claims.reference:
        raise ValueError(f"{claims.reference!r} is not a reference.")
    if (claims.secret is None) == (claims.application is None):
        raise ValueError("A receipt carries either the secret or the application id.")
    if claims.secret is not None and len(claims.secret) != SECRET_BYTES:
        raise ValueError(f"A secret has {SECRET_BYTES} bytes.")
    if not _whole(claims.issued_at_s) or not 0 <= claims.issued_at_s <= ISSUED_AT_S_MAX:
        raise ValueError(f"{claims.issued_at_s} is no time of issue.")
    if claims.fee_lak is not None and not 0 <= claims.fee_lak <= FEE_LAK_MAX:
        raise ValueError(f"{claims.fee_lak} is no fee.")
    for name in (claims.service, claims.office):
        if not 0 < len(name.encode()) <= NAME_BYTES_MAX:
            raise ValueError(f"The id {name!r} is empty or longer than {NAME_BYTES_MAX} bytes.")
    number = reference.kiosk_number << NUMBER_BITS | reference.number
    document: dict[int, object] = {
        CLAIM_ISSUER: claims.office,
        CLAIM_ISSUED_AT: claims.issued_at_s,
    }
    if claims.application is not None:
        if not _APPLICATION_ID.fullmatch(claims.application):
            raise ValueError(f"{claims.application!r} is no application id.")
        document[CLAIM_ID] = bytes.fromhex(claims.application)
    document[CLAIM_RECEIPT] = [number, claims.service, claims.fee_lak, claims.secret]
    return cbor.encode(document)


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return cbor.encode(["Signature1", protected, b"", payload])  # RFC 9052, section 4.4


def _token(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    return cbor.encode(cbor2.CBORTag(COSE_SIGN1_TAG, [protected, {}, payload, signature]))


def _bytes_of(text: str) -> bytes:
    if len(text) <= TEXT_LENGTH_MAX:
        address = _ADDRESS.fullmatch(text.strip())
        digits = address[1] if address else text.strip()
        if len(digits) <= DIGITS_MAX and _DIGITS.fullmatch(digits):
            number = int(digits)
            token = number.to_bytes((number.bit_length() + 7) // 8, "big")
            if len(token) <= TOKEN_BYTES_MAX:
                return token
    raise NotAReceipt(NOT_A_RECEIPT)


def _opened(data: bytes) -> object:
    try:
        return cbor.decode(data, TOKEN_BYTES_MAX, tag=COSE_SIGN1_TAG)
    except BadRecord as problem:
        raise NotAReceipt(NOT_A_RECEIPT) from problem


def _parts(token: bytes) -> tuple[bytes, bytes, bytes]:
    match _opened(token):
        case cbor2.CBORTag(tag=18, value=[bytes(protected), {}, bytes(payload), bytes(signature)]):
            return protected, payload, signature
        case _:
            raise NotAReceipt(NOT_A_RECEIPT)


def _key_id(protected: bytes) -> bytes:
    match _opened(protected):
        case {1: -8, 4: bytes(key_id)} if len(key_id) == KEY_ID_BYTES:
            return key_id
        case _:
            raise NotAReceipt(NOT_A_RECEIPT)


def _claims(payload: bytes) -> ReceiptClaims:
    match _opened(payload):
        case {
            1: str(office),
            6: int(issued_at_s),
            -65537: [int(number), str(service), fee_lak, secret],
            **others,
        } if _whole(fee_lak) and _bytes_or_none(secret):
            id_bytes = others.get(CLAIM_ID)
        case _:
            raise NotAReceipt(NOT_A_RECEIPT)
    kiosk_number = number >> NUMBER_BITS
    if not 0 <= kiosk_number <= KIOSK_NUMBER_MAX:
        raise NotAReceipt(NOT_A_RECEIPT)
    return ReceiptClaims(
        issued_at_s=issued_at_s,
        reference=str(Reference(kiosk_number, number & NUMBER_MAX)),
        service=service,
        office=office,
        fee_lak=fee_lak,
        secret=secret,
        application=ApplicationId(id_bytes.hex()) if isinstance(id_bytes, bytes) else None,
    )


def _whole(value: object) -> bool:
    return value is None or type(value) is int


def _bytes_or_none(value: object) -> bool:
    return value is None or isinstance(value, bytes)
