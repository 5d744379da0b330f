"""A question's choices as they were made last: a list of 10,000 is not made at each touch."""

from typing import NamedTuple

from kiosk.forms.node import Node
from kiosk.forms.question import Choice
from kiosk.forms.rows import RowsNode


class Listed(NamedTuple):
    """The choices that these rows give in that language."""

    language: str
    rows: list[Node]
    choices: tuple[Choice, ...]
    names: frozenset[str]

    @property
    def is_whole(self) -> bool:
        """Whether nothing filtered the list, so that it tells nothing about who looks at it."""
        above = self.rows[0].parent
        return isinstance(above, RowsNode) and above.size == len(self.rows)
