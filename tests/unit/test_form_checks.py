"""What the publisher says of a form that would work and still serve people badly, or elsewhere."""

from collections.abc import Sequence

import pytest

from kiosk.forms.asking_check import check_asking
from kiosk.forms.engine.regex import Pattern
from kiosk.forms.expression_check import check_expressions
from kiosk.forms.finding import Finding, Level, Place
from kiosk.forms.media_check import in_ranges, unrecorded
from kiosk.forms.regex_check import explodes
from kiosk.forms.structure_check import check_structure
from kiosk.forms.wording import check_length, estimated_words
from kiosk.forms.workbook import Row, Sheet, Workbook, read_workbook
from tests.workbooks import EN, LO, Cells, question, workbook

END: Cells = {"type": "end_group"}
YES: Sequence[Cells] = [{"list_name": "yn", "name": "yes", LO: "ແມ່ນ", EN: "Yes"}]


def read(survey: Sequence[Cells], choices: Sequence[Cells] = ()) -> Workbook:
    return read_workbook(workbook(survey, choices))


def one(findings: Sequence[Finding]) -> Finding:
    (finding,) = findings
    return finding


def structure(*survey: Cells, choices: Sequence[Cells] = YES) -> list[Finding]:
    return list(check_structure(read(survey, choices), {"villages.csv"}))


def asking(*survey: Cells, choices: Sequence[Cells] = YES) -> list[Finding]:
    return list(check_asking(read(survey, choices)))


def engines(**rule: str) -> list[Finding]:
    cells = question("integer", "b", **rule)
    return list(check_expressions(read([question("date", "a"), cells])))


# Structure


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"type": None}, "type", "The row has no type"),
        ({"type": "slect_one yn"}, "type", "Is 'select_one' meant?"),
        ({"type": "telepathy"}, "type", "There is no type 'telepathy'."),
        ({"type": "begin_score"}, "type", "begin_score is a type of KoboToolbox"),
        ({"type": "kobomatrix"}, "type", "kobomatrix is a type of KoboToolbox"),
        ({"type": "select_one_external yn"}, "type", "Use select_one_from_file"),
        ({"name": "a" * 65}, "name", "more than 64 characters"),
        ({"type": "select_one"}, "type", "Name the list after select_one"),
        ({"type": "select_one_from_file towns.csv"}, "type", "towns.csv is not in the folder"),
        ({"name": None}, "name", "The question has no name"),
        ({"name": "ຊື່"}, "name", "'ຊື່' does not"),
        ({"name": "1st"}, "name", "'1st' does not"),
        ({"type": "calculate", "calculation": None}, "calculation", "needs a calculation"),
        ({"type": "end_group"}, "type", "Nothing begins"),
        ({"type": "begin_repeat"}, "type", "a row end_repeat is missing"),
    ],
)
def test_a_row_that_makes_no_question_is_an_error_at_its_cell(
    cells: Cells, column: str, sentence: str
) -> None:
    finding = one(structure(question("text", "a"), question("text", "b") | dict(cells)))
    assert (finding.level, finding.row, finding.column) == (Level.ERROR, 3, column)
    assert sentence in finding.message


@pytest.mark.parametrize(
    "kind",
    [
        *("text", "select_one yn", "select_multiple yn or_other", "rank yn", "dateTime", "photo"),
        *("select_one_from_file villages.csv", "begin group", "select one from yn", "audit"),
    ],
)
def test_the_types_that_pyxform_knows_are_known(kind: str) -> None:
    ends: list[Cells] = [{"type": "end group"}] if kind.startswith("begin") else []
    assert structure(question(kind, "a"), *ends) == []


def test_a_group_that_ends_as_a_repeat_names_the_row_where_it_begins() -> None:
    finding = one(structure(question("begin_group", "g"), {"type": "end_repeat"}))
    assert str(finding) == "survey, row 3, type: A repeat ends here, but in row 2 a group begins."


def test_groups_stand_in_one_another_to_a_limit() -> None:
    eight = [question("begin_group", f"g{number}") for number in range(8)]
    assert structure(*eight, *[END] * 8) == []
    finding = one(structure(*eight, question("begin_group", "deep"), *[END] * 9))
    assert (finding.row, finding.column) == (10, "type")
    assert "more than 8 deep" in finding.message


