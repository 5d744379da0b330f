"""A table as the pages of figures draw it: a name and figures in each row."""

from dataclasses import dataclass

from sync.central.insight.figures import Figure


@dataclass(frozen=True, slots=True)
class Row:
    """One row."""

    name: str
    figures: tuple[Figure, ...]
    href: str = ""
    number: int | None = None  # by which a dot of the picture names it


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its heading and how it was counted."""

    id: str
    heading: str
    first: str  # the heading of the names
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    is_numbered: bool = False
