"""The fields of a record as they come off the wire: each is asked for with its type and limits.

A record is a CBOR map with small integers for keys. Keys that this version does not know are left
alone: a newer writer may add some. A field that is there must be what it should be.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, TypeGuard, TypeVar

from sync import cbor
from sync.errors import BadRecord

INTEGER_MAX = 2**63 - 1  # what an SQLite INTEGER holds
AnyEnum = TypeVar("AnyEnum", bound=StrEnum)


def code_of(member: StrEnum) -> int:
    """A word's number on the wire: its place in its enumeration."""
    return list(type(member)).index(member)


def without_none(fields: dict[int, Any]) -> dict[int, Any]:
    """The fields that are there: what is absent costs no byte."""
    return {key: value for key, value in fields.items() if value is not None}


def is_count(value: object, least: int = 0, most: int = INTEGER_MAX) -> TypeGuard[int]:
    """Whether it is a whole number (and not a truth value) within limits."""
    return type(value) is int and least <= value <= most


class Fields:
    """What was read of a record called `name`."""

    def __init__(self, name: str, value: object) -> None:
        if not isinstance(value, dict):
            raise BadRecord(f"A {name} is a map of fields.")
        self._name = name
        self._value: dict[object, object] = value

    @classmethod
    def of_bytes(cls, name: str, data: bytes, most_bytes: int) -> "Fields":
        """The fields of a record's bytes."""
        return cls(name, cbor.decode(data, most_bytes))

    def joined(self, others: dict[int, object]) -> "Fields":
        """These fields and others that travelled in one of them."""
        return Fields(self._name, self._value | others)

    def _bad(self, key: int) -> BadRecord:
        return BadRecord(f"Field {key} of a {self._name} is missing or not what it should be.")

    def has(self, key: int) -> bool:
        """Whether an optional field is there."""
        return key in self._value

    def integer(self, key: int, least: int = 0, most: int = INTEGER_MAX) -> int:
        """A whole number within limits."""
        value = self._value.get(key)
        if not is_count(value, least, most):
            raise self._bad(key)
        return value

    def octets(self, key: int, least: int, most: int | None = None) -> bytes:
        """Bytes: exactly `least` of them, or between `least` and `most`."""
        value = self._value.get(key)
        most = least if most is None else most
        if not isinstance(value, bytes) or not least <= len(value) <= most:
            raise self._bad(key)
        return value

    def text(self, key: int, most: int, *, least: int = 1) -> str:
        """Printable text of so many characters."""
        value = self._value.get(key)
        if not isinstance(value, str) or not least <= len(value) <= most:
            raise self._bad(key)
        if not value.isprintable():
            raise self._bad(key)
        return value

    def word(self, key: int, words: type[AnyEnum]) -> AnyEnum:
        """A member of an enumeration, by its number."""
        return self.word_at(key, self._value.get(key), words)

    def word_at(self, key: int, code: object, words: type[AnyEnum]) -> AnyEnum:
        """A member of an enumeration, by a number found inside field `key`."""
        members = list(words)
        if type(code) is not int or not 0 <= code < len(members):
            raise self._bad(key)
        return members[code]

    def items(self, key: int, most: int) -> Sequence[Any]:
        """A list of at most so many things; absent is empty."""
        value = self._value.get(key, ())
        if not isinstance(value, list | tuple) or len(value) > most:
            raise self._bad(key)
        return value

    def mapping(self, key: int, most: int) -> dict[Any, Any]:
        """A map of at most so many things; absent is empty."""
        value = self._value.get(key, {})
        if not isinstance(value, dict) or len(value) > most:
            raise self._bad(key)
        return value
