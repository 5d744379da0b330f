"""Draws the icons of four sample services: a white picture on a coloured tile, one thing in yellow.

    python assets/services/draw.py

Drawn four times as large and made smaller, so that edges are smooth. No words, no flag, no face:
the picture must say the same to everybody.
"""

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent
SIDE = 256  # of the icon; the pictures below are drawn on it
FINE = 4  # drawn so many times as large
WHITE, YELLOW = "#ffffff", "#f2b53a"
Points = list[tuple[float, float]]


class Pen:
    """Draws in the icon's own measure."""

    def __init__(self, ground: str) -> None:
        self.ground = ground
        self.image = Image.new("RGBA", (SIDE * FINE, SIDE * FINE), (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self.image)
        self._draw.rounded_rectangle(_fine(4, 4, 251, 251), 52 * FINE, fill=ground)

    def box(self, *corners: float, fill: str = WHITE, radius: float = 0) -> None:
        """A rectangle from corner to corner."""
        self._draw.rounded_rectangle(_fine(*corners), radius * FINE, fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: str = WHITE) -> None:
        """A full circle around a point."""
        corners = _fine(x - radius, y - radius, x + radius, y + radius)
        self._draw.ellipse(corners, fill=fill)

    def shape(self, points: Points, fill: str = WHITE) -> None:
        """A polygon."""
        self._draw.polygon([(x * FINE, y * FINE) for x, y in points], fill=fill)

    def stroke(self, points: Points, width: float, fill: str = WHITE) -> None:
        """A line with round ends and corners."""
        fine = [(x * FINE, y * FINE) for x, y in points]
        self._draw.line(fine, fill=fill, width=round(width * FINE), joint="curve")
        for x, y in points:
            self.disc(x, y, width / 2, fill)

    def badge(self, x: float, y: float, radius: float) -> None:
        """A yellow disc that stands out from what is behind it."""
        self.disc(x, y, radius + 7, self.ground)
        self.disc(x, y, radius, YELLOW)

    def icon(self) -> Image.Image:
        """What was drawn, in its own size."""
        return self.image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _fine(*measures: float) -> list[float]:
    return [measure * FINE for measure in measures]


def birth(pen: Pen) -> None:
    """A child in a cloth, and a star."""
    pen.shape([(60, 150), (98, 92), (158, 92), (196, 150), (128, 222)])
    pen.disc(128, 92, 44)
    pen.disc(128, 90, 33, pen.ground)
    pen.disc(128, 90, 26)
    pen.stroke([(78, 146), (128, 186), (178, 146)], 9, pen.ground)
    pen.badge(194, 66, 26)
    pen.stroke([(194, 54), (194, 78)], 8, pen.ground)
    pen.stroke([(182, 66), (206, 66)], 8, pen.ground)


def family_book(pen: Pen) -> None:
    """A book with a family on its cover."""
    pen.box(52, 44, 196, 212, radius=12)
    pen.box(52, 44, 76, 212, fill=YELLOW, radius=8)
    pen.box(68, 44, 80, 212, fill=pen.ground)
    for x, head, shoulders, radius in ((114, 104, 168, 15), (160, 104, 168, 15)):
        pen.disc(x, head, radius, pen.ground)
        pen.box(x - 20, head + 20, x + 20, shoulders, fill=pen.ground, radius=14)
    pen.disc(137, 146, 15)
    pen.disc(137, 146, 11, YELLOW)
    pen.box(117, 160, 157, 196, radius=14)
    pen.box(121, 164, 153, 192, fill=YELLOW, radius=11)


def construction(pen: Pen) -> None:
    """A wall half built, and a trowel's roof over it."""
    pen.shape([(128, 40), (214, 110), (190, 110), (128, 62), (66, 110), (42, 110)], YELLOW)
    rows = (
        (124, ((62, 108), (114, 142), (148, 194))),
        (154, ((62, 84), (90, 136), (142, 194))),
        (184, ((62, 108), (114, 160), (166, 194))),
    )
    for top, bricks in rows:
        for left, right in bricks:
            pen.box(left, top, right, top + 24, radius=3)
    pen.box(44, 214, 212, 222)


def certification(pen: Pen) -> None:
    """A paper with lines, and the seal on it."""
    pen.shape([(66, 40), (154, 40), (190, 76), (190, 216), (66, 216)])
    pen.shape([(154, 40), (154, 76), (190, 76)], pen.ground)
    pen.shape([(160, 50), (160, 70), (180, 70)])
    for y, right in ((98, 168), (122, 168), (146, 132)):
        pen.stroke([(88, y), (right, y)], 9, pen.ground)
    pen.shape([(150, 178), (182, 178), (190, 232), (166, 214), (142, 232)], pen.ground)
    pen.shape([(156, 180), (176, 180), (182, 218), (166, 206), (150, 218)], YELLOW)
    pen.badge(166, 168, 30)
    pen.stroke([(152, 168), (162, 179), (181, 156)], 9, pen.ground)


ICONS: dict[str, tuple[str, Callable[[Pen], None]]] = {
    "birth-registration": ("#7a2350", birth),
    "family-book-change": ("#1f5b3a", family_book),
    "construction-permit": ("#4a4a52", construction),
    "document-certification": ("#3a3578", certification),
}


def draw_all(folder: Path = FOLDER) -> None:
    """Write the icons into the folders of their services."""
    for name, (ground, picture) in ICONS.items():
        pen = Pen(ground)
        picture(pen)
        pen.icon().save(folder / name / "icon.png", optimize=True)


if __name__ == "__main__":
    draw_all()
