"""From an expression's tree to a closure that gives its value in a context.

A tree is walked once, when a form is opened; evaluating then is calling nested closures, which in
Python is several times faster than walking the tree each time. Absolute paths inside a repeat
mean *this* instance (OpenRosa); a list that comes with the form is looked up by index where a
predicate says `field = value`, or several such things joined by `and`, so that 10,000 villages cost
as much as ten.
"""

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, tzinfo
from functools import partial
from typing import Protocol

from kiosk.forms.definition import Tree
from kiosk.forms.engine import functions_of_dates, functions_of_nodes
from kiosk.forms.engine.functions import FUNCTIONS, Function, nodes_of
from kiosk.forms.engine.node import Node, NodeKind
from kiosk.forms.engine.values import (
    NAN,
    Moment,
    Value,
    equal,
    ordered,
    to_boolean,
    to_number,
    unequal,
)
from kiosk.forms.errors import N_, BadExpression, TooMuchWork

assert functions_of_dates
assert functions_of_nodes  # imported so that they register


class Scope(Protocol):
    """What expressions may ask of the world: everything that can differ comes from here."""

    root: Node
    zone: tzinfo
    namespaces: Mapping[str, str]
    work_left: int  # how many more nodes may be looked at before an expression is given up
    narrows: bool  # whether absolute paths mean this instance of a repeat

    def today(self) -> Moment:
        """This day, as midnight of the local calendar."""

    def now(self) -> datetime:
        """This moment, with its zone."""

    def random(self) -> float:
        """A number from 0 up to 1."""

    def instance(self, name: str) -> Node:
        """The document of the list of that name."""

    def itext(self, name: str, c: "Context") -> str:
        """The form's text of that name in the current language."""

    def choice_name(self, value: str, path: str, c: "Context") -> str:
        """The label of a choice of the question at `path`."""


class Context:
    """Where an expression stands: a node, and its place in the list being filtered."""

    __slots__ = ("current", "node", "position", "scope", "size")

    def __init__(
        self,
        scope: Scope,
        node: Node,
        current: Node | None = None,
        position: int = 1,
        size: int = 1,
    ) -> None:
        self.scope = scope
        self.node = node
        self.current = current or node
        self.position = position
        self.size = size


Closure = Callable[[Context], Value]
NodesClosure = Callable[[list[Node], Context], list[Node]]
Operation = Callable[[list[Closure]], Closure]
Axis = Callable[[Node], Iterable[Node]]


def compiled(tree: Tree) -> Closure:
    """The closure of a tree.

    Raises:
        BadExpression: the tree is not one that `parse` makes.
    """
    kind = tree[0]
    if kind == "number" or kind == "string":  # noqa: PLR1714 (reads as what it is)
        value: Value = float(tree[1]) if kind == "number" else str(tree[1])
        return lambda _c: value
    if kind == "call":
        return _call(str(tree[1]), tree[2])
    if kind == "path":
        return _path(tree[1], tree[2])
    if kind == "filter":
        return _filter(tree[1], tree[2])
    operation = _OPERATIONS.get(kind)
    if operation is None:
        raise BadExpression(N_("%(kind)r is not something an expression can be."), kind=kind)
    return operation([compiled(operand) for operand in tree[1:]])


def find_function(name: str) -> Function | None:
    """The function of that name, or None where ODK forms have none."""
    return FUNCTIONS.get(name)


def _call(name: str, arguments: list[Tree]) -> Closure:
    function = find_function(name)
    if function is None:
        return _refusal(N_("There is no function named %(name)s()."), name=name)
    if not function.least <= len(arguments) <= function.most:
        return _refusal(
            N_("%(name)s() cannot take %(count)s value(s)."), name=name, count=len(arguments)
        )
    run = function.run
    closures = [compiled(argument) for argument in arguments]
    if function.lazy:
        return lambda c: run(c, *closures)
    if len(closures) == 1:
        only = closures[0]
        return lambda c: run(c, only(c))
    return lambda c: run(c, *[closure(c) for closure in closures])


def _refusal(sentence: str, **places: object) -> Closure:
    # Only when it is reached, as ODK's engines do; the publisher refuses the form beforehand.
    def run(_c: Context) -> Value:
        raise BadExpression(sentence, **places)

    return run


# Operators


def _comparing(holds: Callable[[Value, Value, tzinfo], bool]) -> Operation:
    def make(operands: list[Closure]) -> Closure:
        left, right = operands
        return lambda c: holds(left(c), right(c), c.scope.zone)

    return make


def _arithmetic(run: Callable[[float, float], float]) -> Operation:
    def make(operands: list[Closure]) -> Closure:
        left, right = operands
        return lambda c: run(to_number(left(c), c.scope.zone), to_number(right(c), c.scope.zone))

    return make


def _divide(left: float, right: float) -> float:
    if right != 0:
        return left / right
    if left == 0 or math.isnan(left):
        return NAN
    return math.copysign(math.inf, left) * math.copysign(1, right)


def _modulo(left: float, right: float) -> float:
    if right == 0 or math.isinf(left):
        return NAN
    return math.fmod(left, right)


