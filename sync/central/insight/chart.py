"""The balanced view as a picture: a dot a service, on time across and satisfied upwards.

Drawn by the server as SVG, so that it works without a program in the browser and prints. Beside
each dot stands its service's number: nothing is told by colour, and the table beside the picture
has all of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

LEFT, TOP = 70, 20  # of the field in which the dots lie
SIDE: Final = 400  # four units a percent
UNITS_A_PERCENT: Final = 4
WIDTH, HEIGHT = LEFT + SIDE + 30, TOP + SIDE + 70
MARKS: Final = (0, 25, 50, 75, 100)
DOT_RADIUS: Final = 6
LABEL_HALF_HEIGHT: Final = 13
_AROUND: Final = ((1, 0), (0, -1), (-1, 0), (0, 1), (1, -1), (-1, -1), (-1, 1), (1, 1))
_WAYS: Final = tuple(
    (right * far, down * far) for far in range(24, 200, 28) for right, down in _AROUND
)


@dataclass(frozen=True, slots=True)
class Point:
    """A service's two figures, in percent, and the number that it has in the table."""

    number: int
    on_time: int
    satisfied: int


@dataclass(frozen=True, slots=True)
class Dot:
    """A dot, exactly where its figures lie; services with the same figures share one."""

    x: int
    y: int
    label: str
    label_x: int  # the middle of the label: beside the dot, where no other is in its way
    label_y: int
    half_width: int  # of the label


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the grid, and what it means."""

    at: int
    percent: int


@dataclass(frozen=True, slots=True)
class _Box:
    """A place on the picture, by its middle."""

    x: int
    y: int
    half_width: int
    half_height: int

    def meets(self, other: "_Box") -> bool:
        """Whether the two overlap."""
        return (
            abs(self.x - other.x) < self.half_width + other.half_width
            and abs(self.y - other.y) < self.half_height + other.half_height
        )

    def is_in_field(self) -> bool:
        """Whether it can be drawn: the picture has a little room around its field."""
        return (
            self.x - self.half_width >= LEFT
            and self.x + self.half_width <= WIDTH
            and self.half_height <= self.y <= TOP + SIDE
        )


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
        dots=_labelled(at),
        across=tuple(Mark(x_of(percent), percent) for percent in MARKS),
        upwards=tuple(Mark(y_of(percent), percent) for percent in MARKS),
    )


def _labelled(at: Mapping[tuple[int, int], Sequence[int]]) -> tuple[Dot, ...]:
    """Each dot with its label at the nearest free place around it."""
    taken = [_Box(x, y, DOT_RADIUS, DOT_RADIUS) for x, y in at]
    dots = []
    for (x, y), numbers in sorted(at.items()):
        label = ", ".join(str(number) for number in sorted(numbers))
        half_width = LABEL_HALF_HEIGHT + 5 * (len(label) - 1)
        places = [_Box(x + right, y + down, half_width, LABEL_HALF_HEIGHT) for right, down in _WAYS]
        inside = [place for place in places if place.is_in_field()]
        free = (place for place in inside if not any(map(place.meets, taken)))
        box = next(free, inside[0])
        taken.append(box)
        dots.append(Dot(x, y, label, box.x, box.y, half_width))
    return tuple(dots)
