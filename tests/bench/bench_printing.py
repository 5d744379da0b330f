"""Printing and the receipt's token: bytes, times, losses, faults, kills, forgeries; others beside.

The whole takes about twenty minutes, most of it kills. Seeds are fixed: a row that misses its goal
can be looked at again.
"""

import os
import random
import select
import statistics
import tempfile
import time
import tty
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from escpos.printer import Serial

from kiosk.printing.dialogue import Dialogue
from kiosk.printing.escpos import Block, encode
from kiosk.printing.jobs import JobState
from kiosk.printing.layout import MARGIN_MM, lay_out, render
from kiosk.printing.port import SerialPort
from kiosk.printing.profile import PrinterProfile, load_profile
from kiosk.printing.receipt import Receipt
from kiosk.printing.square import render_qr
from kiosk.printing.store import Store
from kiosk.printing.virtual import VirtualPrinter
from sync.token import BadToken, verify
from tests.bench.row import Row, percentile
from tests.killed_kiosk import kill_rounds
from tests.mutants import mutants
from tests.papers import KEYS, PrintingKiosk, sample_receipt, until
from tests.printer_faults import fault_rounds
from tests.random_jobs import random_jobs
from tests.sample_receipts import sample_receipts, standing_lines

RECEIPTS_FOR_FIRST_BYTE = 40
PAUSE_S = 0.05
MUTANTS = 100_000
RANDOM_JOBS, RANDOM_MUTE_JOBS = 1_000, 200
FAULTS = 45  # three of each kind
KILLS, KILL_LANES = 300, 4
SEED = 2026


def rows() -> Iterator[Row]:
    """The figures of this noun."""
    yield from _bytes()
    yield from _token()
    yield from _first_byte()
    yield from _against_the_mechanism()
    yield from _beside_python_escpos()
    yield from _random_jobs()
    yield from _faults()
    yield from _kills()
    yield from _forgeries()


def _bytes() -> Iterator[Row]:
    """As the desk makes them, without the mark of sample services; first papers have a goal."""
    samples = list(sample_receipts())
    lines = standing_lines()
    for name, goal, h_goal in (
        ("generic-58", 18_000, 7_500),
        ("generic-80", None, None),
        ("epson-tm-t88", None, None),
    ):
        profile = load_profile(name)
        kept = Store(
            (band for slip in lines for band in lay_out(slip, profile)),
            replace(profile, store_bytes=load_profile("epson-tm-t88").store_bytes),
        )
        for sample in samples:
            first, copy = (
                _blocks(without_mark(receipt), profile) for receipt in (sample.first, sample.copy)
            )
            yield Row(f"{sample.title}, {name}", _size(first), "B", goal)
            if profile.store_bytes or name == "generic-58":  # as if such a one could keep pictures
                named = list(
                    encode(lay_out(without_mark(sample.first), profile), profile, kept.find)
                )
                yield Row(f"with kept pictures, {name}", _size(named), "B", h_goal)
            yield Row(f"its copy, {name}", _size(copy), "B")
            dots = sum(block.dots for block in first)
            yield Row(f"its length, {name}", profile.length_mm(dots), "mm")


def without_mark(receipt: Receipt) -> Receipt:
    """As a ministry's own service prints it."""
    return replace(receipt, sample=False)


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


class WatchedPort(SerialPort):
    """Notes when its first byte has gone: on the wall, and in the processor's own time."""

    gone: ClassVar[list[tuple[float, float]]] = []

    def write(self, data: bytes, timeout_s: float) -> None:
        super().write(data, timeout_s)
        self.gone.append((time.monotonic(), time.process_time()))


@dataclass(frozen=True, slots=True)
class FirstByte:
    """How long one receipt's first byte took from the commit that keeps the application."""

    wall_ms: float
    processor_ms: float  # of all threads; does not depend on what else the machine does
    commit_ms: float  # the disk's part is another such commit: the paper is being printed


def _first_byte() -> Iterator[Row]:
    """To a bare pseudo-terminal; alone, and beside a window that draws without a pause."""
    alone = _first_bytes(busy=False)
    yield Row("commit → first byte, median", statistics.median(_wall(alone)), "ms")
    yield Row("commit → first byte, p95", percentile(_wall(alone), 0.95), "ms", 25)
    processor_ms = [one.processor_ms for one in alone]
    yield Row("the processor's share of it, median", statistics.median(processor_ms), "ms")
    yield Row("the processor's share of it, p95", percentile(processor_ms, 0.95), "ms")
    commit_ms = [one.commit_ms for one in alone]
    yield Row("for comparison, a commit on this disk, p95", percentile(commit_ms, 0.95), "ms")
    beside = _wall(_first_bytes(busy=True))
    yield Row("commit → first byte, window busy, median", statistics.median(beside), "ms")
    yield Row("commit → first byte, window busy, p95", percentile(beside, 0.95), "ms")


def _wall(firsts: list[FirstByte]) -> list[float]:
    return [first.wall_ms for first in firsts]


