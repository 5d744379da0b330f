"""A workbook is read with every cell's place, and what is no workbook is said to be none."""

import io
import zipfile
from collections.abc import Sequence

import pytest
from openpyxl import Workbook as Book

from kiosk.forms.converter import to_xform
from kiosk.forms.expression_check import check_expressions
from kiosk.forms.finding import Finding, Level, Place
from kiosk.forms.survey_check import check_survey
from kiosk.forms.wording import check_hidden, check_length
from kiosk.forms.workbook import CELL_LENGTH_MAX, BadWorkbook, read_workbook
from tests.workbooks import EN, LO, Cells, question, workbook


def found(survey: Sequence[Cells], choices: Sequence[Cells] = ()) -> list[Finding]:
    read = read_workbook(workbook(survey, choices))
    return [*check_survey(read, ("lo", "en")), *check_expressions(read)]


def said(findings: list[Finding]) -> list[tuple[str, int | None, str | None]]:
    return [(finding.sheet, finding.row, finding.column) for finding in findings]


def test_cells_are_read_with_row_and_heading() -> None:
    read = read_workbook(workbook([question("text", "a"), {}, question("integer", "b", hint=5.0)]))
    rows = list(read.question_rows())
    assert [(row.number, row.get("name")) for row in rows] == [(2, "a"), (4, "b")]
    assert rows[1].get("hint") == "5"
    assert read.sheet("survey").columns_of("label") == {"lo": LO, "en": EN}


def test_a_good_question_has_nothing_to_mend() -> None:
    assert found([question("text", "full_name", required="yes")]) == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not an Excel workbook"),
        (b"%PDF-1.7 renamed", "not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 500, "old .xls file"),
        (b"PK\x03\x04" + b"\0" * 500, "not an Excel workbook"),
        (b"x" * (10 * 2**20 + 1), "larger than 10 MB"),
    ],
)
def test_what_is_no_workbook_is_said_to_be_none(data: bytes, sentence: str) -> None:
    with pytest.raises(BadWorkbook, match=sentence):
        read_workbook(data)


def test_a_zip_of_something_else_is_damaged() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as container:
        container.writestr("holiday.txt", "beach")
    with pytest.raises(BadWorkbook, match="damaged"):
        read_workbook(file.getvalue())


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("xl/worksheets/sheet1.xml", b"\0" * (101 * 2**20))
    with pytest.raises(BadWorkbook, match="far too large"):
        read_workbook(file.getvalue())


def test_missing_sheets_are_named() -> None:
    book = Book()
    book.worksheets[0].title = "Form"
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(BadWorkbook) as refused:
        read_workbook(file.getvalue())
    assert [finding.places["sheet"] for finding in refused.value.findings] == ["survey", "settings"]


def test_an_empty_survey_has_no_questions() -> None:
    with pytest.raises(BadWorkbook, match="no questions"):
        read_workbook(workbook([]))


def test_a_formula_is_shown_where_it_stands() -> None:
    (doubt,) = read_workbook(workbook([question("text", "a", hint="=A1")])).doubts
    assert said([doubt]) == [("survey", 2, "hint")]
    assert "formula" in doubt.message


