"""Canonical CBOR: one value has one spelling, and only that spelling is read.

Everything on the wire is hashed or signed as bytes, so two spellings of one value would be two
things. What is read is compared with what we would have written: trailing bytes, doubled keys and
padded numbers are refused with everything that is not CBOR at all.

Much is read before any signature can be checked: the batch of a stranger, a square somebody holds
before the scanner. So the heads of all items are walked through first. Tags are refused, because
behind them stand shared values (a hundred bytes that unfold without end), fractions of a million
digits and patterns; and so is a list that announces more than there are bytes.
"""

from typing import Any

import cbor2

from sync.errors import BadRecord

ITEMS_MAX = 200_000  # in one record; the largest, an answer with 5,000 changes, has some 30,000
_TEXT_KINDS = (2, 3)  # major types of RFC 8949, section 3.1: bytes, text
_ARRAY, _MAP, _TAG = 4, 5, 6
_LENGTH_FOLLOWS, _LENGTH_RESERVED = 24, 28  # the head's lower five bits


def encode(value: object) -> bytes:
    """The one spelling of a value."""
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes, most_bytes: int, *, tag: int | None = None) -> Any:  # noqa: ANN401 - callers check what they read
    """The value of bytes in their one spelling.

    Args:
        data: the bytes, from anywhere.
        most_bytes: how many there may be.
        tag: the only tag that may stand in them.

    Raises:
        BadRecord: too long, not CBOR, with other tags, or another spelling.
    """
    if len(data) > most_bytes:
        raise BadRecord(f"A record of {len(data)} bytes is longer than the {most_bytes} allowed.")
    if not _is_plain(data, tag):
        raise BadRecord("These bytes are not a record.")
    try:
        value = cbor2.loads(data)
        same = cbor2.dumps(value, canonical=True) == data
    except Exception as problem:  # whatever hostile bytes make the decoder stumble over
        raise BadRecord("These bytes are not a record.") from problem
    if not same:
        raise BadRecord("These bytes spell a record in another way than ours.")
    return value


def _is_plain(data: bytes, tag: int | None) -> bool:
    """Whether decoding costs no more than the bytes: heads follow each other, however nested."""
    place, items, announced, end = 0, 0, 1, len(data)
    while place < end:
        items += 1
        kind, length = data[place] >> 5, data[place] & 31
        place += 1
        if length >= _LENGTH_RESERVED or items > ITEMS_MAX:
            return False
        if length >= _LENGTH_FOLLOWS:
            size = 1 << (length - _LENGTH_FOLLOWS)
            length = int.from_bytes(data[place : place + size], "big")
            place += size
        if kind in _TEXT_KINDS:
            place += length
        elif kind == _ARRAY:
            announced += length
        elif kind == _MAP:
            announced += 2 * length
        elif kind == _TAG:
            if length != tag:
                return False
            announced += 1
        if announced > end:  # each item takes a byte at least
            return False
    return items == announced and place == end
