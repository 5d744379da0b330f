"""Every sample service is completed with the keys of a number pad alone: no touch, no letters.

`*` moves the ring, `#` presses, figures are figures; while something is written 5 presses. Nothing
here touches the glass, and nothing is answered past the screens. `make soak` takes every service;
else the two that between them have each kind of page, for the road is long in frames.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest
from kivy.core.window import Window
from kivy.uix.label import Label

from kiosk.forms.definition import QuestionKind
from kiosk.forms.entry import Entry, Question
from kiosk.language import NAMES
from kiosk.screens.pointer import HASH, PAD_0, STAR
from kiosk.screens.text import Field
from tests.sample_answers import ANSWERS, CERTIFICATION, COMPLAINT, FOLDERS
from tests.screens.driver import Driver, NotOnScreen, frame, walk

STEPS_MAX = 90
PAGES_MAX = 150
DATES = (QuestionKind.DATE, QuestionKind.PARTIAL_DATE)
ENTRANCES = {COMPLAINT: "Complain"}
LAST = {COMPLAINT: "Hand in my complaint"}

SERVICES = (*FOLDERS, COMPLAINT) if "EVERY_SERVICE" in os.environ else (CERTIFICATION, COMPLAINT)

Wanted = Callable[[Any], bool]


def press(key: int) -> None:
    Window.dispatch("on_key_down", key, 0, "", [])
    Window.dispatch("on_key_up", key, 0)


def passes() -> None:
    """A few frames: what was pressed stands on the glass."""
    for _frame in range(3):
        frame()


def figures(digits: str) -> None:
    for digit in digits:
        press(PAD_0 + int(digit))
        passes()


def find(person: Driver, wanted: Wanted) -> bool:
    """Move the ring on until it is around what is wanted; False after a whole round."""
    seen: list[Any] = []
    for _step in range(STEPS_MAX):
        at = person.shell._pointer._at
        if at is not None and wanted(at):
            return True
        if at is not None and at in seen:
            return False
        seen += [at] if at is not None else []
        press(STAR)
    return False


def reach(person: Driver, wanted: Wanted, what: str) -> None:
    """Press what is wanted, on whichever page of a list it stands."""
    for _page in range(PAGES_MAX):
        if find(person, wanted):
            press(PAD_0 + 5 if person.shell.keyboard.is_open else HASH)
            passes()
            return
        if not find(person, lambda at: getattr(at, "icon", "") == "down"):
            break
        press(HASH)
        passes()
    raise NotOnScreen(f"No key leads to {what!r}; the screen says {person.words()}.")


def reach_words(person: Driver, text: str) -> None:
    def says(at: Any) -> bool:
        return any(isinstance(part, Label) and text == part.text for part in walk(at))

    reach(person, says, text)


def write(person: Driver) -> None:
    """A letter on the screen's keyboard: the first one, for the way to any other is the same."""
    if not person.shell.keyboard.is_open:
        reach(person, lambda at: isinstance(at, Field), "the field")
    reach(person, lambda at: getattr(at, "value", "") == "1", "the first key")


def is_named(name: str) -> Wanted:
    """A choice, by its name in the form."""
    return lambda at: getattr(at, "name", "") == name


def answer(person: Driver, question: Question, value: str) -> None:
    if question.choices:
        for name in value.split():
            reach(person, is_named(name), name)
    elif question.kind in DATES:
        figures(value[:4])
        reach_words(person, "Continue")
        reach_words(person, "I only know the year")
    elif question.kind is QuestionKind.TEXT and "numbers" not in question.appearance:
        write(person)
    elif value:
        figures(value)


def entry_of(person: Driver) -> Entry:
    entry = person.shell.visit.entry
    assert entry is not None
    return entry


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_completed_with_a_number_pad(person: Driver, service: str) -> None:
    name = person.shell.desk.service(service).descriptor.name.of("en")
    reach_words(person, NAMES["en"])
    reach_words(person, ENTRANCES.get(service, name))
    for place in ("sheet", "notice"):
        assert person.shell.place.name == place
        while person.shell.place.name == place:
            press(HASH)  # with the ring nowhere: the main action
            passes()
    asked = 0
    while (page := entry_of(person).page) is not None:
        asked += 1
        assert asked < PAGES_MAX, f"It goes round at {page}."
        if page.repeat is not None:
            press(HASH)  # with the ring nowhere: that is all
            passes()
            continue
        (question,) = page.questions
        given = ANSWERS[service].get(question.path.rpartition("/")[2], "")
        if given:
            answer(person, question, given)
        now = entry_of(person).page
        if now is not None and now.questions and now.questions[0].path == question.path:
            reach_words(person, "Continue")
    reach_words(person, "These answers are right")
    reach_words(person, LAST.get(service, "Hand in my application"))
    assert person.shell.place.name == "receipt"
    assert entry_is_handed_in(person)


def entry_is_handed_in(person: Driver) -> bool:
    return person.shell.visit.submitted is not None and person.shell.visit.entry is None
