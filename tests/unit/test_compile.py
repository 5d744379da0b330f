"""What pyxform writes becomes a definition, whole or refused with the place to mend."""

import json

import pytest

from kiosk.forms.compile import compile_form, language_code, read_csv
from kiosk.forms.definition import QuestionKind, Section, Table
from kiosk.forms.engine.program import Program
from kiosk.forms.errors import BadForm
from kiosk.forms.form_json import definition_of, json_of
from kiosk.forms.program_check import check
from tests.forms import form, xform

KINDS = """
| survey | | | | |
| | type | name | label | appearance |
| | text | name | Name | |
| | text | born | Born | partial-date |
| | integer | age | Age | |
| | decimal | size | Size | |
| | date | since | Since | |
| | time | hour | Hour | |
| | dateTime | at | At | |
| | select_one yn | one | One | minimal |
| | select_multiple yn | many | Many | |
| | rank yn | order | Order | |
| | range | level | Level | |
| | note | note | Note | |
| | acknowledge | ok | OK | |
| | image | photo | Photo | |
| | image | sign | Sign | signature |
| | audio | sound | Sound | |
| | file | file | File | |
| | barcode | code | Code | |
| choices | | | |
| | list_name | name | label |
| | yn | y | Yes |
| | yn | n | No |
"""


def test_every_kind_of_question_is_recognised() -> None:
    kinds = [control.kind.value for control in form(KINDS).controls()]
    assert kinds == [
        *("text", "partial-date", "integer", "decimal", "date", "time", "date-time"),
        *("select-one", "select-multiple", "rank", "range", "note", "acknowledge", "image"),
        *("signature", "audio", "file", "barcode"),
    ]


def survey(*rows: str, columns: str = "relevant | constraint | calculation | choice_filter") -> str:
    table = [f"| | type | name | label | {columns} |", *(f"| | {row} |" for row in rows)]
    choices = "| choices | | | |\n| | list_name | name | label |\n| | yn | y | Yes |"
    return "| survey | | | | | | | |\n" + "\n".join(table) + "\n" + choices


def refusal(tables: str, files: dict[str, bytes] | None = None) -> str:
    with pytest.raises(BadForm) as caught:
        compile_form(xform(tables), files)
    return str(caught.value)


def test_a_definition_survives_the_journey_as_json() -> None:
    definition = compile_form(
        xform(survey("text | a | A | | . != 'x' | | ", "select_one yn | b | B | ${a} = '1' | | | "))
    )
    data = json_of(definition)
    assert json_of(definition_of(data)) == data
    assert json.loads(data)["format"] == 1


def test_an_unknown_function_is_refused_with_its_place() -> None:
    assert refusal(survey("text | a | A | frobnicate(1) | | | ")) == (
        "The rule 'relevant' of /data/a calls frobnicate(), which is not a function of ODK forms."
    )


def test_wrong_arguments_are_refused_with_their_place() -> None:
    assert "gives selected() 1 arguments" in refusal(survey("text | a | A | | selected(.) | | "))


def test_a_circle_of_calculations_is_refused_with_its_members() -> None:
    sentence = refusal(
        survey(
            "calculate | a | | | | ${b} + 1 | ",
            "calculate | b | | | | ${c} + 1 | ",
            "calculate | c | | | | ${a} + 1 | ",
        )
    )
    assert "circle" in sentence
    assert all(f"/data/{name}" in sentence for name in "abc")


def test_relevance_that_depends_on_its_own_answer_is_refused() -> None:
    assert "/data/a itself" in refusal(survey("text | a | A | ${a} = '' | | | "))


def test_a_path_that_leads_nowhere_is_refused() -> None:
    assert "/data/nowhere" in refusal(survey("text | a | A | /data/nowhere = 1 | | | "))


