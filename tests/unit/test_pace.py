"""Requests grow while the line holds and shrink when it breaks."""

from pathlib import Path

import pytest

from sync.errors import Unreachable
from sync.exchange import sync_once
from sync.pace import Limits, Pace
from sync.worker import SyncWorker
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import enrolled, submit
from tests.stand_ins.wire import FaultyWire


def test_a_line_that_holds_is_given_more_each_time_up_to_a_limit() -> None:
    pace = Pace()
    sizes = []
    for _ in range(8):
        pace.came_through(2.0, pace.limits.slice_bytes_max)
        sizes.append(pace.limits.slice_bytes_max)
    assert sizes[0] == 2 * Limits().slice_bytes_max
    assert sizes == sorted(sizes)
    assert sizes[-1] == 1024 * 1024
    assert pace.limits.envelopes_max == 1000


def test_a_small_request_that_was_quick_says_nothing() -> None:
    pace = Pace()
    pace.came_through(0.5, 300)
    assert pace.limits == Limits()


def test_a_request_that_took_long_is_halved_and_one_that_broke_quartered() -> None:
    pace = Pace()
    pace.came_through(60, 96 * 1024)
    assert pace.limits.slice_bytes_max == 48 * 1024
    pace.broke()
    assert pace.limits.slice_bytes_max == 12 * 1024
    for _ in range(5):
        pace.broke()
    assert pace.limits.slice_bytes_max == 4 * 1024
    assert pace.limits.envelopes_max >= 10


def test_on_a_line_that_breaks_after_each_ten_kilobytes_all_arrives(tmp_path: Path) -> None:
    central = StandInCentral()
    ledger = enrolled(tmp_path, central)
    for _ in range(100):
        submit(ledger, evidence=(bytes(200),))
    pace = Pace()

    class Breaking(FaultyWire):
        def _send(self, road: object, message: bytes) -> bytes:
            if len(message) > 10_000:
                raise Unreachable("It broke.")
            return super()._send(road, message)  # type: ignore[arg-type]  # a road

    tries = 0
    while ledger.waiting_count():
        tries += 1
        try:
            sync_once(ledger, Breaking(central), pace=pace)
        except Unreachable:
            assert tries < 20
    assert len(central.memory.applications) == 100
    ledger.close()


def test_a_worker_remembers_how_the_line_is(tmp_path: Path) -> None:
    central = StandInCentral()
    ledger = enrolled(tmp_path, central)
    wire = FaultyWire(central)
    wire.next_faults = ["lose request", "lose reply", "lose request"]
    worker = SyncWorker(lambda: ledger, wire)
    for _ in range(3):
        worker.run_once(ledger)
    assert worker._pace.limits.slice_bytes_max < 10_000
    ledger.close()


@pytest.mark.parametrize("limits", [Limits(envelopes_max=3), Limits()])
def test_limits_that_are_given_stay(limits: Limits) -> None:
    pace = Pace(limits, fixed=True)
    pace.broke()
    pace.came_through(1, 10**6)
    assert pace.limits == limits
