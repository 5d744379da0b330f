"""The functions of nodes and of the form itself: lists, repeats, choices, texts, randomness."""

import math
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kiosk.forms.engine.functions import ANY, function, nodes_of
from kiosk.forms.engine.node import Node, NodeKind
from kiosk.forms.engine.values import Value, first_of, to_number, to_string
from kiosk.forms.errors import BadExpression

if TYPE_CHECKING:
    from kiosk.forms.engine.evaluate import Context

UUID_LENGTH_MAX = 1_000
PARK_MILLER = 2**31 - 1  # the specification's generator, so that a seed gives the same order


# Lists of words: what "choose many" stores


@function("selected", 2)
def _selected(_c: "Context", words: Value, word: Value) -> Value:
    return to_string(word).strip() in to_string(words).split()


@function("selected-at", 2)
def _selected_at(c: "Context", words: Value, place: Value) -> Value:
    number = to_number(place, c.scope.zone)
    held = to_string(words).split()
    return held[int(number)] if math.isfinite(number) and 0 <= number < len(held) else ""


@function("count-selected", 1)
def _count_selected(_c: "Context", words: Value) -> Value:
    return float(len(to_string(words).split()))


# Lists of nodes


@function("count", 1)
def _count(_c: "Context", nodes: Value) -> Value:
    return float(len(nodes_of(nodes, "count")))


@function("count-non-empty", 1)
def _count_non_empty(_c: "Context", nodes: Value) -> Value:
    return float(sum(1 for node in nodes_of(nodes, "count-non-empty") if node.text()))


@function("position", 0, 1)
def _position(c: "Context", *nodes: Value) -> Value:
    if not nodes:
        return float(c.position)
    found = nodes_of(nodes[0], "position")
    return float(place_among_siblings(found[0])) if found else math.nan


@function("last", 0)
def _last(c: "Context") -> Value:
    return float(c.size)


def place_among_siblings(node: Node) -> int:
    """Which one of its name a node is below its parent, counted from 1."""
    if node.parent is None:
        return 1
    siblings = node.parent.named(node.name)
    return next(place for place, sibling in enumerate(siblings, 1) if sibling is node)


@function("name", 0, 1)
def _name(c: "Context", *nodes: Value) -> Value:
    node = _one(c, nodes, "name")
    return node.name if node else ""


@function("local-name", 0, 1)
def _local_name(c: "Context", *nodes: Value) -> Value:
    node = _one(c, nodes, "local-name")
    return node.name.rpartition(":")[2] if node else ""


@function("namespace-uri", 0, 1)
def _namespace_uri(c: "Context", *nodes: Value) -> Value:
    node = _one(c, nodes, "namespace-uri")
    return (node.uri or "") if node else ""


def _one(c: "Context", nodes: tuple[Value, ...], name: str) -> Node | None:
    if not nodes:
        return c.node
    found = nodes_of(nodes[0], name)
    return first_of(found) if found else None


@function("id", 1)
def _id(c: "Context", value: Value) -> Value:
    texts = [node.text() for node in value] if isinstance(value, list) else [to_string(value)]
    wanted = {word for text in texts for word in text.split()}
    nodes: list[Node] = []
    for node in c.node.root().descendants():
        if node.kind == NodeKind.ELEMENT and wanted and node.attribute("id") in wanted:
            wanted.discard(node.attribute("id"))  # ids are unique: the first one counts
            nodes.append(node)
    return nodes


@function("lang", 1)
def _lang(c: "Context", language: Value) -> Value:
    wanted = to_string(language).lower()
    node: Node | None = c.node
    while node is not None:
        held = node.attribute("xml:lang").lower()
        if held:
            return held == wanted or held.startswith(wanted + "-")
        node = node.parent
    return False


@function("randomize", 1, 2)
def _randomize(c: "Context", nodes: Value, *seed: Value) -> Value:
    shuffled = list(nodes_of(nodes, "randomize"))
    number = to_number(seed[0], c.scope.zone) if seed else c.scope.random() * PARK_MILLER
    state = (int(number) if math.isfinite(number) else 0) % PARK_MILLER
    state = state + PARK_MILLER - 1 if state <= 0 else state
    for place in range(len(shuffled) - 1, 0, -1):
        state = state * 16807 % PARK_MILLER
        other = int((state - 1) / (PARK_MILLER - 1) * (place + 1))
        shuffled[place], shuffled[other] = shuffled[other], shuffled[place]
    return shuffled


# Repeats


@function("indexed-repeat", 3, ANY)
def _indexed_repeat(c: "Context", target: Value, *pairs: Value) -> Value:
    if len(pairs) % 2:
        raise BadExpression("indexed-repeat() needs a number for each repeat.")
    nodes = _everywhere(nodes_of(target, "indexed-repeat"))
    for repeat, index in zip(pairs[::2], pairs[1::2], strict=True):
        instances = {id(node) for node in _everywhere(nodes_of(repeat, "indexed-repeat"))}
        place = to_number(index, c.scope.zone)
        nodes = [
            node
            for node in nodes
            if any(
                id(above) in instances and place_among_siblings(above) == place
                for above in _above(node)
            )
        ]
    return nodes[0].text() if nodes else ""


def _above(node: Node) -> Iterable[Node]:
    while node.parent is not None:
        node = node.parent
        yield node


def _everywhere(nodes: list[Node]) -> list[Node]:
    """All nodes that have the first one's path, whatever instance of a repeat they are in."""
    if not nodes:
        return []
    names: list[str] = []
    node = nodes[0]
    while node.parent is not None:
        names.append(node.name)
        node = node.parent
    found = [node]
    for name in reversed(names):
        found = [child for parent in found for child in parent.named(name)]
    return found


# The form


@function("current", 0)
def _current(c: "Context") -> Value:
    return [c.current]


@function("instance", 1)
def _instance(c: "Context", name: Value) -> Value:
    return [c.scope.instance(to_string(name))]


@function("pulldata", 4)
def _pulldata(c: "Context", name: Value, wanted: Value, field: Value, key: Value) -> Value:
    document = c.scope.instance(to_string(name).removesuffix(".csv"))
    for root in document.children:
        rows = root.where("item", to_string(field), to_string(key))
        if rows:
            return next(rows[0].texts(to_string(wanted)), "")
    return ""


@function("jr:itext", 1)
def _itext(c: "Context", name: Value) -> Value:
    return c.scope.itext(to_string(name), c)


@function("jr:choice-name", 2)
def _choice_name(c: "Context", value: Value, path: Value) -> Value:
    return c.scope.choice_name(to_string(value), to_string(path), c)


@function("random", 0)
def _random(c: "Context") -> Value:
    return c.scope.random()


def new_uuid() -> str:
    """A random UUID (version 4); the standard module would cost a tenth of the engine's import."""
    data = bytearray(os.urandom(16))
    data[6] = data[6] & 0x0F | 0x40
    data[8] = data[8] & 0x3F | 0x80
    text = data.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


@function("uuid", 0, 1)
def _uuid(c: "Context", *length: Value) -> Value:
    whole = new_uuid()
    if not length:
        return whole
    number = to_number(length[0], c.scope.zone)
    wanted = int(min(max(number, 0), UUID_LENGTH_MAX)) if number == number else 0  # noqa: PLR0124
    return "".join(whole.replace("-", "") for _ in range(wanted // 32 + 1))[:wanted]
