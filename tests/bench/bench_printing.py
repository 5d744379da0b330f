"""Printing and the receipt's token: bytes, first byte, time beside the paper's own, forgeries."""

import os
import random
import select
import statistics
import tempfile
import time
import tty
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from kiosk.printing.escpos import Block, encode
from kiosk.printing.jobs import JobState
from kiosk.printing.layout import lay_out
from kiosk.printing.profile import PrinterProfile, load_profile
from kiosk.printing.receipt import Receipt
from kiosk.printing.square import render_qr
from kiosk.printing.virtual import VirtualPrinter
from sync.token import BadToken, verify
from tests.bench.row import Row, percentile
from tests.mutants import mutants
from tests.papers import KEYS, PrintingKiosk, sample_receipt, until
from tests.sample_receipts import sample_receipts

RECEIPTS_FOR_FIRST_BYTE = 40
MUTANTS = 100_000


def rows() -> Iterator[Row]:
    """The figures of this noun."""
    yield from _bytes()
    yield from _token()
    yield from _first_byte()
    yield from _against_the_mechanism()
    yield from _forgeries()


def _bytes() -> Iterator[Row]:
    """As the desk makes them, with the mark of sample services; only first papers have a goal."""
    samples = list(sample_receipts())
    for name, goal in (("generic-58", 18_000), ("generic-80", None), ("epson-tm-t88", None)):
        profile = load_profile(name)
        for sample in samples:
            first, copy = (_blocks(receipt, profile) for receipt in (sample.first, sample.copy))
            yield Row(f"{sample.title}, {name}", _size(first), "B", goal)
            yield Row(f"its copy, {name}", _size(copy), "B")
            dots = sum(block.dots for block in first)
            yield Row(f"its length, {name}", profile.length_mm(dots), "mm")


def _blocks(receipt: Receipt, profile: PrinterProfile) -> list[Block]:
    return list(encode(lay_out(receipt, profile), profile))


def _size(blocks: list[Block]) -> int:
    return sum(len(block.data) for block in blocks)


def _token() -> Iterator[Row]:
    receipt = sample_receipt()
    yield Row("token", (int(receipt.token).bit_length() + 7) // 8, "B")
    yield Row("address in the QR", len(receipt.url), "characters")
    yield Row("QR, modules across (version 10 has 57)", len(render_qr(receipt.url)), "modules")
    begun = time.perf_counter()
    for _ in range(200):
        verify(receipt.token, KEYS)
    yield Row("verify a token", (time.perf_counter() - begun) / 200 * 1000, "ms")


def _first_byte() -> Iterator[Row]:
    """From the commit that keeps the application to the first byte at a bare pseudo-terminal."""
    profile = replace(load_profile("generic-58"), answers_status=False, mechanical_mm_s=9_000)
    master, slave = os.openpty()
    tty.setraw(slave)
    with tempfile.TemporaryDirectory() as name:
        kiosk = PrintingKiosk(Path(name), profile, os.ttyname(slave))
        kiosk.worker.start()
        _drained(master, 1.5)
        times_ms: list[float] = []
        for number in range(RECEIPTS_FOR_FIRST_BYTE):
            receipt = sample_receipt(number)
            with kiosk.ledger.transaction():
                kiosk.jobs.add(receipt)
            committed_s = time.monotonic()
            kiosk.worker.nudge()
            select.select([master], [], [], 5)
            times_ms.append((time.monotonic() - committed_s) * 1000)
            _drained(master, 0.3)
        kiosk.close()
    os.close(slave)
    os.close(master)
    yield Row("commit → first byte, median", statistics.median(times_ms), "ms")
    yield Row("commit → first byte, p95", percentile(times_ms, 0.95), "ms", 25)


def _drained(master: int, quiet_s: float) -> None:
    while select.select([master], [], [], quiet_s)[0]:
        os.read(master, 65536)


def _against_the_mechanism() -> Iterator[Row]:
    for name in ("generic-58", "ch340-58"):
        profile = load_profile(name)
        printer = VirtualPrinter(profile, paced=True)
        printer.mute = not profile.answers_status
        with tempfile.TemporaryDirectory() as folder, printer:
            kiosk = PrintingKiosk(Path(folder), profile, printer.path)
            kiosk.worker.start()
            until(lambda kiosk=kiosk: kiosk.jobs.printer_state().code.prints)  # type: ignore[misc]
            blocks = _blocks(sample_receipt(), profile)
            floor_s = profile.length_mm(sum(block.dots for block in blocks))
            floor_s /= profile.mechanical_mm_s
            begun = time.monotonic()
            job = kiosk.submits(sample_receipt())
            until(lambda job=job, kiosk=kiosk: kiosk.state(job) is JobState.PRINTED, 60)  # type: ignore[misc]
            took_s = time.monotonic() - begun
            kiosk.close()
        answers = "answers" if profile.answers_status else "mute, paced at 0.8"
        goal = 1.10 if profile.answers_status else None
        yield Row(f"total ÷ mechanical floor, {name} ({answers})", took_s / floor_s, "×", goal)
        yield Row(f"bytes lost without flow control, {name}", printer.lost_bytes, "B", 0)


def _forgeries() -> Iterator[Row]:
    good = sample_receipt().token
    accepted = 0
    for mutant in mutants(good, MUTANTS, random.Random(2026)):
        try:
            verify(mutant, KEYS)
        except BadToken:
            continue
        accepted += 1
    yield Row(f"altered tokens accepted of {MUTANTS:,}", accepted, "", 0)
