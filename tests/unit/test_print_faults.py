"""Every fault of a printer is named at once, and what can go on by itself does."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.printing import worker
from kiosk.printing.errors import PrinterCode
from kiosk.printing.escpos import encode
from kiosk.printing.jobs import JobState
from kiosk.printing.layout import lay_out
from kiosk.printing.profile import PrinterProfile, Proof, load_profile
from kiosk.printing.virtual import VirtualPrinter
from kiosk.printing.virtual_machine import Machine
from tests.papers import PATIENCE_S, PrintingKiosk, sample_receipt, until
from tests.printer_faults import NAMED_AS, name_fault

CUSTOM = load_profile("custom-vkp80")
CITIZEN = load_profile("citizen-ppu700")
PRESENTERS = pytest.mark.parametrize("profile", [CUSTOM, CITIZEN], ids=["custom", "citizen"])


def hasty(profile: PrinterProfile) -> PrinterProfile:
    """It takes an untaken paper back at once."""
    return replace(profile, retract_after_s=0)


@pytest.mark.parametrize("fault", NAMED_AS)
def test_a_fault_of_an_idle_printer_is_named(fault: str) -> None:
    assert name_fault(fault, random.Random(fault), while_printing=False).fault == fault


@pytest.mark.parametrize("fault", ["cover open", "knife stuck", "head hot", "unplugged"])
def test_a_fault_in_the_middle_of_a_receipt_is_named(fault: str) -> None:
    assert name_fault(fault, random.Random(fault), while_printing=True).fault == fault


class World:
    """A kiosk and its printer."""

    def __init__(self, folder: Path, profile: PrinterProfile) -> None:
        self.printer = VirtualPrinter(profile, link=folder / "printer")
        self.kiosk = PrintingKiosk(folder, profile, self.printer.path)
        self.printer.start()
        self.kiosk.worker.start()

    def sees(self, code: PrinterCode, timeout_s: float = PATIENCE_S) -> bool:
        return until(lambda: self.kiosk.jobs.printer_state().code is code, timeout_s)

    def comes_to(self, job: int, state: JobState) -> bool:
        return until(lambda: self.kiosk.state(job) is state)

    def retracted(self, job: int) -> bool:
        found = self.kiosk.jobs.find(job)
        return found is not None and found.retracted_ms is not None

    def close(self) -> None:
        self.kiosk.close()
        self.printer.stop()
        assert self.printer.problems == []


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, load_profile("generic-80"))
    yield world
    world.close()


def test_a_knife_that_sticks_is_tried_again_when_it_is_free_and_the_receipt_says_so(
    world: World,
) -> None:
    assert world.sees(PrinterCode.READY)
    world.printer.knife_blocked = True
    job = world.kiosk.submits(sample_receipt())
    assert world.sees(PrinterCode.FAULT)
    assert world.comes_to(job, JobState.QUEUED)
    world.printer.knife_blocked = False  # somebody took the paper out; nothing else was touched
    assert world.comes_to(job, JobState.PRINTED)
    found = world.kiosk.jobs.find(job)
    assert found is not None
    assert found.receipt.again


class Spoiler(VirtualPrinter):
    """Its cover opens in the moment in which it has said that it is done with the cut."""

    def paper_bits(self) -> int:
        if self.papers:
            self.cover_open = True
        return super().paper_bits()


def test_a_printer_that_is_done_and_then_in_trouble_leaves_a_doubt_and_prints_nothing_again(
    tmp_path: Path,
) -> None:
    profile = load_profile("generic-80")
    with Spoiler(profile, link=tmp_path / "printer") as printer:
        kiosk = PrintingKiosk(tmp_path, profile, printer.path)
        kiosk.worker.start()
        job = kiosk.submits(sample_receipt())
        came = until(lambda: kiosk.state(job) is JobState.UNKNOWN)
        printer.cover_open = False
        waiting = kiosk.jobs.find_oldest()
        kiosk.close()
    assert came
    assert waiting is None


@PRESENTERS
def test_a_ticket_is_waited_for_and_the_next_one_comes_when_it_is_taken(
    tmp_path: Path, profile: PrinterProfile
) -> None:
    presenter = World(tmp_path, profile)
    presenter.printer.taken_after_s = None
    first = presenter.kiosk.submits(sample_receipt(1))
    second = presenter.kiosk.submits(sample_receipt(2))
    assert presenter.sees(PrinterCode.TICKET_LIES)
    assert presenter.kiosk.state(first) is JobState.PRINTED
    assert not until(lambda: presenter.kiosk.state(second) is JobState.PRINTED, 0.5)
    presenter.printer.take()
    assert presenter.comes_to(second, JobState.PRINTED)
    presenter.printer.take()
    assert presenter.sees(PrinterCode.READY)
    assert not presenter.retracted(first)
    assert presenter.printer.retracted_count == 0
    presenter.close()


@PRESENTERS
def test_a_ticket_that_nobody_takes_goes_back_into_the_kiosk(
    tmp_path: Path, profile: PrinterProfile
) -> None:
    world = World(tmp_path, hasty(profile))
    world.printer.taken_after_s = None
    job = world.kiosk.submits(sample_receipt())
    assert until(lambda: world.retracted(job))
    assert world.printer.retracted_count == 1
    assert world.sees(PrinterCode.READY)
    copy = world.kiosk.jobs.find(world.kiosk.submits(sample_receipt()))
    world.close()
    assert copy is not None
    assert copy.receipt.copy == 1


@PRESENTERS
def test_a_ticket_of_before_the_power_cut_is_taken_back_as_well(
    tmp_path: Path, profile: PrinterProfile
) -> None:
    with VirtualPrinter(profile, link=tmp_path / "printer") as printer:
        printer.taken_after_s = None
        printer.collect(0)  # as an earlier paper had told it
        printer.present()
        kiosk = PrintingKiosk(tmp_path, hasty(profile), printer.path)
        kiosk.worker.start()
        gone = until(lambda: printer.retracted_count == 1)
        kiosk.close()
    assert gone


def test_a_citizen_keeps_the_paper_out_until_the_kiosk_says() -> None:
    """Left alone it takes the paper back after five seconds: a slow hand is slower."""
    now_s = [0.0]
    printer = Machine(CITIZEN, lambda _said: None, clock=lambda: now_s[0])
    printer.taken_after_s = None
    printer.present()
    now_s[0] += 5
    assert not printer.ticket_lies
    for block in encode(lay_out(sample_receipt(), CITIZEN), CITIZEN):
        for value in block.data:
            printer.hear(bytes([value]))
        printer.work()
    now_s[0] += 25
    assert printer.ticket_lies
    assert printer.problems == []
    assert printer.retracted_count == 1


def test_nobody_tears_off_an_empty_strip() -> None:
    """Where there is no knife; what is fed after the paper was taken is no paper."""
    now_s = [0.0]
    printer = Machine(load_profile("generic-58"), lambda _said: None, clock=lambda: now_s[0])
    row, past_the_bar = b"\x1dv0\x00\x01\x00\x01\x00\xff", b"\x1bJ\x70"
    for said, papers in ((row + past_the_bar, 1), (past_the_bar, 1), (row + past_the_bar, 2)):
        for value in said:
            printer.hear(bytes([value]))
        now_s[0] += 1
        printer.work()
        assert len(printer.papers) == papers


def test_a_hand_waits_for_the_rest_of_a_paper_that_stopped_halfway() -> None:
    """A busy machine pauses in the middle of a receipt: that is one paper, not two."""
    now_s = [0.0]
    printer = Machine(load_profile("generic-58"), lambda _said: None, clock=lambda: now_s[0])
    row, past_the_bar = b"\x1dv0\x00\x01\x00\x01\x00\xff", b"\x1bJ\x70"
    for said, waits_s, papers in ((row, 3, 0), (row + past_the_bar, 1, 1), (row, 6, 2)):
        for value in said:
            printer.hear(bytes([value]))
        now_s[0] += waits_s
        printer.work()
        assert len(printer.papers) == papers


def test_a_paper_in_a_citizens_mouth_is_no_end_of_the_roll(tmp_path: Path) -> None:
    world = World(tmp_path, CITIZEN)
    world.printer.taken_after_s = None
    job = world.kiosk.submits(sample_receipt())
    assert world.sees(PrinterCode.TICKET_LIES)
    assert world.kiosk.state(job) is JobState.PRINTED
    world.printer.take()
    assert world.sees(PrinterCode.READY)
    world.printer.end_paper_after(0)
    assert world.sees(PrinterCode.PAPER_OUT)
    world.close()


def test_a_citizen_that_is_not_set_to_take_papers_back_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "RETRACT_S_MAX", 0.3)
    world = World(tmp_path, hasty(CITIZEN))
    world.printer.collects = False
    world.printer.taken_after_s = None
    job = world.kiosk.submits(sample_receipt())
    assert world.sees(PrinterCode.FAULT)
    world.printer.take()
    assert world.sees(PrinterCode.READY)
    assert not world.retracted(job)
    world.close()


def test_what_a_citizen_prints_is_as_long_as_the_same_on_another() -> None:
    """Its own units are no dots: without GS P every white stretch would be half as high."""
    lengths = []
    for profile in (CITIZEN, load_profile("generic-80")):
        profile = replace(profile, feed_before_cut_mm=0)  # noqa: PLW2901 - the same of both
        printer = Machine(profile, lambda _said: None)
        for block in encode(lay_out(sample_receipt(), profile), profile):
            for value in block.data:
                printer.hear(bytes([value]))
            printer.work()
        lengths.append(printer.papers[0].height)
    assert lengths[0] == lengths[1]


def test_a_mute_printer_with_a_status_names_its_cover_and_proves_nothing(tmp_path: Path) -> None:
    """A clone that answers DLE EOT and not GS r."""
    profile = replace(load_profile("generic-80"), proof=Proof.SENT)
    world = World(tmp_path, profile)
    job = world.kiosk.submits(sample_receipt())
    assert world.comes_to(job, JobState.PRINTED)
    world.printer.cover_open = True
    assert world.sees(PrinterCode.COVER_OPEN)
    found = world.kiosk.jobs.find(job)
    world.close()
    assert found is not None
    assert found.proof is Proof.SENT
