"""Paper is counted, its end is foreseen, and a new roll begins at nothing."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.health import Health, Line
from kiosk.language import set_language
from kiosk.printing.errors import PrinterCode
from kiosk.printing.escpos import encode
from kiosk.printing.jobs import JobState
from kiosk.printing.layout import lay_out
from kiosk.printing.paper import ROLL_MM, PaperRoll
from kiosk.printing.profile import load_profile
from kiosk.printing.tables import MIGRATIONS
from kiosk.printing.virtual import VirtualPrinter
from sync.ledger import Ledger
from tests.papers import PrintingKiosk, sample_receipt, until

DAY = date(2026, 9, 21)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger.open(tmp_path / "ledger.sqlite3", MIGRATIONS)
    yield ledger
    ledger.close()


def test_what_is_printed_is_counted_and_a_new_roll_begins_at_nothing(tmp_path: Path) -> None:
    profile = load_profile("generic-80")
    receipt = sample_receipt()
    dots = sum(block.dots for block in encode(lay_out(receipt, profile), profile))
    with VirtualPrinter(profile) as printer:
        kiosk = PrintingKiosk(tmp_path, profile, printer.path)
        kiosk.worker.start()
        job = kiosk.submits(receipt)
        assert until(lambda: kiosk.state(job) is JobState.PRINTED)
        roll = PaperRoll(kiosk.ledger)
        assert until(lambda: roll.state(DAY).used_mm > 0)
        assert abs(roll.state(DAY).used_mm - profile.length_mm(dots)) <= 1
        printer.end_paper_after(0)
        assert until(lambda: kiosk.jobs.printer_state().code is PrinterCode.PAPER_OUT)
        printer.load_paper()
        assert until(lambda: roll.state(DAY).used_mm == 0)
        kiosk.close()


def test_a_roll_that_came_to_its_end_tells_how_long_rolls_are(ledger: Ledger) -> None:
    roll = PaperRoll(ledger)
    assert roll.state(DAY).left_mm == ROLL_MM
    for _paper in range(120):
        roll.used(166, DAY)
    roll.printer_is(PrinterCode.PAPER_LOW)
    roll.used(166, DAY)
    roll.printer_is(PrinterCode.PAPER_OUT)
    roll.printer_is(PrinterCode.READY)
    state = roll.state(DAY)
    assert (state.used_mm, state.length_mm, state.is_learned) == (0, 121 * 166, True)


def test_an_open_cover_is_no_new_roll(ledger: Ledger) -> None:
    roll = PaperRoll(ledger)
    roll.used(500, DAY)
    for code in (PrinterCode.READY, PrinterCode.COVER_OPEN, PrinterCode.MISSING, PrinterCode.READY):
        roll.printer_is(code)
    assert roll.state(DAY).used_mm == 500
    roll.changed()
    assert roll.state(DAY).used_mm == 0


def test_the_end_is_foreseen_to_a_tenth(ledger: Ledger) -> None:
    """OPS-16: five working days a week, 8 to 16 papers a day, on a roll of known length."""
    roll, chance, day = PaperRoll(ledger), random.Random(7), DAY
    for _paper in range(150):
        roll.used(166, day - timedelta(days=40))
    roll.printer_is(PrinterCode.PAPER_OUT)
    roll.printer_is(PrinterCode.READY)
    length_mm = roll.state(day).length_mm
    foreseen: list[date] = []
    for _week in range(12):
        for weekday in range(7):
            if weekday < 5:
                roll.used(166 * chance.randint(8, 16), day)
            if roll.state(day).used_mm >= length_mm:
                days_off = abs((day - foreseen[len(foreseen) // 2]).days)
                assert days_off <= max(1, round(len(foreseen) * 0.1))
                return
            ends = roll.state(day).ends_on(day)
            assert ends is not None
            foreseen.append(ends)
            day += timedelta(days=1)
    pytest.fail("The roll did not come to its end.")


def test_nothing_is_foreseen_of_a_printer_that_has_not_printed(ledger: Ledger) -> None:
    assert PaperRoll(ledger).state(DAY).ends_on(DAY) is None


def test_health_says_when_the_paper_ends_soon(ledger: Ledger) -> None:
    set_language("en")
    roll = PaperRoll(ledger)

    def says(code: PrinterCode) -> bool:
        health = Health(code, Line.GOOD, 0, 0, True, False, roll.state(DAY))
        return any("soon be used up" in sentence for sentence in health.sentences())

    assert says(PrinterCode.PAPER_LOW)
    assert not says(PrinterCode.READY)
    roll.used(20_000, DAY)
    assert not says(PrinterCode.READY)  # nobody knows how long it was
    roll.printer_is(PrinterCode.PAPER_OUT)
    roll.printer_is(PrinterCode.READY)
    roll.used(18_600, DAY)
    assert says(PrinterCode.READY)
    assert not says(PrinterCode.PAPER_OUT)  # that is said in its own words
    set_language("lo")
