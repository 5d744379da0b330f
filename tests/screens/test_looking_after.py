"""A technician finds the door, gets in with the PIN only, and sees what there is to see."""

from pathlib import Path

import pytest
from kivy.core.window import Window

from kiosk.language import language
from kiosk.printing.errors import PrinterCode
from kiosk.screens.hold import HOLD_S, HoldPlace
from kiosk.screens.keyboard import Key
from kiosk.screens.text import Words
from sync.clock import Steady
from sync.facts import Problem, ProblemNote
from sync.records import Stamp, TimeQuality
from tests.sample_answers import EVERY_FOLDER
from tests.screens.driver import Driver, frame
from tests.screens.situations.applying import wait_for
from tests.screens.situations.looking_after import (
    PIN,
    at_the_door,
    door,
    enters,
    holds,
    in_trouble,
    quick_hash,
    types,
)
from tests.screens.touch import Touch
from tests.screens.world import ANSWERS, IDLE_S, WARNING_S

ENTER, NOUGHT = 13, 48


@pytest.fixture
def technician(person: Driver) -> Driver:
    """A technician who reads English, before the language page."""
    person.shell.speak("en")
    person.settle()
    return person


def place(person: Driver) -> str:
    return person.shell.place.name


def all_words(person: Driver) -> str:
    """What stands on every page of the screen."""
    said = []
    while True:
        said += person.words()
        if not person.turn_page():
            return "\n".join(said)


def key(person: Driver, number: int, text: str = "") -> None:
    Window.dispatch("on_key_down", number, 0, text, [])
    Window.dispatch("on_key_up", number, 0)
    person.settle()


def test_the_door_wants_five_seconds() -> None:
    assert HOLD_S >= 5


def is_counting(place_to_hold: HoldPlace) -> bool:
    """Whether its seconds go on until somebody is let in."""
    waiting = place_to_hold._waiting
    return waiting is not None and bool(waiting.is_triggered)


def test_a_finger_that_is_lifted_or_leaves_too_soon_opens_nothing(technician: Driver) -> None:
    welcome = door(technician)
    for _time in range(3):  # nor do several touches together
        technician.tap(welcome)
        assert not is_counting(welcome)
    touch = Touch(*welcome.to_window(*welcome.center))
    touch.down()
    frame()
    assert is_counting(welcome)
    touch.to(5, 5)
    frame()
    assert not is_counting(welcome)
    technician.settle()
    touch.up()
    assert place(technician) == "attract"


def test_a_resting_finger_opens_nothing_once_somebody_has_begun(technician: Driver) -> None:
    welcome = door(technician)
    touch = Touch(*welcome.to_window(*welcome.center))
    touch.down()
    frame()
    technician.tap("English")
    assert not is_counting(welcome)
    technician.settle()
    assert place(technician) == "home"
    touch.up()


def test_a_finger_that_rests_is_asked_for_the_pin(technician: Driver) -> None:
    technician.world.technician.pin._keep(quick_hash())
    holds(technician, 0.05)
    wait_for(technician, lambda: place(technician) == "pin")
    technician.expect("Type the technician's PIN.")


def test_without_a_pin_the_door_says_how_to_set_one_and_stays_shut(technician: Driver) -> None:
    holds(technician)
    technician.expect("kiosk technician-pin")
    assert not [widget for widget in technician.visible() if isinstance(widget, Key)]
    key(technician, ENTER)
    assert place(technician) == "pin"
    technician.tap("Back")
    assert place(technician) == "attract"


def test_a_wrong_pin_opens_nothing_and_is_told_to_who_knows_the_right_one(
    technician: Driver,
) -> None:
    at_the_door(technician)
    types(technician, "480272")
    technician.tap("Continue")
    technician.expect("This is not the PIN.")
    types(technician, PIN)
    technician.tap("Continue")
    assert place(technician) == "technician"
    technician.expect("Wrong PINs typed before this: 1.")


