"""How many papers a camera reads after weeks in a pocket; `tests.handled_paper` says how handled.

Receipts, and resume slips, whose code is smaller and which wait longer.

Of each paper four frames are looked at, as a person moves it about; the plain reader's share stands
beside ours.
"""

import random
import time
from collections.abc import Callable, Iterator

import zxingcpp

from kiosk.devices.code import find_code
from kiosk.resume_code import ResumeCode
from tests.bench.row import Row, percentile
from tests.handled_paper import HANDLED, WORN, Wear, frame, paper
from tests.papers import sample_receipt

PAPERS = 200
FRAMES = 4


def rows() -> Iterator[Row]:
    """The figures of this noun."""
    yield from _read("handled", HANDLED, _receipt, 98, 99)
    yield from _read("worn", WORN, _receipt)
    yield from _read("handled slip", HANDLED, _slip, 98, 99)
    yield from _read("worn slip", WORN, _slip)


def _receipt(number: int) -> str:
    return sample_receipt(number).url


def _slip(number: int) -> str:
    return ResumeCode(4711, number.to_bytes(16, "big")).text


def _read(
    name: str,
    wear: Wear,
    code: Callable[[int], str],
    frame_goal: float | None = None,
    paper_goal: float | None = None,
) -> Iterator[Row]:
    chance = random.Random(name)
    frames_read = plainly_read = papers_read = wrong = 0
    took_ms = []
    for number in range(PAPERS):
        url = code(number)
        seen = paper(url, wear, chance, large=code is _slip)
        read = 0
        for _frame in range(FRAMES):
            picture = frame(seen, wear, chance)
            plainly_read += bool(zxingcpp.read_barcodes(picture))
            begun = time.perf_counter()
            text = find_code(picture)
            took_ms.append((time.perf_counter() - begun) * 1000)
            read += text == url
            wrong += text not in (None, url)
        frames_read += read
        papers_read += read > 0
    frames = PAPERS * FRAMES
    yield Row(
        f"{name} paper: frames read", 100 * frames_read / frames, "%", frame_goal, at_least=True
    )
    yield Row(f"{name} paper: frames that a plain reader reads", 100 * plainly_read / frames, "%")
    papers = 100 * papers_read / PAPERS
    yield Row(
        f"{name} paper: papers read in {FRAMES} frames", papers, "%", paper_goal, at_least=True
    )
    yield Row(f"{name} paper: read wrongly", wrong, "", 0)
    yield Row(f"{name} paper: a frame takes, p95", percentile(took_ms, 0.95), "ms")
