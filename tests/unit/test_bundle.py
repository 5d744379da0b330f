"""A bundle is taken whole from a key we know, or refused with a sentence."""

import hashlib
import json
import zlib
from collections.abc import Callable

import cbor2
import pytest
from nacl.signing import SigningKey

from kiosk.forms import bundle
from kiosk.forms.bundle import (
    BadBundle,
    BadSignature,
    BundleError,
    TooNew,
    TooOld,
    UnknownKey,
    key_id,
)
from kiosk.forms.definition import Definition, Field
from kiosk.forms.form_json import json_of
from sync import records

KEY = SigningKey(b"k" * 32)
VERIFY = bytes(KEY.verify_key)
KEYS = {key_id(VERIFY): VERIFY}
FORM = Definition("residence", "1", "Residence", ("lo",), "lo", {"lo": "Lao"}, Field("data"))
SERVICE = "la.moha.residence-certificate"


def files(version: str = "2026.11.1") -> dict[str, bytes]:
    descriptor = {
        "id": SERVICE,
        "version": version,
        "name": {"lo": "ໃບຢັ້ງຢືນທີ່ຢູ່", "en": "Residence certificate"},
        "description": {"en": "Proof of where you live"},
        "competent_authority": {"id": "la.moha", "name": {"en": "Home Affairs"}},
        "audience": ["resident"],
        "processing_time": "P3D",
        "icon": "icon.png",
    }
    return {
        "descriptor.json": json.dumps(descriptor).encode(),
        "form.json": json_of(FORM),
        "icon.png": b"\x89PNG",
    }


def packed(version: str = "2026.11.1") -> bytes:
    return bundle.pack(files(version), SERVICE, version, KEY)


def signed(manifest: object, content: bytes = b"", *, form: int = bundle.FORMAT) -> bytes:
    """A bundle with any manifest and a right signature."""
    body = manifest if isinstance(manifest, bytes) else cbor2.dumps(manifest, canonical=True)
    prefix = bundle._PREFIX.pack(bundle.MAGIC, form, key_id(VERIFY))
    signature = KEY.sign(bundle._DOMAIN + prefix + body).signature
    return prefix + bundle._HEAD.pack(signature, len(body)) + body + zlib.compress(content)


def manifest(entries: object, needs: object = ()) -> dict[int, object]:
    return {1: SERVICE, 2: "1", 3: entries, 4: list(needs) if isinstance(needs, tuple) else needs}


def _calling(name: str) -> dict[str, object]:
    return {"source": f"1 + {name}()", "tree": ["+", ["number", 1.0], ["call", name, []]]}


def test_what_was_packed_is_opened() -> None:
    opened = bundle.open(packed(), KEYS)
    assert opened.files == files()
    assert (opened.service, opened.version) == (SERVICE, "2026.11.1")
    assert opened.descriptor.name.of("lo") == "ໃບຢັ້ງຢືນທີ່ຢູ່"
    assert opened.definition.id == "residence"
    assert opened.icon == b"\x89PNG"
    assert opened.dictionary is None
    assert opened.key_id == key_id(VERIFY)


def test_a_key_has_the_name_that_central_sends_it_under() -> None:
    assert key_id(VERIFY) == records.key_id(VERIFY)


def test_the_same_files_give_the_same_bytes() -> None:
    assert packed() == bundle.pack(dict(reversed(files().items())), SERVICE, "2026.11.1", KEY)


def test_every_altered_byte_is_noticed() -> None:
    data = packed()
    for place in range(len(data)):
        altered = bytearray(data)
        altered[place] ^= 0x01
        with pytest.raises(BundleError):
            bundle.open(bytes(altered), KEYS)


def test_every_truncation_is_noticed() -> None:
    data = packed()
    for length in range(len(data)):
        with pytest.raises(BundleError):
            bundle.open(data[:length], KEYS)


def test_something_after_the_end_is_noticed() -> None:
    with pytest.raises(BadBundle, match="cut off or damaged"):
        bundle.open(packed() + b"\0", KEYS)


def test_an_altered_file_is_named() -> None:
    right = manifest([_entry("a.csv", b"yes"), _entry("b.csv", b"yes")])
    with pytest.raises(BadBundle, match=r"b\.csv is altered"):
        bundle.open(signed(right, b"yesyeS"), KEYS)


def test_content_that_grows_beyond_its_promise_is_refused() -> None:
    bomb = manifest([_entry("a.csv", b"x")])
    with pytest.raises(BadBundle, match="cut off or damaged"):
        bundle.open(signed(bomb, b"x" * 50_000_000), KEYS)
    many = [[f"f{number}", bundle.FILE_SIZE_MAX, b""] for number in range(5)]
    with pytest.raises(BadBundle, match="together are larger"):
        bundle.open(signed(manifest(many)), KEYS)


def test_a_forged_signature_is_refused() -> None:
    data = bytearray(packed())
    data[bundle._PREFIX.size] ^= 0xFF
    with pytest.raises(BadSignature, match="altered on the way"):
        bundle.open(bytes(data), KEYS)