def test_an_enormous_cell_and_an_endless_sheet_are_refused() -> None:
    read = read_workbook(workbook([question("text", "a", hint="x" * 5000)]))
    assert "more than 4000 characters" in read.doubts[0].message
    assert len(next(read.question_rows()).get("hint")) == CELL_LENGTH_MAX
    rows = [{"type": "note", "name": f"n{number}"} for number in range(20_001)]
    with pytest.raises(BadWorkbook, match="more than 20000 rows"):
        read_workbook(workbook(rows))


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({LO: None}, LO, "missing in the language lo"),
        ({EN: None}, EN, "missing in the language en"),
        ({"hint::Lao (lo)": "ຊື່"}, "hint", "The hint is missing in the language en"),
        ({"relevant": "${nobody} = 1"}, "relevant", "no question named 'nobody'"),
        ({"relevant": "${a} = 'x"}, "relevant", "cannot be read"),
        ({"constraint": "telepathy(.)"}, "constraint", "no function named telepathy()"),
        ({"constraint": "not()"}, "constraint", "not() takes 1 value(s), here it has 0"),
        ({"constraint": "if(. > 1, concat(foo(.)), 2)"}, "constraint", "no function named foo()"),
        ({LO: "ສະບາຍດີ ${nobody}"}, LO, "no question named 'nobody'"),
        ({LO: "ຊື່\u202eຂອງທ່ານ"}, LO, "U+202E"),
        ({EN: "na\u200dme"}, EN, "U+200D"),
        ({"name": "phone", "required": "yes"}, "required", "must not be required"),
        ({LO: "ເບີໂທຂອງທ່ານ", "required": "true()"}, "required", "must not be required"),
        ({EN: "Your e-mail", "required": "${a} = 1"}, "required", "must not be required"),
        ({"type": "select_one nothing"}, "type", "no list named 'nothing'"),
        ({"purpose": None}, "purpose", "Say why this is asked"),
        ({"legal_basis": None, "retention": None}, "legal_basis", "kept: legal_basis, retention"),
    ],
)
def test_a_wrong_cell_is_an_error_at_its_place(cells: Cells, column: str, sentence: str) -> None:
    survey = [question("text", "before"), question("text", "a") | dict(cells)]
    errors = [finding for finding in found(survey) if finding.level is Level.ERROR]
    assert said(errors) == [("survey", 3, column)]
    assert sentence in errors[0].message


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"constrain": ". > 1"}, "constrain", "no such column"),
    ],
)
def test_a_doubtful_cell_is_a_warning(cells: Cells, column: str, sentence: str) -> None:
    warnings = found([question("text", "a") | dict(cells)])
    assert [(finding.level, finding.column) for finding in warnings] == [(Level.WARNING, column)]
    assert sentence in warnings[0].message


def test_the_same_name_twice_names_both_rows() -> None:
    (finding,) = found([question("text", "a"), question("note", "b"), question("text", "a")])
    assert said([finding]) == [("survey", 4, "name")]
    assert "row 2" in finding.message


def test_the_same_name_in_two_groups_is_no_mistake() -> None:
    survey: list[Cells] = [
        question("begin_group", "mother"),
        question("text", "name"),
        {"type": "end_group"},
        question("begin_group", "father"),
        question("text", "name"),
        {"type": "end_group"},
    ]
    assert not any("stands in row" in finding.message for finding in found(survey))


def test_a_choice_without_one_language_and_a_choice_twice_are_found() -> None:
    choices: list[Cells] = [
        {"list_name": "sex", "name": "f", LO: "ຍິງ", EN: "Woman"},
        {"list_name": "sex", "name": "f", LO: "ຊາຍ", EN: None},
    ]
    findings = found([question("select_one sex", "a")], choices)
    assert said(findings) == [("choices", 3, "name"), ("choices", 3, EN)]


def test_an_optional_telephone_and_a_question_about_papers_are_allowed() -> None:
    survey = [
        question("text", "telephone"),
        question("select_one yes_no", "id_card", required="yes"),
    ]
    choices: list[Cells] = [{"list_name": "yes_no", "name": "yes", LO: "ມີ", EN: "Yes"}]
    assert found(survey, choices) == []


def test_a_long_lao_sentence_is_counted_in_words() -> None:
    place = Place("survey", 2, LO)
    short = "ທ່ານຂໍໃບຢັ້ງຢືນໃຫ້ໃຜ? ກະລຸນາເລືອກຂໍ້ດຽວ."
    long = "ກະລຸນາຂຽນຊື່ ແລະ ນາມສະກຸນ ຂອງທ່ານ ແລະ ຂອງພໍ່ແມ່ ຕາມທີ່ຂຽນໄວ້ ໃນປຶ້ມສຳມະໂນຄົວ ຂອງຄອບຄົວທ່ານ"
    assert list(check_length(place, "lo", short)) == []
    (finding,) = check_length(place, "lo", long)
    assert finding.level is Level.WARNING
    assert list(check_length(place, "en", long)) == []


def test_the_zero_width_space_of_lao_writers_stays() -> None:
    assert list(check_hidden(Place("survey"), "ສະບາຍ\u200bດີ")) == []


def test_the_sentence_of_pyxform_is_mapped_to_its_cell() -> None:
    survey = [question("text", "a"), question("text", "not a name")]
    with pytest.raises(BadWorkbook) as refused:
        to_xform(read_workbook(workbook(survey)))
    assert said(refused.value.findings) == [("survey", 3, "name")]


def test_a_finding_reads_as_a_sentence_with_its_place() -> None:
    finding = found([question("text", "a", relevant="${b} = 1")])[0]
    assert str(finding) == "survey, row 2, relevant: There is no question named 'b'."
    assert finding.words(lambda sentence, **places: f"<{sentence}>{places}") == (
        "<There is no question named %(name)r.>{'name': 'b'}"
    )
