"""A question's kind held against what its other cells say, and against what a kiosk has.

A default that is no answer of its kind stands in the form like an answer somebody gave; a range
whose end no step reaches has an answer nobody can choose; a position or a film wants a device that
no kiosk has. None of it breaks a form: it disappoints at the screen.
"""

import math
import re
from collections.abc import Iterator, Mapping

from pyxform.utils import default_is_dynamic

from kiosk.forms.answers import TYPES, wrong_kind
from kiosk.forms.definition import QuestionKind
from kiosk.forms.engines_check import nodes_of
from kiosk.forms.errors import BadExpression, Said
from kiosk.forms.expression_check import COLUMNS, holds_expression, tree_of
from kiosk.forms.finding import N_, Finding, error, warning
from kiosk.forms.lists_check import KnownList, list_of
from kiosk.forms.workbook import CHOICES, Row, Workbook

STEP_MARGIN = 1e-6  # of a step: 0.1 is no number that computers hold exactly
CHOICE_NAME_TAKES = 2
STOPS_MAX = 1_000  # of a range: nobody finds one among more
WITHOUT_DEVICE = {
    "geopoint": N_("position"),
    "geotrace": N_("position"),
    "geoshape": N_("position"),
    "start-geopoint": N_("position"),
    "video": N_("film"),
    "background-audio": N_("recording in secret"),
}
OF_A_PHONE = frozenset(("phonenumber", "email"))
WORDS_FOR_WRONG = {
    "integer": N_("a whole number such as 12"),
    "decimal": N_("a number such as 1.5"),
    "date": N_("a date such as 2026-11-23"),
    "time": N_("a time such as 09:30"),
    "date_time": N_("a date and time such as 2026-11-23T09:30"),
}
_PARAMETER = re.compile(r"(\w+)\s*=\s*([^\s,;]+)")
_REPLIED = re.compile(r"/(\S+)")


def check_kinds(workbook: Workbook, lists: Mapping[str, KnownList]) -> Iterator[Finding]:
    """Defaults, ranges, devices, and labels that cannot be told apart."""
    kinds = {row.get("name"): row.get("type") for row in workbook.question_rows()}
    for row in workbook.question_rows():
        yield from _default(row, lists)
        yield from _device(row)
        if row.get("type") == "range":
            yield from _range(row)
        for heading in COLUMNS:
            if holds_expression(row, heading):
                yield from _choice_names(row, heading, kinds)
    yield from _same_labels(workbook)


def _default(row: Row, lists: Mapping[str, KnownList]) -> Iterator[Finding]:
    text, kind = row.get("default"), row.get("type")
    if not text or "${" in text or default_is_dynamic(text, kind):
        return
    place = row.place("default")
    wrong = wrong_kind(TYPES.get(kind, QuestionKind.NOTE), text)
    if wrong is not None:
        sentence = N_("The default %(text)r is not %(what)s.")
        yield error(place, sentence, text=text[:60], what=Said(WORDS_FOR_WRONG[wrong]))
    name = list_of(row)
    names = lists[name].names if name in lists else None
    if names is None:
        return
    for word in [text] if kind.startswith("select_one") else text.split():
        if word not in names:
            sentence = N_("The default %(text)r is no choice of the list %(list)r.")
            yield error(place, sentence, text=word[:60], list=name)


def _device(row: Row) -> Iterator[Finding]:
    if row.get("type") in OF_A_PHONE:
        sentence = N_("No kiosk can tell %(kind)s. Remove this row.")
        yield warning(row.place("type"), sentence, kind=row.get("type"))
    device = WITHOUT_DEVICE.get(row.get("type"))
    if device is not None:
        sentence = N_("No kiosk has a device for this (%(device)s): nobody can answer it there.")
        yield warning(row.place("type"), sentence, device=Said(device))


def _range(row: Row) -> Iterator[Finding]:
    """The stops from start to end: XLSForm's defaults are 0, 10 and 1."""
    given = dict(_PARAMETER.findall(row.get("parameters")))
    place = row.place("parameters")
    try:
        start, end, step = (
            float(given.get(name, usual))
            for name, usual in (("start", "0"), ("end", "10"), ("step", "1"))
        )
    except ValueError:
        yield error(place, N_("start, end and step of a range must be numbers."))
        return
    if not step > 0 or not math.isfinite(start + end + step):
        yield error(place, N_("The step of a range must be more than 0."))
        return
    stops = abs(end - start) / step
    if start == end:
        yield error(place, N_("The range begins where it ends: there is nothing to choose."))
    elif stops > STOPS_MAX:
        sentence = N_("The range has more than %(most)s stops. Take a larger step or integer.")
        yield warning(place, sentence, most=STOPS_MAX)
    elif abs(stops - round(stops)) > STEP_MARGIN:
        yield warning(place, N_("No step from the start reaches the end of the range."))


def _choice_names(row: Row, heading: str, kinds: Mapping[str, str]) -> Iterator[Finding]:
    """`jr:choice-name(${a}, '${a}')` is for questions that have choices."""
    try:
        tree = tree_of(row.get(heading))
    except BadExpression:
        return
    for node in nodes_of(tree):
        if node[:2] != ["call", "jr:choice-name"] or len(node[2]) != CHOICE_NAME_TAKES:
            continue
        asked = node[2][1]
        match = _REPLIED.fullmatch(asked[1].strip()) if asked[0] == "string" else None
        if match is None:
            sentence = N_("The second value of jr:choice-name() is the question, in '${...}'.")
            yield error(row.place(heading), sentence)
            continue
        name = match[1].rpartition("/")[2]
        if name in kinds and not kinds[name].startswith(("select", "rank")):
            sentence = N_("jr:choice-name() needs a question with choices; %(name)r has none.")
            yield error(row.place(heading), sentence, name=name)


def _same_labels(workbook: Workbook) -> Iterator[Finding]:
    """Two choices that read alike; where a filter tells them apart, people never see both."""
    filtered = {list_of(row) for row in workbook.question_rows() if row.get("choice_filter")}
    sheet = workbook.sheet(CHOICES)
    seen: dict[tuple[str, str, str], int] = {}
    for row in sheet.rows:
        for heading in (*sheet.columns_of("label").values(), "label"):
            text, name = " ".join(row.get(heading).split()), row.get("list_name")
            if not text or name in filtered:
                continue
            first = seen.setdefault((name, heading, text.casefold()), row.number)
            if first != row.number:
                sentence = N_("The choice of row %(row)s has the same label.")
                yield warning(row.place(heading), sentence, row=first)
