"""Where somebody stops is counted by touch, and nothing of who she was."""

import pytest

from kiosk.app import Kiosk, _window
from kiosk.screens.rescue import Rescue
from sync.journey import CHECK, CONFIRM, Journeys, Steps
from tests.screens.driver import Driver
from tests.screens.situations.applying import checking, full_disk, open_form
from tests.screens.test_applying import type_words
from tests.screens.world import IDLE_S, WARNING_S
from tests.unit.test_journey import is_on_a_later_day

NAME = "mai vang"


def journeys_of(person: Driver) -> list[Journeys]:
    person.passes_s(0.5)  # the next look, while nobody is here
    return [journeys for _day, journeys in person.world.ledger.journeys()]


def numbers(journeys: Journeys) -> dict[str, tuple[int, ...]]:
    """Shown, said to be wrong, left here."""
    return {
        path.rpartition("/")[2]: steps.numbers()[:3] for path, steps in journeys.questions.items()
    }


def test_who_stops_at_the_third_question_is_counted_there(person: Driver) -> None:
    person.shell.speak("en")
    person.settle()
    open_form(person)
    person.tap("For myself")
    person.world.now_s += 12
    person.tap("Continue")
    type_words(person, NAME)
    person.tap("Continue")  # without a year of birth
    person.world.visit.touch()
    assert person.world.ledger.journeys() == [], "while she is here, nothing is written"
    person.passes_s(IDLE_S + 1)
    person.passes_s(WARNING_S)
    assert person.shell.place.name == "attract"
    (journeys,) = journeys_of(person)
    assert (journeys.begun, journeys.handed_in, journeys.language) == (1, 0, "en")
    assert numbers(journeys) == {
        "for_whom": (1, 0, 0),
        "full_name": (1, 0, 0),
        "birth_date": (1, 1, 1),
    }
    assert journeys.questions["/data/for_whom"].seconds == (0, 1, 0, 0)
    assert NAME not in str(list(person.world.ledger.database["journey_question"].rows))


def test_the_pages_behind_the_questions_are_places_too(person: Driver) -> None:
    checking()(person)
    person.shell.wipe()
    assert numbers(journeys_of(person)[0])[CHECK] == (1, 0, 1)


def test_who_hands_in_has_left_nowhere_and_a_full_disk_is_no_fault_of_a_question(
    person: Driver,
) -> None:
    person.shell.speak("en")
    person.settle()
    checking()(person)
    person.tap("These answers are right")
    with full_disk(person.world):
        person.tap("Hand in my application")
    person.tap("Hand in my application")
    person.expect("Your application is handed in")
    person.shell.wipe()
    (journeys,) = journeys_of(person)
    assert (journeys.begun, journeys.handed_in) == (1, 1)
    assert sum(steps.left for steps in journeys.questions.values()) == 0
    assert journeys.questions[CONFIRM] == Steps(1, 1, 0, (1, 0, 0, 0))


def test_our_own_failure_counts_as_left_where_it_happened(person: Driver) -> None:
    open_form(person)
    Rescue(person.shell).handle_exception(ValueError())
    person.settle()
    assert numbers(journeys_of(person)[0]) == {"for_whom": (1, 0, 1)}


def test_the_day_before_leaves_while_nobody_is_here(
    person: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = person.world
    open_form(person)
    person.shell.wipe()
    assert journeys_of(person)
    is_on_a_later_day(world, monkeypatch)
    app = _window(
        Kiosk(
            begin=lambda: None,
            desk=world.desk,
            technician=world.technician,
            visit=world.visit,
            scanner=None,
            photos=None,
            files=None,
            microphone=None,
            camera_looks_down=False,
        )
    )
    open_form(person)
    app._tidy_desk()
    assert not world.ledger.has_waiting(), "she shall not wait for it"
    person.shell.wipe()
    app._tidy_desk()
    assert [item.kind for item in world.ledger.queue()] == ["journey"]
