"""The inside of a printer that is not there: ESC/POS in, paper out.

It takes only the commands that our printers must understand, strictly: anything else, text
included, is written down as a problem, or left to one who knows more (`virtual_foreign`). Dots
become rows of paper as a real head makes them, one after the other, so a paper that ends in the
middle of a picture ends there. Where a cable was pulled in the middle of a command, half of it and
what came next make one that nobody sent: that is passed over, as real printers do.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from PIL import Image

from kiosk.printing.profile import Presenter, PrinterProfile, Proof
from kiosk.printing.virtual_memory import PictureMemory

MARGIN_MM = 4  # white at the paper's sides and ends
INK, PAPER = 0, 255
ESC, GS, ACK = 0x1B, 0x1D, 0x06
OURS = {b"\x1bJ", b"\x1dv", b"\x1dV", b"\x1dr", b"\x1dI", b"\x1de", b"\x1dR", b"\x1dP"}
OWN_UNITS_PER_INCH = 360  # of a Citizen, until GS P sets others
PAPER_NUMBER, PAPER_NUMBER_BYTES = b"\x1d(H", 11
EJECTOR_BYTES = {2: 3, 3: 4, 5: 3}  # take back, hold out by so many steps, throw out
COLLECTOR_BYTES = {0x30: 3, 0x31: 4}  # at once, or after so many seconds
CUTS_AFTER_FEED = {65, 66}  # GS V A n, GS V B n
DOUBLED_BITS = tuple(
    sum(3 << 2 * bit for bit in range(8) if value >> bit & 1) for value in range(256)
)


@dataclass(slots=True)
class _Picture:
    """A raster that is being printed while it is received."""

    row_bytes: int
    rows_left: int
    doubled: bool


class Foreign(Protocol):
    """Takes from a press's buffer what we never send."""

    @property
    def is_gathering(self) -> bool:
        """Whether the next bytes belong to a command that has begun."""
        ...

    def step(self) -> int:
        """Do the next thing; raises IndexError where it is not whole yet."""
        ...

    def end_line(self) -> None:
        """Print the letters that wait for the end of their line."""
        ...


