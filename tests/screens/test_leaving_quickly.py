"""At a sensitive service one touch leaves, unasked: neither glass nor paper betrays her."""

import random
from string import ascii_lowercase

import pytest

from kiosk.screens.overlay import Veil
from tests.memory import holders_of
from tests.screens.driver import Driver, frame
from tests.screens.situations.complaining import asked, on_the_sheet
from tests.screens.test_keys import reach
from tests.screens.touch import Touch
from tests.screens.world import COMPLAINT


@pytest.fixture
def english(person: Driver) -> Driver:
    person.shell.speak("en")
    person.settle()
    return person


def touches_once(person: Driver, text: str) -> None:
    """A touch and one frame: whatever happens has happened then."""
    place = person.find(text)
    touch = Touch(*place.to_window(*place.center))
    touch.down()
    touch.up()
    frame()


def test_one_touch_wipes_in_the_same_frame_and_prints_nothing(english: Driver) -> None:
    asked("/data/office")(english)
    canary = "".join(random.choices(ascii_lowercase, k=12))  # a word that nothing else holds
    entry = english.world.visit.entry
    assert entry is not None
    entry.answer("/data/what_happened", canary)
    del entry
    touches_once(english, "Leave now")
    assert english.shell.place.name == "attract"
    assert english.world.visit.entry is None
    assert not english.world.visit.begun
    assert not isinstance(english.shell.children[0], Veil)
    english.settle()
    assert not english.sees("omplain")
    assert english.shell.notice_text == ""
    english.draw()
    assert holders_of(canary) == []
    assert english.world.jobs.find_oldest() is None
    assert english.world.desk.unfinished_count() == 0


def test_from_its_sheet_on_and_with_the_keys_on_screen_too(english: Driver) -> None:
    on_the_sheet(english)
    touches_once(english, "Leave now")
    assert english.shell.place.name == "attract"
    english.shell.speak("en")
    english.settle()
    asked("/data/what_happened")(english)
    english.tap(next(one for one in english.visible() if type(one).__name__ == "Field"))
    assert english.shell.keyboard.is_open
    touches_once(english, "Leave now")
    assert english.shell.place.name == "attract"


def test_keys_leave_as_quickly(english: Driver) -> None:
    asked("/data/office")(english)
    reach(english, "Leave now")
    assert english.shell.place.name == "attract"


def test_what_is_handed_in_stays_handed_in(english: Driver) -> None:
    english.world.visit.begin("en")
    english.world.visit.hands_in(english.world.complains())
    english.shell.go("receipt", service_id=COMPLAINT)
    english.settle()
    touches_once(english, "Leave now")
    assert english.shell.place.name == "attract"
    assert english.world.visit.submitted is None
    assert english.world.jobs.find_oldest() is not None  # her receipt is a promise


def test_help_says_what_it_does(english: Driver) -> None:
    asked("/data/office")(english)
    english.tap("Help")
    assert "Leave now" in english.shell.screen.spoken()
    assert "Start over" not in english.shell.screen.spoken()


def test_whoever_asks_help_may_continue_another_day(english: Driver) -> None:
    asked("/data/office")(english)
    english.tap("Help")
    english.tap("Continue another day")
    english.expect("Nothing is handed in yet.")
    assert english.world.desk.unfinished_count() == 1
    assert english.world.visit.entry is None


def test_other_services_ask_first(english: Driver) -> None:
    english.tap("English")
    english.tap("Residence certificate")
    english.tap("Apply")
    assert not english.sees("Leave now")
    english.tap("Start over")
    english.expect("Do you want to stop and start over?")
