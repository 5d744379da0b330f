"""Situations of somebody who lets her receipt answer for her."""

from collections.abc import Callable

from kiosk.language import _
from tests.screens.driver import Driver
from tests.screens.situations.finding_out import at_home

USE = "Use these answers again"


def found(person: Driver) -> None:
    """Her receipt is scanned: it is on its way."""
    submitted = person.world.submits()
    at_home(person)
    person.world.scanner.reads(submitted.receipt.token)
    person.passes_s(0.5)


def answered(person: Driver) -> str:
    """The reference of the receipt whose answers are used."""
    (reference,) = person.world.visit.reused
    return reference


def asked(person: Driver) -> None:
    found(person)
    person.tap(_(USE))


SITUATIONS: dict[str, Callable[[Driver], None]] = {"receipt-of-mine": found, "use-again": asked}
