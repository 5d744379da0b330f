"""A printer that keeps pictures is sent what stands on every receipt once, then only the rest."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from kiosk.printing.escpos import REAL_TIME, encode
from kiosk.printing.jobs import JobState, PrintJobs
from kiosk.printing.layout import lay_out
from kiosk.printing.port import SerialPort
from kiosk.printing.profile import PrinterProfile, load_profile
from kiosk.printing.store import MARKS, Shelf, Store, ask_keys
from kiosk.printing.tables import MIGRATIONS
from kiosk.printing.virtual import VirtualPrinter
from kiosk.printing.worker import PrintWorker
from kiosk.standing import StandingLines
from sync.clock import DeviceClock
from sync.ledger import Ledger
from tests.desk_kiosk import DeskKiosk, central_with_services, publish_at
from tests.papers import sign, until
from tests.sample_answers import BUSINESS, RESIDENCE

EPSON = load_profile("epson-tm-t88")


class KioskWithPrinter:
    """A desk and its printing half on one folder."""

    def __init__(self, kiosk: DeskKiosk, printer: VirtualPrinter, profile: PrinterProfile) -> None:
        self.kiosk, self.printer = kiosk, printer
        self.jobs = PrintJobs(kiosk.ledger, kiosk.vault)
        self.worker = PrintWorker(
            lambda: Ledger.open(kiosk.folder / "ledger.sqlite3", MIGRATIONS),
            open_port=lambda: SerialPort(printer.path, profile.baud),
            profile=profile,
            vault=kiosk.vault,
            sign=sign,
            clock=DeviceClock,
            standing=StandingLines(),
        )
        self.worker.start()

    def prints(self) -> int:
        """Submit, print; how many bytes that took."""
        before = self.printer.received_bytes
        submitted = self.kiosk.submits(RESIDENCE)
        self.worker.nudge()
        assert until(lambda: self.state(submitted.job) is JobState.PRINTED)
        return self.printer.received_bytes - before

    def state(self, job: int) -> JobState:
        found = self.jobs.find(job)
        assert found is not None
        return found.state


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[DeskKiosk]:
    opened = DeskKiosk(tmp_path / "kiosk", central_with_services())
    yield opened
    opened.ledger.close()


def foot(paper: Image.Image) -> bytes:
    """What stands below the marks, dot for dot."""
    return paper.crop((0, paper.height - 700, *paper.size)).tobytes()


def standing_store(kiosk: DeskKiosk, profile: PrinterProfile = EPSON) -> Store:
    slips = StandingLines().slips(kiosk.ledger)
    return Store((band for slip in slips for band in lay_out(slip, profile)), profile)


def test_receipts_of_a_printer_that_keeps_pictures_are_less_than_half_as_long(
    kiosk: DeskKiosk,
) -> None:
    for name, most in (("generic-58", 7_500), ("generic-80", 9_700), ("epson-tm-t88", 8_700)):
        profile = replace(load_profile(name), store_bytes=EPSON.store_bytes)
        store = standing_store(kiosk, profile)
        for service in (RESIDENCE, BUSINESS):
            receipt = replace(kiosk.submits(service).receipt, sample=False)
            blocks = list(encode(lay_out(receipt, profile), profile, store.find))
            assert sum(len(block.data) for block in blocks) <= most, (name, service)


def test_the_paper_is_the_same_dot_for_dot_and_the_memory_is_written_once(
    kiosk: DeskKiosk,
) -> None:
    with VirtualPrinter(EPSON) as printer:
        whole = KioskWithPrinter(kiosk, printer, replace(EPSON, store_bytes=0))
        submitted = kiosk.submits(RESIDENCE)
        whole.worker.nudge()
        assert until(lambda: whole.state(submitted.job) is JobState.PRINTED)
        whole.worker.stop()
        first = KioskWithPrinter(kiosk, printer, EPSON)
        memory = printer._press.memory
        wanted = standing_store(kiosk).keys
        assert until(lambda: memory.kept.keys() == wanted)
        copy = kiosk.desk.print_again(submitted)
        assert until(lambda: first.state(copy) is JobState.PRINTED)
        assert first.prints() <= 8_000  # status questions included
        first.worker.stop()
        second = KioskWithPrinter(kiosk, printer, EPSON)
        assert until(lambda: second.worker._shelf._store is not None)
        assert second.prints() <= 8_000
        second.worker.stop()
        assert memory.writes == 1
        assert printer.problems == []
        plain, kept = map(foot, printer.papers[:2])
        assert plain == kept


def test_a_new_version_of_a_service_writes_the_memory_anew(kiosk: DeskKiosk) -> None:
    before = standing_store(kiosk)
    version = StandingLines().version(kiosk.ledger)
    publish_at(kiosk.central, RESIDENCE, "2027.1.1")
    kiosk.exchanges()
    assert StandingLines().version(kiosk.ledger) != version
    assert standing_store(kiosk).keys == before.keys  # the same words are the same set


def test_other_words_are_another_set_although_the_keys_are_as_many(kiosk: DeskKiosk) -> None:
    one = Store(lay_out(kiosk.submits(RESIDENCE).receipt, EPSON), EPSON)
    other = Store(lay_out(kiosk.submits(RESIDENCE).receipt, EPSON), EPSON)
    assert len(one.keys) == len(other.keys)
    assert one.keys != other.keys


def test_a_set_that_was_cut_off_is_not_taken_for_whole(kiosk: DeskKiosk) -> None:
    store = standing_store(kiosk)
    with VirtualPrinter(EPSON) as printer:
        port = SerialPort(printer.path, EPSON.baud)
        assert ask_keys(port) == frozenset()
        for block in list(store.written())[:-2]:
            port.write(block.data, 5)
        held = ask_keys(port)
        assert held is not None
        assert held < store.keys
        port.close()
        assert len([key for key in store.keys if chr(key[0]) in MARKS]) == len(MARKS)


def test_a_printer_that_keeps_nothing_is_sent_everything(kiosk: DeskKiosk) -> None:
    with VirtualPrinter(EPSON) as printer:
        printer._press.memory.answer = lambda _data: None  # a clone that never tells its keys
        whole = KioskWithPrinter(kiosk, printer, EPSON)
        assert until(lambda: whole.worker._shelf._asked is not None)
        assert whole.prints() > 12_000
        whole.worker.stop()
        assert printer._press.memory.writes == 0


def test_no_real_time_command_is_spelled_while_pictures_are_written(kiosk: DeskKiosk) -> None:
    for name in ("generic-58", "generic-80", "epson-tm-t88", "custom-vkp80"):
        profile = replace(load_profile(name), store_bytes=EPSON.store_bytes)
        for block in standing_store(kiosk, profile).written():
            assert not any(command in block.data for command in REAL_TIME)


def test_a_printer_that_loses_what_it_is_told_to_keep_is_left_alone(kiosk: DeskKiosk) -> None:
    shelf, written = Shelf(EPSON, StandingLines()), list[int]()
    with VirtualPrinter(EPSON) as printer:
        for _connection in range(5):
            port = SerialPort(printer.path, EPSON.baud)
            shelf.stock(kiosk.ledger, port, lambda _blocks: written.append(1))
            port.close()
    assert len(written) == 3
    assert shelf._store is None
