"""A slice of the log on the wire: many envelopes in few bytes.

Headers of one kiosk resemble each other, so they are compressed together; and the 32 bytes of each
`previous` are left out, because the reader computes them from the envelope before. What is sealed
does not compress and travels as it is. The reader gets back the very bytes that were sealed.
"""

from collections.abc import Sequence

import zstandard

from sync import cbor
from sync.errors import BadRecord
from sync.records import (
    BODY_BYTES_MAX,
    HEADER_BYTES_MAX,
    SEALED_SECRET_BYTES,
    Envelope,
)

ENVELOPES_MAX = 1000  # in one batch
HEADERS_BYTES_MAX = 1024 * 1024  # of one batch, unpacked
_LEVEL = 9


def pack(previous: bytes, envelopes: Sequence[Envelope]) -> list[object]:
    """The wire form of a slice that follows the envelope with the hash `previous`."""
    rows: list[object] = []
    after_hollow = False
    for envelope in envelopes:
        at = envelope.header.find(previous)
        if at < 0 or after_hollow:  # not chained: sent whole, the reader judges
            rows.append([-1, envelope.header])
        else:
            rows.append([at, envelope.header[:at] + envelope.header[at + len(previous) :]])
        previous = envelope.chain_hash
        after_hollow = envelope.is_hollow  # the first release cannot compute its hash
    return [
        zstandard.compress(cbor.encode(rows), _LEVEL),
        [envelope.body for envelope in envelopes],
        b"".join(envelope.sealed_secret for envelope in envelopes),
    ]


def unpack(previous: bytes, slice_: object) -> tuple[Envelope, ...]:
    """The envelopes of a slice; raises BadRecord."""
    match slice_:
        case [bytes(packed), list(bodies), bytes(sealed)]:
            pass
        case _:
            raise BadRecord("A slice is headers, bodies and sealed secrets.")
    rows = _rows(packed)
    if len(rows) != len(bodies) or len(sealed) != len(rows) * SEALED_SECRET_BYTES:
        raise BadRecord("A slice has as many headers as bodies and sealed secrets.")
    envelopes = []
    for number, (row, body) in enumerate(zip(rows, bodies, strict=True)):
        if not isinstance(body, bytes) or len(body) > BODY_BYTES_MAX:
            raise BadRecord("A body is bytes within limits.")
        header = _header(row, previous)
        start = number * SEALED_SECRET_BYTES
        envelope = Envelope(header, body, sealed[start : start + SEALED_SECRET_BYTES])
        envelopes.append(envelope)
        previous = envelope.chain_hash
    return tuple(envelopes)


def _rows(packed: bytes) -> list[object]:
    try:
        size = zstandard.frame_content_size(packed)
        if not 0 <= size <= HEADERS_BYTES_MAX:
            raise BadRecord("The headers of a slice unpack to more than is allowed.")
        unpacked = zstandard.decompress(packed, max_output_size=HEADERS_BYTES_MAX)
    except zstandard.ZstdError as problem:
        raise BadRecord("The headers of a slice cannot be unpacked.") from problem
    rows = cbor.decode(unpacked, HEADERS_BYTES_MAX)
    if not isinstance(rows, list) or len(rows) > ENVELOPES_MAX:
        raise BadRecord(f"A slice has at most {ENVELOPES_MAX} envelopes.")
    return rows


def _header(row: object, previous: bytes) -> bytes:
    match row:
        case [int(at), bytes(rest)] if len(rest) <= HEADER_BYTES_MAX and at <= len(rest):
            return rest if at < 0 else rest[:at] + previous + rest[at:]
    raise BadRecord("A header in a slice is a place and bytes.")
