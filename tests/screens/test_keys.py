"""Everything that a finger can do is done with keys: a keypad's, or a keyboard's (INC-13)."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from kivy.base import EventLoop
from kivy.config import Config
from kivy.core.window import Keyboard as WindowKeyboard
from kivy.core.window import Window
from kivy.uix.label import Label

from kiosk.screens import doors
from kiosk.screens.keyboard import Key
from kiosk.screens.overlay import Veil
from kiosk.screens.pointer import BACKSPACE, DOWN, ENTER, ESCAPE, HASH, PAD_0, PRESSING, STAR, TAB
from kiosk.screens.text import Field
from kiosk.screens.widgets import Tappable
from sync.envelope import open_answers, open_secret
from tests.screens.driver import Driver, NotOnScreen, frame, walk
from tests.screens.household import HOUSEHOLD, publish_household
from tests.screens.situations.applying import at as at_question
from tests.screens.situations.finding_out import at_home
from tests.screens.situations.listing import at

STEPS_MAX = 120


def press(key: int) -> None:
    """One key of a keyboard goes down and up."""
    Window.dispatch("on_key_down", key, 0, "", [])
    Window.dispatch("on_key_up", key, 0)
    frame()


def figures(person: Driver, digits: str) -> None:
    """Figures on a number pad."""
    for digit in digits:
        press(PAD_0 + int(digit))
    person.settle()


def pointed(person: Driver) -> Tappable | Field | None:
    """Where the ring is."""
    shown = (one for one in person.widgets() if isinstance(one, Tappable | Field))
    return next((one for one in shown if one.pointed), None)


def says(target: object, text: str) -> bool:
    return target is not None and any(
        isinstance(part, Label) and text in part.text for part in walk(target)
    )


def reach(person: Driver, text: str, *, key: int = TAB) -> None:
    """Move the ring to what says so, and touch it."""
    for _step in range(STEPS_MAX):
        if says(pointed(person), text):
            press(ENTER)
            person.settle()
            return
        press(key)
    raise NotOnScreen(f"No key leads to {text!r}; the screen says {person.words()}.")


def write(person: Driver, words: str) -> None:
    """Letters on the screen's keyboard, with the arrows and the Enter of a number pad."""
    if not person.shell.keyboard.is_open:
        for _step in range(STEPS_MAX):
            if isinstance(pointed(person), Field):
                break
            press(TAB)
        press(ENTER)
        person.settle()
    for character in words:
        for _step in range(STEPS_MAX):
            ring, key = pointed(person), person._key(character)
            if ring is key:
                break
            if not isinstance(ring, Key):
                press(TAB)
                continue
            x, y = key.center_x - ring.center_x, key.center_y - ring.center_y
            if abs(y) > ring.height / 2:
                press(PAD_0 + (8 if y > 0 else 2))
            else:
                press(PAD_0 + (6 if x > 0 else 4))
        press(PAD_0 + 5)
        frame()
    person.settle()


def test_a_service_is_completed_with_keys_alone(person: Driver) -> None:
    publish_household(person.world)
    reach(person, "English")
    reach(person, "Children and villages")
    reach(person, "Apply")
    reach(person, "Continue")  # what becomes of her answers
    write(person, "noy")
    reach(person, "Continue")
    figures(person, "2533")
    person.expect("Do you mean 1990?")
    press(ENTER)  # with the ring nowhere: the main action
    person.settle()
    figures(person, "2")
    figures(person, "3")
    reach(person, "Continue")
    reach(person, "K")
    figures(person, "1")
    reach(person, "Continue")
    figures(person, "2")
    reach(person, "Continue")
    reach(person, "Continue")  # where she was born
    reach(person, "Continue")  # where she has fields
    write(person, "dao")
    reach(person, "Continue")
    reach(person, "Continue")  # when the child was born
    reach(person, "Continue")  # its school
    reach(person, "There is none")  # no vaccination
    reach(person, "That is all")
    figures(person, "1")
    reach(person, "Continue")
    reach(person, "Continue")  # what the room is used for
    reach(person, "I have no vehicle")
    person.expect("Check your answers")
    reach(person, "These answers are right")
    reach(person, "Hand in my application")
    person.expect("Your application is handed in")
    answers = handed_in(person)
    assert answers["person"] == {"who": "noy", "born": "1990-02-03"}
    assert answers["district"].startswith("d")
    assert answers["village"].startswith("v")
    assert answers["child"] == [{"cname": "dao"}]
    assert answers["room"] == [{}]
    assert "vehicle" not in answers


def handed_in(person: Driver) -> dict[str, Any]:
    person.world.exchanges()
    (envelope,) = person.world.central.memory.applications.values()
    secret = open_secret(envelope.sealed_secret, bytes(person.world.central.box))
    service = person.world.desk.service(HOUSEHOLD)
    answers: dict[str, Any] = open_answers(envelope, secret, service.bundle.dictionary)["answers"]
    return answers


@pytest.fixture
def english(person: Driver) -> Driver:
    person.shell.speak("en")
    person.settle()
    return person


def test_the_ring_reaches_everything_that_may_be_touched(english: Driver) -> None:
    at("/data/child", children=3)(english)
    wanted = {w for w in english.visible() if isinstance(w, Tappable) and not w.disabled}
    reached = set()
    for _step in range(len(wanted)):
        press(STAR)
        reached.add(pointed(english))
    assert reached == wanted


def test_arrows_go_where_they_point(english: Driver) -> None:
    at_home(english)
    press(DOWN)
    first = pointed(english)
    press(DOWN)
    below = pointed(english)
    assert first is not None
    assert below is not None
    assert below.center_y < first.center_y


