"""Others' generators and hosts at the virtual printer: it is no mirror of our own bytes."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from escpos.printer import Dummy, Serial
from PIL import Image

from kiosk.printing.layout import MARGIN_MM, render
from kiosk.printing.profile import load_profile
from kiosk.printing.virtual import VirtualPrinter
from kiosk.printing.virtual_machine import Machine
from tests import foreign_programs
from tests.foreign_programs import generated, network_printer, run_node
from tests.papers import sample_receipt

PROFILE = replace(load_profile("generic-58"), cut=load_profile("generic-80").cut)
LINES = ["RECEIPT", "04K7-N6J4-J6WM", "Pay only: 20 000"]
CODE = "https://kiosk.gov.la/r"
IN_NODE = ("receiptline-escpos", "receiptline-generic", "encoder-raster", "encoder-column")
IN_PYTHON = ("bitImageRaster", "graphics", "bitImageColumn")


def picture() -> Image.Image:
    """A piece of a receipt, Lao letters and all, as wide as the paper."""
    margin = PROFILE.dots(MARGIN_MM)
    paper = render(sample_receipt(), PROFILE)
    height = 192  # of whole strips, however a generator cuts
    return paper.crop((margin, margin, margin + PROFILE.width_dots, margin + height)).convert("L")


def papers_of(data: bytes) -> Machine:
    """A printer that has printed these bytes."""
    machine = Machine(PROFILE, lambda _said: None, foreign=True)
    for value in data:
        machine.hear(bytes([value]))
        if len(machine._press.buffer) > PROFILE.buffer_bytes - 8:
            machine.work()
    machine.work()
    return machine


def holds(paper: Image.Image, wanted: Image.Image) -> bool:
    """Whether the picture stands on the paper, dot for dot, somewhere down its whole width."""
    margin = PROFILE.dots(MARGIN_MM)
    inner = paper.crop((margin, 0, margin + PROFILE.width_dots, paper.height))
    found = inner.tobytes().find(wanted.tobytes())
    return found >= 0 and found % PROFILE.width_dots == 0


def shows_everything(machine: Machine) -> None:
    assert machine.problems == []
    (paper,) = machine.papers
    assert holds(paper, picture())
    assert [line.strip() for line in machine.said][:3] == LINES
    assert CODE in {code.text for code in zxingcpp.read_barcodes(paper)}


@pytest.mark.parametrize("generator", IN_NODE)
def test_a_foreign_generators_receipt_comes_out_dot_for_dot(generator: str) -> None:
    shows_everything(papers_of(generated(generator, LINES, CODE, picture())))


@pytest.mark.parametrize("kind", IN_PYTHON)
def test_what_python_escpos_sends_comes_out_dot_for_dot(kind: str) -> None:
    printer = Dummy()
    _receipt_by(printer, kind)
    shows_everything(papers_of(printer.output))


def _receipt_by(printer: Any, kind: str) -> None:
    printer.hw("INIT")
    for line in LINES:
        printer.textln(line)
    printer.qr(CODE, native=True, size=4)
    printer.image(picture(), impl=kind)
    printer.cut()


@pytest.fixture
def printer() -> Any:
    with VirtualPrinter(PROFILE, foreign=True) as plugged:
        yield plugged


def asked(printer: VirtualPrinter, order: str, text: str = "") -> str:
    with network_printer(printer.path) as address:
        return run_node("host.cjs", address, order, text).decode()


def test_a_foreign_host_prints_and_is_told_that_it_came_out(printer: VirtualPrinter) -> None:
    assert asked(printer, "-p escpos", "\n".join(LINES)) == "success"
    assert [line.strip() for line in printer.said][:3] == LINES
    assert len(printer.papers) == 1
    assert printer.problems == []


@pytest.mark.parametrize(
    ("fault", "said"), [("cover_open", "coveropen"), ("broken", "error"), ("", "online")]
)
def test_a_foreign_host_understands_what_the_printer_says_of_itself(
    printer: VirtualPrinter, fault: str, said: str
) -> None:
    if fault:
        setattr(printer, fault, True)
    assert asked(printer, "-p escpos -q") == said


def test_a_foreign_host_sees_that_the_paper_is_out(printer: VirtualPrinter) -> None:
    printer.end_paper_after(0)
    assert asked(printer, "-p escpos", "text") == "paperempty"


def test_python_escpos_understands_what_the_printer_says_of_its_paper(
    printer: VirtualPrinter,
) -> None:
    host = Serial(devfile=printer.path, baudrate=115_200, dsrdtr=False, timeout=1)
    try:
        printer.paper_near_end = True  # each question costs it a second: two are enough
        assert host.paper_status() == 1
        printer.end_paper_after(0)
        assert host.paper_status() == 0
    finally:
        host.close()


def test_a_missing_node_fails_continuous_integration_and_is_skipped_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="Install Node"):
        foreign_programs.node_modules()
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="Install Node"):
        foreign_programs.node_modules()


def test_any_bytes_to_the_virtual_printer_leave_it_at_work() -> None:
    chance = random.Random(2026)
    commands = [bytes([lead, letter]) for lead in (0x1B, 0x1C, 0x1D) for letter in range(256)]
    for command in chance.sample(commands, 150):
        papers_of(command + chance.randbytes(12) + bytes(60))
    assert papers_of(b"\x1b@hello\n\x1dV\x00").said == ["hello"]
