"""Where people stop is counted at the kiosk: by endings and days, and never whose it was."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

import cbor2
import pytest

from kiosk.desk import Desk
from kiosk.finding import Found
from kiosk.health import ALL_SENT
from kiosk.journey import WALKED_MAX
from kiosk.language import _
from kiosk.setting_aside import Aside
from kiosk.visit import Visit
from sync.envelope import open_answers, open_secret
from sync.errors import LedgerError
from sync.journey import CHECK, Journeys, Steps, slowness_of
from sync.keeping import Keeping
from sync.ledger import Ledger
from sync.records import Envelope, Kind, Stamp, Status, TimeQuality
from sync.retention import DAY_MS
from sync.stick import write
from tests.desk_kiosk import DeskKiosk, central_with_services, fill
from tests.sample_answers import ANSWERS, RESIDENCE
from tests.stand_ins.central import StandInCentral
from tests.unit.test_visit import Hand

CANARY = "ທ້າວ ບົວຄຳ-ບໍ່ມີໃຜຮູ້-7731"
FOR_WHOM, APPLICANT = "/data/for_whom", "/data/applicant_name"


@pytest.fixture
def central() -> StandInCentral:
    return central_with_services(RESIDENCE)


@pytest.fixture
def kiosk(tmp_path: Path, central: StandInCentral) -> Iterator[DeskKiosk]:
    made = DeskKiosk(tmp_path, central)
    yield made
    made.ledger.close()


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def visit(clock: Hand) -> Visit:
    return Visit(clock, idle_s=60, warning_s=20)


def begins(kiosk: DeskKiosk, visit: Visit, language: str = "lo") -> Any:
    visit.begin(language)
    visit.entry = kiosk.desk.begin(RESIDENCE)
    return visit.entry


def counted(kiosk: DeskKiosk, visit: Visit) -> list[Journeys]:
    assert kiosk.desk.count_journeys(tuple(visit.journey.walked))
    visit.journey.walked.clear()
    return [journeys for _day, journeys in kiosk.ledger.journeys()]


class HasDesk(Protocol):
    """A kiosk of the tests, with or without its glass."""

    desk: Desk


def is_on_a_later_day(kiosk: HasDesk, monkeypatch: pytest.MonkeyPatch, days: int = 1) -> None:
    now = kiosk.desk._clock.now()
    later = Stamp(now.at_ms + days * DAY_MS, TimeQuality.ESTIMATED)
    monkeypatch.setattr(kiosk.desk._clock, "now", lambda: later)


def opened(central: StandInCentral, envelope: Envelope) -> dict[str, Any]:
    return open_answers(envelope, open_secret(envelope.sealed_secret, bytes(central.box)))


def test_who_starts_over_is_counted_where_she_was(
    kiosk: DeskKiosk, visit: Visit, clock: Hand
) -> None:
    begins(kiosk, visit)
    visit.is_at(FOR_WHOM)
    clock.now_s += 12
    visit.is_at(APPLICANT)
    visit.is_told([APPLICANT])
    visit.is_at(APPLICANT)  # said twice a second
    clock.now_s += 61
    visit.touch()
    visit.wipe()
    (journeys,) = counted(kiosk, visit)
    assert (journeys.service, journeys.language) == (RESIDENCE, "lo")
    assert (journeys.begun, journeys.handed_in, journeys.set_aside) == (1, 0, 0)
    assert journeys.questions == {
        FOR_WHOM: Steps(1, 0, 0, (0, 1, 0, 0)),
        APPLICANT: Steps(1, 1, 1, (0, 0, 0, 1)),
    }


def test_the_silence_at_the_end_is_no_time_of_the_question(
    kiosk: DeskKiosk, visit: Visit, clock: Hand
) -> None:
    begins(kiosk, visit)
    visit.is_at(FOR_WHOM)
    clock.now_s += 5
    visit.touch()
    clock.now_s += 80
    visit.wipe()
    (journeys,) = counted(kiosk, visit)
    assert journeys.questions[FOR_WHOM] == Steps(1, 0, 1, (1, 0, 0, 0))


def test_time_on_a_question_adds_up_however_often_she_comes_back(
    kiosk: DeskKiosk, visit: Visit, clock: Hand
) -> None:
    begins(kiosk, visit)
    for place in (FOR_WHOM, APPLICANT, FOR_WHOM, APPLICANT):
        visit.is_at(place)
        clock.now_s += 16
    visit.touch()
    visit.wipe()
    (journeys,) = counted(kiosk, visit)
    assert journeys.questions[FOR_WHOM].seconds == (0, 0, 1, 0)
    assert [slowness_of(seconds) for seconds in (9.9, 10, 30, 59.9, 60)] == [0, 1, 2, 2, 3]


def test_who_hands_in_or_sets_aside_has_left_nowhere(kiosk: DeskKiosk, visit: Visit) -> None:
    filled = begins(kiosk, visit, "en")
    fill(filled, ANSWERS[RESIDENCE])
    visit.is_at(CHECK)
    visit.hands_in(kiosk.desk.submit(filled))
    entry = begins(kiosk, visit, "en")
    entry.answer(FOR_WHOM, "child")
    visit.is_at(APPLICANT)
    visit.sets_aside(kiosk.desk.set_aside(entry, Aside()))
    visit.wipe()
    (journeys,) = counted(kiosk, visit)
    assert (journeys.begun, journeys.handed_in, journeys.set_aside) == (2, 1, 1)
    assert [steps.left for steps in journeys.questions.values()] == [0, 0]


def test_who_turns_to_another_form_has_left_the_first(kiosk: DeskKiosk, visit: Visit) -> None:
    begins(kiosk, visit)
    visit.is_at(FOR_WHOM)
    begins(kiosk, visit)
    visit.is_at(APPLICANT)
    visit.wipe()
    (journeys,) = counted(kiosk, visit)
    assert journeys.begun == 2
    assert [steps.left for steps in journeys.questions.values()] == [1, 1]


def test_instances_of_a_repeat_and_questions_of_a_list_are_counted_as_questions(
    kiosk: DeskKiosk, visit: Visit
) -> None:
    begins(kiosk, visit)
    visit.is_at("/data/child[1]/name", ["/data/child[1]/name", "/data/child[1]/sex"])
    visit.is_at("/data/child[2]/name", ["/data/child[2]/name", "/data/child[2]/sex"])
    visit.is_told(["/data/child[2]/sex", "/data/never_shown"])
    visit.wipe()
    (journeys,) = counted(kiosk, visit)
    assert {path: steps.numbers()[:3] for path, steps in journeys.questions.items()} == {
        "/data/child/name": (1, 0, 1),
        "/data/child/sex": (1, 1, 0),
    }


def test_a_correction_is_not_counted(
    kiosk: DeskKiosk, visit: Visit, central: StandInCentral
) -> None:
    submitted = kiosk.submits()
    kiosk.exchanges()
    central.decide(submitted.application, Status.RETURNED)
    kiosk.exchanges()
    found = kiosk.desk.find_scanned(submitted.receipt.token)
    assert isinstance(found, Found)
    visit.begin("lo")
    visit.corrects(kiosk.desk.correct(found))
    visit.is_at(FOR_WHOM)
    visit.is_told([FOR_WHOM])
    visit.wipe()
    assert counted(kiosk, visit) == []


def test_nothing_of_an_answer_and_nobody_is_in_the_ledger(kiosk: DeskKiosk, visit: Visit) -> None:
    entry = begins(kiosk, visit)
    entry.answer(APPLICANT, CANARY)
    visit.is_at(APPLICANT)
    visit.wipe()
    counted(kiosk, visit)
    rows = [
        row
        for table in ("journey", "journey_question")
        for row in kiosk.ledger.database[table].rows
    ]
    words = {str(value) for row in rows for value in row.values() if not isinstance(value, int)}
    (day, _journeys) = kiosk.ledger.journeys()[0]
    version = kiosk.desk.service(RESIDENCE).version
    assert words == {day.isoformat(), RESIDENCE, version, "lo", APPLICANT}
    kiosk.ledger.database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    assert CANARY.encode() not in kiosk.ledger.path.read_bytes()


def test_days_that_are_over_leave_together_and_today_stays(
    kiosk: DeskKiosk, visit: Visit, central: StandInCentral, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins(kiosk, visit)
    visit.is_at(FOR_WHOM)
    visit.wipe()
    assert len(counted(kiosk, visit)) == 1
    assert not kiosk.desk.send_journeys(), "the day is not over"
    is_on_a_later_day(kiosk, monkeypatch)
    begins(kiosk, visit, "en")
    visit.is_at(APPLICANT)
    visit.wipe()
    assert len(counted(kiosk, visit)) == 2
    is_on_a_later_day(kiosk, monkeypatch)
    begins(kiosk, visit)
    visit.is_at(CHECK)
    visit.wipe()
    counted(kiosk, visit)
    assert kiosk.desk.send_journeys()
    assert not kiosk.desk.send_journeys()
    ((today, left),) = kiosk.ledger.journeys()
    assert list(left.questions) == [CHECK]
    kiosk.exchanges()
    (log,) = central.memory.logs.values()
    (envelope,) = log
    header = envelope.parsed
    assert (header.kind, header.reference, header.service) == (Kind.JOURNEY, "", "-")
    record = opened(central, envelope)
    assert [(one["day"], one["language"]) for one in record["journeys"]] == [
        ((today - timedelta(days=2)).isoformat(), "lo"),
        ((today - timedelta(days=1)).isoformat(), "en"),
    ]
    assert record["journeys"][0]["questions"] == {FOR_WHOM: [1, 0, 1, 1, 0, 0, 0]}


def test_what_a_wrong_clock_counted_leaves_once_the_clock_is_right(
    kiosk: DeskKiosk, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as wrong:
        is_on_a_later_day(kiosk, wrong, days=4000)
        begins(kiosk, visit)
        visit.is_at(FOR_WHOM)
        visit.wipe()
        counted(kiosk, visit)
    unknown = Stamp(kiosk.desk._clock.now().at_ms, TimeQuality.UNKNOWN)
    with monkeypatch.context() as doubtful:
        doubtful.setattr(kiosk.desk._clock, "now", lambda: unknown)
        assert not kiosk.desk.send_journeys()
    assert kiosk.desk.send_journeys()
    assert kiosk.ledger.journeys() == []


def test_counts_are_nothing_that_waits_and_the_books_hold(
    kiosk: DeskKiosk, visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begins(kiosk, visit)
    visit.is_at(FOR_WHOM)
    visit.wipe()
    counted(kiosk, visit)
    is_on_a_later_day(kiosk, monkeypatch)
    assert kiosk.desk.send_journeys()
    assert kiosk.desk.readiness().waiting_count == 0
    assert _(ALL_SENT) in kiosk.desk.readiness().road()
    report = kiosk.desk.day_report()
    assert (report.waiting_count, report.opinion_count, report.complaint_count) == (0, 0, 0)
    assert report.applications == ()
    numbers, books = kiosk.ledger.numbers(), kiosk.ledger.books()
    assert (numbers.envelopes, numbers.set_aside) == (0, 0)
    assert (books.accepted, books.waiting, books.missing) == (1, 1, 0)
    stick = tmp_path / "stick"
    stick.mkdir()
    assert write(kiosk.ledger, stick).envelopes == 0
    assert kiosk.ledger.has_waiting(), "it is sent all the same"
    kiosk.exchanges()
    assert not kiosk.ledger.has_waiting()


def test_the_content_is_erased_like_an_opinion_once_central_has_it(
    kiosk: DeskKiosk, visit: Visit, central: StandInCentral, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins(kiosk, visit)
    visit.is_at(FOR_WHOM)
    visit.wipe()
    counted(kiosk, visit)
    is_on_a_later_day(kiosk, monkeypatch)
    assert kiosk.desk.send_journeys()
    now_ms = central.now_ms()
    kiosk.exchanges()
    central.memory.events.clear()
    monkeypatch.setattr(central, "now_ms", lambda: now_ms + 8 * DAY_MS)
    kiosk.exchanges()
    assert kiosk.ledger.erase_settled(Keeping()) == 1


def test_a_broken_disk_loses_counts_and_a_busy_one_is_asked_again(
    kiosk: DeskKiosk, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins(kiosk, visit)
    visit.is_at(FOR_WHOM)
    visit.wipe()
    walked = tuple(visit.journey.walked)
    other = Ledger.open(kiosk.ledger.path)
    with other.transaction():
        assert not kiosk.desk.count_journeys(walked), "another thread writes: try again"
    other.close()
    with monkeypatch.context() as broken:

        def breaks(*_: object) -> None:
            raise LedgerError("The disk is full.")

        broken.setattr(kiosk.ledger, "count_journeys", breaks)
        assert kiosk.desk.count_journeys(walked), "nobody waits for a broken disk"
        assert kiosk.ledger.journeys() == []
    assert kiosk.ledger.database.execute("PRAGMA busy_timeout").fetchone() == (5000,)
    assert kiosk.desk.count_journeys(walked)
    assert len(kiosk.ledger.journeys()) == 1


def test_memory_holds_no_more_than_some_visits(kiosk: DeskKiosk, visit: Visit) -> None:
    for _number in range(WALKED_MAX + 5):
        begins(kiosk, visit)
        visit.is_at(FOR_WHOM)
        visit.wipe()
    assert counted(kiosk, visit)[0].begun == WALKED_MAX


def test_a_power_cut_neither_loses_nor_doubles_the_counts(
    kiosk: DeskKiosk, visit: Visit, tmp_path: Path
) -> None:
    begins(kiosk, visit)
    visit.is_at(FOR_WHOM)
    visit.wipe()
    (before,) = counted(kiosk, visit)
    kiosk.ledger.database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    moments = ("add", "forget_journeys", "commit")
    for moment in moments:
        (tmp_path / moment).mkdir()
        shutil.copy(kiosk.ledger.path, tmp_path / moment / "ledger.sqlite3")
    script = f"""
