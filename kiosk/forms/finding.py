"""What the publisher finds in a workbook or a descriptor, at the cell where it stands.

A ministry's clerk mends a form in a spreadsheet, so a finding says sheet, row and column. The
sentence is kept apart from what is put into it: whoever shows it can translate it first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.forms.errors import N_, translated

__all__ = [
    "MORE",
    "N_",
    "Finding",
    "Level",
    "Place",
    "as_written",
    "error",
    "has_errors",
    "note",
    "warning",
]


MORE = N_("More is wrong than is said here. Mend this first, then check again.")


class Level(StrEnum):
    """How grave it is: an error stops publishing, a warning asks to look again, a note lists."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


def as_written(sentence: str, **places: object) -> str:
    """The English sentence itself: what is said where nobody translates."""
    return sentence % places if places else sentence


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the service's folder: `row` counts from 1, `column` is the heading or field."""

    sheet: str  # or the file, such as "descriptor.yaml"
    row: int | None = None
    column: str | None = None

    def words(self, translate: Callable[..., str]) -> str:
        """Sheet, row and column as a person looks for them."""
        parts = [self.sheet]
        if self.row is not None:
            parts.append(translate(N_("row %(number)s"), number=self.row))
        if self.column is not None:
            parts.append(self.column)
        return ", ".join(parts)

    def __str__(self) -> str:
        return self.words(as_written)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend."""

    place: Place
    sentence: str
    places: Mapping[str, object] = field(default_factory=dict)
    level: Level = Level.ERROR

    @property
    def sheet(self) -> str:
        """The sheet or file it stands in."""
        return self.place.sheet

    @property
    def row(self) -> int | None:
        """The row, as the spreadsheet counts it."""
        return self.place.row

    @property
    def column(self) -> str | None:
        """The heading of the column, or the field."""
        return self.place.column

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.words(as_written)

    def words(self, translate: Callable[..., str]) -> str:
        """The sentence as `translate(sentence, **places)` gives it; so too a problem within it."""
        return translate(self.sentence, **translated(self.places, translate))

    def line(self, translate: Callable[..., str]) -> str:
        """Where it is and what it is, in one line, as `translate(sentence, **places)` gives it."""
        return f"{self.place.words(translate)}: {self.words(translate)}"

    def __str__(self) -> str:
        return self.line(as_written)


def error(place: Place, sentence: str, **places: object) -> Finding:
    """Something that must be mended before publishing."""
    return Finding(place, sentence, places)


def warning(place: Place, sentence: str, **places: object) -> Finding:
    """Something to look at again."""
    return Finding(place, sentence, places, Level.WARNING)


def note(place: Place, sentence: str, **places: object) -> Finding:
    """Something that may stay as it is."""
    return Finding(place, sentence, places, Level.NOTE)


def has_errors(findings: list[Finding]) -> bool:
    """Whether any of them stops publishing."""
    return any(finding.level is Level.ERROR for finding in findings)
