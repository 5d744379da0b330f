"""A workbook's questions held against what the project promises to applicants.

Nobody is turned away for lack of a telephone, an e-mail address, an identity number or a finger
print (INC-16); both languages are complete; each question says why it is asked (SEC-21); no
two questions ask for the same fact (INC-12).
"""

import re
from collections.abc import Iterator

from kiosk.forms.facts import NAME, VOCABULARY
from kiosk.forms.finding import N_, Finding, error, warning
from kiosk.forms.wording import check_hidden, check_length
from kiosk.forms.workbook import CHOICES, SURVEY, Row, Sheet, Workbook

TRANSLATED = ("label", "hint", "guidance_hint", "constraint_message", "required_message")
PURPOSE_COLUMNS = ("purpose", "legal_basis", "retention")
KNOWN_COLUMNS = frozenset(
    (
        *("type", "name", "required", "relevant", "constraint", "calculation", "appearance"),
        *("choice_filter", "parameters", "default", "readonly", "read_only", "repeat_count"),
        *("trigger", "media", "image", "audio", "video", "big-image", "note", "save_to"),
        *("autoplay", "disabled", "meaning", "label", "hint", *TRANSLATED, *PURPOSE_COLUMNS),
        *("bind", "body", "instance", "control"),
    )
)
WITHOUT_LABEL = frozenset(
    (
        *("calculate", "hidden", "start", "end", "today", "deviceid", "username", "audit"),
        *("begin group", "begin_group", "end group", "end_group", "end repeat", "end_repeat"),
        *("xml-external", "csv-external", "start-geopoint", "background-audio"),
    )
)
FACT_COLUMN = "bind::fact"
TYPED = frozenset(("text", "integer", "decimal", "barcode", "image", "file", "string", "int"))
# Words in a question's name or label that mean what nobody may be made to have.
_NOT_TO_BE_REQUIRED = re.compile(
    r"(?:^|[^a-z])(?:phone|telephone|tel|mobile|whatsapp|e-?mail|passport|fingerprint|biometric"
    r"|iris|selfie|face|nid|(?:id|identity|national.id)[ _-]?(?:card[ _-]?)?(?:number|no))"
    r"(?:[^a-z]|$)|ເບີໂທ|ໂທລະສັບ|ອີເມວ|ອີເມລ|ເລກບັດ|ເລກທີບັດ|ໜັງສືຜ່ານແດນ|ລາຍນິ້ວມື",
    re.IGNORECASE,
)


def check_survey(workbook: Workbook, languages: tuple[str, ...]) -> Iterator[Finding]:
    """Everything that needs no expression to be understood."""
    survey, choices = workbook.sheet(SURVEY), workbook.sheet(CHOICES)
    yield from _unknown_columns(survey)
    yield from _duplicate_names(workbook)
    yield from _unknown_lists(workbook)
    yield from _facts(workbook)
    for row in workbook.question_rows():
        if row.get("type") not in WITHOUT_LABEL:
            yield from _missing_languages(survey, row, languages, needed=("label",))
            yield from _required_of_nobody(survey, row)
            yield from _without_purpose(row)
    for row in choices.rows:
        yield from _missing_languages(choices, row, languages, needed=("label",))
    for sheet in workbook.sheets.values():
        for row in sheet.rows:
            for heading, text in row.cells.items():
                yield from check_hidden(row.place(heading), text)
        for kind in TRANSLATED:
            for language, heading in sheet.columns_of(kind).items():
                for row in sheet.rows:
                    yield from check_length(row.place(heading), language, row.get(heading))


def _unknown_columns(survey: Sheet) -> Iterator[Finding]:
    for heading in survey.headings:
        if re.split(r"::?", heading)[0].strip().lower() not in KNOWN_COLUMNS:
            place = Row(SURVEY, 1, {}).place(heading)
            yield warning(place, N_("XLSForm has no such column; is it misspelt?"))


