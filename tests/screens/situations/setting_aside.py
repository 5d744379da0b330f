"""Situations of somebody who has to leave in the middle and comes back with a resume slip."""

from collections.abc import Callable

from kiosk.language import _, language, set_language
from kiosk.printing.errors import PrinterCode
from tests.screens.driver import Driver
from tests.screens.situations.applying import at, prints
from tests.screens.world import IDLE_S

STOPPED_AT = "/data/village"
LEAVING = at(STOPPED_AT)


def asked(person: Driver) -> None:
    LEAVING(person)
    person.tap(_("Start over"))


def set_aside(person: Driver) -> None:
    """The slip is being printed."""
    asked(person)
    person.tap(_("Continue another day"))


def printed(person: Driver) -> None:
    set_aside(person)
    prints(person.world)
    person.passes_s(0.5)


def without_paper(person: Driver) -> None:
    """Her only key is a photograph."""
    set_aside(person)
    person.world.printer_is(PrinterCode.PAPER_OUT)
    person.passes_s(0.5)


def warned(person: Driver) -> None:
    """Silence in the middle of a form."""
    LEAVING(person)
    person.passes_s(IDLE_S + 1)


def code_of(person: Driver) -> str:
    """What stands on the slip of the visit that is here."""
    aside = person.world.visit.aside
    assert aside is not None
    return aside.code.text


def back_again(person: Driver) -> None:
    """Another day: her slip is under the scanner."""
    spoken = language()
    printed(person)
    code = code_of(person)
    person.tap(_("Finish"))
    person.shell.wipe()
    set_language(spoken)
    person.world.scanner.reads(code)
    person.passes_s(0.5)


SITUATIONS: dict[str, Callable[[Driver], None]] = {
    "aside-asked": asked,
    "aside-no-paper": without_paper,
    "aside-warned": warned,
}
