"""The keyboard on the screen types Lao, Latin letters and digits into the field above it."""

import pytest

from kiosk.screens.text import Field
from tests.screens.driver import Driver, NotOnScreen


@pytest.fixture
def field(person: Driver) -> Field:
    """A field on the page, with the Lao keys open for it."""
    person.tap("English")
    typed_into = Field(size_hint_y=None, height=120)
    person.shell.ids.page.add_widget(typed_into)
    person.shell.keyboard.open_for(typed_into, "lo")
    person.settle()
    return typed_into


def key(person: Driver, value: str) -> None:
    person.tap(next(w for w in person.visible() if getattr(w, "value", "") == value))


def test_it_types_lao_with_marks_and_a_space(person: Driver, field: Field) -> None:
    person.type("ນ້ຳ ປາ")
    assert field.text == "ນ້ຳ ປາ"


def test_shift_holds_for_one_key(person: Driver, field: Field) -> None:
    key(person, "{shift}")
    person.type("ຮ")
    person.type("ກ")
    assert field.text == "ຮກ"


def test_shift_touched_twice_is_taken_back(person: Driver, field: Field) -> None:
    key(person, "{shift}")
    key(person, "{shift}")
    person.type("ຣ")
    assert field.text == "ຣ"


def test_backspace_takes_back_one_mark(person: Driver, field: Field) -> None:
    person.type("ນ້ຳ")
    key(person, "{backspace}")
    assert field.text == "ນ້"


def test_one_touch_leads_to_latin_letters_and_digits(person: Driver, field: Field) -> None:
    person.tap("abc")
    person.type("mai 12")
    person.tap("123")
    person.type("/3")
    person.tap("ກຂຄ")
    person.type("ກ")
    assert field.text == "mai 12/3ກ"


def test_the_page_lies_above_the_keys(person: Driver, field: Field) -> None:
    keyboard, page = person.shell.keyboard, person.shell.ids.page
    assert page.y == pytest.approx(keyboard.top, abs=1)
    assert field.y >= keyboard.top


def test_the_field_keeps_the_focus_while_keys_are_touched(person: Driver, field: Field) -> None:
    person.type("ກ")
    assert field.focus


def test_it_folds_away_and_tells(person: Driver, field: Field) -> None:
    told = []
    person.shell.keyboard.open_for(field, "lo", lambda: told.append("folded"))
    person.settle()
    key(person, "{hide}")
    assert told == ["folded"]
    assert not person.shell.keyboard.is_open
    with pytest.raises(NotOnScreen):
        person.type("ກ")


@pytest.mark.usefixtures("field")
def test_it_is_gone_on_the_next_page(person: Driver) -> None:
    person.tap("Help")
    assert not person.shell.keyboard.is_open


def test_a_pad_of_digits_has_nothing_else(person: Driver, field: Field) -> None:
    person.shell.keyboard.open_for(field, "number")
    person.settle()
    person.type("2026")
    assert field.text == "2026"
    values = {w.value for w in person.visible() if hasattr(w, "value") and w.role == "key"}
    assert values == {*"0123456789", "{clear}", "{backspace}"}
