"""A receipt that was carried about for weeks is still read from a camera's picture."""

import random

import zxingcpp
from PIL import Image

from kiosk.devices.code import find_code
from kiosk.printing.layout import render
from kiosk.printing.profile import load_profile
from tests.handled_paper import HANDLED, frame, paper
from tests.papers import sample_receipt

PAPERS = 4
FRAMES = 4


def test_a_new_receipt_is_read_at_the_first_look() -> None:
    receipt = sample_receipt()
    assert find_code(render(receipt, load_profile("generic-58"))) == receipt.url


def test_a_picture_without_a_code_says_nothing() -> None:
    assert find_code(Image.effect_noise((320, 240), 80)) is None


def test_handled_papers_are_read_where_a_plain_reader_gives_up() -> None:
    """A small share of `python -m tests.bench reading`."""
    chance, frames_read, plainly_read, papers_read = random.Random(12), 0, 0, 0
    for number in range(PAPERS):
        url = sample_receipt(number).url
        seen = paper(url, HANDLED, chance)
        read = 0
        for _frame in range(FRAMES):
            picture = frame(seen, HANDLED, chance)
            plainly_read += bool(zxingcpp.read_barcodes(picture))
            found = find_code(picture)
            assert found in (None, url)
            read += found == url
        frames_read += read
        papers_read += read > 0
    assert papers_read == PAPERS
    assert frames_read >= 0.9 * PAPERS * FRAMES
    assert frames_read > plainly_read
