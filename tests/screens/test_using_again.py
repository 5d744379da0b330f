"""Her receipt spares her questions: what she answered then is used again, if she agrees."""

import pytest

from kiosk.language import _
from kiosk.screens.finding import REUSE_NO, REUSE_YES, REUSED
from sync.records import Status
from tests.sample_answers import FAMILY_BOOK
from tests.screens.driver import Driver
from tests.screens.situations.using_again import USE, answered, asked
from tests.screens.test_a_birth import service_name
from tests.screens.test_finding_out import types_reference
from tests.screens.world import ANSWERS


@pytest.mark.parametrize("code", ["lo", "en"])
def test_what_a_receipt_tells_is_not_asked_again(person: Driver, code: str) -> None:
    person.shell.speak(code)
    person.settle()
    asked(person)
    person.tap(_(REUSE_YES))
    person.expect(_(REUSED))
    person.tap(service_name(person, FAMILY_BOOK))
    person.tap(_("Apply"))
    person.reads_the_notice()
    entry = person.shell.visit.entry
    assert entry is not None
    assert "/data/village" in entry.known_paths()
    assert entry.value_of("/data/village") == ANSWERS["/data/village"]
    assert entry.record()["reused"] == [answered(person)]


def test_who_does_not_agree_is_asked_everything(person: Driver) -> None:
    asked(person)
    person.tap(_(REUSE_NO))
    person.expect(_(USE))
    assert person.shell.visit.facts == {}


def test_what_she_has_said_today_counts_more(person: Driver) -> None:
    person.shell.visit.facts = {"home.village": "ໂພນທັນ"}
    asked(person)
    person.tap(_(REUSE_YES))
    assert person.shell.visit.facts["home.village"] == "ໂພນທັນ"
    assert person.shell.visit.facts["home.province"] == ANSWERS["/data/province"]


def test_a_typed_reference_offers_nothing(person: Driver) -> None:
    submitted = person.world.submits()
    person.tap("English")
    types_reference(person, submitted.receipt.reference)
    person.expect("Kept safely in this kiosk")
    assert not person.world.visit.facts
    with pytest.raises(AssertionError):
        person.find(_(USE))


def test_what_came_back_is_corrected_first(person: Driver) -> None:
    asked_for = person.world.submits()
    person.world.decides(asked_for, Status.RETURNED, reason="name-differs")
    person.tap("English")
    person.world.scanner.reads(asked_for.receipt.token)
    person.passes_s(0.5)
    with pytest.raises(AssertionError):
        person.find(_(USE))


def test_the_next_person_finds_nothing_of_it(person: Driver) -> None:
    asked(person)
    person.tap(_(REUSE_YES))
    person.passes_s(10_000)
    assert (person.shell.visit.facts, person.shell.visit.reused) == ({}, set())
