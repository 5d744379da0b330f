"""An application came back: she scans her receipt, corrects what is asked, and hands it in anew."""

import random
from string import ascii_lowercase

import pytest
from kivy.uix.widget import Widget

from kiosk.language import _
from kiosk.screens.check import AnswerRow
from sync.records import Status
from tests.memory import holders_of
from tests.screens import world as worlds
from tests.screens.driver import Driver
from tests.screens.situations import correcting as situations
from tests.screens.world import ANSWERS, RESIDENCE

NAME = ANSWERS["/data/full_name"]
PHOTO = b"\xff\xd8\xff a sample photo "


def rows(person: Driver) -> dict[str, tuple[str, bool]]:
    """Every row of the page and the pages behind it, by its question."""
    found = {}
    while True:
        shown = [w for w in person.visible() if isinstance(w, AnswerRow) and w.leads]
        found.update({row.question: (row.mark, row.is_seen) for row in shown})
        if not person.turn_page():
            return found


def speaks(person: Driver, code: str) -> None:
    person.shell.speak(code)
    person.settle()


@pytest.mark.parametrize("code", ["lo", "en"])
def test_only_what_is_asked_for_is_marked_and_the_rest_stays(person: Driver, code: str) -> None:
    speaks(person, code)
    situations.checking(person)
    marked = {question for question, (mark, _seen) in rows(person).items() if mark}
    entry = person.world.visit.entry
    assert entry is not None
    assert marked <= {entry.question(path).label for path in situations.ASKED}
    assert marked


@pytest.mark.parametrize("code", ["lo", "en"])
def test_the_whole_road_by_touch(person: Driver, code: str) -> None:
    speaks(person, code)
    situations.returned(person)
    person.expect(_("Please correct something"))
    old = person.shell.place.given["finding"].reference
    person.tap(_("Correct it now"))
    person.expect(_("The office asks you to correct: %(count)s", count=2))
    person.expect(NAME)
    person.tap(_("Correct what is asked"))
    person.expect(_("The office asks you to correct this."))
    person.tap(next(w for w in person.visible() if type(w).__name__ == "Field"))
    person.type("ກ" if code == "lo" else "k")
    person.tap(_done(person))
    person.tap(_("Continue"))
    person.expect(_("The office asks you to correct: %(count)s", count=1))
    person.tap(_("Correct what is asked"))
    person.tap(_("Continue"))
    assert not person.sees(_("The office asks you to correct: %(count)s", count=0))
    person.tap(_("These answers are right"))
    person.expect(old)
    person.tap(_("Hand in my application"))
    submitted = person.world.visit.submitted
    assert submitted is not None
    assert submitted.receipt.replaces == old
    person.expect(_("In place of %(reference)s", reference=old))
    assert person.world.visit.correction is None


def _done(person: Driver) -> Widget:
    """The key that closes the keyboard."""
    return next(w for w in person.visible() if getattr(w, "icon", "") == "hide-keyboard")


def test_another_answer_may_be_changed_too(person: Driver) -> None:
    situations.checking(person)
    for _page in range(9):
        if person.sees("2009"):
            break
        person.turn_page()
    changeable = [
        w for w in person.visible() if isinstance(w, AnswerRow) and w.leads and w.answer == "2009"
    ]
    assert changeable
    assert not changeable[0].mark


def test_back_and_again_keeps_what_was_corrected(person: Driver) -> None:
    situations.one_looked_at(person)
    person.tap(person.shell.ids.back)
    assert person.shell.place.name == "finding"
    person.tap(_("Correct it now"))
    person.expect(_("The office asks you to correct: %(count)s", count=1))


def test_finishing_instead_leaves_the_old_application_to_be_corrected_later(
    person: Driver,
) -> None:
    situations.returned(person)
    token = person.shell.place.given["finding"]
    reference = token.reference
    person.tap(_("Finish"))
    person.expect(_("Thank you"))
    assert reference not in str(person.shell._places)
    assert person.world.visit.correction is None


def test_who_stops_is_told_that_her_receipt_opens_it_again(person: Driver) -> None:
    speaks(person, "en")
    situations.checking(person)
    person.tap("Start over")
    person.expect("Your receipt opens the application again.")
    assert not person.sees("Continue another day")  # a second key to the same answers


def test_the_old_receipt_leads_to_the_correction(person: Driver) -> None:
    situations.old_receipt_again(person)
    person.expect(_("You have handed in a correction"))
    replacement = person.shell.place.given["finding"].replacement
    person.expect(replacement.reference)


def test_where_answers_cannot_be_opened_the_form_begins_anew(person: Driver) -> None:
    situations.held_elsewhere(person)
    person.tap(_("Apply again"))
    assert person.shell.place.name == "question"
    correction = person.world.visit.correction
    assert correction is not None
    assert correction.entry.value_of("/data/full_name") == ""


@pytest.mark.parametrize("ending", ["wipe", "finish", "silence"])
def test_what_was_opened_is_nowhere_in_memory_afterwards(person: Driver, ending: str) -> None:
    canary = "".join(random.choices(ascii_lowercase, k=12))  # a word that nothing else holds
    photo = PHOTO + random.randbytes(8)
    hands_in_and_gets_back(person, canary, photo)
    person.tap(_("Correct it now"))
    person.draw()
    assert holders_of(canary)
    assert holders_of(photo)
    if ending == "finish":
        person.shell.finish()
    elif ending == "silence":
        person.passes_s(worlds.IDLE_S + 1)
        person.passes_s(worlds.WARNING_S)
    else:
        person.shell.wipe()
    person.settle()
    assert holders_of(canary) == []
    assert holders_of(photo) == []


def hands_in_and_gets_back(person: Driver, name: str, photo: bytes) -> None:
    """An application with that name, returned; its receipt is under the scanner."""
    entry = person.world.desk.begin(RESIDENCE)
    for path, value in (ANSWERS | {"/data/full_name": name}).items():
        entry.answer(path, value)
    entry.attach("/data/family_book", photo, "image/jpeg")
    submitted = person.world.desk.submit(entry)
    entry.forget()
    person.world.decides(submitted, Status.RETURNED, asked=("/data/full_name",))
    person.world.scanner.reads(submitted.receipt.token)
    person.passes_s(0.5)
