"""A workbook's questions held against what the project promises to applicants.

Nobody is turned away for lack of a telephone, an e-mail address, an identity number or a finger
print (INC-16); both languages are complete; each question says why it is asked (SEC-21); no
two questions ask for the same fact (INC-12).
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from kiosk.forms.answers import clean
from kiosk.forms.facts import NAME, VOCABULARY
from kiosk.forms.finding import N_, Finding, Place, error, warning
from kiosk.forms.likeness import nearest
from kiosk.forms.structure_check import SECTION
from kiosk.forms.wording import check_hidden, check_length, check_plain
from kiosk.forms.workbook import CHOICES, SURVEY, Row, Sheet, Workbook

LANGUAGE_HEADINGS = {"lo": "Lao (lo)", "en": "English (en)"}
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
        *("phonenumber", "email", "simserial", "subscriberid"),
    )
)
FACT_COLUMN = "bind::fact"
TYPED = frozenset(("text", "integer", "decimal", "barcode", "image", "file", "string", "int"))
PICTURES = frozenset(("image", "photo", "file", "video"))
# Words in a question's name or label that mean what nobody may be made to have, in small letters
# and with blanks for `_` and `-`.
_NOT_TO_BE_REQUIRED = re.compile(
    r"\b(?:(?:hand|mobile|cell|tele)? ?phone ?(?:s|no|nr|number|numbers)?|tel|tel no|mobile|cell no"
    r"|(?:contact|mobile|cell|call|whats ?app) (?:number|no|nr)|whats ?app|wechat|line id|e ?mails?"
    r"|passports?|(?:finger|thumb) ?prints?|biometrics?|iris|selfie|nid|portrait"
    r"|(?:id|identity|identification|citizen) ?(?:card|document|paper)? ?(?:no|nr|number)"
    r"|(?:number|no|photo|picture|copy|scan) of (?:the |your |an? |his |her )?"
    r"(?:national )?(?:id|identity|identification)(?: card| document)?"
    r"|(?:id|identity|identification) card)\b"
    r"|ເບີໂທ|ໂທລະສັບ|ມືຖື|ເບີຕິດຕໍ່|ອີເມວ|ອີເມລ|ອີແມວ|ວອດແອັບ|ວັອດແອັບ|ໜັງສືຜ່ານແດນ|ພາສປອດ"
    r"|ເລກ(?:ທີ)?(?:ຂອງ)?(?:ບັດ|ປະຈຳຕົວ)|ບັດປະຈຳຕົວ|ລາຍນິ້ວມື|ລາຍມືໂປ້|ແປ້ນໂປ້|ມ່ານຕາ"
)
# The same of pictures, where "face" is no side of a house
_OF_A_FACE = re.compile(
    r"\bfaces?\b|\b(?:photo|picture|image) of (?:you|yourself|the applicant)\b|\byour (?:own )?"
    r"(?:photo|picture)\b|ໃບໜ້າ|ຮູບໜ້າ(?!ເຮືອນ|ຮ້ານ|ບ້ານ|ດິນ)|ຮູບຕົວ|ຮູບ(?:ຖ່າຍ)?(?:ຂອງ)?(?:ທ່ານ|ຕົນເອງ|ຜູ້ຂໍ)"
)
# What an office has, or what is only counted, may be asked for
_OFFICES = r"offices?|company|shop|business|school|hospital|clinic|employer|authority|ministry"
_OF_NO_PERSON = re.compile(
    rf"\b(?:of|at) (?:the |your |an? |this |that )?(?:\w+ )?(?:{_OFFICES})\b"
    rf"|\b(?:{_OFFICES}) (?:tele ?)?(?:phone|number|e ?mail)|\bhow many\b"
    r"|\bnumber of (?:\w+ ){0,2}(?:(?:tele)?phones|mobiles|passports|people|persons)\b"
    r"|(?:ໂທ|ໂທລະສັບ|ອີເມວ|ອີເມລ|ຕິດຕໍ່)(?:ຂອງ)?(?:ຫ້ອງການ|ບໍລິສັດ|ຮ້ານ|ໂຮງຮຽນ|ໂຮງໝໍ|ກະຊວງ|ອົງການ)|ຈຳນວນ"
)


def check_survey(workbook: Workbook, languages: tuple[str, ...]) -> Iterator[Finding]:
    """Everything that needs no expression to be understood."""
    survey, choices = workbook.sheet(SURVEY), workbook.sheet(CHOICES)
    yield from _unknown_columns(survey)
    yield from _duplicate_names(workbook)
    yield from _unknown_lists(workbook)
    yield from _facts(workbook)
    for sheet in (survey, choices):
        yield from _languages_without_column(sheet, languages)
    for row in workbook.question_rows():
        if row.get("type") not in WITHOUT_LABEL:
            yield from _missing_languages(survey, row, languages, needed=("label",))
            yield from _required_of_nobody(survey, row)
            yield from _without_purpose(row)
        elif row.get("type").replace("_", " ") == "begin group":
            yield from _missing_languages(survey, row, languages, needed=())
        yield from _other(row)
    for row in choices.rows:
        yield from _missing_languages(choices, row, languages, needed=("label",))
    yield from _words(workbook)


def _words(workbook: Workbook) -> Iterator[Finding]:
    """What is hidden in the cells, and sentences that are too long."""
    for sheet in workbook.sheets.values():
        for row in sheet.rows:
            for heading, text in row.cells.items():
                yield from check_hidden(row.place(heading), text)
        for kind in TRANSLATED:
            for language, heading in sheet.columns_of(kind).items():
                for row in sheet.rows:
                    yield from check_length(row.place(heading), language, row.get(heading))
                    yield from check_plain(row.place(heading), row.get(heading))


def _languages_without_column(sheet: Sheet, languages: tuple[str, ...]) -> Iterator[Finding]:
    """A language that the whole sheet lacks is said once, at the headings; so is `label:Lao`."""
    for heading in sheet.headings:
        base, colon, language = heading.partition(":")
        if colon and base.strip() in TRANSLATED and not language.startswith(":"):
            sentence = N_("Write two colons: %(right)s.")
            right = f"{base.strip()}::{language.strip()}"
            yield error(Place(sheet.name, 1, heading), sentence, right=right)
    there = sheet.columns_of("label")
    for language in languages:
        if sheet.rows and language not in there:
            sentence = N_(
                "The sheet has no column for the language %(language)s. Add one named %(right)s."
            )
            right = f"label::{LANGUAGE_HEADINGS.get(language, language)}"
            yield error(Place(sheet.name, 1, "label"), sentence, language=language, right=right)


def _unknown_columns(survey: Sheet) -> Iterator[Finding]:
    for heading in survey.headings:
        base = re.split(r"::?", heading)[0].strip().lower()
        if base in KNOWN_COLUMNS:
            continue
        place = Row(SURVEY, 1, {}).place(heading)
        near = get_close_matches(base, sorted(KNOWN_COLUMNS), 1)
        if near:
            sentence = N_("XLSForm has no such column. Is %(near)r meant?")
            yield warning(place, sentence, near=near[0])
        else:
            yield warning(place, N_("XLSForm has no such column; is it misspelt?"))


def _duplicate_names(workbook: Workbook) -> Iterator[Finding]:
    """A name twice on one level; in different groups pyxform and `${}` can tell them apart."""
    levels: list[dict[str, int]] = [{}]
    for row in workbook.question_rows():
        section = SECTION.fullmatch(row.get("type"))
        if section and section[1] == "end":
            if len(levels) > 1:
                levels.pop()
            continue
        name = row.get("name")
        first = levels[-1].setdefault(name, row.number)
        if name and first != row.number:
            sentence = N_("The name %(name)r stands in row %(row)s already. Give this another one.")
            yield error(row.place("name"), sentence, name=name, row=first)
        if section:
            levels.append({})
    seen: dict[tuple[str, str], int] = {}
    for row in workbook.sheet(CHOICES).rows:
        key = (row.get("list_name"), row.get("name"))
        first = seen.setdefault(key, row.number)
        if first != row.number:
            sentence = N_(
                "The choice %(name)r stands in row %(row)s already. Give this another name."
            )
            yield error(row.place("name"), sentence, name=key[1], row=first)


def _unknown_lists(workbook: Workbook) -> Iterator[Finding]:
    lists = {row.get("list_name") for row in workbook.sheet(CHOICES).rows}
    alike = {_squeezed(held): held for held in lists if held}
    for row in workbook.question_rows():
        kind, _, name = row.get("type").partition(" ")
        name = name.removesuffix(" or_other").strip()
        if kind in ("select_one", "select_multiple", "rank") and name and name not in lists:
            near = nearest(_squeezed(name), alike)
            if near:
                sentence = N_("There is no list named %(name)r in choices. Is %(near)r meant?")
                yield error(row.place("type"), sentence, name=name, near=alike[near])
            else:
                sentence = N_("There is no list named %(name)r in the sheet choices.")
                yield error(row.place("type"), sentence, name=name)


def _squeezed(name: str) -> str:
    """A name as it is compared: `Yes_No` is `yesno`."""
    return re.sub(r"[\s_-]", "", name).lower()


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
        if not held and row.get(kind) and len(languages) > 1:
            sentence = N_("The %(kind)s is in no language. Write it under %(columns)s.")
            labels = sheet.columns_of("label")
            places = [
                f"{kind}::{labels.get(language, language).rpartition('::')[2]}"
                for language in languages
            ]
            yield error(row.place(kind), sentence, kind=kind, columns=", ".join(places))
            continue
        if not held and kind not in needed:
            continue
        for language in languages:
            if language not in held and (language in columns or kind != "label"):
                place = row.place(columns.get(language, kind))
                sentence = N_("The %(kind)s is missing in the language %(language)s.")
                yield error(place, sentence, kind=kind, language=language)


def _other(row: Row) -> Iterator[Finding]:
    if row.get("type").endswith(" or_other"):
        sentence = N_(
            "or_other shows English words to everybody. Add a choice such as other to the list, "
            "in each language, and a text question after it."
        )
        yield error(row.place("type"), sentence)


def _required_of_nobody(survey: Sheet, row: Row) -> Iterator[Finding]:
    required = row.get("required").lower()
    if required in ("", "no", "false", "false()") or row.get("type").split()[0] not in TYPED:
        return
    labels = [row.get(heading) for heading in survey.columns_of("label").values()]
    texts = [_in_words(text) for text in (row.get("name"), *labels)]
    of_a_person = not any(_OF_NO_PERSON.search(text) for text in texts)
    words = [_NOT_TO_BE_REQUIRED, *([_OF_A_FACE] if row.get("type") in PICTURES else [])]
    if of_a_person and any(word.search(text) for word in words for text in texts):
        yield error(
            row.place("required"),
            N_("A telephone, e-mail, identity number or biometric must not be required: write no."),
        )


def _in_words(text: str) -> str:
    """A name as words (`idCard_no` is "id card no"), Lao in its one way of writing."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", clean(text))
    return re.sub(r"[\s_.\-]+", " ", apart).lower()


def _without_purpose(row: Row) -> Iterator[Finding]:
    if row.get("type").split()[0] in ("note", "acknowledge", "trigger", "begin", "begin_repeat"):
        return
    missing = [column for column in PURPOSE_COLUMNS if not row.get(column)]
    if missing:
        sentence = N_("Say why this is asked and how long it is kept: %(columns)s.")
        yield error(row.place(missing[0]), sentence, columns=", ".join(missing))