def test_a_dangerous_pattern_is_refused_or_harmless() -> None:
    assert "means nothing here" in refusal(survey("text | a | A | | regex(., '(a)\\1') | | "))
    compile_form(xform(survey("text | a | A | | regex(., '(a+)+$') | | ")))  # linear here


def test_a_list_that_was_not_given_is_refused() -> None:
    sentence = refusal(survey("select_one_from_file v.csv | a | A | | | | "))
    assert sentence == "The list v.csv is not in the folder media."


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("<a/>", "not an XForm"),
        ("no xml", "XML is broken"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "ENTITY"),
        ("<a>" * 200 + "</a>" * 200, "levels deep"),
        ("<h><head><model><instance/></model></head></h>", "no instance"),
    ],
)
def test_what_is_no_form_is_refused_with_a_sentence(document: str, words: str) -> None:
    with pytest.raises(BadForm, match=words):
        compile_form(document)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"format": 2}',
        b'{"format": "x"}',
        b"[" * 100_000,
        (
            b'{"format":1,"id":1,"version":"","title":"","languages":[],"default_language":"",'
            b'"language_names":{},"root":["data"],"binds":[],"set_values":[],"body":[],"texts":{},'
            b'"lists":{}}'
        ),
    ],
)
def test_what_is_no_definition_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(BadForm):
        definition_of(data)


def test_a_broken_tree_inside_a_definition_is_refused_when_it_is_opened() -> None:
    definition = compile_form(xform(survey("calculate | a | | | | 1 + 1 | ")))
    plain = json.loads(json_of(definition))
    for broken in (
        ["+", ["number", 1.0]],
        ["number", "x"],
        ["nonsense"],
        [],
        ["path", None, [[1]]],
    ):
        plain["binds"][0]["calculate"]["tree"] = broken
        with pytest.raises(BadForm):
            compile_check(json.dumps(plain).encode())


def compile_check(data: bytes) -> None:
    check(Program(definition_of(data)))


def test_a_csv_list_keeps_lao_and_commas() -> None:
    table = read_csv('\ufeffname,label\nx,"ໄຊທານີ, ວຽງຈັນ"\n\ny\n'.encode(), "v.csv")
    assert table == Table(("name", "label"), (("x", "ໄຊທານີ, ວຽງຈັນ"), ("y", "")))
    assert read_csv(b"name;label\nx;X\n", "v.csv").rows == (("x", "X"),)


@pytest.mark.parametrize("data", [b"", b"a,a\n1,2\n", b"a\n1,2\n", b"\xff\xfe\x00", b"a\n\x00\xff"])
def test_a_broken_csv_list_is_refused_with_its_name(data: bytes) -> None:
    with pytest.raises(BadForm, match=r"v\.csv"):
        read_csv(data, "v.csv")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ລາວ (lo)", "lo"),
        ("English (en)", "en"),
        ("English (en_GB)", "en-gb"),
        ("Lao", "lo"),
        ("English", "en"),
        ("default", "default"),
    ],
)
def test_a_language_is_known_by_its_code(name: str, code: str) -> None:
    assert language_code(name) == code


def test_groups_and_repeats_keep_their_shape() -> None:
    definition = form(
        survey(
            "begin_repeat | child | Child | | | | ",
            "text | name | Name | | | | ",
            "end_repeat | | | | | | ",
            "begin_group | g | G | | | | ",
            "text | x | X | | | | ",
            "end_group | | | | | | ",
        )
    )
    repeat, group = definition.body
    assert isinstance(repeat, Section)
    assert isinstance(group, Section)
    assert (repeat.path, repeat.repeats) == ("/data/child", True)
    assert (group.path, group.repeats) == ("/data/g", False)
    assert [control.kind for control in definition.controls()] == [QuestionKind.TEXT] * 2


def test_a_calculation_over_the_group_it_is_in_is_refused() -> None:
    assert "which it is part of" in refusal(survey("calculate | a | | | | sum(../*) | "))
    compile_form(xform(survey("calculate | a | | | | count(../*) | ")))
