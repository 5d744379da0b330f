"""A definition made ready to run: closures, lists, and the order in which things are worked out.

Made once for each definition and shared by all entries of it. A `Trigger` is a rule that changes
what others read: a calculation, a relevance, a filtered choice, a repeat's count. Triggers are
sorted so that each runs after those it reads from; a circle has no such order and is refused.
Required, readonly and constraint change nothing that others read, so they are simply evaluated
when somebody asks.
"""

from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from kiosk.forms.definition import (
    Bind,
    Control,
    Definition,
    Expression,
    Field,
    Section,
    Table,
)
from kiosk.forms.engine.dependencies import Reading, readings_of
from kiosk.forms.engine.evaluate import Closure, compiled
from kiosk.forms.engine.node import Node, NodeKind
from kiosk.forms.engine.rows import RowsNode
from kiosk.forms.errors import N_, BadExpression, BadForm, Circle

PROGRAMS_MAX = 32  # services of a kiosk, old versions of open applications included


class Aspect(Enum):
    """What a trigger works out."""

    COUNT = "count"
    RELEVANT = "relevance"
    CALCULATE = "calculation"
    CHOICES = "choices"


class Trigger(NamedTuple):
    """A rule of a field that changes what other rules read."""

    aspect: Aspect
    path: str
    run: Closure
    readings: frozenset[Reading]
    reads_itself: bool  # as a running total does: all its instances are worked out together

    def __str__(self) -> str:
        return f"the {self.aspect.value} of {self.path}"

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


