"""When somebody leaves, nothing of her stays; nobody is thrown out unasked."""

import gc
import random
from dataclasses import replace
from pathlib import Path
from string import ascii_lowercase

import pytest

from kiosk.devices.chime import chime
from kiosk.devices.sound import Clips, words_hash
from kiosk.language import language
from kiosk.screens.overlay import STILL_HERE
from kiosk.screens.screen import Screen
from kiosk.screens.text import Field
from tests.memory import holders_of
from tests.screens.driver import Driver
from tests.screens.situations.kinds import Player
from tests.screens.world import IDLE_S, WARNING_S


@pytest.fixture
def applicant(person: Driver) -> Driver:
    """Somebody who has begun to fill in a form."""
    person.tap("English")
    person.tap("Residence certificate")
    person.tap("Apply")
    person.reads_the_notice()
    return person


def test_silence_is_asked_about_first(person: Driver) -> None:
    person.tap("English")
    person.passes_s(IDLE_S + 1)
    person.expect("Are you still here?")
    assert person.world.visit.begun


def test_i_am_still_here_may_be_answered_without_limit(person: Driver) -> None:
    person.tap("English")
    for _time in range(12):
        person.passes_s(IDLE_S + 1)
        person.tap("I am still here")
        assert not person.sees("Are you still here?")
    assert person.world.visit.begun


def test_nothing_behind_the_question_can_be_touched(person: Driver) -> None:
    person.tap("English")
    service = person.find("Residence certificate")
    person.passes_s(IDLE_S + 1)
    person.tap(service)
    assert person.shell.place.name == "home"


def test_no_answer_wipes_everything(applicant: Driver) -> None:
    applicant.passes_s(IDLE_S + 1)
    applicant.passes_s(WARNING_S)
    assert applicant.shell.place.name == "attract"
    assert applicant.world.visit.entry is None
    assert language() == "lo"


def test_the_warning_is_heard_twice_and_no_answer_is_still_an_answer(person: Driver) -> None:
    player = Player()
    person.shell.devices = replace(person.shell.devices, player=player)
    person.tap("English")
    person.passes_s(IDLE_S + 1)
    assert player.heard == [chime()]
    person.passes_s(WARNING_S - 10)
    assert player.heard == 2 * [chime()]
    assert player.playing  # the call is not taken for somebody who listens
    person.passes_s(10)
    assert person.shell.place.name == "attract"
    assert not player.playing


def test_the_warning_says_its_words_where_they_were_recorded(
    person: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = tmp_path / "still-here.ogg"
    clip.write_bytes(b"are you still here?")
    clips = Clips("en", tmp_path, {STILL_HERE: (clip.name, words_hash(STILL_HERE))})
    monkeypatch.setattr(Clips, "of", lambda _language: clips)
    player = Player()
    person.shell.devices = replace(person.shell.devices, player=player)
    person.tap("English")
    person.passes_s(IDLE_S + 1)
    assert player.heard == [chime(), b"are you still here?"]


def test_nobody_is_asked_while_she_listens_to_the_page(person: Driver) -> None:
    player = Player()
    person.shell.devices = replace(person.shell.devices, player=player)
    person.tap("English")
    player.playing = True
    for _time in range(4):
        person.passes_s(IDLE_S - 1)
    assert not person.sees("Are you still here?")
    player.playing = False
    person.passes_s(IDLE_S + 1)
    person.expect("Are you still here?")


def test_the_warning_counts_down(person: Driver) -> None:
    person.tap("English")
    person.passes_s(IDLE_S + 1)
    person.expect(f"{WARNING_S - 1} seconds")
    person.passes_s(10)
    person.expect(f"{WARNING_S - 11} seconds")


def test_start_over_asks_before_it_erases_answers(applicant: Driver) -> None:
    applicant.tap("Start over")
    applicant.tap("Keep my answers")
    assert applicant.world.visit.entry is not None
    applicant.tap("Start over")
    applicant.tap("Erase and start over")
    assert applicant.world.visit.entry is None
    assert applicant.shell.place.name == "attract"


def test_finish_wipes_before_it_thanks_in_her_language(person: Driver) -> None:
    submitted = person.world.submits()
    person.tap("English")
    person.world.scanner.reads(submitted.receipt.token)
    person.passes_s(0.5)
    person.tap("Finish")
    person.expect("Thank you")
    assert submitted.receipt.claims.reference not in str(person.shell._places)
    person.tap("Finish")
    assert language() == "lo"


def test_what_was_typed_is_nowhere_in_memory_afterwards(person: Driver) -> None:
    person.tap("English")
    field = Field(size_hint_y=None, height=120)
    person.shell.screen.add_widget(field)
    person.shell.keyboard.open_for(field, "latin")
    person.settle()
    typed = "".join(random.choices(ascii_lowercase, k=9))  # a word that nothing else holds
    for letter in typed:
        person.type(letter)
    assert field.text == typed
    person.draw()
    assert holders_of(typed)
    field.forget()  # as every screen does with its fields when it is left
    del field
    person.shell.wipe()
    person.settle()
    assert holders_of(typed) == []


def screens_alive() -> list[str]:
    gc.collect()
    kinds = (type(thing) for thing in gc.get_objects())
    return sorted(kind.__name__ for kind in kinds if issubclass(kind, Screen))


def test_a_left_screen_is_kept_by_nothing(person: Driver) -> None:
    person.tap("English")
    before = screens_alive()
    for _time in range(3):
        person.tap("Residence certificate")
        person.tap("ພາສາລາວ")
        person.tap("English")
        person.tap("Back")
    assert screens_alive() == before


def test_visits_leave_no_questions_behind(person: Driver) -> None:
    for _time in range(3):
        person.tap("English")
        person.tap("Residence certificate")
        person.tap("Apply")
        person.reads_the_notice()
        person.shell.wipe()
        person.settle()
    # Kivy holds on to the last text field that was drawn, and so to its screen: one, emptied.
    assert screens_alive().count("QuestionScreen") <= 1


def test_a_second_tap_at_once_was_meant_for_the_page_before(person: Driver) -> None:
    person.shell.double_tap_s = 60.0
    person.tap("English")
    assert person.shell.place.name == "attract"  # the entrance itself had just appeared
    person.shell.double_tap_s = 0.0
    person.tap("English")
    person.shell.double_tap_s = 60.0
    person.tap("Residence certificate")
    assert person.shell.place.name == "home"
