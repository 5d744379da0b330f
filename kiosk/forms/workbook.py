"""A ministry's XLSForm workbook, read with care.

Our reading keeps each cell's row and heading, so that whatever is wrong can be said where it
stands, and refuses what is no workbook or far too large before any library meets it. Only the
publisher does this: a kiosk never sees a workbook.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from difflib import get_close_matches
from itertools import zip_longest

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from kiosk.forms.compile import language_code
from kiosk.forms.finding import N_, Finding, Place, error, warning

FILE = "form.xlsx"
SURVEY, CHOICES, SETTINGS = "survey", "choices", "settings"
WORKBOOK_BYTES_MAX = 10 * 2**20
UNPACKED_BYTES_MAX = 40 * 2**20  # a form of 20,000 rows has about 15 MB
PARTS_MAX = 500  # sheets, styles, pictures within the xlsx container
ROWS_MAX = 20_000  # a longer list belongs into a CSV file
COLUMNS_MAX = 200
STRINGS_MAX = 200_000  # different texts in all sheets
TAGS_MAX = 200_000  # of styles and the like, of which openpyxl keeps an object each
CELLS_IN_ROW_MAX = 16_384  # Excel itself knows no more columns
EXCEL_ROWS_MAX = 1_048_576
ROW_DIGITS_MAX = 7  # of the number above
CELL_LENGTH_MAX = 4_000
SHEETS_NAMED_MAX = 6  # of a wrong workbook, in the sentence that says so
_READ = (SURVEY, CHOICES, SETTINGS)
NOT_READ = frozenset(("entities", "external_choices", "osm"))  # that other programs know
NEEDED_COLUMNS = {SURVEY: ("type", "name"), CHOICES: ("list_name", "name")}

# Headings that pyxform knows by these words however they are written: "List Name", "Type"
_SNAKE = frozenset(
    (
        *("type", "name", "list_name", "label", "hint", "guidance_hint", "required", "relevant"),
        *("required_message", "constraint", "constraint_message", "calculation", "appearance"),
        *("choice_filter", "repeat_count", "parameters", "default", "trigger", "form_id"),
        *("form_title", "version", "default_language", "instance_name"),
    )
)
_LONG_PARTS = ("xl/worksheets/", "xl/sharedStrings")  # counted by rows and texts
_XLS_MAGIC = b"\xd0\xcf\x11\xe0"
_ROW_TAG = re.compile(rb"<(?:\w+:)?row\b")
_ROW_NUMBER = re.compile(rb"[^<>]*?\sr=[\"'](\d+)[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is|f)[\s>]")
_STRING = re.compile(rb"<(?:\w+:)?si[\s>/]")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_LONG_WAY = re.compile(
    r"^(?:media\s*::\s*(?=(?:image|audio|video|big-image)\b)"
    r"|bind\s*::\s*(?=(?:purpose|legal_basis|retention)$))"
)
_CHOOSING = (  # the ways in which people write that something is chosen
    (re.compile(r"select[ _](one|multiple)[ _]from[ _]file(?= )"), r"select_\1_from_file"),
    (re.compile(r"(?:select one(?: from)?|select1)(?= |$)"), "select_one"),
    (re.compile(r"select (?:multiple|all that apply)(?: from)?(?= |$)"), "select_multiple"),
)


class BadWorkbook(Exception):
    """The workbook cannot be used; `findings` say what is to be mended, and where."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(str(finding) for finding in findings))
        self.findings = list(findings)


@dataclass(frozen=True, slots=True)
class Row:
    """One filled row: cells by heading, text as it stands."""

    sheet: str
    number: int  # as the spreadsheet shows it
    cells: Mapping[str, str]

    def get(self, heading: str) -> str:
        """The cell under that heading, "" where it is empty."""
        return self.cells.get(heading, "")

    def place(self, heading: str | None = None) -> Place:
        """Where a cell of this row stands."""
        return Place(self.sheet, self.number, heading)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its headings in order, and its filled rows."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]

    def columns_of(self, kind: str) -> dict[str, str]:
        """Language code → heading of the columns `label::Lao (lo)`, `label::lo`, ..."""
        found: dict[str, str] = {}
        for heading in self.headings:
            base, separator, language = heading.partition("::")
            if separator and base.strip() == kind:
                found[language_code(language)] = heading
        return found


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of an XLSForm."""

    sheets: Mapping[str, Sheet]
    doubts: tuple[Finding, ...] = ()  # what is wrong with its cells and sheets as such

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name; an absent one is empty."""
        return self.sheets.get(name, Sheet(name, (), ()))

    def question_rows(self) -> Iterator[Row]:
        """The rows of the survey that have a type."""
        return (row for row in self.sheet(SURVEY).rows if row.get("type"))


