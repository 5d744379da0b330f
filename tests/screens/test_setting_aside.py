"""She has to leave in the middle, and goes on another day with her slip: by touches."""

import random
from string import ascii_lowercase

import pytest

from kiosk.forms.entry import Entry
from kiosk.language import _, language
from kiosk.printing.errors import PrinterCode
from kiosk.printing.jobs import JobState
from kiosk.reopening import Aside
from kiosk.services import NoSuchService
from tests.memory import holders_of
from tests.screens.driver import Driver
from tests.screens.situations import setting_aside as situations
from tests.screens.situations.applying import checking, prints
from tests.screens.situations.finding_out import at_home
from tests.screens.situations.setting_aside import code_of
from tests.screens.world import ANSWERS, COMPLAINT, IDLE_S, RESIDENCE, WARNING_S


def speaks(person: Driver, code: str) -> None:
    person.shell.speak(code)
    person.settle()


def scans(person: Driver, text: str) -> None:
    person.world.scanner.reads(text)
    person.passes_s(0.5)


def falls_silent(person: Driver) -> None:
    person.passes_s(IDLE_S + 1)
    person.passes_s(WARNING_S)


@pytest.mark.parametrize("code", ["lo", "en"])
def test_the_whole_road_by_touch(person: Driver, code: str) -> None:
    speaks(person, code)
    situations.set_aside(person)
    person.expect(_("Nothing is handed in yet."))
    assert person.world.visit.entry is None
    prints(person.world)
    person.passes_s(0.5)
    person.expect(_("Take the paper and keep it safe: whoever holds it reads your answers."))
    slip = code_of(person)
    person.tap(_("Finish"))
    person.expect(_("Thank you"))
    person.tap(_("Finish"))
    assert language() == "lo"
    scans(person, slip)
    assert language() == code
    person.expect(_("Your answers are here again. Go on where you stopped."))
    entry = person.world.visit.entry
    assert entry is not None
    page = entry.page
    assert page is not None
    assert page.questions[0].path == situations.STOPPED_AT
    assert entry.value_of("/data/full_name") == ANSWERS["/data/full_name"]
    entry.answer(situations.STOPPED_AT, ANSWERS[situations.STOPPED_AT])
    entry.go_to_end()
    person.shell.go("check", service_id=RESIDENCE)
    person.settle()
    person.tap(_("These answers are right"))
    person.tap(_("Hand in my application"))
    person.expect(_("Your application is handed in"))
    person.shell.wipe()
    scans(person, slip)
    speaks(person, code)
    person.expect(_("This application is handed in already"))


def test_without_paper_she_is_told_before_she_leaves(person: Driver) -> None:
    speaks(person, "en")
    situations.without_paper(person)
    person.expect("Photograph this code with a telephone")
    slip = code_of(person)
    person.tap("I have a photo")
    person.expect("Thank you")
    person.tap("Finish")
    scans(person, slip)
    assert person.shell.place.name == "question"


def test_whoever_leaves_without_paper_and_photograph_leaves_nothing(person: Driver) -> None:
    speaks(person, "en")
    situations.without_paper(person)
    slip = code_of(person)
    falls_silent(person)
    assert person.shell.place.name == "attract"
    scans(person, slip)
    speaks(person, "en")
    person.expect("Your answers are no longer kept here")
    person.world.printer_is(PrinterCode.READY)
    assert person.world.jobs.find_oldest() is None


def test_she_may_go_on_at_once_or_have_all_erased(person: Driver) -> None:
    speaks(person, "en")
    situations.printed(person)
    slip = code_of(person)
    person.tap("Go on now")
    assert person.shell.place.name == "question"
    person.tap("Start over")
    person.tap("Continue another day")
    person.tap("Erase")
    person.tap("Erase my answers")
    person.expect("Thank you")
    person.tap("Finish")
    scans(person, slip)
    speaks(person, "en")
    person.expect("Your answers are no longer kept here")


def test_silence_prints_a_slip_and_wipes_the_glass(person: Driver) -> None:
    speaks(person, "en")
    situations.warned(person)
    person.expect("A paper is then printed. With it you can continue another day.")
    person.passes_s(WARNING_S)
    assert person.shell.place.name == "attract"
    assert person.world.visit.entry is None
    assert language() == "lo"
    person.expect(
        _("A paper was printed for who was here before. Please leave it or give it to staff.")
    )
    job = person.world.jobs.find_oldest()
    assert job is not None
    prints(person.world)
    person.passes_s(0.5)
    assert person.world.desk.unfinished_count() == 1


