"""The kiosk's clock is ten years off, either way: nothing is lost, and no day is promised on it.

The whole process believes the wrong time; another start of the machine is another boot id, because
what central said is carried on by the steady clock until the machine starts anew.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.records import Stamp, TimeQuality
from tests.acceptance.bad_road import BadRoad
from tests.acceptance.central_books import CentralBooks
from tests.acceptance.kiosk_machine import KioskMachine, Promise
from tests.central import RunningCentral

TEN_YEARS_S = 10 * 365 * 24 * 3600
DOUBTFUL = "This kiosk does not know the right time. Your application is safe."
BOTH_WAYS = pytest.mark.parametrize(
    "offset_s", [-TEN_YEARS_S, TEN_YEARS_S], ids=["behind", "ahead"]
)


@pytest.fixture
def road(common_central: RunningCentral) -> Iterator[BadRoad]:
    with BadRoad(common_central.base_url) as built:
        yield built


@pytest.fixture
def kiosk(tmp_path: Path, common_central: RunningCentral, road: BadRoad) -> Iterator[KioskMachine]:
    machine = KioskMachine(tmp_path / "kiosk")
    machine.provision(road.url, common_central.enrolment_code())
    yield machine
    machine.close()


def recorded(kiosk: KioskMachine, promise: Promise) -> Stamp:
    with kiosk.ledger() as ledger:
        entry = ledger.find_by_reference(promise.reference)
    assert entry is not None
    assert entry.recorded is not None
    return entry.recorded


@BOTH_WAYS
def test_after_a_start_with_a_wrong_clock_no_day_is_promised_and_nothing_is_lost(
    kiosk: KioskMachine, road: BadRoad, common_central: RunningCentral, offset_s: int
) -> None:
    with kiosk.ledger() as ledger:
        heard_ms = ledger.known_time().floor_ms
    road.wash_out()
    kiosk.start(wall_offset_s=offset_s, boot="another start")
    assert kiosk.status()["sentences"] == [DOUBTFUL]
    kiosk.does("speak lo")
    assert kiosk.status()["sentences"] != [DOUBTFUL]
    kiosk.does("speak en")
    doubtful = kiosk.submit(2)
    for promise in doubtful:
        assert promise.due == ""
        assert recorded(kiosk, promise).quality is TimeQuality.UNKNOWN
        assert recorded(kiosk, promise).at_ms >= heard_ms  # never before what is known
    road.mend()
    kiosk.settles(lambda state: state.waiting_count == 0 and state.last_problem is None)
    assert kiosk.sees(lambda state: not state["clock_doubtful"])["sentences"] == []
    (promise,) = kiosk.submit()  # central has told the time: the clock may say what it likes
    assert promise.due
    assert recorded(kiosk, promise).quality is TimeQuality.TRUSTED
    kiosk.settles(lambda state: state.waiting_count == 0)
    books = CentralBooks(common_central.data)
    assert [books.filed()[one.application] for one in kiosk.promised] == [1, 1, 1]
    cases = [books.case(one.application) for one in kiosk.promised]
    assert [case["recorded_quality"] for case in cases] == ["unknown", "unknown", "trusted"]
    assert {case["due_on"] for case in cases} == {promise.due}  # central promises by its own clock


@BOTH_WAYS
def test_a_clock_that_jumps_while_the_kiosk_runs_changes_nothing(
    kiosk: KioskMachine, offset_s: int
) -> None:
    kiosk.start()
    (before,) = kiosk.submit()
    kiosk.does(f"clock {offset_s}")
    (after,) = kiosk.submit()
    assert after.due == before.due != ""
    assert recorded(kiosk, after).quality is TimeQuality.TRUSTED
    assert 0 <= recorded(kiosk, after).at_ms - recorded(kiosk, before).at_ms < 600_000
    kiosk.settles(lambda state: state.waiting_count == 0 and state.last_problem is None)


@BOTH_WAYS
def test_a_kiosk_is_made_with_a_wrong_clock_and_learns_the_time(
    tmp_path: Path, common_central: RunningCentral, offset_s: int
) -> None:
    machine = KioskMachine(tmp_path / "new")
    code = common_central.enrolment_code()
    words = ("provision", "--central", common_central.base_url, "--code", code)
    done = machine.command(*words, wall_offset_s=offset_s)
    assert done.code == 0, done.err
    machine.start(wall_offset_s=offset_s)
    try:
        (promise,) = machine.submit()
        assert promise.due
        assert recorded(machine, promise).quality is TimeQuality.TRUSTED
    finally:
        machine.close()


def test_order_comes_from_numbers_when_every_start_has_another_time(
    kiosk: KioskMachine, road: BadRoad, common_central: RunningCentral
) -> None:
    road.wash_out()
    for number, offset_s in enumerate((TEN_YEARS_S, -TEN_YEARS_S, 0, TEN_YEARS_S, -TEN_YEARS_S)):
        kiosk.start(wall_offset_s=offset_s, boot=f"start {number}")
        kiosk.submit(2)
        kiosk.kill()
    road.mend()
    kiosk.start(wall_offset_s=-TEN_YEARS_S, boot="the last start")
    kiosk.settles(lambda state: state.waiting_count == 0 and state.last_problem is None)
    promised = [promise.application for promise in kiosk.promised]
    books = CentralBooks(common_central.data)
    assert promised in books.logs().values()
    assert {books.filed()[application] for application in promised} == {1}
