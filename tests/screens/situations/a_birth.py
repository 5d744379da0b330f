"""Situations of a family with a new child: birth registration, then the family book."""

from collections.abc import Callable

from kiosk.language import _
from kiosk.screens.following import NO, YES
from sync.records import Status
from tests.sample_answers import ANSWERS, BIRTH, FAMILY_BOOK
from tests.screens.driver import Driver
from tests.screens.situations.applying import open_form, touching

Situation = Callable[[Driver], None]


def filled(person: Driver, service: str) -> None:
    """Everything is answered; on the check-answers page."""
    entry = person.shell.visit.entry
    assert entry is not None
    while (page := entry.page) is not None:
        for question in page.questions:
            answer = ANSWERS[service].get(question.path.rpartition("/")[2])
            if answer is not None:
                assert entry.answer(question.path, answer) is None
        assert entry.advance() == ()
    person.shell.go("check", service_id=service)
    person.settle()


def reported(person: Driver) -> None:
    """The birth is handed in."""
    open_form(person, BIRTH)
    filled(person, BIRTH)
    person.tap(_("These answers are right"))
    person.tap(_("Hand in my application"))


def sheet(person: Driver) -> None:
    open_form(person, BIRTH)
    person.tap(_("Back"))


def at_page(path: str, service: str) -> Situation:
    def situation(person: Driver) -> None:
        open_form(person, service)
        filled(person, service)
        person.shell.back()
        entry = person.shell.visit.entry
        assert entry is not None
        assert entry.go_to(path)
        person.shell.screen.refresh()
        person.settle()

    return situation


following = touching(reported, "Continue")


def first_question(person: Driver) -> None:
    touching(following, YES)(person)
    person.reads_the_notice()


def checking_family_book(person: Driver) -> None:
    first_question(person)
    entry = person.shell.visit.entry
    assert entry is not None
    entry.answer("/data/head", "mother")
    entry.go_to_end()
    person.shell.go("check", service_id=FAMILY_BOOK)
    person.settle()


def no_thank_you(person: Driver) -> None:
    following(person)
    person.tap(_(NO))


def at_the_second_step(person: Driver) -> None:
    """The village chief has confirmed; somebody asks with the reference."""
    reported(person)
    submitted = person.shell.visit.submitted
    assert submitted is not None
    person.world.decides(submitted, Status.RECEIVED, step="decide")
    person.shell.go("finding", finding=person.shell.desk.find(submitted.receipt.reference))
    person.settle()


SITUATIONS: dict[str, Situation] = {
    "birth-sheet": sheet,
    "birth-fee-note": at_page("/data/fee_note", BIRTH),
    "birth-place": at_page("/data/birth_place", BIRTH),
    "birth-father": at_page("/data/father_known", BIRTH),
    "birth-following": following,
    "birth-family-book": first_question,
    "birth-family-book-check": checking_family_book,
    "birth-no-thank-you": no_thank_you,
    "birth-second-step": at_the_second_step,
    "family-book-person": at_page("/data/person[2]/relation", FAMILY_BOOK),
}
