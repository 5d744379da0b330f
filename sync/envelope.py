"""The envelope: the secret of an application, and what is sealed and opened with it.

The receipt is the key. At submission a *secret* of 16 random bytes is drawn; the application's id
is a hash of it, and answers, evidence and central's words to the applicant are encrypted under keys
derived from it. The secret goes to central in a sealed box, and home with the applicant on paper;
the kiosk forgets it. So a stolen kiosk reads nothing, and she who has the paper reads what is hers.

An unfinished entry that waits for its resume slip is sealed the same way, under a secret of its own
and with purposes of its own: no key of the one is ever a key of the other.

Only libsodium's and the standard library's primitives: BLAKE2b, XChaCha20-Poly1305, sealed boxes.
Answers are compressed before they are sealed, with the dictionary of their service: CBOR of 1.7 kB
becomes about 0.3 kB. What is opened is bounded, because whoever wrote it may be hostile.
"""

import secrets
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest
from typing import Any

import zstandard
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
)
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from sync import cbor
from sync.errors import BadRecord, CannotOpen
from sync.records import (
    ASKED_BYTES_MAX,
    ASKED_COUNT_MAX,
    BODY_BYTES_MAX,
    EVIDENCE_BYTES_MAX,
    PROOF_BYTES,
    SEALED_SECRET_BYTES,
    WORDS_BYTES_MAX,
    ApplicationId,
    Envelope,
    application_bytes,
)

SECRET_BYTES = 16
NONCE_BYTES: int = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
ANSWERS = b"answers"
WORDS = b"words"
REPLY = b"reply"
ASKED = b"asked"
REPLACES = b"replaces"
UNFINISHED = b"unfinished"
SUPPORT = b"support"
SUPPORT_MAGIC = b"OneDoorSupport1\n"
ASKED_STEP_BYTES = 64  # sizes are rounded up: they must not tell which question is asked about
SUPPORT_BYTES_MAX = 5_000_000  # of what is sealed for support
KEY_ID_BYTES = 8
OPENED_BYTES_MAX = 4 * 1024 * 1024  # what compressed answers may grow to
COMPRESSION_LEVEL = 19  # some 0.1 ms for one application: see tests/bench/bench_sync.py


def new_secret() -> bytes:
    """The secret of a new application."""
    return secrets.token_bytes(SECRET_BYTES)


def application_id(secret: bytes) -> ApplicationId:
    """The application's id: whoever has the secret has it, not the other way round."""
    return ApplicationId(blake2b(secret, digest_size=16, person=b"application-id").hexdigest())


def key_for(secret: bytes, purpose: bytes) -> bytes:
    """The key of one purpose: `answers`, `evidence-<n>`, `words`, `asked`, `reply`, or its own."""
    return blake2b(b"", digest_size=32, key=secret, person=purpose).digest()


def seal_answers(
    record: Mapping[str, Any],
    header: bytes,
    secret: bytes,
    dictionary: bytes | None = None,
    *,
    nonce: bytes | None = None,
) -> bytes:
    """The body of an envelope: the answers compressed, sealed and tied to the header.

    Args:
        record: the answers, anything CBOR can say.
        header: the bytes of the envelope's header; an altered header no longer opens the body.
        secret: the application's secret.
        dictionary: the compression dictionary of the service and version in the header.
        nonce: given only by test vectors; random otherwise.
    """
    compressed = _compressor(dictionary).compress(cbor.encode(dict(record)))
    return _seal(key_for(secret, ANSWERS), compressed, header, nonce)


def open_answers(
    envelope: Envelope, secret: bytes, dictionary: bytes | None = None
) -> dict[str, Any]:
    """The answers in an envelope.

    Raises:
        CannotOpen: another secret or dictionary, or header or body were altered.
    """
    compressed = _open(key_for(secret, ANSWERS), envelope.body, envelope.header, BODY_BYTES_MAX)
    return _unpacked(compressed, dictionary)


def seal_secret(secret: bytes, central_public_key: bytes) -> bytes:
    """The secret for central alone: 64 bytes that this device cannot open again."""
    return bytes(SealedBox(PublicKey(central_public_key)).encrypt(secret))