def test_the_ring_stays_where_a_page_is_drawn_anew(english: Driver) -> None:
    at_home(english)
    press(TAB)
    press(TAB)
    ring = pointed(english)
    english.shell.screen.refresh()  # the ledger has changed
    english.settle()
    press(ENTER)
    english.settle()
    assert english.shell.place.name == "sheet"
    service = english.shell.desk.service(english.shell.screen.service_id)
    assert says(ring, service.descriptor.name.of("en"))


def test_twelve_keys_answer_a_choice(english: Driver) -> None:
    at_question("/data/for_whom")(english)
    entry = english.shell.visit.entry
    assert entry is not None
    figures(english, "2")
    assert entry.value_of("/data/for_whom") == "child"
    figures(english, "1")
    assert entry.value_of("/data/for_whom") == "self"


def test_escape_and_backspace_lead_back_but_mend_a_number_first(english: Driver) -> None:
    at_question("/data/years_here")(english)
    entry = english.shell.visit.entry
    assert entry is not None
    before = entry.value_of("/data/years_here")
    press(BACKSPACE)
    assert entry.value_of("/data/years_here") == before[:-1]
    press(ESCAPE)
    english.settle()
    assert entry.page is not None
    assert entry.page.questions[0].path == "/data/house_number"


SDL_KEYS = range(0x40000039, 0x40000100)  # those that Kivy has no number of its own for
ALL_KEYS = sorted({*WindowKeyboard.keycodes.values(), *range(8, 330), *SDL_KEYS})
HELD = [
    [name for name, is_held in zip(("ctrl", "alt", "shift", "meta"), down, strict=True) if is_held]
    for down in product((False, True), repeat=4)
]


@pytest.fixture
def heard(english: Driver) -> Iterator[list[tuple[int, str]]]:
    """What settings, inspector or screen pictures would hear that listen beside the kiosk."""
    told: list[tuple[int, str]] = []

    def hear(_window: object, key: int, *rest: Any) -> bool:
        told.append((key, "+".join(rest[-1])))
        return False

    Window.bind(on_keyboard=hear)
    doors.shut(Window, stays=True)
    english.settle()
    yield told
    Window.unbind(on_keyboard=doors._swallow, on_request_close=doors._stays)
    Window.unbind(on_keyboard=hear)


def test_no_key_and_no_combination_leaves_the_program(
    english: Driver, heard: list[tuple[int, str]]
) -> None:
    """Every key with every combination of Ctrl, Alt, Shift and the system's key."""
    assert Config.get("kivy", "exit_on_escape") == "0"
    assert dict(Config.items("modules")) == {}  # neither inspector nor screen pictures
    before, on_top = set(Path.cwd().iterdir()), list(Window.children)
    for key in ALL_KEYS:
        for held in HELD:
            Window.dispatch("on_keyboard", key, 0, "", held)
    assert len(ALL_KEYS) * len(HELD) > 8_000
    assert {held for _key, held in heard} == {"", "shift"}  # combinations end here
    reached = {key for key, _held in heard}
    named = WindowKeyboard.keycodes
    lost = {named[name] for name in (*(f"f{n}" for n in range(1, 16)), "print", "super", "escape")}
    assert reached.isdisjoint(lost)
    assert {ord("a"), ENTER, TAB, DOWN} <= reached  # which nobody needs to be kept from
    english.settle()
    assert not EventLoop.quit
    assert list(Window.children) == on_top
    assert set(Path.cwd().iterdir()) == before  # no picture of the screen
    english.tap("English")
    english.expect("Residence certificate")


def test_every_key_goes_down_and_the_kiosk_is_still_there(english: Driver) -> None:
    """Where the kiosk itself listens; what presses or writes is tried elsewhere."""
    shell = english.shell
    for key in ALL_KEYS:
        if key in (*PRESSING, STAR, TAB):
            continue
        for held in HELD:
            Window.dispatch("on_key_down", key, 0, "", held)
            Window.dispatch("on_key_up", key, 0)
    english.settle()
    assert not EventLoop.quit
    assert Window.children[-1] is shell or shell in Window.children


@pytest.mark.parametrize("stays", [True, False])
def test_a_window_manager_closes_it_on_a_desk_only(english: Driver, *, stays: bool) -> None:
    assert english.shell is not None
    doors.shut(Window, stays=stays)
    asked = bool(Window.dispatch("on_request_close"))
    Window.unbind(on_keyboard=doors._swallow)
    Window.unbind(on_request_close=doors._stays if stays else doors._closes)
    assert asked is stays


def test_a_question_over_the_page_takes_the_keys(english: Driver) -> None:
    at("/data/child", children=2)(english)
    reach(english, "Remove")
    assert isinstance(english.shell.children[0], Veil)
    press(ESCAPE)
    assert isinstance(english.shell.children[0], Veil)
    reach(english, "Remove")
    entry = english.shell.visit.entry
    assert entry is not None
    assert entry.page is not None
    assert entry.page.repeat is not None
    assert len(entry.page.repeat.instances) == 1


def test_a_finger_takes_the_ring_away(english: Driver) -> None:
    at_home(english)
    press(HASH)
    press(TAB)
    assert pointed(english) is not None
    english.tap("Help")
    assert pointed(english) is None


def test_the_ring_holds_on_to_nothing_when_its_page_is_left(english: Driver) -> None:
    at("/data/child")(english)
    press(TAB)
    english.shell.wipe()
    assert english.shell._pointer._at is None
