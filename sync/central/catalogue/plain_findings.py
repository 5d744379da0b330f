"""Findings as plain data: how they leave the workbench, and how a draft keeps them."""

from collections.abc import Mapping

from kiosk.forms.errors import Said
from kiosk.forms.finding import Finding, Level, Place


def to_plain(finding: Finding) -> dict[str, object]:
    """A finding as JSON holds it."""
    return {
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "sentence": finding.sentence,
        "places": _places(finding.places),
        "level": finding.level.value,
    }


def _places(places: Mapping[str, object]) -> dict[str, object]:
    """What is put into a sentence; a problem among it keeps its own, to be translated too."""
    return {
        name: {"sentence": held.sentence, "places": _places(held.places)}
        if isinstance(held, Said)
        else held
        if isinstance(held, int)
        else str(held)
        for name, held in places.items()
    }


def _from_places(places: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, held in places.items():
        match held:
            case {"sentence": str(sentence), "places": dict(inner)}:
                found[name] = Said(sentence, **_from_places(inner))
            case _:
                found[name] = held
    return found


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
            held = _from_places(places)
            return Finding(Place(sheet, row, column), sentence, held, Level(level))
    raise ValueError("This is no finding.")
