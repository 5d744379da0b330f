"""Expressions are read as XPath 1.0 with ODK's functions, and hostile ones are refused."""

import json
import math
from datetime import datetime

import pytest

from kiosk.forms.definition import Definition, Field
from kiosk.forms.engine.dependencies import readings_of
from kiosk.forms.engine.evaluate import Context, compiled
from kiosk.forms.engine.functions import FUNCTIONS
from kiosk.forms.engine.model import Model
from kiosk.forms.engine.program import Program
from kiosk.forms.engine.values import VIENTIANE, Value, to_string
from kiosk.forms.errors import BadExpression, FormError
from kiosk.forms.xpath import CHAIN_MAX, DEPTH_MAX, parse
from tests.forms import TODAY

MUST = """
if coalesce once selected selected-at count-selected jr:choice-name jr:itext concat join
substr substring substring-before substring-after contains starts-with ends-with string-length
normalize-space translate string number int round floor ceiling abs min max sum count
count-non-empty pow position last not true false boolean boolean-from-string regex today now date
date-time decimal-date-time decimal-time format-date format-date-time instance current
indexed-repeat pulldata random uuid randomize checklist weighted-checklist digest base64-decode
log log10 exp exp10 sqrt pi name local-name id lang
"""
DATA = Field(
    "data",
    children=(
        Field("name", "ສົມສີ"),
        Field("age", "34"),
        Field("empty"),
        Field("kinds", "a b c"),
        Field("born", "1990-05-12"),
    ),
)


def model() -> Model:
    definition = Definition("t", "1", "T", (), "", {}, DATA)
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=VIENTIANE)
    return Model(Program(definition), today=TODAY, now=lambda: noon, zone=VIENTIANE)


def value_of(source: str) -> Value:
    held = model()
    node = held.find("/data/age")
    assert node is not None
    tree = json.loads(json.dumps(parse(source)))  # as it comes out of a bundle
    return compiled(tree)(Context(held, node))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("/data/age > 18 and string-length(/data/name) = 5", "true"),
        ("../age + 1", "35"),
        ("if(selected(/data/kinds, 'b'), 'yes', 'no')", "yes"),
        ("selected(/data/kinds, 'B')", "false"),
        ("selected-at(/data/kinds, 2)", "c"),
        ("coalesce(/data/empty, /data/name)", "ສົມສີ"),
        ("int((today() - date(/data/born)) div 365.25)", "36"),
        ("date('2026-11-23') = today()", "true"),
        ("date(/data/born + 1)", "1990-05-13"),
        ("date('2026-02-30')", ""),
        ("format-date(/data/born, '%e/%n/%Y %a')", "12/5/1990 Sat"),
        ("format-date-time(now(), '%H:%M %d %b %y')", "12:00 23 Nov 26"),
        ("decimal-time('12:00:00')", "0.5"),
        ("round(-1.5)", "-1"),
        ("round(2.345, 2)", "2.35"),
        ("0.1 + 0.2 = 0.3", "false"),
        ("1 div 3 < 0.34", "true"),
        ("substr('ສະບາຍດີ', 2, 4)", "ບາ"),
        ("regex('020 5555', '^0[0-9]{2} ?[0-9]+$')", "true"),
        ("regex(/data/name, '^.{5}$')", "true"),
        ("concat('a', \"'\", 'b')", "a'b"),
        ("count(/data/*)", "5"),
        ("sum(/data/nothing)", "0"),
        ("max(/data/nothing)", "NaN"),
        ("count-non-empty(/data/*)", "4"),
        ("name(/data/*[. = '34'])", "age"),
        ("/data/*[position() = last()]", "1990-05-12"),
        ("translate('abc', 'ac', 'x')", "xb"),
        ("normalize-space('  a   b ')", "a b"),
        ("weighted-checklist(2, 3, true(), 2, false(), 5)", "true"),
        ("-(-3)", "3"),
        ("2*3 div 4 mod 2", "1.5"),
        ("1 and1", "true"),
        ("string-length(uuid())", "36"),
        ("random() < 1", "true"),
        ("concat(/data/age/text() | /data/name/text())", "ສົມສີ34"),  # in document order
        ("count(//text())", "4"),
        ("position(/data/age/text())", "1"),
        ("date('2026-11-23T')", ""),
        ("pow(0, -1)", "Infinity"),
        ("pow(0, 0)", "1"),
        ("pow(-8, 1 div 3)", "NaN"),
    ],
)
def test_an_expression_has_its_value(source: str, expected: str) -> None:
    assert to_string(value_of(source)) == expected


