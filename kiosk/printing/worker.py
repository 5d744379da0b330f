"""The printing thread: takes the oldest job, prints it, and says how the printer is.

It owns the one slow thing, the printer, and its own connection to the ledger; it meets the rest of
the program only there. The port stays open between jobs, so the first byte leaves at once; lines
are set while earlier ones print. A printer that is missing or silent is looked for again and again,
ever less often; paper that comes back is noticed within a second, and what waited is printed
without being asked. A presenter's paper is waited for until it is taken, or taken back.

The thread outlives a ledger that is busy, full or gone: it waits and opens it anew. What became of
a paper is owed to the ledger until the ledger has it, and nothing else is printed before.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import islice
from math import inf

from kiosk.printing.dialogue import Dialogue, Progress
from kiosk.printing.errors import (
    PrinterCode,
    PrinterError,
    PrinterFault,
    PrinterMissing,
    PrinterSilent,
)
from kiosk.printing.escpos import Block, encode
from kiosk.printing.jobs import PrintJob, PrintJobs
from kiosk.printing.layout import lay_out, render
from kiosk.printing.paper import PaperMeter
from kiosk.printing.port import Port
from kiosk.printing.profile import Presenter, PrinterProfile
from kiosk.printing.receipt import Receipt
from kiosk.printing.slip import Code, Printable, Size, Slip, Square, Words
from kiosk.printing.store import Shelf, Standing
from kiosk.printing.typeset import check_shaping
from kiosk.printing.vault import Vault
from sync.clock import Clock
from sync.errors import LedgerError
from sync.ledger import Ledger
from sync.scrubbed import place_of
from sync.sentence import Sentence
from sync.token import ReceiptClaims

LOOK_EVERY_S = 0.15  # at an idle printer: with its answer, a fault is named in half a second
STAND_BY_S = 1.0  # between two looks at the ledger, when nobody nudges
LOOKED_S = 1.0  # after which a paper does not begin without another look
MEND_EVERY_S = 1.0  # at a printer that waits for somebody's hand
MOUTH_EVERY_S = 0.25  # at a paper that waits to be taken
RETRACT_S_MAX = 5.0  # the presenter's motor needs less
RETRY_S, RETRY_S_MAX = 0.5, 10.0  # for a printer that is missing or silent, or a ledger in trouble
STOP_S_MAX = 10.0
GLASS_S = 0.06  # the first lines take as long to print

# The first use of a font reads it: that is done at the start, not when somebody waits for paper.
WARMING_UP = Slip(
    (
        *(Words("ໃບຮັບ Receipt", size, bold=bold) for size in Size for bold in (False, True)),
        Code("0000-0000-0000"),
        Square("0"),
    )
)

log = logging.getLogger(__name__)


class PrintWorker:
    """Prints what is queued until it is stopped.

    Args:
        open_ledger: opens the ledger for this thread.
        open_port: opens the printer's port, or raises PrinterMissing.
        profile: what the printer is.
        vault: the program's only one.
        sign: makes a receipt's token of its claims.
        clock: makes this thread's clock of its ledger.
        standing: what stands on every receipt, for a printer that keeps pictures.
    """

    def __init__(
        self,
        open_ledger: Callable[[], Ledger],
        *,
        open_port: Callable[[], Port],
        profile: PrinterProfile,
        vault: Vault,
        sign: Callable[[ReceiptClaims], str],
        clock: Callable[[Ledger], Clock],
        standing: Standing | None = None,
    ) -> None:
        check_shaping()
        self._open_ledger = open_ledger
        self._open_port = open_port
        self._profile = profile
        self._vault = vault
        self._sign = sign
        self._clock = clock
        self._begun = False
        self._owed: Callable[[PrintJobs], None] | None = None  # what became of the last paper
        self._port: Port | None = None
        self._dialogue: Dialogue | None = None
        self._paper = PaperMeter(profile)
        self._shelf = Shelf(profile, standing)
        self._retry_s = RETRY_S
        self._seen_ready_s = -inf
        self._noted: PrinterCode | None = None
        self._nudged = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="printing", daemon=True)

    def start(self) -> None:
        """Begin, with what an earlier program left."""
        self._thread.start()

    def nudge(self) -> None:
        """There is something to print: do not wait until the next look."""
        self._nudged.set()

    def stop(self) -> None:
        """End after the paper that is printing."""
        self._stopping.set()
        self._nudged.set()
        if self._thread.ident is not None:  # it was started
            self._thread.join(STOP_S_MAX)

    def _run(self) -> None:
        ledger: Ledger | None = None
        while not self._stopping.is_set():
            try:
                ledger = ledger or self._open_ledger()
                jobs, clock = PrintJobs(ledger, self._vault), self._clock(ledger)
                wait_s = self._turn(jobs, clock)
                code = jobs.printer_state().code
                self._paper.note(ledger, code, clock.now())
                if code.prints and self._port is not None and self._dialogue is not None:
                    self._shelf.stock(ledger, self._port, self._dialogue.send)
            except Exception as failure:  # noqa: BLE001 - even the ledger may fail: wait, reopen
                wait_s = self._failed(failure)
                _close(ledger)
                ledger = None
            self._nudged.wait(wait_s)
            self._nudged.clear()
        self._hang_up()
        _close(ledger)

    def _failed(self, failure: Exception) -> float:
        """Write down what failed and where, never its text; how long to wait then."""
        log.warning("Printing was interrupted and will be tried again: %s", place_of(failure))
        if not isinstance(failure, LedgerError):
            self._hang_up()
        return self._later()

    def _turn(self, jobs: PrintJobs, clock: Clock) -> float:
        """Print all that can be printed; how long to wait then."""
        self._begin(jobs, clock)
        self._pay(jobs)
        try:
            self._wait_until_taken(jobs, clock)
            while not self._stopping.is_set() and (job := jobs.find_oldest()) is not None:
                if time.monotonic() - self._seen_ready_s > LOOKED_S:
                    self._look(jobs, clock)
                self._print(job, jobs, clock)
                self._wait_until_taken(jobs, clock, job)
            self._look(jobs, clock)
            self._retry_s = RETRY_S
            self._stand_by(jobs, clock)
        except PrinterError as problem:
            return self._troubled(problem, jobs, clock)
        return 0

    def _begin(self, jobs: PrintJobs, clock: Clock) -> None:
        """Once: take over what an earlier program left."""
        if self._begun:
            return
        lost = jobs.recover()
        if lost:
            log.warning("%d papers were being printed when the program ended", lost)
        self._note(PrinterCode.STARTING, jobs, clock)
        render(WARMING_UP, self._profile)
        self._begun = True

    def _stand_by(self, jobs: PrintJobs, clock: Clock) -> None:
        """Wait for something to print; the printer is asked often, the ledger is left alone."""
        until_s = time.monotonic() + STAND_BY_S
        while time.monotonic() < until_s and not self._nudged.wait(LOOK_EVERY_S):
            self._look(jobs, clock)

    def _look(self, jobs: PrintJobs, clock: Clock) -> None:
        """Ask the printer how it is and keep that; a paper soon after need not ask again."""
        self._seen_ready_s = -inf
        code = self._connected().check()
        self._seen_ready_s = time.monotonic()
        self._note(code, jobs, clock)

    def _note(self, code: PrinterCode, jobs: PrintJobs, clock: Clock) -> None:
        """Keep how the printer is, where that is new."""
        if code is not self._noted:
            self._noted = None  # until it is kept
            jobs.note_printer(code, clock.now().at_ms)
            self._noted = code

    def _troubled(self, problem: PrinterError, jobs: PrintJobs, clock: Clock) -> float:
        log.info("The printer cannot print: %s (%s)", problem.code, problem)
        self._seen_ready_s = -inf
        self._note(problem.code, jobs, clock)
        if isinstance(problem, PrinterMissing | PrinterSilent):
            self._hang_up()
            return self._later()
        return MEND_EVERY_S

    def _later(self) -> float:
        wait_s, self._retry_s = self._retry_s, min(2 * self._retry_s, RETRY_S_MAX)
        return wait_s

    def _connected(self) -> Dialogue:
        if self._dialogue is None:
            self._port = self._open_port()
            self._dialogue = Dialogue(self._port, self._profile)
        return self._dialogue

    def _hang_up(self) -> None:
        if self._port is not None:
            self._port.close()
        self._port = self._dialogue = None
        self._seen_ready_s = -inf
        self._shelf.forget()

    def _wait_until_taken(self, jobs: PrintJobs, clock: Clock, job: PrintJob | None = None) -> None:
        """A paper in the presenter is somebody's: nothing else is printed, and nobody finds it.

        Whoever forgets her paper would leave the key to her application to the next person; after
        a while the presenter takes it back.
        """
        if self._profile.presenter is Presenter.NONE:
            return
        dialogue, begun_s = self._connected(), time.monotonic()
        while dialogue.ticket_lies() and not self._stopping.is_set():
            self._note(PrinterCode.TICKET_LIES, jobs, clock)
            if time.monotonic() - begun_s > self._profile.retract_after_s:
                self._retract(dialogue)
                if job is not None:
                    jobs.retracted(job.id, clock.now().at_ms)
                return
            time.sleep(MOUTH_EVERY_S)

    def _retract(self, dialogue: Dialogue) -> None:
        log.info("A paper that nobody took goes back into the kiosk")
        dialogue.retract()
        deadline = time.monotonic() + RETRACT_S_MAX
        while dialogue.ticket_lies():
            if time.monotonic() > deadline:
                raise PrinterFault(Sentence("does not take its paper back"))
            time.sleep(MOUTH_EVERY_S)

    def _print(self, job: PrintJob, jobs: PrintJobs, clock: Clock) -> None:
        """Send one job and write down what became of it."""

        def tell(code: PrinterCode) -> None:
            with suppress(LedgerError):  # the paper is more than what is said of it
                self._note(code, jobs, clock)

        dialogue = self._connected()
        self._owed = partial(PrintJobs.put_back, job_id=job.id, again=False)  # if `begin` fails
        if not jobs.begin(job.id):
            self._owed = None
            return
        try:
            bands = lay_out(self._signed(job), self._profile)
            blocks = encode(bands, self._profile, self._shelf.find)
            proof = dialogue.send(self._paper.measured(_glass_first(blocks)), tell)
            self._owed = partial(PrintJobs.printed, job_id=job.id, proof=proof)
        except PrinterError as problem:
            if _may_have_come_out(problem, dialogue.progress):
                self._owed = partial(PrintJobs.lost_sight, job_id=job.id)
            else:
                begun = dialogue.progress is not Progress.NOTHING
                self._owed = partial(PrintJobs.put_back, job_id=job.id, again=begun)
            raise
        except Exception:  # a paper that cannot be set must not block those behind it
            self._owed = partial(PrintJobs.lost_sight, job_id=job.id)
            raise
        finally:
            self._pay(jobs)

    def _signed(self, job: PrintJob) -> Printable:
        """The paper as it is printed: a receipt has its token now."""
        if isinstance(job.paper, Receipt):
            return replace(job.paper, token=self._sign(job.paper.claims))
        return job.paper

    def _pay(self, jobs: PrintJobs) -> None:
        """Write down what became of the last paper, where that is still owed."""
        if self._owed is not None:
            self._owed(jobs)
            self._owed = None


def _glass_first(blocks: Iterable[Block]) -> Iterator[Block]:
    """The paper begins at once; while its first lines print, the glass has the processor.

    Threads share one core's worth of Python, and she looks for her reference on the glass first.
    """
    following = iter(blocks)
    yield from islice(following, 1)
    time.sleep(GLASS_S)
    yield from following


def _close(ledger: Ledger | None) -> None:
    """Give the ledger back; one in trouble may not even close."""
    if ledger is not None:
        with suppress(sqlite3.Error):
            ledger.close()


def _may_have_come_out(problem: PrinterError, progress: Progress) -> bool:
    """Every byte has gone, and the printer did not say that it stopped before the end.

    Where it was done with all of it and is in trouble afterwards, the paper may be whole or not.
    """
    gone_quiet = isinstance(problem, PrinterMissing | PrinterSilent)
    return progress is Progress.PROCESSED or (progress is Progress.ALL and gone_quiet)
