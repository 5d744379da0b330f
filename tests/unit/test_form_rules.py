"""Whole forms follow the ODK specification where engines are easily wrong, and then JavaRosa.

Each test says where its expectation comes from: a section of the ODK XForms specification, or the
class of JavaRosa that does it.
"""

import pytest

from kiosk.forms.compile import compile_form
from kiosk.forms.engine.model import WORK_MAX
from kiosk.forms.engine.node import Node
from kiosk.forms.engine.program import Trigger
from kiosk.forms.entry import Entry
from tests.forms import TODAY, entry, form, xform


def table(columns: str, *rows: str, choices: str = "") -> str:
    lines = "\n".join(f"| | {row} |" for row in (f"type | name | label | {columns}", *rows))
    return f"| survey | | | | | | | | |\n{lines}\n{choices}"


def values(filling: Entry, *names: str) -> list[str]:
    return [filling.value_of(f"/data/{name}") for name in names]


CHOICES = """
| choices | | | | |
| | list_name | name | label | of |
| | yn | y | Yes | |
| | yn | n | No | |
| | c | 1 | One | y |
| | c | 2 | Two | n |
| | c | 2 | Two again | y |
| settings | |
| | allow_choice_duplicates |
| | yes |
"""


def test_a_choice_in_a_repeat_has_its_label_in_its_own_instance() -> None:
    # jr:choice-name; pyxform writes '../b', which means a field from where the expression stands
    filling = entry(
        table(
            "choice_filter | calculation",
            "begin_repeat | r | R | | |",
            "select_one yn | a | A | | |",
            "select_one c | b | B | of = ${a} | |",
            "calculate | said | | | jr:choice-name(${b}, '${b}') |",
            "end_repeat | | | | |",
            "calculate | all | | | join(' ', ${said}) |",
            choices=CHOICES,
        ),
        language="en",
    )
    filling.add_repeat("/data/r")
    for number, (a, b) in enumerate((("y", "2"), ("n", "2")), 1):
        filling.answer(f"/data/r[{number}]/a", a)
        filling.answer(f"/data/r[{number}]/b", b)
    assert values(filling, "all") == ["Two again Two"]


def test_what_is_not_relevant_is_neither_counted_nor_summed() -> None:
    # XPathPathExprEval.removeIrrelevantNodesets
    filling = entry(
        table(
            "relevant | calculation",
            "integer | n | N | | |",
            "begin_repeat | r | R | ${n} > 0 | |",
            "integer | x | X | position(..) != ${n} | |",
            "end_repeat | | | | |",
            "calculate | sums | | | sum(${x}) |",
            "calculate | counts | | | count(${r}) |",
            "calculate | most | | | max(${x}) |",
            "calculate | joined | | | join('-', ${x}) |",
            "calculate | empty | | | /data/r[2]/x = '' |",
        )
    )
    filling.answer("/data/n", "9")
    for number in (1, 2, 3):
        filling.answer(f"/data/r[{number}]/x", str(number))
        filling.add_repeat("/data/r")
    filling.remove_repeat("/data/r[4]")
    names = ("sums", "counts", "most", "joined", "empty")
    assert values(filling, *names) == ["6", "3", "3", "1-2-3", "false"]
    filling.answer("/data/n", "2")
    assert values(filling, *names) == ["4", "3", "3", "1-3", "true"]
    filling.answer("/data/n", "0")
    assert values(filling, *names) == ["0", "0", "", "", "true"]
    assert filling.record()["answers"] == {"n": "0", "sums": "0", "counts": "0", "empty": "true"}
    filling.answer("/data/n", "3")
    assert values(filling, *names) == ["3", "3", "2", "1-2", "false"]  # the answers are still there


def test_an_instance_may_be_relevant_by_its_place() -> None:
    # JavaRosa: TriggerableDagTest, where nodes are relevant from the third on
    filling = entry(
        table(
            "relevant | calculation",
            "integer | n | N | | |",
            "begin_repeat | r | R | position() <= ${n} | |",
            "text | x | X | | |",
            "end_repeat | | | | |",
            "calculate | counts | | | count(${r}) |",
        )
    )
    filling.answer("/data/n", "5")
    filling.add_repeat("/data/r")
    filling.add_repeat("/data/r")
    assert values(filling, "counts") == ["3"]
    filling.answer("/data/n", "2")
    assert values(filling, "counts") == ["2"]
    filling.remove_repeat("/data/r[1]")
    assert values(filling, "counts") == ["2"]  # what was the third is the second now


