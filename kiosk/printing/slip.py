"""A slip: any paper that the printer makes, as lines from top to bottom.

A receipt, a service sheet or a test page says what stands on it with these few kinds of items;
layout, bytes and printing are then the same for all. Items say what a line *is*, never how many
dots it has: that is the business of the layout and the printer's profile.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Size(StrEnum):
    """How large a text is, beside the others."""

    SMALL = "small"
    BODY = "body"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph in any script, broken into lines where it must be."""

    text: str
    size: Size = Size.BODY
    bold: bool = False
    centred: bool = False
    icon: str = ""  # of `kiosk.pictograms`, before the first line: for who does not read


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that must not be overlooked: bold, between two heavy bars."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A reference, as large as the paper allows; it may break after a dash."""

    text: str


@dataclass(frozen=True, slots=True)
class Square:
    """A QR. It never stands alone: paper fades, so what finds the case is also in letters."""

    text: str
    small: bool = False  # with the smallest modules that scanners read from good paper
    large: bool = False  # of a short text that must be read after weeks in a pocket


class PatternKind(StrEnum):
    """What a technician looks at to judge a printer."""

    RULER = "ruler"  # millimetres across the paper
    LADDER = "ladder"  # each dot of the head, so that a dead one is found and named
    SHADES = "shades"  # from grey to black: too pale, just right, or clogged


@dataclass(frozen=True, slots=True)
class Pattern:
    """A picture that tests the printer."""

    kind: PatternKind


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line across the paper."""


@dataclass(frozen=True, slots=True)
class Space:
    """White paper: between groups, or to write on."""

    height_mm: float


Item = Words | Mark | Code | Square | Pattern | Rule | Space


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on one paper, from top to bottom."""

    items: tuple[Item, ...]

    def slip(self) -> "Slip":
        """Itself: a slip is printable."""
        return self

    @property
    def text(self) -> str:
        """Every word that can be read on it, for search and for tests of privacy."""
        return "\n".join(item.text for item in self.items if isinstance(item, Words | Mark | Code))


class Printable(Protocol):
    """Anything that knows what its paper says."""

    def slip(self) -> Slip:
        """What stands on its paper."""
        ...
