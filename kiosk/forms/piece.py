"""A piece of parsed YAML, JSON or CBOR that knows where it stands.

Whoever wrote `costs: [{value: five}]` should read "costs[1].value must be a whole number", not a
traceback. A `Piece` hands out typed values or raises a sentence with the place. Sizes are capped:
a descriptor is data from outside even when it is signed.

Who only wants to know what is wrong gives `Notes`: then nothing is raised, each problem goes into
them, and reading goes on with a value of the right kind, so that an author mends all at once. They
also tell which fields somebody looked for: whatever else is written there is misspelt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from kiosk.forms.errors import N_, Said

STRING_LENGTH_MAX = 4_000
ITEMS_MAX = 500

_ABSENT = object()  # what is missing: said once, and nothing more is said of what would be in it
_T = TypeVar("_T")


class BadPiece(Said, ValueError):
    """Something in the data is missing or is not what its place needs."""


@dataclass(slots=True)
class Notes:
    """What was found wrong while reading, and the fields looked for, by the place they are in."""

    problems: list[BadPiece] = field(default_factory=list)
    fields: dict[str, set[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """A value and the words that say where it was found."""

    value: object
    where: str = ""
    notes: Notes | None = field(default=None, compare=False)

    def instead(self, problem: BadPiece, value: _T) -> _T:
        """Raise the problem; or, where problems are noted, note it and go on with `value`."""
        if self.notes is None:
            raise problem
        if self.value is not _ABSENT:
            self.notes.problems.append(problem)
        return value

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
            return self.instead(self.wrong(N_("must have named fields")), None)
        if self.notes is not None:
            self.notes.fields.setdefault(self.where, set()).add(name)
        value = self.value.get(name)
        return None if value is None else self._within(value, name)

    def field(self, name: str) -> "Piece":
        """The field of that name, which must be there."""
        found = self.find(name)
        if found is not None:
            return found
        absent = self._within(_ABSENT, name)
        if not isinstance(self.value, Mapping):
            return absent  # said by find
        return self.instead(BadPiece(N_("%(where)s is missing."), where=absent.where), absent)

    def _within(self, value: object, name: str) -> "Piece":
        return Piece(value, f"{self.where}.{name}".lstrip("."), self.notes)

    def items(self, name: str) -> tuple["Piece", ...]:
        """The list under that name; an absent one is empty. Counted from 1, as people do."""
        found = self.find(name)
        if found is None:
            return ()
        if not isinstance(found.value, Sequence) or isinstance(found.value, str | bytes):
            return found.instead(found.wrong(N_("must be a list")), ())
        if len(found.value) > ITEMS_MAX:
            problem = found.wrong(N_("has more than %(most)s entries"), most=ITEMS_MAX)
            return found.instead(problem, ())
        return tuple(
            Piece(item, f"{found.where}[{number}]", self.notes)
            for number, item in enumerate(found.value, 1)
        )

    def names(self) -> list[str]:
        """The names of its fields, in their order; YAML reads `no` and `1` as something else."""
        held = self.value if isinstance(self.value, Mapping) else {}
        names = sorted(name for name in held if isinstance(name, str))
        if len(names) < len(held):
            problem = self.wrong(N_("has a name that is no text: write it between quotation marks"))
            return self.instead(problem, names)
        return names

    def text(self) -> str:
        """A string with something in it."""
        if isinstance(self.value, int | float):
            problem = self.wrong(N_("must be text: write it between quotation marks"))
            # A whole number may have more digits than Python is willing to write
            return self.instead(problem, str(self.value) if abs(self.value) < 10**18 else "")
        if not isinstance(self.value, str) or not self.value.strip():
            return self.instead(self.wrong(N_("must be text")), "")
        if len(self.value) > STRING_LENGTH_MAX:
            problem = self.wrong(N_("is longer than %(most)s characters"), most=STRING_LENGTH_MAX)
            return self.instead(problem, self.value[:STRING_LENGTH_MAX])
        return self.value.strip()

    def one_of(self, *allowed: str) -> str:
        """One of the allowed words."""
        if self.value not in allowed:
            problem = self.wrong(N_("must be one of: %(words)s"), words=", ".join(allowed))
            return self.instead(problem, allowed[0])
        return str(self.value)

    def whole_number(self, low: int, high: int) -> int:
        """A whole number in the range; true and false are not numbers."""
        if isinstance(self.value, str) and any(map(str.isdigit, self.value)):
            problem = self.wrong(N_("must be a whole number in digits only, such as 5000"))
            return self.instead(problem, low)
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            return self.instead(self.wrong(N_("must be a whole number")), low)
        if not low <= self.value <= high:
            problem = self.wrong(N_("must be between %(low)s and %(high)s"), low=low, high=high)
            return self.instead(problem, low)
        return self.value

    def truth(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            return self.instead(self.wrong(N_("must be true or false")), False)
        return self.value

    def find_text(self, name: str) -> str | None:
        """The text under that name, or None."""
        found = self.find(name)
        return None if found is None else found.text()

    def texts(self, name: str) -> tuple[str, ...]:
        """The list of texts under that name."""
        return tuple(item.text() for item in self.items(name))