import os, signal
from pathlib import Path
from kiosk.desk import Desk
from kiosk.printing.jobs import PrintJobs
from kiosk.printing.tables import MIGRATIONS
from kiosk.printing.vault import Vault
from sync.clock import DeviceClock, wall_now_ms
from sync.ledger import Ledger
from sync.records import Stamp, TimeQuality
def die():
    os.kill(os.getpid(), signal.SIGKILL)
for moment in {moments!r}:
    if os.fork():
        assert os.wait()[1] == signal.SIGKILL
        continue
    ledger = Ledger.open(Path({str(tmp_path)!r}, moment, "ledger.sqlite3"), MIGRATIONS)
    clock = DeviceClock(ledger)
    clock.now = lambda: Stamp(wall_now_ms() + 2 * {DAY_MS}, TimeQuality.ESTIMATED)
    desk = Desk(ledger, PrintJobs(ledger, Vault()), clock)
    if moment != "commit":
        done = getattr(ledger, moment)
        setattr(ledger, moment, lambda *given: (done(*given), die()))
    desk.send_journeys()
    die()
"""
    root = Path(__file__).parent.parent.parent
    subprocess.run([sys.executable, "-c", script], cwd=root, check=True)
    for moment in moments:
        ledger = Ledger.open(tmp_path / moment / "ledger.sqlite3")
        kinds = [item.kind for item in ledger.queue(everything=True)]
        left = [journeys for _day, journeys in ledger.journeys()]
        assert (kinds, left) == ((["journey"], []) if moment == "commit" else ([], [before]))
        ledger.close()


def test_a_record_has_no_more_questions_than_central_reads(
    kiosk: DeskKiosk, visit: Visit, monkeypatch: pytest.MonkeyPatch, central: StandInCentral
) -> None:
    monkeypatch.setattr("sync.journeys.QUESTIONS_MAX", 3)
    for language in ("lo", "en"):
        begins(kiosk, visit, language)
        visit.is_at(FOR_WHOM)
        visit.is_at(APPLICANT)
        visit.wipe()
        assert kiosk.desk.count_journeys(tuple(visit.journey.walked))
        visit.journey.walked.clear()
    is_on_a_later_day(kiosk, monkeypatch)
    assert [kiosk.desk.send_journeys() for _time in range(3)] == [True, True, False]
    kiosk.exchanges()
    (log,) = central.memory.logs.values()
    assert [len(opened(central, one)["journeys"]) for one in log] == [1, 1]
    assert all(len(cbor2.dumps(opened(central, one))) < 1000 for one in log)


def test_a_day_is_written_as_central_reads_it() -> None:
    journeys = Journeys("la.test", "1", "lo", 2, 1, 0, {CHECK: Steps(2, 0, 1, (2, 0, 0, 0))})
    assert journeys.to_record(date(2026, 11, 26)) == {
        "day": "2026-11-26",
        "service": "la.test",
        "version": "1",
        "language": "lo",
        "begun": 2,
        "handed_in": 1,
        "set_aside": 0,
        "questions": {"check": [2, 0, 1, 2, 0, 0, 0]},
    }
