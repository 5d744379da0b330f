"""Whatever is typed, a reference is read rightly or not at all."""

from hypothesis import given
from hypothesis import strategies as st

from sync.reference import (
    ALPHABET,
    KIOSK_NUMBER_MAX,
    NUMBER_MAX,
    NotAReference,
    Reference,
    Suggestion,
    compose,
    parse,
)

numbers = st.tuples(st.integers(0, KIOSK_NUMBER_MAX), st.integers(0, NUMBER_MAX))


@given(numbers, st.sampled_from(["", " ", "-", "  "]))
def test_every_reference_comes_back_however_it_is_spaced(
    number: tuple[int, int], separator: str
) -> None:
    text = separator.join(compose(*number).replace("-", "")).lower()
    assert parse(text) == Reference(*number)


@given(numbers, st.lists(st.tuples(st.integers(0, 11), st.sampled_from(ALPHABET)), max_size=2))
def test_up_to_two_wrong_symbols_never_pass_as_another_reference(
    number: tuple[int, int], slips: list[tuple[int, str]]
) -> None:
    typed = list(compose(*number).replace("-", ""))
    for position, symbol in slips:
        typed[position] = symbol
    found = parse("".join(typed))
    if isinstance(found, Reference):
        assert found == Reference(*number)


@given(st.text(max_size=80))
def test_any_text_at_all_has_an_answer(text: str) -> None:
    assert isinstance(parse(text), Reference | Suggestion | NotAReference)
