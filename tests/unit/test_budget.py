"""What may be spent on documents: by day and by hour, counted when it is sent."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.field.road import tell_status
from sync.budget import BadHours, Budget, hours_of
from sync.errors import ExchangeError
from sync.exchange import Exchanged, sync_once
from sync.ledger import Ledger
from sync.pace import Limits
from sync.records import Stamp, TimeQuality
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import enrolled, submit
from tests.stand_ins.wire import FaultyWire

HOUR_MS = 3600 * 1000
KILOBYTES = Limits(piece_bytes_max=10_000)


class Clock:
    """A wall clock in Vientiane that a test sets."""

    quality = TimeQuality.ESTIMATED

    def __init__(self, hour: int = 8) -> None:
        self.at_ms = int(datetime(2026, 5, 4, tzinfo=UTC).timestamp()) * 1000 + (hour - 7) * HOUR_MS

    def now(self) -> Stamp:
        return Stamp(self.at_ms, self.quality)

    def later(self, hours: int) -> None:
        self.at_ms += hours * HOUR_MS


@pytest.fixture
def central() -> StandInCentral:
    return StandInCentral()


@pytest.fixture
def ledger(tmp_path: Path, central: StandInCentral) -> Iterator[Ledger]:
    opened = enrolled(tmp_path, central)
    yield opened
    opened.close()


def exchange(ledger: Ledger, central: object, budget: Budget, clock: Clock) -> Exchanged:
    return sync_once(ledger, central, limits=KILOBYTES, budget=budget, clock=clock)  # type: ignore[arg-type]  # a central or a wire


def test_hours_are_written_as_a_technician_would() -> None:
    assert hours_of("") == {}
    assert hours_of("7-8: 0, 18: 5") == {7: 0, 8: 0, 18: 5_000_000}


@pytest.mark.parametrize("text", ["7", "7-25: 1", "9-8: 1", "7: much", "7:1;8:2"])
def test_hours_that_cannot_be_read_are_shown_how_they_are_written(text: str) -> None:
    with pytest.raises(BadHours, match="7-17: 0"):
        hours_of(text)


def test_a_day_has_its_budget_and_the_next_day_another_one(
    ledger: Ledger, central: StandInCentral
) -> None:
    submit(ledger, evidence=(bytes(30_000), bytes(30_000)))
    clock, budget = Clock(), Budget(day_bytes=50_000)
    first = exchange(ledger, central, budget, clock)
    assert first.sent == 1
    assert first.is_over_budget
    assert 40_000 < first.evidence_bytes <= 50_000
    assert ledger.spent(clock.now())[0] <= 50_000
    clock.later(15)  # 23:00 of the same day
    assert exchange(ledger, central, budget, clock).evidence_bytes == 0
    clock.later(1)
    second = exchange(ledger, central, budget, clock)
    assert first.evidence_bytes + second.evidence_bytes == 60_080
    assert not second.is_over_budget
    assert ledger.evidence_waiting() == ()


def test_by_day_the_line_is_left_to_the_office(ledger: Ledger, central: StandInCentral) -> None:
    submit(ledger, evidence=(b"photo",))
    clock, budget = Clock(hour=8), Budget(hour_bytes={**dict.fromkeys(range(7, 18), 0), 18: 400})
    morning = exchange(ledger, central, budget, clock)
    assert (morning.sent, morning.requests, morning.is_over_budget) == (1, 1, True)
    clock.later(10)
    submit(ledger, evidence=(b"another photo",))
    assert exchange(ledger, central, budget, clock).evidence_bytes == 45
    clock.later(1)
    assert exchange(ledger, central, budget, clock).evidence_bytes == 53


def test_small_news_goes_whatever_was_spent(ledger: Ledger, central: StandInCentral) -> None:
    submit(ledger, evidence=(bytes(30_000),))
    clock, budget = Clock(), Budget(day_bytes=0)
    assert exchange(ledger, central, budget, clock).sent == 1
    submit(ledger)
    assert exchange(ledger, central, budget, clock).sent == 1


def test_what_was_lost_on_the_way_was_paid_for(ledger: Ledger, central: StandInCentral) -> None:
    submit(ledger, evidence=(bytes(8_000),))
    wire, clock = FaultyWire(central), Clock()
    wire.next_faults = ["", "lose request"]
    with pytest.raises(ExchangeError):
        exchange(ledger, wire, Budget(day_bytes=10_000), clock)
    assert ledger.spent(clock.now())[0] > 8_000
    assert exchange(ledger, wire, Budget(day_bytes=10_000), clock).evidence_bytes < 2_000


def test_a_clock_that_knows_no_hour_keeps_to_the_day(
    ledger: Ledger, central: StandInCentral
) -> None:
    submit(ledger, evidence=(bytes(30_000),))
    clock, budget = Clock(), Budget(day_bytes=20_000, hour_bytes=dict.fromkeys(range(24), 0))
    clock.quality = TimeQuality.UNKNOWN
    assert 0 < exchange(ledger, central, budget, clock).evidence_bytes <= 20_000


def test_the_technician_sees_what_was_spent(ledger: Ledger, central: StandInCentral) -> None:
    submit(ledger, evidence=(bytes(100), bytes(5000)))
    sync_once(ledger, central, budget=Budget(day_bytes=400))
    said: list[str] = []
    assert tell_status(ledger, Budget(day_bytes=200), said.append)
    assert "Documents: 1, 5,040 bytes to send" in said
    assert any(line.startswith("Documents sent today: ") and " of 200" in line for line in said)
    assert "No more documents go in this hour. Applications and news do." in said