def test_people_of_a_household_may_be_chosen_within_the_household() -> None:
    # no rule goes round in a circle: a question's rows are read for their names alone
    filling = entry(
        table(
            "choice_filter | relevant",
            "begin_repeat | person | Person | | |",
            "text | name | Name | | |",
            "select_one ${name} | mother | Mother | ${name} != '' | |",
            "select_one ${name} | father | Father | ${name} != '' | ${mother} != '' |",
            "end_repeat | | | | |",
        )
    )
    filling.answer("/data/person[1]/name", "Bua")
    filling.add_repeat("/data/person")
    filling.answer("/data/person[2]/name", "Som")
    filling.answer("/data/person[2]/mother", "Bua")
    filling.answer("/data/person[2]/father", "Som")
    assert values(filling, "person[2]/mother", "person[2]/father") == ["Bua", "Som"]
    filling.answer("/data/person[1]/name", "Bouavanh")  # no longer on offer as it was
    assert values(filling, "person[2]/mother", "person[2]/father") == ["", ""]
    filling.answer("/data/person[1]/name", "Bua")  # and back again
    assert values(filling, "person[2]/mother", "person[2]/father") == ["Bua", "Som"]


def test_a_path_may_begin_anywhere() -> None:
    # the specification's list of valid paths has `//node`
    filling = entry(
        table(
            "calculation",
            "begin_group | g | G | |",
            "integer | a | A | |",
            "end_group | | | |",
            "calculate | twice | | //a * 2 |",
            "calculate | more | | ${twice} + count(//a) |",
        )
    )
    filling.answer("/data/g/a", "4")
    assert values(filling, "twice", "more") == ["8", "9"]


def test_a_value_is_set_outside_the_repeat_whose_name_it_begins_with() -> None:
    filling = entry(
        table(
            "calculation | trigger",
            "begin_repeat | child | Child | | |",
            "text | name | Name | | |",
            "end_repeat | | | | |",
            "calculate | child_last | | concat('last: ', count(${child})) | ${name} |",
        )
    )
    filling.answer("/data/child[1]/name", "Som")
    assert values(filling, "child_last") == ["last: 1"]


def test_what_is_worked_out_once_stays_while_it_is_not_relevant_and_when_opened_again() -> None:
    definition = form(
        table(
            "relevant | calculation",
            "text | a | A | | |",
            "calculate | luck | | ${a} != 'no' | once(concat(${a}, random())) |",
        )
    )
    filling = Entry(definition, language="lo", today=TODAY)
    filling.answer("/data/a", "x")
    (luck,) = values(filling, "luck")
    filling.answer("/data/a", "no")
    assert values(filling, "luck") == [""]
    filling.answer("/data/a", "z")
    assert values(filling, "luck") == [luck] != [""]
    again = Entry.from_record(definition, filling.record(), language="lo", today=TODAY)
    again.answer("/data/a", "w")
    assert values(again, "luck") == [luck]


NESTED = table(
    "calculation | default",
    "begin_repeat | house | House | | |",
    "text | street | Street | | Main |",
    "begin_repeat | person | Person | | |",
    "begin_repeat | toy | Toy | | |",
    "calculate | place | | concat(position(../../..), position(../..), position(..)) | |",
    "integer | cost | Cost | | 2 |",
    "end_repeat | | | | |",
    "calculate | spent | | sum(${cost}) | |",
    "calculate | first | | ../toy[1]/place | |",
    "end_repeat | | | | |",
    "end_repeat | | | | |",
    "calculate | all | | sum(${cost}) | |",
    "calculate | dear | | /data/house/person/toy[cost > 4]/place | |",
    "calculate | last | | /data/house[last()]/person[1]/toy[last()]/place | |",
    "calculate | there | | indexed-repeat(${cost}, ${house}, 2, ${person}, 1, ${toy}, 2) | |",
    "calculate | gone | | indexed-repeat(${cost}, ${house}, 2, ${person}, 3, ${toy}, 1) | |",
)


