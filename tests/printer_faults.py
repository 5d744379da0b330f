"""Spoils a printer at a pseudo-terminal and waits until the kiosk has said what is wrong."""

import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.printing.errors import PrinterCode
from kiosk.printing.profile import load_profile
from kiosk.printing.virtual import VirtualPrinter
from kiosk.printing.virtual_body import faults
from tests.papers import PrintingKiosk, sample_receipt, until

PROFILE = replace(load_profile("generic-80"), mechanical_mm_s=60)  # some seconds a receipt
NAMED_AS = {
    "paper low": PrinterCode.PAPER_LOW,
    "paper out": PrinterCode.PAPER_OUT,
    "cover open": PrinterCode.COVER_OPEN,
    "knife stuck": PrinterCode.FAULT,
    "head hot": PrinterCode.COOLING,
    "broken": PrinterCode.FAULT,
    "mute": PrinterCode.SILENT,
    "unplugged": PrinterCode.MISSING,
}
ONLY_IDLE = {"paper low"}  # while it prints nobody can do anything about it


@dataclass(frozen=True, slots=True)
class Named:
    """How long a fault was there before the kiosk said so."""

    fault: str
    while_printing: bool
    after_s: float


def fault_rounds(count: int, seed: int, baud: int = 115_200) -> Iterator[Named]:
    """Faults in turn, idle and at random moments of a receipt."""
    chance = random.Random(seed)
    rounds = [(fault, False) for fault in NAMED_AS]
    rounds += [(fault, True) for fault in NAMED_AS if fault not in ONLY_IDLE]
    for number in range(count):
        fault, while_printing = rounds[number % len(rounds)]
        yield name_fault(fault, chance, while_printing=while_printing, baud=baud)


def name_fault(
    fault: str, chance: random.Random, *, while_printing: bool, baud: int = 115_200
) -> Named:
    with _kiosk(baud) as (kiosk, printer):
        if while_printing:
            after_bytes = printer.received_bytes + chance.randrange(1_000, 12_000)
            kiosk.submits(sample_receipt())
            until(lambda: printer.received_bytes >= after_bytes)
        else:
            time.sleep(chance.uniform(0, 0.3))
        spoil, mend = (faults(printer) | {"unplugged": (printer.unplug, printer.plug)})[fault]
        spoil()
        begun_s = time.monotonic()
        assert until(lambda: kiosk.jobs.printer_state().code is NAMED_AS[fault]), fault
        after_s = time.monotonic() - begun_s
        mend()
        return Named(fault, while_printing, after_s)


@contextmanager
def _kiosk(baud: int) -> Iterator[tuple[PrintingKiosk, VirtualPrinter]]:
    profile = replace(PROFILE, baud=baud)
    with tempfile.TemporaryDirectory() as folder, VirtualPrinter(profile, paced=True) as printer:
        kiosk = PrintingKiosk(Path(folder), profile, printer.path)
        kiosk.worker.start()
        try:
            assert until(lambda: kiosk.jobs.printer_state().code is PrinterCode.READY)
            yield kiosk, printer
        finally:
            kiosk.close()
