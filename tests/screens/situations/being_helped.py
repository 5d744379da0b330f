"""Situations of somebody whom a clerk helps: the clerk signs in, and her name stays in sight."""

from kiosk.clerks import Clerk
from kiosk.language import _, language
from sync.records import ChangeKind, ClerkNote, office_audience
from tests.screens.driver import Driver
from tests.screens.situations import applying
from tests.screens.situations.looking_after import PIN, quick_hash, types
from tests.screens.world import World
from tests.stand_ins.central import OFFICE

NUMBER = "101"
NAME = "ນາງ ບົວລີ ສີສຸວັນ"


def has_clerk(world: World, pin_hash: str | None = None) -> None:
    """Central has told the office's kiosks of a clerk; an empty hash: that her account ended."""
    note = ClerkNote(int(NUMBER), OFFICE, NAME, quick_hash() if pin_hash is None else pin_hash)
    world.central.publish(office_audience(OFFICE), ChangeKind.CLERK, note.to_bytes())
    world.exchanges()


def asking_for_a_clerk(person: Driver) -> None:
    """On the Help page of an office that has clerks."""
    has_clerk(person.world)
    person.shell.help()
    person.settle()


def at_the_number(person: Driver) -> None:
    asking_for_a_clerk(person)
    person.tap(_("A clerk helps me"))


def gives(person: Driver, number: str = NUMBER, pin: str = PIN) -> None:
    """The clerk types both."""
    types(person, number)
    person.tap(_("Continue"))
    types(person, pin)
    person.tap(_("Continue"))


def refused(person: Driver) -> None:
    at_the_number(person)
    gives(person, pin="480272")


def helps(person: Driver) -> None:
    """She has given her PIN on whatever page this is."""
    person.shell.clerk_signs_in(Clerk(int(NUMBER), NAME))
    person.settle()


def at_home(person: Driver) -> None:
    person.shell.visit.begin(language())
    helps(person)


def while_helped(person: Driver) -> None:
    """Help is asked for once more."""
    at_home(person)
    person.shell.help()


def checking(person: Driver) -> None:
    applying.checking()(person)
    helps(person)


def at_the_applicant(person: Driver) -> None:
    """The applicant is asked, not the clerk."""
    checking(person)
    person.tap(_("These answers are right"))
    person.tap(_("Continue"))


SITUATIONS = {
    "helped-refused": refused,
    "helped-home": at_home,
    "helped-signed-in": while_helped,
    "helped-applicant": at_the_applicant,
}
