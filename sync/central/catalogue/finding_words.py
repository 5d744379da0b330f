"""What is to be mended, in the reader's language."""

from dataclasses import dataclass

from kiosk.forms.finding import Finding, Level
from sync.central.catalogue.form_sentences import translated


@dataclass(frozen=True, slots=True)
class ToMend:
    """One finding as a page shows it."""

    sheet: str
    row: int | None
    column: str
    sentence: str
    is_error: bool
    is_note: bool  # it may stay as it is: recordings that nobody has made yet


def in_words(finding: Finding) -> ToMend:
    """The finding for the reader of this page."""
    return ToMend(
        sheet=finding.sheet,
        row=finding.row,
        column=finding.column or "",
        sentence=finding.words(translated),
        is_error=finding.level is Level.ERROR,
        is_note=finding.level is Level.NOTE,
    )
