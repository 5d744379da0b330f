"""Pictures that test a printer: a ruler, a ladder of every dot, and shades from grey to black.

They are drawn dot by dot for the printer's own width, so what is missing on the paper is missing in
the head. Mode "1", and 1 is a dot.
"""

from itertools import pairwise

from PIL import Image, ImageDraw

from kiosk.printing.profile import PrinterProfile
from kiosk.printing.slip import PatternKind
from kiosk.printing.typeset import font, ink_of

NUMBER_MM = 2.4
TICK_MM = {1: 1.5, 5: 2.5, 10: 4.0}  # of the ruler: each millimetre, each fifth, each tenth
LADDER_STEP = 8  # dots between two marks of a row: one millimetre, far enough to count
LADDER_NUMBERED = 64  # a long mark with its number stands so many dots after the last
LADDER_MARK_MM, LADDER_LONG_MM = 2.0, 3.2
SHADES = (  # rows of bits, repeated: from one dot in eight to all
    (0b10000000, 0b00000000, 0b00001000, 0b00000000),
    (0b10001000, 0b00000000, 0b00100010, 0b00000000),
    (0b10101010, 0b01010101, 0b10101010, 0b01010101),
    (0b11101110, 0b11111111, 0b10111011, 0b11111111),
    (0b11111111, 0b11111111, 0b11111111, 0b11111111),
)
SHADE_MM = 8.0
COMB_MM = 4.0


def draw(kind: PatternKind, profile: PrinterProfile) -> list[Image.Image]:
    """The pictures of a pattern, from top to bottom."""
    match kind:
        case PatternKind.RULER:
            return [_ruler(profile)]
        case PatternKind.LADDER:
            return [_rung(profile, first) for first in range(LADDER_STEP)]
        case PatternKind.SHADES:
            return [_shades(profile), _comb(profile)]


def _ruler(profile: PrinterProfile) -> Image.Image:
    """Millimetres from the first dot on; each tenth has its number."""
    tall = profile.dots(TICK_MM[10])
    ruler = Image.new("1", (profile.width_dots, tall + profile.dots(NUMBER_MM) + 2))
    pen = ImageDraw.Draw(ruler)
    millimetres = int(profile.length_mm(profile.width_dots - 1))
    for mark in range(millimetres + 1):
        x = profile.dots(mark)
        step = next(step for step in (10, 5, 1) if mark % step == 0)
        pen.line((x, 0, x, profile.dots(TICK_MM[step]) - 1), fill=1)
        if step == 10:  # noqa: PLR2004 - centimetres
            _number(ruler, mark, x, tall + 2, profile)
    return ruler


def _rung(profile: PrinterProfile, first: int) -> Image.Image:
    """Every eighth dot of the head, from `first` on; the long marks bear their dot's number."""
    top = profile.dots(NUMBER_MM) + 2
    long, short = profile.dots(LADDER_LONG_MM), profile.dots(LADDER_MARK_MM)
    rung = Image.new("1", (profile.width_dots, top + long))
    pen = ImageDraw.Draw(rung)
    for x in range(first, profile.width_dots, LADDER_STEP):
        numbered = (x - first) % LADDER_NUMBERED == 0
        pen.line((x, top, x, top + (long if numbered else short) - 1), fill=1)
        if numbered:
            _number(rung, x, x, 0, profile)
    return rung


def _number(image: Image.Image, number: int, x: int, y: int, profile: PrinterProfile) -> None:
    """The number around x, or beside the edge."""
    ink, _rise = ink_of(str(number), font(profile.dots(NUMBER_MM), bold=False))
    left = min(max(x - ink.width // 2, 0), image.width - ink.width)
    image.paste(1, (left, y), ink)


def _shades(profile: PrinterProfile) -> Image.Image:
    """Five fields side by side, from one dot in sixteen to all."""
    height, row_bytes = profile.dots(SHADE_MM), profile.width_dots // 8
    ends = [place * row_bytes // len(SHADES) for place in range(len(SHADES) + 1)]
    rows = []
    for y in range(height):
        fields = zip(pairwise(ends), SHADES, strict=True)
        rows.append(b"".join(bytes([bits[y % 4]]) * (end - begin) for (begin, end), bits in fields))
    return Image.frombytes("1", (profile.width_dots, height), b"".join(rows))


def _comb(profile: PrinterProfile) -> Image.Image:
    """Lines of one, two and four dots with as much white between: they must not run together."""
    height, row_bytes = profile.dots(COMB_MM), profile.width_dots // 8
    third = row_bytes // 3
    row = b"\xaa" * third + b"\xcc" * third + b"\xf0" * (row_bytes - 2 * third)
    return Image.frombytes("1", (profile.width_dots, height), row * height)