def _union(operands: list[Closure]) -> Closure:
    def run(c: Context) -> Value:
        return in_document_order(
            [node for operand in operands for node in nodes_of(operand(c), "|")]
        )

    return run


_OPERATIONS: dict[str, Operation] = {
    "or": lambda operands: lambda c: any(to_boolean(operand(c)) for operand in operands),
    "and": lambda operands: lambda c: all(to_boolean(operand(c)) for operand in operands),
    "=": _comparing(equal),
    "!=": _comparing(unequal),
    "<": _comparing(partial(ordered, operator.lt)),
    "<=": _comparing(partial(ordered, operator.le)),
    ">": _comparing(partial(ordered, operator.gt)),
    ">=": _comparing(partial(ordered, operator.ge)),
    "+": _arithmetic(operator.add),
    "-": _arithmetic(operator.sub),
    "*": _arithmetic(operator.mul),
    "div": _arithmetic(_divide),
    "mod": _arithmetic(_modulo),
    "negative": lambda operands: lambda c: -to_number(operands[0](c), c.scope.zone),
    "|": _union,
}


# Paths


def in_document_order(nodes: list[Node]) -> list[Node]:
    """The nodes, each once, as they follow each other in the document."""
    unique = list({id(node): node for node in nodes}.values())
    return unique if len(unique) < 2 else sorted(unique, key=Node.place)  # noqa: PLR2004


def _path(start: Tree | str | None, steps: list[Tree]) -> Closure:
    begin = compiled(start) if isinstance(start, list) else None
    absolute = start == "/"
    runs = [
        _narrowing(step) if absolute and _is_plain(step) and step is not steps[-1] else _step(step)
        for step in steps
    ]
    orderly = all(step[0] in ("child", "attribute", "self") for step in steps)

    def run(c: Context) -> Value:
        if begin is not None:
            nodes = nodes_of(begin(c), "/")
        else:
            nodes = [c.scope.root] if absolute else [c.node]
        for step in runs:
            nodes = step(nodes, c)
        return nodes if orderly or len(nodes) < 2 else in_document_order(nodes)  # noqa: PLR2004

    return run


def _is_plain(step: Tree) -> bool:
    axis, test, predicates = step
    return axis == "child" and not predicates and not test.endswith(("*", ")"))


def _narrowing(step: Tree) -> NodesClosure:
    """A step of an absolute path: of several instances, the one the expression stands in."""
    wide = _step(step)

    def run(nodes: list[Node], c: Context) -> list[Node]:
        found = wide(nodes, c)
        if len(found) < 2 or len(nodes) != 1 or not c.scope.narrows:  # noqa: PLR2004
            return found
        for above in c.current.lineage():
            if above.parent is nodes[0]:
                return [above] if above.name == found[0].name else found
        return found

    return run


def _step(step: Tree) -> NodesClosure:
    axis, test, predicates = step
    if axis == "child" and not test.endswith(("*", ")")) and ":" not in test:
        return _child_step(test, predicates)
    walk, holds = AXES.get(axis), _test(test, axis)
    if walk is None:
        raise BadExpression(N_("%(axis)r is not an axis that XPath knows."), axis=axis)
    keep = _chained([_predicate(predicate) for predicate in predicates])

    def run(nodes: list[Node], c: Context) -> list[Node]:
        found: dict[Node, None] = {}  # each once: `/*/..` written ten times stays one node
        for node in nodes:
            walked = list(walk(node))
            _spend(c, len(walked))
            found.update(dict.fromkeys(keep([other for other in walked if holds(other, c)], c)))
        return list(found)

    return run


def _child_step(name: str, predicates: list[Tree]) -> NodesClosure:
    if not predicates:

        def plain(nodes: list[Node], _c: Context) -> list[Node]:
            if len(nodes) == 1:
                return nodes[0].named(name)
            return [child for node in nodes for child in node.named(name)]

        return plain
    filters = [_predicate(predicate) for predicate in predicates]
    keep, keys = _chained(filters), _keys_of(predicates[0])
    keep_of_found = keep if predicates[0][0] == "and" else _chained(filters[1:])

    def run(node: Node, c: Context) -> list[Node]:
        found: list[Node] | None = None
        for field, value in keys if node.static else ():
            wanted = value(c)
            if isinstance(wanted, list) and len(wanted) == 1:
                wanted = wanted[0].text()
            if isinstance(wanted, str):
                known, rows = set(found or ()), node.where(name, field, wanted)
                found = rows if found is None else [row for row in rows if row in known]
        return keep(node.named(name), c) if found is None else keep_of_found(found, c)

    return lambda nodes, c: [kept for node in nodes for kept in run(node, c)]


def _keys_of(predicate: Tree) -> list[tuple[str, Closure]]:
    """Both sides of each `field = value` that must hold, if it is one value for all candidates."""
    if any(f"'{name}'" in str(predicate) for name in ("position", "last")):
        return []  # a place in the whole list, which is not to be narrowed before
    equations = predicate[1:] if predicate[0] == "and" else [predicate]
    sides = [side for one in equations if one[0] == "=" for side in (one[1:], one[:0:-1])]
    steps = [(one[2], value) for one, value in sides if one[0] == "path" and one[1] is None]
    return [
        (path[0][1], compiled(value))
        for path, value in steps
        if len(path) == 1 and _is_plain(path[0]) and ":" not in path[0][1]
        if _is_same_for_all(value)
    ]


