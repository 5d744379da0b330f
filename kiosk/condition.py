"""How the kiosk is, in numbers, for its technician: the facts, gathered in one place.

The page on the screen and the commands `kiosk sync status` and `kiosk printer status` tell of the
same facts, so both ask here. Nothing of it is about a person: numbers, sizes, references, states.
"""

from dataclasses import dataclass
from datetime import date

from kiosk.language import local_date
from kiosk.printing.errors import PrinterState
from kiosk.printing.jobs import PrintJobs
from kiosk.printing.paper import PaperRoll, PaperState
from kiosk.room import NoRoom, Room
from sync.budget import Budget
from sync.facts import ExchangeState
from sync.ledger import Ledger
from sync.queue import Books, Numbers, Queued
from sync.records import Stamp


@dataclass(frozen=True, slots=True)
class Road:
    """The road to central."""

    state: ExchangeState
    numbers: Numbers
    spent_bytes: int  # of documents, today
    day_bytes: int | None  # that may be spent in a day; None: as many as there are
    is_limited: bool  # whether anything is
    is_spent: bool  # no document may go in this hour
    unread_count: int  # sent by central and not understood
    lives_twice: bool
    books: Books

    @property
    def is_well(self) -> bool:
        """Whether the last exchange went well and nobody need do anything about the identity."""
        return self.state.last_problem is None and not self.lives_twice


@dataclass(frozen=True, slots=True)
class Papers:
    """What waits for the printer, and what is known of its roll."""

    waiting_count: int
    roll: PaperState
    ends_on: date | None  # None: nothing can be foreseen


def road_of(ledger: Ledger, budget: Budget, now: Stamp) -> Road:
    """How the road is at this moment."""
    return Road(
        state=ledger.exchange_state(),
        numbers=ledger.numbers(),
        spent_bytes=ledger.spent(now)[0],
        day_bytes=budget.day_bytes,
        is_limited=not budget.is_free,
        is_spent=ledger.may_spend(budget, now) == 0,
        unread_count=ledger.unread_count(),
        lives_twice=ledger.lives_twice(),
        books=ledger.books(),
    )


def papers_of(ledger: Ledger, jobs: PrintJobs, now: Stamp) -> Papers:
    """How it stands with the paper today."""
    today = local_date(now)
    roll = PaperRoll(ledger).state(today)
    return Papers(jobs.waiting_count(), roll, roll.ends_on(today))


@dataclass(frozen=True, slots=True)
class Condition:
    """All of it."""

    now: Stamp
    road: Road
    set_aside: tuple[Queued, ...]
    papers: Papers
    printer: PrinterState
    free_bytes: int
    kiosk_number: int
    device: str
    services: tuple[str, ...]  # each with its newest version
    no_room: NoRoom | None = None  # why no photos and files are taken; None: they are
    reserve_bytes: int = 0  # of the disk, for applications
    outdated: tuple[str, ...] = ()  # services whose forms should have been looked at again


def condition_of(
    ledger: Ledger,
    jobs: PrintJobs,
    budget: Budget,
    now: Stamp,
    room: Room,
    *,
    outdated: tuple[str, ...] = (),
) -> Condition:
    """How the kiosk is at this moment.

    Raises:
        NotEnrolled: it is no kiosk yet.
    """
    identity, disk = ledger.enrolled_identity(), room.disk()
    return Condition(
        now=now,
        road=road_of(ledger, budget, now),
        set_aside=tuple(ledger.set_aside()),
        papers=papers_of(ledger, jobs, now),
        printer=jobs.printer_state(),
        free_bytes=disk.free_bytes,
        kiosk_number=identity.kiosk_number,
        device=identity.device,
        services=tuple(
            f"{service} {versions[0]}" for service, versions in ledger.service_versions().items()
        ),
        no_room=room.lacks(),
        reserve_bytes=disk.reserve_bytes,
        outdated=outdated,
    )