def _first_bytes(*, busy: bool) -> list[FirstByte]:
    profile = replace(load_profile("generic-58"), answers_status=False, mechanical_mm_s=9_000)
    profile = replace(profile, baud=921_600)  # so that a mute printer's pace does not cost minutes
    master, slave = os.openpty()
    tty.setraw(slave)
    firsts = []
    with tempfile.TemporaryDirectory() as name:
        path = os.ttyname(slave)
        kiosk = PrintingKiosk(Path(name), profile, path, kind_of_port=WatchedPort)
        kiosk.worker.start()
        until(lambda: kiosk.jobs.printer_state().code.prints)
        for number in range(RECEIPTS_FOR_FIRST_BYTE):
            _emptied(master, PAUSE_S)
            WatchedPort.gone.clear()
            begun_s = time.monotonic()
            with kiosk.ledger.transaction():
                job = kiosk.jobs.add(sample_receipt(number, sample=number % 2 == 0))
            committed_s, processor_s = time.monotonic(), time.process_time()
            kiosk.worker.nudge()
            while busy and not WatchedPort.gone:
                sum(range(1_000))  # holds the interpreter, as drawing does
            while kiosk.state(job) is not JobState.PRINTED:
                _emptied(master, PAUSE_S)
            gone_s, gone_processor_s = WatchedPort.gone[0]
            firsts.append(
                FirstByte(
                    wall_ms=(gone_s - committed_s) * 1000,
                    processor_ms=(gone_processor_s - processor_s) * 1000,
                    commit_ms=(committed_s - begun_s) * 1000,
                )
            )
        kiosk.close()
    os.close(slave)
    os.close(master)
    return firsts


def _emptied(master: int, quiet_s: float) -> None:
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


def _beside_python_escpos() -> Iterator[Row]:
    """The same receipt as one picture by python-escpos, which asks nothing, and as we send it."""
    for baud in (115_200, 9_600):
        profile = replace(load_profile("generic-58"), baud=baud)
        ours = _printed_by_us(profile)
        theirs = _printed_by_python_escpos(profile)
        for name, printed in (("ours", ours), ("python-escpos", theirs)):
            yield Row(f"{name}, {baud} baud: sent", printed.sent_bytes, "B")
            yield Row(f"{name}, {baud} baud: until the paper is out", printed.took_s, "s")
            goal = 0 if printed is ours else None
            yield Row(f"{name}, {baud} baud: lost", printed.lost_bytes, "B", goal)
    weak = replace(load_profile("generic-58"), buffer_bytes=512, mechanical_mm_s=25)
    for name, printed in (
        ("ours", _printed_by_us(weak)),
        ("python-escpos", _printed_by_python_escpos(weak)),
    ):
        goal = 0 if name == "ours" else None
        yield Row(f"{name}, buffer of 512 B and a slow motor: lost", printed.lost_bytes, "B", goal)


@dataclass(frozen=True, slots=True)
class OnPaper:
    """One receipt on its way."""

    sent_bytes: int
    took_s: float
    lost_bytes: int


def _printed_by_us(profile: PrinterProfile) -> OnPaper:
    with VirtualPrinter(profile, paced=True) as printer:
        dialogue = Dialogue(port := SerialPort(printer.path, profile.baud), profile)
        dialogue.check()
        before, begun_s = printer.received_bytes, time.monotonic()
        dialogue.send(encode(lay_out(sample_receipt(), profile), profile))
        took_s = time.monotonic() - begun_s
        port.close()
        return OnPaper(printer.received_bytes - before, took_s, printer.lost_bytes)


def _printed_by_python_escpos(profile: PrinterProfile) -> OnPaper:
    margin = profile.dots(MARGIN_MM)
    drawn = render(sample_receipt(), profile)
    picture = drawn.crop((margin, margin, drawn.width - margin, drawn.height - margin))
    with VirtualPrinter(profile, paced=True, foreign=True) as printer:
        begun_s = time.monotonic()
        host = Serial(devfile=printer.path, baudrate=profile.baud, dsrdtr=False)
        host.image(picture, impl="bitImageRaster", fragment_height=picture.height)
        until(lambda: time.monotonic() - max(begun_s, printer.busy_until_s) > PAUSE_S, 120)
        took_s = printer.busy_until_s - begun_s
        host.close()
        return OnPaper(printer.received_bytes, took_s, printer.lost_bytes)


def _random_jobs() -> Iterator[Row]:
    """In simulated time: real bytes, the real dialogue, the real works of the printer."""
    for mute, count in ((False, RANDOM_JOBS), (True, RANDOM_MUTE_JOBS)):
        jobs = random_jobs(count, SEED, mute=mute)
        kind = "mute, paced" if mute else "random baud, buffer ≥ 512 B, no flow control"
        yield Row(f"{count:,} random jobs ({kind}): lost", sum(j.lost_bytes for j in jobs), "B", 0)
        spoiled = sum(not job.same_dots or bool(job.problems) for job in jobs)
        yield Row("  papers that differ by a dot from what was meant", spoiled, "papers", 0)
        yield Row("  sent", sum(job.sent_bytes for job in jobs) / 1e6, "MB")


def _faults() -> Iterator[Row]:
    for baud, rounds in ((115_200, FAULTS), (9_600, FAULTS // 3)):
        named = list(fault_rounds(rounds, SEED, baud))
        late_s = max(one.after_s for one in named)
        yield Row(f"{len(named)} faults at {baud} baud, named after at most", late_s, "s", 0.5)
        yield Row("  median", statistics.median(one.after_s for one in named), "s")


def _kills() -> Iterator[Row]:
    count = kill_rounds(KILLS, SEED, KILL_LANES)
    yield Row("SIGKILL at a random byte", count.kills, "kills", KILLS, at_least=True)
    yield Row("  receipts lost", count.lost, "receipts", 0)
    yield Row("  second receipts that do not say so", count.doubled, "receipts", 0)
    yield Row("  doubtful receipts: a person is asked", count.doubtful, "receipts")
    yield Row("  doubtful and printed again unasked", count.printed_by_itself, "receipts", 0)
    yield Row("  lost or not understood by the printer", count.problems, "bytes", 0)


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
