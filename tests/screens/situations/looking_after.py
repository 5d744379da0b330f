"""Situations of a technician before the screen: at the door, and on the page behind it."""

import time
from functools import cache

from nacl.pwhash import argon2id

from kiosk.field.checks_of_site import LOOK_AT_LINE
from kiosk.field.doctor import WORKS
from kiosk.language import _
from kiosk.printing.errors import PrinterCode
from kiosk.screens.hold import HoldPlace
from sync.clock import Steady
from sync.facts import Problem, ProblemNote
from sync.records import Outcome, Stamp, TimeQuality
from tests.screens.driver import Driver, frame
from tests.screens.touch import Touch

PIN = "480271"
LATELY_MS = 1_790_000_000_000


@cache
def quick_hash() -> str:
    """Of the PIN: such a one is tried in no time."""
    made = argon2id.str(PIN.encode(), argon2id.OPSLIMIT_MIN, argon2id.MEMLIMIT_MIN)
    return made.decode("ascii")


def door(person: Driver) -> HoldPlace:
    """The place to hold."""
    found: HoldPlace = person.shell.screen.ids.welcome
    return found


def holds(person: Driver, for_s: float = 0.0) -> None:
    """A finger rests on the word of welcome until the door opens."""
    place = door(person)
    place.hold_s = for_s  # nobody waits five seconds here
    touch = Touch(*place.to_window(*place.center))
    touch.down()
    frame()
    time.sleep(for_s)
    frame()
    touch.up()
    person.settle()


def types(person: Driver, pin: str) -> None:
    """The figures, one after the other, on the screen's pad."""
    for figure in pin:
        person.tap(figure)


def at_the_door(person: Driver) -> None:
    """A PIN is set and asked for."""
    person.world.technician.pin._keep(quick_hash())
    holds(person)


def without_a_pin(person: Driver) -> None:
    holds(person)


def typing(person: Driver) -> None:
    at_the_door(person)
    types(person, PIN[:4])


def locked_out(person: Driver) -> None:
    pin = person.world.technician.pin
    pin._steady = lambda: Steady(60_000, "this start")
    pin._keep(quick_hash())
    for _try in range(3):
        pin.opens("111111")
    holds(person)


def enters(person: Driver) -> None:
    """Through the door, with the right PIN."""
    at_the_door(person)
    types(person, PIN)
    person.tap(_("Continue"))


def in_trouble(person: Driver) -> None:
    """On the page of a kiosk that needs help in every way."""
    world = person.world
    world.central.unreadable = lambda _envelope: True
    for _application in range(2):
        world.submits()
    world.exchanges()
    world.submits(b"\xff\xd8" + bytes(700_000))
    with world.ledger.transaction():
        world.ledger.database.execute(
            "UPDATE log SET outcome = ? WHERE sequence = 1", (Outcome.CONFLICT,)
        )
    late = Stamp(LATELY_MS, TimeQuality.TRUSTED)
    world.ledger.note_problem(ProblemNote(Problem.NOT_CENTRAL, "NotCentral", late))
    world.printer_is(PrinterCode.COVER_OPEN)
    world.sticks.append(world.folder)
    cause = "There is no line to %(host)s."
    world.technician.findings = lambda: (
        _(WORKS),
        f"45: {_(cause, host='central.example.la:443')} {_(LOOK_AT_LINE)}",
    )
    enters(person)


SITUATIONS = {
    "technician-door": typing,
    "technician-door-no-pin": without_a_pin,
    "technician-door-locked": locked_out,
    "technician": in_trouble,
}
