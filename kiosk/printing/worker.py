"""The printing thread: takes the oldest job, prints it, and says how the printer is.

It owns the one slow thing, the printer, and its own connection to the ledger; it meets the rest of
the program only there. The port stays open between jobs, so the first byte leaves at once; lines
are set while earlier ones print. A printer that is missing or silent is looked for again and again,
ever less often; paper that comes back is noticed within a second, and what waited is printed
without being asked.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from math import inf

from kiosk.printing.dialogue import Dialogue, Progress
from kiosk.printing.errors import PrinterCode, PrinterError, PrinterMissing, PrinterSilent
from kiosk.printing.escpos import encode
from kiosk.printing.jobs import PrintJob, PrintJobs
from kiosk.printing.layout import lay_out, render
from kiosk.printing.port import Port
from kiosk.printing.profile import PrinterProfile
from kiosk.printing.slip import Code, Size, Slip, Square, Words
from kiosk.printing.typeset import check_shaping
from kiosk.printing.vault import Vault
from sync.clock import Clock
from sync.ledger import Ledger
from sync.token import ReceiptClaims

LOOK_EVERY_S = 1.0  # at an idle printer
RETRY_S, RETRY_S_MAX = 0.5, 10.0  # for a printer that is missing or silent
STOP_S_MAX = 10.0

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
    ) -> None:
        check_shaping()
        self._open_ledger = open_ledger
        self._open_port = open_port
        self._profile = profile
        self._vault = vault
        self._sign = sign
        self._clock = clock
        self._port: Port | None = None
        self._dialogue: Dialogue | None = None
        self._retry_s = RETRY_S
        self._seen_ready_s = -inf
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
        render(WARMING_UP, self._profile)
        ledger = self._open_ledger()
        try:
            jobs, clock = PrintJobs(ledger, self._vault), self._clock(ledger)
            lost = jobs.recover()
            if lost:
                log.warning("%d papers were being printed when the program ended", lost)
            jobs.note_printer(PrinterCode.STARTING, clock.now().at_ms)
            while not self._stopping.is_set():
                self._nudged.wait(self._turn(jobs, clock))
                self._nudged.clear()
        finally:
            self._hang_up()
            ledger.close()

    def _turn(self, jobs: PrintJobs, clock: Clock) -> float:
        """Print all that can be printed; how long to wait then."""
        try:
            while not self._stopping.is_set() and (job := jobs.find_oldest()) is not None:
                if time.monotonic() - self._seen_ready_s > LOOK_EVERY_S:
                    self._look(jobs, clock)
                self._print(job, jobs)
            self._look(jobs, clock)
        except PrinterError as problem:
            return self._troubled(problem, jobs, clock)
        except Exception:
            log.exception("Printing was interrupted and will be tried again")
            self._hang_up()
            return self._later()
        self._retry_s = RETRY_S
        return LOOK_EVERY_S / 2

    def _look(self, jobs: PrintJobs, clock: Clock) -> None:
        """Ask the printer how it is and keep that; a paper soon after need not ask again."""
        self._seen_ready_s = -inf
        code = self._connected().check()
        self._seen_ready_s = time.monotonic()
        jobs.note_printer(code, clock.now().at_ms)

    def _troubled(self, problem: PrinterError, jobs: PrintJobs, clock: Clock) -> float:
        log.info("The printer cannot print: %s", problem)
        self._seen_ready_s = -inf
        jobs.note_printer(problem.code, clock.now().at_ms)
        if isinstance(problem, PrinterMissing | PrinterSilent):
            self._hang_up()
            return self._later()
        return LOOK_EVERY_S

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

    def _print(self, job: PrintJob, jobs: PrintJobs) -> None:
        """Send one job and write down what became of it."""
        dialogue = self._connected()
        if not jobs.begin(job.id):
            return
        try:
            receipt = replace(job.receipt, token=self._sign(job.receipt.claims))
            proof = dialogue.send(encode(lay_out(receipt, self._profile), self._profile))
        except PrinterError as problem:
            if _may_have_come_out(problem, dialogue.progress):
                jobs.lost_sight(job.id)
            else:
                jobs.put_back(job.id, again=dialogue.progress is not Progress.NOTHING)
            raise
        except Exception:
            jobs.lost_sight(job.id)  # a paper that cannot be set must not block those behind it
            raise
        jobs.printed(job.id, proof)


def _may_have_come_out(problem: PrinterError, progress: Progress) -> bool:
    """Every byte has gone, and the printer did not say that it stopped before the end."""
    gone_quiet = isinstance(problem, PrinterMissing | PrinterSilent)
    return progress is Progress.ALL and gone_quiet
