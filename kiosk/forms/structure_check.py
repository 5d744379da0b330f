"""A workbook's rows held against what makes a form at all: types, names, groups, lists.

pyxform refuses the same mistakes, one at a time and in English. Here the author reads all of them,
each at its cell, in words that need no knowledge of XForms.
"""

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches

from pyxform.aliases import select
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

from kiosk.forms.finding import N_, Finding, Place, error, warning
from kiosk.forms.workbook import CHOICES, SETTINGS, SURVEY, Row, Workbook

GROUPS_DEPTH_MAX = 8  # nobody finds her way back from deeper
QUESTIONS_MAX = 2_000
SETTINGS_COLUMNS = frozenset(
    (
        *("form_title", "form_id", "version", "default_language", "instance_name", "style"),
        *("instance_xmlns", "public_key", "submission_url", "auto_send", "auto_delete", "name"),
        *("namespaces", "allow_choice_duplicates", "id_string", "title", "sms_keyword"),
        *("prefix", "delimiter", "flat", "attribute", "client_editable", "clean_text_values"),
        *("omit_instanceID", "sms_separator", "sms_response", "set_form_title", "set_form_id"),
    )
)
NAME_LENGTH_MAX = 64
KOBOS_TYPES = re.compile(r"(?:(?:begin|end)[ _])?(?:kobo|)(?:matrix|score|rank)(?:__\w+)?")
COMMON_TYPES = (
    *("text", "integer", "decimal", "date", "time", "dateTime", "select_one", "select_multiple"),
    *("select_one_from_file", "note", "acknowledge", "image", "calculate", "range", "rank"),
    *("begin_group", "end_group", "begin_repeat", "end_repeat", "barcode", "geopoint", "audio"),
)
SECTION = re.compile(r"(begin|end)[ _]+(group|repeat|loop|lgroup|looped group)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_FORM_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
_FROM_FILE = re.compile(r"select[ _](?:one|multiple)[ _]from[ _]file\s+(\S+)")


def check_structure(workbook: Workbook, media: Collection[str]) -> Iterator[Finding]:
    """What keeps the rows from being a form; `media` are the lists that come with it."""
    for row in workbook.sheet(SURVEY).rows:
        yield from _question(row, media)
    yield from _sections(workbook)
    for row in workbook.sheet(CHOICES).rows:
        yield from _choice(row)
    yield from _settings(workbook)


def _question(row: Row, media: Collection[str]) -> Iterator[Finding]:
    kind, name = row.get("type"), row.get("name")
    if not kind:
        yield error(row.place("type"), N_("The row has no type, such as text or select_one."))
        return
    yield from _kind(row, kind, media)
    if len(name) > NAME_LENGTH_MAX:
        sentence = N_("The name has more than %(most)s characters. Shorten it.")
        yield error(row.place("name"), sentence, most=NAME_LENGTH_MAX)
    elif name and not _NAME.fullmatch(name):
        sentence = N_(
            "A name begins with a Latin letter and holds only Latin letters, digits, _ and -: "
            "%(name)r does not."
        )
        yield error(row.place("name"), sentence, name=name)
    elif not name and kind.split()[0] != "note" and not kind.startswith("end"):
        yield error(row.place("name"), N_("The question has no name, such as full_name."))
    if kind == "calculate" and not (row.get("calculation") or row.get("default")):
        yield error(row.place("calculation"), N_("A calculate needs a calculation."))


def _kind(row: Row, kind: str, media: Collection[str]) -> Iterator[Finding]:
    if kind in QUESTION_TYPE_DICT or SECTION.fullmatch(kind):
        return
    place = row.place("type")
    file = _FROM_FILE.match(kind)
    if file is not None:
        if file[1] not in media:
            yield error(place, N_("The list %(name)s is not in the folder media."), name=file[1])
        return
    if kind.startswith("select_one_external"):
        sentence = N_("select_one_external is not understood here. Use select_one_from_file.")
        yield error(place, sentence)
        return
    for word in select:
        if kind == word:
            sentence = N_("Name the list after %(kind)s, as it stands under list_name in choices.")
            yield error(place, sentence, kind=kind)
            return
        if kind.startswith(word + " "):
            return
    if KOBOS_TYPES.fullmatch(kind.split(maxsplit=1)[0].lower()):
        sentence = N_(
            "%(kind)s is a type of KoboToolbox that other programs do not have. Ask each line as a "
            "question of its own, such as select_one."
        )
        yield error(place, sentence, kind=kind[:60])
        return
    near = get_close_matches(kind.split(maxsplit=1)[0], COMMON_TYPES, 1)
    if near:
        sentence = N_("There is no type %(kind)r. Is %(near)r meant?")
        yield error(place, sentence, kind=kind[:60], near=near[0])
    else:
        yield error(place, N_("There is no type %(kind)r."), kind=kind[:60])


def _sections(workbook: Workbook) -> Iterator[Finding]:
    """Each group and repeat begins and ends, one within the other."""
    open_rows: list[tuple[str, Row]] = []
    for row in workbook.question_rows():
        match = SECTION.fullmatch(row.get("type"))
        if match is None:
            continue
        place, kind = row.place("type"), match[2]
        if match[1] == "begin":
            open_rows.append((kind, row))
            if len(open_rows) == GROUPS_DEPTH_MAX + 1:
                sentence = N_("Groups stand in one another more than %(most)s deep.")
                yield error(place, sentence, most=GROUPS_DEPTH_MAX)
        elif not open_rows:
            yield error(place, N_("Nothing begins that could end here."))
        else:
            began, row_of_begin = open_rows.pop()
            if began != kind:
                sentence = N_("A %(kind)s ends here, but in row %(row)s a %(began)s begins.")
                yield error(place, sentence, kind=kind, began=began, row=row_of_begin.number)
    for kind, row in open_rows:
        sentence = N_("What begins here does not end: a row end_%(kind)s is missing.")
        yield error(row.place("type"), sentence, kind=kind)


def _choice(row: Row) -> Iterator[Finding]:
    for column in ("list_name", "name"):
        if not row.get(column):
            yield error(row.place(column), N_("The choice has no %(column)s."), column=column)
    if re.search(r"\s", row.get("name")):
        yield error(row.place("name"), N_("The name of a choice has no blanks in it."))


def _settings(workbook: Workbook) -> Iterator[Finding]:
    if SETTINGS not in workbook.sheets:
        return  # said where the workbook is read
    sheet = workbook.sheet(SETTINGS)
    for heading in sheet.headings:
        if heading.partition("::")[0] not in SETTINGS_COLUMNS:
            sentence = N_("XLSForm has no such column; is it misspelt?")
            yield warning(Place(SETTINGS, 1, heading), sentence)
    for row in sheet.rows[1:2]:
        yield warning(row.place(), N_("Only the first row of settings is read. Remove this one."))
    first = sheet.rows[0] if sheet.rows else Row(SETTINGS, 2, {})
    form_id = first.get("form_id") or first.get("id_string")
    if not form_id:
        yield error(Place(SETTINGS, 2, "form_id"), N_("The form has no form_id."))
    elif not _FORM_ID.fullmatch(form_id):
        sentence = N_("A form_id holds only Latin letters, digits, _, - and dots.")
        yield error(first.place("form_id"), sentence)