def test_after_some_wrong_ones_the_door_is_shut_for_a_while_also_for_the_right_one(
    technician: Driver,
) -> None:
    at_the_door(technician)
    pin = technician.world.technician.pin
    up_ms = 60_000
    pin._steady = lambda: Steady(up_ms, "this start")
    for _try in range(3):
        types(technician, "111111")
        technician.tap("Continue")
    technician.expect("The next try is possible in 1 min.")
    types(technician, PIN)
    key(technician, ENTER)
    assert place(technician) == "pin"
    up_ms += 30_000
    technician.shell.screen.refresh()
    technician.settle()
    technician.tap("Continue")
    assert place(technician) == "technician"


def test_the_figures_typed_are_not_shown_and_not_kept(technician: Driver) -> None:
    at_the_door(technician)
    screen = technician.shell.screen
    types(technician, PIN)
    shown = {w.text for w in technician.visible() if isinstance(w, Words)}
    assert PIN not in "".join(shown).replace(" ", "")
    technician.expect("• • • • • •")
    technician.tap("Back")
    assert place(technician) == "attract"
    assert not screen._typed
    assert not screen.shown


def test_the_door_is_found_and_opened_with_twelve_keys(technician: Driver) -> None:
    technician.world.technician.pin._keep(quick_hash())
    for _time in range(5):
        key(technician, NOUGHT, "0")
    for figure in PIN:
        key(technician, ord(figure), figure)
    key(technician, ENTER)
    assert place(technician) == "technician"
    while not technician.shell.screen.ids.parts.page:
        key(technician, 281)  # the next page
    for _step in range(12):  # the ring goes round all that may be touched
        key(technician, 42, "*")
        if technician.find("Connect now").pointed:
            break
    key(technician, ENTER)
    assert technician.world.nudges == 1


def test_another_figure_between_is_no_knock(technician: Driver) -> None:
    for figure in "000900":
        key(technician, ord(figure), figure)
    assert place(technician) == "attract"


def test_silence_shuts_the_page(technician: Driver) -> None:
    enters(technician)
    assert place(technician) == "technician"
    technician.passes_s(IDLE_S + 1)
    technician.expect("Are you still here?")
    technician.passes_s(WARNING_S)
    assert place(technician) == "attract"
    assert language() == "lo"


def test_back_shuts_the_page(technician: Driver) -> None:
    enters(technician)
    technician.tap("Back")
    assert place(technician) == "attract"
    assert not technician.world.visit.begun


def test_a_kiosk_that_is_well_says_so_in_numbers(technician: Driver) -> None:
    technician.world.submits()
    technician.world.exchanges()
    enters(technician)
    said = all_words(technician)
    for words in (
        "Nothing has to be done here.",
        "Central was last heard on January 15, 2027, 15:00.",
        "Central's address: https://central.example.la",
        "Applications: 0",
        "Documents and photos: 0, 0 MB",
        "Documents sent today: 0 of 20 MB",
        "One request carries up to 98 kB",
        "Central has set nothing aside.",
        "Accepted 1 = delivered 1 + waiting 0",
        "Nothing is missing.",
        "from central",
        "58 mm thermal printer, any maker at /dev/ttyUSB0, 115200 baud",
        "The printer is ready.",
        "Papers waiting: 1",
        "Used of this roll: 0 m. Left: about 25 m.",
        "Version 0.1.0",
        "la.moha.residence-certificate 2026.11.1",
    ):
        assert words in said
    assert len(technician.world.technician.condition().services) == len(EVERY_FOLDER)


def test_what_has_to_be_done_stands_first(technician: Driver) -> None:
    in_trouble(technician)
    said = all_words(technician)
    for words in (
        "Another kiosk runs under this one's number.",
        "Somebody else answers in central's place: perhaps a login page.",
        "Central has set something aside: 2.",
        "The printer's cover is open.",
        "number 1: its place belongs to another one.",
        "number 2: central cannot read it.",
        "Applications: 1",
        "Documents and photos: 1, 0.7 MB",
        "Accepted 3 = delivered 2 + waiting 1",
    ):
        assert words in said
    answers = [answer for answer in ANSWERS.values() if len(answer) > 6]
    assert answers
    assert [answer for answer in answers if answer in said] == []  # it says nothing of anybody


