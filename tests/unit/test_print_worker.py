"""Printing on good and bad days: real ledger, real thread, a printer at a pseudo-terminal."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp

from kiosk.printing.dialogue import Proof
from kiosk.printing.errors import PrinterCode
from kiosk.printing.jobs import JobState, PrintJobs
from kiosk.printing.layout import render
from kiosk.printing.profile import PrinterProfile, load_profile
from kiosk.printing.vault import Vault
from kiosk.printing.virtual import VirtualPrinter
from sync.token import verify
from tests.papers import KEYS, PrintingKiosk, sample_receipt, sign, until

PROFILE = load_profile("generic-80")
MUTE = replace(load_profile("ch340-58"), mechanical_mm_s=4_000)
SLOW = replace(PROFILE, mechanical_mm_s=60)


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "printer"


class World:
    """A kiosk and its printer."""

    def __init__(self, folder: Path, profile: PrinterProfile, *, paced: bool = False) -> None:
        self.printer = VirtualPrinter(profile, link=folder / "printer", paced=paced)
        self.kiosk = PrintingKiosk(folder, profile, self.printer.path)
        self.printer.start()

    def close(self) -> None:
        self.kiosk.close()
        self.printer.stop()

    def is_ready(self) -> bool:
        return until(lambda: self.kiosk.jobs.printer_state().code is PrinterCode.READY)

    def sees(self, code: PrinterCode) -> bool:
        return until(lambda: self.kiosk.jobs.printer_state().code is code)

    def comes_to(self, job: int, state: JobState) -> bool:
        return until(lambda: self.kiosk.state(job) is state)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, PROFILE)
    yield world
    world.close()
    assert world.printer.problems == []
    assert world.printer.lost_bytes == 0


@pytest.fixture
def slow_world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, SLOW, paced=True)
    yield world
    world.close()
    assert world.printer.problems == []
    assert world.printer.lost_bytes == 0


def claims_on(paper: object) -> object:
    codes = zxingcpp.read_barcodes(paper)
    assert len(codes) == 1
    return verify(codes[0].text, KEYS)


def test_a_good_printer_prints_exactly_the_receipt(world: World) -> None:
    world.kiosk.worker.start()
    receipt = sample_receipt()
    job = world.kiosk.submits(receipt)
    assert world.comes_to(job, JobState.PRINTED)
    (paper,) = world.printer.papers
    drawn = render(receipt, PROFILE)
    assert paper.crop((0, 0, drawn.width, drawn.height - 32)).tobytes() == (
        drawn.crop((0, 0, drawn.width, drawn.height - 32)).tobytes()
    )
    assert claims_on(paper) == receipt.claims


def test_a_printer_that_answers_confirms_the_paper(world: World) -> None:
    world.kiosk.worker.start()
    job = world.kiosk.submits(sample_receipt())
    assert world.comes_to(job, JobState.PRINTED)
    found = world.kiosk.jobs.find(job)
    assert found is not None
    assert found.proof is Proof.PROCESSED


def test_the_secret_is_gone_when_the_paper_is_out(world: World) -> None:
    world.kiosk.worker.start()
    receipt = sample_receipt()
    job = world.kiosk.submits(receipt)
    assert world.comes_to(job, JobState.PRINTED)
    found = world.kiosk.jobs.find(job)
    assert found is not None
    assert found.receipt.claims.secret is None
    assert found.receipt.application_id == receipt.application_id


def test_a_mute_printer_gets_its_receipt_at_its_own_pace(tmp_path: Path) -> None:
    world = World(tmp_path, MUTE, paced=True)
    world.printer.mute = True
    world.kiosk.worker.start()
    job = world.kiosk.submits(sample_receipt())
    assert world.comes_to(job, JobState.PRINTED)
    assert until(lambda: len(world.printer.papers) == 1)
    found = world.kiosk.jobs.find(job)
    world.close()
    assert found is not None
    assert found.proof is Proof.SENT
    assert world.printer.lost_bytes == 0
    assert world.printer.problems == []
    assert claims_on(world.printer.papers[0]) == sample_receipt().claims


def test_a_printer_that_should_answer_and_is_silent_keeps_the_job(world: World) -> None:
    world.printer.mute = True
    world.kiosk.worker.start()
    job = world.kiosk.submits(sample_receipt())
    assert world.sees(PrinterCode.SILENT)
    assert world.kiosk.state(job) is JobState.QUEUED
    world.printer.mute = False
    assert world.comes_to(job, JobState.PRINTED)


def test_without_a_printer_the_job_waits_and_is_printed_when_it_comes(world: World) -> None:
    world.printer.unplug()
    world.kiosk.worker.start()
    job = world.kiosk.submits(sample_receipt())
    assert world.sees(PrinterCode.MISSING)
    assert world.kiosk.state(job) is JobState.QUEUED
    world.printer.plug()
    assert world.comes_to(job, JobState.PRINTED)
    found = world.kiosk.jobs.find(job)
    assert found is not None
    assert not found.receipt.again  # nothing of it had come out


def test_out_of_paper_the_jobs_wait_and_come_out_in_order_when_there_is_paper(
    world: World,
) -> None:
    world.printer.end_paper_after(0)
    world.kiosk.worker.start()
    jobs = [world.kiosk.submits(sample_receipt(number)) for number in (1, 2, 3)]
    assert world.sees(PrinterCode.PAPER_OUT)
    assert world.kiosk.jobs.waiting_count() == 3
    world.printer.load_paper()
    assert all(world.comes_to(job, JobState.PRINTED) for job in jobs)
    assert [claims_on(paper) for paper in world.printer.papers] == [
        sample_receipt(number).claims for number in (1, 2, 3)
    ]


def test_paper_that_ends_in_the_middle_is_printed_again_whole_and_says_so(world: World) -> None:
    world.printer.end_paper_after(90)
    world.kiosk.worker.start()
    job = world.kiosk.submits(sample_receipt())
    assert world.sees(PrinterCode.PAPER_OUT)
    assert world.kiosk.state(job) is JobState.QUEUED
    world.printer.load_paper()
    assert world.comes_to(job, JobState.PRINTED)
    found = world.kiosk.jobs.find(job)
    assert found is not None
    assert found.receipt.again
    whole = render(replace(sample_receipt(), again=True), PROFILE)
    assert world.printer.papers[-1].height > whole.height  # the broken piece hangs before it
    codes = zxingcpp.read_barcodes(world.printer.papers[-1])
    assert {verify(code.text, KEYS).reference for code in codes} == {sample_receipt().reference}


def test_a_printer_unplugged_in_the_middle_of_a_line_prints_again_whole(slow_world: World) -> None:
    slow_world.printer.unplug_after_bytes = 9_001
    slow_world.kiosk.worker.start()
    job = slow_world.kiosk.submits(sample_receipt())
    assert slow_world.sees(PrinterCode.MISSING)
    assert slow_world.kiosk.state(job) is JobState.QUEUED
    slow_world.printer.plug()
    assert slow_world.comes_to(job, JobState.PRINTED)
    found = slow_world.kiosk.jobs.find(job)
    assert found is not None
    assert found.receipt.again
    codes = zxingcpp.read_barcodes(slow_world.printer.papers[-1])
    assert verify(codes[-1].text, KEYS) == sample_receipt().claims


def test_a_cover_opened_in_the_middle_is_named_and_printing_goes_on_when_closed(
    slow_world: World,
) -> None:
    slow_world.kiosk.worker.start()
    job = slow_world.kiosk.submits(sample_receipt())
    assert until(lambda: slow_world.printer.received_bytes > 6_000)
    slow_world.printer.cover_open = True
    assert slow_world.sees(PrinterCode.COVER_OPEN)
    slow_world.printer.cover_open = False
    assert slow_world.comes_to(job, JobState.PRINTED)


def test_low_paper_is_said_before_it_is_out(world: World) -> None:
    world.printer.paper_near_end = True
    world.kiosk.worker.start()
    assert world.sees(PrinterCode.PAPER_LOW)


def test_a_copy_is_counted_and_carries_the_same_token(world: World) -> None:
    world.kiosk.worker.start()
    receipt = sample_receipt()
    jobs = []
    for _ in range(2):
        jobs.append(world.kiosk.submits(receipt))
        assert world.comes_to(jobs[-1], JobState.PRINTED)
    found = world.kiosk.jobs.find(jobs[-1])
    assert found is not None
    assert found.receipt.copy == 1
    assert {claims_on(paper) for paper in world.printer.papers} == {receipt.claims}


def test_a_paper_that_cannot_be_made_does_not_block_those_behind_it(world: World) -> None:
    poison = sample_receipt(1, claims=replace(sample_receipt(1).claims, fee_lak=-5))
    first = world.kiosk.submits(poison)
    second = world.kiosk.submits(sample_receipt(2))
    world.kiosk.worker.start()
    assert world.comes_to(second, JobState.PRINTED)
    assert world.kiosk.state(first) is JobState.UNKNOWN


def test_a_ledger_that_fails_for_a_while_does_not_end_printing(tmp_path: Path) -> None:
    with VirtualPrinter(PROFILE, link=tmp_path / "printer") as printer:
        kiosk = PrintingKiosk(tmp_path, PROFILE, printer.path)
        job = kiosk.submits(sample_receipt())
        with sqlite3.connect(kiosk.path) as full:
            full.execute(
                "CREATE TRIGGER full BEFORE UPDATE ON printer_state "
                "BEGIN SELECT raise(ABORT, 'disk'); END"
            )
        kiosk.worker.start()
        assert not until(lambda: kiosk.state(job) is JobState.PRINTED, 1)
        with sqlite3.connect(kiosk.path) as mended:
            mended.execute("DROP TRIGGER full")
        printed = until(lambda: kiosk.state(job) is JobState.PRINTED)
        full.close()
        mended.close()
        kiosk.close()
    assert printed


def test_after_a_restart_the_waiting_receipt_carries_the_id_instead_of_the_secret(
    world: World,
) -> None:
    receipt = sample_receipt()
    job = world.kiosk.submits(receipt)
    world.kiosk.vault = Vault()
    restarted = PrintJobs(world.kiosk.ledger, world.kiosk.vault).find(job)
    assert restarted is not None
    assert restarted.receipt.claims.secret is None
    late = verify(sign(restarted.receipt.claims), KEYS)
    assert late.secret is None
    assert late.application_id == receipt.application_id
    assert late.reference == receipt.reference
