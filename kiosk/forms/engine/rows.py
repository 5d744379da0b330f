"""A table as a tree, made row by row when somebody looks: `root/item/...` of a list.

A country has 10,000 villages and a citizen lives in one. Expressions walk lists as trees, so a
list must look like one; but nodes for every cell would take longer to make than a form may take
to open. The rows that a predicate finds by index become nodes, the others stay tuples.
"""

from kiosk.forms.engine.node import Node


class RowNode(Node):
    """One row; its cells become nodes when they are asked for."""

    __slots__ = ("_cells", "columns", "row")

    def __init__(self, parent: Node, columns: tuple[str, ...], row: tuple[str, ...]) -> None:
        self._cells: list[Node] | None = None
        self.columns = columns  # the names of the cells
        self.row = row
        super().__init__("item", parent=parent)
        self.static = True

    @property
    def children(self) -> list[Node]:
        """The cells."""
        if self._cells is None:
            pairs = zip(self.columns, self.row, strict=True)
            self._cells = [Node(name, value, parent=self) for name, value in pairs]
        return self._cells

    @children.setter
    def children(self, _children: list[Node]) -> None:
        """Cells come from the table only."""

    def cell(self, field: str) -> str:
        """The text in that column, without making nodes of the row."""
        columns = self.columns
        return self.row[columns.index(field)] if field in columns else ""


class RowsNode(Node):
    """The root of a table's tree."""

    __slots__ = ("_all", "_by_field", "_columns", "_items", "_rows")

    def __init__(
        self, parent: Node, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]
    ) -> None:
        self._all: list[Node] | None = None
        self._by_field: dict[str, dict[str, list[int]]] = {}
        self._columns = columns
        self._items: list[RowNode | None] = [None] * len(rows)
        self._rows = rows
        super().__init__("root", parent=parent)
        self.static = True

    @property
    def size(self) -> int:
        """How many rows there are, without making them."""
        return len(self._rows)

    def _item(self, number: int) -> RowNode:
        item = self._items[number]
        if item is None:
            item = self._items[number] = RowNode(self, self._columns, self._rows[number])
        return item

    @property
    def children(self) -> list[Node]:
        """Every row."""
        if self._all is None:
            self._all = [self._item(number) for number in range(len(self._rows))]
        return self._all

    @children.setter
    def children(self, _children: list[Node]) -> None:
        """Rows come from the table only."""

    def where(self, name: str, field: str, value: str) -> list[Node]:
        """The rows whose column has that value."""
        if name != "item" or field not in self._columns:
            return []
        index = self._by_field.get(field)
        if index is None:
            index = {}
            column = self._columns.index(field)
            for number, row in enumerate(self._rows):
                index.setdefault(row[column], []).append(number)
            self._by_field[field] = index  # whole: entries in other threads share the list
        return [self._item(number) for number in index.get(value, ())]