def test_a_form_id_has_only_what_addresses_have() -> None:
    book = read([question("text", "a")])
    row = Row("settings", 2, {"form_id": "my form"})
    sheets = {**book.sheets, "settings": Sheet("settings", ("form_id",), (row,))}
    finding = one(list(check_structure(Workbook(sheets), ())))
    assert (finding.sheet, finding.row, finding.column) == ("settings", 2, "form_id")


def test_choices_have_a_list_and_a_name_without_blanks() -> None:
    choices: list[Cells] = [
        {"list_name": "yn", "name": "not now", LO: "ບໍ່", EN: "No"},
        {"list_name": None, "name": "yes", LO: "ແມ່ນ", EN: "Yes"},
    ]
    findings = structure(question("select_one yn", "a"), choices=choices)
    assert [(found.sheet, found.row, found.column) for found in findings] == [
        ("choices", 2, "name"),
        ("choices", 3, "list_name"),
    ]


# Asked twice, and too much on a page


def test_the_same_words_twice_are_doubted_and_both_rows_named() -> None:
    finding = one(asking(question("text", "a"), question("text", "b")))
    assert (
        str(finding) == f"survey, row 3, {LO}: The same is asked in row 2 already. "
        "Remove one, or say what is different."
    )
    assert finding.level is Level.WARNING


def test_words_that_only_one_of_two_conditions_shows_are_no_repetition() -> None:
    assert (
        asking(
            question("text", "a", relevant="${x} = 'mother'"),
            question("text", "b", relevant="${x} = 'father'"),
        )
        == []
    )


def test_the_same_words_in_another_group_are_no_repetition() -> None:
    survey = [
        *(question("begin_group", "mother"), question("text", "name"), END),
        *(question("begin_group", "father"), question("text", "name"), END),
    ]
    assert asking(*survey) == []


def test_the_same_meaning_twice_is_an_error_whatever_the_words() -> None:
    first = question("text", "a", meaning="applicant.name")
    second = question("text", "b", meaning="Applicant.Name", **{LO: "ຊື່ຫຍັງ?", EN: "Who?"})
    group = question("begin_group", "g")
    finding = one(asking(first, group, second, END))
    assert (finding.level, finding.row, finding.column) == (Level.ERROR, 4, "meaning")
    assert "asked in row 2 already" in finding.message


def towns(count: int) -> list[Cells]:
    return [
        {"list_name": "town", "name": f"t{number}", LO: f"ເມືອງ {number}", EN: f"Town {number}"}
        for number in range(count)
    ]


def test_more_than_nine_tiles_are_doubted() -> None:
    asked = question("select_one town", "a")
    assert asking(asked, choices=towns(9)) == []
    finding = one(asking(asked, choices=towns(10)))
    assert (finding.row, finding.column) == (2, "type")
    assert finding.message.startswith("10 choices do not stand on one page")


def test_a_list_in_which_people_look_a_name_up_may_be_long() -> None:
    looked_up = question("select_one town", "a", appearance="minimal")
    assert asking(looked_up, choices=towns(18)) == []
    cascade = [
        question("select_one town", "a"),
        question("select_one yn", "b", choice_filter="town = ${a}", **{LO: "ບ້ານ?", EN: "Village?"}),
    ]
    assert asking(*cascade, choices=[*towns(18), *YES]) == []


def test_more_than_nine_questions_on_a_page_are_doubted() -> None:
    page = question("begin_group", "g", appearance="field-list")
    asked = [
        question("text", f"q{number}", **{LO: f"ຂໍ້ {number}?", EN: f"Question {number}?"})
        for number in range(10)
    ]
    assert asking(page, *asked[:9], END) == []
    finding = one(asking(page, *asked, END))
    assert (finding.row, finding.column) == (2, "appearance")


# Where programs disagree


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("round(. - 2)", "negative half"),
        ("sum(${a}) > 3", "sum() of nothing"),
        ("number(today()) > 2", "time zone"),
        ("${a} > '2026-01-01'", "date('2026-01-01')"),
        ("regex(., '[0-9]+')", "Begin the pattern with ^"),
    ],
)
def test_what_other_programs_answer_differently_is_doubted(rule: str, sentence: str) -> None:
    finding = one(engines(constraint=rule))
    assert (finding.level, finding.row, finding.column) == (Level.WARNING, 3, "constraint")
    assert sentence in finding.message


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (". >= '08:00'", "decimal-time('08:00')"),
        ("'16:30' > .", "decimal-time('16:30')"),
        (". < 'many'", "'many' is none"),
    ],
)
def test_a_text_that_is_neither_more_nor_less_is_refused(rule: str, sentence: str) -> None:
    finding = one(engines(constraint=rule))
    assert (finding.level, finding.row, finding.column) == (Level.ERROR, 3, "constraint")
    assert sentence in finding.message
    assert engines(constraint=". > '5'") == []


