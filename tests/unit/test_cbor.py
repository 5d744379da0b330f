"""Hostile bytes cost no more than their length, because they are read before any signature is."""

import pytest

from sync import cbor
from sync.errors import BadRecord
from sync.token import NotAReceipt, verify

MOST_BYTES = 1 << 20


def unfolding(levels: int) -> bytes:
    """Lists of two, each the same list again: 2 to the power of `levels` things (tags 28, 29)."""
    innermost = b"\xd8\x1c\x80"
    whole = innermost
    for level in range(levels, 0, -1):
        whole = b"\xd8\x1c\x82" + whole + b"\xd8\x1d" + (b"" if level < 24 else b"\x18")
        whole += bytes([level])
    return whole


def huge_number(size_bytes: int) -> bytes:
    """A number of so many bytes (tag 2)."""
    return b"\xc2\x5a" + size_bytes.to_bytes(4, "big") + b"\x7f" * size_bytes


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(unfolding(30), id="shared values"),
        pytest.param(
            b"\xd8\x1e\x82" + huge_number(300_000) + huge_number(299_999), id="a fraction"
        ),
        pytest.param(b"\xd8\x23\x68(a+)+(b)", id="a pattern"),
        pytest.param(b"\x9a\x00\xff\xff\xff" * 100_000, id="lists that announce too much"),
        pytest.param(b"\x9b" + b"\xff" * 8, id="a list without end"),
        pytest.param(b"\x9f\x01\xff", id="a list of unknown length"),
        pytest.param(b"\x81" * 100_000, id="lists in lists, and nothing in the last"),
        pytest.param(b"\x81" * 100_000 + b"\x80", id="lists in lists"),
        pytest.param(b"\x80\x80", id="two things"),
        pytest.param(b"\x82\x80", id="half a list"),
        pytest.param(b"\x59\xff\xff\x00", id="bytes cut off"),
        pytest.param(b"\x19\x01", id="a number cut off"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_would_cost_more_than_its_bytes_is_no_record(data: bytes) -> None:
    with pytest.raises(BadRecord):
        cbor.decode(data, MOST_BYTES)


def test_a_record_of_too_many_small_things_is_refused_unread() -> None:
    with pytest.raises(BadRecord, match="not a record"):
        cbor.decode(cbor.encode([0] * (cbor.ITEMS_MAX + 1)), MOST_BYTES)


def test_whatever_our_records_are_made_of_reads_back() -> None:
    value = {0: b"\xff" * 300, 1: "ລາວ", 2: [1, -1, 2**32, None, True, 1.5], 3: {"a": {}}}
    assert cbor.decode(cbor.encode(value), MOST_BYTES) == value


def test_one_tag_may_stand_where_it_is_asked_for() -> None:
    tagged = b"\xd2\x80"
    assert cbor.decode(tagged, MOST_BYTES, tag=18).tag == 18
    with pytest.raises(BadRecord):
        cbor.decode(tagged, MOST_BYTES)


def test_a_square_that_unfolds_without_end_is_no_receipt() -> None:
    digits = str(int.from_bytes(unfolding(40), "big"))
    with pytest.raises(NotAReceipt):
        verify(digits, {})
