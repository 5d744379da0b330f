"""The expressions of a workbook, each at its cell: can they be read, and do they name real things.

The form's compiler would find the same mistakes, but in the XForm, where `${fee}` has become a path
and no row is left. Here the author reads which cell to mend.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from kiosk.forms.definition import Tree
from kiosk.forms.engine.evaluate import find_function
from kiosk.forms.engine.functions import ANY
from kiosk.forms.engines_check import check_engines, nodes_of
from kiosk.forms.errors import BadExpression, Said
from kiosk.forms.finding import N_, Finding, Place, error, warning
from kiosk.forms.likeness import nearest
from kiosk.forms.locating import rows_by_path
from kiosk.forms.workbook import SURVEY, Row, Workbook
from kiosk.forms.xpath import ANY_NODE, parse

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
CONDITIONS = frozenset(("relevant", "constraint", "required", "readonly", "read_only"))
WORDS_FOR_BOOLEANS = frozenset(("yes", "no", "true", "false", "true()", "false()"))
REFERENCE = re.compile(r"\$\{\s*([^}]*?)\s*\}")
YES_OR_NO = N_("Write yes or no, or a condition such as ${age} >= 18.")
# What people write who know other programs, and what it is here; looked for where reading failed
SLIPS = (
    ("[‘’]", "'"),  # word processors make them of straight ones
    ("[“”„]", '"'),
    ("==+", "="),
    ("&&", "and"),
    (r"\|\|", "or"),
    ("<>|≠", "!="),
    ("=<|≤", "<="),
    ("=>|≥", ">="),
    ("[×✕]", "*"),
    ("÷", "div"),
    ("[–—−]", "-"),
    ("%", "mod"),
    (r"\b(?:AND|And)\b", "and"),
    (r"\b(?:OR|Or)\b", "or"),
    (";", ","),
    (r"!(?!=)", "not()"),
)
_COMMCARES = re.compile(r"#(?:form|case|user|session)/[\w/-]*")
_NAME = re.compile(r"[^\W\d][\w.\-]*")
_TEXT = re.compile(r"\$\{[^}]*\}|\"[^\"]*\"|'[^']*'")


def check_expressions(workbook: Workbook) -> Iterator[Finding]:
    """What is wrong with the survey's expressions and with names that its texts mention."""
    kinds = {row.get("name"): row.get("type") for row in workbook.question_rows()}
    names = Counter(path.rpartition("/")[2] for path in rows_by_path(workbook))
    texts = [
        heading
        for heading in workbook.sheet(SURVEY).headings
        if heading.partition("::")[0] in ("label", "hint", "constraint_message", "required_message")
    ]
    for row in workbook.question_rows():
        for heading in (*COLUMNS, *texts):
            yield from _unknown_names(row, heading, names)
        for heading in COLUMNS:
            if holds_expression(row, heading):
                yield from _check(row, heading)
                if heading in CONDITIONS:
                    yield from _bare(row, heading, kinds)


def _bare(row: Row, heading: str, kinds: Mapping[str, str]) -> Iterator[Finding]:
    """An answer that stands for a condition: `${a}`, or in `not(${a})` and `${a} and ...`."""
    try:
        waiting = [tree_of(row.get(heading))]
    except BadExpression:
        return
    while waiting:
        tree = waiting.pop()
        if tree[0] in ("and", "or"):
            waiting += tree[1:]
        elif tree[:2] == ["call", "not"]:
            waiting += tree[2]
        elif tree[0] == "path" and tree[1] == "/" and len(tree[2]) == 1:
            name = tree[2][0][1]
            if kinds.get(name, "calculate") not in ("calculate", "hidden"):
                sentence = N_(
                    "An answer alone is no condition: programs differ. Write %(text)s != ''."
                )
                yield warning(row.place(heading), sentence, text=f"${{{name}}}")


def _unknown_names(row: Row, heading: str, names: Counter[str]) -> Iterator[Finding]:
    for name in REFERENCE.findall(row.get(heading)):
        if name.startswith("last-saved#"):
            sentence = N_("A kiosk keeps no answers of the person before: leave out %(text)s.")
            yield error(row.place(heading), sentence, text=f"${{{name}}}")
        elif name not in names:
            near = nearest(name, names)
            if near:
                sentence = N_("There is no question named %(name)r. Is %(near)r meant?")
                yield error(row.place(heading), sentence, name=name, near=near)
            else:
                sentence = N_("There is no question named %(name)r.")
                yield error(row.place(heading), sentence, name=name)
        elif names[name] > 1:
            sentence = N_(
                "The name %(name)r stands in several groups, so nobody can tell which one is "
                "meant. Give each its own name."
            )
            yield error(row.place(heading), sentence, name=name)


def holds_expression(row: Row, heading: str) -> bool:
    """Whether the cell is worked out, and not a word such as yes."""
    text = row.get(heading)
    if not text or text.lower() in WORDS_FOR_BOOLEANS:
        return False
    return heading not in ("default", "trigger") or "(" in text


def tree_of(source: str) -> Tree:
    """The tree of an expression as an author writes it: `${fee}` is the path `/fee`.

    Raises:
        BadExpression: it cannot be read; the places in it are those of the cell.
    """
    try:
        return parse(as_paths(source))
    except BadExpression as problem:
        raise _in_the_cell(problem, source) from problem


