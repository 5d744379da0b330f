"""Kills a kiosk by SIGKILL at a random byte of what it prints, starts it again, and counts.

Each round has two receipts on the disk before the first byte is sent. The kill comes in the moment
in which the printer has taken in a byte from a seed, anywhere in what the kiosk sends: while the
printer is found and asked, in a picture, in the cut, between the two. The kiosk is a real process;
it is forked from one that has read its modules already, so that a round takes seconds. Afterwards
a person says of each doubtful receipt that it did not come out, which is the worst she can say.
"""

import os
import queue
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import zxingcpp
from PIL import Image

from kiosk.language import in_language
from kiosk.printing.jobs import JobState
from kiosk.printing.layout import MARGIN_MM, render
from kiosk.printing.profile import load_profile
from kiosk.printing.receipt import AGAIN, COPY
from kiosk.printing.slip import Mark, Slip
from kiosk.printing.virtual import VirtualPrinter
from sync.token import verify
from tests.papers import KEYS, PrintingKiosk, sample_receipt, until

ROOT = Path(__file__).resolve().parent.parent
PROFILE = load_profile("generic-80")
RECEIPTS = 2
SENT_BYTES = 36_700  # what two receipts and the questions between them take
WAIT_S = 60
CODE = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)  # half a picture passes for others
KIOSK = f"""
import os, sys
from pathlib import Path
from tests.killed_kiosk import PROFILE, RECEIPTS
from tests.papers import PrintingKiosk, sample_receipt, until
for line in sys.stdin:
    folder, port = line.split()
    pid = os.fork()
    if pid == 0:
        kiosk = PrintingKiosk(Path(folder), PROFILE, port)
        for number in range(RECEIPTS):
            kiosk.submits(sample_receipt(number))
        kiosk.worker.start()
        until(lambda: False, {WAIT_S})
        os._exit(0)
    print(pid, flush=True)
    os.waitpid(pid, 0)
    print("ended", flush=True)
"""


@dataclass
class Count:
    """What was found."""

    kills: int = 0
    lost: int = 0  # receipts that never came out whole, nobody knowing
    doubled: int = 0  # second papers that do not say so
    doubtful: int = 0  # receipts of which a person was asked
    printed_by_itself: int = 0  # doubtful ones that were printed again before she was
    problems: int = 0  # bytes that the printer did not understand
    at_bytes: list[int] = field(default_factory=list)

    def add(self, other: "Count") -> None:
        for name in ("kills", "lost", "doubled", "doubtful", "printed_by_itself", "problems"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.at_bytes += other.at_bytes


def kill_rounds(count: int, seed: int, lanes: int = 2) -> Count:
    """So many kills, some side by side: most of a round is waiting."""
    chance = random.Random(seed)
    offsets = [chance.randrange(1, SENT_BYTES) for _ in range(count)]
    total = Count()
    with ThreadPoolExecutor(lanes) as pool:
        for counted in pool.map(_lane, [offsets[lane::lanes] for lane in range(lanes)]):
            total.add(counted)
    return total


def _lane(offsets: list[int]) -> Count:
    count = Count()
    order = [sys.executable, "-c", KIOSK]
    with subprocess.Popen(
        order, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as kiosks:
        for offset in offsets:
            with tempfile.TemporaryDirectory() as folder:
                _round(kiosks, Path(folder), offset, count)
    return count


def _round(kiosks: "subprocess.Popen[str]", folder: Path, offset: int, count: Count) -> None:
    with VirtualPrinter(PROFILE, link=folder / "printer") as printer:
        _kill(kiosks, folder, printer, offset)
        kiosk = PrintingKiosk(folder, PROFILE, printer.path)
        query = "SELECT id FROM print_jobs WHERE state = 'sending'"
        sending = [row[0] for row in kiosk.ledger.database.execute(query)]
        kiosk.worker.start()
        until(lambda: kiosk.jobs.waiting_count() == 0, WAIT_S)
        count.kills += 1
        count.at_bytes.append(offset)
        count.doubtful += sum(kiosk.state(job) is JobState.UNKNOWN for job in sending)
        references = {sample_receipt(job - 1).reference for job in sending}
        count.printed_by_itself += sum(
            marked and name in references for name, marked in _seen(printer)
        )
        for job in sending:  # "it did not come out"
            kiosk.submits(sample_receipt(job - 1))
        until(lambda: kiosk.jobs.waiting_count() == 0, WAIT_S)
        kiosk.close()
        _count(printer, count)


def _kill(
    kiosks: "subprocess.Popen[str]", folder: Path, printer: VirtualPrinter, offset: int
) -> None:
    assert kiosks.stdin is not None
    assert kiosks.stdout is not None
    pids: queue.SimpleQueue[int] = queue.SimpleQueue()
    printer.at_bytes = (offset, lambda: os.kill(pids.get(), signal.SIGKILL))
    print(folder, printer.path, file=kiosks.stdin, flush=True)
    pids.put(int(kiosks.stdout.readline()))
    assert kiosks.stdout.readline() == "ended\n"


def _count(printer: VirtualPrinter, count: Count) -> None:
    count.problems += len(printer.problems) + printer.lost_bytes
    seen = _seen(printer)
    unmarked = Counter(reference for reference, marked in seen if not marked)
    count.doubled += sum(times - 1 for times in unmarked.values())
    names = {reference for reference, _ in seen}
    count.lost += sum(sample_receipt(number).reference not in names for number in range(RECEIPTS))


def _seen(printer: VirtualPrinter) -> list[tuple[str, bool]]:
    """Each receipt whose code can be read, in order, and whether it says that it is not the first.

    A piece of paper that was not cut off hangs before the next receipt: the marks between two codes
    belong to the second.
    """
    seen = []
    for paper in list(printer.papers):
        marks = [row for mark in _marks() for row in _rows_of(paper, mark)]
        codes = zxingcpp.read_barcodes(paper, formats=CODE)
        before = -1
        for code in sorted(codes, key=lambda code: int(code.position.top_left.y)):
            row = code.position.top_left.y
            marked = any(before < mark < row for mark in marks)
            seen.append((verify(code.text, KEYS).reference, marked))
            before = row
    return seen


@cache
def _marks() -> list[Image.Image]:
    """The dots across the paper that say: another one."""
    receipt = sample_receipt()
    found = []
    for message, places in ((AGAIN, {}), (COPY, {"number": 1})):
        words = dict.fromkeys(
            in_language(spoken, message, **places) for spoken in receipt.languages
        )
        mark = render(Slip((Mark(" · ".join(words)),)), PROFILE)
        margin = PROFILE.dots(MARGIN_MM)
        bare = mark.crop((0, margin, mark.width, mark.height - margin))
        found.append(bare)
    return found


def _rows_of(paper: Image.Image, dots: Image.Image) -> list[int]:
    hay, needle, rows, found = paper.tobytes(), dots.tobytes(), [], -1
    while (found := hay.find(needle, found + 1)) >= 0:
        if found % paper.width == 0:
            rows.append(found // paper.width)
    return rows
