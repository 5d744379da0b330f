"""Bands into the bytes of ESC/POS, the language that serial receipt printers share.

Only a handful of commands: `ESC @` reset, `ESC a` alignment, `GS v 0` picture (printed while it is
received), `ESC J` feed, `GS V` cut. Text goes as dots only, so that nothing in a name can ever be a
command. Each block ends where a command ends and fits in the printer's buffer, so a sender may
stop between blocks, ask, and go on.

Some printers obey the real-time commands `DLE EOT`, `DLE ENQ` and `DLE DC4` even inside a picture
(`10 04`, `10 05`, `10 14`): where dots happen to spell one, one dot more is set.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import inf

from kiosk.printing.layout import Align, Band
from kiosk.printing.profile import BITS_PER_BYTE, Cut, Presenter, PrinterProfile

RESET = b"\x1b@"
ALIGN = {Align.LEFT: b"\x1ba\x00", Align.CENTRE: b"\x1ba\x01"}
PICTURE = b"\x1dv0"
NORMAL, DOUBLED = b"\x00", b"\x03"
PICTURE_HEAD_BYTES = 8
FEED = b"\x1bJ"
FEED_UNITS_MAX = 255
FOOT_MM = 3  # white paper below the last line
CUTS = {Cut.PARTIAL: b"\x1dV\x01", Cut.FULL: b"\x1dV\x00"}
STRIP_BYTES = 30  # what one picture more must save: each makes some printers stop a moment
FIRST_BYTES = 16  # more than reset, alignment and feed: a picture is among them
REAL_TIME = (b"\x10\x04", b"\x10\x05", b"\x10\x14")  # DLE EOT, DLE ENQ, DLE DC4
WINDOW = 0.75  # of the buffer that may be on its way at once
ACKNOWLEDGE_BYTES = 3  # GS r 1 after each block
WIRE_S_MAX = 0.15  # of one block: a question behind it is answered soon enough
UNITS = b"\x1dP"  # GS P: how many units an inch has, across and along
PRESENT = {Presenter.CUSTOM: b"\x1de\x03\x0c"}  # GS e 3: 12 steps of 7 mm, so that a hand finds it
# GS R 1 0: a Citizen holds the paper out by itself and would take it back after five seconds, by
# itself too; when that is due, the kiosk says (Citizen PPU-700 Command Reference, page 121).
BEFORE_CUT = {Presenter.CITIZEN: b"\x1dR1\x00"}


@dataclass(frozen=True, slots=True)
class Block:
    """Bytes that end where a command ends, and how many dots of paper they move."""

    data: bytes
    dots: int


def encode(
    bands: Iterable[Band],
    profile: PrinterProfile,
    kept: Callable[[Band], bytes | None] = lambda _band: None,
) -> Iterator[Block]:
    """The whole paper, cut included. The first block is ready as soon as the first lines are.

    `kept` is the command that prints a band which the printer has in its memory (see `store`).
    """
    return _joined(_commands(bands, profile, kept), block_bytes_max(profile))


def _commands(
    bands: Iterable[Band], profile: PrinterProfile, kept: Callable[[Band], bytes | None]
) -> Iterator[Block]:
    units = profile.units_per_inch
    yield Block(RESET + (UNITS + bytes((units, units)) if units else b""), 0)
    y, align = 0, Align.LEFT
    for band in bands:
        if band.top > y:
            yield _feed(band.top - y, profile)
        if band.align is not align:
            align = band.align
            yield Block(ALIGN[align], 0)
        named = kept(band)
        if named is not None:
            yield Block(named, band.height)
        else:
            yield from _pictures(band, profile)
        y = band.bottom
    yield _feed(profile.dots(profile.feed_before_cut_mm + FOOT_MM), profile)
    if profile.cut is not Cut.NONE:
        before, after = (words.get(profile.presenter, b"") for words in (BEFORE_CUT, PRESENT))
        yield Block(before + CUTS[profile.cut] + after, 0)


def block_bytes_max(profile: PrinterProfile) -> int:
    """Half the window, so that one block prints while the next comes; less where that is slow."""
    on_the_wire = int(WIRE_S_MAX * profile.baud / BITS_PER_BYTE)
    return min(int(profile.buffer_bytes * WINDOW / 2), on_the_wire) - ACKNOWLEDGE_BYTES


def _feed(dots: int, profile: PrinterProfile) -> Block:
    units, data = dots * profile.feed_units_per_dot, b""
    while units > 0:
        step = min(units, FEED_UNITS_MAX)
        data += FEED + bytes([step])
        units -= step
    return Block(data, max(dots, 0))


def _pictures(band: Band, profile: PrinterProfile) -> Iterator[Block]:
    """The band as pictures: several where that saves bytes or the printer's buffer is small."""
    row_bytes = (band.image.width + 7) // 8
    raster = band.image.tobytes()
    rows = [raster[place : place + row_bytes] for place in range(0, len(raster), row_bytes)]
    for top, bottom in _strips(rows, band.align):
        strip = _narrowed(rows[top:bottom], band.align)
        rows_max = (block_bytes_max(profile) - PICTURE_HEAD_BYTES) // len(strip[0])
        for begin in range(0, len(strip), rows_max):
            yield _picture(strip[begin : begin + rows_max], doubled=band.doubled)


