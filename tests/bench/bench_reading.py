"""How many receipts a camera reads after weeks in a pocket; `tests.handled_paper` says how handled.

Of each paper four frames are looked at, as a person moves it about; the plain reader's share stands
beside ours.
"""

import random
import time
from collections.abc import Iterator

import zxingcpp

from kiosk.devices.code import find_code
from tests.bench.row import Row, percentile
from tests.handled_paper import HANDLED, WORN, Wear, frame, paper
from tests.papers import sample_receipt

PAPERS = 200
FRAMES = 4


def rows() -> Iterator[Row]:
    """The figures of this noun."""
    yield from _read("handled", HANDLED, 98, 99)
    yield from _read("worn", WORN, None, None)


def _read(
    name: str, wear: Wear, frame_goal: float | None, paper_goal: float | None
) -> Iterator[Row]:
    chance = random.Random(name)
    frames_read = plainly_read = papers_read = wrong = 0
    took_ms = []
    for number in range(PAPERS):
        url = sample_receipt(number).url
        seen = paper(url, wear, chance)
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
