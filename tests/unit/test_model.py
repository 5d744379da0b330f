"""The rules of a form work as the ODK specification says, and never without an end."""

from datetime import date

import pytest

from kiosk.forms.compile import compile_form
from kiosk.forms.engine.model import CHAIN_MAX
from kiosk.forms.entry import Entry
from tests.forms import TODAY, entry, form, xform


def table(*rows: str, columns: str, choices: str = "") -> str:
    lines = "\n".join(f"| | {row} |" for row in (f"type | name | label | {columns}", *rows))
    return f"| survey | | | | | | | |\n{lines}\n{choices}"


CHOICES = """
| choices | | | |
| | list_name | name | label::ລາວ (lo) | label::English (en) |
| | yn | y | ແມ່ນ | Yes |
| | yn | n | ບໍ່ | No |
"""


def test_a_default_may_be_worked_out_once() -> None:
    filling = entry(
        table(
            "text | name | Name | Som | |",
            "text | copy | Copy | concat(${name}, '!') | |",
            "date | day | Day | today() | |",
            columns="default",
        )
    )
    assert filling.value_of("/data/copy") == "Som!"
    assert filling.value_of("/data/day") == TODAY.isoformat()
    filling.answer("/data/name", "Bua")
    assert filling.value_of("/data/copy") == "Som!"


def test_a_trigger_sets_a_value_when_its_question_changes() -> None:
    filling = entry(
        table(
            "text | name | Name | | |",
            "text | copy | Copy | concat(${name}, '!') | ${name} |",
            columns="calculation | trigger",
        )
    )
    assert filling.value_of("/data/copy") == ""
    filling.answer("/data/name", "Som")
    assert filling.value_of("/data/copy") == "Som!"


def test_what_is_set_at_each_opening_is_set_when_a_form_is_opened_again() -> None:
    rows = table("text | name | Name | |", "date | seen | Seen | today() |", columns="default")
    once = xform(rows)
    each = compile_form(once.replace("odk-instance-first-load", "odk-instance-load"))
    later = date(2030, 1, 2)
    for definition, day in ((compile_form(once), TODAY), (each, later)):
        filling = Entry(definition, language="lo", today=TODAY)
        assert filling.value_of("/data/seen") == TODAY.isoformat()
        filling.answer("/data/name", "Som")
        record = filling.record()
        shown = Entry.from_record(definition, record, language="lo")
        assert shown.value_of("/data/seen") == TODAY.isoformat()
        again = Entry.from_record(definition, record, language="lo", today=later)
        assert again.value_of("/data/seen") == day.isoformat()
        assert again.value_of("/data/name") == "Som"


def test_a_value_that_was_set_sets_the_next_and_two_that_name_each_other_end() -> None:
    filling = entry(
        table(
            "text | country | Country | | |",
            "text | city | City | concat(${country}, '1') | ${country} |",
            "text | street | Street | concat(${city}, '2') | ${city} |",
            "text | ping | Ping | concat(${pong}, 'x') | ${pong} |",
            "text | pong | Pong | concat(${ping}, 'y') | ${ping} |",
            columns="calculation | trigger",
        )
    )
    filling.answer("/data/country", "Laos")
    assert filling.value_of("/data/street") == "Laos12"
    filling.answer("/data/ping", "a")
    assert len(filling.value_of("/data/ping")) <= 2 * CHAIN_MAX
    filling.answer("/data/city", "b")
    assert filling.value_of("/data/street") == "b2"


def test_questions_that_all_name_each_other_end_as_well() -> None:
    names = "abcd"
    filling = entry(
        table(
            *(
                f"text | {one} | {one} | concat(${{{other}}}, 'x') "
                f"| {', '.join(f'${{{name}}}' for name in names if name != one)} |"
                for one, other in zip(names, names[1:] + names[:1], strict=True)
            ),
            columns="calculation | trigger",
        )
    )
    filling.answer("/data/a", "a")
    assert sum(len(filling.value_of(f"/data/{name}")) for name in names) <= 4 * CHAIN_MAX


def test_each_row_that_a_count_makes_has_its_own_first_value() -> None:
    filling = entry(
        table(
            "integer | houses | Houses | | |",
            "begin_repeat | house | House | ${houses} | |",
            "integer | people | People | | |",
            "calculate | number | | | | position(..) |",
            "begin_repeat | person | Person | ${people} | |",
            "text | name | Name | | concat(${number}, '.', position(..)) |",
            "end_repeat | | | | |",
            "end_repeat | | | | |",
            columns="repeat_count | default | calculation",
        )
    )
    filling.answer("/data/houses", "2")
    filling.answer("/data/house[1]/people", "2")
    filling.answer("/data/house[2]/people", "1")
    names = [f"/data/house[{house}]/person[{one}]/name" for house, one in ((1, 1), (1, 2), (2, 1))]
    assert [filling.value_of(name) for name in names] == ["1.1", "1.2", "2.1"]
    filling.answer(names[0], "Som")
    filling.answer("/data/house[1]/people", "0")
    filling.answer("/data/house[1]/people", "3")
    assert filling.value_of(names[0]) == "Som"  # it came back as it was
    assert filling.value_of("/data/house[1]/person[3]/name") == "1.3"


