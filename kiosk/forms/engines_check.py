"""Where programs that run ODK forms do not agree, so that an author writes what all take alike.

The same workbook may one day be filled in with ODK Collect (whose engine is JavaRosa) or Enketo.
Our engine follows the ODK XForms specification, then JavaRosa; where another program would answer
differently, the author reads how to write it so that it does not matter.
"""

import math
import re
from collections.abc import Iterator

from kiosk.forms.definition import Tree
from kiosk.forms.engine.regex import Pattern
from kiosk.forms.engine.values import to_number
from kiosk.forms.errors import BadExpression
from kiosk.forms.finding import N_, Finding, Place, error, warning
from kiosk.forms.regex_check import explodes

TO_NUMBER = frozenset(("number", "int", "round", "floor", "ceiling", "abs"))
MOMENTS = frozenset(("today", "now", "date", "date-time"))
COMPARISONS = frozenset(("<", "<=", ">", ">="))
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{1,2}:\d{2}")


def check_engines(place: Place, tree: Tree) -> Iterator[Finding]:
    """What in the expression other programs read in another way, and dangerous patterns."""
    counts = any(node[0] == "call" and node[1] == "count" for node in nodes_of(tree))
    taken_apart = [side for node in nodes_of(tree) if node[0] == "-" for side in node[1:]]
    for node in nodes_of(tree):
        if node[0] == "call":
            yield from _call(place, node[1], node[2], counts=counts)
            if _is_day_number(node) and not any(node is side for side in taken_apart):
                sentence = N_(
                    "A date as a number depends on the program's time zone: use format-date() or "
                    "the difference of two dates."
                )
                yield warning(place, sentence)
        elif node[0] in COMPARISONS:
            yield from _comparison(place, node[1:])


def _call(place: Place, name: str, arguments: list[Tree], *, counts: bool) -> Iterator[Finding]:
    if name == "regex" and len(arguments) > 1:
        source = constant(arguments[1])
        if source is not None:
            yield from _pattern(place, source)
        else:
            sentence = N_(
                "The pattern is put together from answers: nobody can check it before. Write it "
                "out."
            )
            yield warning(place, sentence)
    elif name == "round" and any(node[0] in ("-", "negative") for node in nodes_of(arguments)):
        sentence = N_(
            "round() of a negative half, such as -1.5, goes up in some programs and down in "
            "others: keep what is rounded positive."
        )
        yield warning(place, sentence)
    elif name == "sum" and not counts:
        sentence = N_(
            "sum() of nothing is 0 here and empty in some programs: write "
            "if(count(...) > 0, sum(...), 0)."
        )
        yield warning(place, sentence)


def constant(tree: Tree) -> str | None:
    """The text that the tree always is: written out, or put together with concat()."""
    if tree[0] == "string":
        return str(tree[1])
    if tree[:2] == ["call", "concat"]:
        parts = [constant(part) for part in tree[2]]
        return "".join(map(str, parts)) if None not in parts else None
    return None


def _pattern(place: Place, source: str) -> Iterator[Finding]:
    try:
        Pattern(source)
    except BadExpression as problem:
        yield error(place, N_("The pattern cannot be used: %(problem)s"), problem=problem)
        return
    if explodes(source):
        sentence = N_(
            "The pattern %(pattern)r can take minutes over one answer: a part that repeats stands "
            "in another that repeats, and both take the same characters."
        )
        yield error(place, sentence, pattern=source[:60])
    if not (source.startswith("^") and source.endswith("$")):
        sentence = N_(
            "Begin the pattern with ^ and end it with $: some programs match the whole answer, "
            "others any part of it."
        )
        yield warning(place, sentence)


def _comparison(place: Place, sides: list[Tree]) -> Iterator[Finding]:
    for side in sides:
        if side[0] == "string" and _DATE.match(side[1]):
            sentence = N_("Compare with date('%(day)s'): as a text it is no date everywhere.")
            yield warning(place, sentence, day=side[1][:10])
        elif side[0] == "string" and _TIME.match(side[1]):
            sentence = N_(
                "A time as a text is neither more nor less: write decimal-time(.) and "
                "decimal-time('%(time)s')."
            )
            yield error(place, sentence, time=side[1][:5])
        elif side[0] == "string" and math.isnan(to_number(side[1])):
            sentence = N_("Only numbers and dates are more or less than others; %(text)r is none.")
            yield error(place, sentence, text=side[1][:60])


def _is_day_number(tree: Tree) -> bool:
    """`number(today())` and the like."""
    if tree[1] not in TO_NUMBER or not tree[2]:
        return False
    inner = tree[2][0]
    return bool(inner[0] == "call" and inner[1] in MOMENTS)


def nodes_of(tree: object) -> Iterator[Tree]:
    """Every node of a tree, itself too: the lists that begin with a word."""
    if isinstance(tree, list):
        if tree and isinstance(tree[0], str):
            yield tree
        for item in tree:
            yield from nodes_of(item)
