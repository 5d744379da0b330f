"""Findings as plain data: how they leave the workbench, and how a draft keeps them."""

from collections.abc import Mapping

from kiosk.forms.finding import Finding, Level, Place


def to_plain(finding: Finding) -> dict[str, object]:
    """A finding as JSON holds it."""
    return {
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "sentence": finding.sentence,
        "places": {
            name: held if isinstance(held, int) else str(held)
            for name, held in finding.places.items()
        },
        "level": finding.level.value,
    }


def from_plain(plain: Mapping[str, object]) -> Finding:
    """A finding as it was kept.

    Raises:
        ValueError: it is none.
    """
    match plain:
        case {
            "sheet": str(sheet),
            "row": int() | None as row,
            "column": str() | None as column,
            "sentence": str(sentence),
            "places": dict(places),
            "level": str(level),
        }:
            return Finding(Place(sheet, row, column), sentence, places, Level(level))
    raise ValueError("This is no finding.")
