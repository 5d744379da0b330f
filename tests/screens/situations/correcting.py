"""Situations of somebody whose application came back and who corrects it with her receipt."""

from collections.abc import Callable
from functools import cache

from kiosk.forms.publish import publish
from kiosk.language import _
from kiosk.printing.errors import PrinterCode
from kiosk.resources import assets
from sync.ledger import Ledger
from sync.records import NATION, ChangeKind, ServiceNote, Status
from tests.screens.driver import Driver
from tests.screens.situations.finding_out import WORDS, at_home
from tests.screens.world import PUBLISHER, RESIDENCE

ASKED = ("/data/full_name", "/data/village")
CORRECT = "Correct it now"
NEWER = "2099.1.1"


@cache
def published_again() -> bytes:
    """The service as a later version."""
    return publish(assets() / "services" / "residence-certificate", NEWER, PUBLISHER)


def returned(person: Driver) -> None:
    """Her receipt is scanned: the office asks for two answers."""
    person.world.printer_is(PrinterCode.PAPER_OUT)  # the banner takes room: the harder case
    submitted = person.world.submits()
    person.world.decides(
        submitted, Status.RETURNED, reason="name-differs", words=WORDS, asked=ASKED
    )
    at_home(person)
    person.world.scanner.reads(submitted.receipt.token)
    person.passes_s(0.5)


def checking(person: Driver) -> None:
    returned(person)
    person.tap(_(CORRECT))


def at_what_is_asked(person: Driver) -> None:
    checking(person)
    person.tap(_("Correct what is asked"))


def one_looked_at(person: Driver) -> None:
    at_what_is_asked(person)
    person.tap(_("Continue"))


def both_looked_at(person: Driver) -> None:
    one_looked_at(person)
    person.tap(_("Correct what is asked"))
    person.tap(_("Continue"))


def confirming(person: Driver) -> None:
    both_looked_at(person)
    person.tap(_("These answers are right"))


def handed_in(person: Driver) -> None:
    confirming(person)
    person.tap(_("Hand in my application"))


def newer_form(person: Driver) -> None:
    """The service has a newer version since she applied."""
    world = person.world
    submitted = world.submits()
    world.decides(submitted, Status.RETURNED, reason="name-differs", words=WORDS, asked=ASKED)
    note = ServiceNote(RESIDENCE, NEWER, published_again())
    world.central.publish(NATION, ChangeKind.SERVICE, note.to_bytes())
    world.exchanges()
    at_home(person)
    world.scanner.reads(submitted.receipt.token)
    person.passes_s(0.5)
    person.tap(_(CORRECT))


def old_receipt_again(person: Driver) -> None:
    """The receipt of the application that was replaced."""
    submitted = person.world.submits()
    person.world.decides(submitted, Status.RETURNED, reason="name-differs", words=WORDS)
    found = person.world.desk.find_scanned(submitted.receipt.token)
    correction = person.world.desk.correct(found)  # type: ignore[arg-type]  # it came back
    person.world.desk.submit(correction.entry, correction=correction)
    person.world.exchanges()
    at_home(person)
    person.world.scanner.reads(submitted.receipt.token)
    person.passes_s(0.5)


def held_elsewhere(person: Driver) -> None:
    """Her answers cannot be opened here: the sealed body was erased after its days."""
    submitted = person.world.submits()
    person.world.decides(
        submitted, Status.RETURNED, reason="name-differs", words=WORDS, asked=ASKED
    )
    erase(person.world.ledger, submitted.application)
    at_home(person)
    person.world.scanner.reads(submitted.receipt.token)
    person.passes_s(0.5)


def erase(ledger: Ledger, application: str) -> None:
    """What retention does with sealed content."""
    with ledger.transaction():
        ledger.database.execute("UPDATE log SET body = x'' WHERE application = ?", (application,))


SITUATIONS: dict[str, Callable[[Driver], None]] = {
    "correction-asked": returned,
    "correction-checking": checking,
    "correction-question": at_what_is_asked,
    "correction-half": one_looked_at,
    "correction-checked": both_looked_at,
    "correction-confirming": confirming,
    "correction-receipt": handed_in,
    "correction-newer-form": newer_form,
    "correction-old-receipt": old_receipt_again,
    "correction-anew": held_elsewhere,
}
