"""The road through a form: which questions share a page, and in what order pages come.

Walked anew whenever somebody asks, because answers decide which pages there are: for a hundred
questions that takes less time than keeping the answer right would take thought.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.forms.definition import Control, Section, Words
from kiosk.forms.model import Model, is_within
from kiosk.forms.node import Node

UNTITLED = Words()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question at a field."""

    control: Control
    node: Node


@dataclass(frozen=True, slots=True)
class Stop:
    """A page's place in the form, whether it is relevant now or not."""

    asked: tuple[Asked, ...]
    title: Words

    @property
    def relevant(self) -> tuple[Asked, ...]:
        """The questions that are relevant now."""
        return tuple(asked for asked in self.asked if asked.node.relevant)

    @property
    def node(self) -> Node:
        """The field the page is known by."""
        return self.asked[0].node

    def asks(self, node: Node | None) -> bool:
        """Whether the page asks for that field."""
        return any(asked.node is node for asked in self.asked)


def stops_of(model: Model) -> Iterator[Stop]:
    """Every page of the form in order."""
    yield from _stops(model, model.program.definition.body, model.root)


def _stops(model: Model, body: tuple[Control | Section, ...], within: Node) -> Iterator[Stop]:
    for item in body:
        if isinstance(item, Control):
            yield from (Stop((asked,), UNTITLED) for asked in _asked(model, item, within))
            continue
        for place in _instances(model, item, within):
            if item.is_field_list:
                together = tuple(_all_asked(model, item.children, place))
                if together:
                    yield Stop(together, item.label)
            else:
                yield from _stops(model, item.children, place)


def _instances(model: Model, section: Section, within: Node) -> list[Node]:
    if not section.repeats:
        return [within]
    return [node for node in model.nodes(section.path) if is_within(node, within)]


def _all_asked(model: Model, body: tuple[Control | Section, ...], within: Node) -> Iterator[Asked]:
    for item in body:
        if isinstance(item, Control):
            yield from _asked(model, item, within)
        else:
            for place in _instances(model, item, within):
                yield from _all_asked(model, item.children, place)


def _asked(model: Model, control: Control, within: Node) -> Iterator[Asked]:
    for node in model.nodes(control.path):
        if within is model.root or is_within(node, within):
            yield Asked(control, node)
