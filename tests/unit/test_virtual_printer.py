"""The virtual printer from the command line: as a technician or a demonstration runs it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from kiosk.printing.dialogue import Dialogue, Proof
from kiosk.printing.errors import CoverOpen, PrinterError
from kiosk.printing.escpos import encode
from kiosk.printing.layout import lay_out
from kiosk.printing.port import SerialPort
from kiosk.printing.profile import load_profile
from tests.papers import sample_receipt, until

ROOT = Path(__file__).resolve().parents[2]
PROFILE = load_profile("epson-tm-t88")


class CommandLine:
    """A printer in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.link, self.out = folder / "printer", folder / "receipts"
        order = [sys.executable, "-m", "kiosk.printing.virtual", "--fast"]
        order += ["--link", str(self.link), "--out", str(self.out), "--profile", PROFILE.name]
        self.process = subprocess.Popen(
            order, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert "Printer at" in self.hears()
        self.offers = self.hears()

    def types(self, line: str) -> None:
        assert self.process.stdin is not None
        print(line, file=self.process.stdin, flush=True)

    def hears(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def checked(self) -> str:
        """What the kiosk's dialogue finds; empty: it is ready."""
        port = SerialPort(str(self.link), PROFILE.baud)
        try:
            Dialogue(port, PROFILE).check()
        except PrinterError as problem:
            return type(problem).__name__
        finally:
            port.close()
        return ""


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[CommandLine]:
    running = CommandLine(tmp_path)
    yield running
    running.process.terminate()
    running.process.communicate(timeout=60)


def test_it_prints_into_pictures_and_tells_what_happened(printer: CommandLine) -> None:
    port = SerialPort(str(printer.link), PROFILE.baud)
    dialogue = Dialogue(port, PROFILE)
    dialogue.check()
    assert dialogue.send(encode(lay_out(sample_receipt(), PROFILE), PROFILE)) is Proof.PRINTED
    port.close()
    assert printer.hears().startswith("Printed ")
    (paper,) = printer.out.iterdir()
    (code,) = zxingcpp.read_barcodes(Image.open(paper))
    assert code.text == sample_receipt().url
    printer.types("status")
    assert "0 lost" in (told := printer.hears())
    assert told.startswith("1 papers")


def test_every_fault_is_one_line_away_and_ends_with_another(printer: CommandLine) -> None:
    for spoil, mend, found in (
        ("cover open", "cover closed", CoverOpen.__name__),
        ("paper out", "paper in", "PaperOut"),
        ("knife stuck", "not knife stuck", "KnifeStuck"),
        ("head hot", "not head hot", "PrinterHot"),
        ("broken", "not broken", "PrinterFault"),
        ("mute", "speak", "PrinterSilent"),
        ("unplug", "plug", "PrinterMissing"),
    ):
        for line in (spoil, mend):
            assert line in printer.offers
        printer.types(spoil)
        assert until(lambda found=found: _finds(printer) == found), spoil  # type: ignore[misc]
        printer.types(mend)
        assert until(lambda: _finds(printer) == ""), mend
    printer.types("nonsense")
    assert printer.hears() == "There is no 'nonsense'.\n"


def _finds(printer: CommandLine) -> str:
    try:
        return printer.checked()
    except PrinterError as problem:  # unplugged
        return type(problem).__name__
