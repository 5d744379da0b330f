"""Printing beside a ledger that is busy, full or gone: the thread lives, no paper is doubled."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp

from kiosk.printing.errors import PrinterCode
from kiosk.printing.jobs import JobState
from kiosk.printing.profile import load_profile
from kiosk.printing.virtual import VirtualPrinter
from sync.errors import LedgerBusy
from sync.token import ReceiptClaims, verify
from tests.papers import KEYS, PrintingKiosk, sample_receipt, until

PROFILE = replace(load_profile("generic-80"), mechanical_mm_s=60)  # time to do something meanwhile
PATIENCE_MS = 20
PERSON = "ນາງ ຄຳ ແສງອາທິດ"


class World:
    """A kiosk whose ledger others may hold longer than it waits, and its printer."""

    def __init__(self, folder: Path) -> None:
        self.printer = VirtualPrinter(PROFILE, link=folder / "printer", paced=True)
        self.kiosk = PrintingKiosk(folder, PROFILE, self.printer.path, patience_ms=PATIENCE_MS)
        self.printer.start()

    def close(self) -> None:
        self.kiosk.close()
        self.printer.stop()

    def sees(self, code: PrinterCode) -> bool:
        return until(lambda: self.kiosk.jobs.printer_state().code is code)

    def comes_to(self, job: int, state: JobState) -> bool:
        return until(lambda: self.kiosk.state(job) is state)

    @contextmanager
    def ledger_held(self) -> Iterator[None]:
        """Another program writes for longer than the worker waits."""
        other = self.kiosk.opened()
        with other.transaction():
            yield
        other.close()

    def references_on_papers(self) -> list[str]:
        return [
            verify(code.text, KEYS).reference
            for paper in self.printer.papers
            for code in zxingcpp.read_barcodes(paper)
        ]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()
    assert world.printer.problems == []
    assert world.printer.lost_bytes == 0


def failures(caplog: pytest.LogCaptureFixture) -> int:
    return sum("LedgerBusy" in record.getMessage() for record in caplog.records)


def test_the_test_holds_the_ledger_longer_than_the_worker_waits(world: World) -> None:
    with world.ledger_held(), pytest.raises(LedgerBusy):
        world.kiosk.jobs.recover()


def test_a_ledger_that_is_busy_at_the_start_delays_printing_and_does_not_end_it(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    job = world.kiosk.submits(sample_receipt())
    with world.ledger_held():
        world.kiosk.worker.start()
        assert until(lambda: failures(caplog) >= 2)
    assert world.comes_to(job, JobState.PRINTED)


def test_a_ledger_that_cannot_be_opened_at_the_start_is_opened_later(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    job = world.kiosk.submits(sample_receipt())
    path, blocked = world.kiosk.path, world.kiosk.path.with_name("not-a-folder")
    blocked.touch()
    world.kiosk.path = blocked / "ledger.sqlite3"
    world.kiosk.worker.start()
    assert until(lambda: "LedgerDamaged" in caplog.text)
    world.kiosk.path = path
    assert world.comes_to(job, JobState.PRINTED)


def test_paper_that_runs_out_while_the_ledger_is_busy_is_noted_and_printing_goes_on(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.kiosk.worker.start()
    assert world.sees(PrinterCode.READY)
    with world.ledger_held():
        world.printer.end_paper_after(0)
        assert until(lambda: failures(caplog) >= 2)
    assert world.sees(PrinterCode.PAPER_OUT)
    job = world.kiosk.submits(sample_receipt())
    world.printer.load_paper()
    assert world.comes_to(job, JobState.PRINTED)
    assert world.references_on_papers() == [sample_receipt().reference]


def test_a_paper_that_came_out_while_the_ledger_was_busy_is_printed_once_and_known_to_be(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.kiosk.worker.start()
    assert world.sees(PrinterCode.READY)
    first, second = (world.kiosk.submits(sample_receipt(number)) for number in (1, 2))
    assert until(lambda: world.printer.received_bytes > 6_000)
    with world.ledger_held():
        assert until(lambda: failures(caplog) >= 2)
        assert world.kiosk.state(first) is JobState.SENDING
        assert len(world.printer.papers) == 1  # and nothing else is printed meanwhile
    assert world.comes_to(first, JobState.PRINTED)
    assert world.comes_to(second, JobState.PRINTED)
    expected = [sample_receipt(number).reference for number in (1, 2)]
    assert world.references_on_papers() == expected
    found = world.kiosk.jobs.find(first)
    assert found is not None
    assert found.receipt.claims.secret is None


def test_a_paper_that_broke_off_while_the_ledger_was_busy_is_printed_again_and_says_so(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.printer.end_paper_after(90)
    world.kiosk.worker.start()
    job = world.kiosk.submits(sample_receipt())
    assert until(lambda: world.printer.received_bytes > 2_000)
    with world.ledger_held():
        assert until(lambda: failures(caplog) >= 2)
        assert world.kiosk.state(job) is JobState.SENDING
    assert world.comes_to(job, JobState.QUEUED)
    world.printer.load_paper()
    assert world.comes_to(job, JobState.PRINTED)
    found = world.kiosk.jobs.find(job)
    assert found is not None
    assert found.receipt.again


def test_a_job_that_could_not_be_begun_is_printed_when_the_ledger_is_free(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.printer.cover_open = True
    world.kiosk.worker.start()
    assert world.sees(PrinterCode.COVER_OPEN)
    job = world.kiosk.submits(sample_receipt())
    with world.ledger_held():
        world.printer.cover_open = False
        assert until(lambda: failures(caplog) >= 2)
    assert world.comes_to(job, JobState.PRINTED)
    found = world.kiosk.jobs.find(job)
    assert found is not None
    assert not found.receipt.again


def test_the_log_says_what_failed_and_where_and_nothing_that_a_person_typed(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot_sign(_claims: ReceiptClaims) -> str:
        raise ValueError(PERSON)

    monkeypatch.setattr(world.kiosk.worker, "_sign", cannot_sign)
    world.kiosk.worker.start()
    job = world.kiosk.submits(sample_receipt())
    assert world.comes_to(job, JobState.UNKNOWN)
    assert until(lambda: "ValueError" in caplog.text)
    assert "test_print_troubles.py" in caplog.text
    assert PERSON not in caplog.text
