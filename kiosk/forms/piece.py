"""A piece of parsed YAML, JSON or CBOR that knows where it stands.

Whoever wrote `costs: [{value: five}]` should read "costs[1].value must be a whole number", not a
traceback. A `Piece` hands out typed values or raises a sentence with the place. Sizes are capped:
a descriptor is data from outside even when it is signed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kiosk.forms.errors import N_, Said

STRING_LENGTH_MAX = 4_000
ITEMS_MAX = 500


class BadPiece(Said, ValueError):
    """Something in the data is missing or is not what its place needs."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A value and the words that say where it was found."""

    value: object
    where: str = ""

    def wrong(self, what: str, **places: object) -> BadPiece:
        """The error that `what` is wrong here."""
        return BadPiece(
            N_("%(where)s %(what)s."),
            where=self.where or Said(N_("The document")),
            what=Said(what, **places),
        )

    def find(self, name: str) -> "Piece | None":
        """The field of that name, or None where it is absent or null."""
        if not isinstance(self.value, Mapping):
            raise self.wrong(N_("must have named fields"))
        value = self.value.get(name)
        return None if value is None else Piece(value, f"{self.where}.{name}".lstrip("."))

    def field(self, name: str) -> "Piece":
        """The field of that name, which must be there."""
        found = self.find(name)
        if found is None:
            where = f"{self.where}.{name}".lstrip(".")
            raise BadPiece(N_("%(where)s is missing."), where=where)
        return found

    def items(self, name: str) -> tuple["Piece", ...]:
        """The list under that name; an absent one is empty. Counted from 1, as people do."""
        found = self.find(name)
        if found is None:
            return ()
        if not isinstance(found.value, Sequence) or isinstance(found.value, str | bytes):
            raise found.wrong(N_("must be a list"))
        if len(found.value) > ITEMS_MAX:
            raise found.wrong(N_("has more than %(most)s entries"), most=ITEMS_MAX)
        return tuple(
            Piece(item, f"{found.where}[{number}]") for number, item in enumerate(found.value, 1)
        )

    def text(self) -> str:
        """A string with something in it."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.wrong(N_("must be text"))
        if len(self.value) > STRING_LENGTH_MAX:
            raise self.wrong(N_("is longer than %(most)s characters"), most=STRING_LENGTH_MAX)
        return self.value.strip()

    def one_of(self, *allowed: str) -> str:
        """One of the allowed words."""
        if self.value not in allowed:
            raise self.wrong(N_("must be one of: %(words)s"), words=", ".join(allowed))
        return str(self.value)

    def whole_number(self, low: int, high: int) -> int:
        """A whole number in the range; true and false are not numbers."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.wrong(N_("must be a whole number"))
        if not low <= self.value <= high:
            raise self.wrong(N_("must be between %(low)s and %(high)s"), low=low, high=high)
        return self.value

    def truth(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.wrong(N_("must be true or false"))
        return self.value

    def find_text(self, name: str) -> str | None:
        """The text under that name, or None."""
        found = self.find(name)
        return None if found is None else found.text()

    def texts(self, name: str) -> tuple[str, ...]:
        """The list of texts under that name."""
        return tuple(item.text() for item in self.items(name))
