"""The expressions of a workbook, each at its cell: can they be read, and do they name real things.

The form's compiler would find the same mistakes, but in the XForm, where `${fee}` has become a path
and no row is left. Here the author reads which cell to mend.
"""

import re
from collections.abc import Iterator

from kiosk.forms.engine.evaluate import find_function
from kiosk.forms.engines_check import check_engines, nodes_of
from kiosk.forms.errors import BadExpression
from kiosk.forms.finding import N_, Finding, error
from kiosk.forms.workbook import SURVEY, Row, Workbook
from kiosk.forms.xpath import parse

COLUMNS = (
    "relevant",
    "constraint",
    "calculation",
    "required",
    "readonly",
    "read_only",
    "choice_filter",
    "repeat_count",
    "default",
    "trigger",
)
WORDS_FOR_BOOLEANS = frozenset(("yes", "no", "true", "false", "true()", "false()"))
REFERENCE = re.compile(r"\$\{\s*([^}]*?)\s*\}")


def check_expressions(workbook: Workbook) -> Iterator[Finding]:
    """What is wrong with the survey's expressions and with names that its texts mention."""
    names = {row.get("name") for row in workbook.question_rows()}
    texts = [
        heading
        for heading in workbook.sheet(SURVEY).headings
        if heading.partition("::")[0] in ("label", "hint", "constraint_message", "required_message")
    ]
    for row in workbook.question_rows():
        for heading in (*COLUMNS, *texts):
            yield from _unknown_names(row, heading, names)
        for heading in COLUMNS:
            if _holds_expression(row, heading):
                yield from _check(row, heading)


def _unknown_names(row: Row, heading: str, names: set[str]) -> Iterator[Finding]:
    for name in REFERENCE.findall(row.get(heading)):
        if name.removeprefix("last-saved#") not in names:
            sentence = N_("There is no question named %(name)r.")
            yield error(row.place(heading), sentence, name=name)


def _holds_expression(row: Row, heading: str) -> bool:
    text = row.get(heading)
    if not text or text.lower() in WORDS_FOR_BOOLEANS:
        return False
    return heading not in ("default", "trigger") or "(" in text


def _check(row: Row, heading: str) -> Iterator[Finding]:
    try:
        tree = parse(REFERENCE.sub("/data/x", row.get(heading)))
    except BadExpression as problem:
        sentence = N_("The expression cannot be read: %(problem)s")
        yield error(row.place(heading), sentence, problem=problem)
        return
    for name, count in ((node[1], len(node[2])) for node in nodes_of(tree) if node[0] == "call"):
        known = find_function(name)
        if known is None:
            sentence = N_("There is no function named %(name)s().")
            yield error(row.place(heading), sentence, name=name)
        elif not known.least <= count <= known.most:
            sentence = N_("%(name)s() is given %(count)s values, which is not how many it takes.")
            yield error(row.place(heading), sentence, name=name, count=count)
    yield from check_engines(row.place(heading), tree)
