"""The receipt's token: other people's software verifies it, and no altered one passes."""

import random
import sys
from dataclasses import replace

import cbor2
import cwt
import pytest
from nacl.signing import SigningKey
from pycose.headers import KID, Algorithm
from pycose.keys.curves import Ed25519
from pycose.keys.okp import OKPKey
from pycose.messages.cosemessage import CoseMessage
from pycose.messages.sign1message import Sign1Message

from sync.envelope import application_id
from sync.records import ApplicationId
from sync.reference import compose
from sync.token import (
    DIGITS_MAX,
    TOKEN_BYTES_MAX,
    Altered,
    BadToken,
    NotAReceipt,
    OutOfService,
    ReceiptClaims,
    UnknownKey,
    receipt_url,
    sign,
    verify,
)
from tests.mutants import mutants

KEY = SigningKey(bytes(range(32)))
KEY_ID = bytes.fromhex("0102030405060708")
KEYS = {KEY_ID: bytes(KEY.verify_key)}
SECRET = bytes(range(16))
CLAIMS = ReceiptClaims(
    issued_at_s=1_790_000_000,
    reference=compose(4711, 123_456_789),
    service="la.moha.residence-certificate",
    office="la-vte-xaythany",
    fee_lak=20_000,
    secret=SECRET,
)
LATE = replace(CLAIMS, secret=None, application=ApplicationId("ab" * 16), fee_lak=None)


def octets(digits: str) -> bytes:
    number = int(digits)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def digits_of(token: bytes) -> str:
    return str(int.from_bytes(token, "big"))


def signed(payload: object, *, key_id: bytes = KEY_ID, algorithm: int = -8) -> str:
    """Any payload under a good signature: what only a careless or rogue kiosk would make."""
    protected = cbor2.dumps({1: algorithm, 4: key_id})
    body = payload if isinstance(payload, bytes) else cbor2.dumps(payload)
    signature = KEY.sign(cbor2.dumps(["Signature1", protected, b"", body])).signature
    return digits_of(cbor2.dumps(cbor2.CBORTag(18, [protected, {}, body, signature])))


@pytest.mark.parametrize("claims", [CLAIMS, LATE], ids=["secret", "id"])
def test_what_was_signed_is_verified(claims: ReceiptClaims) -> None:
    digits = sign(claims, KEY, KEY_ID)
    assert verify(digits, KEYS) == claims
    assert verify(receipt_url("kiosk.gov.la", digits) + "\r\n", KEYS) == claims


def test_the_secret_stands_for_the_application() -> None:
    assert verify(sign(CLAIMS, KEY, KEY_ID), KEYS).application_id == application_id(SECRET)
    assert LATE.application_id == "ab" * 16


def test_the_same_claims_make_the_same_token() -> None:
    assert sign(CLAIMS, KEY, KEY_ID) == sign(replace(CLAIMS), KEY, KEY_ID)


def test_a_token_is_digits_that_stay_in_the_browser() -> None:
    digits = sign(CLAIMS, KEY, KEY_ID)
    assert digits.isascii()
    assert digits.isdigit()
    assert receipt_url("kiosk.gov.la", digits) == f"https://kiosk.gov.la/r#{digits}"
    assert receipt_url("http://127.0.0.1:8000/", digits) == f"http://127.0.0.1:8000/r#{digits}"


def test_the_library_cwt_verifies_it() -> None:
    key = cwt.COSEKey.new({1: 1, 2: KEY_ID, 3: -8, -1: 6, -2: bytes(KEY.verify_key)})
    claims = cwt.decode(octets(sign(CLAIMS, KEY, KEY_ID)), key)
    assert isinstance(claims, dict)
    assert claims[1] == CLAIMS.office
    assert claims[6] == CLAIMS.issued_at_s
    assert claims[-65537][1:] == [CLAIMS.service, CLAIMS.fee_lak, SECRET]


def test_the_library_pycose_verifies_it() -> None:
    message = CoseMessage.decode(octets(sign(CLAIMS, KEY, KEY_ID)))
    assert isinstance(message, Sign1Message)
    assert message.phdr[KID] == KEY_ID
    assert message.phdr[Algorithm].identifier == -8
    message.key = OKPKey(crv=Ed25519, x=bytes(KEY.verify_key))
    assert message.verify_signature()


def test_a_key_that_is_not_in_the_list_proves_nothing() -> None:
    with pytest.raises(UnknownKey, match="not known here yet"):
        verify(sign(CLAIMS, KEY, b"otherkey"), KEYS)


def test_another_kiosks_signature_under_this_key_id_is_refused() -> None:
    with pytest.raises(Altered):
        verify(sign(CLAIMS, SigningKey(bytes(32)), KEY_ID), KEYS)


