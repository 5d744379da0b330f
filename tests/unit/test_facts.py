"""Facts: what one form was told is not asked by the next, and nothing false is taken over."""

from datetime import date
from pathlib import Path

import pytest

from kiosk.forms import publish
from kiosk.forms.compile import compile_form
from kiosk.forms.converter import to_xform
from kiosk.forms.definition import Definition
from kiosk.forms.entry import Entry
from kiosk.forms.form_json import definition_of, json_of
from kiosk.forms.workbook import read_workbook
from tests.workbooks import EN, LO, Cells, folder_with, question, workbook

FACT = "bind::fact"


def form(*survey: Cells, choices: tuple[Cells, ...] = ()) -> Definition:
    return compile_form(to_xform(read_workbook(workbook(survey, choices)))[0])


def begin(definition: Definition) -> Entry:
    return Entry(definition, language="en", today=date(2026, 11, 23))


def asked(entry: Entry) -> list[str]:
    names = []
    while (page := entry.page) is not None:
        names.append(page.questions[0].path)
        assert entry.advance() == ()
    return names


NAME = question("text", "name", **{FACT: "applicant.name", "required": "yes"})
HOUSE = question("text", "house", **{FACT: "home.house"})
OTHER = question("text", "other")


def test_facts_travel_with_the_compiled_form() -> None:
    definition = definition_of(json_of(form(NAME, OTHER)))
    assert {bind.path: bind.facts for bind in definition.binds if bind.facts} == {
        "/data/name": ("applicant.name",)
    }


def test_a_rule_that_this_program_does_not_know_is_passed_over() -> None:
    """So a kiosk from before the facts opens a form that names them."""
    newer = json_of(form(OTHER, NAME)).replace(b'"facts":', b'"unheard-of":')
    assert not any(bind.facts for bind in definition_of(newer).binds)


def test_what_is_known_is_not_asked() -> None:
    entry = begin(form(NAME, HOUSE, OTHER))
    entry.know({"applicant.name": "Mai"})
    page = entry.page
    assert page is not None
    assert (page.number, page.of) == (1, 2)
    assert asked(entry) == ["/data/house", "/data/other"]
    assert entry.value_of("/data/name") == "Mai"


def test_what_was_left_empty_is_not_asked_again() -> None:
    entry = begin(form(NAME, HOUSE, OTHER))
    entry.know({"applicant.name": "Mai", "home.house": ""})
    assert asked(entry) == ["/data/other"]


def test_what_is_required_and_was_left_empty_is_asked() -> None:
    entry = begin(form(NAME))
    entry.know({"applicant.name": ""})
    assert entry.page is not None


def test_a_form_of_which_all_is_known_asks_nothing() -> None:
    entry = begin(form(NAME))
    entry.know({"applicant.name": "Mai"})
    assert entry.page is None
    assert entry.at_end
    assert not entry.retreat()
    assert [line.shown for line in entry.lines()] == ["Mai"]


def test_a_known_question_can_be_opened_and_leads_on() -> None:
    entry = begin(form(NAME, OTHER))
    entry.know({"applicant.name": "Mai"})
    assert entry.go_to("/data/name")
    page = entry.page
    assert page is not None
    assert page.questions[0].value == "Mai"
    assert entry.advance() == ()
    assert entry.page is not None
    assert entry.page.questions[0].path == "/data/other"
    assert not entry.retreat()


def test_an_answer_that_the_question_would_not_take_is_asked_for() -> None:
    choice = question("select_one sexes", "sex", **{FACT: "child.sex", "required": "yes"})
    choices = ({"list_name": "sexes", "name": "female", LO: "ຍິງ", EN: "Girl"},)
    entry = begin(form(choice, choices=choices))
    entry.know({"child.sex": "unheard-of"})
    assert entry.page is not None
    assert entry.value_of("/data/sex") == ""


def test_a_question_that_knowledge_makes_relevant_is_known_too() -> None:
    entry = begin(form(NAME, HOUSE | {"relevant": "${name} = 'Mai'"}))
    entry.know({"home.house": "12", "applicant.name": "Mai"})
    assert entry.value_of("/data/house") == "12"
    assert entry.page is None


def test_a_form_tells_what_it_asked_and_what_it_worked_out() -> None:
    reason = {"type": "calculate", "name": "reason", "calculation": "'birth'"}
    entry = begin(form(NAME, HOUSE, OTHER, reason | {FACT: "family-book.reason"}))
    entry.answer("/data/name", "Mai")
    assert entry.facts() == {
        "applicant.name": "Mai",
        "home.house": "",
        "family-book.reason": "birth",
    }


def test_a_question_that_was_not_asked_tells_nothing() -> None:
    entry = begin(form(OTHER, NAME | {"relevant": "${other} = 'x'"}))
    assert entry.facts() == {}


def test_what_is_forgotten_is_asked_again() -> None:
    entry = begin(form(NAME))
    entry.know({"applicant.name": "Mai"})
    entry.forget()
    assert entry.facts() == {"applicant.name": ""}
    assert entry.page is not None


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([NAME, OTHER | {FACT: "applicant.name"}], "nobody is asked twice"),
        ([NAME | {FACT: "Applicant"}], "named like child.name"),
        ([NAME | {FACT: "aplicant.name"}], "is it misspelt"),
    ],
)
def test_a_fact_asked_twice_or_misspelt_is_found(
    tmp_path: Path, rows: list[Cells], sentence: str
) -> None:
    found = [str(one) for one in publish.check(folder_with(tmp_path, workbook(rows)))]
    assert any(sentence in words for words in found), found