def _is_same_for_all(tree: Tree) -> bool:
    if tree[0] in ("number", "string"):
        return True
    if tree[0] == "path":
        start, steps = tree[1], tree[2]
        anchored = start == "/" or (isinstance(start, list) and start[:2] == ["call", "current"])
        return anchored and not any(step[2] for step in steps)
    return False


def _chained(filters: list[NodesClosure]) -> NodesClosure:
    def run(nodes: list[Node], c: Context) -> list[Node]:
        for keep in filters:
            nodes = keep(nodes, c)
        return nodes

    return run


def _spend(c: Context, nodes: int) -> None:
    """Take from what may be looked at, so that no path however written takes long."""
    c.scope.work_left -= nodes
    if c.scope.work_left < 0:
        raise TooMuchWork(N_("An expression looks at more than a kiosk has time for."))


def _predicate(tree: Tree) -> NodesClosure:
    if tree[0] == "number":
        place = tree[1]
        return lambda nodes, _c: (
            [nodes[int(place) - 1]] if 0 < place <= len(nodes) and place == int(place) else []
        )
    holds = compiled(tree)

    def keep(nodes: list[Node], c: Context) -> list[Node]:
        _spend(c, len(nodes))
        inner = Context(c.scope, c.node, c.current, size=len(nodes))
        kept: list[Node] = []
        for place, node in enumerate(nodes, 1):
            inner.node, inner.position = node, place
            value = holds(inner)
            if (value == place) if type(value) is float else to_boolean(value):
                kept.append(node)
        return kept

    return keep


def _filter(tree: Tree, predicates: list[Tree]) -> Closure:
    inner = compiled(tree)
    keep = _chained([_predicate(predicate) for predicate in predicates])

    return lambda c: keep(nodes_of(inner(c), "[ ]"), c)


def _test(test: str, axis: str) -> Callable[[Node, Context], bool]:  # noqa: PLR0911 (a case each)
    principal = NodeKind.ATTRIBUTE if axis == "attribute" else NodeKind.ELEMENT
    if test == "node()":
        return lambda _node, _c: True
    if test == "text()":
        return lambda node, _c: node.kind == NodeKind.TEXT
    if test == "comment()":
        return lambda node, _c: node.kind == NodeKind.COMMENT
    if test.startswith("processing-instruction("):
        target = test.partition("(")[2][:-1]
        return lambda node, _c: node.kind == NodeKind.INSTRUCTION and target in ("", node.name)
    if test == "*":
        return lambda node, _c: node.kind == principal
    prefix, _colon, local = test.rpartition(":")
    if not prefix:
        return lambda node, _c: node.kind == principal and node.name == test

    def holds(node: Node, c: Context) -> bool:
        if node.kind != principal:
            return False
        written, _colon, name = node.name.rpartition(":")
        uri = c.scope.namespaces.get(prefix)
        same = written == prefix if uri is None else node.uri == uri
        return same and local in ("*", name)

    return holds


def _children(node: Node) -> Iterable[Node]:
    if not node.children and node.value and node.kind == NodeKind.ELEMENT and node.relevant:
        return (Node("", node.value, kind=NodeKind.TEXT, parent=node),)
    return node.children


def _siblings(node: Node, *, after: bool) -> list[Node]:
    if node.parent is None or node.kind == NodeKind.ATTRIBUTE:
        return []
    siblings = node.parent.children
    place = siblings.index(node) if node in siblings else 0
    return siblings[place + 1 :] if after else siblings[:place][::-1]


def _following(node: Node) -> Iterable[Node]:
    if node.kind == NodeKind.ATTRIBUTE and node.parent is not None:
        yield from node.parent.descendants()
        node = node.parent
    for above in node.lineage():
        for sibling in _siblings(above, after=True):
            yield sibling
            yield from sibling.descendants()


def _preceding(node: Node) -> Iterable[Node]:
    if node.kind == NodeKind.ATTRIBUTE and node.parent is not None:
        node = node.parent
    for above in node.lineage():
        for sibling in _siblings(above, after=False):
            yield from reversed([sibling, *sibling.descendants()])


AXES: dict[str, Axis] = {
    "child": _children,
    "attribute": lambda node: node.attributes,
    "self": lambda node: (node,),
    "parent": lambda node: () if node.parent is None else (node.parent,),
    "ancestor": Node.ancestors,
    "ancestor-or-self": Node.lineage,
    "descendant": Node.descendants,
    "descendant-or-self": lambda node: (node, *node.descendants()),
    "following-sibling": lambda node: _siblings(node, after=True),
    "preceding-sibling": lambda node: _siblings(node, after=False),
    "following": _following,
    "preceding": _preceding,
    "namespace": lambda _node: (),
}
