"""What a printer says about itself: its bytes told apart and read.

Replies have no common frame; they are known by fixed bits (Epson's ESC/POS reference): `x & 0x93 ==
0x12` answers `DLE EOT`, `x & 0x90 == 0` answers `GS r`, `x & 0x93 == 0x10` begins four bytes of
automatic status, 11 and 13 are XON and XOFF. `37 22` and four digits call a paper that has come
out by its number; that and other names and numbers end with a zero. Custom's `DLE EOT 20` is
answered by `10 0F` and four bytes. Bytes are taken as hostile: whatever fits nothing is dropped.

Citizen's presenter printers tell of the paper in their mouth within `DLE EOT 4`, by a bit with
which others say that the roll has ended (Citizen PPU-700 Command Reference, pages 58 and 121).
"""

from collections.abc import Iterator
from enum import StrEnum

from kiosk.printing.errors import (
    CoverOpen,
    KnifeStuck,
    PaperOut,
    PrinterCode,
    PrinterFault,
    PrinterHot,
)
from kiosk.printing.profile import Presenter
from sync.sentence import Sentence

ASK_ONLINE = b"\x10\x04\x01"  # DLE EOT 1: whether anything is wrong at all
ASK_STATUS = ASK_ONLINE + b"\x10\x04\x02\x10\x04\x03\x10\x04\x04"  # and what; obeyed at once
STATUS_REPLIES = 4
ASK_PROCESSED = b"\x1dr\x01"  # GS r 1: answered when everything before it is done
ASK_TICKET = {  # whether a paper lies in the mouth
    Presenter.CUSTOM: b"\x10\x04\x14",  # DLE EOT 20
    Presenter.CITIZEN: b"\x10\x04\x04",  # DLE EOT 4
}
RETRACT = {  # take the paper back
    Presenter.CUSTOM: b"\x1de\x02",  # GS e 2
    Presenter.CITIZEN: b"\x1dR0",  # GS R 0; memory switch 4-4 must be ON
}
RECOVER = b"\x10\x05\x02"  # DLE ENQ 2: forget what is half done and try the knife again
XON, XOFF = 0x11, 0x13
AUTOMATIC_BYTES, FULL_BYTES = 4, 6
FULL_SECOND = 0x0F  # no automatic status has these bits in its second byte
BLOCKS = {0x35, 0x37, 0x3B, 0x3D, 0x5F}  # first bytes of replies that end with a zero
BLOCK_BYTES_MAX = 80
PAPER_NUMBER = b"\x37\x22"
PAPER_NUMBERS = 10_000  # four digits

OFFLINE = 0x08  # of the first answer
COVER, PAPER_STOP, ERROR = 0x04, 0x20, 0x40  # of the second
KNIFE, FATAL, RECOVERABLE = 0x08, 0x20, 0x40  # of the third
PAPER_NEAR_END, PAPER_END = 0x0C, 0x60  # of the fourth
CITIZEN_END, CITIZEN_TICKET = 0x20, 0x40  # of the fourth, where a presenter is Citizen's
TICKET_LIES = 0x20  # of Custom's full status, its first byte


class Reply(StrEnum):
    """What the printer said."""

    STATUS = "status"
    PROCESSED = "processed"
    PRINTED = "printed"  # its value is the paper's number
    TICKET = "ticket"  # its value is about the paper in the mouth


def ask_printed(number: int) -> bytes:
    """GS ( H: have this number called when everything before it has come out."""
    return b"\x1d(H\x06\x0000" + f"{number:04}".encode()


class Replies:
    """Tells the printer's bytes apart, however they are cut into pieces."""

    def __init__(self) -> None:
        self._frame = bytearray()

    def read(self, data: bytes) -> Iterator[tuple[Reply, int]]:
        """The replies in these bytes."""
        for value in data:
            if value in {XON, XOFF}:
                continue
            if self._frame:
                yield from self._frame_goes_on(value)
            elif value & 0x93 == 0x12:  # noqa: PLR2004 - the masks of the reference
                yield Reply.STATUS, value
            elif value & 0x93 == 0x10 or value in BLOCKS:  # noqa: PLR2004 - the masks of the reference
                self._frame.append(value)
            elif value & 0x90 == 0:
                yield Reply.PROCESSED, value

    def forget(self) -> None:
        """The printer has fallen silent: what it began to say never ends."""
        self._frame.clear()

    def _frame_goes_on(self, value: int) -> Iterator[tuple[Reply, int]]:
        self._frame.append(value)
        frame = bytes(self._frame)
        if frame[0] in BLOCKS:
            whole = value == 0 or len(frame) == BLOCK_BYTES_MAX
        else:
            whole = len(frame) == (FULL_BYTES if frame[1] == FULL_SECOND else AUTOMATIC_BYTES)
        if not whole:
            return
        self._frame.clear()
        number = frame.removeprefix(PAPER_NUMBER)[:-1]
        if frame.startswith(PAPER_NUMBER) and number.isdigit():
            yield Reply.PRINTED, int(number)
        elif len(frame) == FULL_BYTES and frame[0] not in BLOCKS:
            yield Reply.TICKET, frame[2]


def judged(
    first: int, second: int, third: int, fourth: int, presenter: Presenter = Presenter.NONE
) -> PrinterCode:
    """Ready or low on paper, from the four answers to `DLE EOT`.

    Raises:
        PrinterError: it cannot print; the class says why.
    """
    if second & COVER:
        raise CoverOpen
    end = CITIZEN_END if presenter is Presenter.CITIZEN else PAPER_END
    if second & PAPER_STOP or fourth & end:
        raise PaperOut
    if third & KNIFE:
        raise KnifeStuck(Sentence("knife"))
    if third & FATAL:
        raise PrinterFault(Sentence("error"))
    if third & RECOVERABLE:
        raise PrinterHot
    if second & ERROR:
        raise PrinterFault(Sentence("error"))
    if first & OFFLINE:
        raise PrinterFault(Sentence("offline"))
    return PrinterCode.PAPER_LOW if fourth & PAPER_NEAR_END else PrinterCode.READY