def _duplicate_names(workbook: Workbook) -> Iterator[Finding]:
    """A name twice on one level; in different groups pyxform and `${}` can tell them apart."""
    levels: list[dict[str, int]] = [{}]
    for row in workbook.question_rows():
        kind = row.get("type").replace("_", " ")
        if kind.startswith("end "):
            if len(levels) > 1:
                levels.pop()
            continue
        name = row.get("name")
        first = levels[-1].setdefault(name, row.number)
        if name and first != row.number:
            sentence = N_("The name %(name)r stands in row %(row)s already.")
            yield error(row.place("name"), sentence, name=name, row=first)
        if kind.startswith("begin "):
            levels.append({})
    seen: dict[tuple[str, str], int] = {}
    for row in workbook.sheet(CHOICES).rows:
        key = (row.get("list_name"), row.get("name"))
        first = seen.setdefault(key, row.number)
        if first != row.number:
            sentence = N_("The choice %(name)r stands in row %(row)s already.")
            yield error(row.place("name"), sentence, name=key[1], row=first)


def _unknown_lists(workbook: Workbook) -> Iterator[Finding]:
    lists = {row.get("list_name") for row in workbook.sheet(CHOICES).rows}
    for row in workbook.question_rows():
        kind, _, name = row.get("type").partition(" ")
        name = name.removesuffix(" or_other").strip()
        if kind in ("select_one", "select_multiple", "rank") and name and name not in lists:
            sentence = N_("There is no list named %(name)r in the sheet choices.")
            yield error(row.place("type"), sentence, name=name)


def _facts(workbook: Workbook) -> Iterator[Finding]:
    """Each fact has a name that other services know, and one question asks for it."""
    asked: dict[str, int] = {}
    for row in workbook.question_rows():
        place = row.place(FACT_COLUMN)
        for name in row.get(FACT_COLUMN).split():
            if not NAME.fullmatch(name):
                yield error(place, N_("A fact is named like child.name."))
            elif name not in VOCABULARY:
                sentence = N_("No other service knows the fact %(name)r; is it misspelt?")
                yield warning(place, sentence, name=name)
            first = asked.setdefault(name, row.number)
            if first != row.number and row.get("type") != "calculate":
                sentence = N_("Row %(row)s asks for %(name)r already: nobody is asked twice.")
                yield error(place, sentence, name=name, row=first)


def _missing_languages(
    sheet: Sheet, row: Row, languages: tuple[str, ...], *, needed: tuple[str, ...]
) -> Iterator[Finding]:
    """A text that some language has and another lacks, or a label that is not there at all."""
    for kind in TRANSLATED:
        columns = sheet.columns_of(kind)
        held = {code for code, heading in columns.items() if row.get(heading)}
        if not held and kind not in needed:
            continue
        for language in languages:
            if language not in held:
                place = row.place(columns.get(language, kind))
                sentence = N_("The %(kind)s is missing in the language %(language)s.")
                yield error(place, sentence, kind=kind, language=language)


def _required_of_nobody(survey: Sheet, row: Row) -> Iterator[Finding]:
    required = row.get("required").lower()
    if required in ("", "no", "false", "false()") or row.get("type").split()[0] not in TYPED:
        return
    labels = [row.get(heading) for heading in survey.columns_of("label").values()]
    if any(_NOT_TO_BE_REQUIRED.search(text) for text in (row.get("name"), *labels)):
        yield error(
            row.place("required"),
            N_("A telephone, e-mail, identity number or biometric must not be required."),
        )


def _without_purpose(row: Row) -> Iterator[Finding]:
    if row.get("type").split()[0] in ("note", "acknowledge", "trigger", "begin", "begin_repeat"):
        return
    missing = [column for column in PURPOSE_COLUMNS if not row.get(column)]
    if missing:
        sentence = N_("Say why this is asked and how long it is kept: %(columns)s.")
        yield warning(row.place(missing[0]), sentence, columns=", ".join(missing))
