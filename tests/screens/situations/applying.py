"""Situations of somebody who fills in a form, checks it, hands it in and says what she thinks."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from kiosk.desk import CannotKeep
from kiosk.language import NAMES, _, language
from kiosk.printing.dialogue import Proof
from kiosk.printing.errors import PrinterCode
from kiosk.printing.jobs import PrintJobs
from kiosk.printing.tables import MIGRATIONS as KIOSK_TABLES
from kiosk.printing.vault import Vault
from kiosk.screens.photo_answer import PhotoTile
from kiosk.screens.text import Field
from sync.ledger import Ledger
from tests.screens.driver import Driver
from tests.screens.every_kind import EVERY_KIND, publish_every_kind
from tests.screens.world import ANSWERS, RESIDENCE, World

Situation = Callable[[Driver], None]
BUSINESS = "la.moic.household-business"
PATIENCE_S = 60.0
NAME_OF_200 = "ທ້າວ " + "ສົມພອນ" * 32 + " ຄຳ"


def open_form(person: Driver, service: str = RESIDENCE) -> None:
    """Choose the service, touch Apply, and read what becomes of the answers."""
    on_the_notice(person, service)
    person.reads_the_notice()


def on_the_notice(person: Driver, service: str = BUSINESS) -> None:
    """Choose the service and touch Apply; the business asks for more than a law does."""
    person.tap(NAMES[language()])
    person.tap(person.shell.desk.service(service).descriptor.name.of(language()))
    person.tap(_("Apply"))


def without_paper(before: Situation) -> Situation:
    """A banner takes room: the harder case."""

    def situation(person: Driver) -> None:
        person.world.printer_is(PrinterCode.PAPER_OUT)
        before(person)

    return situation


def at(path: str, service: str = RESIDENCE, *, paper: bool = True) -> Situation:
    """At that question, everything before it answered."""

    def situation(person: Driver) -> None:
        if not paper:  # a banner takes room: the harder case
            person.world.printer_is(PrinterCode.PAPER_OUT)
        open_form(person, service)
        entry = person.shell.visit.entry
        assert entry is not None
        for place, value in ANSWERS.items():
            if service == RESIDENCE and place != path:
                entry.answer(place, value)
        assert entry.go_to(path)
        person.shell.screen.refresh()
        person.settle()

    return situation


def wrong(before: Situation, *keys: str) -> Situation:
    """After Continue was touched too early."""

    def situation(person: Driver) -> None:
        before(person)
        for key in keys:
            person.type(key)
        person.tap(_("Continue"))

    return situation


def touching(before: Situation, *labels: str) -> Situation:
    def situation(person: Driver) -> None:
        before(person)
        for label in labels:
            person.tap(_(label))

    return situation


def typing(before: Situation) -> Situation:
    """With the keyboard open."""

    def situation(person: Driver) -> None:
        before(person)
        if not person.shell.keyboard.is_open:
            person.tap(field(person))

    return situation


def year_known(before: Situation, digits: str) -> Situation:
    def situation(person: Driver) -> None:
        before(person)
        person.type(digits)
        person.tap(_("Continue"))

    return situation


def month_known(before: Situation) -> Situation:
    def situation(person: Driver) -> None:
        year_known(before, "2533")(person)
        person.tap(next(w for w in person.visible() if getattr(w, "number", 0) == 2))  # February

    return situation


def photos_developed(before: Situation) -> Situation:
    """Every picture of the folder stands on its tile."""

    def situation(person: Driver) -> None:
        before(person)
        wait_for(person, lambda: all(tile.texture for tile in tiles(person)) and tiles(person))

    return situation


def reserve_reached(before: Situation) -> Situation:
    """What the disk has left belongs to applications."""

    def situation(person: Driver) -> None:
        person.world.free_bytes = 10**9
        before(person)

    return situation


def photo_chosen(before: Situation, number: int) -> Situation:
    def situation(person: Driver) -> None:
        photos_developed(before)(person)
        entry = person.shell.visit.entry
        assert entry is not None
        person.tap(tiles(person)[number])
        wait_for(person, entry.attachments)

    return situation


@contextmanager
def full_disk(world: World) -> Iterator[None]:
    """No page can be added to the ledger's file."""
    database = world.ledger.database
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count = {pages}")
    with suppress(CannotKeep):
        for _other in range(200):  # until the room left in the present pages is used up
            world.submits()
    yield
    database.execute("PRAGMA max_page_count = 1000000")


@contextmanager
def another_worker(world: World) -> Iterator[PrintJobs]:
    """The print jobs as the printer's thread sees them: with a connection of its own."""
    ledger = Ledger.open(world.ledger.path, KIOSK_TABLES)
    yield PrintJobs(ledger, Vault())
    ledger.close()


def prints(world: World) -> None:
    with another_worker(world) as jobs:
        job = jobs.find_oldest()
        assert job is not None
        assert jobs.begin(job.id)
        jobs.printed(job.id, Proof.PROCESSED)


def field(person: Driver) -> Field:
    return next(widget for widget in person.visible() if isinstance(widget, Field))


