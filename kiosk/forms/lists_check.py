"""A workbook's lists, and every place that reads them: each list, file and column named is there.

A filter that names a column which the list does not have is no mistake to any engine: it finds no
row, and the applicant stands before a required question without choices. So the names are held
against the lists here, at the cell: in `choice_filter`, in `instance('villages')/root/item[...]`
and in `pulldata()`, for lists of the sheet choices and for CSV and XML files alike.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kiosk.forms.compile import label_columns, read_list
from kiosk.forms.definition import Table, Tree
from kiosk.forms.errors import BadExpression, BadForm
from kiosk.forms.expression_check import COLUMNS, holds_expression, tree_of
from kiosk.forms.finding import N_, Finding, Place, error
from kiosk.forms.workbook import CHOICES, Row, Sheet, Workbook

COLUMNS_SHOWN_MAX = 12  # in a sentence
CHOOSING_FROM_LIST = ("select_one", "select_multiple", "rank")
NOT_IN_MEDIA = N_("The list %(name)s is not in the folder media.")
_FROM_FILE = re.compile(r"(?:select[ _](?:one|multiple)|rank)[ _]from[ _]file\s+(\S+)")
_SHAPE = ("root", "item")  # of every list: instance('villages')/root/item
_NO_COLUMNS = ("list_name", "label", "image", "audio", "video", "big-image", "media")
_LETTER = re.compile(r"[^\W\d_]")


class KnownList(NamedTuple):
    """A list of the form: the columns that expressions can read, and what can be chosen."""

    columns: tuple[str, ...] | None  # None where they cannot be told
    names: frozenset[str] | None = None
    translated: bool = False  # its labels stand in the form's texts, not in the list


class Mention(NamedTuple):
    """An expression's word for a list, or for one of its columns."""

    name: str
    column: str | None = None
    is_file: bool = False  # pulldata() brings the file along


def check_lists(
    workbook: Workbook,
    media: Mapping[str, bytes],
    lists: Mapping[str, KnownList],
    languages: tuple[str, ...],
) -> Iterator[Finding]:
    """What the survey's expressions and types read of lists, and the lists do not have."""
    for row in workbook.question_rows():
        yield from _file(row, media)
        yield from _parameters(row, lists)
        for heading in COLUMNS:
            if holds_expression(row, heading):
                yield from _expression(row, heading, lists, media)
    for name in sorted({name for row in workbook.question_rows() if (name := file_of(row))}):
        if name in media:
            yield from _labels(name, media[name], languages)


def file_of(row: Row) -> str | None:
    """The file whose rows the question offers."""
    match = _FROM_FILE.match(row.get("type"))
    return match[1] if match else None


def list_of(row: Row) -> str:
    """The list whose rows the question offers; "" where it offers none."""
    file = file_of(row)
    if file is not None:
        return file.rpartition(".")[0]
    kind, _, name = row.get("type").partition(" ")
    return name.removesuffix(" or_other").strip() if kind in CHOOSING_FROM_LIST else ""


def lists_of(workbook: Workbook, media: Mapping[str, bytes]) -> dict[str, KnownList]:
    """The lists that the form's expressions can name."""
    found = _of_choices(workbook.sheet(CHOICES))
    for row in workbook.question_rows():
        file, kind = file_of(row), row.get("type")
        if kind in ("csv-external", "xml-external"):
            file = f"{row.get('name')}.{kind.partition('-')[0]}"
        if file is not None:
            found[file.rpartition(".")[0]] = _of_file(file, media)
    return found


def _of_choices(sheet: Sheet) -> dict[str, KnownList]:
    """The lists of the sheet; a column without a cell in a list is none of that list."""
    rows: dict[str, list[Row]] = {}
    for row in sheet.rows:
        rows.setdefault(row.get("list_name"), []).append(row)
    found: dict[str, KnownList] = {}
    rows.pop("", None)  # choices of no list: said where the rows are looked at
    for name, of_list in rows.items():
        filled = [heading for heading in sheet.headings if any(r.get(heading) for r in of_list)]
        columns = [h for h in filled if h.partition("::")[0] not in _NO_COLUMNS]
        translated = any("::" in h and h.partition("::")[0] in _NO_COLUMNS for h in filled)
        columns += [] if translated or "label" not in filled else ["label"]
        names = frozenset(row.get("name") for row in of_list)
        found[name] = KnownList(tuple(columns), names, translated)
    return found


def _of_file(file: str, media: Mapping[str, bytes]) -> KnownList:
    try:
        table = read_list(media[file], file)
    except (BadForm, KeyError):
        return KnownList(None)  # said where the folder is read
    if not isinstance(table, Table):
        return KnownList(None)
    at = table.columns.index("name") if "name" in table.columns else None
    names = None if at is None else frozenset(row[at] for row in table.rows)
    return KnownList(table.columns, names)


def _file(row: Row, media: Mapping[str, bytes]) -> Iterator[Finding]:
    kind, _, ending = row.get("type").partition("-")
    if ending == "external" and kind in ("csv", "xml"):
        name = f"{row.get('name')}.{kind}"
        if name not in media:
            yield error(row.place("name"), NOT_IN_MEDIA, name=name)


