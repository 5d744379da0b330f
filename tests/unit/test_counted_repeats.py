"""A number that says how many there are may be corrected: what was given for each is not lost."""

import pytest

from kiosk.forms.entry import Entry
from tests.forms import TODAY, entry

PHOTO = b"\xff\xd8\xff"
FORM = """
| survey | | | | | | | |
| | type | name | label | repeat_count | calculation | required | relevant |
| | integer | n | How many | | | | |
| | begin_repeat | c | Child | ${n} | | | |
| | text | name | Name | | | | |
| | text | school | School | | | | ${name} != '' |
| | image | photo | Photo | | | yes | |
| | calculate | place | | | position(..) | | |
| | begin_repeat | toy | Toy | | | | |
| | text | what | What | | | | |
| | end_repeat | | | | | | |
| | end_repeat | | | | | | |
| | calculate | many | | | count(${c}) | | |
| | calculate | names | | | join(' ', ${name}) | | |
"""


@pytest.fixture
def filling() -> Entry:
    filling = entry(FORM, language="en")
    filling.answer("/data/n", "3")
    for number in (1, 2, 3):
        filling.answer(f"/data/c[{number}]/name", f"kid{number}")
        filling.attach(f"/data/c[{number}]/photo", PHOTO + bytes([number]), "image/jpeg")
    filling.answer("/data/c[3]/school", "Ban Na")
    return filling


def names(filling: Entry) -> list[str]:
    return [str(row.get("name", "")) for row in filling.record()["answers"].get("c", [])]


def test_a_number_corrected_key_by_key_keeps_what_was_given(filling: Entry) -> None:
    for typed in ("", "4"):
        filling.answer("/data/n", typed)
    assert names(filling) == ["kid1", "kid2", "kid3", ""]
    assert [one.data[-1] for one in filling.attachments()] == [1, 2, 3]
    assert filling.value_of("/data/c[3]/school") == "Ban Na"
    assert [filling.value_of(f"/data/c[{n}]/place") for n in (1, 2, 3, 4)] == ["1", "2", "3", "4"]


def test_what_is_beyond_the_number_is_not_read_asked_or_sent(filling: Entry) -> None:
    filling.answer("/data/n", "1")
    assert (filling.value_of("/data/many"), filling.value_of("/data/names")) == ("1", "kid1")
    assert names(filling) == ["kid1"]
    assert [one.data[-1] for one in filling.attachments()] == [1]
    assert all(line.path.startswith(("/data/n", "/data/c[1]/")) for line in filling.lines())
    assert filling.violations() == ()
    opened = Entry.from_record(filling.definition, filling.record(), language="en", today=TODAY)
    opened.answer("/data/n", "3")
    assert names(opened) == ["kid1", "", ""]


def test_what_comes_back_is_whole_and_in_its_order(filling: Entry) -> None:
    toy = filling.add_repeat("/data/c[2]/toy")
    filling.answer(f"{toy}/what", "ball")
    for typed in ("1", "12", "2", "0", "3"):
        filling.answer("/data/n", typed)
    assert names(filling) == ["kid1", "kid2", "kid3"]
    assert filling.value_of(f"{toy}/what") == "ball"
    assert filling.value_of("/data/names") == "kid1 kid2 kid3"


def test_what_is_kept_aside_takes_no_room_and_is_forgotten_with_the_rest(filling: Entry) -> None:
    model = filling._model
    room = model._size
    kept = model.nodes("/data/c/name")[2]
    for typed in ("200", "", "3"):
        filling.answer("/data/n", typed)
        assert model._size == sum(1 for _ in model.root.descendants())
    assert model._size == room
    filling.answer("/data/n", "1")
    filling.forget()
    assert kept.kept == kept.value == ""
    filling.answer("/data/n", "3")
    assert names(filling) == ["", "", ""]
    assert filling.attachments() == ()


