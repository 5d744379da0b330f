"""What a kiosk hands its technicians' support: a few files, packed and sealed to central's key.

It travels by any road, in a mail or on anybody's stick, so it is sealed like an application: to the
key that central alone holds. Files are named in few letters and have a largest size, because who
opens it writes them to a disk.
"""

import re
from collections.abc import Mapping

import zstandard

from sync import cbor, envelope
from sync.errors import BadRecord, CannotOpen

SEALED_BYTES_MAX = 5_000_000
FILE_BYTES_MAX = 1_000_000
FILES_MAX = 200
_LEVEL = 3
_ROOM_BYTES = 4096  # for names, key id and seals
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}(\.[a-z0-9]{1,8})?")


def seal(files: Mapping[str, bytes], key_id: bytes, public_key: bytes) -> bytes:
    """As many of the files as fit, in their order; of each its end, where it is too long."""
    packed: dict[str, bytes] = {}
    left_bytes = SEALED_BYTES_MAX - _ROOM_BYTES
    for name, data in list(files.items())[:FILES_MAX]:
        assert _NAME.fullmatch(name), "Whoever opens it would refuse this name."
        compressed = zstandard.compress(data[-FILE_BYTES_MAX:], _LEVEL)
        left_bytes -= len(compressed) + len(name) + 16
        if left_bytes < 0:
            break
        packed[name] = compressed
    return envelope.seal_support(cbor.encode(packed), key_id, public_key)


def open_files(sealed: bytes, keys: Mapping[bytes, bytes]) -> dict[str, bytes]:
    """The files, at central.

    Args:
        sealed: what a kiosk made.
        keys: central's private keys by their id.

    Raises:
        CannotOpen: it is something else, altered, or sealed to a key that is not here.
    """
    if len(sealed) > SEALED_BYTES_MAX:
        raise CannotOpen("This is larger than what kiosks make for support.")
    try:
        packed = cbor.decode(envelope.open_support(sealed, keys), SEALED_BYTES_MAX)
        if not isinstance(packed, dict) or len(packed) > FILES_MAX:
            raise CannotOpen("It holds something else than files.")
        return {_name(name): _unpacked(data) for name, data in packed.items()}
    except (BadRecord, zstandard.ZstdError) as problem:
        raise CannotOpen("It was packed in a way that cannot be unpacked.") from problem


def _name(name: object) -> str:
    if isinstance(name, str) and _NAME.fullmatch(name):
        return name
    raise CannotOpen("It holds a file with an impossible name.")


def _unpacked(data: object) -> bytes:
    if not isinstance(data, bytes):
        raise CannotOpen("It holds something else than files.")
    if zstandard.frame_content_size(data) > FILE_BYTES_MAX:
        raise CannotOpen("It holds a file that would unpack to more than is allowed.")
    return zstandard.ZstdDecompressor().decompress(data, max_output_size=FILE_BYTES_MAX)
