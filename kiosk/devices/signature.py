"""A signature as a small picture: strokes of a finger drawn on white, kept as PNG.

The picture is the answer itself, so each stroke is drawn onto it as soon as the finger is lifted
and forgotten; only the stroke that is being drawn exists as points. It is written by us and read by
us: no bytes from outside come here.
"""

import io
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw

SIZE_PX = (900, 360)
OVERSAMPLE = 2  # drawn larger and shrunk: smooth edges
PEN_PX = 7
GREYS = 16  # four bits a dot: a signature takes 3 to 8 kB
MEDIA_TYPE = "image/png"
DARK = 128
INK_PX_MIN = 500  # dark dots; a line of a fifth of the width has 1,200, a dot of the pen 40

Point = tuple[float, float]  # shares of width and height, from the top left


def with_stroke(png: bytes | None, stroke: Sequence[Point]) -> bytes:
    """The picture with one more stroke on it; None is an empty sheet."""
    width, height = (side * OVERSAMPLE for side in SIZE_PX)
    pen = PEN_PX * OVERSAMPLE
    sheet = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(sheet)
    points = [(x * width, y * height) for x, y in stroke]
    if len(points) > 1:
        draw.line(points, fill=0, width=pen, joint="curve")
    for x, y in (points[0], points[-1]) if points else ():
        draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=0)
    drawn = sheet.resize(SIZE_PX, Image.Resampling.LANCZOS)
    before = _opened(png) if png is not None else None
    whole = drawn if before is None else ImageChops.darker(before, drawn)
    out = io.BytesIO()
    whole.quantize(GREYS).save(out, "PNG", optimize=True)
    return out.getvalue()


def is_too_small(png: bytes) -> bool:
    """Whether there is hardly more than a dot on it."""
    return sum(_opened(png).histogram()[:DARK]) < INK_PX_MIN


def pixels_of(png: bytes) -> bytes:
    """The picture's dots as RGB, for a texture of SIZE_PX."""
    return _opened(png).convert("RGB").tobytes()


def _opened(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        return image.convert("L")
