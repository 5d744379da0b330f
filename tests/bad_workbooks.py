"""Workbooks that nobody should send, made cheaply: the parts of an xlsx are XML in a zip."""

import io
import zipfile
from collections.abc import Callable, Mapping

from openpyxl import Workbook as Book

from tests.workbooks import question, workbook

GOOD = workbook([question("text", "a")])
SHEET = "xl/worksheets/sheet1.xml"  # the survey
STRINGS = "xl/sharedStrings.xml"
TYPES = "[Content_Types].xml"
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def changed(change: Callable[[str], str]) -> bytes:
    """A good workbook whose survey is changed."""
    return _repacked({SHEET: change(_part(SHEET))})


def with_strings(strings: str) -> bytes:
    """A good workbook with a part of shared strings, the first of which is its first question."""
    question_one = '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>0</v></c></row>'
    return _repacked(
        {
            SHEET: _part(SHEET).replace("</sheetData>", question_one + "</sheetData>"),
            STRINGS: strings,
            TYPES: _part(TYPES).replace(
                "</Types>",
                f'<Override PartName="/{STRINGS}" ContentType="{STRINGS_TYPE}"/></Types>',
            ),
        }
    )


def _part(name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as good:
        return good.read(name).decode()


def _repacked(parts: Mapping[str, str]) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(GOOD)) as good,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for name in good.namelist():
            if name not in parts:
                bad.writestr(name, good.read(name))
        for name, text in parts.items():
            bad.writestr(name, text)
    return target.getvalue()


def huge_cell() -> bytes:
    """A cell of 10 million characters, three hundred times what Excel itself lets anybody type."""
    row = f'<row r="3"><c r="A3" t="inlineStr"><is><t>{"x" * 10_000_000}</t></is></c></row>'
    return changed(lambda xml: xml.replace("</sheetData>", row + "</sheetData>"))


def many_rows(count: int = 100_000) -> bytes:
    """A survey that goes on and on."""
    book = Book(write_only=True)
    sheet = book.create_sheet("survey")
    sheet.append(["type", "name", "label::Lao (lo)", "label::English (en)"])
    for number in range(count):
        sheet.append(["note", f"n{number}", "ຊື່", "Name"])
    book.create_sheet("settings").append(["form_id"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def entity_bomb() -> bytes:
    """A few lines that unfold to gigabytes, for who lets XML define entities."""
    lols = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE sst [<!ENTITY l0 "ha">{lols}]>'
    return with_strings(f'{head}<sst xmlns="{SPACE}"><si><t>&l9;</t></si></sst>')


def foreign_entity() -> bytes:
    """A text that is to be fetched from the reader's own disk."""
    head = '<!DOCTYPE sst [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    return with_strings(f'{head}<sst xmlns="{SPACE}"><si><t>&secret;</t></si></sst>')


def many_strings() -> bytes:
    """39 MB of short texts, which zip to almost nothing."""
    texts = "<si><t>x</t></si>" * (39 * 2**20 // 17)
    return with_strings(f'<sst xmlns="{SPACE}">{texts}</sst>')


def many_sheets() -> bytes:
    """More parts than a form needs."""
    return _repacked({f"xl/worksheets/sheet{number}.xml": "<x/>" for number in range(10, 600)})


def wide_row() -> bytes:
    """A row of a million cells."""
    row = f'<row r="3">{"<c><v>1</v></c>" * 1_000_000}</row>'
    return changed(lambda xml: xml.replace("</sheetData>", row + "</sheetData>"))


def far_row() -> bytes:
    """One cell in the last row that Excel knows."""
    row = '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>text</t></is></c></row>'
    return changed(lambda xml: xml.replace("</sheetData>", row + "</sheetData>"))


def many_styles() -> bytes:
    """39 MB of empty styles, each of which is an object for openpyxl."""
    formats = "<xf/>" * (30 * 2**20 // 5)
    sheet = f'<styleSheet xmlns="{SPACE}"><cellXfs>{formats}</cellXfs></styleSheet>'
    return _repacked({"xl/styles.xml": sheet})


def row_beyond_all() -> bytes:
    """A row so far down that nobody could count to it."""
    row = f'<row r="{10**17}"><c><v>1</v></c></row>'
    return changed(lambda xml: xml.replace("</sheetData>", row + "</sheetData>"))


def broken_sheet() -> bytes:
    """A sheet whose XML stops in the middle."""
    return changed(lambda xml: xml[: len(xml) // 2])


BAD = {
    "huge cell": huge_cell,
    "many rows": many_rows,
    "entity bomb": entity_bomb,
    "foreign entity": foreign_entity,
    "many strings": many_strings,
    "many sheets": many_sheets,
    "wide row": wide_row,
    "far row": far_row,
    "many styles": many_styles,
    "row beyond all": row_beyond_all,
    "broken sheet": broken_sheet,
}


def renamed(names: Mapping[str, str]) -> bytes:
    """The good workbook with other names for its sheets."""
    text = _part("xl/workbook.xml")
    for old, new in names.items():
        text = text.replace(f'name="{old}"', f'name="{new}"')
    return _repacked({"xl/workbook.xml": text})