def open_secret(sealed_secret: bytes, central_private_key: bytes) -> bytes:
    """The secret, at central.

    Raises:
        CannotOpen: sealed to another key, or altered.
    """
    if len(sealed_secret) != SEALED_SECRET_BYTES:
        raise CannotOpen("A sealed secret has another length.")
    try:
        return bytes(SealedBox(PrivateKey(central_private_key)).decrypt(sealed_secret))
    except CryptoError as problem:
        raise CannotOpen("This secret was sealed to another key, or altered.") from problem


def reply_proof(secret: bytes) -> bytes:
    """What only the paper's holder and central can say: a reply comes from her who complained."""
    return key_for(secret, REPLY)


def seal_evidence(secret: bytes, index: int, data: bytes) -> bytes:
    """The encrypted file of a document or photo; `index` counts from 0 within the application."""
    return _seal(key_for(secret, b"evidence-%d" % index), data, b"", None)


def open_evidence(secret: bytes, index: int, sealed: bytes) -> bytes:
    """The document or photo in an encrypted file; raises CannotOpen."""
    return _open(key_for(secret, b"evidence-%d" % index), sealed, b"", EVIDENCE_BYTES_MAX)


def seal_words(secret: bytes, text: str) -> bytes:
    """Central's words to the applicant: she reads them with her receipt, at any kiosk."""
    return _seal(key_for(secret, WORDS), text.encode(), b"", None)


def open_words(secret: bytes, sealed: bytes) -> str:
    """Central's words; raises CannotOpen."""
    try:
        return _open(key_for(secret, WORDS), sealed, b"", WORDS_BYTES_MAX).decode()
    except UnicodeDecodeError as problem:
        raise CannotOpen("Central's words are not text.") from problem


def seal_asked(secret: bytes, paths: Sequence[str]) -> bytes:
    """The questions that the office asks to correct: which ones were relevant may say much."""
    data = cbor.encode(list(paths))
    padding = bytes(-len(data) % ASKED_STEP_BYTES)  # no path ends with it
    return _seal(key_for(secret, ASKED), data + padding, b"", None)


def open_asked(secret: bytes, sealed: bytes) -> tuple[str, ...]:
    """The paths of the questions to correct; raises CannotOpen."""
    data = _open(key_for(secret, ASKED), sealed, b"", ASKED_BYTES_MAX)
    try:
        paths = cbor.decode(data.rstrip(b"\0"), ASKED_BYTES_MAX)
    except BadRecord as problem:
        raise CannotOpen("What to correct is written in a way that cannot be read.") from problem
    if not isinstance(paths, list) or len(paths) > ASKED_COUNT_MAX:
        raise CannotOpen("What to correct is no list of questions.")
    return tuple(path for path in paths if isinstance(path, str))


def replacing_proof(old_secret: bytes, application: ApplicationId) -> bytes:
    """Proof for the application that replaces another one: whoever made it held the old receipt.

    An id alone may be known to others: without this proof anybody's case could be "replaced". Only
    the holder of the old secret can make it, for this new application alone; central, which can
    open the old secret, checks it.
    """
    return blake2b(
        application_bytes(application), digest_size=PROOF_BYTES, key=old_secret, person=REPLACES
    ).digest()


def proves_replacing(proof: bytes | None, old_secret: bytes, application: ApplicationId) -> bool:
    """Whether the application's proof was made with the secret of the one it replaces."""
    return proof is not None and compare_digest(proof, replacing_proof(old_secret, application))


def unfinished_id(secret: bytes) -> str:
    """What an unfinished entry is found by: a hash of the secret on its resume slip."""
    return blake2b(secret, digest_size=16, person=b"unfinished-id").hexdigest()


def seal_unfinished(record: Mapping[str, Any], secret: bytes) -> bytes:
    """An unfinished entry for the disk of this kiosk, tied to its id."""
    compressed = _compressor(None).compress(cbor.encode(dict(record)))
    return _seal(key_for(secret, UNFINISHED), compressed, unfinished_id(secret).encode(), None)


def open_unfinished(sealed: bytes, secret: bytes) -> dict[str, Any]:
    """The unfinished entry of that secret; raises CannotOpen."""
    key, id_ = key_for(secret, UNFINISHED), unfinished_id(secret).encode()
    return _unpacked(_open(key, sealed, id_, BODY_BYTES_MAX), None)


