"""What others send to a printer and we never do: letters, columns of dots, stored pictures, QR.

With it the virtual printer is checked by generators that others wrote (python-escpos, receiptline,
receipt-printer-encoder), and not only by our own bytes, which could share its mistakes. Letters
are drawn in our own font in the printer's cells; what was written also stands in `said`. Bars are
counted and not drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from PIL import Image, ImageDraw
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode

from kiosk.printing.typeset import font
from kiosk.printing.virtual_press import Press

ESC, GS, FS = 0x1B, 0x1D, 0x1C
LF, CR, TAB, BLANK = 0x0A, 0x0D, 0x09, 0x20
CELL_A, CELL_B = (12, 24), (9, 17)
LINE_DOTS = 30  # a sixth of an inch at 180 or 203 dpi, roughly
PAGES = {0: "cp437", 2: "cp850", 16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858", 21: "cp874"}
LEVELS = {48: ERROR_CORRECT_L, 49: ERROR_CORRECT_M, 50: ERROR_CORRECT_Q, 51: ERROR_CORRECT_H}
TALL_COLUMNS = {32: 2, 33: 1}  # ESC * with 24 dots, and how wide each is
SHORT_COLUMNS = {0: 2, 1: 1}  # with 8 dots
TEXT_CODES = 6  # GS k: up to this its data ends with a zero
STORE, PRINT_STORED = 112, {2, 50}  # functions of GS ( L
QR, QR_SIZE, QR_LEVEL, QR_STORE, QR_PRINT = 49, 67, 69, 80, 81  # functions of GS ( k
UNITS = {  # how long each command is; what has no effect on paper is passed over
    2: (b"\x1b@", b"\x1b2", b"\x1bS", b"\x1bi", b"\x1bm", b"\x1bv", b"\x1d:", b"\x1c.", b"\x1c&"),
    3: (
        *(b"\x1b" + bytes([letter]) for letter in b" !%-3=?EGKMRTVat{def45u"),
        *(b"\x1d" + bytes([letter]) for letter in b"!BHabfhwrIT"),
        *(b"\x1c" + bytes([letter]) for letter in b"!-CW"),
    ),
    4: (b"\x1b$", b"\x1b\\", b"\x1bc", b"\x1dL", b"\x1dW", b"\x1dP", b"\x1d$", b"\x1cS", b"\x1cp"),
    5: (b"\x1bp",),
}
LENGTHS = {command: length for length, commands in UNITS.items() for command in commands}


@dataclass
class _Line:
    """What stands on the line that is being set."""

    pieces: list[tuple[int, Image.Image]] = field(default_factory=list)  # mode "1": 1 is ink
    text: str = ""
    x: int = 0


@dataclass
class _Style:
    """How letters are set."""

    cell: tuple[int, int] = CELL_A
    wide: int = 1
    tall: int = 1
    bold: bool = False
    inverse: bool = False
    underlined: bool = False
    pitch: int = LINE_DOTS
    align: int = 0
    page: str = "cp437"


class ForeignHand:
    """Understands the rest of ESC/POS, as far as others send it."""

    def __init__(self, press: Press, watch: Callable[[bool], None]) -> None:
        self._press = press
        self._watch = watch  # whether automatic status is wanted
        self._line = _Line()
        self._style = _Style()
        self._stored: Image.Image | None = None
        self._qr_data, self._qr_dots, self._qr_level = b"", 3, ERROR_CORRECT_L
        self._bars_dots = 162
        self._gathered, self._missing = b"", 0  # of a command that has begun
        self.said: list[str] = []
        self.bars_count = 0

    def step(self) -> int:
        """Do the next thing in the press's buffer; how many dots of paper it moved."""
        buffer = self._press.buffer
        before = len(self._press.rows)
        if self._missing == 0 and buffer[0] not in {ESC, GS, FS}:
            (value,) = self._take(1)
            self._letter(value)
        else:
            command = self._whole_command()
            try:
                self._obey(command)
            except (IndexError, ValueError):  # its bytes do not make what it says
                self._press.problems.append(f"cannot be done: {command[:8].hex(' ')}")
        return max(0, len(self._press.rows) - before)

    def end_line(self) -> None:
        """Print what waits for the end of its line."""
        if self._line.pieces or self._line.text:
            self._feed_line(0)

    @property
    def is_gathering(self) -> bool:
        """Whether the next bytes belong to a command that has begun."""
        return self._missing > 0

    def _take(self, count: int) -> bytes:
        taken = bytes(self._press.buffer[:count])
        del self._press.buffer[:count]
        return taken

    def _whole_command(self) -> bytes:
        """The next command; a long one leaves the receive buffer as it comes, as in real ones."""
        if self._missing == 0:
            self._missing = self._length()
        taken = self._take(self._missing)
        self._gathered += taken
        self._missing -= len(taken)
        if self._missing:
            raise IndexError
        command, self._gathered = self._gathered, b""
        return command

    def _length(self) -> int:
        """How long the next command is."""
        buffer = self._press.buffer
        head = bytes(buffer[:2])
        if len(head) == 1:
            raise IndexError
        if head in LENGTHS:
            return LENGTHS[head]
        if head[1:] == b"(" or head == b"\x1d8":
            at = 7 if head == b"\x1d8" else 5
            return at + int.from_bytes(self._peek(at)[3:], "little")
        if head == b"\x1dk":
            return self._bars_length()
        if head == b"\x1b*":
            kind, columns = self._peek(5)[2], int.from_bytes(self._peek(5)[3:], "little")
            return 5 + columns * (3 if kind in TALL_COLUMNS else 1)
        self._press.problems.append(f"not a command: {bytes(buffer[:4]).hex(' ')}")
        return 1

    def _peek(self, count: int) -> bytes:
        if len(self._press.buffer) < count:
            raise IndexError
        return bytes(self._press.buffer[:count])

    def _bars_length(self) -> int:
        kind, first = self._peek(4)[2:]
        if kind > TEXT_CODES:
            return 4 + first
        buffer = self._press.buffer
        return buffer.index(0, 3) + 1 if 0 in buffer[3:] else len(buffer) + 1

    def _letter(self, value: int) -> None:
        style, line = self._style, self._line
        if value == LF:
            self._feed_line(style.pitch)
        elif value == TAB:
            cell = 8 * style.cell[0]
            line.x = (line.x // cell + 1) * cell
        elif value >= BLANK:
            letter = bytes([value]).decode(style.page, "replace")
            picture = _cell(letter, style.cell, bold=style.bold, underlined=style.underlined)
            if style.inverse:
                picture = picture.point(lambda dot: 0 if dot else 1)
            size = (picture.width * style.wide, picture.height * style.tall)
            self._put(picture.resize(size, Image.Resampling.NEAREST))
            line.text += letter

    def _put(self, picture: Image.Image) -> None:
        width = self._press.profile.width_dots
        if self._line.x + picture.width > width and self._line.x > 0:
            self._feed_line(self._style.pitch)
        self._line.pieces.append((self._line.x, picture))
        self._line.x += picture.width

    def _feed_line(self, pitch: int) -> None:
        """Print the line and feed; it is as high as what stands on it, at least."""
        line, self._line = self._line, _Line()
        if line.text:
            self.said.append(line.text.rstrip())
        height = max([pitch, *(picture.height for _, picture in line.pieces)])
        width = self._press.profile.width_dots
        left = {0: 0, 1: (width - line.x) // 2, 2: width - line.x}[self._style.align]
        paper = Image.new("1", (width, height))
        for x, picture in line.pieces:
            paper.paste(1, (left + x, height - picture.height), picture)
        raster, row_bytes = paper.tobytes(), (width + 7) // 8
        for place in range(0, len(raster), row_bytes):
            self._press.rows.append(int.from_bytes(raster[place : place + row_bytes], "big"))

    def _obey(self, command: bytes) -> None:  # noqa: C901 - a line for each command
        head, rest = command[:2], command[2:]
        if head == b"\x1b@":
            self.end_line()
            self._style = _Style()
            self._press.align(centred=False)
        elif head in _STYLES:
            _STYLES[head](self._style, rest)
            self._press.align(centred=self._style.align == 1)
        elif head in {b"\x1b$", b"\x1b\\"}:
            place = int.from_bytes(rest, "little", signed=head == b"\x1b\\")
            self._line.x = place if head == b"\x1b$" else max(0, self._line.x + place)
        elif head == b"\x1bd":
            self._feed_line(self._style.pitch)
            self._press.rows.extend([0] * self._style.pitch * max(0, rest[0] - 1))
        elif head in {b"\x1bi", b"\x1bm"}:
            self.end_line()
            self._press.finish()
        elif head == b"\x1b*":
            self._columns(rest)
        elif head == b"\x1da":
            self._watch(rest[0] != 0)
        elif head in {b"\x1d(", b"\x1d8"}:
            self._function(rest[:1], command[5 if head == b"\x1d(" else 7 :])
        elif head == b"\x1dh":
            self._bars_dots = rest[0]
        elif head == b"\x1dk":
            self.end_line()
            self.bars_count += 1
            self._press.rows.extend([0] * self._bars_dots)

    def _columns(self, data: bytes) -> None:
        """ESC *: a strip of columns, 8 or 24 dots high."""
        kind = data[0]
        high = 3 if kind in TALL_COLUMNS else 1
        columns = [data[place : place + high] for place in range(3, len(data), high)]
        if not columns:
            return
        turned = Image.frombytes("1", (8 * high, len(columns)), b"".join(columns))
        strip = turned.transpose(Image.Transpose.TRANSPOSE)
        wide = TALL_COLUMNS.get(kind) or SHORT_COLUMNS.get(kind, 1)
        self._put(strip.resize((strip.width * wide, 24), Image.Resampling.NEAREST))

    def _function(self, group: bytes, data: bytes) -> None:
        if group == b"L":
            self._stored_picture(data)
        elif group == b"k" and data[:1] == bytes([QR]):
            self._qr(data[1], data[2:])

    def _stored_picture(self, data: bytes) -> None:
        if data[1] == STORE:
            wide, tall = data[3], data[4]
            width, height = (
                int.from_bytes(data[6:8], "little"),
                int.from_bytes(data[8:10], "little"),
            )
            picture = Image.frombytes("1", (width, height), data[10:])
            size = (width * wide, height * tall)
            self._stored = picture.resize(size, Image.Resampling.NEAREST)
        elif data[1] in PRINT_STORED and self._stored is not None:
            self._print_picture(self._stored)
            self._stored = None

    def _qr(self, function: int, data: bytes) -> None:
        if function == QR_SIZE:
            self._qr_dots = data[0]
        elif function == QR_LEVEL:
            self._qr_level = LEVELS.get(data[0], ERROR_CORRECT_L)
        elif function == QR_STORE:
            self._qr_data = data[1:]
        elif function == QR_PRINT:
            code = QRCode(error_correction=self._qr_level, border=0)
            code.add_data(self._qr_data)
            code.make(fit=True)
            rows = code.get_matrix()
            picture = Image.new("1", (len(rows), len(rows)))
            picture.putdata([int(dark) for row in rows for dark in row])
            size = (len(rows) * self._qr_dots, len(rows) * self._qr_dots)
            self._print_picture(picture.resize(size, Image.Resampling.NEAREST))

    def _print_picture(self, picture: Image.Image) -> None:
        self.end_line()
        self._put(picture)
        self._feed_line(0)


def _mode(style: _Style, rest: bytes) -> None:
    """ESC !: several at once."""
    value = rest[0]
    style.cell = CELL_B if value & 1 else CELL_A
    style.bold, style.underlined = bool(value & 8), bool(value & 128)
    style.tall, style.wide = 2 if value & 16 else 1, 2 if value & 32 else 1


def _size(style: _Style, rest: bytes) -> None:
    style.wide, style.tall = (rest[0] >> 4 & 7) + 1, (rest[0] & 7) + 1


def _align(style: _Style, rest: bytes) -> None:
    style.align = rest[0] % 48 % 3


_STYLES: dict[bytes, Callable[[_Style, bytes], None]] = {
    b"\x1b!": _mode,
    b"\x1d!": _size,
    b"\x1ba": _align,
    b"\x1b2": lambda style, _rest: setattr(style, "pitch", LINE_DOTS),
    b"\x1b3": lambda style, rest: setattr(style, "pitch", rest[0]),
    b"\x1bE": lambda style, rest: setattr(style, "bold", bool(rest[0] & 1)),
    b"\x1bG": lambda style, rest: setattr(style, "bold", bool(rest[0] & 1)),
    b"\x1b-": lambda style, rest: setattr(style, "underlined", rest[0] % 48 > 0),
    b"\x1dB": lambda style, rest: setattr(style, "inverse", bool(rest[0] & 1)),
    b"\x1bM": lambda style, rest: setattr(style, "cell", CELL_B if rest[0] % 48 == 1 else CELL_A),
    b"\x1bt": lambda style, rest: setattr(style, "page", PAGES.get(rest[0], "cp437")),
}


@cache
def _cell(letter: str, size: tuple[int, int], *, bold: bool, underlined: bool) -> Image.Image:
    """One letter in its cell; 1 is ink."""
    picture = Image.new("1", size)
    pen = ImageDraw.Draw(picture)
    face = font(size[1] * 3 // 4, bold=bold)
    pen.text((size[0] / 2, size[1] * 3 / 4), letter, fill=1, font=face, anchor="ms")
    if underlined:
        pen.line((0, size[1] - 1, size[0], size[1] - 1), fill=1)
    return picture