class Program:
    """Everything about a definition that is worked out once."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.binds: dict[str, Bind] = {bind.path: bind for bind in definition.binds}
        self.controls: dict[str, Control] = {c.path: c for c in definition.controls()}
        self.repeats: dict[str, Section] = {
            section.path: section for section in definition.sections() if section.repeats
        }
        self.paths: dict[str, Field] = dict(_paths("", definition.root))
        self._closures: dict[int, Closure] = {}
        self._documents: dict[str, Node] = {}
        self.triggers: list[Trigger] = self._in_order(list(self._all_triggers()))
        # field → the triggers that read it: place in the order, and how it is read
        self.readers: dict[str, list[tuple[int, Reading]]] = {path: [] for path in self.paths}
        self.writers: dict[str, list[int]] = {}
        for number, trigger in enumerate(self.triggers):
            self.writers.setdefault(trigger.path, []).append(number)
            for reading in trigger.readings:
                for path in self.below(reading.path):
                    self.readers[path].append((number, reading))

    def closure(self, expression: Expression) -> Closure:
        """The closure of one of the definition's expressions."""
        known = self._closures.get(id(expression))
        if known is None:
            try:
                known = compiled(expression.tree)
            except (BadExpression, LookupError, RecursionError, TypeError, ValueError) as error:
                raise BadForm(
                    N_("The expression %(text)r is broken."), text=expression.source
                ) from error
            self._closures[id(expression)] = known
        return known

    def bind(self, path: str) -> Bind:
        """The rules of a field; a field without any has none."""
        return self.binds.get(path) or Bind(path)

    def list_of(self, name: str) -> Node:
        """The document of a list that comes with the form."""
        document = self._documents.get(name)
        if document is None:
            rows = self.definition.lists.get(name)
            if rows is None:
                raise BadExpression(N_("The form has no list named %(name)r."), name=name)
            document = self._documents[name] = _document(rows)
        return document

    def _all_triggers(self) -> Iterator[Trigger]:
        for path, section in self.repeats.items():
            if section.count is not None:
                yield self._trigger(Aspect.COUNT, path, section.count)
        for bind in self.definition.binds:
            if bind.path in self.paths:
                if bind.relevant is not None:
                    yield self._trigger(Aspect.RELEVANT, bind.path, bind.relevant)
                if bind.calculate is not None:
                    yield self._trigger(Aspect.CALCULATE, bind.path, bind.calculate)
        for control in self.controls.values():
            if control.itemset is not None and control.path in self.paths:
                rows, named = control.itemset.rows, ["child", control.itemset.name, []]
                # Of its rows it reads the names: those of a repeat may hold the question itself.
                reads = Expression(rows.source, ["path", rows.tree, [named]])
                trigger = self._trigger(Aspect.CHOICES, control.path, rows, reads)
                if trigger.readings:
                    yield trigger

    def _trigger(
        self, aspect: Aspect, path: str, expression: Expression, reads: Expression | None = None
    ) -> Trigger:
        run = self.closure(expression)  # first: it refuses a broken tree
        readings = frozenset(self.readings(reads or expression, path))
        own = frozenset(reading for reading in readings if reading.path == path)
        known = frozenset(reading for reading in readings - own if reading.path in self.paths)
        reads_itself = bool(own)
        return Trigger(aspect, path, run, known, reads_itself)

    def readings(self, expression: Expression, path: str) -> Iterator[Reading]:
        """What an expression reads that stands at `path`; the form's fields where there are any."""
        for reading in readings_of(expression.tree, path):
            above, wild, name = reading.path.partition("//")
            fields = [one for one in self.below(above) if wild and one.endswith(f"/{name}")]
            yield from (reading._replace(path=one) for one in fields or (reading.path,))

    def below(self, path: str) -> Iterator[str]:
        """That path, and those of every field below it."""
        yield path
        inside = path + "/"
        yield from (other for other in self.paths if other.startswith(inside))

    def _in_order(self, triggers: list[Trigger]) -> list[Trigger]:
        writing: dict[str, list[Trigger]] = {}
        for trigger in triggers:
            paths = (
                self.below(trigger.path)
                if trigger.aspect in (Aspect.RELEVANT, Aspect.COUNT)
                else (trigger.path,)
            )
            for path in paths:
                writing.setdefault(path, []).append(trigger)
        graph: dict[Trigger, set[Trigger]] = {}
        for trigger in triggers:
            itself = Reading(trigger.path, 0, counted=True)  # it runs where there are instances
            before = graph[trigger] = set()
            for reading in (itself, *trigger.readings):
                counted = {Aspect.COUNT} if reading is itself else {Aspect.COUNT, Aspect.RELEVANT}
                matter = counted if reading.counted else set(Aspect)
                for path in (reading.path,) if reading.counted else self.below(reading.path):
                    before.update(one for one in writing.get(path, ()) if one.aspect in matter)
            before.discard(trigger)
        try:
            return list(TopologicalSorter(graph).static_order())
        except CycleError as error:
            circle: list[Trigger] = error.args[1][::-1]  # the first stands at the end again
            raise Circle(
                N_("The form goes round in a circle: %(circle)s."),
                *((trigger.path, trigger.aspect.value) for trigger in circle[:-1]),
                circle=" → ".join(map(str, circle)),
            ) from error


@lru_cache(maxsize=PROGRAMS_MAX)
def program_of(definition: Definition) -> Program:
    """The definition's program, made when it is first asked for."""
    return Program(definition)


def _paths(above: str, item: Field) -> Iterator[tuple[str, Field]]:
    path = f"{above}/{item.name}"
    yield path, item
    for child in item.children:
        yield from _paths(path, child)


def _document(rows: Table | Field) -> Node:
    document = Node("", kind=NodeKind.DOCUMENT)
    document.static = True
    if isinstance(rows, Field):
        for child in rows.children if rows.name == "instance" else (rows,):
            _grow(document, child)
        return document
    document.append(RowsNode(document, rows.columns, rows.rows))
    return document


def _grow(parent: Node, item: Field) -> None:
    node = parent.append(Node(item.name, item.value))
    node.static = True
    for name, value in item.attributes.items():
        node.add_attribute(name, value)
    for child in item.children:
        _grow(node, child)