def tiles(person: Driver) -> list[PhotoTile]:
    return [tile for tile in person.visible() if isinstance(tile, PhotoTile)]


def wait_for(person: Driver, happened: Callable[[], object]) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < until_s, "It does not happen."
        time.sleep(0.02)
        person.settle()


def checking(*, all_given: bool = True, paper: bool = True, name: str = "") -> Situation:
    """On the check-answers page."""

    def situation(person: Driver) -> None:
        if not paper:
            person.world.printer_is(PrinterCode.PAPER_OUT)
        open_form(person)
        entry = person.shell.visit.entry
        assert entry is not None
        given = ANSWERS | ({"/data/full_name": name} if name else {})
        for place, value in given.items():
            entry.answer(place, value)
        entry.go_to_end()
        assert entry.at_end
        if not all_given:
            entry.answer("/data/village", "")
            entry.answer("/data/years_here", "120")
        person.shell.go("check", service_id=RESIDENCE)
        person.settle()

    return situation


def confirming(*, paper: bool = True) -> Situation:
    return touching(checking(paper=paper), "These answers are right")


def handed_in(*, paper: bool = True) -> Situation:
    return touching(confirming(paper=paper), "Hand in my application")


def disk_full(person: Driver) -> None:
    confirming(paper=False)(person)
    with full_disk(person.world):
        person.tap(_("Hand in my application"))


def printed(person: Driver) -> None:
    handed_in()(person)
    prints(person.world)
    person.passes_s(0.5)


def doubtful(person: Driver) -> None:
    """The power failed while the paper came out."""
    handed_in()(person)
    with another_worker(person.world) as jobs:
        job = jobs.find_oldest()
        assert job is not None
        jobs.begin(job.id)
        jobs.recover()
    person.passes_s(0.5)


def asked_for_opinion(person: Driver) -> None:
    handed_in(paper=False)(person)
    person.tap(_("Continue"))


def second_opinion(person: Driver) -> None:
    asked_for_opinion(person)
    person.tap(_("Hard"))


def every_kind(path: str, *, paper: bool = True) -> Situation:
    def situation(person: Driver) -> None:
        publish_every_kind(person.world)
        at(path, EVERY_KIND, paper=paper)(person)

    return situation


def power_cut(person: Driver) -> None:
    """The receipt was being printed when the power went."""
    submitted = person.world.submits()
    person.shell.visit.begin(language())
    person.shell.replace("interrupted", reference=submitted.receipt.reference)


def forgotten_ticket(person: Driver) -> None:
    """Somebody's receipt still lies in the printer."""
    person.world.printer_is(PrinterCode.TICKET_LIES)
    person.shell.screen.choose(language())


SITUATIONS: dict[str, Situation] = {
    "notice-business": without_paper(on_the_notice),
    "ask-choice": at("/data/for_whom", paper=False),
    "ask-choice-wrong": wrong(at("/data/for_whom", paper=False)),
    "ask-text": at("/data/full_name", paper=False),
    "ask-text-wrong": wrong(at("/data/full_name", paper=False)),
    "ask-text-typing": typing(at("/data/full_name", paper=False)),
    "ask-date-year": wrong(at("/data/birth_date", paper=False), "2", "5"),
    "ask-date-year-buddhist": touching(at("/data/birth_date")),
    "ask-date-month": year_known(at("/data/birth_date", paper=False), "2533"),
    "ask-date-day": month_known(at("/data/birth_date", paper=False)),
    "ask-province": at("/data/province"),
    "ask-province-wrong": wrong(at("/data/province", paper=False)),
    "ask-district": at("/data/district"),
    "ask-number": at("/data/years_here"),
    "ask-number-wrong": wrong(at("/data/years_here", paper=False), *"120"),
    "ask-several": at("/data/purposes"),
    "ask-several-wrong": wrong(at("/data/purposes", paper=False)),
    "ask-photo": photos_developed(at("/data/family_book", paper=False)),
    "ask-photo-dark": photo_chosen(at("/data/family_book", paper=False), 1),
    "ask-photo-no-room": reserve_reached(at("/data/family_book")),
    "ask-note": every_kind("/data/note"),
    "ask-decimal": every_kind("/data/area", paper=False),
    "ask-telephone": every_kind("/data/telephone", paper=False),
    "ask-agreement": every_kind("/data/agreed", paper=False),
    "ask-long": every_kind("/data/long", paper=False),
    "ask-long-typing": typing(every_kind("/data/long")),
    "ask-long-wrong": wrong(every_kind("/data/long", paper=False)),
    "check": checking(),
    "check-missing": checking(all_given=False, paper=False),
    "check-long-name": checking(name=NAME_OF_200),
    "confirm": confirming(paper=False),
    "confirm-disk-full": disk_full,
    "receipt": handed_in(),
    "receipt-later": handed_in(paper=False),
    "receipt-printed": printed,
    "receipt-doubtful": doubtful,
    "receipt-interrupted": power_cut,
    "receipt-forgotten": forgotten_ticket,
    "feedback": asked_for_opinion,
    "feedback-second": second_opinion,
}
