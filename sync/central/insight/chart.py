"""The balanced view as a picture: a dot a service, on time across and satisfied upwards.

Drawn by the server as SVG, so that it works without a program in the browser and prints. A dot
carries its service's number: nothing is told by colour, and the table beside it has all of it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

LEFT, TOP = 70, 20  # of the field in which the dots lie
SIDE: Final = 400  # four units a percent
UNITS_A_PERCENT: Final = 4
WIDTH, HEIGHT = LEFT + SIDE + 30, TOP + SIDE + 70
MARKS: Final = (0, 25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Point:
    """A service's two figures, in percent, and the number that it has in the table."""

    number: int
    on_time: int
    satisfied: int


@dataclass(frozen=True, slots=True)
class Dot:
    """A dot; services with the same figures share one."""

    x: int
    y: int
    label: str
    half_width: int  # of the shape: it is as long as its label needs


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the grid, and what it means."""

    at: int
    percent: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that the template draws."""

    dots: tuple[Dot, ...]
    across: tuple[Mark, ...]
    upwards: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    top: int = TOP
    right: int = LEFT + SIDE
    bottom: int = TOP + SIDE


def x_of(percent: int) -> int:
    """How far to the right a share lies."""
    return LEFT + UNITS_A_PERCENT * percent


def y_of(percent: int) -> int:
    """How far down a share lies; all is at the top."""
    return TOP + SIDE - UNITS_A_PERCENT * percent


def draw(points: Iterable[Point]) -> Chart:
    """The picture."""
    at: dict[tuple[int, int], list[int]] = defaultdict(list)
    for point in points:
        at[x_of(point.on_time), y_of(point.satisfied)].append(point.number)
    return Chart(
        dots=tuple(_dot(x, y, numbers) for (x, y), numbers in sorted(at.items())),
        across=tuple(Mark(x_of(percent), percent) for percent in MARKS),
        upwards=tuple(Mark(y_of(percent), percent) for percent in MARKS),
    )


def _dot(x: int, y: int, numbers: list[int]) -> Dot:
    label = ", ".join(str(number) for number in sorted(numbers))
    return Dot(x, y, label, 14 + 5 * (len(label) - 1))