def test_a_key_that_nobody_gave_us_is_refused() -> None:
    with pytest.raises(UnknownKey, match=key_id(VERIFY).hex()):
        bundle.open(packed(), {})


def test_another_key_under_the_same_name_is_refused() -> None:
    other = bytes(SigningKey(b"o" * 32).verify_key)
    with pytest.raises(BadSignature):
        bundle.open(packed(), {key_id(VERIFY): other})


def test_an_older_version_is_refused_and_the_same_or_a_newer_one_taken() -> None:
    with pytest.raises(TooOld, match=r"2026\.9\.9 .* older than 2026\.11\.1"):
        bundle.accept(packed("2026.9.9"), KEYS, "2026.11.1")
    assert bundle.accept(packed("2026.11.1"), KEYS, "2026.11.1").version == "2026.11.1"
    assert bundle.accept(packed("2026.12.1"), KEYS, "2026.11.1").version == "2026.12.1"
    assert bundle.accept(packed("1"), KEYS, None).version == "1"


def test_a_newer_format_asks_for_an_update() -> None:
    with pytest.raises(TooNew, match="Update the program"):
        bundle.open(signed({}, form=bundle.FORMAT + 1), KEYS)


def test_a_feature_of_the_future_asks_for_an_update() -> None:
    with pytest.raises(TooNew, match="needs 'telepathy'"):
        bundle.open(signed(manifest([], needs=("telepathy",))), KEYS)


@pytest.mark.parametrize(
    ("changed", "feature"),
    [
        ({"format": 99}, "format 99"),
        ({"binds": [{"path": "/data", "calculate": _calling("dream")}]}, r"the function dream\(\)"),
        ({"body": [{"kind": "hologram", "path": "/data"}]}, "questions of the kind 'hologram'"),
    ],
)
def test_a_form_of_the_future_asks_for_an_update(changed: dict[str, object], feature: str) -> None:
    form = json.dumps(json.loads(json_of(FORM)) | changed).encode()
    with pytest.raises(TooNew, match=f"needs {feature}.*Update the program"):
        bundle.pack(files() | {"form.json": form}, SERVICE, "2026.11.1", KEY)


def _entry(name: str, data: bytes) -> list[object]:
    return [name, len(data), hashlib.sha256(data).digest()]


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (lambda: signed(b"\xff\xff"), "cannot be read"),
        (lambda: signed(b"\x81" * 5_000 + b"\x00"), "cannot be read"),
        (lambda: signed([1, 2]), "cannot be read"),
        (lambda: signed(cbor2.dumps({1: "a"}) + b"\0"), "cannot be read"),
        (lambda: signed({2: "1"}), "service is missing"),
        (lambda: signed(manifest({})), "files must be a list"),
        (lambda: signed(manifest([["../x", 0, b""]])), "not a plain file"),
        (lambda: signed(manifest([["a/b.csv", 0, b""]])), "not a plain file"),
        (lambda: signed(manifest([["a", "0", b""]])), "not a plain file"),
        (lambda: signed(manifest([["a" * 300, 0, b""]])), "not a plain file"),
        (lambda: signed(manifest([["a.csv", -1, b""]])), "larger than"),
        (lambda: signed(manifest([["a.csv", 2**40, b""]])), "larger than"),
        (lambda: signed(manifest([_entry("a", b""), _entry("a", b"")])), "two files"),
        (lambda: signed(manifest([_entry(f"f{n}", b"") for n in range(201)])), "more than 200"),
        (lambda: signed(manifest([_entry("a.csv", b"x")]), b"x"), "has no file"),
        (lambda: b"PK\x03\x04" + b"\0" * 200, "not a service bundle"),
        (lambda: b"", "not a service bundle"),
        (lambda: b"\0" * (bundle.BUNDLE_SIZE_MAX + 1), "larger than"),
    ],
)
def test_a_bad_bundle_is_refused_even_with_a_right_signature(
    bad: Callable[[], bytes], sentence: str
) -> None:
    with pytest.raises(BadBundle, match=sentence):
        bundle.open(bad(), KEYS)


@pytest.mark.parametrize("text", [b"{", b"[" * 100_000, b"null", b"\xff", b'{"id": "x"}'])
def test_a_description_that_cannot_be_read_is_refused(text: bytes) -> None:
    with pytest.raises(BadBundle, match="cannot be read"):
        bundle.pack(files() | {"descriptor.json": text}, SERVICE, "2026.11.1", KEY)


@pytest.mark.parametrize("text", [b"{", b"{}", b"null"])
def test_a_form_that_cannot_be_used_is_refused(text: bytes) -> None:
    with pytest.raises(BadBundle, match="The form of"):
        bundle.pack(files() | {"form.json": text}, SERVICE, "2026.11.1", KEY)


def test_a_description_of_another_service_or_version_is_refused() -> None:
    with pytest.raises(BadBundle, match="its description says"):
        bundle.pack(files(), SERVICE, "2026.11.2", KEY)
    with pytest.raises(BadBundle, match="its description says"):
        bundle.pack(files(), "la.moic.household-business", "2026.11.1", KEY)