def test_a_loss_is_an_alarm(technician: Driver) -> None:
    technician.world.submits()
    technician.world.submits()
    with technician.world.ledger.transaction():
        technician.world.ledger.database.execute("DELETE FROM log WHERE sequence = 1")
    enters(technician)
    technician.expect("Applications missing from the log: 1.")


def test_the_page_follows_what_the_workers_find(technician: Driver) -> None:
    enters(technician)
    technician.expect("Nothing has to be done here.")
    late = Stamp(1_800_000_000_000, TimeQuality.TRUSTED)
    technician.world._worker_ledger.note_problem(
        ProblemNote(Problem.UNREACHABLE, "Unreachable", late)
    )
    technician.world.printer_is(PrinterCode.PAPER_OUT)
    technician.passes_s(0.5)
    technician.expect("There is no line to central.")
    technician.expect("The printer has no paper. Please ask")


def test_a_touch_tries_the_line_and_another_prints_the_test_page_once(technician: Driver) -> None:
    enters(technician)
    technician.tap("Connect now")
    assert technician.world.nudges == 1
    technician.expect("The line is being tried.")
    technician.world.rests_s = 61.0
    technician.tap("Connect now")
    technician.expect("Central has asked to be called later: in 2 min")
    technician.tap("Test page")
    technician.tap("Test page")
    assert technician.world.jobs.waiting_count() == 1
    job = technician.world.jobs.find_oldest()
    assert job is not None
    assert "Self-test" in str(job.paper)


def test_everything_is_checked_from_the_screen_and_said_first(technician: Driver) -> None:
    enters(technician)
    technician.tap("Check all")
    wait_for(technician, lambda: technician.world.technician.findings)
    technician.shell.screen.refresh()
    technician.settle()
    assert technician.sees("Checks")
    said = all_words(technician)
    assert "45: There is no line to central.example.la:443. Look at the modem" in said


def test_a_stick_carries_what_waits_and_brings_the_answers(
    technician: Driver, tmp_path: Path
) -> None:
    submitted = technician.world.submits()
    enters(technician)
    with pytest.raises(Exception, match="USB stick"):
        technician.tap("USB stick")  # none is in
    stick = tmp_path / "stick"
    stick.mkdir()
    technician.world.sticks.append(stick)
    technician.shell.screen.refresh()
    technician.settle()
    technician.tap("USB stick")
    wait_for(technician, lambda: technician.sees("On the stick: applications 1"))
    (batch,) = stick.rglob("*.batch")
    answer = technician.world.central.exchange(batch.read_bytes())
    device = technician.world.ledger.enrolled_identity().device
    down = stick / "one-door" / "from-central" / device
    down.mkdir(parents=True)
    (down / f"{batch.name}.answer").write_bytes(answer)
    technician.tap("USB stick")
    wait_for(technician, lambda: technician.sees("From the stick: answers 1"))
    technician.passes_s(0.5)
    technician.tap(technician.find("Test page"))  # what was said is not gone with a touch
    assert "From the stick: answers 1" in all_words(technician)
    entry = technician.world.ledger.find_by_id(submitted.application)
    assert entry is not None
    assert entry.outcome is not None


def test_a_stick_that_was_pulled_out_is_said_and_nothing_stops(
    technician: Driver, tmp_path: Path
) -> None:
    technician.world.sticks.append(tmp_path / "gone")
    enters(technician)
    technician.tap("USB stick")
    wait_for(technician, lambda: technician.sees("The stick cannot be read or written"))


def test_a_scanner_is_tested_by_holding_anything_under_it(technician: Driver) -> None:
    receipt = technician.world.submits().receipt.token
    enters(technician)
    technician.world.scanner.reads(receipt)
    technician.passes_s(0.5)
    assert place(technician) == "technician"
    technician.expect(f"The scanner works: it read {len(receipt)} characters.")
