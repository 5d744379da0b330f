"""Which numbers of a table are kept back, so that nobody can tell who stands behind a small one.

A number from 1 to 9 is hidden. That is not enough where totals are shown: a single hidden number of
a row is its total less the others. So more are hidden, the smallest first, until

1. no row and no column has one hidden number alone beside its total,
2. the hidden numbers of a row or column come to ten or more together, where its total is shown,
3. no small number follows from all rows and columns taken together.

For the third, think of each row and each column as a knot and of each hidden number as a string
between two knots: a number can be worked out just where its string is the only way between them.
The totals take part as one more row and one more column.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sync.central.voice.counts import LEAST

TOTAL: Final = "*"  # in place of a row's or a column's name
Place = tuple[str, str]  # a row's and a column's name
Line = tuple[bool, str]  # whether it is a row, and its name


def is_small(number: int) -> bool:
    """Whether it must not be shown; 0 tells of nobody."""
    return 0 < number < LEAST


def with_totals(table: Mapping[Place, int]) -> dict[Place, int]:
    """The whole table: its holes are 0, and each row and column has its total."""
    rows = sorted({row for row, _column in table})
    columns = sorted({column for _row, column in table})
    whole = {(row, column): table.get((row, column), 0) for row in rows for column in columns}
    for (row, column), number in list(whole.items()):
        for place in ((row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            whole[place] = whole.get(place, 0) + number
    return whole


def hidden(table: Mapping[Place, int], told: Mapping[str, bool] | None = None) -> frozenset[Place]:
    """The places of a table whose numbers are kept back, those of its totals among them.

    Args:
        table: the numbers, without totals.
        told: of each column's total whether a table above this one keeps it back already; where
            that is given, the last row is as it says.
    """
    whole = with_totals(table)
    return _Table(whole, told).hide() if whole else frozenset()


class _Table:
    """A table with its totals, and what of it is hidden so far."""

    def __init__(self, whole: Mapping[Place, int], told: Mapping[str, bool] | None) -> None:
        self._numbers = whole
        self._told = told
        self._lines: dict[Line, list[Place]] = {}
        for place in sorted(whole):
            for line in _lines_of(place):
                self._lines.setdefault(line, []).append(place)
        self._hidden = {place for place, number in whole.items() if self._must_hide(place, number)}

    def hide(self) -> frozenset[Place]:
        while self._mend_a_line() or self._cut_a_single_string():
            pass
        return frozenset(self._hidden)

    def _must_hide(self, place: Place, number: int) -> bool:
        if self._told is not None and place[0] == TOTAL:
            return self._told.get(place[1], is_small(number))
        return is_small(number)

    def _mend_a_line(self) -> bool:
        """Hide more in the first line that gives something away."""
        return any(self._gives_away(line) and self._hide_more(line) for line in self._lines)

    def _gives_away(self, line: Line) -> bool:
        concealed = [place for place in self._lines[line] if place in self._hidden]
        if not concealed:
            return False
        if any(_is_total_of(place, line) for place in concealed):
            return len(concealed) == 1
        together = sum(self._numbers[place] for place in concealed)
        return len(concealed) == 1 or is_small(together)

    def _hide_more(self, line: Line) -> bool:
        """The smallest number of a line, before its total, before a 0; False: none is left."""
        left = [
            place
            for place in self._lines[line]
            if place not in self._hidden and not (self._told is not None and place[0] == TOTAL)
        ]
        if not left:
            return False
        self._hidden.add(
            min(
                left,
                key=lambda place: (
                    self._numbers[place] == 0,
                    _is_total_of(place, line),
                    self._numbers[place],
                    place,
                ),
            )
        )
        return True

    def _cut_a_single_string(self) -> bool:
        """Hide more beside the first small number that all lines together give away."""
        for place in sorted(self._single_strings()):
            if is_small(self._numbers[place]) and any(map(self._hide_more, _lines_of(place))):
                return True
        return False

    def _single_strings(self) -> Collection[Place]:
        """The hidden places that are the only way between their row and their column."""
        knots: dict[Line, list[Place]] = {}
        for place in self._hidden:
            for line in _lines_of(place):
                knots.setdefault(line, []).append(place)
        return _bridges(knots)


def _lines_of(place: Place) -> Sequence[Line]:
    return (True, place[0]), (False, place[1])


def _is_total_of(place: Place, line: Line) -> bool:
    is_row, _name = line
    return place[1 if is_row else 0] == TOTAL


def _bridges(knots: Mapping[Line, Sequence[Place]]) -> set[Place]:
    """Tarjan's bridges, without recursion: a table may be long."""
    found: set[Place] = set()
    entered: dict[Line, int] = {}
    lowest: dict[Line, int] = {}
    for start in knots:
        if start in entered:
            continue
        entered[start] = lowest[start] = len(entered)
        road: list[tuple[Line, Place | None, list[Place]]] = [(start, None, list(knots[start]))]
        while road:
            knot, came_by, ways = road[-1]
            if ways:
                way = ways.pop()
                other = _other_end(way, knot)
                if way == came_by:
                    continue
                if other in entered:
                    lowest[knot] = min(lowest[knot], entered[other])
                else:
                    entered[other] = lowest[other] = len(entered)
                    road.append((other, way, list(knots[other])))
                continue
            road.pop()
            if road and came_by is not None:
                before = road[-1][0]
                lowest[before] = min(lowest[before], lowest[knot])
                if lowest[knot] > entered[before]:
                    found.add(came_by)
    return found


def _other_end(way: Place, knot: Line) -> Line:
    row, column = _lines_of(way)
    return column if knot == row else row
