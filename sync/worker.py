"""The network's own thread: exchanges when nudged, by heartbeat, and again after failures.

It opens the ledger for itself and meets the rest of the program only there: why the last exchange
did not happen is a row that the screen reads. Logs hold counts and kinds of failures, nothing that
a person typed.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from sync.backoff import Backoff
from sync.budget import FREE, Budget
from sync.clock import DeviceClock
from sync.errors import (
    BadAnswer,
    CentralFault,
    ExchangeError,
    LedgerError,
    LedgerFull,
    NotCentral,
    NotEnrolled,
    Refused,
    TooSlow,
    Unreachable,
)
from sync.exchange import Exchanged, sync_once
from sync.facts import Problem, ProblemNote
from sync.keeping import KEEPING, Keeping
from sync.ledger import Ledger
from sync.pace import Limits, Pace
from sync.protocol import Central
from sync.scrubbed import Plain

__all__ = ["Exchanged", "SyncWorker", "sync_once"]

HEARTBEAT_S = 60.0
HEARTBEAT_JITTER = 0.1  # kiosks that were started together drift apart
STOP_S_MAX = 5.0
GATHER_S = 0.2  # after a nudge: the person at the glass comes first, and what follows goes along
ERASE_EVERY_S = 3600.0
RETRY_AFTER_S_MAX = 3600.0  # central may steer, not silence
_log = logging.getLogger(__name__)

_PROBLEMS: tuple[tuple[type[Exception], Problem], ...] = (  # the first that fits
    (TooSlow, Problem.TOO_SLOW),
    (Unreachable, Problem.UNREACHABLE),
    (NotCentral, Problem.NOT_CENTRAL),
    (CentralFault, Problem.CENTRAL_FAULT),
    (Refused, Problem.REFUSED),
    (BadAnswer, Problem.BAD_ANSWER),
    (NotEnrolled, Problem.NOT_ENROLLED),
    (LedgerFull, Problem.DISK_FULL),
    (LedgerError, Problem.LEDGER),
    (Exception, Problem.UNEXPECTED),
)


def problem_of(failure: Exception) -> Problem:
    """A failure's name in the ledger."""
    return next(problem for kind, problem in _PROBLEMS if isinstance(failure, kind))


@runtime_checkable
class CanBeCut(Protocol):
    """A road that can be told, from another thread, to give up what it is doing."""

    def cut(self) -> None:
        """Give up: the request under way fails at once."""
        ...


@dataclass(frozen=True, slots=True)
class Pause:
    """How long to wait; a nudge ends it early unless central asked for it."""

    for_s: float
    steered: bool = False


