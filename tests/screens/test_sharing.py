"""A short group stands on one page, each question with its own control, by touch and by keys."""

import pytest

from kiosk.forms.entry import Entry
from kiosk.screens.group_answer import GroupAnswer, QuestionRow
from kiosk.screens.question import PROBLEM
from kiosk.screens.question_block import ASKED_FOR, QuestionBlock
from kiosk.screens.widgets import Tappable
from sync.records import Status
from tests.screens.driver import Driver
from tests.screens.short_groups import SHORT_GROUPS, publish_short_groups
from tests.screens.situations.kinds import with_player
from tests.screens.situations.sharing import sharing
from tests.screens.test_keys import figures, pointed, press
from tests.tones import tone

STAR, ENTER, BACKSPACE = 42, 13, 8
TOUCH = "Touch to answer"
NEEDED = "This question needs an answer."
GIVEN = {
    "/data/household/married": "yes",
    "/data/household/people": "4",
    "/data/water/source": "well",
    "/data/animals/has_animals": "no",
}


@pytest.fixture
def english(person: Driver) -> Driver:
    person.shell.speak("en")
    person.settle()
    return person


def value(person: Driver, path: str) -> str:
    entry: Entry | None = person.shell.visit.entry
    assert entry is not None
    return entry.value_of(f"/data/{path}")


def icon(person: Driver, name: str) -> Tappable:
    """The first thing to touch with that icon, as one reads."""
    found = [w for w in person.visible() if isinstance(w, Tappable)]
    return next(w for w in found if getattr(w, "icon", "") == name and not w.disabled)


def stand(person: Driver) -> list[str]:
    """The questions that stand on the glass with their controls."""
    return [w.question for w in person.visible() if isinstance(w, QuestionBlock)]


def test_each_question_is_answered_where_it_stands(english: Driver) -> None:
    sharing("household")(english)
    assert len(stand(english)) == 3
    english.tap("Yes")
    english.tap(icon(english, "plus"))
    english.tap(icon(english, "plus"))
    english.tap(icon(english, "minus"))
    assert (value(english, "household/married"), value(english, "household/people")) == ("yes", "1")
    english.tap(TOUCH)  # the year: a page of its own, which leads back
    english.type("2001")
    english.tap("Continue")
    english.tap("I only know the year")
    assert value(english, "household/since") == "2001"
    assert len(stand(english)) == 3
    english.expect("2001")
    english.tap("Continue")
    english.expect("Water and light")


def test_what_is_wrong_is_said_at_the_top_and_at_its_question(english: Driver) -> None:
    sharing("household")(english)
    english.tap("Continue")
    english.expect(PROBLEM)
    english.expect(NEEDED)  # at the first of two
    assert english.shell.screen.spoken()[0] == PROBLEM
    english.tap("Yes")
    assert english.words().count(NEEDED) == 2  # at the other one, and at the top
    assert english.shell.screen.spoken()[0] == NEEDED
    english.tap(icon(english, "minus"))
    english.tap("Continue")
    assert english.words().count("There is at least one: you.") == 2
    assert value(english, "household/people") == "0"  # kept
    english.tap(icon(english, "plus"))
    assert not english.sees("There is at least one")


def test_twelve_keys_answer_a_shared_page(english: Driver) -> None:
    sharing("household")(english)
    figures(english, "2")
    assert value(english, "household/married") == "no"
    while not (at := pointed(english)) or TOUCH not in str(getattr(at, "text", "")):
        press(STAR)
    figures(english, "12")
    press(BACKSPACE)
    english.settle()
    assert value(english, "household/people") == "1"
    press(ENTER)  # the box opens the large keys
    english.settle()
    figures(english, "4")
    assert value(english, "household/people") == "14"


