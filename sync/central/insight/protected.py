"""Which figures about people's words are shown, from the nation down to one office.

Whoever may see a district may see its offices too, and could take one from the other. So what is
hidden is settled from the top: the nation by its provinces, then each province by its districts,
then each district by its offices; what a table above keeps back stays hidden below.
"""

from collections.abc import Mapping
from typing import Final

from sync.central.insight.places import NATION, Country, is_place
from sync.central.insight.suppression import TOTAL, hidden
from sync.central.insight.work import Key

ELSEWHERE: Final = "?"  # about an office that is not in our list: part of the nation only
ALL: Final = TOTAL  # all services together


class Protected:
    """What is hidden, worked out for the tables that are asked about.

    Args:
        country: its parts.
        numbers: how many people each figure stands for, by office and service.
    """

    def __init__(self, country: Country, numbers: Mapping[Key, int]) -> None:
        self._country, self._numbers = country, numbers
        self._hidden: set[Key] = set()
        self._settled: set[str] = set()

    def hides(self, code: str, service: str = ALL) -> bool:
        """Whether the figure of a part of the country must not be shown."""
        for above in way_of(self._country, code)[:-1] or (NATION,):
            if above not in self._settled:
                self._settled.add(above)
                self._settle(above)
        return (code, service) in self._hidden

    def _settle(self, code: str) -> None:
        table: dict[Key, int] = {}
        depth = len(self._country.way_to(code))
        for (office, service), number in self._numbers.items():
            way = way_of(self._country, office)
            if len(way) > depth and way[depth - 1] == code:
                part = (way[depth], service)
                table[part] = table.get(part, 0) + number
        told = None
        if code != NATION:
            services = {service for _part, service in table} | {ALL}
            told = {service: self.hides(code, service) for service in services}
        for row, column in hidden(table, told):
            if row != TOTAL:
                self._hidden.add((row, column))
            elif code == NATION:
                self._hidden.add((NATION, column))


def way_of(country: Country, code: str) -> tuple[str, ...]:
    """The parts that an office or a part lies in and itself, the largest first."""
    is_known = code in country.offices or is_place(code)
    return country.way_to(code) if is_known else (NATION, ELSEWHERE)