class SyncWorker:
    """Owns the line to central.

    Args:
        open_ledger: opens the ledger in the worker's thread.
        central: the road to central; of this worker alone.
        heartbeat_s: the interval of exchanges when nobody nudges.
        backoff: the intervals after failures; none is longer than that of the heartbeat unless
            given here.
        budget: how much may be spent on documents.
        keeping: how long sealed content stays after central has it.
        chance: a number from 0 to 1 for the heartbeat's jitter.
        wait: waits for an event so many seconds.
    """

    def __init__(
        self,
        open_ledger: Callable[[], Ledger],
        central: Central,
        *,
        heartbeat_s: float = HEARTBEAT_S,
        backoff: Backoff | None = None,
        budget: Budget = FREE,
        keeping: Keeping = KEEPING,
        chance: Callable[[], float] = random.random,
        wait: Callable[[threading.Event, float], object] = threading.Event.wait,
    ) -> None:
        self._open_ledger = open_ledger
        self._central = central
        self._heartbeat_s = heartbeat_s
        self._backoff = backoff or Backoff(most_s=heartbeat_s, chance=chance)
        self._budget = budget
        self._keeping = keeping
        self._pace = Pace()
        self._erase_at_s = 0.0  # on the steady clock: the first exchange erases
        self._chance = chance
        self._wait = wait
        self._heard_s = time.monotonic()
        self._rests_until_s = self._heard_s
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    def start(self) -> None:
        """Begin; the first exchange is at once."""
        self._thread.start()

    @property
    def silent_s(self) -> float:
        """How long central has not been heard, at most since the program started."""
        return time.monotonic() - self._heard_s

    @property
    def rests_s(self) -> float:
        """How long central has asked not to be called; a nudge is heard only then."""
        return max(0.0, self._rests_until_s - time.monotonic())

    @property
    def limits(self) -> Limits:
        """How much goes into one request at present."""
        return self._pace.limits

    def nudge(self) -> None:
        """There is something to send: do not wait for the heartbeat."""
        self._woken.set()

    def stop(self, timeout_s: float = STOP_S_MAX) -> bool:
        """End soon; whether it has ended. An exchange that is cut off is run again next time."""
        self._stopping.set()
        self._woken.set()
        if isinstance(self._central, CanBeCut):
            self._central.cut()
        if self._thread.ident is not None:  # it was started
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        ledger: Ledger | None = None
        try:
            while not self._stopping.is_set():
                self._woken.clear()
                try:
                    ledger = ledger or self._open_ledger()
                    pause = self.run_once(ledger)
                except Exception as failure:  # noqa: BLE001 - even the ledger may fail: wait, reopen
                    pause = self._failed(failure)
                    if ledger is not None:
                        ledger.close()
                        ledger = None
                if pause.steered:
                    self._rests_until_s = time.monotonic() + pause.for_s
                self._wait(self._stopping if pause.steered else self._woken, pause.for_s)
                if self._woken.is_set():
                    self._stopping.wait(GATHER_S)
        finally:
            if ledger is not None:
                ledger.close()

    def run_once(self, ledger: Ledger) -> Pause:
        """Exchange once, note how it went, and say how long to wait."""
        try:
            exchanged = sync_once(
                ledger,
                self._central,
                pace=self._pace,
                budget=self._budget,
                proceed=self._goes_on,
            )
            self._erase(ledger)
        except Exception as failure:  # noqa: BLE001 - the worker's loop outlives whatever happens
            if self._stopping.is_set():
                return Pause(0)
            note = ProblemNote(problem_of(failure), _detail(failure), DeviceClock(ledger).now())
            ledger.note_problem(note)
            return self._failed(failure)
        _log.info(
            "exchanged requests=%d sent=%d received=%d evidence_bytes=%d evidence_left=%d",
            exchanged.requests,
            exchanged.sent,
            exchanged.received,
            exchanged.evidence_bytes,
            exchanged.evidence_left,
        )
        if ledger.exchange_state().last_problem is not None:
            ledger.note_problem(None)
        self._backoff.succeeded()
        self._heard_s = time.monotonic()
        jitter = 1 + HEARTBEAT_JITTER * (2 * self._chance() - 1)
        return Pause(self._heartbeat_s * jitter)

    def _goes_on(self) -> bool:
        return not self._stopping.is_set()

    def _erase(self, ledger: Ledger) -> None:
        """Once in a while: what need not lie here any longer."""
        if time.monotonic() < self._erase_at_s:
            return
        erased = ledger.erase_settled(self._keeping, self._goes_on)
        self._erase_at_s = time.monotonic() + ERASE_EVERY_S
        if erased:
            _log.info("erased the sealed content of %d envelopes that central keeps", erased)

    def _failed(self, failure: Exception) -> Pause:
        _log.warning("exchange failed: %s%s", Plain(type(failure).__name__), Plain(_place(failure)))
        asked_s = failure.retry_after_s if isinstance(failure, ExchangeError) else None
        if asked_s is None:
            return Pause(self._backoff.failed())
        asked_s = min(asked_s, RETRY_AFTER_S_MAX)
        return Pause(self._backoff.failed(at_least_s=asked_s), steered=True)


def _detail(failure: Exception) -> str:
    """A few words for the technician: never the text of an unexpected error."""
    if isinstance(failure, Refused) and failure.reason:
        return failure.reason
    return type(failure).__name__


def _place(failure: Exception) -> str:
    """Where an unexpected failure was raised; its text may hold anything and is left out."""
    if problem_of(failure) is not Problem.UNEXPECTED:
        return ""
    trace = failure.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
