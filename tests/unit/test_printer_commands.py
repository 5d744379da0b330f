"""The technician's commands for the printer: found, set, tested, and how it is."""

import os
import termios
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import zxingcpp

from kiosk import VERSION
from kiosk import __main__ as program
from kiosk.app import alone
from kiosk.config import FILE_NAME, read_config
from kiosk.field import printers
from kiosk.printing.errors import PrinterCode, PrinterMissing
from kiosk.printing.jobs import PrintJobs
from kiosk.printing.paper import PaperRoll
from kiosk.printing.port import SerialPort
from kiosk.printing.probe import PortFinder, ports, probe, profile_for
from kiosk.printing.profile import load_profile
from kiosk.printing.tables import MIGRATIONS
from kiosk.printing.vault import Vault
from kiosk.printing.virtual import VirtualPrinter
from sync.ledger import Ledger

EPSON = replace(load_profile("epson-tm-t88"), name="TM-T88V")


class AtOneSpeed(VirtualPrinter):
    """A printer that hears noise at any speed but its own."""

    baud = termios.B38400

    def hear(self, byte: bytes) -> None:
        """One byte off the wire."""
        super().hear(byte if termios.tcgetattr(self._master)[5] == self.baud else b"\x00")


class Technician:
    """Types `kiosk printer ...` in one folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def types(self, *words: str) -> tuple[int, str]:
        """The exit code and all that was said."""
        given = program._parser().parse_args(["--folder", str(self.folder), "printer", *words])
        code = program._told(given)
        out, err = self._capsys.readouterr()
        return code, out + err

    @property
    def settings(self) -> dict[str, Any]:
        config = read_config(self.folder / FILE_NAME)
        return {
            name: getattr(config, f"printer_{name}")
            for name in ("port", "profile", "baud", "dead_dots")
        }


@pytest.fixture
def technician(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Technician:
    return Technician(tmp_path / "a kiosk", capsys)


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[VirtualPrinter]:
    with VirtualPrinter(EPSON, link=tmp_path / "printer") as printer:
        yield printer


def test_a_printer_is_found_with_its_speed_and_its_make_and_kept(
    technician: Technician, tmp_path: Path
) -> None:
    link = tmp_path / "printer"
    with AtOneSpeed(EPSON, link=link) as printer:
        code, said = technician.types("detect", "--keep", str(tmp_path / "nothing"), str(link))
        assert code == 0, said
        assert "printer TM-T88V at 38400 baud, profile epson-tm-t88. The printer is ready." in said
        assert technician.settings == {
            "port": str(link),
            "profile": "epson-tm-t88",
            "baud": 38400,
            "dead_dots": "",
        }
        assert printer.papers == []
        assert printer.problems == []


@pytest.mark.parametrize(
    ("fault", "code"),
    [("paper", PrinterCode.PAPER_OUT), ("cover", PrinterCode.COVER_OPEN)],
)
def test_a_printer_in_trouble_is_found_too(
    printer: VirtualPrinter, fault: str, code: PrinterCode
) -> None:
    if fault == "paper":
        printer.end_paper_after(0)
    printer.cover_open = fault == "cover"
    assert probe(printer.path).code is code


def test_what_does_not_answer_and_what_is_gone_or_no_port_is_said(
    technician: Technician, printer: VirtualPrinter
) -> None:
    printer.mute = True
    named = (printer.path, "/dev/no-such-port", "/dev/null")
    code, said = technician.types("detect", "--keep", *named)
    assert code == 1
    assert "/dev/no-such-port: there is no such port" in said
    assert "/dev/null: it is no serial port" in said
    assert f"{printer.path}: nothing answers" in said
    assert "ch340-58" in said
    assert not (technician.folder / FILE_NAME).exists()


def test_a_port_that_another_program_holds_is_named(
    technician: Technician, printer: VirtualPrinter
) -> None:
    with closing(SerialPort(printer.path, EPSON.baud)):
        said = technician.types("detect", printer.path)[1]
    assert f"{printer.path}: another program holds it" in said


def test_noise_is_no_printer() -> None:
    master, slave = os.openpty()
    os.write(master, bytes(range(256)) * 2)
    path = os.ttyname(slave)
    os.close(slave)
    assert not probe(path, (115200,)).answers
    os.close(master)


def test_each_make_is_known_by_its_name() -> None:
    assert profile_for("TM-T88VI") == "epson-tm-t88"
    assert profile_for("VKP80III") == "custom-vkp80"
    assert profile_for("Citizen PPU-700II") == "citizen-ppu700"
    assert profile_for("POS-58") is None


def test_a_port_has_the_name_that_stays(tmp_path: Path) -> None:
    devices, stable = tmp_path / "dev", tmp_path / "by-path"
    devices.mkdir()
    stable.mkdir()
    for name in ("ttyUSB0", "ttyUSB1", "ttyACM0", "tty1", "video0"):
        (devices / name).touch()
    (stable / "pci-0:2").symlink_to(devices / "ttyUSB1")
    assert ports(devices, stable) == (
        str(devices / "ttyUSB0"),
        str(stable / "pci-0:2"),
        str(devices / "ttyACM0"),
    )


def test_a_printer_whose_cable_was_moved_is_found_again(tmp_path: Path) -> None:
    old, new = tmp_path / "first socket", tmp_path / "second socket"
    master, slave = os.openpty()  # another device, which is no printer
    with VirtualPrinter(EPSON, link=new):
        others = (str(tmp_path / "empty"), os.ttyname(slave), str(new))
        finder = PortFinder(str(old), EPSON.baud, asks=True, others=lambda: others)
        with closing(finder.open()) as port:
            assert port._serial.port == str(new)
        mute = PortFinder(str(old), EPSON.baud, asks=False, others=lambda: others)
        with pytest.raises(PrinterMissing):
            mute.open()
    os.close(slave)
    os.close(master)


def test_settings_are_checked_before_they_are_written(technician: Technician) -> None:
    for words, sentence in (
        (("--profile", "nope"), "There is no printer profile 'nope'"),
        (("--baud", "12345"), "No serial port has the speed 12345."),
        (("--dead-dots", "9999"), "must be numbers from 0 to 383"),
        (("--dead-dots", "left"), "must be numbers from 0 to 383"),
        (("--port", "/dev/null"), "/dev/null is no serial port"),
        (("--port", "/etc/passwd"), "/etc/passwd is no serial port"),
    ):
        code, said = technician.types("set", *words)
        assert code == 1
        assert sentence in said
    assert not technician.folder.exists()
    code, said = technician.types("set", "--port", "/dev/ttyUSB7", "--dead-dots", "133, 200")
    assert code == 0
    assert "There is no /dev/ttyUSB7 now." in said
    assert technician.settings["dead_dots"] == "133, 200"
    assert technician.types("set", "--dead-dots", "none")[0] == 0
    assert technician.settings["dead_dots"] == ""
    assert "Nothing is changed." in technician.types("set")[1]


def test_the_page_is_printed_with_its_codes_and_says_which_program_it_is(
    technician: Technician, printer: VirtualPrinter
) -> None:
    assert technician.types("test") == (1, f"kiosk: {printers.NOT_SET}\n")
    technician.types("set", "--port", printer.path, "--profile", "epson-tm-t88")
    code, said = technician.types("test")
    assert code == 0, said
    (paper,) = printer.papers
    codes = zxingcpp.read_barcodes(paper)
    assert len(codes) == 2
    assert all(f"Program: {VERSION}" in code.text for code in codes)


def test_while_the_kiosk_runs_it_is_asked_to_print_and_how_the_printer_is(
    technician: Technician, printer: VirtualPrinter
) -> None:
    technician.types("set", "--port", printer.path, "--profile", "epson-tm-t88")
    config = read_config(technician.folder / FILE_NAME)
    config.data_dir.mkdir(exist_ok=True)
    with closing(Ledger.open(config.ledger_path, MIGRATIONS)) as ledger, alone(config):
        jobs = PrintJobs(ledger, Vault())
        jobs.note_printer(PrinterCode.COVER_OPEN, 1_790_000_000_000)
        PaperRoll(ledger).used(1_500, date(2026, 9, 21))
        code, said = technician.types("test")
        assert code == 0
        assert "The kiosk is running" in said
        job = jobs.find_oldest()
        assert job is not None
        assert VERSION in job.paper.slip().text
        code, said = technician.types("status")
        assert code == 1
        assert "cover is open" in said
        assert "Papers waiting: 1" in said
        assert "Paper used of this roll: 1.5 m" in said
        technician.types("set", "--new-roll")
        assert "this roll: 0.0 m" in technician.types("status")[1]
    assert printer.papers == []


def test_how_a_printer_is_when_no_kiosk_runs(
    technician: Technician, printer: VirtualPrinter
) -> None:
    technician.types("set", "--port", printer.path, "--profile", "epson-tm-t88")
    assert technician.types("status")[0] == 0
    printer.unplug()
    code, said = technician.types("status")
    assert code == 1
    assert "not connected" in said
    for word in ("status", "test"):
        code, said = technician.types(word)
        assert code == 1
        assert f"({printer.path}: there is no such port)" in said
        assert not {"staff", "Errno"} & set(said.split())


def test_the_version_is_that_of_the_project() -> None:
    project = Path(__file__).resolve().parent.parent.parent / "pyproject.toml"
    assert f'version = "{VERSION}"' in project.read_text("utf-8")
