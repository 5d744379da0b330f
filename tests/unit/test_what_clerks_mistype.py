"""What a ministry's clerk mistypes in a workbook is named at its cell, with what to write."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from kiosk.forms import publish
from kiosk.forms.converter import doubt
from kiosk.forms.expression_check import check_expressions
from kiosk.forms.finding import Finding, Level
from kiosk.forms.kind_check import check_kinds
from kiosk.forms.likeness import nearest
from kiosk.forms.lists_check import lists_of
from kiosk.forms.survey_check import check_survey
from kiosk.forms.workbook import read_workbook
from tests.workbooks import EN, LO, Cells, folder_with, question, workbook

YES: Sequence[Cells] = [
    {"list_name": "yn", "name": "yes", LO: "ແມ່ນ", EN: "Yes"},
    {"list_name": "yn", "name": "no", LO: "ບໍ່", EN: "No"},
]
END: Cells = {"type": "end_group"}


def expressions(*survey: Cells) -> list[Finding]:
    return list(check_expressions(read_workbook(workbook(survey, YES))))


def kinds(*survey: Cells, choices: Sequence[Cells] = YES) -> list[Finding]:
    read = read_workbook(workbook(survey, choices))
    return list(check_kinds(read, lists_of(read, {})))


def columns(rows: Sequence[Cells]) -> list[tuple[int | None, str | None, str]]:
    found = check_survey(read_workbook(workbook(rows)), ("lo", "en"))
    return [(one.row, one.column, one.message) for one in found if one.level is Level.ERROR]


def survey(*rows: Cells) -> list[Finding]:
    found = check_survey(read_workbook(workbook(rows, YES)), ("lo", "en"))
    return [finding for finding in found if finding.level is Level.ERROR]


def one(findings: Sequence[Finding]) -> Finding:
    (finding,) = findings
    return finding


@pytest.mark.parametrize(
    ("rule", "at", "wrong", "right"),
    [
        ("${a}/2 = 1", 5, "/", "div"),
        ("(${a} + 1)/(2)", 11, "/", "div"),
        ("${a}/${a} = 1", 5, "/", "div"),
        ("${a} % 2 = 1", 6, "%", "mod"),
        ("${a} == 2", 6, "==", "="),
        ("${a} = 1 AND . = 1", 10, "AND", "and"),
        ("${a} = 1 OR . = 1", 10, "OR", "or"),
        ("${a} = 1 && . = 1", 10, "&&", "and"),
        ("${a} = \u2018x\u2019", 8, "\u2018", "'"),
        ("${a} = \u201cx\u201d", 8, "\u201c", '"'),
        ("if(${a} = 'a;b'; 1; 2)", 16, ";", ","),
    ],
)
def test_a_slip_is_named_with_what_to_write(rule: str, at: int, wrong: str, right: str) -> None:
    finding = one(expressions(question("integer", "a"), question("text", "b", constraint=rule)))
    assert (finding.row, finding.column) == (3, "constraint")
    assert finding.places == {"at": at, "wrong": wrong, "right": right}


@pytest.mark.parametrize("word", ["X", "ແມ່ນ", "Yes, please"])
def test_a_word_that_is_neither_yes_nor_no_is_told_what_to_write(word: str) -> None:
    finding = one(expressions(question("text", "a", required=word)))
    assert finding.message == "Write yes or no, or a condition such as ${age} >= 18."


def test_what_cannot_be_read_is_shown_as_the_author_wrote_it() -> None:
    rule = {"constraint": "(${a} = 1"}
    finding = one(expressions(question("integer", "a"), question("text", "b", **rule)))
    assert finding.message.endswith("'(${a} = 1'.")


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("substr(${a})", "substr() takes 2 to 3 value(s), here it has 1."),
        ("coalesce()", "coalesce() takes 1 or more value(s), here it has 0."),
        ("NOT(${a} = 1)", "Write not() in small letters instead of NOT()."),
        ("//zz = 1", "Name a question as ${name}."),
        ("${last-saved#a} = 1", "leave out ${last-saved#a}"),
        ("regex(., concat('^(a', '+)+$'))", "can take minutes"),
        ("selected(${a}, yes)", "Write 'yes' for an answer, or ${yes} for a question."),
        ("#form/a > 3", "#form/a is CommCare's way of writing."),
    ],
)
def test_an_expression_that_no_kiosk_understands_is_an_error(rule: str, sentence: str) -> None:
    finding = one(expressions(question("integer", "a"), question("text", "b", constraint=rule)))
    assert (finding.level, finding.column) == (Level.ERROR, "constraint")
    assert sentence in finding.message


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("${a}", "Write ${a} != ''."),
        ("not(${a}) or . = 1", "Write ${a} != ''."),
        ("regex(., concat('^', ${a}, '$'))", "put together from answers"),
    ],
)
def test_what_programs_read_differently_is_a_warning(rule: str, sentence: str) -> None:
    finding = one(expressions(question("text", "a"), question("text", "b", relevant=rule)))
    assert (finding.level, finding.column) == (Level.WARNING, "relevant")
    assert sentence in finding.message


def test_a_worked_out_condition_is_none_that_programs_read_differently() -> None:
    calculate = question("calculate", "a", calculation="1 = 1")
    assert expressions(calculate, question("text", "b", relevant="${a} and . != ''")) == []


def test_a_name_of_two_groups_cannot_be_referred_to() -> None:
    group, name = question("begin_group", "g1"), question("text", "a")
    other = question("text", "c", relevant="${a} = 1")
    finding = one(expressions(group, name, END, question("begin_group", "g2"), name, END, other))
    assert (finding.row, finding.column) == (8, "relevant")
    assert "stands in several groups" in finding.message


def test_every_path_that_leads_nowhere_is_said_in_the_column_of_its_rule(tmp_path: Path) -> None:
    rows = [
        question("text", "a", **{LO: "ກ", EN: "A"}),
        question("text", "b", constraint="../qq = 1", **{LO: "ຂ", EN: "B"}),
        question("text", "c", relevant="/data/xx = 1", required="../yy = 1", **{LO: "ຄ", EN: "C"}),
    ]
    findings = publish.check(folder_with(tmp_path, workbook(rows)))
    assert {(finding.row, finding.column) for finding in findings} == {
        (3, "constraint"),
        (4, "relevant"),
        (4, "required"),
    }


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"hint": "As in the book"}, "hint", "hint::Lao (lo), hint::English (en)"),
        ({"constraint_message": "No"}, "constraint_message", "is in no language"),
        ({"type": "select_one yn or_other"}, "type", "or_other shows English words"),
        ({"type": "begin_group", LO: None}, LO, "missing in the language lo"),
    ],
)
def test_words_in_one_language_only_are_an_error(cells: Cells, column: str, sentence: str) -> None:
    rows: list[Cells] = [question("text", "a") | dict(cells)]
    finding = one(survey(*rows, *([END] if "begin_group" in cells.values() else [])))
    assert (finding.row, finding.column) == (2, column)
    assert sentence in finding.message


def test_a_language_without_a_column_is_said_once_at_the_headings() -> None:
    rows = [question("text", name, **{LO: None, EN: name}) for name in "abc"]
    named = [{k: v for k, v in row.items() if k != LO} | {"label:Lao": "ກ"} for row in rows]
    assert columns(named) == [
        (1, "label:Lao", "Write two colons: label::Lao."),
        (
            1,
            "label",
            "The sheet has no column for the language lo. Add one named label::Lao (lo).",
        ),
    ]


def test_languages_lists_and_types_are_known_as_authors_write_them() -> None:
    row = question("select  one Y_N", "a", **{LO: None, EN: None, "bind::purpose": "To know"})
    cells = {k: v for k, v in row.items() if k not in (LO, EN, "purpose")}
    read = read_workbook(workbook([cells | {"label::Lao": "ກ", "label::English": "A"}], YES))
    (known,) = read.question_rows()
    assert (known.get("type"), known.get("purpose")) == ("select_one Y_N", "To know")
    assert read.sheet("survey").columns_of("label") == {"lo": "label::Lao", "en": "label::English"}
    (finding,) = check_survey(read, ("lo", "en"))
    assert "Is 'yn' meant?" in finding.message


def test_among_many_names_the_likeliest_is_still_found() -> None:
    known = [f"question_{number}" for number in range(5_000)] + ["married"]
    assert nearest("maried", known) == "married"
    assert nearest("elephant", known) is None


def test_marks_that_people_would_read_are_doubted() -> None:
    for text in ("<b>Name</b>", "**Name**", "# Name"):
        found = check_survey(
            read_workbook(workbook([question("text", "a", **{EN: text})])), ("en",)
        )
        assert [one.column for one in found if "plain words" in one.message] == [EN]


def test_a_group_may_have_no_label_at_all() -> None:
    assert survey({"type": "begin_group", "name": "g"}, question("text", "a"), END) == []


@pytest.mark.parametrize(
    ("kind", "name", "lao", "english"),
    [
        ("text", "phonenumber", "ກ", "Number"),
        ("text", "c", "ກ", "Contact number"),
        ("text", "c", "ເບີຕິດຕໍ່", "How can we call you?"),
        ("text", "c", "ເບີມືຖື", "How?"),
        ("text", "c", "ກ", "Number of the identity card"),
        ("text", "c", "ເລກປະຈໍາຕົວ", "Which?"),
        ("text", "idCardNo", "ກ", "Which?"),
        ("image", "portrait", "ກ", "Show"),
        ("image", "c", "ກ", "Take a photo of yourself"),
        ("image", "c", "ຮູບບັດປະຈຳຕົວ", "Show"),
    ],
)
def test_nobody_is_made_to_have_a_telephone_a_card_or_a_face(
    kind: str, name: str, lao: str, english: str
) -> None:
    rows = question(kind, name, required="yes", **{LO: lao, EN: english})
    assert one(survey(rows)).column == "required"


@pytest.mark.parametrize(
    ("kind", "name", "lao", "english"),
    [
        ("text", "c", "ເບີໂທຂອງຫ້ອງການ", "Telephone number of the office"),
        ("text", "office_phone", "ກ", "Number"),
        ("integer", "c", "ຈຳນວນຄົນ", "Number of people"),
        ("integer", "c", "ຈຳນວນໂທລະສັບ", "How many phones are there?"),
        ("text", "c", "ກ", "Which way does the house face?"),
        ("image", "c", "ຮູບໜ້າເຮືອນ", "Photo of the house"),
        ("text", "c", "ເລກເຮືອນ", "House number"),
    ],
)
def test_what_only_sounds_like_it_may_be_required(
    kind: str, name: str, lao: str, english: str
) -> None:
    assert survey(question(kind, name, required="yes", **{LO: lao, EN: english})) == []


@pytest.mark.parametrize(
    ("kind", "cells", "level", "column", "sentence"),
    [
        ("integer", {"default": "abc"}, "error", "default", "a whole number"),
        ("date", {"default": "2026-13-45"}, "error", "default", "a date such as"),
        ("select_one yn", {"default": "maybe"}, "error", "default", "no choice of the list 'yn'"),
        ("select_multiple yn", {"default": "yes zz"}, "error", "default", "'zz' is no choice"),
        ("geopoint", {}, "warning", "type", "No kiosk has a device"),
        ("video", {}, "warning", "type", "No kiosk has a device"),
        ("range", {"parameters": "start=1 end=9 step=-1"}, "error", "parameters", "more than 0"),
        ("range", {"parameters": "start=1 end=9 step=3"}, "warning", "parameters", "reaches"),
        ("range", {"parameters": "end=5000"}, "warning", "parameters", "1000 stops"),
        ("text", {"constraint": "jr:choice-name(${x}, '${x}') = 1"}, "error", "constraint", "none"),
    ],
)
def test_a_cell_that_does_not_fit_the_kind_is_found(
    kind: str, cells: dict[str, str], level: str, column: str, sentence: str
) -> None:
    finding = one(kinds(question("text", "x"), question(kind, "q", **cells)))
    assert (finding.level, finding.row, finding.column) == (level, 3, column)
    assert sentence in finding.message


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("integer", {"default": "-5"}),
        ("date", {"default": "today()"}),
        ("select_multiple yn", {"default": "yes no"}),
        ("range", {"parameters": "start=0 end=1 step=0.1"}),
        ("range", {}),
        ("text", {"constraint": "jr:choice-name(${c}, '${c}') = 'x'"}),
    ],
)
def test_a_cell_that_fits_the_kind_is_left_alone(kind: str, cells: dict[str, str]) -> None:
    assert kinds(question("select_one yn", "c"), question(kind, "q", **cells)) == []


def test_two_choices_that_read_alike_are_doubted() -> None:
    twice = [*YES, {"list_name": "yn", "name": "nay", LO: "ບໍ່ແມ່ນ", EN: "No"}]
    finding = one(kinds(question("select_one yn", "c"), choices=twice))
    assert (finding.level, finding.sheet, finding.row, finding.column) == (
        Level.WARNING,
        *("choices", 4, EN),
    )


def test_a_row_below_a_thousand_empty_ones_is_read() -> None:
    rows = [question("text", "a"), *[{}] * 1_200, question("text", "b")]
    read = read_workbook(workbook(rows))
    assert [row.number for row in read.question_rows()] == [2, 1203]


def test_a_warning_of_pyxform_stands_at_its_row() -> None:
    finding = doubt("[row : 4] Repeat has no label: {'name': 'r'}", {})
    assert (finding.level, finding.sheet, finding.row) == (Level.WARNING, "survey", 4)
    assert "[row" not in finding.message


def test_findings_come_in_the_order_of_the_workbook(tmp_path: Path) -> None:
    rows = [
        question("text", "a", relevant="${zz} = 1", **{LO: "ກ", EN: "A"}),
        question("image", "b", default="x", **{LO: None, EN: "B"}),
        question("integer", "c", default="x", **{LO: "ຄ", EN: "C"}),
    ]
    folder = folder_with(tmp_path, workbook(rows))
    (folder / "icon.png").unlink()
    found = [(finding.sheet, finding.row) for finding in publish.check(folder)]
    assert found == [("survey", 2), ("survey", 3), ("survey", 4), ("icon.png", None)]
