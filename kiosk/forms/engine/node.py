"""The tree that expressions walk: a form's answers, or a list that comes with the form.

One small class serves elements, text, comments and attributes alike, because XPath treats them
alike. An element of the answers carries its text in `value` instead of in a text child: answers
change all the time, and nothing should be built for that. A node that is not relevant reads as
empty, and keeps its value for when it becomes relevant again.
"""

from collections.abc import Iterator
from enum import IntEnum
from itertools import pairwise

INDEX_FROM = 8  # fewer children are faster scanned than looked up


class NodeKind(IntEnum):
    """What a node is in XPath's data model."""

    DOCUMENT = 0
    ELEMENT = 1
    ATTRIBUTE = 2
    TEXT = 3
    COMMENT = 4
    INSTRUCTION = 5


class Node:
    """One node. `kept` is what was answered; `value` is what expressions may see of it."""

    __slots__ = (
        "_index",
        "_named",
        "attributes",
        "children",
        "kept",
        "kind",
        "name",
        "parent",
        "path",
        "relevant",
        "static",
        "uri",
        "value",
    )

    def __init__(
        self,
        name: str,
        value: str = "",
        *,
        kind: NodeKind = NodeKind.ELEMENT,
        parent: "Node | None" = None,
        uri: str | None = None,
    ) -> None:
        self.name = name
        self.kind = kind
        self.value = value
        self.kept = value
        self.parent = parent
        self.uri = uri
        self.children: list[Node] = []
        self.attributes: list[Node] = []
        self.relevant = True
        self.static = False  # part of a list that never changes: may be indexed by value
        self.path = ""  # in the answers: the path without positions, /data/child/name
        self._named: dict[str, list[Node]] | None = None
        self._index: dict[tuple[str, str], dict[str, list[Node]]] | None = None

    def append(self, child: "Node") -> "Node":
        """Add a child at the end and hand it back."""
        return self.insert(len(self.children), child)

    def insert(self, place: int, child: "Node") -> "Node":
        """Add a child at that place and hand it back."""
        child.parent = self
        self.children.insert(place, child)
        self._named = None
        return child

    def remove(self, child: "Node") -> None:
        """Take a child away."""
        self.children.remove(child)
        child.parent = None
        self._named = None

    def add_attribute(self, name: str, value: str, uri: str | None = None) -> None:
        """Give the element an attribute."""
        self.attributes.append(Node(name, value, kind=NodeKind.ATTRIBUTE, parent=self, uri=uri))

    def attribute(self, name: str, default: str = "") -> str:
        """The value of the attribute of that name as it is written (prefix and all)."""
        return next((held.value for held in self.attributes if held.name == name), default)

    def named(self, name: str) -> "list[Node]":
        """The child elements of that name."""
        if len(self.children) < INDEX_FROM:
            return [child for child in self.children if child.name == name and child.kind == 1]
        named = self._named
        if named is None:
            named = {}
            for child in self.children:
                if child.kind == NodeKind.ELEMENT:
                    named.setdefault(child.name, []).append(child)
            self._named = named  # whole: entries in other threads share the lists
        return named.get(name, [])

    def find(self, name: str) -> "Node | None":
        """The first child element of that name, or None."""
        found = self.named(name)
        return found[0] if found else None

    def where(self, name: str, field: str, value: str) -> "list[Node]":
        """The children `name[field = value]` of a list that never changes, by an index."""
        if self._index is None:
            self._index = {}
        index = self._index.get((name, field))
        if index is None:
            index = {}
            for child in self.named(name):
                for text in dict.fromkeys(child.texts(field)):
                    index.setdefault(text, []).append(child)
            self._index[name, field] = index
        return index.get(value, [])

    def texts(self, field: str) -> Iterator[str]:
        """The texts of the children of that name, or of the attribute `@name`."""
        if field.startswith("@"):
            return (leaf.value for leaf in self.attributes if leaf.name == field[1:])
        return (leaf.text() for leaf in self.named(field))

    def cell(self, field: str) -> str:
        """The text of the first child of that name; empty without one."""
        leaf = self.find(field)
        return leaf.text() if leaf is not None else ""

    def text(self) -> str:
        """The node's string value: what an expression reads."""
        if not self.relevant:
            return ""
        if not self.children:
            return self.value
        return "".join(
            node.text() for node in self.children if node.kind in (NodeKind.ELEMENT, NodeKind.TEXT)
        )

    def descendants(self) -> "Iterator[Node]":
        """Every node below, in document order."""
        for child in self.children:
            yield child
            yield from child.descendants()

    def lineage(self) -> "Iterator[Node]":
        """The node and those that it is in, up to the top."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent

    def ancestors(self) -> "Iterator[Node]":
        """Those that the node is in, up to the top."""
        return self.parent.lineage() if self.parent is not None else iter(())

    def root(self) -> "Node":
        """The top of the tree."""
        return list(self.lineage())[-1]

    def place(self) -> tuple[int, ...]:
        """Where the node stands in document order."""
        steps: list[int] = []
        for node, above in pairwise(self.lineage()):
            if node.kind == NodeKind.ATTRIBUTE:
                steps.append(above.attributes.index(node) - len(above.attributes))
            elif above.children:
                steps.append(above.children.index(node))
            else:  # the text of an answer, made for the expression that asks for it
                steps.append(0)
        return tuple(reversed(steps))

    def place_among_siblings(self) -> int:
        """Which one of its name it is below its parent, counted from 1."""
        siblings = self.parent.named(self.name) if self.parent is not None else []
        return siblings.index(self) + 1 if self in siblings else 1  # a text has no name
