"""The time: believed as far as it deserves, and nobody locked out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.clock import AHEAD_MS_MAX, TRUSTED_MS, DeviceClock, Steady, steady_now
from sync.ledger import Ledger
from sync.records import Stamp, TimeQuality
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import enrolled, submit

NOW = 1_800_000_000_000  # central's time at enrolment
TEN_YEARS_MS = 10 * 365 * 24 * 3600 * 1000
THIS_START = Steady(0, "this start")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = enrolled(tmp_path, StandInCentral(lambda: NOW))
    yield opened
    opened.close()


def told(ledger: Ledger, wall_ms: int, steady: Steady = THIS_START) -> Stamp:
    return DeviceClock(ledger, wall_ms=lambda: wall_ms, steady=lambda: steady).now()


def hear(ledger: Ledger, at_ms: int, heard: Steady) -> None:
    with ledger.transaction():
        ledger.hear_time(Stamp(at_ms, TimeQuality.TRUSTED), heard)


def test_a_wall_clock_that_nothing_contradicts_is_an_estimate(ledger: Ledger) -> None:
    assert told(ledger, NOW + 5) == Stamp(NOW + 5, TimeQuality.ESTIMATED)


@pytest.mark.parametrize("wall_ms", [0, 1, NOW - TEN_YEARS_MS, NOW - 1, -5])
def test_a_clock_that_is_behind_never_goes_below_what_is_known(
    ledger: Ledger, wall_ms: int
) -> None:
    assert told(ledger, wall_ms) == Stamp(NOW, TimeQuality.UNKNOWN)


def test_a_clock_far_ahead_is_told_as_doubtful(ledger: Ledger) -> None:
    assert told(ledger, NOW + AHEAD_MS_MAX + 1).quality is TimeQuality.UNKNOWN
    assert told(ledger, NOW + TEN_YEARS_MS).quality is TimeQuality.UNKNOWN


def test_centrals_time_is_carried_on_whatever_the_wall_clock_does(ledger: Ledger) -> None:
    hear(ledger, NOW + 100, Steady(1000, "this start"))
    for wall_ms in (0, NOW, NOW + TEN_YEARS_MS):
        stamp = told(ledger, wall_ms, Steady(1500, "this start"))
        assert stamp == Stamp(NOW + 600, TimeQuality.TRUSTED)


def test_a_day_later_it_is_an_estimate_still_carried_on(ledger: Ledger) -> None:
    hear(ledger, NOW, Steady(0, "this start"))
    late = TRUSTED_MS + 1
    stamp = told(ledger, 0, Steady(late, "this start"))
    assert stamp == Stamp(NOW + late, TimeQuality.ESTIMATED)


def test_after_a_restart_the_wall_clock_is_judged_by_what_was_heard(ledger: Ledger) -> None:
    hear(ledger, NOW + 100, Steady(5000, "the start before"))
    assert told(ledger, NOW + 200) == Stamp(NOW + 200, TimeQuality.ESTIMATED)
    assert told(ledger, 0) == Stamp(NOW + 100, TimeQuality.UNKNOWN)


def test_what_was_recorded_raises_the_floor_unless_it_was_doubtful(ledger: Ledger) -> None:
    submit(ledger, recorded=Stamp(NOW + 50, TimeQuality.ESTIMATED))
    submit(ledger, recorded=Stamp(NOW + TEN_YEARS_MS, TimeQuality.UNKNOWN))
    assert told(ledger, 0) == Stamp(NOW + 50, TimeQuality.UNKNOWN)


def test_centrals_word_brings_a_floor_that_was_too_high_down_again(ledger: Ledger) -> None:
    submit(ledger, recorded=Stamp(NOW + 90 * 24 * 3600 * 1000, TimeQuality.ESTIMATED))
    hear(ledger, NOW + 10, Steady(0, "the start before"))
    assert told(ledger, NOW + 20) == Stamp(NOW + 20, TimeQuality.ESTIMATED)


def test_before_enrolment_no_clock_is_believed(tmp_path: Path) -> None:
    fresh = Ledger.open(tmp_path / "fresh.sqlite3")
    assert told(fresh, NOW).quality is TimeQuality.UNKNOWN
    fresh.close()


def test_the_steady_clock_goes_forward_and_names_its_start() -> None:
    first, second = steady_now(), steady_now()
    assert first.boot == second.boot
    assert first.at_ms <= second.at_ms