def test_what_is_larger_than_any_number_adds_up_to_infinity() -> None:
    held = model()
    for name in ("age", "empty"):
        node = held.find(f"/data/{name}")
        assert node is not None
        held.set(node, "1" + "0" * 308)
    run = compiled(parse("sum(/data/age | /data/empty)"))
    assert run(Context(held, held.root)) == math.inf


def test_every_function_a_form_may_need_is_there() -> None:
    assert [name for name in MUST.split() if name not in FUNCTIONS] == []


@pytest.mark.parametrize(
    "source",
    [
        "",
        "1 +",
        "(1",
        "concat('a'",
        "'open",
        "a b",
        "$x",
        "../",
        "[1]",
        "1 2",
        "foo::bar",
        "a[",
        "#",
    ],
)
def test_what_is_no_expression_is_refused_with_a_sentence(source: str) -> None:
    with pytest.raises(BadExpression, match=r"\.$"):
        parse(source)


def test_nesting_is_refused_before_it_could_exhaust_the_stack() -> None:
    assert value_of("(" * (DEPTH_MAX - 1) + "1" + ")" * (DEPTH_MAX - 1)) == 1
    for hostile in ("(" * 5_000 + "1", "not(" * 500, "a[" * 500, "-" * 5_000 + "1"):
        with pytest.raises(BadExpression):
            parse(hostile)
    with pytest.raises(BadExpression):
        parse("1" + "+1" * (CHAIN_MAX + 1))
    assert value_of("1" + "+1" * CHAIN_MAX) == CHAIN_MAX + 1
    assert value_of("0" + " or 0" * 2_000 + " or 1") is True


@pytest.mark.parametrize(
    "step", ["/*/..", "//*/..", "/following::node()/preceding::node()", "/ancestor::*//*"]
)
def test_a_path_that_goes_back_and_forth_looks_at_each_node_once(step: str) -> None:
    source = f"count(/data{step * 50})"  # each step would multiply what the last one found
    assert to_string(value_of(source)) in {"0", "1", "4", "5"}


def test_long_sums_within_long_sums_are_refused_and_the_longest_is_worked_out() -> None:
    sums = "1"
    for _ in range(3):
        sums = f"({sums}{'+1' * CHAIN_MAX})"
    with pytest.raises(BadExpression, match="nested"):
        parse(sums)
    deep = "1"
    for _ in range(28):
        deep = f"count(/data/age[{deep}])"
    assert to_string(value_of(deep)) in {"0", "1"}


def test_an_expression_longer_than_any_author_writes_is_refused() -> None:
    with pytest.raises(BadExpression, match="longer"):
        parse("'" + "x" * 30_000 + "'")


def test_an_unknown_function_fails_only_where_it_is_reached() -> None:
    assert to_string(value_of("if(true(), 'a', nonsense())")) == "a"
    with pytest.raises(FormError, match="nonsense"):
        value_of("nonsense()")


def test_what_an_expression_reads_is_known_from_its_tree() -> None:
    def paths(source: str) -> set[str]:
        return {reading.path for reading in readings_of(parse(source), "/data/g/x")}

    assert paths("../y + /data/z") == {"/data/g/y", "/data/z"}
    assert paths("current()/../y") == {"/data/g/y"}
    assert paths("instance('v')/root/item[p = /data/z]/name") == {"/data/z"}
    assert paths("instance('v')/root/item[p = current()/../y]") == {"/data/g/y"}
    assert paths("/data/r[n > /data/z]/v") == {"/data/r/n", "/data/z", "/data/r/v"}
    assert paths("if(. = '', 1, 2)") == {"/data/g/x"}
    assert paths("today()") == set()


def test_a_reading_inside_a_repeat_stays_in_its_instance() -> None:
    def shared(source: str) -> int:
        (reading,) = readings_of(parse(source), "/data/child/age")
        return reading.shared

    assert shared("../born") == 2  # /data/child: this child
    assert shared("/data/child/born") == 2  # absolute paths mean this child too
    assert shared("../../child/born") == 1  # every child
    assert shared("/data/child[1]/born") == 1
