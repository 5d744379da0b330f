"""The network's thread: it never gives up, never hurries, and says why it waits."""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from sync.backoff import Backoff
from sync.client import HttpCentral
from sync.errors import (
    BadAnswer,
    CentralFault,
    LedgerBusy,
    LedgerFull,
    NotCentral,
    NotEnrolled,
    Refused,
    TooSlow,
    Unreachable,
)
from sync.facts import Problem
from sync.ledger import Ledger
from sync.worker import Pause, SyncWorker, problem_of
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import enrolled, submit
from tests.stand_ins.web_server import Request, WebServer
from tests.stand_ins.wire import FaultyWire


@pytest.fixture
def central() -> StandInCentral:
    return StandInCentral()


@pytest.fixture
def ledger(tmp_path: Path, central: StandInCentral) -> Iterator[Ledger]:
    opened = enrolled(tmp_path, central)
    yield opened
    opened.close()


def worker_on(ledger: Ledger, central: object, **settings: object) -> SyncWorker:
    given = {"heartbeat_s": 100.0, "backoff": Backoff(chance=lambda: 1.0), "chance": lambda: 0.5}
    return SyncWorker(lambda: Ledger.open(ledger.path), central, **(given | settings))  # type: ignore[arg-type]  # named parts


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "it did not come to be"
        time.sleep(0.005)


def failing(failure: Exception) -> StandInCentral:
    central = StandInCentral()

    def fail(batch: bytes) -> bytes:  # noqa: ARG001 - as the protocol says
        raise failure

    central.exchange = fail  # type: ignore[method-assign]  # a bad day
    return central


def test_after_success_it_waits_for_the_heartbeat(ledger: Ledger, central: StandInCentral) -> None:
    assert worker_on(ledger, central).run_once(ledger) == Pause(100.0)


def test_the_silence_ends_when_central_is_heard(ledger: Ledger, central: StandInCentral) -> None:
    begun_s = time.monotonic()
    worker = worker_on(ledger, central)
    time.sleep(0.1)
    assert worker.silent_s >= 0.1
    worker.run_once(ledger)
    assert worker.silent_s < time.monotonic() - begun_s - 0.1


def test_heartbeats_drift_apart_by_a_tenth(ledger: Ledger, central: StandInCentral) -> None:
    pauses = [
        worker_on(ledger, central, chance=lambda: chance).run_once(ledger).for_s  # noqa: B023
        for chance in (0.0, 1.0)
    ]
    assert pauses == pytest.approx([90.0, 110.0])


def test_pauses_double_with_each_failure_and_begin_anew_after_success(
    ledger: Ledger, central: StandInCentral
) -> None:
    wire = FaultyWire(central)
    worker = worker_on(ledger, wire)
    wire.next_faults = ["lose request"] * 12
    pauses = [worker.run_once(ledger).for_s for _ in range(12)]
    assert pauses[:5] == [1, 2, 4, 8, 16]
    assert pauses[-1] == 300
    assert worker.run_once(ledger).for_s == 100
    wire.next_faults = ["lose request"]
    assert worker.run_once(ledger).for_s == 1


def test_any_moment_of_the_interval_is_as_likely() -> None:
    chances = iter([0.0, 0.25, 1.0])
    backoff = Backoff(chance=lambda: next(chances))
    assert [backoff.failed() for _ in range(3)] == [0.0, 0.5, 4.0]


def test_a_districts_kiosks_do_not_call_in_one_moment() -> None:
    """A thousand have failed all night; the line returns; when does each call?"""
    calls = []
    for seed in range(1000):
        backoff = Backoff(most_s=60, chance=Random(seed).random)
        now_s = 0.0
        while now_s < 3600:
            now_s += backoff.failed()
        calls.append(int(now_s - 3600))
    busiest = max(map(calls.count, set(calls)))
    assert busiest < 60, "of a thousand in one second"
    assert max(calls) < 60


def test_central_says_when_to_come_back_and_a_nudge_does_not_change_it(ledger: Ledger) -> None:
    worker = worker_on(ledger, failing(CentralFault("Busy.", retry_after_s=40)))
    assert worker.run_once(ledger) == Pause(41, steered=True)


