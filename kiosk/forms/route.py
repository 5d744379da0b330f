"""The road through a form: which questions share a page, and in what order pages come.

Walked anew whenever somebody asks, because answers decide which pages there are: for a hundred
questions that takes less time than keeping the answer right would take thought. A repeat that
people may extend ends in a stop of its own, where one more is added or that is all. Such a repeat
always has its own pages, also within a field-list: a list on a page cannot grow.
"""

from collections.abc import Iterator
from typing import NamedTuple

from kiosk.forms.definition import Control, Section, Words
from kiosk.forms.engine.model import Model
from kiosk.forms.engine.node import Node

UNTITLED = Words()
# Appearances of notes that are not asked but lend a repeat its words: see `compile`.
REPEAT_ADD, REPEAT_DONE, REPEAT_NONE = "repeat-add", "repeat-done", "repeat-none"
WORDING = frozenset((REPEAT_ADD, REPEAT_DONE, REPEAT_NONE))


class Asked(NamedTuple):
    """A question at a field."""

    control: Control
    node: Node


class Around(NamedTuple):
    """A group, or one instance of a repeat, that stands around a page."""

    section: Section
    node: Node


class Stop(NamedTuple):
    """A page's place in the form, whether it is relevant now or not."""

    asked: tuple[Asked, ...]
    title: Words
    around: tuple[Around, ...] = ()

    @property
    def relevant(self) -> tuple[Asked, ...]:
        """The questions that are relevant now."""
        return tuple(asked for asked in self.asked if asked.node.relevant)

    @property
    def is_open(self) -> bool:
        """Whether there is anything to ask now."""
        return any(asked.node.relevant for asked in self.asked)

    @property
    def key(self) -> Node:
        """The field the page is known by."""
        return self.asked[0].node

    def is_known_by(self, key: object) -> bool:
        """Whether the page asks for that field."""
        return any(asked.node is key for asked in self.asked)


class RepeatStop(NamedTuple):
    """The end of a repeat that people may extend: one more, or that is all."""

    path: str
    above: Node  # what holds the instances
    section: Section
    instances: tuple[Node, ...]
    is_open: bool
    around: tuple[Around, ...] = ()

    @property
    def relevant(self) -> tuple[Asked, ...]:
        """It has no questions of its own."""
        return ()

    @property
    def key(self) -> "RepeatStop":
        """It is known by what it is the end of."""
        return self

    def is_known_by(self, key: object) -> bool:
        """Whether that is the end of the same repeat."""
        return self == key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RepeatStop) and self[:2] == other[:2]

    def __hash__(self) -> int:
        return hash(self[:2])


AnyStop = Stop | RepeatStop
Key = Node | RepeatStop


def stops_of(model: Model) -> Iterator[AnyStop]:
    """Every page of the form in order."""
    yield from _stops(model, model.program.definition.body, model.root, ())


def is_extendable(section: Section) -> bool:
    """Whether people decide how many instances there are."""
    return section.repeats and not section.fixed and section.count is None


def words_for(section: Section, appearance: str) -> Control | None:
    """The note that lends the repeat its words for that choice, where the form has one."""
    for item in section.children:
        if isinstance(item, Control) and appearance in item.appearance:
            return item
    return None


def asked_within(body: tuple[Control | Section, ...], within: Node) -> Iterator[Asked]:
    """Every question of a body in its order, relevant or not, the words of repeats left out."""
    for item in body:
        if isinstance(item, Section):
            for place in _places(item, within):
                yield from asked_within(item.children, place)
        elif not WORDING & set(item.appearance):
            yield from _asked(item, within)


def _stops(
    model: Model,
    body: tuple[Control | Section, ...],
    within: Node,
    around: tuple[Around, ...],
    shared: Words | None = None,
) -> Iterator[AnyStop]:
    """The pages of a body; those of a field-list share one, titled `shared`, between repeats."""
    together: list[Asked] = []
    for item in body:
        if isinstance(item, Control):
            asked = [] if WORDING & set(item.appearance) else _asked(item, within)
            if shared is not None:
                together += asked
            else:
                yield from (Stop((one,), UNTITLED, around) for one in asked)
        elif shared is not None and not _has_extendable(item):
            for place in _places(item, within):
                together += asked_within(item.children, place)
        else:
            if together:
                yield Stop(tuple(together), shared or UNTITLED, around)
                together = []
            yield from _section_stops(model, item, within, around, within_list=shared is not None)
    if together:
        yield Stop(tuple(together), shared or UNTITLED, around)


def _section_stops(
    model: Model, section: Section, within: Node, around: tuple[Around, ...], *, within_list: bool
) -> Iterator[AnyStop]:
    places = _places(section, within)
    shared = section.label if section.is_field_list or within_list else None
    for place in places:
        node = place if section.repeats else _node_of(section, within)
        inside = (*around, Around(section, node))
        yield from _stops(model, section.children, place, inside, shared)
    if is_extendable(section):
        above = next(iter(_below(within, section.path.rpartition("/")[0])), None)
        if above is not None:
            is_open = _may_be_asked(model, section, above, places)
            yield RepeatStop(section.path, above, section, tuple(places), is_open, around)


def _may_be_asked(model: Model, section: Section, above: Node, places: list[Node]) -> bool:
    if places:
        return any(place.relevant for place in places)
    condition = model.program.bind(section.path).relevant
    if condition is None or not above.relevant:
        return above.relevant
    absent = Node(section.path.rpartition("/")[2], parent=above)  # where the first one would stand
    absent.path = section.path
    return model.holds(condition, absent, default=True)


def _has_extendable(section: Section) -> bool:
    return is_extendable(section) or any(
        _has_extendable(item) for item in section.children if isinstance(item, Section)
    )


def _places(section: Section, within: Node) -> list[Node]:
    """Where to look for the questions: in each instance of a repeat; for a group, here."""
    return _below(within, section.path) if section.repeats else [within]


def _node_of(group: Section, within: Node) -> Node:
    found = _below(within, group.path) if group.path else []
    return found[0] if found else within


def _asked(control: Control, within: Node) -> list[Asked]:
    return [Asked(control, node) for node in _below(within, control.path)]


def _below(within: Node, path: str) -> list[Node]:
    """The fields of that plain path at or below a field."""
    if path == within.path:
        return [within]
    if not path.startswith(within.path + "/"):
        return []
    found = [within]
    for name in path[len(within.path) + 1 :].split("/"):
        found = [child for node in found for child in node.named(name)]
    return found
