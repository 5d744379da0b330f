"""What a printer says about itself: its bytes told apart and read.

Replies have no frame; they are known by fixed bits (Epson's ESC/POS reference): `x & 0x93 == 0x12`
answers `DLE EOT`, `x & 0x90 == 0` answers `GS r`, `x & 0x93 == 0x10` begins four bytes of automatic
status, 11 and 13 are XON and XOFF. Bytes are taken as hostile: whatever fits nothing is dropped.
"""

from collections.abc import Iterator
from enum import StrEnum

from kiosk.printing.errors import CoverOpen, PaperOut, PrinterCode, PrinterFault

ASK_STATUS = b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04"  # DLE EOT 1 to 4, obeyed at once
STATUS_REPLIES = 4
ASK_PROCESSED = b"\x1dr\x01"  # GS r 1: answered when everything before it is done
XON, XOFF = 0x11, 0x13
AUTOMATIC_STATUS_MORE = 3  # bytes after the first

OFFLINE = 0x08  # of the first answer
COVER, PAPER_STOP, ERROR = 0x04, 0x20, 0x40  # of the second
KNIFE, FATAL, RECOVERABLE = 0x08, 0x20, 0x40  # of the third
PAPER_NEAR_END, PAPER_END = 0x0C, 0x60  # of the fourth


class Reply(StrEnum):
    """What one byte from the printer is."""

    STATUS = "status"
    PROCESSED = "processed"


class Replies:
    """Tells the printer's bytes apart, however they are cut into pieces."""

    def __init__(self) -> None:
        self._skip = 0

    def read(self, data: bytes) -> Iterator[tuple[Reply, int]]:
        """The replies in these bytes."""
        for value in data:
            if value in {XON, XOFF}:
                continue
            if self._skip:
                self._skip -= 1
            elif value & 0x93 == 0x12:  # noqa: PLR2004 - the masks of the reference
                yield Reply.STATUS, value
            elif value & 0x93 == 0x10:  # noqa: PLR2004 - the masks of the reference
                self._skip = AUTOMATIC_STATUS_MORE
            elif value & 0x90 == 0:
                yield Reply.PROCESSED, value


def judged(first: int, second: int, third: int, fourth: int) -> PrinterCode:
    """Ready or low on paper, from the four answers to `DLE EOT`.

    Raises:
        PrinterError: it cannot print; the class says why.
    """
    if second & COVER:
        raise CoverOpen
    if second & PAPER_STOP or fourth & PAPER_END:
        raise PaperOut
    if third & KNIFE:
        raise PrinterFault("knife")
    if third & (FATAL | RECOVERABLE) or second & ERROR:
        raise PrinterFault("error")
    if first & OFFLINE:
        raise PrinterFault("offline")
    return PrinterCode.PAPER_LOW if fourth & PAPER_NEAR_END else PrinterCode.READY
