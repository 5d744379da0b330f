"""Reads the code on a printed paper, as a scanner does."""

import zxingcpp
from PIL import Image


def read_paper(paper: Image.Image) -> str | None:
    """What the paper's only code says; None where none can be read."""
    codes = zxingcpp.read_barcodes(paper.convert("L"))
    return codes[0].text if codes else None
