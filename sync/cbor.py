"""Canonical CBOR: one value has one spelling, and only that spelling is read.

Everything on the wire is hashed or signed as bytes, so two spellings of one value would be two
things. What is read is compared with what we would have written: trailing bytes, doubled keys and
padded numbers are refused with everything that is not CBOR at all.
"""

from typing import Any

import cbor2

from sync.errors import BadRecord


def encode(value: object) -> bytes:
    """The one spelling of a value."""
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes, most_bytes: int) -> Any:  # noqa: ANN401 - callers check what they read
    """The value of bytes in their one spelling.

    Raises:
        BadRecord: too long, not CBOR, or another spelling.
    """
    if len(data) > most_bytes:
        raise BadRecord(f"A record of {len(data)} bytes is longer than the {most_bytes} allowed.")
    try:
        value = cbor2.loads(data)
        same = cbor2.dumps(value, canonical=True) == data
    except Exception as problem:  # whatever hostile bytes make the decoder stumble over
        raise BadRecord("These bytes are not a record.") from problem
    if not same:
        raise BadRecord("These bytes spell a record in another way than ours.")
    return value