def read_workbook(data: bytes) -> Workbook:
    """The workbook's cells with their places, and in `doubts` what is wrong with single ones.

    Raises:
        BadWorkbook: it is no workbook, too large, or has no questions that could be read.
    """
    deep = _look_before_opening(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    except Exception as problem:  # openpyxl lets through whatever zip, XML and its own code raise
        raise BadWorkbook(
            error(Place(FILE), N_("The file is damaged. Save it again as an Excel workbook."))
        ) from problem
    sheets: dict[str, Sheet] = {}
    findings: list[Finding] = []
    titles = [str(sheet.title) for sheet in book.worksheets]
    misnamed = _misnamed(titles)
    for sheet in book.worksheets:
        title = str(sheet.title)
        name = misnamed.get(title, title.strip().lower())
        if title in misnamed:
            sentence = N_("Is this the sheet %(sheet)s? Rename it.")
            findings.append(error(Place(title[:30]), sentence, sheet=name))
        if name in _READ:
            try:
                sheet.reset_dimensions()  # some programs write wrong ones; rows would be lost
                sheets[name] = _read_sheet(name, sheet.iter_rows(), findings, deep=deep)
            except Exception as problem:  # as above: a sheet is unpacked only now
                damaged = N_("The sheet is damaged. Save the workbook again.")
                raise BadWorkbook(error(Place(name), damaged)) from problem
        elif name in NOT_READ:
            sentence = N_("A kiosk has no use for this sheet: it is not read.")
            findings.append(warning(Place(title[:30]), sentence))
    findings += _absent(sheets, [title[:30] for title in titles])
    lacking = list(_lacking(sheets))
    if lacking or SURVEY not in sheets:
        raise BadWorkbook(*findings, *lacking)
    return Workbook(sheets, tuple(findings))


def _misnamed(titles: list[str]) -> dict[str, str]:
    """Sheets that are read all the same, so that all mistakes are told at once: title → name."""
    there = {title.strip().lower() for title in titles}
    found: dict[str, str] = {}
    for title in titles:
        near = get_close_matches(title.strip().lower(), _READ, 1)
        if near and near[0] not in there:
            found[title] = near[0]
            there.add(near[0])
    return found


def _absent(sheets: Mapping[str, Sheet], names: list[str]) -> Iterator[Finding]:
    """Sheets that every form has."""
    for name in (SURVEY, SETTINGS):
        if name not in sheets:
            sentence = N_("The sheet %(sheet)r is missing. The workbook has: %(sheets)s.")
            there = ", ".join(names[:SHEETS_NAMED_MAX])
            yield error(Place(FILE), sentence, sheet=name, sheets=there)


def _lacking(sheets: Mapping[str, Sheet]) -> Iterator[Finding]:
    """Columns and questions without which there is nothing to check."""
    for name, needed in NEEDED_COLUMNS.items():
        if name in sheets and sheets[name].rows:
            for column in needed:
                if column not in sheets[name].headings:
                    sentence = N_("The sheet has no column %(column)r.")
                    yield error(Place(name, 1), sentence, column=column)
    if SURVEY in sheets and not sheets[SURVEY].rows:
        yield error(Place(SURVEY), N_("The sheet has no questions."))


def _look_before_opening(data: bytes) -> bool:
    """Refuse what is no xlsx, and what would unpack to something huge.

    Whether something is filled in deep below the rows that a form may have.
    """
    place = Place(FILE)
    if data.startswith(_XLS_MAGIC):
        raise BadWorkbook(
            error(place, N_("This is an old .xls file. Save it as .xlsx and try again."))
        )
    if len(data) > WORKBOOK_BYTES_MAX:
        raise BadWorkbook(error(place, N_("The file is larger than 10 MB.")))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            parts = container.infolist()
            if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_BYTES_MAX:
                raise BadWorkbook(error(place, N_("The workbook is far too large to be a form.")))
            deep = [_look_into(part.filename, container.read(part)) for part in parts]  # all
            return any(deep)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as problem:
        raise BadWorkbook(error(place, N_("This is not an Excel workbook (.xlsx)."))) from problem


def _look_into(name: str, xml: bytes) -> bool:
    """Refuse the part that openpyxl would chew for minutes: it makes an object of each tag.

    Whether one of its rows below the last that a form may have is filled.
    """
    if not name.startswith(_LONG_PARTS) and xml.count(b"<") > TAGS_MAX:
        raise BadWorkbook(error(Place(FILE), N_("The workbook is far too large to be a form.")))
    rows = _ROW_TAG.split(xml) if name.startswith("xl/worksheets/") else []
    filled = [row for row in rows[1:] if _VALUE.search(row)]
    if len(filled) > ROWS_MAX + 1:
        sentence = N_("A sheet has more than %(count)s rows. Put long lists in a CSV.")
        raise BadWorkbook(error(Place(FILE), sentence, count=ROWS_MAX))
    wide = any(len(_CELL.findall(row)) > CELLS_IN_ROW_MAX for row in rows)
    if wide or sum(1 for _ in _STRING.finditer(xml)) > STRINGS_MAX:
        raise BadWorkbook(error(Place(FILE), N_("The workbook is far too large to be a form.")))
    numbers = [match[1] for row in rows if (match := _ROW_NUMBER.match(row))]
    if any(
        len(number) > ROW_DIGITS_MAX or int(number) > EXCEL_ROWS_MAX for number in numbers
    ):  # openpyxl makes all rows above it
        raise BadWorkbook(
            error(Place(FILE), N_("The file is damaged. Save it again as an Excel workbook."))
        )
    last = _ROW_NUMBER.match(filled[-1]) if filled else None
    return last is not None and int(last[1]) > ROWS_MAX


def _read_sheet(
    name: str, rows: Iterator[tuple[object, ...]], findings: list[Finding], *, deep: bool
) -> Sheet:
    """The first row's headings and what stands below them; `deep`: something far below, too."""
    headings: tuple[str, ...] = ()
    filled: list[Row] = []
    for number, cells in enumerate(rows, 1):
        if number == 1:
            headings = tuple(_heading(_text(cell)) for cell in cells[:COLUMNS_MAX])
            if any(_text(cell).strip() for cell in cells[COLUMNS_MAX:]):
                sentence = N_("The sheet has more than %(most)s columns. Remove some.")
                findings.append(error(Place(name, 1), sentence, most=COLUMNS_MAX))
            findings += _twice(name, headings)
            continue
        if number > ROWS_MAX:
            if not deep:
                break  # rows that are only coloured, down to the last that Excel has
            if any(_text(cell).strip() for cell in cells[:COLUMNS_MAX]):
                sentence = N_(
                    "This row stands below row %(count)s. Move it up, or put long lists in a CSV."
                )
                findings.append(error(Place(name, number), sentence, count=ROWS_MAX))
                break
            continue
        pairs = zip_longest(headings, cells[:COLUMNS_MAX], fillvalue="")
        row = Row(name, number, _cells(name, number, pairs, findings))
        if row.cells:
            filled.append(row)
    return Sheet(name, tuple(heading for heading in headings if heading), tuple(filled))


def _heading(text: str) -> str:
    """A heading as it is looked up: `List Name` is `list_name`, `media::image` is `image`.

    `bind::purpose`, too, is `purpose`: both are written, and the form itself holds neither.
    """
    whole = text.strip()[:CELL_LENGTH_MAX]
    base, separator, rest = _LONG_WAY.sub("", whole).partition("::")
    snake = re.sub(r"\s+", "_", base.strip().lower())
    return f"{snake if snake in _SNAKE else base.strip()}{separator}{rest.strip()}"


def _twice(sheet: str, headings: tuple[str, ...]) -> Iterator[Finding]:
    for heading in dict.fromkeys(headings):
        if heading and headings.count(heading) > 1:
            yield error(Place(sheet, 1, heading), N_("The column stands in the sheet twice."))


def _cells(
    sheet: str, number: int, pairs: Iterator[tuple[str, object]], findings: list[Finding]
) -> dict[str, str]:
    """The filled cells of one row by heading; what no cell may hold goes to `findings`."""
    found: dict[str, str] = {}
    for at, (heading, cell) in enumerate(pairs, 1):
        text = _text(cell)
        if not text.strip():
            continue
        if not heading:
            _unheaded(Place(sheet, number, get_column_letter(at)), findings)
            continue
        place = Place(sheet, number, heading)
        if getattr(cell, "data_type", "") == "e":
            sentence = N_("The cell holds %(text)s, an error of the spreadsheet. Write the value.")
            findings.append(error(place, sentence, text=text[:20]))
        if getattr(cell, "data_type", "") == "f":
            sentence = N_(
                "The cell holds a formula of the spreadsheet. Write its value, or a rule of the "
                "form without = at its beginning."
            )
            findings.append(error(place, sentence))
        if len(text) > CELL_LENGTH_MAX:
            sentence = N_("The cell has more than %(count)s characters.")
            findings.append(error(place, sentence, count=CELL_LENGTH_MAX))
            text = text[:CELL_LENGTH_MAX]
        found[heading] = _type(text) if (sheet, heading) == (SURVEY, "type") else text.strip()
    return found


def _type(text: str) -> str:
    """A type in its one way of writing: `select one  yes_no` is `select_one yes_no`."""
    words = " ".join(text.split())
    for pattern, right in _CHOOSING:
        if match := pattern.match(words):
            return match.expand(right) + words[match.end() :]
    return words


def _unheaded(place: Place, findings: list[Finding]) -> None:
    """A column that nobody reads is said once, at its first cell."""
    sentence = N_("The column has no heading in row 1, so nothing in it is read.")
    told = [(known.sheet, known.column) for known in findings if known.sentence == sentence]
    if (place.sheet, place.column) not in told:
        findings.append(warning(place, sentence))


def _text(cell: object) -> str:
    """A cell's value as text: 5.0 typed into a cell is "5", TRUE is "true", a date is ISO 8601."""
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(timespec="minutes")
    return value.isoformat(timespec="minutes") if isinstance(value, time) else str(value)