@pytest.mark.parametrize(
    "rule",
    [
        "round(. div 2)",
        "if(count(${a}) > 0, sum(${a}), 0)",
        "number(format-date(today(), '%Y')) > 2000",
        "${a} > date('2026-01-01')",
        "today() - ${a} > 30",
        "number(today()) - number(date('2026-01-01')) > 30",
        "regex(., '^[0-9]+$')",
    ],
)
def test_what_all_programs_answer_alike_is_left_alone(rule: str) -> None:
    assert engines(constraint=rule) == []


# Dangerous patterns


@pytest.mark.parametrize(
    "pattern",
    [
        *("(a+)+$", "^(a*)*$", "^(a|a)*$", "^([a-zA-Z]+)*$", "^(.*,)*$", "(x+x+)+y"),
        *(r"^(\w+\s?)*$", "^( ?[0-9]+)*$", "^(a{1,30}){1,30}$", "^([ກ-ຮ]+ນ?)+$"),
    ],
)
def test_a_pattern_that_reads_one_text_in_two_ways_around_a_loop_is_dangerous(pattern: str) -> None:
    Pattern(pattern)  # our own matcher would take it
    assert explodes(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        *("^[a-z]+( [a-z]+)*$", "^0[0-9]{8,10}$", "^(a|ab)*c$", r"^\d+(\.\d+)?$", "^.{0,200}$"),
        r"^([\w.-]+)@([\w-]+\.)+[a-z]{2,}$",
        "^(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        "^[ກ-ໝ]+( [ກ-ໝ]+)*$",
    ],
)
def test_a_pattern_that_reads_a_text_in_one_way_is_not(pattern: str) -> None:
    assert not explodes(pattern)


def test_a_dangerous_pattern_is_an_error_at_its_cell() -> None:
    finding = one(engines(constraint="regex(., '^(a+)+$')"))
    assert (finding.level, finding.row, finding.column) == (Level.ERROR, 3, "constraint")
    assert "can take minutes" in finding.message


def test_a_pattern_that_cannot_be_read_is_an_error_whose_reason_can_be_translated() -> None:
    finding = one(engines(constraint="regex(., '^(a$')"))
    assert (finding.level, finding.column) == (Level.ERROR, "constraint")
    said = finding.words(lambda sentence, **places: f"«{sentence % places}»")
    assert said == "«The pattern cannot be used: «The pattern '^(a$' ends too early.»»"


# Recordings and length


def test_texts_without_a_recording_are_listed_by_language() -> None:
    survey = [
        question("text", "a", **{"audio::Lao (lo)": "a.ogg"}),
        question("text", "b"),
        question("note", "c"),
        question("calculate", "d", calculation="1"),
    ]
    lao, english = unrecorded(read(survey), ("lo", "en"))
    assert str(lao) == (
        "survey, audio::Lao (lo): 2 of 3 texts have no recording in the language lo: rows 3-4."
    )
    assert english.places["rows"] == "2-4"
    assert {lao.level, english.level} == {Level.NOTE}


def test_rows_are_named_in_ranges() -> None:
    assert in_ranges([2, 3, 4, 7, 9, 10]) == "2-4, 7, 9-10"
    assert in_ranges(list(range(2, 200, 2))).endswith("38, 40, ...")


def test_without_icu_words_are_estimated_from_letters() -> None:
    long = "ກະລຸນາຂຽນຊື່ ແລະ ນາມສະກຸນ ຂອງທ່ານ ແລະ ຂອງພໍ່ແມ່ ຕາມທີ່ຂຽນໄວ້ ໃນປຶ້ມສຳມະໂນຄົວ ຂອງຄອບຄົວທ່ານ"
    place = Place("survey", 2, LO)
    finding = one(list(check_length(place, "lo", long, exact=False)))
    assert "about" in finding.message
    assert list(check_length(place, "lo", "ທ່ານຊື່ຫຍັງ? ກະລຸນາຂຽນ.", exact=False)) == []
    assert estimated_words("ທ່ານຊື່ຫຍັງ ABC 12") == 5
