"""Workbooks from outside are refused or bounded: in a sentence, in seconds, in little memory."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.forms import publish
from kiosk.forms.workbook import BadWorkbook, read_workbook
from tests import bad_workbooks
from tests.workbooks import EN, LO, folder_with, question, workbook

MEMORY_BYTES = 400 * 2**20  # of address space: the interpreter and its libraries take 150 of it
SAID = {
    "huge cell": "survey, row 3, type: The cell has more than 4000 characters.",
    "many rows": "form.xlsx: A sheet has more than 20000 rows. Put long lists in a CSV.",
    "entity bomb": "form.xlsx: The file is damaged. Save it again as an Excel workbook.",
    "foreign entity": "form.xlsx: The file is damaged. Save it again as an Excel workbook.",
    "many strings": "form.xlsx: The workbook is far too large to be a form.",
    "many sheets": "form.xlsx: The workbook is far too large to be a form.",
    "row beyond all": "form.xlsx: The file is damaged. Save it again as an Excel workbook.",
    "many styles": "form.xlsx: The workbook is far too large to be a form.",
    "wide row": "form.xlsx: The workbook is far too large to be a form.",
    "far row": "survey, row 1048576: This row stands below row 20000. "
    "Move it up, or put long lists in a CSV.",
    "broken sheet": "survey: The sheet is damaged. Save the workbook again.",
}
READ_ALL = f"""
import json, pathlib, resource, sys, time
from kiosk.forms.workbook import BadWorkbook, read_workbook
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY_BYTES}, {MEMORY_BYTES}))
said = {{}}
for path in pathlib.Path(sys.argv[1]).iterdir():
    began = time.process_time()
    try:
        words = "; ".join(map(str, read_workbook(path.read_bytes()).doubts)) or "read"
    except BadWorkbook as problem:
        words = str(problem)
    said[path.stem] = (words, time.process_time() - began)
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, float]]:
    """What a reader with little memory says to each, and the seconds it worked."""
    folder = tmp_path_factory.mktemp("bad")
    for name, make in bad_workbooks.BAD.items():
        (folder / f"{name}.xlsx").write_bytes(make())
    command = [sys.executable, "-c", READ_ALL, str(folder)]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, tuple[str, float]] = json.loads(run.stdout)
    return result


@pytest.mark.parametrize("name", SAID)
def test_a_bad_workbook_is_refused_with_little_memory(
    said: dict[str, tuple[str, float]], name: str
) -> None:
    words, seconds = said[name]
    assert words == SAID[name]
    assert seconds < 10


def test_rows_that_a_workbook_forgets_to_count_are_read() -> None:
    row = '<row r="3"><c r="A3" t="inlineStr"><is><t>note</t></is></c></row>'
    short = bad_workbooks.changed(
        lambda xml: xml.replace("</sheetData>", row + "</sheetData>").replace(
            xml[xml.index("<dimension") : xml.index("/>", xml.index("<dimension")) + 2],
            '<dimension ref="A1:B2"/>',
        )
    )
    assert [read.number for read in read_workbook(short).sheet("survey").rows] == [2, 3]


def test_headings_are_known_however_they_are_written() -> None:
    written = workbook([{"Type": "text", "NAME": "a", LO: "ຊື່", EN: "Name"}])
    (row,) = read_workbook(written).question_rows()
    assert (row.get("type"), row.get("name")) == ("text", "a")


def test_a_column_that_stands_twice_is_named() -> None:
    twice = bad_workbooks.changed(lambda xml: xml.replace("<t>purpose</t>", "<t>name</t>"))
    (doubt,) = read_workbook(twice).doubts
    assert str(doubt) == "survey, row 1, name: The column stands in the sheet twice."


def test_a_missing_column_is_named_before_anything_else() -> None:
    with pytest.raises(BadWorkbook, match="survey, row 1: The sheet has no column 'name'"):
        read_workbook(workbook([{"type": "text", LO: "ຊື່"}]))


def test_wrong_sheet_names_are_told_beside_the_right_ones() -> None:
    renamed = bad_workbooks.renamed({"survey": "Form", "choices": "Lists"})
    with pytest.raises(BadWorkbook, match=r"'survey' is missing. The workbook has: Form, Lists"):
        read_workbook(renamed)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (lambda: b"", "The file is empty"),
        (lambda: b"%PDF-1.7 a scanned form", "not an Excel workbook"),
        (lambda: b"\xd0\xcf\x11\xe0 an old one", "old .xls file"),
        (lambda: workbook([question("text", "a", relevant="=A1")]), "holds a formula"),
        (lambda: workbook([question("text", "a"), question("text", "a")]), "stands in row 2"),
        (lambda: workbook([question("text", "a", constrain="x")]), "Is 'constraint' meant?"),
    ],
)
def test_the_check_of_a_whole_folder_says_it_too(
    tmp_path: Path, form: Callable[[], bytes], sentence: str
) -> None:
    findings = publish.check(folder_with(tmp_path, form()))
    assert any(sentence in finding.message for finding in findings)
