"""The road to central is bad: nothing is lost, nothing doubled, and everybody is told the truth.

A real kiosk process, a real central server, and between them a road that a test can spoil.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from sync.facts import ExchangeState, Problem
from tests.acceptance.bad_road import BadRoad, Way
from tests.acceptance.central_books import CentralBooks
from tests.acceptance.kiosk_machine import KioskMachine
from tests.central import RunningCentral, running_central

PATIENCE_S = 2.0  # of the kiosk with a silent central; 30 in the field
KEPT = [
    "Kept safely in this kiosk",
    "It is sent as soon as there is a line. You do not have to do anything.",
]
RECEIVED = [
    "The office has received it",
    "An officer will take it up. You do not have to do anything.",
]
ILL_WAYS = (
    Way.LOSES_REQUESTS,
    Way.LOSES_REPLIES,
    Way.CUTS_REPLIES,
    Way.GARBLES_REPLIES,
    Way.FAILS,
    Way.SHOWS_LOGIN,
    Way.DOUBLES,
    Way.OPEN,
    Way.OPEN,
)


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentral]:
    with running_central(tmp_path_factory.mktemp("central")) as running:
        yield running


@pytest.fixture(scope="module")
def books(central: RunningCentral) -> CentralBooks:
    return CentralBooks(central.data)


@pytest.fixture(scope="module")
def road(central: RunningCentral) -> Iterator[BadRoad]:
    with BadRoad(central.base_url) as built:
        yield built


@pytest.fixture(scope="module")
def kiosk(
    central: RunningCentral, road: BadRoad, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KioskMachine]:
    """One kiosk for all that happens on this road."""
    machine = KioskMachine(tmp_path_factory.mktemp("machine") / "kiosk")
    machine.provision(road.url, central.enrolment_code())
    machine.start(patience_s=PATIENCE_S)
    yield machine
    machine.close()


@pytest.fixture(autouse=True)
def _open_at_the_end(road: BadRoad) -> Iterator[None]:
    yield
    road.next_ways.clear()
    road.way = Way.OPEN
    road.mend()


def assert_filed_once(books: CentralBooks, *machines: KioskMachine) -> None:
    """Central has exactly what these kiosks promised, each once."""
    promised = [promise for machine in machines for promise in machine.promised]
    filed = books.filed()
    assert {promise.application: 1 for promise in promised} == {
        application: filed[application] for application in (one.application for one in promised)
    }
    assert set(books.received_events().values()) == {1}
    assert books.set_aside() == []
    assert books.forked() == 0
    references = books.references()
    assert len(set(references)) == len(references)
    assert {promise.reference for promise in promised} <= set(references)


def is_at_rest(state: ExchangeState) -> bool:
    """Everything was sent, and the last exchange went well."""
    went_well = state.last_success is not None and state.last_problem is None
    return went_well and state.waiting_count == 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """A road so bad that nothing arrives, and what is said of it; no way: it is washed out."""

    way: Way | None
    problem: Problem
    technician_reads: str


TROUBLES = (
    Trouble(None, Problem.UNREACHABLE, "nothing listens there"),
    Trouble(Way.LOSES_REQUESTS, Problem.UNREACHABLE, "Central cannot be reached now."),
    Trouble(Way.LOSES_REPLIES, Problem.UNREACHABLE, "Central cannot be reached now."),
    Trouble(Way.IS_SILENT, Problem.TOO_SLOW, "The line to central is too slow now."),
    Trouble(Way.FAILS, Problem.CENTRAL_FAULT, "Central cannot work now (HTTP 500)."),
    Trouble(Way.SHOWS_LOGIN, Problem.NOT_CENTRAL, "This network may want a log-in."),
    Trouble(Way.CUTS_REPLIES, Problem.BAD_ANSWER, "Central's answer was cut off."),
    Trouble(
        Way.GARBLES_REPLIES,
        Problem.BAD_ANSWER,
        "The signature does not hold.",
    ),
)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.way or "is washed out")
def test_a_bad_road_is_named_and_everything_arrives_once_when_it_is_good_again(
    kiosk: KioskMachine, road: BadRoad, books: CentralBooks, trouble: Trouble
) -> None:
    kiosk.settles(is_at_rest)  # nothing of before is on its way
    if trouble.way is None:
        road.wash_out()
    else:
        road.way = trouble.way
    promised = kiosk.submit(2) + kiosk.submit(1, photo_words="a photo")
    state = kiosk.settles(
        lambda state: (
            state.last_problem is not None and state.last_problem.problem is trouble.problem
        )
    )
    assert state.waiting_count == 3
    assert kiosk.find(promised[0].reference) == KEPT
    assert kiosk.status()["sentences"] == []  # a person need not care: hers is kept
    status = kiosk.command("sync", "status")
    assert status.code == 1
    assert "Waiting to be sent: 3" in status.out
    assert f"Last problem: {trouble.problem}" in status.out
    impatient = {"patience_s": 0.2} if trouble.way is Way.IS_SILENT else {}
    tried = kiosk.command("sync", "once", **impatient)
    assert tried.code == 1
    assert trouble.technician_reads in tried.err
    assert "Traceback" not in tried.err
    road.way = Way.OPEN
    road.mend()
    kiosk.settles(lambda state: state.waiting_count == 0 and state.last_problem is None)
    assert_filed_once(books, kiosk)
    assert kiosk.find(promised[0].reference) == RECEIVED


@pytest.mark.parametrize("way", [Way.DOUBLES, Way.IS_SLOW], ids=str)
def test_a_road_that_only_hesitates_is_no_problem(
    kiosk: KioskMachine, road: BadRoad, books: CentralBooks, way: Way
) -> None:
    road.way = way
    kiosk.submit(3)
    state = kiosk.settles(lambda state: state.waiting_count == 0)
    assert state.last_problem is None
    assert_filed_once(books, kiosk)


def test_a_batch_that_comes_again_later_files_nothing_again(
    kiosk: KioskMachine, road: BadRoad, books: CentralBooks
) -> None:
    kiosk.submit(3)
    kiosk.settles(lambda state: state.waiting_count == 0)
    old = list(road.heard)
    before = books.filed()
    for heard in [*old, *reversed(old)]:
        assert road.brings_again(heard).status < 500
    assert books.filed() == before
    kiosk.submit(1)
    kiosk.settles(lambda state: state.waiting_count == 0 and state.last_problem is None)
    assert_filed_once(books, kiosk)


def test_documents_arrive_whole_over_a_road_that_loses_half(
    kiosk: KioskMachine, road: BadRoad, books: CentralBooks
) -> None:
    road.next_ways.extend([Way.LOSES_REPLIES, Way.OPEN, Way.CUTS_REPLIES, Way.OPEN] * 4)
    kiosk.submit(2, photo_words="family book", photo_bytes=150_000)
    kiosk.submit(1)
    with kiosk.ledger() as ledger:
        kiosk.settles(lambda state: state.waiting_count == 0 and not ledger.evidence_waiting())
    announced, complete = books.documents()
    assert announced == complete
    assert_filed_once(books, kiosk)


def test_two_kiosks_at_once_over_a_road_full_of_faults(
    kiosk: KioskMachine,
    central: RunningCentral,
    road: BadRoad,
    books: CentralBooks,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    other = KioskMachine(tmp_path_factory.mktemp("machine") / "other")
    other.provision(road.url, central.enrolment_code(kiosk_name="Other kiosk"))
    other.start(patience_s=PATIENCE_S)
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    road.next_ways.extend(chance.choices(ILL_WAYS, k=30))
    try:
        for _round in range(6):
            for machine in (kiosk, other):
                machine.says(f"submit {chance.randrange(1, 4)} {{}}")
        for machine in (kiosk, other):
            for _round in range(6):
                machine.does("find 0000-0000-0000")
            machine.settles(lambda state: state.waiting_count == 0)
        assert len(other.promised) >= 6
        assert_filed_once(books, kiosk, other)
        assert sorted(map(len, books.logs().values())) == sorted(
            [len(kiosk.promised), len(other.promised)]
        )
    finally:
        other.close()


def test_central_loses_power_while_it_takes_in(
    kiosk: KioskMachine, central: RunningCentral, books: CentralBooks
) -> None:
    for _cut in range(2):
        kiosk.submit(5)
        central.kill()
        kiosk.submit(2)
        central.start()
    kiosk.settles(lambda state: state.waiting_count == 0 and state.last_problem is None)
    assert_filed_once(books, kiosk)


def test_enrolment_on_a_bad_road_says_what_to_do_and_the_same_code_still_serves(
    central: RunningCentral, road: BadRoad, tmp_path_factory: pytest.TempPathFactory
) -> None:
    machine = KioskMachine(tmp_path_factory.mktemp("machine") / "new")
    code = central.enrolment_code(kiosk_name="New kiosk")
    words = ("provision", "--central", road.url, "--code", code)
    road.way = Way.SHOWS_LOGIN
    done = machine.command(*words)
    assert (done.code, "This network may want a log-in." in done.err) == (1, True)
    road.way = Way.LOSES_REPLIES
    done = machine.command(*words)
    assert (done.code, "Central cannot be reached now." in done.err) == (1, True)
    road.way = Way.OPEN
    done = machine.command(*words)
    assert done.code == 0
    assert "Services at this kiosk: la.moha.birth-registration, " in done.out
