"""The ranking of centres, by a method that stands on its page.

Three shares count: on time 40, satisfied 40, right at the first time 20 of 100. A centre with too
few cases for any of them is listed without a rank: its figures would be chance. Points are rounded
to whole ones; who has the same has the same rank, and the next rank is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

ON_TIME_WEIGHT: Final = 40
SATISFIED_WEIGHT: Final = 40
FIRST_RIGHT_WEIGHT: Final = 20
CASES_MIN: Final = 30  # promised days, and first answers
OPINIONS_MIN: Final = 10  # as few as are shown anywhere (MET-01)


@dataclass(frozen=True, slots=True)
class Part:
    """So many of so many."""

    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Centre:
    """What a centre is ranked by."""

    office: str
    on_time: Part
    satisfied: Part
    first_right: Part
    opinions_hidden: bool = False  # kept back for the sake of others

    @property
    def lacks(self) -> tuple[str, ...]:
        """Which of its shares stand for too few; empty: it is ranked."""
        parts = (
            ("on_time", self.on_time.of < CASES_MIN),
            ("satisfied", self.satisfied.of < OPINIONS_MIN or self.opinions_hidden),
            ("first_right", self.first_right.of < CASES_MIN),
        )
        return tuple(name for name, is_lacking in parts if is_lacking)

    @property
    def points(self) -> int:
        """Of 100, rounded half up."""
        weighed = (
            ON_TIME_WEIGHT * Fraction(self.on_time.count, self.on_time.of)
            + SATISFIED_WEIGHT * Fraction(self.satisfied.count, self.satisfied.of)
            + FIRST_RIGHT_WEIGHT * Fraction(self.first_right.count, self.first_right.of)
        )
        return int(weighed + Fraction(1, 2))


@dataclass(frozen=True, slots=True)
class Ranked:
    """A centre and its place."""

    centre: Centre
    rank: int | None  # none: not ranked
    points: int | None


def rank(centres: Iterable[Centre]) -> list[Ranked]:
    """The best first, those without a rank last; equals in the order of their ids."""
    everybody = sorted(centres, key=lambda one: one.office)
    scored = sorted(
        ((one.points, one) for one in everybody if not one.lacks), key=lambda pair: -pair[0]
    )
    ranked = [
        Ranked(one, 1 + sum(other > points for other, _centre in scored), points)
        for points, one in scored
    ]
    return ranked + [Ranked(one, None, None) for one in everybody if one.lacks]
