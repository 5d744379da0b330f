"""A screen that fails forgets the person and leaves a kiosk behind."""

import logging

import pytest
from kivy.base import ExceptionManager

from kiosk.language import NAMES, _
from kiosk.screens.rescue import AGAIN_S, FAILED, Rescue
from tests.screens.driver import Driver
from tests.screens.world import RESIDENCE

CANARY = "ນາງ ຄຳປຸ້ຍ"


def begin_to_fill(person: Driver) -> None:
    person.tap(NAMES["lo"])
    person.tap(person.shell.desk.service(RESIDENCE).descriptor.name.of("lo"))
    person.tap(_("Apply"))
    person.reads_the_notice()
    assert person.shell.visit.entry is not None


def test_a_failure_wipes_the_visit_and_shows_the_entrance_with_a_sentence(
    person: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    begin_to_fill(person)
    with caplog.at_level(logging.INFO):
        told = Rescue(person.shell).handle_exception(ValueError(CANARY))
    person.settle()
    assert told == ExceptionManager.PASS
    assert person.shell.visit.entry is None
    person.expect(NAMES["en"])
    person.expect(_(FAILED))
    assert "ValueError" in caplog.text
    assert CANARY not in caplog.text


def test_a_kiosk_that_fails_at_once_again_ends(person: Driver) -> None:
    now_s = 0.0
    rescue = Rescue(person.shell, lambda: now_s)
    assert rescue.handle_exception(ValueError()) == ExceptionManager.PASS
    now_s += AGAIN_S + 1
    assert rescue.handle_exception(ValueError()) == ExceptionManager.PASS
    now_s += 1
    assert rescue.handle_exception(ValueError()) == ExceptionManager.RAISE


def test_an_interrupt_is_no_failure(person: Driver) -> None:
    assert Rescue(person.shell).handle_exception(KeyboardInterrupt()) == ExceptionManager.RAISE