def test_central_may_steer_but_not_silence(ledger: Ledger) -> None:
    worker = worker_on(ledger, failing(CentralFault("Busy.", retry_after_s=10**9)))
    assert worker.run_once(ledger).for_s == 3601


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        (Unreachable("x"), Problem.UNREACHABLE),
        (TooSlow("x"), Problem.TOO_SLOW),
        (NotCentral("x"), Problem.NOT_CENTRAL),
        (CentralFault("x"), Problem.CENTRAL_FAULT),
        (Refused("x"), Problem.REFUSED),
        (BadAnswer("x"), Problem.BAD_ANSWER),
        (NotEnrolled("x"), Problem.NOT_ENROLLED),
        (LedgerFull("x"), Problem.DISK_FULL),
        (LedgerBusy("x"), Problem.LEDGER),
        (ZeroDivisionError("x"), Problem.UNEXPECTED),
    ],
)
def test_the_ledger_says_why_and_since_when(
    ledger: Ledger, failure: Exception, problem: Problem
) -> None:
    assert problem_of(failure) is problem
    submit(ledger)
    worker_on(ledger, failing(failure)).run_once(ledger)
    state = ledger.exchange_state()
    assert state.last_problem
    assert state.last_problem.problem is problem
    assert state.last_problem.at.at_ms > 0
    assert state.waiting_count == 1


def test_success_takes_the_problem_away(ledger: Ledger, central: StandInCentral) -> None:
    wire = FaultyWire(central)
    wire.next_faults = ["lose reply"]
    worker = worker_on(ledger, wire)
    worker.run_once(ledger)
    worker.run_once(ledger)
    assert ledger.exchange_state().last_problem is None


def test_a_refusal_keeps_centrals_reason_for_the_technician(ledger: Ledger) -> None:
    worker_on(ledger, failing(Refused("No.", reason="unknown device"))).run_once(ledger)
    problem = ledger.exchange_state().last_problem
    assert problem
    assert problem.detail == "unknown device"


def test_what_an_unexpected_error_says_is_nowhere_written(
    ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    worker_on(ledger, failing(ValueError("CANARY"))).run_once(ledger)
    problem = ledger.exchange_state().last_problem
    assert problem
    assert problem.detail == "ValueError"
    assert "ValueError" in caplog.text
    assert "CANARY" not in caplog.text


def test_a_nudge_sends_at_once(ledger: Ledger, central: StandInCentral) -> None:
    wire = FaultyWire(central)
    worker = worker_on(ledger, wire)
    worker.start()
    until(lambda: wire.requests == 1)
    made = submit(ledger)
    worker.nudge()
    until(lambda: ledger.waiting_count() == 0)
    assert worker.stop(timeout_s=60)
    assert list(central.memory.applications) == [made.parsed.id]


def test_it_goes_on_when_the_line_returns(ledger: Ledger, central: StandInCentral) -> None:
    wire = FaultyWire(central)
    wire.next_faults = ["lose request", "lose reply", "garble reply", "lose request"]
    submit(ledger)
    worker = worker_on(ledger, wire, backoff=Backoff(first_s=0.001))
    worker.start()
    until(lambda: ledger.waiting_count() == 0)
    assert worker.stop(timeout_s=60)
    assert len(central.memory.applications) == 1


def test_a_ledger_that_cannot_be_opened_now_is_opened_later(
    ledger: Ledger, central: StandInCentral
) -> None:
    failures: list[Exception] = [LedgerBusy("x"), sqlite3.OperationalError("x")]

    def open_ledger() -> Ledger:
        if failures:
            raise failures.pop()
        return Ledger.open(ledger.path)

    submit(ledger)
    worker = SyncWorker(open_ledger, central, backoff=Backoff(first_s=0.001))
    worker.start()
    until(lambda: ledger.waiting_count() == 0)
    assert worker.stop(timeout_s=60)


def test_a_nudge_does_not_end_a_pause_that_central_asked_for(ledger: Ledger) -> None:
    waited: list[float] = []
    two = threading.Event()

    def wait(event: threading.Event, for_s: float) -> None:
        waited.append(for_s)
        if len(waited) == 2:
            two.set()
            event.wait(60)

    worker = worker_on(ledger, failing(CentralFault("Busy.", retry_after_s=3_000)), wait=wait)
    worker.start()
    assert two.wait(60)
    worker.nudge()
    assert waited == [3_001, 3_002]
    assert 2_000 < worker.rests_s <= 3_002
    assert worker.stop(timeout_s=60)
    assert len(waited) == 2


def test_it_stops_in_the_middle_of_a_request(ledger: Ledger) -> None:
    asked = threading.Event()

    def behave(request: Request) -> None:
        asked.set()
        request.server.over.wait(60)

    with WebServer(behave) as server, HttpCentral(server.url) as central:
        worker = worker_on(ledger, central)
        worker.start()
        assert asked.wait(60)
        assert worker.stop(timeout_s=60)
    assert ledger.exchange_state().last_problem is None
