"""Reads what came out of a printer, as people and scanners do: whose receipt, and marked how.

A paper may hold several receipts, or the beginning of one, where the power was cut. A receipt
begins with the mark that says "sample data" (all services of the tests are samples); the marks for
copies and for papers printed again follow it, then the code. Marks are found by their dots.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import zxingcpp
from PIL import Image

from kiosk.language import LANGUAGES, in_language
from kiosk.printing.layout import MARGIN_MM, render
from kiosk.printing.profile import PrinterProfile
from kiosk.printing.receipt import AGAIN, COPY, SAMPLE
from kiosk.printing.slip import Mark, Slip
from sync.ledger import Ledger
from sync.records import KeyPurpose
from sync.token import verify

COPIES_MAX = 9
_QR = zxingcpp.BarcodeFormat.QRCode  # half a picture may pass for another code


@dataclass(frozen=True, slots=True)
class SeenReceipt:
    """A receipt whose code can be read."""

    reference: str
    copy: int  # what its mark says; 0: none
    again: bool
    opens: bool  # it carries the secret

    @property
    def marked(self) -> bool:
        """Whether it says that it is not the first."""
        return self.copy > 0 or self.again


def read_papers(
    papers: list[Image.Image], profile: PrinterProfile, ledger: Ledger
) -> list[SeenReceipt]:
    """All receipts on these papers, in the order they came out."""
    keys = ledger.keys(KeyPurpose.RECEIPTS)
    return [seen for paper in papers for seen in _on_paper(paper, profile, keys)]


def _on_paper(
    paper: Image.Image, profile: PrinterProfile, keys: Mapping[bytes, bytes]
) -> Iterator[SeenReceipt]:
    marks = {name: _rows_of(paper, dots) for name, dots in _marks(profile).items()}
    begins = marks.pop("sample")
    found = zxingcpp.read_barcodes(paper, formats=zxingcpp.BarcodeFormats(_QR))
    codes = sorted(found, key=lambda code: int(code.position.top_left.y))
    for code in codes:
        row = code.position.top_left.y
        begin = max((begun for begun in begins if begun < row), default=0)
        names = [name for name, rows in marks.items() if any(begin < at < row for at in rows)]
        claims = verify(code.text, keys)
        yield SeenReceipt(
            claims.reference,
            copy=max((int(name) for name in names if name.isdecimal()), default=0),
            again="again" in names,
            opens=claims.secret is not None,
        )


@cache
def _marks(profile: PrinterProfile) -> dict[str, Image.Image]:
    """The dots of each mark across the paper, as the kiosk's receipts have them."""
    words: dict[str, tuple[str, dict[str, int]]] = {"sample": (SAMPLE, {}), "again": (AGAIN, {})}
    words |= {str(copy): (COPY, {"number": copy}) for copy in range(1, COPIES_MAX + 1)}
    return {name: _dots(message, places, profile) for name, (message, places) in words.items()}


def _dots(message: str, places: dict[str, int], profile: PrinterProfile) -> Image.Image:
    order = LANGUAGES[::-1]  # the kiosk of these tests speaks English, then Lao
    wordings = dict.fromkeys(in_language(language, message, **places) for language in order)
    mark = render(Slip((Mark(" · ".join(wordings)),)), profile)
    margin = profile.dots(MARGIN_MM)
    return mark.crop((0, margin, mark.width, mark.height - margin))


def _rows_of(paper: Image.Image, dots: Image.Image) -> list[int]:
    """Where these dots stand on the paper, over its whole width."""
    assert paper.width == dots.width
    hay, needle, rows, found = paper.tobytes(), dots.tobytes(), [], -1
    while (found := hay.find(needle, found + 1)) >= 0:
        if found % paper.width == 0:
            rows.append(found // paper.width)
    return rows