def test_what_stands_in_an_instance_that_is_taken_away_goes_with_it() -> None:
    filling = entry(
        """
| survey | | | | |
| | type | name | label | repeat_count |
| | begin_repeat | home | Home | |
| | integer | n | How many | |
| | begin_repeat | c | Child | ${n} |
| | image | photo | Photo | |
| | end_repeat | | | |
| | end_repeat | | | |
""",
        language="en",
    )
    filling.add_repeat("/data/home")
    filling.answer("/data/home[1]/n", "2")
    filling.attach("/data/home[1]/c[2]/photo", PHOTO, "image/jpeg")
    assert sum(line.path.endswith("/photo") for line in filling.lines()) == 2  # this home's only
    filling.answer("/data/home[1]/n", "1")
    assert filling.remove_repeat("/data/home[1]")
    assert (filling._model._aside, filling._attachments) == ({}, {})
    assert filling._model._size == sum(1 for _ in filling._model.root.descendants())


# --- more than there may be -----------------------------------------------------------------------

TOO_MANY = "This kiosk takes at most 200. Please give a smaller number."


def test_a_number_beyond_what_a_kiosk_takes_is_said_and_holds_her_there(filling: Entry) -> None:
    wrong = filling.answer("/data/n", "10000")
    assert wrong is not None
    assert (wrong.path, wrong.message) == ("/data/n", TOO_MANY)
    assert filling.go_to("/data/n")
    assert [one.message for one in filling.advance()] == [TOO_MANY]
    assert filling.violations()[0].path == "/data/n"
    assert filling.answer("/data/n", "200") is None
    assert filling.advance() == ()


SUMMED = """
| survey | | | | | |
| | type | name | label | repeat_count | calculation |
| | select_one yn | has | Are there any? | | |
| | integer | girls | Girls | | |
| | integer | boys | Boys | | |
| | calculate | all | | | if(${has} = 'n', 0, ${girls} + coalesce(${boys}, 0)) |
| | begin_repeat | c | Child | ${all} | |
| | text | name | Name | | |
| | end_repeat | | | | |
| choices | | |
| | list_name | name | label |
| | yn | y | Yes |
| | yn | n | No |
"""


def test_of_numbers_that_are_added_up_the_last_one_answered_is_said_to_be_too_great() -> None:
    filling = entry(SUMMED, language="en")
    filling.answer("/data/has", "y")
    assert filling.answer("/data/girls", "150") is None
    wrong = filling.answer("/data/boys", "51")
    assert wrong is not None
    assert [(one.path, one.message) for one in filling.violations()] == [("/data/boys", TOO_MANY)]
    assert filling.answer("/data/girls", "149") is None
    assert filling.violations() == ()


# --- several, and in order ------------------------------------------------------------------------

ORDERED = """
| survey | | | | | |
| | type | name | label | parameters | required |
| | rank f | order | Order | | |
| | select_multiple f | many | Many | | |
| | range | grade | Grade | start=1 end=5 step=1 | |
| choices | | |
| | list_name | name | label |
| | f | a | Water |
| | f | b | Road |
| | f | c | School |
"""


def test_an_order_that_leaves_something_out_says_what() -> None:
    filling = entry(ORDERED, language="en")
    wrong = filling.answer("/data/order", "b")
    assert wrong is not None
    assert wrong.message == "Please put these in order too: Water, School."
    assert [one.path for one in filling.violations()] == ["/data/order"]
    assert filling.answer("/data/order", "b c a") is None
    assert filling.answer("/data/order", "") is None  # it need not be answered


def test_what_is_chosen_twice_is_chosen() -> None:
    filling = entry(ORDERED, language="en")
    filling.answer("/data/order", "a a b c")
    filling.answer("/data/many", " b  b a ")
    assert filling.record()["answers"] == {"order": "a b c", "many": "b a"}
    assert filling.violations() == ()


def test_a_range_of_whole_numbers_takes_no_part_of_one() -> None:
    filling = entry(ORDERED, language="en")
    wrong = filling.answer("/data/grade", "2.5")
    assert wrong is not None
    assert wrong.message == "Please give a whole number, for example 12."
    assert filling.answer("/data/grade", "2") is None
