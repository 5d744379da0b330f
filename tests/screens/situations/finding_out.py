"""Situations of somebody who looks around, reads a service sheet and looks up an application."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from PIL import Image

from kiosk.language import NAMES, _, language
from kiosk.printing.errors import PrinterCode
from sync.records import Status
from tests.handled_paper import HANDLED, Camera, jpeg, paper
from tests.screens.driver import Driver
from tests.screens.situations.applying import at, wait_for
from tests.screens.world import BUSINESS, IDLE_S, RESIDENCE

PAST = date(2020, 11, 20)
WORDS = (
    "ກະລຸນາເອົາປຶ້ມສຳມະໂນຄົວຕົວຈິງມາໃຫ້ເບິ່ງ ເພາະຮູບຖ່າຍບໍ່ຊັດ. "
    "ຫ້ອງການເປີດວັນຈັນ ຫາ ວັນສຸກ ແຕ່ 8 ໂມງ ຫາ 4 ໂມງແລງ. ຂໍຂອບໃຈ."
)


def at_the_entrance(person: Driver) -> None:
    person.expect(NAMES["lo"])


def at_home(person: Driver) -> None:
    person.tap(NAMES[language()])


def without_paper(person: Driver) -> None:
    person.world.printer_is(PrinterCode.PAPER_OUT)
    at_home(person)


def on_a_sheet(
    service_id: str, printer: PrinterCode = PrinterCode.PAPER_OUT
) -> Callable[[Driver], None]:
    """Without paper the banner takes room; with paper the sheet can be printed."""

    def situation(person: Driver) -> None:
        person.world.printer_is(printer)
        at_home(person)
        service = person.world.desk.service(service_id)
        person.tap(service.descriptor.name.of(language()))

    return situation


def typing_a_reference(person: Driver) -> None:
    person.world.printer_is(PrinterCode.PAPER_OUT)
    at_home(person)
    person.tap(_("Where is my application?"))
    for symbol in "7Q3K9M":
        person.tap(symbol)
    person.tap(_("Look up"))


def before_the_camera(*, starting: bool = False) -> Callable[[Driver], None]:
    """A paper is held too high: its code is not whole, and nothing is read."""

    def situation(person: Driver) -> None:
        camera = Camera()
        if not starting:
            chance = random.Random(1)
            seen = paper(person.world.submits().receipt.url, HANDLED, chance)
            table = Image.new("L", (1280, 720), 96)
            table.paste(seen, (420, -seen.height // 2))
            camera.sees = jpeg(table)
        person.world.scanner.connected = False
        person.world.printer_is(PrinterCode.PAPER_OUT)
        person.shell.devices = replace(person.shell.devices, photos=camera)
        at_home(person)
        person.tap(_("Where is my application?"))
        if not starting:
            wait_for(person, lambda: person.shell.screen.view)

    return situation


def one_letter_wrong(person: Driver) -> None:
    reference = person.world.submits().receipt.claims.reference.replace("-", "")
    wrong = ("8" if reference[5] != "8" else "9").join((reference[:5], reference[6:]))
    at_home(person)
    person.tap(_("Where is my application?"))
    for symbol in wrong:
        person.tap(symbol)
    person.tap(_("Look up"))


def decided(
    status: Status, reason: str | None, printer: PrinterCode = PrinterCode.READY
) -> Callable[[Driver], None]:
    def situation(person: Driver) -> None:
        person.world.printer_is(printer)
        submitted = person.world.submits()
        person.world.decides(
            submitted,
            status,
            reason=reason,
            words=WORDS,
            law="" if status is Status.RETURNED else "law-family-registration",
            deciders=("ວິຊາການ", "ຫົວໜ້າຫ້ອງການປະຕູດຽວ"),
        )
        at_home(person)
        person.world.scanner.reads(submitted.receipt.token)
        person.passes_s(0.5)

    return situation


def late(first: date, now: date) -> Callable[[Driver], None]:
    """The promised day was moved, and may be past again."""

    def situation(person: Driver) -> None:
        submitted = person.world.submits()
        person.world.decides(submitted, Status.RECEIVED, due=first)
        person.world.decides(submitted, Status.TAKEN_UP, due=now, reason="village-asked")
        at_home(person)
        person.world.scanner.reads(submitted.receipt.token)
        person.passes_s(0.5)

    return situation


def could_not_be_read(person: Driver) -> None:
    person.world.central.unreadable = lambda _envelope: True
    submitted = person.world.submits()
    person.world.exchanges()
    at_home(person)
    person.world.scanner.reads(submitted.receipt.token)
    person.passes_s(0.5)


def waiting_for_a_line(person: Driver) -> None:
    submitted = person.world.submits()
    at_home(person)
    person.world.scanner.reads(submitted.receipt.token)
    person.passes_s(0.5)


def a_strange_code(person: Driver) -> None:
    at_home(person)
    person.world.scanner.reads("https://example.com/menu")
    person.passes_s(0.5)


def asking_for_help(person: Driver) -> None:
    """In the middle of a form, which may be set aside."""
    at("/data/village", paper=False)(person)
    person.tap(_("Help"))


def asked_whether_still_there(person: Driver) -> None:
    at_home(person)
    person.passes_s(IDLE_S + 1)


def saying_goodbye(person: Driver) -> None:
    waiting_for_a_line(person)
    person.world.printer_is(PrinterCode.PAPER_OUT)
    person.tap(_("Finish"))


SITUATIONS = {
    "entrance": at_the_entrance,
    "home": at_home,
    "home-without-paper": without_paper,
    "showing-a-receipt": before_the_camera(),
    "showing-starting": before_the_camera(starting=True),
    "typing-a-reference": typing_a_reference,
    "did-you-mean": one_letter_wrong,
    "finding-waiting": waiting_for_a_line,
    "finding-returned": decided(Status.RETURNED, "photo-unreadable"),
    "finding-approved": decided(Status.APPROVED, None),
    "finding-rejected": decided(Status.REJECTED, "other-district", PrinterCode.PAPER_OUT),
    "finding-late": late(PAST, PAST + timedelta(days=7)),
    "finding-moved": late(PAST, date(2099, 1, 4)),
    "finding-set-aside": could_not_be_read,
    "finding-strange": a_strange_code,
    "help": asking_for_help,
    "idle": asked_whether_still_there,
    "end": saying_goodbye,
    "sheet-business": on_a_sheet(BUSINESS),
    "sheet-residence": on_a_sheet(RESIDENCE, PrinterCode.READY),
}
