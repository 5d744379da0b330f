"""The functions of nodes and of the form itself: lists, repeats, choices, texts, randomness."""

import math
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.forms.engine.functions import ANY, Run, flat, function, hashed, nodes_of, relevant_nodes
from kiosk.forms.engine.node import Node, NodeKind
from kiosk.forms.engine.values import Value, first_of, to_number, to_string
from kiosk.forms.errors import N_, BadExpression

if TYPE_CHECKING:
    from kiosk.forms.engine.evaluate import Context

UUID_LENGTH_MAX = 1_000
PARK_MILLER = 2**31 - 1  # the specification's generator, so that a seed gives the same order


_SHORT: dict[str, tuple[int, Run]] = {
    "count": (1, lambda _c, nodes: float(len(relevant_nodes(nodes, "count()")))),
    "instance": (1, lambda c, name: [c.scope.instance(to_string(name))]),
    "jr:itext": (1, lambda c, name: c.scope.itext(to_string(name), c)),
    "jr:choice-name": (2, lambda c, *which: c.scope.choice_name(*map(to_string, which), c)),
}
for _name, (_takes, _run) in _SHORT.items():
    function(_name, _takes)(_run)


# Lists, of words (what "choose many" stores) and of nodes


@function("selected-at", 2)
def _selected_at(c: "Context", words: Value, place: Value) -> Value:
    number = to_number(place, c.scope.zone)
    held = to_string(words).split()
    return held[int(number)] if math.isfinite(number) and 0 <= number < len(held) else ""


@function("count-non-empty", 1)
def _count_non_empty(_c: "Context", nodes: Value) -> Value:
    return float(sum(1 for node in nodes_of(nodes, "count-non-empty()") if node.text()))


@function("position", 0, 1)
def _position(c: "Context", *nodes: Value) -> Value:
    if not nodes:
        return float(c.position)
    found = nodes_of(nodes[0], "position()")
    return float(found[0].place_among_siblings()) if found else math.nan


def _of_a_node(name: str, run: Callable[[Node], str]) -> None:
    @function(name, 0, 1)
    def _run(c: "Context", *nodes: Value) -> Value:
        found = nodes_of(nodes[0], name + "()") if nodes else [c.node]
        return run(first_of(found)) if found else ""


_of_a_node("name", lambda node: node.name)
_of_a_node("local-name", lambda node: node.name.rpartition(":")[2])
_of_a_node("namespace-uri", lambda node: node.uri or "")


@function("id", 1)
def _id(c: "Context", value: Value) -> Value:
    wanted = {word for text in flat(value) for word in to_string(text).split()}
    nodes: list[Node] = []
    for node in c.node.root().descendants():
        if node.kind == NodeKind.ELEMENT and wanted and node.attribute("id") in wanted:
            wanted.discard(node.attribute("id"))  # ids are unique: the first one counts
            nodes.append(node)
    return nodes


@function("lang", 1)
def _lang(c: "Context", language: Value) -> Value:
    wanted = to_string(language).lower()
    for node in c.node.lineage():
        held = node.attribute("xml:lang").lower()
        if held:
            return held == wanted or held.startswith(wanted + "-")
    return False


@function("randomize", 1, 2)
def _randomize(c: "Context", nodes: Value, *seed: Value) -> Value:
    shuffled: list[Node] = []  # "inside out", as the specification wants it
    whole = _seed(c, seed[0]) if seed else int(c.scope.random() * PARK_MILLER)
    state = int(math.copysign(abs(whole) % PARK_MILLER, whole))  # as Java's remainder
    state = state + PARK_MILLER - 1 if state <= 0 else state
    for place, node in enumerate(relevant_nodes(nodes, "randomize()")):
        state = state * 16807 % PARK_MILLER
        other = int((state - 1) / (PARK_MILLER - 1) * (place + 1))
        shuffled.append(node)
        shuffled[place], shuffled[other] = shuffled[other], node
    return shuffled


def _seed(c: "Context", value: Value) -> int:
    """A seed as a whole number; of a text that is none, the first bytes of its hash (JavaRosa)."""
    number, text = to_number(value, c.scope.zone), to_string(value)
    if math.isnan(number) and text not in ("", "NaN"):
        return int.from_bytes(hashed("sha256", text)[:8], signed=True)
    return int(number) if math.isfinite(number) else 0


# Repeats


@function("indexed-repeat", 3, ANY)
def _indexed_repeat(c: "Context", target: Value, *pairs: Value) -> Value:
    if len(pairs) % 2:
        raise BadExpression(N_("indexed-repeat() needs a number for each repeat."))
    nodes = _everywhere(nodes_of(target, "indexed-repeat()"))
    for repeat, index in zip(pairs[::2], pairs[1::2], strict=True):
        instances = {id(node) for node in _everywhere(nodes_of(repeat, "indexed-repeat()"))}
        place = to_number(index, c.scope.zone)
        nodes = [
            node
            for node in nodes
            if any(
                id(above) in instances and above.place_among_siblings() == place
                for above in node.ancestors()
            )
        ]
    return nodes[0].text() if nodes else ""


def _everywhere(nodes: list[Node]) -> list[Node]:
    """All nodes that have the first one's path, whatever instance of a repeat they are in."""
    if not nodes:
        return []
    *below, root = nodes[0].lineage()
    found = [root]
    for node in reversed(below):
        found = [child for parent in found for child in parent.named(node.name)]
    return found


@function("pulldata", 4)
def _pulldata(c: "Context", name: Value, wanted: Value, field: Value, key: Value) -> Value:
    document = c.scope.instance(to_string(name).removesuffix(".csv"))
    for root in document.children:
        rows = root.where("item", to_string(field), to_string(key))
        if rows:
            return next(rows[0].texts(to_string(wanted)), "")
    return ""


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
    wanted = int(min(UUID_LENGTH_MAX, max(0, number)))  # in this order NaN is none
    return "".join(whole.replace("-", "") for _ in range(wanted // 32 + 1))[:wanted]
