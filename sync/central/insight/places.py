"""The parts of the country: its offices, gathered into districts, provinces and the nation.

An office stands in a district by its P-code: `LA0106` lies in the province `LA01`. An office
without one belongs to the nation only.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from sync.central.casework.models import Office
from sync.central.casework.service_words import reader_language

NATION: Final = "LA"
PROVINCE_LENGTH: Final = 4  # of LA01; a district's code is longer
_NAMES = Path(__file__).with_name("places.json")  # codes after OCHA's COD-AB; to be confirmed


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the country; an office is the smallest."""

    code: str
    offices: frozenset[str]  # ids

    @property
    def is_office(self) -> bool:
        """Whether it is a single office and not a place."""
        return not is_place(self.code)


class Country:
    """All offices, and the parts that they lie in."""

    def __init__(self, offices: Iterable[Office]) -> None:
        self.offices = {office.pk: office for office in offices}

    def area(self, code: str) -> Area | None:
        """The part of that code; None where there is none."""
        if code in self.offices:
            return Area(code, frozenset({code}))
        if code == NATION:
            return Area(code, frozenset(self.offices))
        inside = frozenset(pk for pk in self.offices if code in self.above(pk))
        return Area(code, inside) if is_place(code) and inside else None

    def above(self, office: str) -> tuple[str, ...]:
        """The codes of the parts that an office lies in, the largest first."""
        district = self.offices[office].district
        if not district:
            return (NATION,)
        return (NATION, district[:PROVINCE_LENGTH], district)

    def way_to(self, code: str) -> tuple[str, ...]:
        """The codes from the nation down to a part, itself among them."""
        if code in self.offices:
            return (*self.above(code), code)
        if code == NATION:
            return (NATION,)
        if len(code) == PROVINCE_LENGTH:
            return (NATION, code)
        return (NATION, code[:PROVINCE_LENGTH], code)

    def parts(self, code: str) -> tuple[str, ...]:
        """What a part is divided into, by code; an office is divided no further."""
        if code in self.offices:
            return ()
        depth = len(self.way_to(code))
        ways = (self.way_to(office) for office in self.offices)
        return tuple(sorted({way[depth] for way in ways if code in way}))

    def name(self, code: str) -> str:
        """What a part is called, in the reader's language."""
        if code in self.offices:
            return self.offices[code].name
        if code == NATION:
            return _("The whole country")
        return place_name(code, reader_language())


def is_place(code: str) -> bool:
    """Whether it is a P-code and no office's id: those are written small."""
    return code.startswith(NATION)


def place_name(code: str, language: str) -> str:
    """A province's or a district's name; its code where it has none."""
    return _names().get(code, {}).get(language, code)


@cache
def _names() -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = json.loads(_NAMES.read_text("utf-8"))
    return names