def _parameters(row: Row, lists: Mapping[str, KnownList]) -> Iterator[Finding]:
    """`value=code label=title`: which columns name and label the rows of a file."""
    if file_of(row) is None:
        return
    for name, column in re.findall(r"\b(value|label)\s*=\s*(\S+)", row.get("parameters")):
        del name
        yield from _unknown_column(row.place("parameters"), list_of(row), column, lists)


def _expression(
    row: Row, heading: str, lists: Mapping[str, KnownList], media: Mapping[str, bytes]
) -> Iterator[Finding]:
    try:
        tree = tree_of(row.get(heading))
    except BadExpression:
        return  # said by check_expressions
    around = list_of(row) if heading == "choice_filter" else None
    place = row.place(heading)
    for mention in dict.fromkeys(mentions(tree, around or None)):
        name, column, is_file = mention
        known: Mapping[str, KnownList] = lists
        if is_file:
            if f"{name}.csv" not in media:
                if column is None:
                    yield error(place, NOT_IN_MEDIA, name=f"{name}.csv")
                continue
            known = {name: _of_file(f"{name}.csv", media)}
        if column is not None:
            yield from _unknown_column(place, name, column, known)
        elif name not in known and name not in _brought_along(tree):
            sentence = N_("There is no list named %(name)r. The form has: %(lists)s.")
            yield error(place, sentence, name=name, lists=_shown(tuple(lists)))


def _brought_along(tree: Tree) -> set[str]:
    """The lists that the expression's own pulldata() brings."""
    return {mention.name for mention in mentions(tree, None) if mention.is_file}


def _unknown_column(
    place: Place, name: str, column: str, lists: Mapping[str, KnownList]
) -> Iterator[Finding]:
    known = lists.get(name)
    if known is None or known.columns is None or column in (*known.columns, "__id"):
        return
    if known.translated and column == "itextId":
        return
    if known.translated and column == "label":
        sentence = N_(
            "The labels of the list %(list)r are in several languages and cannot be read so. "
            "Write jr:choice-name(${question}, '${question}')."
        )
        yield error(place, sentence, list=name)
        return
    sentence = N_("The list %(list)r has no column %(name)r. It has: %(columns)s.")
    yield error(place, sentence, list=name, name=column, columns=_shown(known.columns))


def _shown(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:COLUMNS_SHOWN_MAX]) or "-"
    return f"{shown}, ..." if len(names) > COLUMNS_SHOWN_MAX else shown


def _labels(file: str, data: bytes, languages: tuple[str, ...]) -> Iterator[Finding]:
    """A list people read has its labels in each language; the plain column stands for one."""
    try:
        table = read_list(data, file)
    except BadForm:
        return
    if not isinstance(table, Table):
        return
    held = label_columns(table.columns)
    plain = "label" in table.columns
    if plain and not held and not _has_letters(table, "label"):
        return  # numbers are read alike in every language
    missing = [language for language in languages if language not in held]
    for language in missing[1:] if plain else missing:
        place = Place(f"media/{file}", 1)
        sentence = N_(
            "The list has no labels in the language %(language)s: add a column %(column)s."
        )
        between = "_" if file.endswith(".xml") else "::"
        yield error(place, sentence, language=language, column=f"label{between}{language}")


def _has_letters(table: Table, column: str) -> bool:
    at = table.columns.index(column)
    return any(_LETTER.search(row[at]) for row in table.rows)


# What an expression mentions


def mentions(tree: Tree, around: str | None) -> Iterator[Mention]:
    """The lists and columns that the tree names; `around` is the list whose row it stands in."""
    kind = tree[0]
    if kind in ("number", "string"):
        return
    if kind == "path":
        yield from _of_path(tree[1], tree[2], around)
    elif kind == "call":
        yield from _of_call(tree[1], tree[2])
        for argument in tree[2]:
            yield from mentions(argument, around)
    elif kind == "filter":
        yield from mentions(tree[1], around)
        for predicate in tree[2]:
            yield from mentions(predicate, None)
    else:
        for operand in tree[1:]:
            yield from mentions(operand, around)


def _of_call(name: str, arguments: list[Tree]) -> Iterator[Mention]:
    if name not in ("instance", "pulldata") or not arguments or arguments[0][0] != "string":
        return  # worked out from answers: nobody can tell
    named = arguments[0][1]
    if name == "instance":
        yield Mention(named)
        return
    file = named.removesuffix(".csv")
    yield Mention(file, None, is_file=True)
    for argument in arguments[1:3]:
        if argument[0] == "string":
            yield Mention(file, argument[1], is_file=True)


def _of_path(start: Tree | str | None, steps: list[Tree], around: str | None) -> Iterator[Mention]:
    name, depth = (around, len(_SHAPE)) if start is None else (None, 0)
    if isinstance(start, list):
        yield from mentions(start, around)
        if start[:2] == ["call", "instance"] and start[2] and start[2][0][0] == "string":
            name = start[2][0][1]
    for axis, test, predicates in steps:
        if axis == "child" and name is not None and not test.endswith(")") and test != "*":
            if depth == len(_SHAPE):
                yield Mention(name, test)
            name = name if depth < len(_SHAPE) and test == _SHAPE[depth] else None
            depth += 1
        elif axis != "self":
            name = None  # somewhere else: .., //, @
        inside = name if depth == len(_SHAPE) else None
        for predicate in predicates:
            yield from mentions(predicate, inside)
