"""A name is found by its first letter and by what people type, however they spell it."""

import pytest

from kiosk.forms.entry import Choice
from kiosk.screens.name_index import FIGURES, LATIN, NameIndex, first_letter, folded

NAMES = ("ເມືອງສິງ", "ສີໂຄດຕະບອງ", "ຊຳເໜືອ", "ໝອກໃໝ່", "ຫຼວງນ້ຳທາ", "ນ້ຳບາກ", "ໄຊເສດຖາ", "ກາສີ")


def index(*labels: str) -> NameIndex:
    return NameIndex(tuple(Choice(f"n{at}", label) for at, label in enumerate(labels)))


@pytest.mark.parametrize(
    ("label", "letter"),
    [
        *(("ເມືອງສິງ", "ມ"), ("ໄຊເສດຖາ", "ຊ"), ("ໝອກ", "ຫ"), ("ຫຼວງ", "ຫ"), ("ກາສີ", "ກ")),
        *(("sing", "S"), ("Élan", "E"), ("(Old) Town", "O"), ("12", ""), ("", "")),
    ],
)
def test_a_name_stands_under_the_letter_that_readers_look_for(label: str, letter: str) -> None:
    assert first_letter(label) == letter


def test_letters_stand_in_the_order_of_the_lao_alphabet_then_of_the_latin() -> None:
    letters = index(*NAMES, "Bank", "Élan", "Abc", "7").letters
    assert letters == ["ກ", "ສ", "ຊ", "ນ", "ມ", "ຫ", "A", "B", "E", FIGURES]


def test_names_under_a_letter_stand_in_order() -> None:
    names = index("ສີ", "ເສດຖາ", "ສະຫວັນ", "ກາ", "ສາ").under("ສ")
    assert [choice.label for choice in names] == ["ສະຫວັນ", "ສາ", "ສີ", "ເສດຖາ"]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        *(("ນຳບາກ", "ນ້ຳບາກ"), ("ນໍ້າບາ", "ນ້ຳບາກ"), ("ຫລວງ", "ຫຼວງນ້ຳທາ"), ("ຫມອກ", "ໝອກໃໝ່")),
        *(("ຊຳ ເໜືອ", "ຊຳເໜືອ"), ("ສິງ", "ເມືອງສິງ"), ("ໃຊ", "ໄຊເສດຖາ"), ("ກາສີ", "ກາສີ")),
    ],
)
def test_a_name_is_found_however_it_is_spelt(typed: str, label: str) -> None:
    assert [choice.label for choice in index(*NAMES).matching(typed)] == [label]


def test_names_that_begin_so_come_before_names_that_hold_it() -> None:
    found = index("New Town", "Town", "town hall", "Village").matching("TOWN")
    assert [choice.label for choice in found] == ["Town", "town hall", "New Town"]


def test_another_vowel_is_another_name() -> None:
    assert folded("ກີ") != folded("ກິ")
    assert not index("ກີ").matching("ກິ")


def test_nothing_typed_leaves_all_and_nonsense_leaves_none() -> None:
    names = index(*NAMES)
    assert names.matching(" -") == names.choices
    assert names.matching("xyz") == ()


def test_too_many_letters_leave_the_lao_ones_and_one_for_all_others() -> None:
    labels = (*"ກຂຄງຈ", *"ABCDE", "7")
    choices = tuple(Choice(label, label) for label in labels)
    short = NameIndex(choices, letters_max=8)
    assert short.letters == [*"ກຂຄງຈ", LATIN]
    assert [choice.label for choice in short.under(LATIN)] == ["A", "B", "C", "D", "E", "7"]