def test_repeats_within_repeats_know_their_places_and_begin_with_what_they_have_by_default() -> (
    None
):
    filling = entry(NESTED)
    second = filling.add_repeat("/data/house")
    assert second == "/data/house[2]"
    person = filling.add_repeat(f"{second}/person")  # a template's own templates are no instances
    assert filling.add_repeat(f"{person}/toy") == f"{person}/toy[1]"
    toy = filling.add_repeat(f"{person}/toy")
    assert values(filling, "house[2]/street", "house[2]/person[1]/toy[2]/cost") == ["Main", "2"]
    filling.answer(f"{toy}/cost", "5")
    assert values(filling, "all", "dear", "last", "there", "gone") == ["9", "212", "212", "5", ""]
    assert values(filling, "house[2]/person[1]/spent", "house[1]/person[1]/spent") == ["7", "2"]
    assert filling.remove_repeat("/data/house[1]")
    assert values(filling, "all", "dear", "there") == ["7", "112", ""]
    assert values(filling, "house[1]/person[1]/first") == ["111"]


def test_instances_that_the_form_has_are_there_and_template_and_bounds_hold() -> None:
    # specification, "Creation, Removal of Repeats" and "Default Values in Repeats"
    given = xform(table("", "begin_repeat | r | R |", "text | x | X |", "end_repeat | | |"))
    rows = "<r jr:template=''><x>new</x></r><r><x>one</x></r><r><x>two</x></r>"
    begin, _row, rest = given.partition("<r>")[0], 0, given.rpartition("</r>")[2]
    definition = compile_form((begin.rpartition("<r jr:template")[0] or begin) + rows + rest)
    filling = Entry(definition, language="lo", today=TODAY)
    assert values(filling, "r[1]/x", "r[2]/x") == ["one", "two"]
    added = filling.add_repeat("/data/r")
    assert added == "/data/r[3]"
    assert values(filling, "r[3]/x") == ["new"]
    fixed = compile_form(
        given.replace(
            '<repeat nodeset="/data/r"', '<repeat nodeset="/data/r" jr:noAddRemove="true()"'
        )
    )
    filling = Entry(fixed, language="lo", today=TODAY)
    assert filling.add_repeat("/data/r") is None
    assert not filling.remove_repeat("/data/r[1]")


def test_a_default_that_is_not_of_its_questions_type_reads_as_empty_from_the_start() -> None:
    filling = entry(
        table("default | calculation", "integer | a | A | x | |", "calculate | b | | | ${a} = '' |")
    )
    assert values(filling, "b") == ["true"]


def test_relevance_goes_down_and_what_is_hidden_reads_as_empty_in_every_rule() -> None:
    # specification, bind attribute `relevant`: the node and its descendants
    filling = entry(
        table(
            "relevant | calculation | constraint | required",
            "integer | n | N | | | | |",
            "begin_group | g | G | ${n} > 1 | | | |",
            "begin_group | h | H | | | | |",
            "integer | x | X | | | | yes |",
            "end_group | | | | | | |",
            "end_group | | | | | | |",
            "calculate | y | | | coalesce(${x}, 'none') | | |",
            "text | z | Z | | | string-length(${x}) > 0 | |",
        )
    )
    filling.answer("/data/n", "2")
    filling.answer("/data/g/h/x", "7")
    filling.answer("/data/z", "ok")
    assert (values(filling, "y"), filling.violations()) == (["7"], ())
    filling.answer("/data/n", "1")
    assert values(filling, "y") == ["none"]
    assert [one.path for one in filling.violations()] == ["/data/z"]
    assert filling.record()["answers"] == {"n": "1", "y": "none", "z": "ok"}
    filling.answer("/data/n", "5")
    assert values(filling, "y") == ["7"]


VILLAGES = [
    (f"v{number}", f"p{number % 7}", f"d{number % 5}", str(number % 3)) for number in range(2_000)
]


def test_a_cascade_looks_only_at_the_rows_that_it_names() -> None:
    filters = {
        "a": "p = ${p} and d = ${d}",
        "b": "${d} = d and (p = ${p} or ${p} = '') and n != '1'",
        "c": "p = ${p} and position() < 20",  # a place in the whole list
        "e": "p = ${p} and n = 2",  # a number is compared as one
    }
    listed = "name,label,p,d,n\n" + "".join(f"{v},V,{p},{d},{n}\n" for v, p, d, n in VILLAGES)
    filling = entry(
        table(
            "choice_filter",
            "text | p | P | |",
            "text | d | D | |",
            *(
                f"select_one_from_file v.csv | {name} | V | {one} |"
                for name, one in filters.items()
            ),
        ),
        {"v.csv": listed},
    )
    filling.answer("/data/p", "p3")
    filling.answer("/data/d", "d4")
    expected = {
        "a": [v for v, p, d, _n in VILLAGES if (p, d) == ("p3", "d4")],
        "b": [v for v, p, d, n in VILLAGES if (p, d) == ("p3", "d4") and n != "1"],
        "c": [v for v, p, _d, _n in VILLAGES[:19] if p == "p3"],
        "e": [v for v, p, _d, n in VILLAGES if p == "p3" and n == "2"],
    }
    model = filling._model
    looked_at = {}
    for name, names in expected.items():
        assert [one.name for one in filling.question(f"/data/{name}").choices] == names
        control = model.program.controls[f"/data/{name}"]
        (node,) = model.nodes(control.path)
        filling._labels._rows(control, node)
        looked_at[name] = WORK_MAX - model.work_left
    assert looked_at == {"a": 57, "b": 400, "c": 2_000, "e": 286}


