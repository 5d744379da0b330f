"""A question's choices as they were made last: a list of 10,000 is not made at each touch."""

from functools import lru_cache
from typing import NamedTuple

from kiosk.forms.engine.node import Node
from kiosk.forms.engine.program import PROGRAMS_MAX, Program
from kiosk.forms.engine.rows import RowsNode
from kiosk.forms.question import Choice


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


class Shared(NamedTuple):
    """What everybody who fills in the same form shares: its whole lists, told to the first."""

    whole: dict[tuple[str, str], Listed]  # by question and language
    looked_ahead: set[str]  # the languages whose lists are prepared


@lru_cache(maxsize=PROGRAMS_MAX)
def shared_by_all(_program: Program) -> Shared:
    """What the entries of that program share; empty when it is first asked for."""
    return Shared({}, set())
