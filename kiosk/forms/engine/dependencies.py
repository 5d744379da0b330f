"""What an expression reads, worked out from its tree: the edges of the form's graph.

A path in an expression is turned into the plain path of the fields it reads (`/data/child/age`,
without positions); what a wildcard passes over stays open (`/data//age`), until the form's own
paths are known. For repeats, `shared` says how many of the path's first steps lead through the
very instance the expression stands in, so that a change in one child's row does not recompute the
other children's.
"""

from collections.abc import Iterator
from typing import NamedTuple

from kiosk.forms.definition import Tree

COUNTING = frozenset(("count", "position"))  # look at how many there are, not at what they hold
OF_ITS_OWN_TEXT = frozenset(("string", "number", "string-length", "normalize-space"))  # if of none


class Reading(NamedTuple):
    """One path that an expression reads; everything below it counts as read too."""

    path: str
    shared: int
    counted: bool = False  # only how many there are, and are relevant, matters


class _Place(NamedTuple):
    steps: tuple[str, ...]
    shared: int
    whole: bool = False  # a wildcard came: the rest of the path is somewhere below
    name: str = ""  # and what is sought there; anything where empty


def readings_of(tree: Tree, path: str) -> frozenset[Reading]:
    """What the expression reads when it stands at the field `path`."""
    steps = tuple(path.strip("/").split("/"))
    here = _Place(steps, len(steps))
    return frozenset(_Reader(here).read(tree, here))


class _Reader:
    """Collects the readings of one expression."""

    def __init__(self, current: _Place) -> None:
        self._current = current

    def read(self, tree: Tree, here: _Place) -> Iterator[Reading]:
        kind = tree[0]
        if kind in ("number", "string"):
            return
        if kind == "path":
            place, readings = self._follow(tree, here)
            yield from readings
            if place is not None:
                yield _reading(place)
        elif kind == "call":
            yield from self._read_call(tree, here)
        elif kind == "filter":
            place = self._place_of(tree[1], here)
            yield from self.read(tree[1], here)
            for predicate in tree[2]:
                yield from self.read(predicate, place or here)
        else:
            for operand in tree[1:]:
                yield from self.read(operand, here)

    def _read_call(self, tree: Tree, here: _Place) -> Iterator[Reading]:
        name, arguments = tree[1], tree[2]
        indexed = name == "indexed-repeat"  # (what, repeat, number, repeat, number, ...)
        for place, argument in enumerate(arguments):
            counts = name in COUNTING or (indexed and place % 2 == 1)
            for reading in self.read(argument, here):
                counted = reading.counted or (
                    counts and reading == self._own_reading(argument, here)
                )
                yield Reading(reading.path, 0 if indexed else reading.shared, counted)
        if name == "once" or (name in OF_ITS_OWN_TEXT and not arguments):
            yield _reading(here)

    def _own_reading(self, tree: Tree, here: _Place) -> Reading | None:
        place = self._place_of(tree, here)
        return _reading(place) if place else None

    def _place_of(self, tree: Tree, here: _Place) -> _Place | None:
        """Where the nodes that the tree gives are, or None where they are of a list."""
        if tree[0] == "path":
            return self._follow(tree, here)[0]
        if tree[0] == "filter":
            return self._place_of(tree[1], here)
        if tree[0] == "call":
            if tree[1] == "current":
                return self._current
            if tree[1] == "randomize" and tree[2]:
                return self._place_of(tree[2][0], here)
        return None

    def _follow(self, tree: Tree, here: _Place) -> tuple[_Place | None, list[Reading]]:
        start, steps = tree[1], tree[2]
        readings: list[Reading] = []
        absolute = start == "/"
        place: _Place | None = here
        if absolute:
            place = _Place((), 0)
        elif start is not None:
            place = self._place_of(start, here)
            readings.extend(self.read(start, here))
            if place is not None:  # the start itself is only passed through
                readings = [reading for reading in readings if reading != _reading(place)]
        for number, step in enumerate(steps):
            narrows = absolute and number < len(steps) - 1
            place = place and self._step(place, step, narrows=narrows)
            for predicate in step[2]:
                readings.extend(self.read(predicate, place or _NOWHERE))
        return place, [reading for reading in readings if reading.path != "/"]

    def _step(self, place: _Place, step: Tree, *, narrows: bool) -> _Place:
        axis, test, predicates = step
        named = test != "*" and not test.endswith(")")
        if place.whole or axis in ("self", "attribute"):
            sought = test if named and axis in ("child", "descendant") else ""
            keeps = place is _NOWHERE or axis in ("self", "attribute")
            return place if keeps else place._replace(name=sought)
        above = place.steps[:-1]
        if axis == "parent":
            return _Place(above, min(place.shared, len(above)))
        if axis == "child" and named:
            steps = (*place.steps, test)
            same = self._current.steps[: len(steps)] == steps and place.shared == len(place.steps)
            stays = narrows and same and not predicates
            return _Place(steps, len(steps) if stays else place.shared)
        if axis.endswith("sibling"):
            shared = min(place.shared, len(above))
            return _Place((*above, test) if named else above, shared, whole=not named)
        if axis in ("child", "descendant", "descendant-or-self"):
            steps = place.steps or self._current.steps[:1]
            return _Place(steps, place.shared, whole=True, name=test if named else "")
        return _Place(place.steps[:1], 1, whole=True)


_NOWHERE = _Place(("",), 0, whole=True)  # inside a list that comes with the form


def _reading(place: _Place) -> Reading:
    wild = f"//{place.name}" if place.name else ""
    return Reading("/" + "/".join(place.steps) + wild, place.shared)