def test_a_first_value_may_read_what_is_worked_out_from_those_before_it() -> None:
    # FormDef.setValue: each value set sets off what depends on it
    filling = entry(
        table(
            "default | calculation",
            "integer | a | A | 1 + 1 | |",
            "calculate | b | | | ${a} * 10 |",
            "integer | c | C | ${b} + 1 | |",
            "begin_repeat | r | R | | |",
            "integer | x | X | position(..) + 1 | |",
            "calculate | y | | | ${x} * 10 |",
            "integer | z | Z | ${y} + 1 | |",
            "end_repeat | | | | |",
        )
    )
    filling.add_repeat("/data/r")
    assert values(filling, "c", "r[1]/z", "r[2]/z") == ["21", "21", "31"]


def test_a_list_that_is_looked_through_stays_whole_however_often_it_is_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("engine.model", "labels"):
        monkeypatch.setattr(f"kiosk.forms.{module}.WORK_MAX", 1_000)
    filling = entry(
        table(
            "choice_filter",
            "text | p | P | |",
            "select_one_from_file v.csv | v | V | contains(label, ${p}) |",
        ),
        {"v.csv": "name,label\n" + "".join(f"v{n},Ban {n}\n" for n in range(300))},
    )
    filling.answer("/data/p", "7")
    assert {len(filling.question("/data/v").choices) for _ in range(10)} == {57}


def test_a_text_that_names_itself_ends() -> None:
    survey = xform(
        "| survey | | | |\n| | type | name | label::English (en) |\n| | text | q | Ask |"
    )
    itself = "<output value=\"jr:itext('/data/q:label')\"/>"
    definition = compile_form(survey.replace("<value>Ask", f"<value>Ask {itself} {itself}"))
    label = Entry(definition, language="en", today=TODAY).question("/data/q").label
    assert label.startswith("Ask Ask Ask")
    assert len(label) < 500


def test_a_default_that_cannot_be_worked_out_is_none() -> None:
    filling = entry(
        table(
            "default | calculation | trigger",
            "text | a | A | SHA-9 | | |",
            "text | b | B | digest('x', ${a}) | | |",
            "text | c | C | | | |",
            "text | d | D | | digest('x', ${c}) | ${c} |",
        )
    )
    assert filling.answer("/data/c", "SHA-8") is None
    assert values(filling, "b", "d") == ["", ""]
    filling.answer("/data/c", "MD5")
    assert values(filling, "d") == ["ndTkYSaMgDT1yFZOFVxnpg=="]


def test_an_answer_sets_off_only_what_depends_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    filling = entry(
        table(
            "relevant | calculation",
            "integer | rate | Rate | | |",
            "begin_repeat | r | R | | |",
            "integer | x | X | | |",
            "calculate | cost | | | ${x} * ${rate} |",
            "text | why | Why | ${cost} > 10 | |",
            "end_repeat | | | | |",
            "calculate | all | | | sum(${cost}) |",
            "calculate | other | | | ${rate} + 1 |",
        )
    )
    for _ in range(9):
        filling.add_repeat("/data/r")
    model = filling._model
    fired: list[str] = []
    fire = model._fire

    def note(trigger: Trigger, node: Node) -> None:
        fired.append(model.path_of(node))
        fire(trigger, node)

    monkeypatch.setattr(model, "_fire", note)
    filling.answer("/data/rate", "2")
    assert len(fired) == 10 + 1  # no cost changes, so nothing that reads the costs is worked out
    fired.clear()
    filling.answer("/data/r[7]/x", "8")
    assert sorted(fired) == ["/data/all", "/data/r[7]/cost", "/data/r[7]/why"]
