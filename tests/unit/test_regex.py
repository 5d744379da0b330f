"""Patterns match as everybody's do, in time that no pattern can stretch."""

import re

import pytest

from kiosk.forms.engine.regex import Pattern, matches
from kiosk.forms.errors import BadExpression


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        (r"^[0-9]{3}$", ["123", "12", "1234", "a123"]),
        (r"[0-9]{2,}", ["1", "a12b", ""]),
        (r"^\d+(\.\d{1,2})?$", ["12", "12.3", "12.345", "."]),
        (r"^(a|bc)*d$", ["d", "abcd", "bcbcad", "bd"]),
        (r"^[^\s,]+@[\w.-]+\.\w{2,}$", ["a@b.la", "a b@c.d", "a@b.l"]),
        (r"\bla\b", ["la", "lao", "o la!", "ola"]),
        (r"^(?:020|030)[\s-]?\d{4}$", ["020 1234", "0301234", "0401234"]),
        (r"a{0}b|^$", ["b", "", "a"]),
        (r"^[]a-]+$", ["]", "a-]", "b"]),
        (r"^.{2}$", ["ab", "ກຂ", "abc", "a\n"]),
        (r"\$\.\(", ["$.(", "x"]),
        (r"^(a?){3}a{3}$", ["aaa", "aaaaaa", "aa", "aaaaaaa"]),
        (r"(^a|b$)", ["ac", "cb", "ca"]),
        (r"a+?b", ["aab", "b"]),
    ],
)
def test_a_pattern_matches_what_python_says(pattern: str, texts: list[str]) -> None:
    for text in texts:
        assert matches(pattern, text) == bool(re.search(pattern, text, re.ASCII)), text


@pytest.mark.parametrize(
    "pattern", [r"(a+)+$", r"(a|a)*$", r"(a|aa)+$", r"a*a*a*a*a*$", r"(.*a){12}$"]
)
def test_a_pattern_that_would_hang_other_engines_does_not(pattern: str) -> None:
    assert not matches(pattern + "x", "a" * 2_000)  # others would outlast the universe


@pytest.mark.parametrize(
    "pattern",
    [r"(?=a)b", r"(a)\1", "(", "a)", "[", "[b-a]", "*a", "a{2,1}", r"\p{L}", "a{", "(?P<x>a)"],
)
def test_what_is_not_offered_is_refused_with_a_sentence(pattern: str) -> None:
    with pytest.raises(BadExpression, match=r"pattern '.*\.$"):
        Pattern(pattern)


@pytest.mark.parametrize(
    "pattern", ["((a{99}){99}){99}", "(" * 200 + ")" * 200, "a" * 2_000, "(){999}" * 99]
)
def test_a_pattern_too_large_is_refused(pattern: str) -> None:
    with pytest.raises(BadExpression):
        Pattern(pattern)