def as_paths(source: str) -> str:
    """Each `${fee}` as ` /fee `, which is as long: what is counted in one is so in the other."""
    return REFERENCE.sub(lambda match: _path_as_long(match[0], match[1]), source)


def _path_as_long(written: str, name: str) -> str:
    name = name.removeprefix("last-saved#")
    known = name if _NAME.fullmatch(name) else "x"
    return f" /{known}".ljust(len(written))


def _in_the_cell(problem: BadExpression, source: str) -> BadExpression:
    """The same problem in the author's own words: with `${fee}` where the parser read a path."""
    places = dict(problem.places)
    if "text" not in places:
        return problem
    at, text = places.get("at"), str(places["text"])
    if not isinstance(at, int):
        return BadExpression(problem.sentence, **places | {"text": source[-len(text) :]})
    for match in REFERENCE.finditer(source):
        if match.start() < at <= match.end():
            return BadExpression(
                problem.sentence, **places | {"at": match.start() + 1, "text": match[0]}
            )
    return BadExpression(problem.sentence, **places | {"text": source[at - 1 :][: len(text)]})


def _check(row: Row, heading: str) -> Iterator[Finding]:
    source = row.get(heading)
    try:
        tree = tree_of(source)
    except BadExpression as problem:
        if heading == "required" and "${" not in source:
            yield error(row.place(heading), YES_OR_NO)
        else:
            yield _unreadable(row.place(heading), source, problem)
        return
    for name, count in ((node[1], len(node[2])) for node in nodes_of(tree) if node[0] == "call"):
        known = find_function(name)
        if known is None and find_function(name.lower()):
            sentence = N_("Write %(right)s() in small letters instead of %(wrong)s().")
            yield error(row.place(heading), sentence, right=name.lower(), wrong=name)
        elif known is None:
            sentence = N_("There is no function named %(name)s().")
            yield error(row.place(heading), sentence, name=name)
        elif not known.least <= count <= known.most:
            sentence = N_("%(name)s() takes %(takes)s value(s), here it has %(count)s.")
            takes = _takes(known.least, known.most)
            yield error(row.place(heading), sentence, name=name, takes=takes, count=count)
    yield from _unquoted(row, heading, tree)
    if any(
        node[0] == "path" and node[1] == "/" and node[2][:1] == [ANY_NODE]
        for node in nodes_of(tree)
    ):
        sentence = N_("// is not understood here. Name a question as ${name}.")
        yield error(row.place(heading), sentence)
    yield from check_engines(row.place(heading), tree)


def _unquoted(row: Row, heading: str, tree: Tree) -> Iterator[Finding]:
    """A bare word: below a question there is nothing that it could name."""
    if heading == "choice_filter" or row.get("type").startswith("begin"):
        return
    if heading == "required" and _bare_word(tree):
        yield error(row.place(heading), YES_OR_NO)
        return
    for word in dict.fromkeys(filter(None, map(_bare_word, nodes_outside_lists(tree)))):
        sentence = N_("Write '%(word)s' for an answer, or ${%(word)s} for a question.")
        yield error(row.place(heading), sentence, word=word)


def _bare_word(tree: Tree) -> str:
    """The word of `yes` where it stands for a path; "" of anything else."""
    if tree[0] != "path" or tree[1] is not None or len(tree[2]) != 1:
        return ""
    axis, test, predicates = tree[2][0]
    plain = axis == "child" and not predicates and _NAME.fullmatch(test)
    return test if plain else ""


def nodes_outside_lists(tree: Tree) -> Iterator[Tree]:
    """The nodes of a tree, but not those in [...], where a bare word is a column."""
    yield tree
    if tree[0] == "call":
        below = tree[2]
    elif tree[0] == "filter":
        below = [tree[1]]
    elif tree[0] in ("number", "string", "path"):
        below = []
    else:
        below = tree[1:]
    for node in below:
        yield from nodes_outside_lists(node)


def _takes(least: int, most: int) -> object:
    if least == most:
        return least
    if most >= ANY:
        return Said(N_("%(least)s or more"), least=least)
    return Said(N_("%(least)s to %(most)s"), least=least, most=most)


def _unreadable(place: Place, source: str, problem: BadExpression) -> Finding:
    """What cannot be read, by the first slip that is behind it where it is a common one."""
    foreign = _COMMCARES.search(_without_texts(source))
    if foreign:
        sentence = N_("%(text)s is CommCare's way of writing. Name a question as ${name}.")
        return error(place, sentence, text=foreign[0][:60])
    slips = list(_slips(source))
    at = problem.places.get("at")
    before = as_paths(source)[: at - 1].rstrip() if isinstance(at, int) else ""
    if before.endswith("/") and not before.endswith("//"):
        slips.append((len(before), "/", "div"))
    if slips:
        first, wrong, right = min(slips)
        sentence = N_("At character %(at)s write %(right)s instead of %(wrong)s.")
        return error(place, sentence, at=first, right=right, wrong=wrong)
    return error(place, N_("The expression cannot be read: %(problem)s"), problem=problem)


def _slips(source: str) -> Iterator[tuple[int, str, str]]:
    """Where something stands that other programs write, and what is written here."""
    for wrong, right in SLIPS:
        match = re.search(wrong, _without_texts(source))
        if match is not None:
            yield match.start() + 1, match[0], right


def _without_texts(source: str) -> str:
    """The expression with its texts and references blanked, as long as it is."""
    return _TEXT.sub(lambda match: "_" * len(match[0]), source)