def test_silence_prints_nothing_that_is_not_needed_or_not_safe(person: Driver) -> None:
    speaks(person, "en")
    at_home(person)
    for begin in ("Residence certificate", "Apply"):  # nothing is answered yet
        person.tap(begin)
    falls_silent(person)
    assert person.world.jobs.find_oldest() is None
    speaks(person, "en")
    situations.LEAVING(person)
    person.world.printer_is(PrinterCode.PAPER_OUT)  # nobody is there to photograph
    falls_silent(person)
    assert person.world.jobs.find_oldest() is None
    person.world.printer_is(PrinterCode.READY)
    complains(person)
    falls_silent(person)  # the next person would learn of it
    assert person.world.jobs.find_oldest() is None
    assert person.world.desk.unfinished_count() == 0


def complains(person: Driver) -> None:
    speaks(person, "en")
    at_home(person)
    entry = person.world.desk.begin_complaint()
    entry.answer("/data/category", "unofficial-fee")
    person.world.visit.entry = entry
    person.shell.go("question", service_id=COMPLAINT)
    person.settle()


def test_silence_after_nothing_was_changed_leaves_the_slip_as_good_as_it_was(
    person: Driver,
) -> None:
    speaks(person, "en")
    situations.back_again(person)
    falls_silent(person)
    assert person.world.jobs.find_oldest() is None
    assert person.world.desk.unfinished_count() == 1
    assert not person.sees("A paper was printed")


def test_an_entry_is_not_thrown_away_by_a_scan(person: Driver) -> None:
    speaks(person, "en")
    aside = person.world.desk.set_aside(answered(person), Aside())
    situations.LEAVING(person)
    scans(person, aside.code.text)
    person.expect("Finish or start over first.")
    assert person.shell.place.name == "question"


def answered(person: Driver) -> Entry:
    entry = person.world.desk.begin(RESIDENCE)
    entry.answer("/data/for_whom", "child")
    return entry


def test_a_service_that_is_withdrawn_says_so_and_keeps_the_answers(
    person: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = person.world.desk.set_aside(answered(person), Aside())
    prints(person.world)

    def none_such(*_: object) -> None:
        raise NoSuchService

    with monkeypatch.context() as away:
        away.setattr(person.world.desk, "reopen", none_such)
        scans(person, aside.code.text)
    speaks(person, "en")
    person.expect("This service is not offered here now")
    assert person.world.desk.unfinished_count() == 1


def test_a_typed_reference_says_to_scan_the_paper(person: Driver) -> None:
    person.world.desk.set_aside(answered(person), Aside())
    prints(person.world)
    query = "SELECT reference FROM unfinished"
    (reference,) = person.world.ledger.database.execute(query).fetchone()
    speaks(person, "en")
    person.shell.go("find", typed=reference.replace("-", ""))
    person.settle()
    person.tap("Look up")
    person.expect("It opens nothing by itself.")


def test_what_was_set_aside_is_nowhere_in_memory_afterwards(person: Driver) -> None:
    canary = "".join(random.choices(ascii_lowercase, k=12))  # a word that nothing else holds
    photo = b"\xff\xd8\xff a sample photo " + random.randbytes(8)
    speaks(person, "en")
    checking(name=canary)(person)
    entry = person.world.visit.entry
    assert entry is not None
    entry.attach("/data/family_book", photo, "image/jpeg")
    del entry
    person.tap("Start over")
    person.tap("Continue another day")
    person.draw()
    assert holders_of(canary) == []
    assert holders_of(photo) == []
    person.tap("Go on now")
    assert holders_of(canary)
    person.shell.wipe()
    person.settle()
    assert holders_of(canary) == []
    assert holders_of(photo) == []


def test_a_full_disk_leaves_her_where_she_is(person: Driver) -> None:
    speaks(person, "en")
    situations.asked(person)
    person.world.free_bytes = 1000
    person.tap("Continue another day")
    person.expect("Your answers cannot be kept for another day.")
    assert person.world.visit.entry is not None
    assert person.shell.place.name == "question"
    assert person.world.jobs.find_oldest() is None


def test_the_paper_that_comes_out_in_time_is_seen_on_the_glass(person: Driver) -> None:
    speaks(person, "en")
    situations.without_paper(person)
    aside = person.world.visit.aside
    assert aside is not None
    person.world.printer_is(PrinterCode.READY)
    prints(person.world)
    person.passes_s(0.5)
    person.expect("Take the paper and keep it safe")
    assert person.world.desk.job_state(aside.job or 0) is JobState.PRINTED