def test_a_row_may_read_the_row_before_it_by_number() -> None:
    before = "indexed-repeat(${total}, ${visit}, position(..) - 1)"
    filling = entry(
        table(
            "begin_repeat | visit | Visit | 3 | |",
            "integer | paid | Paid | | |",
            f"calculate | total | | | | ${{paid}} + if(position(..) > 1, {before}, 0) |",
            "end_repeat | | | | |",
            columns="repeat_count | default | calculation",
        )
    )
    for number, paid in enumerate(("1", "10", "100"), 1):
        filling.answer(f"/data/visit[{number}]/paid", paid)
    assert filling.value_of("/data/visit[3]/total") == "111"
    filling.answer("/data/visit[1]/paid", "2")
    assert filling.value_of("/data/visit[3]/total") == "112"


def test_a_choices_label_can_be_had_in_the_language_of_the_entry() -> None:
    definition = form(
        "| survey | | | | | |\n"
        "| | type | name | label::ລາວ (lo) | label::English (en) | calculation |\n"
        "| | select_one yn | a | ກ | A | |\n"
        "| | calculate | said | | | jr:choice-name(${a}, '${a}') |\n" + CHOICES
    )
    filling = Entry(definition, language="en", today=TODAY)
    filling.answer("/data/a", "y")
    assert filling.value_of("/data/said") == "Yes"


def test_data_is_pulled_from_a_list_by_its_key() -> None:
    filling = entry(
        table(
            "text | code | Code | |",
            "calculate | fee | | pulldata('fees', 'amount', 'code', ${code}) |",
            "calculate | same | | instance('fees')/root/item[code = ${code}]/amount |",
            "select_one_from_file fees.csv | all | All | |",
            columns="calculation",
        ),
        {"fees.csv": "name,label,code,amount\na,A,x,100\nb,B,y,200\nc,C,y,300\n"},
    )
    filling.answer("/data/code", "y")
    assert [filling.value_of(f"/data/{name}") for name in ("fee", "same")] == ["200", "200"]
    filling.answer("/data/code", "' or 1=1 or '")
    assert filling.value_of("/data/fee") == ""


def test_a_count_makes_as_many_rows_and_no_more() -> None:
    filling = entry(
        table(
            "integer | many | Many | |",
            "begin_repeat | row | Row | ${many} |",
            "text | x | X | |",
            "end_repeat | | | |",
            "calculate | count | | | count(${row})",
            columns="repeat_count | calculation",
        )
    )
    for answered, made in (("3", "3"), ("1", "1"), ("", "0"), ("-5", "0"), ("99999", "200")):
        filling.answer("/data/many", answered)
        assert filling.value_of("/data/count") == made
    assert filling.add_repeat("/data/row") is None
    assert not filling.remove_repeat("/data/row[1]")


def test_rows_within_rows_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.forms.engine.model.NODES_MAX", 5_000)
    opening = [f"begin_repeat | r{n} | R | 200 |" for n in range(4)]
    filling = entry(
        table(*opening, "text | x | X | |", *["end_repeat | | | |"] * 4, columns="repeat_count")
    )
    assert sum(1 for _ in filling._model.root.descendants()) <= 6_000


def test_readonly_of_a_group_holds_for_its_questions() -> None:
    filling = entry(
        table(
            "text | open | Open | |",
            "begin_group | g | G | |",
            "text | x | X | |",
            "end_group | | | |",
            columns="readonly",
        ).replace("begin_group | g | G | |", "begin_group | g | G | yes |")
    )
    filling.answer("/data/g/x", "new")
    assert filling.value_of("/data/g/x") == ""
    assert filling.question("/data/g/x").readonly


def test_a_calculated_question_is_shown_but_not_answered() -> None:
    filling = entry(
        table("integer | a | A | |", "integer | b | B | ${a} * 2 |", columns="calculation")
    )
    filling.answer("/data/a", "4")
    filling.answer("/data/b", "5")
    assert filling.value_of("/data/b") == "8"
    assert filling.question("/data/b").readonly


def test_an_expression_that_cannot_be_worked_out_does_not_stop_the_form() -> None:
    filling = entry(
        table(
            "text | a | A | | regex(., ${b}) |",
            "text | b | B | | |",
            "text | c | C | regex(${a}, ${b}) | |",
            columns="relevant | constraint",
        )
    )
    filling.answer("/data/b", "(")
    assert filling.answer("/data/a", "x") is None
    assert filling.go_to("/data/c")


def test_calculations_that_double_each_other_stay_bounded() -> None:
    rows = ["text | a0 | A | |"]
    rows += [f"calculate | a{n} | | concat(${{a{n - 1}}}, ${{a{n - 1}}}) |" for n in range(1, 60)]
    filling = entry(table(*rows, columns="calculation"))
    filling.answer("/data/a0", "ກ" * 1_000)
    assert len(filling.value_of("/data/a59")) == 10_000


def test_an_expression_that_looks_at_everything_for_everything_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kiosk.forms.engine.model.WORK_MAX", 10_000)
    rows = "".join(f"n{n},L,{n}\n" for n in range(300))
    filling = entry(
        table(
            "select_one_from_file v.csv | v | V | |",
            "calculate | slow | | count(instance('v')/root/item[count(instance('v')/root/item"
            "[size > current()/../v]) > 1]) |",
            columns="calculation",
        ),
        {"v.csv": "name,label,size\n" + rows},
    )
    filling.answer("/data/v", "n1")
    assert filling.value_of("/data/slow") == ""