def seal_unfinished_file(secret: bytes, index: int, data: bytes) -> bytes:
    """A photo or file of an unfinished entry; `index` counts from 0 within it."""
    return _seal(key_for(secret, b"unfinished-%d" % index), data, b"", None)


def open_unfinished_file(secret: bytes, index: int, sealed: bytes) -> bytes:
    """The photo or file again; raises CannotOpen."""
    return _open(key_for(secret, b"unfinished-%d" % index), sealed, b"", EVIDENCE_BYTES_MAX)


def seal_support(data: bytes, key_id: bytes, central_public_key: bytes) -> bytes:
    """What support shall see, for central alone: a secret of its own, sealed beside it.

    magic · id of central's key · sealed secret │ the data, sealed and tied to what stands before
    """
    secret = new_secret()
    head = SUPPORT_MAGIC + key_id + seal_secret(secret, central_public_key)
    return head + _seal(key_for(secret, SUPPORT), data, head, None)


def open_support(sealed: bytes, central_private_keys: Mapping[bytes, bytes]) -> bytes:
    """The same at central, by the key whose id it names; raises CannotOpen."""
    start = len(SUPPORT_MAGIC) + KEY_ID_BYTES
    head = sealed[: start + SEALED_SECRET_BYTES]
    if len(head) < start + SEALED_SECRET_BYTES or not head.startswith(SUPPORT_MAGIC):
        raise CannotOpen("This is not what a kiosk makes for support.")
    key = central_private_keys.get(head[len(SUPPORT_MAGIC) : start])
    if key is None:
        raise CannotOpen("It is sealed to a key that is not here: was it made for this central?")
    secret = open_secret(head[start:], key)
    return _open(key_for(secret, SUPPORT), sealed[len(head) :], head, SUPPORT_BYTES_MAX)


def _unpacked(compressed: bytes, dictionary: bytes | None) -> dict[str, Any]:
    try:
        record = cbor.decode(_decompressed(compressed, dictionary), OPENED_BYTES_MAX)
    except (zstandard.ZstdError, BadRecord) as problem:
        raise CannotOpen("The answers were packed in a way that cannot be unpacked.") from problem
    if not isinstance(record, dict):
        raise CannotOpen("The envelope holds something else than answers.")
    return record


def _seal(key: bytes, data: bytes, associated: bytes, nonce: bytes | None) -> bytes:
    nonce = nonce or secrets.token_bytes(NONCE_BYTES)
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(data, associated, nonce, key)


def _open(key: bytes, sealed: bytes, associated: bytes, most_bytes: int) -> bytes:
    if not NONCE_BYTES < len(sealed) <= most_bytes:
        raise CannotOpen("What should be opened has an impossible length.")
    nonce, encrypted = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(encrypted, associated, nonce, key)
    except CryptoError as problem:
        raise CannotOpen("This key does not open it, or it was altered.") from problem


@lru_cache(maxsize=64)
def _prepared(dictionary: bytes) -> zstandard.ZstdCompressionDict:
    prepared = zstandard.ZstdCompressionDict(dictionary)
    prepared.precompute_compress(level=COMPRESSION_LEVEL)
    return prepared


def _compressor(dictionary: bytes | None) -> zstandard.ZstdCompressor:
    """A compressor that writes no byte which the reader knows already."""
    parameters = zstandard.ZstdCompressionParameters.from_level(
        COMPRESSION_LEVEL,
        format=zstandard.FORMAT_ZSTD1_MAGICLESS,
        write_content_size=1,
        write_checksum=0,
        write_dict_id=0,
    )
    return zstandard.ZstdCompressor(
        dict_data=_prepared(dictionary) if dictionary else None, compression_params=parameters
    )


def _decompressed(compressed: bytes, dictionary: bytes | None) -> bytes:
    size = zstandard.get_frame_parameters(
        compressed, format=zstandard.FORMAT_ZSTD1_MAGICLESS
    ).content_size
    if size > OPENED_BYTES_MAX:  # also the sizes that stand for "unknown"
        raise BadRecord("The answers would unpack to more than is allowed.")
    decompressor = zstandard.ZstdDecompressor(
        dict_data=_prepared(dictionary) if dictionary else None,
        format=zstandard.FORMAT_ZSTD1_MAGICLESS,
    )
    return decompressor.decompress(compressed, max_output_size=OPENED_BYTES_MAX)
