"""The reference: readable by people, and no slip of the finger makes another one."""

import itertools
import random

import pytest

from sync.reference import (
    ALPHABET,
    KIOSK_NUMBER_MAX,
    NUMBER_MAX,
    Flaw,
    NotAReference,
    Reference,
    Suggestion,
    compose,
    parse,
)

SAMPLES = [(0, 1), (1, 0), (4711, 123_456_789), (KIOSK_NUMBER_MAX, NUMBER_MAX)]


def symbols(reference: str) -> str:
    return reference.replace("-", "")


def test_a_reference_is_three_groups_of_four() -> None:
    assert compose(4711, 123_456_789) == "04K7-3NQK-8NZ6"


@pytest.mark.parametrize(("kiosk_number", "number"), SAMPLES)
def test_what_was_composed_is_parsed(kiosk_number: int, number: int) -> None:
    assert parse(compose(kiosk_number, number)) == Reference(kiosk_number, number)


@pytest.mark.parametrize(("kiosk_number", "number"), [(-1, 0), (0, -1), (1 << 20, 0), (0, 1 << 30)])
def test_a_number_that_does_not_fit_is_refused(kiosk_number: int, number: int) -> None:
    with pytest.raises(ValueError, match="is not between"):
        compose(kiosk_number, number)


@pytest.mark.parametrize(
    "typed",
    [
        "04k7-3nqk-8nz6",
        "04K73NQK8NZ6",
        "  o4K7 3NQK 8NZ6\r\n",
        "O4K7–3NQK–8NZ6",
        "໐໔K7-໓NQK-໘NZ໖",
        "0 4 K 7 3 N Q K 8 N Z 6",
    ],
)
def test_a_reference_is_read_kindly(typed: str) -> None:
    assert parse(typed) == Reference(4711, 123_456_789)


def test_i_and_l_are_read_as_one() -> None:
    reference = compose(1, 1)
    assert "1" in reference
    assert (
        parse(reference.replace("1", "I")) == parse(reference.replace("1", "l")) == Reference(1, 1)
    )


@pytest.mark.parametrize(
    ("typed", "flaw"),
    [
        ("", Flaw.LENGTH),
        ("04K7-3NQK-8NZ", Flaw.LENGTH),
        ("04K7-3NQK-8NZ6D", Flaw.LENGTH),
        ("0" * 5_000, Flaw.LENGTH),
        ("U4K7-3NQK-8NZ6", Flaw.CHARACTER),
        ("04K7-3NQK-8NZ\x1b", Flaw.CHARACTER),
        ("ກ4K7-3NQK-8NZ6", Flaw.CHARACTER),
        ("²4K7-3NQK-8NZ6", Flaw.CHARACTER),
    ],
)
def test_what_is_no_reference_is_said_to_be_none(typed: str, flaw: Flaw) -> None:
    assert parse(typed) == NotAReference(flaw)


@pytest.mark.parametrize(("kiosk_number", "number"), SAMPLES)
def test_any_single_wrong_symbol_is_corrected_as_a_question(kiosk_number: int, number: int) -> None:
    right = symbols(compose(kiosk_number, number))
    for position, wrong in itertools.product(range(12), ALPHABET):
        if wrong == right[position]:
            continue
        typed = right[:position] + wrong + right[position + 1 :]
        assert parse(typed) == Suggestion(Reference(kiosk_number, number), position)


def test_no_two_wrong_symbols_make_a_reference() -> None:
    """The code is linear: what holds around one reference holds around each. All 63,426 pairs."""
    right = symbols(compose(4711, 123_456_789))
    for first, second in itertools.combinations(range(12), 2):
        for one, two in itertools.product(ALPHABET, ALPHABET):
            if one == right[first] or two == right[second]:
                continue
            typed = list(right)
            typed[first], typed[second] = one, two
            assert not isinstance(parse("".join(typed)), Reference)


def test_no_two_symbols_change_places_unnoticed() -> None:
    random.seed(2)
    for _ in range(100):
        number = random.randrange(NUMBER_MAX)
        right = symbols(compose(random.randrange(KIOSK_NUMBER_MAX), number))
        for first, second in itertools.combinations(range(12), 2):
            typed = list(right)
            typed[first], typed[second] = typed[second], typed[first]
            if typed[first] != typed[second]:
                assert not isinstance(parse("".join(typed)), Reference)