def test_another_algorithm_is_refused() -> None:
    for algorithm in (-7, -19, 5, 0):
        with pytest.raises(NotAReceipt):
            verify(signed({}, algorithm=algorithm), KEYS)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        [],
        {1: "office", 6: True, -65537: [1, "service", None, SECRET]},
        {1: "office", 6: 1, -65537: [1, "service", False, SECRET]},
        {1: "office", 6: 1, -65537: [1 << 50, "service", None, SECRET]},
        {1: "office", 6: 1, -65537: [-1, "service", None, SECRET]},
        {1: "office", 6: 1, -65537: [1, "service", None, None]},
        {1: "office", 6: 1, -65537: [1, "service", None, b"short"]},
        {1: "office", 6: 1, 7: bytes(16), -65537: [1, "service", None, SECRET]},
        {1: "office", 6: 1, 7: bytes(15), -65537: [1, "service", None, None]},
        {1: "", 6: 1, -65537: [1, "service", None, SECRET]},
        {1: "o" * 81, 6: 1, -65537: [1, "service", None, SECRET]},
        {1: "office", 6: -1, -65537: [1, "service", None, SECRET]},
        {1: "office", 6: 1, 8: "more", -65537: [1, "service", None, SECRET]},
        {6: 1, 1: "office", -65537: [1, "service", None, SECRET]},  # keys out of order
        b"\xff",
        b"",
    ],
    ids=repr,
)
def test_a_good_signature_does_not_save_a_bad_form(payload: object) -> None:
    with pytest.raises(NotAReceipt):
        verify(signed(payload), KEYS)


def test_a_well_formed_payload_passes_that_check() -> None:
    """So the refusals above are about the payload and not about how the test signs."""
    payload = {1: "office", 6: 1, -65537: [1, "service", None, SECRET]}
    assert verify(signed(payload), KEYS).service == "service"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "0",
        "-1",
        "1",
        "1e5",
        "໑໒໓",
        "https://kiosk.gov.la/r#",
        "https://kiosk.gov.la/r#0123",
        "9" * (DIGITS_MAX + 1),
        "9" * 2_000_000,
        "https://" + "a" * 100_000 + "/r#1",
    ],
    ids=lambda text: f"{text[:20]} ({len(text)})",
)
def test_text_that_is_no_receipt_is_refused(text: str) -> None:
    with pytest.raises(NotAReceipt):
        verify(text, KEYS)


def test_digits_are_counted_before_they_become_a_number() -> None:
    """Python itself refuses more than 4,300 digits; we stop long before it would be asked."""
    assert DIGITS_MAX == len(str((1 << 8 * TOKEN_BYTES_MAX) - 1)) < sys.get_int_max_str_digits()


def test_there_is_one_canonical_form() -> None:
    digits = sign(CLAIMS, KEY, KEY_ID)
    token = octets(digits)
    others = [
        "0" + digits,
        digits_of(token + b"\x00"),
        digits_of(b"\xd8\x12" + token[1:]),  # the tag in two bytes
        digits_of(b"\xd8\x3d" + token),  # a CWT tag around it
        digits_of(token[1:]),  # no tag
        digits_of(token[:1] + b"\x9f" + token[2:] + b"\xff"),  # an array without a length
    ]
    for other in others:
        with pytest.raises(NotAReceipt):
            verify(other, KEYS)


def test_an_unprotected_header_is_refused() -> None:
    protected, _, payload, signature = cbor2.loads(octets(sign(CLAIMS, KEY, KEY_ID))).value
    moved = cbor2.CBORTag(18, [protected, {4: KEY_ID}, payload, signature])
    with pytest.raises(NotAReceipt):
        verify(digits_of(cbor2.dumps(moved)), KEYS)


def test_no_altered_token_is_accepted() -> None:
    good = sign(CLAIMS, KEY, KEY_ID)
    tried = 0
    for mutant in mutants(good, 6_000, random.Random(5)):
        with pytest.raises(BadToken):
            verify(mutant, KEYS)
        tried += 1
    assert tried == 6_000


@pytest.mark.parametrize(
    "wrong",
    [
        {"reference": "04K7-3NQK-8NZ7"},
        {"reference": "04k7-3nqk-8nz6"},
        {"secret": None},
        {"secret": b"short"},
        {"application": ApplicationId("ab" * 16)},
        {"secret": None, "application": ApplicationId("AB" * 16)},
        {"issued_at_s": -1},
        {"fee_lak": -1},
        {"service": ""},
        {"office": "o" * 81},
    ],
    ids=repr,
)
def test_claims_that_cannot_be_true_are_not_signed(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        sign(replace(CLAIMS, **wrong), KEY, KEY_ID)  # type: ignore[arg-type]  # wrong on purpose


def test_a_key_id_has_eight_bytes() -> None:
    with pytest.raises(ValueError, match="8 bytes"):
        sign(CLAIMS, KEY, b"short")


def test_what_a_kiosk_issued_before_it_was_stolen_stays_genuine_and_nothing_after() -> None:
    stolen = {KEY_ID: CLAIMS.issued_at_s}
    digits = sign(CLAIMS, KEY, KEY_ID)
    assert verify(digits, KEYS, {KEY_ID: CLAIMS.issued_at_s + 1}) == CLAIMS
    assert verify(digits, KEYS, {b"another!": 0}) == CLAIMS
    with pytest.raises(OutOfService):
        verify(digits, KEYS, stolen)
    altered = digits[:-1] + ("0" if digits[-1] != "0" else "1")
    with pytest.raises(BadToken) as refused:  # forged first of all, whatever day it names
        verify(altered, KEYS, stolen)
    assert not isinstance(refused.value, OutOfService)
