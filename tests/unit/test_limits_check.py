"""What a kiosk would cut off without a word is said to the author, at its cell."""

import datetime as dt
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kiosk.forms import publish
from kiosk.forms.compile import compile_form
from kiosk.forms.converter import to_xform
from kiosk.forms.finding import Finding, Level
from kiosk.forms.folder import LIST_FINDINGS_MAX
from kiosk.forms.limits_check import check_counts, check_limits
from kiosk.forms.workbook import read_workbook
from tests import bad_workbooks
from tests.workbooks import EN, LO, Cells, folder_with, question, workbook

REPEAT: Cells = {"type": "begin_repeat", "name": "child", LO: "ເດັກ", EN: "Child"}
END: Cells = {"type": "end_repeat"}
CHILD = question("text", "its_name", **{LO: "ຊື່ເດັກ", EN: "The child's name"})


def at(findings: list[Finding], *, level: Level = Level.ERROR) -> list[tuple[object, ...]]:
    return [(one.sheet, one.row, one.column) for one in findings if one.level is level]


def limits(*survey: Cells) -> list[Finding]:
    return list(check_limits(read_workbook(workbook(survey))))


def counts(*survey: Cells) -> list[Finding]:
    book = read_workbook(workbook([question("text", "a"), *survey]))
    return list(check_counts(compile_form(to_xform(book)[0]), book))


@pytest.mark.parametrize(
    ("count", "words"),
    [("201", "at most 200"), ("1e9", "at most 200"), ("2.5", "whole number"), ("-1", "whole")],
)
def test_a_number_of_repeats_that_no_kiosk_makes_is_refused(count: str, words: str) -> None:
    (finding,) = limits({**REPEAT, "repeat_count": count}, CHILD, END)
    assert at([finding]) == [("survey", 2, "repeat_count")]
    assert words in finding.message


def test_a_number_of_repeats_that_kiosks_make_is_taken() -> None:
    assert limits({**REPEAT, "repeat_count": "200"}, CHILD, END) == []
    assert limits({**REPEAT, "repeat_count": "${a}"}, CHILD, END) == []


def test_a_count_that_is_worked_out_too_high_is_refused_at_its_cell() -> None:
    (finding,) = counts({**REPEAT, "repeat_count": "150 * 2"}, CHILD, END)
    assert at([finding]) == [("survey", 3, "repeat_count")]
    assert "300 times" in finding.message
    assert counts({**REPEAT, "repeat_count": "100 * 2"}, CHILD, END) == []


def test_repeats_within_repeats_that_are_too_many_together_are_refused() -> None:
    inner = {**REPEAT, "name": "toy", "repeat_count": "200"}
    (finding,) = counts({**REPEAT, "repeat_count": "200"}, inner, CHILD, END, END)
    assert at([finding]) == [("survey", 4, "repeat_count")]
    assert "All repeats together" in finding.message


def test_a_default_and_a_constraint_longer_than_answers_are_said() -> None:
    assert at(limits(question("text", "a", default="x" * 2_001))) == [("survey", 2, "default")]
    assert limits(question("text", "a", default="x" * 2_000)) == []
    doubted = limits(question("text", "a", constraint="string-length(.) <= 2500"))
    assert at(doubted, level=Level.WARNING) == [("survey", 2, "constraint")]
    assert limits(question("text", "a", constraint="string-length(.) <= 200")) == []


def _with_cell(cell: str, value: object) -> bytes:
    book = load_workbook(io.BytesIO(workbook([question("text", "a"), question("text", "b")])))
    book["survey"][cell] = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_column_without_a_heading_is_said_once() -> None:
    book = load_workbook(io.BytesIO(_with_cell("K2", "lost")))
    book["survey"]["K3"] = "lost"
    file = io.BytesIO()
    book.save(file)
    found = list(read_workbook(file.getvalue()).doubts)
    assert at(found, level=Level.WARNING) == [("survey", 2, "K")]


def test_columns_beyond_the_last_that_is_read_are_refused() -> None:
    (doubt,) = read_workbook(_with_cell("HA1", "far")).doubts
    assert str(doubt) == "survey, row 1: The sheet has more than 200 columns. Remove some."


def test_a_spreadsheets_error_is_no_value() -> None:
    (doubt,) = read_workbook(_with_cell("B2", "#REF!")).doubts
    assert str(doubt).startswith("survey, row 2, name: The cell holds #REF!")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.datetime(2026, 11, 23), "2026-11-23"),  # noqa: DTZ001 - cells have no zone
        (dt.datetime(2026, 11, 23, 9, 30), "2026-11-23T09:30"),  # noqa: DTZ001
        (dt.time(9, 30), "09:30"),
    ],
)
def test_a_date_typed_into_a_cell_is_read_as_forms_write_dates(value: object, text: str) -> None:
    survey = [{**question("date", "a"), "default": value}]
    (row,) = read_workbook(workbook(survey)).question_rows()
    assert row.get("default") == text


def test_sheets_that_nobody_reads_are_said() -> None:
    renamed = bad_workbooks.renamed({"choices": "entities"})
    assert at(list(read_workbook(renamed).doubts), level=Level.WARNING) == [
        ("entities", None, None)
    ]


def test_a_misnamed_sheet_is_read_all_the_same() -> None:
    read = read_workbook(bad_workbooks.renamed({"choices": "choise", "settings": "Setting"}))
    assert [str(doubt) for doubt in read.doubts] == [
        "choise: Is this the sheet choices? Rename it.",
        "Setting: Is this the sheet settings? Rename it.",
    ]
    assert read.sheet("settings").rows


def test_a_list_with_much_wrong_says_that_there_is_more(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, workbook([question("text", "a")]))
    (folder / "media").mkdir(exist_ok=True)
    (folder / "media" / "v.csv").write_text("name,label\n" + "a,A,x\n" * 100)
    found = [one for one in publish.check(folder) if one.sheet == "media/v.csv"]
    assert len(found) == LIST_FINDINGS_MAX + 1
    assert "More is wrong" in found[-1].message