def raster_of(band: Band) -> tuple[int, int, bytes]:
    """Its width and height in dots, as sent, and its rows one after the other."""
    image = band.image
    return image.width, image.height, without_real_time_commands(image.tobytes())


def _strips(rows: list[bytes], align: Align) -> list[tuple[int, int]]:
    """Where to cut a band across so that the least is sent.

    Rows with only a few marks above or below the letters are narrower than the line. The cheapest
    cut of the rows above each row is known when that row is reached.
    """
    reaches = [len(row) - _white(row, align) for row in rows]
    best, cuts = [0], [0]
    for end in range(1, len(rows) + 1):
        widest, least, cut = 0, inf, 0
        for begin in range(end - 1, -1, -1):
            widest = max(widest, reaches[begin])
            cost = best[begin] + STRIP_BYTES + widest * (end - begin)
            if cost < least:
                least, cut = cost, begin
        best.append(int(least))
        cuts.append(cut)
    strips, end = [], len(rows)
    while end > 0:
        strips.append((cuts[end], end))
        end = cuts[end]
    return strips[::-1]


def _white(row: bytes, align: Align) -> int:
    """How many of its bytes need not be sent; one always is. In the middle, the same each side."""
    right = len(row) - len(row.rstrip(b"\x00"))
    if align is Align.LEFT:
        return min(right, len(row) - 1)
    left = len(row) - len(row.lstrip(b"\x00"))
    return min(2 * min(left, right), (len(row) - 1) // 2 * 2)


def _narrowed(rows: list[bytes], align: Align) -> list[bytes]:
    """The rows without the white at their ends; the ink stands where it stood."""
    white = min(_white(row, align) for row in rows)
    left = white // 2 if align is Align.CENTRE else 0
    return [row[left : len(row) - white + left] for row in rows]


def _picture(rows: list[bytes], *, doubled: bool) -> Block:
    head = (
        PICTURE
        + (DOUBLED if doubled else NORMAL)
        + len(rows[0]).to_bytes(2, "little")
        + len(rows).to_bytes(2, "little")
    )
    dots = len(rows) * (2 if doubled else 1)
    return Block(head + without_real_time_commands(b"".join(rows)), dots)


def without_real_time_commands(raster: bytes) -> bytes:
    """The raster with one dot more wherever its bytes would spell a real-time command."""
    for command in REAL_TIME:
        # the dot 10 grows by its left neighbour
        raster = raster.replace(command, bytes([command[0] | command[0] << 1, command[1]]))
    return raster


def _joined(blocks: Iterable[Block], bytes_max: int) -> Iterator[Block]:
    """Small commands travel with what follows them; the first dots go before the next are set."""
    data, dots, first = b"", 0, True
    for block in blocks:
        if data and len(data) + len(block.data) > bytes_max:
            yield Block(data, dots)
            data, dots, first = b"", 0, False
        data += block.data
        dots += block.dots
        if first and len(data) > FIRST_BYTES:
            yield Block(data, dots)
            data, dots, first = b"", 0, False
    if data:
        yield Block(data, dots)
