"""What a kiosk would cut off in silence, said to the author instead.

A kiosk bounds everything that comes from outside: how often a repeat repeats, how long an answer
is, how long a pattern is looked for. An author who asks for more would only see at the counter that
there is less; so whatever asks for more is refused here, at its cell.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from kiosk.forms.answers import TEXT_LENGTH_MAX
from kiosk.forms.definition import Definition, Tree
from kiosk.forms.engine.model import NODES_MAX, REPEATS_MAX, Model
from kiosk.forms.engine.program import program_of
from kiosk.forms.engine.values import VIENTIANE
from kiosk.forms.engines_check import nodes_of
from kiosk.forms.errors import BadExpression
from kiosk.forms.expression_check import holds_expression, tree_of
from kiosk.forms.finding import N_, Finding, error, warning
from kiosk.forms.locating import row_of, rows_by_path
from kiosk.forms.workbook import Row, Workbook

TYPED = frozenset(("text", "barcode"))
ORDERED = frozenset(("<", "<=", "="))
TOO_OFTEN = N_(
    "This would repeat %(count)s times; a kiosk repeats at most %(most)s times. Write a smaller "
    "number."
)
_DAY = date(2026, 11, 2)  # counts must not depend on it
_MOMENT = datetime(2026, 11, 2, 2, 30, tzinfo=UTC)


def check_limits(workbook: Workbook) -> Iterator[Finding]:
    """Numbers of repeats, defaults and constraints that ask for more than there may be."""
    for row in workbook.question_rows():
        yield from _count(row)
        if row.get("type") in TYPED:
            if len(row.get("default")) > TEXT_LENGTH_MAX:
                sentence = N_("An answer has at most %(most)s characters. Shorten the default.")
                yield error(row.place("default"), sentence, most=TEXT_LENGTH_MAX)
            yield from _longer_than_answers(row)


def check_counts(definition: Definition, workbook: Workbook) -> Iterator[Finding]:
    """Repeats that have too many instances before anybody answered anything."""
    program = program_of(definition)
    model = Model(program, today=_DAY, now=lambda: _MOMENT, zone=VIENTIANE)
    model.begin()
    rows = rows_by_path(workbook)
    for path in program.repeats:
        row = row_of(path, rows)
        above, _slash, name = path.rpartition("/")
        for parent in model.nodes(above):
            wanted = model.wanted(path, parent)
            if row is None or wanted < len(parent.named(name)) + 1:
                continue
            if wanted >= REPEATS_MAX + 1:
                if _written(row) is None:  # where the number is written out it was said
                    count = int(min(wanted, 10**9))
                    yield error(row.place("repeat_count"), TOO_OFTEN, count=count, most=REPEATS_MAX)
            elif not model.may_add(path, parent):
                sentence = N_(
                    "All repeats together would have more than %(most)s fields. Repeat less often, "
                    "or ask less in each."
                )
                yield error(row.place("repeat_count"), sentence, most=NODES_MAX)
            break


def _count(row: Row) -> Iterator[Finding]:
    number = _written(row)
    if number is None:
        return
    place = row.place("repeat_count")
    if number > REPEATS_MAX:
        yield error(place, TOO_OFTEN, count=row.get("repeat_count"), most=REPEATS_MAX)
    elif number < 0 or not number.is_integer():
        sentence = N_("How often something repeats is a whole number such as 3, or ${children}.")
        yield error(place, sentence)


def _written(row: Row) -> float | None:
    """The count where it is a plain number."""
    try:
        return float(row.get("repeat_count"))
    except ValueError:
        return None


def _longer_than_answers(row: Row) -> Iterator[Finding]:
    """`string-length(.) <= 5000` promises a length that no answer has."""
    if not holds_expression(row, "constraint"):
        return
    try:
        tree = tree_of(row.get("constraint"))
    except BadExpression:
        return  # said by check_expressions
    if any(_allows_too_long(node) for node in nodes_of(tree)):
        sentence = N_("An answer has at most %(most)s characters, whatever the constraint says.")
        yield warning(row.place("constraint"), sentence, most=TEXT_LENGTH_MAX)


def _allows_too_long(node: Tree) -> bool:
    if node[0] not in ORDERED:
        return False
    left, right = node[1], node[2]
    counted = left[:2] == ["call", "string-length"]
    return bool(counted and right[0] == "number" and right[1] > TEXT_LENGTH_MAX)