def test_what_an_answer_asks_for_joins_the_page(english: Driver) -> None:
    sharing("animals")(english)
    assert len(stand(english)) == 1
    block = next(w for w in english.visible() if isinstance(w, QuestionBlock))
    english.tap("Yes")
    assert len(stand(english)) == 3
    assert block in english.visible()
    english.tap([w for w in english.visible() if getattr(w, "text", "") == TOUCH][-2])
    assert english.shell.keyboard.is_open  # the hint was read on the page
    english.type("hens")
    english.tap("Continue")
    assert value(english, "animals/other") == "hens"
    english.tap("No")
    assert len(stand(english)) == 1


def test_listen_reads_each_question_and_an_ear_reads_its_own(english: Driver) -> None:
    player = with_player(english)
    sharing("water")(english)
    english.tap("Listen")
    assert player.heard == [tone(440), tone(660)]
    english.tap([w for w in english.visible() if getattr(w, "icon", "") == "listen"][-1])
    assert player.heard[2:] == [tone(660)]


def test_without_room_the_questions_are_a_list_that_opens_them(english: Driver) -> None:
    sharing("work")(english)
    answer = english.shell.screen._answer
    assert isinstance(answer, GroupAnswer)
    assert stand(english) == []
    assert [w for w in english.visible() if isinstance(w, QuestionRow)]
    assert english.turn_page()
    english.tap("What is work 4?")
    english.expect("What is work 4?")
    assert not english.sees("What is work 5?")


def test_continue_turns_to_what_has_not_stood_on_the_glass(english: Driver) -> None:
    sharing("work")(english)
    assert not english.sees("What is work 7?")
    for _page in range(6):
        if not english.sees("What is work 7?"):
            english.tap("Continue")
    english.expect("What is work 7?")
    assert english.shell.place.name == "question"
    english.tap("What is work 7?")
    english.type("smith")
    english.tap("Continue")
    english.expect("What is work 7?")  # where she was
    english.expect("smith")
    english.tap("Continue")
    assert english.shell.place.name == "check"


def test_who_comes_to_change_one_answer_is_led_there_and_back(english: Driver) -> None:
    sharing("work")(english)
    english.shell.go("check", service_id=SHORT_GROUPS)
    english.shell.go("question", service_id=SHORT_GROUPS, path="/data/jobs/work7")
    english.settle()
    english.expect("What is work 7?")
    english.tap("Continue")
    assert english.shell.place.name == "check"


def test_of_a_page_of_several_only_what_the_office_asks_for_is_marked(english: Driver) -> None:
    hands_in_and_gets_back(english, "/data/jobs/work1", "/data/jobs/work7")
    english.tap("Correct it now")
    english.tap("Correct what is asked")
    assert marked(english) == ["What is work 1? (optional)"]
    english.tap("Continue")
    assert marked(english) == ["What is work 7? (optional)"]  # on another page, not passed unseen
    english.tap("Continue")
    assert english.shell.place.name == "check"
    assert not english.sees("Correct what is asked")


def test_a_question_that_stands_with_its_control_is_marked_too(english: Driver) -> None:
    hands_in_and_gets_back(english, "/data/animals/has_animals")
    english.tap("Correct it now")
    english.tap("Correct what is asked")
    assert stand(english) == marked(english) == ["Do you keep animals?"]
    assert english.words().count(ASKED_FOR) == 2  # there, and beside Continue


def hands_in_and_gets_back(person: Driver, *asked: str) -> None:
    """Her application came back, and her receipt is under the scanner."""
    world = person.world
    publish_short_groups(world)
    entry = world.desk.begin(SHORT_GROUPS)
    for path, value in GIVEN.items():
        assert entry.answer(path, value) is None
    assert entry.go_to_end() == ()
    submitted = world.desk.submit(entry)
    world.decides(submitted, Status.RETURNED, asked=asked)
    world.scanner.reads(submitted.receipt.token)
    person.passes_s(0.5)
    person.shell.speak("en")
    person.settle()


def marked(person: Driver) -> list[str]:
    """The questions on the glass beside which it is said that they are asked for."""
    held = [w for w in person.visible() if isinstance(w, QuestionBlock | QuestionRow)]
    return [one.question for one in held if one.mark]