@dataclass
class Press:
    """Consumes bytes and makes rows of dots.

    Args:
        profile: which printer to be.
        answer: gives bytes back to the computer.
        cut: takes a finished paper.
    """

    profile: PrinterProfile
    answer: Callable[[bytes], None]
    cut: Callable[[Image.Image], None]
    buffer: bytearray = field(default_factory=bytearray)
    rows: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    paper_status: Callable[[], int] = lambda: 0
    cuts: Callable[[], bool] = lambda: True  # False: the knife is stuck, the cut waits
    ejector: Callable[[int], None] = lambda _order: None  # of a presenter
    collector: Callable[[int | None], None] = lambda _after_s: None  # of a Citizen's; None: now
    foreign: Foreign | None = None  # takes what is not ours to send
    _centred: bool = False
    _picture: _Picture | None = None
    _units_per_inch: int = OWN_UNITS_PER_INCH
    _before_cut: int = 0  # bytes in the buffer that came before the cable was pulled

    def __post_init__(self) -> None:
        self.memory = PictureMemory(self.answer, self.problems.append)

    def cut_off(self) -> None:
        """The cable was pulled here: the command that is half in the buffer never ends."""
        self._before_cut = len(self.buffer)

    def step(self) -> int:  # noqa: PLR0911 - a line for each kind of command
        """Do the next thing that the buffer holds whole; how many dots of paper it moved.

        Raises:
            IndexError: there is nothing to do yet.
        """
        if self._picture is not None:
            return self._print_row(self._picture)
        if self.foreign is not None and (self.foreign.is_gathering or not self._is_ours()):
            return self.foreign.step()
        first, second = self.buffer[0], bytes(self.buffer[1:2])
        if first == 0 or (first == ACK and self.memory.tells_more()):
            return self._take(1)
        if first in {ESC, GS} and not second:
            raise IndexError
        if first == ESC and second == b"@":
            self._centred = False
            self._units_per_inch = OWN_UNITS_PER_INCH
            return self._take(2)
        if first == ESC and second in {b"a", b"J"}:
            return self._escape(second, self.buffer[2])
        if first == GS and second in {b"v", b"V", b"r", b"I", b"e", b"R", b"P"}:
            return self._group(second, self.buffer[2])
        if first == GS and second == b"(":
            numbers = self.buffer[2] == PAPER_NUMBER[2]
            return self._call_number() if numbers else self._print_kept()
        self._problem(f"not a command: {bytes(self.buffer[:4]).hex(' ')}", 2)
        return self._take(1)

    def _is_ours(self) -> bool:
        """Whether the next command is one that we send; the letters before it are printed first."""
        head = bytes(self.buffer[:3])
        if not head or head == b"\x1d(":
            raise IndexError
        ours = head[:2] in OURS or head == PAPER_NUMBER
        if ours and self.foreign is not None:
            self.foreign.end_line()
        return ours

    def align(self, *, centred: bool) -> None:
        """Where pictures stand from now on."""
        self._centred = centred

    def forget(self) -> None:
        """Give up what the buffer holds."""
        self.buffer.clear()
        self._picture, self._before_cut = None, 0

    def finish(self) -> None:
        """Cut the paper, if there is any."""
        if not self.rows:
            return
        row_bytes = self.profile.width_dots // 8
        dots = b"".join(row.to_bytes(row_bytes, "big") for row in self.rows)
        ink = Image.frombytes("1", (self.profile.width_dots, len(self.rows)), dots)
        margin = self.profile.dots(MARGIN_MM)
        paper = Image.new("L", (ink.width + 2 * margin, ink.height + 2 * margin), PAPER)
        paper.paste(INK, (margin, margin), ink)
        self.rows.clear()
        self.cut(paper)

    def _problem(self, words: str, command_bytes: int) -> None:
        """Write it down, unless the command is one half before a cut and one half after it."""
        if not 0 < self._before_cut < command_bytes:
            self.problems.append(words)

    def _take(self, count: int) -> int:
        del self.buffer[:count]
        self._before_cut = max(0, self._before_cut - count)
        return 0

    def _feed(self, dots: int) -> int:
        self.rows.extend([0] * dots)
        return dots

    def _escape(self, letter: bytes, value: int) -> int:
        if letter == b"a":
            if value > 1:
                self._problem(f"alignment {value}", 3)
            self._centred = value == 1
        self._take(3)
        return self._feed(self._dots_of(value)) if letter == b"J" else 0

    def _dots_of(self, units: int) -> int:
        if self.profile.units_per_inch:
            return round(units * self.profile.units_per_inch / self._units_per_inch)
        return units // self.profile.feed_units_per_dot

    def _group(self, letter: bytes, value: int) -> int:
        if letter == b"v":
            return self._begin_picture()
        if letter == b"e":
            return self._eject(value)
        if letter == b"R":
            return self._collect(value)
        if letter == b"P":
            return self._set_units(value)
        if letter == b"V":
            return self._cut(value)
        self._take(3)
        if letter == b"r":
            self.answer(bytes([self.paper_status()]))
        else:
            self.answer(self._called(value))
        return 0

    def _called(self, which: int) -> bytes:
        """GS I: a number, or from 65 on names: 66 the maker, 67 the model."""
        if which < 65:  # noqa: PLR2004 - GS I 65: names
            return b"\x20"
        maker, _, _model = self.profile.name.partition("-")
        name = maker if which == 66 else self.profile.name  # noqa: PLR2004 - GS I 66: the maker
        return b"_" + name.encode() + b"\x00"

    def _cut(self, value: int) -> int:
        feeds = value in CUTS_AFTER_FEED
        if value > 1 and not (feeds and self.foreign):
            self._problem(f"cut {value}", 3)
        if len(self.buffer) < 3 + feeds or not self.cuts():
            raise IndexError
        dots = self._dots_of(self.buffer[3]) if feeds else 0
        self._take(3 + feeds)
        self._feed(dots)
        self.finish()
        return dots

    def _eject(self, order: int) -> int:
        """GS e of Custom: 2 takes the paper back, 3 holds it out by so many steps."""
        if self.profile.presenter is not Presenter.CUSTOM or order not in EJECTOR_BYTES:
            self._problem(f"ejector {order}", 3)
        length = EJECTOR_BYTES.get(order, 3)
        if len(self.buffer) < length:
            raise IndexError
        self._take(length)
        self.ejector(order)
        return 0

    def _collect(self, order: int) -> int:
        """GS R of Citizen: "0" takes the paper back, "1" says after how many seconds to do so."""
        if self.profile.presenter is not Presenter.CITIZEN or order not in COLLECTOR_BYTES:
            self._problem(f"collector {order}", 3)
        length = COLLECTOR_BYTES.get(order, 3)
        after_s = self.buffer[3] if length > 3 else None  # noqa: PLR2004 - GS R 1 n
        self._take(length)
        self.collector(after_s)
        return 0

    def _set_units(self, across: int) -> int:
        """GS P: what ESC J counts in from now on."""
        along = self.buffer[3]
        if not self.profile.units_per_inch or across != along:
            self._problem(f"units {across} {along}", 4)
        self._units_per_inch = along or OWN_UNITS_PER_INCH
        return self._take(4)

    def _call_number(self) -> int:
        """GS ( H: everything before it has come out."""
        command = bytes(self.buffer[:PAPER_NUMBER_BYTES])
        if len(command) < PAPER_NUMBER_BYTES:
            raise IndexError
        if not command.startswith(PAPER_NUMBER + b"\x06\x0000") or (
            self.profile.proof is not Proof.PRINTED and self.foreign is None
        ):
            self._problem(f"not a command: {command.hex(' ')}", len(command))
        self._take(len(command))
        self.answer(b"\x37\x22" + command[-4:] + b"\x00")
        return 0

    def _print_kept(self) -> int:
        """GS ( L: pictures that stay in the printer."""
        head = bytes(self.buffer[:5])
        length = int.from_bytes(head[3:5], "little")
        if len(head) < 5 or len(self.buffer) < 5 + length:  # noqa: PLR2004 - GS ( L pL pH
            raise IndexError
        body = bytes(self.buffer[5 : 5 + length])
        if head[2:3] != b"L" or not self.profile.store_bytes:
            self._problem(f"not a command: {head.hex(' ')}", len(head))
        self._take(5 + length)
        printed = self.memory.obey(body)
        if printed is None:
            return 0
        kept, doubled = printed
        self.buffer[:0] = kept.dots
        picture = _Picture(kept.row_bytes, kept.rows, doubled)
        dots = sum(self._print_row(picture) for _row in range(kept.rows))
        self._picture = None
        return dots

    def _begin_picture(self) -> int:
        head = bytes(self.buffer[:8])
        if len(head) < 8:  # noqa: PLR2004 - GS v 0 m xL xH yL yH
            raise IndexError
        row_bytes, rows = int.from_bytes(head[4:6], "little"), int.from_bytes(head[6:8], "little")
        doubled = head[3] == 3  # noqa: PLR2004 - m=3: double width and height
        known = head[2:4] == b"0\x00" or (head[2:4] == b"0\x03" and self.profile.doubles_raster)
        if not known:
            self._problem(f"picture {head.hex(' ')}", len(head))
        if row_bytes * 8 * (2 if doubled else 1) > self.profile.width_dots:
            self._problem(f"a picture of {row_bytes} bytes is wider than the paper", len(head))
        self._take(len(head))
        if row_bytes and rows:
            self._picture = _Picture(row_bytes, rows, doubled)
        return 0

    def _print_row(self, picture: _Picture) -> int:
        data = bytes(self.buffer[: picture.row_bytes])
        if len(data) < picture.row_bytes:
            raise IndexError
        self._take(len(data))
        picture.rows_left -= 1
        if picture.rows_left == 0:
            self._picture = None
        if picture.doubled:
            data = b"".join(DOUBLED_BITS[value].to_bytes(2, "big") for value in data)
        right = self.profile.width_dots - 8 * len(data)
        if self._centred:
            right -= right // 2
        row, height = int.from_bytes(data, "big"), 2 if picture.doubled else 1
        self.rows.extend([row << right if right >= 0 else row >> -right] * height)
        return height
