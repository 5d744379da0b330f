"""Cuts a kiosk's power again and again, at moments from a seed, and then counts.

The kiosk is the real program on its real folder, killed by SIGKILL; central is the real server;
the printer lives on, as a printer with its own plug does. The moments are drawn around what
matters: while it starts, around the submission, during the exchange, during printing. When all cuts
are done the kiosk starts once more and is left alone until nothing waits.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.printing.jobs import PrintJobs
from kiosk.printing.profile import load_profile
from kiosk.printing.vault import Vault
from kiosk.printing.virtual import VirtualPrinter
from tests.acceptance.central_books import CentralBooks
from tests.acceptance.kiosk_machine import KioskMachine
from tests.acceptance.paper_trail import SeenReceipt, read_papers
from tests.central import RunningCentral
from tests.papers import until

PRINTER = "generic-80"
STILL_S_MAX = 60.0  # while something waits, something must happen
PHOTO_BYTES = 70_000  # more than one piece


@dataclass
class Count:
    """What was found when all was over."""

    kills: int = 0
    promised: int = 0
    lost: int = 0  # promised, and central has no case of it
    doubled: int = 0  # more than one case of an application, or two of one reference
    unpromised: int = 0  # kept, and cut off before the person was told: filed once as well
    papers: int = 0
    doubtful: int = 0  # papers that were being printed when the power went
    papers_doubled: int = 0  # a second paper that does not say so
    moments: Counter[str] = field(default_factory=Counter)


class PowerCuts:
    """One kiosk with a printer, and somebody at the mains."""

    def __init__(self, folder: Path, central: RunningCentral, seed: int) -> None:
        self.chance = random.Random(seed)
        self.books = CentralBooks(central.data)
        self.count = Count()
        self.profile = load_profile(PRINTER)
        self.printer = VirtualPrinter(self.profile, link=folder / "printer")
        self.machine = KioskMachine(folder / "kiosk")
        self.machine.provision(
            central.base_url,
            central.enrolment_code(),
            printer_port=self.printer.path,
            printer_profile=PRINTER,
        )
        self.printer.start()

    def cut(self) -> None:
        """The power goes once, somewhere."""
        moments: list[Callable[[], None]] = [
            self._while_it_starts,
            self._at_a_first_submission,
            self._at_a_submission,
            self._at_the_exchange,
            self._at_printing,
        ]
        moment = self.chance.choice(moments)
        moment()
        self.machine.kill()
        self.count.kills += 1
        self.count.moments[moment.__name__.strip("_").replace("_", " ")] += 1

    def _passes(self, seconds_max: float) -> None:
        time.sleep(self.chance.uniform(0, seconds_max))

    def _submits(self, *, photo: bool) -> None:
        order = {"photo_words": "family book", "photo_bytes": PHOTO_BYTES} if photo else {}
        self.machine.says(f"submit {self.chance.randrange(1, 4)} {json.dumps(order)}")

    def _while_it_starts(self) -> None:
        self.machine.start(until_ready=False)
        self._passes(0.1)

    def _at_a_first_submission(self) -> None:
        """The services are read for the first time: most of it happens before the promise."""
        self.machine.start()
        self._submits(photo=self.chance.random() < 0.3)
        self._passes(0.4)

    def _at_a_submission(self) -> None:
        self.machine.start()
        self.machine.submit(1)
        self._submits(photo=self.chance.random() < 0.3)
        self._passes(0.06)

    def _at_the_exchange(self) -> None:
        self.machine.start()
        self.machine.submit(self.chance.randrange(1, 3))
        self.machine.submit(1, photo_words="family book", photo_bytes=PHOTO_BYTES)
        self._passes(0.15)

    def _at_printing(self) -> None:
        self.machine.start()
        until(lambda: self.machine.status()["printer"] == "ready")
        self.machine.submit(1)
        if self.chance.random() < 0.3:
            self.machine.does("again")
        self._passes(0.25)

    def settle(self) -> None:
        """The power stays on until nothing waits any more."""
        machine = self.machine
        machine.start()
        machine.settles(lambda state: state.waiting_count == 0)
        with machine.ledger() as ledger:
            jobs = PrintJobs(ledger, Vault())
            _comes_to_rest(lambda: len(ledger.evidence_waiting()), "documents")
            _comes_to_rest(jobs.waiting_count, "papers")
        machine.stop()
        self.printer.stop()
        self._count()

    def _count(self) -> None:
        count, filed = self.count, self.books.filed()
        promised = {promise.application for promise in self.machine.promised}
        references = Counter(self.books.references())
        count.promised = len(promised)
        count.lost = len(promised - filed.keys())
        count.unpromised = len(filed.keys() - promised)
        count.doubled = sum(times - 1 for times in filed.values())
        count.doubled += sum(times - 1 for times in references.values())
        papers = self.papers()
        unmarked = Counter(seen.reference for seen in papers if not seen.marked)
        count.papers = len(papers)
        with self.machine.ledger() as ledger:
            query = "SELECT count(*) FROM print_jobs WHERE state = 'unknown'"
            count.doubtful = ledger.database.execute(query).fetchone()[0]
        count.papers_doubled = sum(times - 1 for times in unmarked.values())

    def papers(self) -> list[SeenReceipt]:
        """Every receipt that came out so far."""
        with self.machine.ledger() as ledger:
            return read_papers(self.printer.papers, self.profile, ledger)

    def close(self) -> None:
        """Whatever happened, nothing goes on."""
        self.machine.close()
        if not self.printer._stopping.is_set():
            self.printer.stop()


def _comes_to_rest(count_waiting: Callable[[], int], what: str) -> None:
    """Wait until nothing waits, as long as it becomes less."""
    waiting, since_s = count_waiting(), time.monotonic()
    while waiting:
        assert time.monotonic() - since_s < STILL_S_MAX, f"{waiting} {what} wait in vain"
        time.sleep(0.02)
        if (left := count_waiting()) < waiting:
            waiting, since_s = left, time.monotonic()
