"""After a power cut in the middle of a receipt she is asked; a forgotten receipt is waited for."""

from collections.abc import Iterator

import pytest

from kiosk.desk import Submitted
from kiosk.panels import PANELS
from kiosk.printing.errors import PrinterCode
from kiosk.printing.jobs import JobState
from tests.screens.driver import Driver
from tests.screens.world import IDLE_S, WARNING_S, World

QUESTION = "Did the receipt come out whole?"


@pytest.fixture
def submitted(world: World) -> Submitted:
    """Her application, of before the power went."""
    return world.power_fails_while_it_prints()


@pytest.fixture
def asked(world: World, submitted: Submitted) -> Iterator[Driver]:
    """Somebody before the kiosk that has just started again."""
    with Driver.before(world, PANELS["10in-1280x800"]) as driver:
        driver.shell.speak("en")
        driver.settle()
        driver.expect(QUESTION)
        driver.expect(submitted.receipt.reference)
        yield driver


def test_nothing_is_printed_before_she_has_answered(asked: Driver) -> None:
    assert asked.world.jobs.find_oldest() is None


def test_a_receipt_that_did_not_come_out_is_printed_as_a_copy_that_proves_and_opens_nothing(
    asked: Driver, submitted: Submitted
) -> None:
    asked.tap("Print again")
    asked.expect("Thank you")
    job = asked.world.jobs.find_oldest()
    assert job is not None
    assert job.receipt.copy == 1
    assert job.receipt.application_id == submitted.application
    assert not job.receipt.opens


def test_a_receipt_that_came_out_is_settled_and_never_asked_about_again(
    asked: Driver, submitted: Submitted
) -> None:
    asked.tap("It came out")
    asked.expect("Thank you")
    assert asked.world.desk.job_state(submitted.job) is JobState.PRINTED
    assert asked.world.jobs.find_oldest() is None
    asked.shell._ask_about_the_interrupted()
    asked.settle()
    assert not asked.sees(QUESTION)


def test_nobody_is_there_and_the_entrance_comes_by_itself(asked: Driver) -> None:
    asked.passes_s(IDLE_S + 1)
    asked.passes_s(WARNING_S)
    assert asked.shell.place.name == "attract"


def test_the_next_visit_waits_while_a_receipt_lies_in_the_printer(person: Driver) -> None:
    person.world.printer_is(PrinterCode.TICKET_LIES)
    person.tap("English")
    person.expect("Please take the receipt out of the printer")
    assert not person.world.visit.begun
    person.world.printer_is(PrinterCode.READY)
    person.tap("English")
    assert person.world.visit.begun


def test_a_scanned_receipt_waits_as_well(person: Driver) -> None:
    submitted = person.world.submits()
    person.world.printer_is(PrinterCode.TICKET_LIES)
    person.world.scanner.reads(submitted.receipt.token)
    person.passes_s(0.5)
    assert not person.world.visit.begun
