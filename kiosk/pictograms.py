"""Icons as line drawings of our own, so that no font must have the sign and no licence binds it.

Each icon is a few strokes on a square of 24 by 24, origin at the top left, written out below.
Pillow draws it large and shrinks it to the exact size asked for: smooth at any density. Screens
colour them, papers print them: what a person has learned on the glass she finds on her receipt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from PIL import Image, ImageDraw

GRID = 24.0
OVERSAMPLE = 4

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points with round ends."""

    points: tuple[Point, ...]
    width: float = 2.0


@dataclass(frozen=True, slots=True)
class Fill:
    """A filled shape; `erase` cuts it out of what is there."""

    points: tuple[Point, ...]
    erase: bool = False


Shape = Stroke | Fill


def arc(x: float, y: float, r: float, start: float, end: float) -> tuple[Point, ...]:
    """Points on a circle, degrees clockwise from the right."""
    steps = max(8, int(abs(end - start) / 6))
    angles = [radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return tuple((x + r * cos(angle), y + r * sin(angle)) for angle in angles)


def ring(x: float, y: float, r: float, width: float = 2.0) -> Stroke:
    """A circle's line."""
    return Stroke(arc(x, y, r, 0, 360), width)


def disc(x: float, y: float, r: float, *, erase: bool = False) -> Fill:
    """A filled circle."""
    return Fill(arc(x, y, r, 0, 360), erase)


def box(left: float, top: float, right: float, bottom: float, width: float = 2.0) -> Stroke:
    """A rectangle's line."""
    corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
    return Stroke(corners, width)


def line(*points: Point, width: float = 2.0) -> Stroke:
    """A line through points."""
    return Stroke(points, width)


_QUESTION = (
    Stroke((*arc(12, 9.6, 2.9, 180, 360), *arc(12, 9.6, 2.9, 0, 75), (12, 13.4), (12, 14.2))),
    disc(12, 17.3, 1.2),
)
_EXCLAMATION = (line((12, 9), (12, 14)), disc(12, 17.3, 1.2))
_SHEET = Stroke(((6, 3), (14.5, 3), (19, 7.5), (19, 21), (6, 21), (6, 3)))

_FACE = (ring(12, 12, 10, 1.4), disc(8.4, 9.8, 1.25), disc(15.6, 9.8, 1.25))
ICONS: dict[str, tuple[Shape, ...]] = {
    "back": (line((19, 12), (5, 12)), line((11.5, 5.5), (5, 12), (11.5, 18.5))),
    "forward": (line((5, 12), (19, 12)), line((12.5, 5.5), (19, 12), (12.5, 18.5))),
    "up": (line((12, 19), (12, 5)), line((5.5, 11.5), (12, 5), (18.5, 11.5))),
    "down": (line((12, 5), (12, 19)), line((5.5, 12.5), (12, 19), (18.5, 12.5))),
    "chevron": (line((9, 5), (16, 12), (9, 19)),),
    "help": (ring(12, 12, 9), *_QUESTION),
    "listen": (
        Stroke((*arc(11.5, 9, 6, 180, 365), (15.2, 14), (13.6, 17.4), *arc(10.8, 18, 3, 0, 150))),
        Stroke((*arc(11.5, 9.2, 2.7, 180, 340), (12, 12.2), (10.2, 13.6))),
    ),
    "stop": (Fill(((6, 6), (18, 6), (18, 18), (6, 18))),),
    "language": (
        ring(12, 12, 9),
        Stroke(tuple((12 + 4 * cos(a / 10), 12 + 9 * sin(a / 10)) for a in range(64)), 1.7),
        line((3.4, 12), (20.6, 12), width=1.7),
        line((4.7, 7.5), (19.3, 7.5), width=1.7),
        line((4.7, 16.5), (19.3, 16.5), width=1.7),
    ),
    "complain": (
        Stroke(
            ((3, 4), (21, 4), (21, 16.5), (11, 16.5), (6.5, 21), (6.5, 16.5), (3, 16.5), (3, 4))
        ),
        line((12, 7), (12, 10.6)),
        disc(12, 13.6, 1.2),
    ),
    "letters": (
        line((2.5, 19), (8.5, 4), (14.5, 19)),
        line((4.8, 13.5), (12.2, 13.5)),
        line((15.5, 19), (18.8, 10.5), (22, 19), width=1.6),
        line((16.6, 16), (21, 16), width=1.6),
    ),
    "leave": (
        line((13, 3.5), (5, 3.5), (5, 20.5), (13, 20.5)),
        line((9.5, 12), (20.5, 12)),
        line((16, 7.5), (20.5, 12), (16, 16.5)),
    ),
    "transfer": (
        line((4, 8), (20, 8)),
        line((15.5, 3.5), (20, 8), (15.5, 12.5), width=2),
        line((20, 16.5), (4, 16.5)),
        line((8.5, 12), (4, 16.5), (8.5, 21)),
    ),
    "contrast": (ring(12, 12, 9), Fill((*arc(12, 12, 9, 90, 270),))),
    "restart": (
        Stroke(arc(12, 12.5, 7.5, -60, 240)),
        line((15.4, 1.9), (15.9, 6.3), (11.6, 7.4)),
    ),
    "tick": (line((4.5, 12.5), (10, 18), (20, 6.5), width=2.6),),
    "tick-ring": (ring(12, 12, 9), line((7.5, 12.4), (10.8, 15.6), (16.6, 9))),
    "cross": (line((6, 6), (18, 18), width=2.4), line((18, 6), (6, 18), width=2.4)),
    "plus": (line((12, 5), (12, 19), width=2.4), line((5, 12), (19, 12), width=2.4)),
    "minus": (line((5, 12), (19, 12), width=2.4),),
    "cross-box": (box(3.5, 3.5, 20.5, 20.5), line((8, 8), (16, 16)), line((16, 8), (8, 16))),
    "warning": (Stroke(((12, 3), (22, 20.5), (2, 20.5), (12, 3))), *_EXCLAMATION),
    "info": (ring(12, 12, 9), line((12, 11), (12, 16.6)), disc(12, 7.6, 1.25)),
    "clock": (ring(12, 12, 9), line((12, 6.8), (12, 12), (16, 14.4))),
    "hourglass": (
        line((5.5, 3), (18.5, 3)),
        line((5.5, 21), (18.5, 21)),
        Stroke(((7, 3), (7, 7), (12, 12), (17, 7), (17, 3))),
        Stroke(((7, 21), (7, 17), (12, 12), (17, 17), (17, 21))),
        Fill(((9, 20), (12, 16.5), (15, 20))),
    ),
    "printer": (
        Stroke(((6, 9), (6, 3), (18, 3), (18, 9))),
        Stroke(((6, 17), (3, 17), (3, 9), (21, 9), (21, 17), (18, 17))),
        box(6, 14, 18, 21),
    ),
    "no-line": (
        line((4, 20), (4, 17)),
        line((9, 20), (9, 14)),
        line((14, 20), (14, 11), width=1.2),
        line((19, 20), (19, 7), width=1.2),
        line((4, 4), (20, 20)),
    ),
    "search": (ring(10.5, 10.5, 6.5, 2.2), line((15.5, 15.5), (21, 21), width=2.6)),
    "document": (_SHEET, line((9, 11), (16, 11)), line((9, 14.5), (16, 14.5))),
    "documents": (
        Stroke(((8, 2.5), (15.5, 2.5), (20, 7), (20, 18), (8, 18), (8, 2.5))),
        Stroke(((8, 6), (4, 6), (4, 21.5), (16, 21.5), (16, 18))),
    ),
    "receipt": (
        Stroke(
            (
                (5, 2.5),
                (19, 2.5),
                (19, 21.5),
                (16.7, 19.6),
                (14.3, 21.5),
                (12, 19.6),
                (9.7, 21.5),
                (7.3, 19.6),
                (5, 21.5),
                (5, 2.5),
            )
        ),
        line((8.5, 7.5), (15.5, 7.5)),
        line((8.5, 11.5), (15.5, 11.5)),
    ),
    "scan": (
        line((3, 8), (3, 3), (8, 3)),
        line((16, 3), (21, 3), (21, 8)),
        line((21, 16), (21, 21), (16, 21)),
        line((8, 21), (3, 21), (3, 16)),
        line((2, 12), (22, 12), width=1.6),
    ),
    "person": (ring(12, 7.5, 4.3), Stroke((*arc(12, 21.5, 8, 180, 360),))),
    "people": (
        ring(9, 8, 3.6),
        Stroke(arc(9, 20.5, 6.6, 180, 360)),
        Stroke(arc(16, 8, 3.6, -100, 100)),
        Stroke(arc(16, 20.5, 6.2, -78, 0)),
    ),
    "home": (
        Stroke(((2.5, 12), (12, 3.5), (21.5, 12))),
        Stroke(((5.5, 10), (5.5, 20.5), (18.5, 20.5), (18.5, 10))),
        Stroke(((10, 20), (10, 14.5), (14, 14.5), (14, 20))),
    ),
    "gift": (
        box(3.5, 8, 20.5, 12),
        Stroke(((5, 12), (5, 21), (19, 21), (19, 12))),
        line((12, 8), (12, 21)),
        Stroke(
            ((12, 8), (8, 7.5), (6.8, 4.8), (9, 3.4), (12, 8), (15, 3.4), (17.2, 4.8), (16, 7.5))
        ),
    ),
    "money": (
        box(2.5, 6, 21.5, 18),
        ring(12, 12, 3),
        disc(5.8, 12, 1.1),
        disc(18.2, 12, 1.1),
    ),
    "law": (
        line((12, 3), (12, 21)),
        line((7.5, 21), (16.5, 21)),
        line((4, 6), (20, 6)),
        Stroke((*arc(5, 13, 3.2, 0, 180), (5, 6.2), (8.2, 13))),
        Stroke((*arc(19, 13, 3.2, 0, 180), (19, 6.2), (22.2, 13))),
    ),
    "office": (
        Stroke(((2.5, 9), (12, 3), (21.5, 9), (2.5, 9))),
        line((5.5, 10), (5.5, 18)),
        line((10, 10), (10, 18)),
        line((14, 10), (14, 18)),
        line((18.5, 10), (18.5, 18)),
        line((3, 20.5), (21, 20.5)),
    ),
    "change": (
        Stroke(((4, 20), (5, 15.5), (16, 4.5), (19.5, 8), (8.5, 19), (4, 20))),
        line((13.5, 7), (17, 10.5)),
    ),
    "camera": (
        Stroke(
            (
                (3, 7),
                (7.5, 7),
                (9, 4.5),
                (15, 4.5),
                (16.5, 7),
                (21, 7),
                (21, 19.5),
                (3, 19.5),
                (3, 7),
            )
        ),
        ring(12, 13, 3.8),
    ),
    "microphone": (
        Stroke((*arc(12, 6.5, 3, 180, 360), *arc(12, 11.5, 3, 0, 180), (9, 6.5))),
        Stroke(arc(12, 11.5, 6.5, 0, 180)),
        line((12, 18), (12, 21.5)),
        line((8, 21.5), (16, 21.5)),
    ),
    "calm": (
        ring(12, 12, 9),
        line((9, 9), (9, 10.5)),
        line((15, 9), (15, 10.5)),
        Stroke(arc(12, 12.6, 4.3, 20, 160)),
    ),
    "send-back": (
        Stroke(((9, 4), (4, 9), (9, 14))),
        Stroke(((4, 9), (14, 9), *arc(14, 14.5, 5.5, -90, 90), (8, 20))),
    ),
    "backspace": (
        Stroke(((8, 5), (21.5, 5), (21.5, 19), (8, 19), (2, 12), (8, 5))),
        line((11.5, 9), (17.5, 15)),
        line((17.5, 9), (11.5, 15)),
    ),
    "shift": (
        Stroke(
            (
                (12, 3.5),
                (20, 11.5),
                (15.5, 11.5),
                (15.5, 20),
                (8.5, 20),
                (8.5, 11.5),
                (4, 11.5),
                (12, 3.5),
            )
        ),
    ),
    "shift-on": (
        Fill(((12, 3), (21, 12), (15.5, 12), (15.5, 20.5), (8.5, 20.5), (8.5, 12), (3, 12))),
    ),
    "space": (line((4, 11), (4, 15.5), (20, 15.5), (20, 11)),),
    "enter": (line((20, 5), (20, 12), (5, 12)), line((10, 7), (5, 12), (10, 17))),
    "hide-keyboard": (
        box(2.5, 3.5, 21.5, 14.5),
        line((6, 7.2), (18, 7.2), width=1.6),
        line((7.5, 11), (16.5, 11), width=1.6),
        line((9, 18.5), (12, 21.5), (15, 18.5)),
    ),
    "circle": (ring(12, 12, 9),),
    "circle-on": (ring(12, 12, 9), disc(12, 12, 5)),
    "square": (box(3.5, 3.5, 20.5, 20.5),),
    "square-on": (
        box(3.5, 3.5, 20.5, 20.5),
        line((7.5, 12.4), (10.8, 15.6), (16.6, 9), width=2.6),
    ),
    # Four faces that differ in shape: open laugh, smile, mouth turned down, brows drawn together.
    "face-very-glad": (*_FACE, Fill(((6.5, 13.2), *reversed(arc(12, 13.2, 5.5, 0, 180))))),
    "face-glad": (*_FACE, Stroke(arc(12, 11.4, 5.4, 25, 155), 1.4)),
    "face-sad": (*_FACE, Stroke(arc(12, 19.6, 5, 215, 325), 1.4)),
    "face-very-sad": (
        *_FACE,
        Stroke(arc(12, 19.2, 4.6, 195, 345), 1.4),
        line((6, 6.6), (10, 8.2), width=1.3),
        line((18, 6.6), (14, 8.2), width=1.3),
    ),
}


def icon_image(name: str, size_px: int) -> Image.Image:
    """The icon's alpha mask, size_px wide and high, as sharp as paper shows it."""
    return _drawn(name, size_px).resize((size_px, size_px), Image.Resampling.LANCZOS)


def icon_of_light(name: str, size_px: int) -> Image.Image:
    """The same for a glass, whose dots have shades: made in half the time, for many at once."""
    return _drawn(name, size_px).reduce(OVERSAMPLE)


def _drawn(name: str, size_px: int) -> Image.Image:
    """The mask, OVERSAMPLE times as large."""
    large = size_px * OVERSAMPLE
    scale = large / GRID
    mask = Image.new("L", (large, large), 0)
    draw = ImageDraw.Draw(mask)
    for shape in ICONS[name]:
        points = [(x * scale, y * scale) for x, y in shape.points]
        if isinstance(shape, Fill):
            draw.polygon(points, fill=0 if shape.erase else 255)
        else:
            _stroke(draw, points, shape.width * scale)
    return mask


def _stroke(draw: ImageDraw.ImageDraw, points: Sequence[Point], width: float) -> None:
    draw.line(points, fill=255, width=round(width), joint="curve")
    half = width / 2
    for x, y in (points[0], points[-1]):
        draw.ellipse((x - half, y - half, x + half, y + half), fill=255)
