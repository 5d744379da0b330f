"""A slip as bytes, for the print job that waits for the printer."""

from collections.abc import Callable
from dataclasses import fields
from enum import StrEnum
from typing import Any

from kiosk.printing.slip import (
    Code,
    Item,
    Mark,
    Pattern,
    PatternKind,
    Rule,
    Size,
    Slip,
    Space,
    Square,
    Words,
)
from sync import cbor
from sync.errors import BadRecord

RECORD_BYTES_MAX = 64 * 1024


def to_bytes(slip: Slip) -> bytes:
    """The slip, item by item."""
    return cbor.encode([_written(item) for item in slip.items])


def from_bytes(data: bytes) -> Slip:
    """The slip that was written.

    Raises:
        BadRecord: these bytes are no slip of ours.
    """
    try:
        items = cbor.decode(data, RECORD_BYTES_MAX)
        return Slip(tuple(_READ[kind](*parts) for kind, *parts in items))
    except (KeyError, TypeError, ValueError) as problem:
        raise BadRecord("A print job does not hold a slip.") from problem


def _written(item: Item) -> list[Any]:
    values = (getattr(item, field.name) for field in fields(item))
    return [
        type(item).__name__,
        *(value.value if isinstance(value, StrEnum) else value for value in values),
    ]


_READ: dict[str, Callable[..., Item]] = {
    "Words": lambda text, size, bold, centred, icon: Words(
        str(text), Size(size), bold=bool(bold), centred=bool(centred), icon=str(icon)
    ),
    "Mark": Mark,
    "Code": Code,
    "Square": lambda text, small, large=False: Square(  # jobs of an earlier release lack it
        str(text), small=bool(small), large=bool(large)
    ),
    "Pattern": lambda kind: Pattern(PatternKind(kind)),
    "Rule": Rule,
    "Space": lambda height_mm: Space(float(height_mm)),
}
