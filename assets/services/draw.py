"""Draws icons and choices of sample services: a white picture on a coloured tile, one thing yellow.

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


def person(pen: Pen, x: float, size: float = 1, *, skirt: bool, fill: str = WHITE) -> None:
    """Somebody who stands on the ground: with a skirt, or on two legs."""
    foot = 214.0
    pen.disc(x, foot - 142 * size, 22 * size, fill)
    if skirt:
        hem = [(x - 16 * size, foot - 112 * size), (x + 16 * size, foot - 112 * size)]
        pen.shape([*hem, (x + 42 * size, foot), (x - 42 * size, foot)], fill)
    else:
        pen.box(
            x - 26 * size,
            foot - 114 * size,
            x + 26 * size,
            foot - 46 * size,
            fill=fill,
            radius=10 * size,
        )
        for side in (-1, 1):
            leg = x + side * 14 * size
            pen.box(
                leg - 10 * size, foot - 62 * size, leg + 10 * size, foot, fill=fill, radius=5 * size
            )


def baby(pen: Pen, x: float, y: float) -> None:
    """A child in a cloth."""
    pen.disc(x, y, 31, pen.ground)
    pen.disc(x, y, 24, YELLOW)
    pen.disc(x, y - 6, 11, pen.ground)
    pen.disc(x, y - 6, 8)


def mother(pen: Pen) -> None:
    """A woman with a child."""
    person(pen, 118, skirt=True)
    baby(pen, 152, 132)


def father(pen: Pen) -> None:
    """A man with a child."""
    person(pen, 118, skirt=False)
    baby(pen, 152, 132)


def family(pen: Pen) -> None:
    """Old and young together."""
    person(pen, 70, 0.86, skirt=True)
    person(pen, 186, 0.86, skirt=False)
    person(pen, 128, 0.6, skirt=False, fill=YELLOW)


def somebody(pen: Pen) -> None:
    """Somebody with a badge."""
    person(pen, 128, skirt=False)
    pen.badge(142, 122, 9)


def girl(pen: Pen) -> None:
    """A girl."""
    person(pen, 128, skirt=True)
    for side in (-1, 1):
        pen.disc(128 + side * 25, 62, 10, YELLOW)


def boy(pen: Pen) -> None:
    """A boy."""
    person(pen, 128, skirt=False)
    pen.box(104, 46, 152, 62, fill=YELLOW, radius=8)


def plus(pen: Pen, x: float, y: float, arm: float) -> None:
    """What stands at places where people are healed."""
    for wide, high in ((arm, arm / 3), (arm / 3, arm)):
        pen.box(x - wide, y - high, x + wide, y + high, fill=YELLOW, radius=3)


def hospital(pen: Pen) -> None:
    """A large house of many windows."""
    pen.box(52, 104, 204, 214, radius=6)
    pen.box(92, 44, 164, 120, radius=6)
    pen.disc(128, 80, 33, pen.ground)
    plus(pen, 128, 80, 26)
    for x in (76, 128, 180):
        pen.box(x - 12, 132, x + 12, 156, fill=pen.ground, radius=3)
    pen.box(112, 172, 144, 214, fill=pen.ground, radius=3)


def health_centre(pen: Pen) -> None:
    """A small house with the same sign."""
    pen.shape([(128, 52), (222, 122), (34, 122)])
    pen.box(58, 116, 198, 214, radius=4)
    pen.disc(128, 128, 30, pen.ground)
    plus(pen, 128, 128, 23)
    pen.box(112, 172, 144, 214, fill=pen.ground, radius=3)


def home(pen: Pen) -> None:
    """A house on stilts, with its ladder."""
    pen.shape([(128, 44), (220, 112), (36, 112)])
    pen.box(60, 108, 196, 164, radius=3)
    pen.box(112, 124, 144, 164, fill=YELLOW, radius=3)
    for x in (72, 128, 184):
        pen.box(x - 6, 160, x + 6, 214, radius=2)
    pen.stroke([(144, 164), (168, 212)], 7, YELLOW)


def elsewhere(pen: Pen) -> None:
    """A road between trees."""
    pen.shape([(118, 88), (138, 88), (190, 214), (66, 214)])
    for top, bottom in ((104, 122), (138, 160), (178, 204)):
        pen.stroke([(128, top), (128, bottom)], 7, pen.ground)
    for x in (60, 196):
        pen.box(x - 6, 116, x + 6, 164, radius=3)
        pen.disc(x, 92, 32)
    pen.disc(128, 60, 20, YELLOW)


# What a choice looks like, for who does not read: in `media` of its service, by the choice's name.
CHOICES: dict[str, tuple[str, dict[str, Callable[[Pen], None]]]] = {
    "birth-registration": (
        "#7a2350",
        {
            "mother": mother,
            "father": father,
            "family": family,
            "somebody": somebody,
            "girl": girl,
            "boy": boy,
            "hospital": hospital,
            "health-centre": health_centre,
            "home": home,
            "elsewhere": elsewhere,
        },
    ),
}


ICONS: dict[str, tuple[str, Callable[[Pen], None]]] = {
    "birth-registration": ("#7a2350", birth),
    "family-book-change": ("#1f5b3a", family_book),
    "construction-permit": ("#4a4a52", construction),
    "document-certification": ("#3a3578", certification),
}


def draw_all(folder: Path = FOLDER) -> None:
    """Write the pictures into the folders of their services."""
    for name, (ground, picture) in ICONS.items():
        pen = Pen(ground)
        picture(pen)
        pen.icon().save(folder / name / "icon.png", optimize=True)
    for name, (ground, pictures) in CHOICES.items():
        media = folder / name / "media"
        media.mkdir(exist_ok=True)
        for choice, picture in pictures.items():
            pen = Pen(ground)
            picture(pen)
            small = pen.icon().quantize(64)
            small.save(media / f"{choice}.png", optimize=True)


if __name__ == "__main__":
    draw_all()
