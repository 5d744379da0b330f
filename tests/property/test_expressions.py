"""Whatever is written as an expression or a pattern, it is answered or refused, never a crash."""

import re
from collections.abc import Callable

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiosk.forms.engine.evaluate import Context, compiled
from kiosk.forms.engine.functions import FUNCTIONS
from kiosk.forms.engine.regex import Pattern
from kiosk.forms.engine.values import to_boolean, to_number, to_string
from kiosk.forms.errors import BadExpression, FormError
from kiosk.forms.xpath import parse
from tests.forms import TODAY, entry

FORM = entry("""
| survey | | | |
| | type | name | label |
| | integer | a | A |
| | text | b | B |
| | begin_repeat | r | R |
| | date | d | D |
| | end_repeat | | |
""")
FORM.answer("/data/a", "7")
FORM.answer("/data/b", "ສະບາຍດີ x y")
FORM.answer("/data/r[1]/d", "2026-11-23")

ATOMS = st.sampled_from(
    [
        *("1", "0", "-1.5", "''", "'x'", "'2026-11-23'", "/data/a", "/data/b", "../b", "."),
        *("/data/r/d", "//d", "/data/*", "1 div 0", "0 div 0", "today()", "true()"),
        "99999999999999999999",
    ]
)
WORDS = st.sampled_from([*"()[]/@.,*|=<>!+-'\"$ ", "and", "or", "div", "mod", "..", "::", "a", "1"])


def refusal(run: Callable[[], object]) -> str:
    """The sentence it is refused with; a full stop where it is not."""
    try:
        run()
    except BadExpression as error:
        return str(error)
    return "."


def calls(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    functions = st.builds(
        lambda name, arguments: f"{name}({', '.join(arguments)})",
        st.sampled_from(sorted(FUNCTIONS)),
        st.lists(inner, max_size=4),
    )
    signs = st.sampled_from(["+", "-", "*", "div", "mod", "=", "!=", "<", ">=", "and", "or", "|"])
    return st.one_of(
        functions,
        st.builds("({} {} {})".format, inner, signs, inner),
        st.builds("/data/*[{}]".format, inner),
    )


@settings(max_examples=400, deadline=None)
@given(st.recursive(ATOMS, calls, max_leaves=8))
@example("substring('12345', 1, 1 div 0)")
@example("selected-at('a b', -1)")
@example("date(99999999999999999999)")
@example("pow(0, -1)")
@example("round(99999999999999999999, 99999999999999999999)")
def test_an_expression_is_answered_or_refused(source: str) -> None:
    model = FORM._model
    model.work_left = 100_000
    node = model.find("/data/r[1]/d")
    assert node is not None
    try:
        value = compiled(parse(source))(Context(model, node))
    except FormError:
        return
    assert isinstance(to_string(value), str)
    assert isinstance(to_number(value), float)
    assert isinstance(to_boolean(value), bool)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=25).map("".join)))
def test_any_text_is_an_expression_or_refused_with_a_sentence(source: str) -> None:
    assert refusal(lambda: parse(source)).endswith(".")


PIECES = st.sampled_from(
    ["a", "b", "ກ", ".", "^", "$", "[ab]", "[^a]", "\\d", "\\b", "(a|b)", "(?:ab)"]
)
COUNTS = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{0,2}", "{1,}", "*?"])
BRANCHES = st.lists(st.builds("{}{}".format, PIECES, COUNTS), max_size=5).map("".join)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(BRANCHES, min_size=1, max_size=3).map("|".join),
    st.text(alphabet="abກ1 ", max_size=8),
)
def test_a_pattern_means_what_python_means_by_it(pattern: str, text: str) -> None:
    try:
        expected = bool(re.search(pattern, text, re.ASCII))
    except re.error:
        return
    try:
        found = Pattern(pattern).finds(text)
    except BadExpression:
        assert re.search(r"[\^$b][*+?{]", pattern)  # a repeated nothing may be refused
        return
    assert found == expected


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_pattern_or_refused_with_a_sentence(pattern: str) -> None:
    assert refusal(lambda: Pattern(pattern).finds("some text")).endswith(".")


def test_the_form_of_these_tests_is_of_this_day() -> None:
    assert FORM.record()["today"] == TODAY.isoformat()
