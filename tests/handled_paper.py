"""Receipts as they come back after weeks in a pocket, seen by a camera: from a seed.

*Handled*: 60 to 90 % of the dots still have ink, one dot of the print head was dead, dots have
grown together, three creases, light falls from one side; each frame is turned by any angle, blurred
by 0.4 to 0.9 px, 1.2 to 2.2 px a dot, and went through JPEG at quality 80. *Worn*: 35 to 65 % of
the ink, two dead dots, six creases, a smudge, blur up to 1.3 px.
"""

import io
import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from kiosk.devices.photo import Offer
from kiosk.printing.layout import render
from kiosk.printing.profile import load_profile
from kiosk.printing.slip import Slip, Square

PAPER, INK = 225, 45
DOT_GAIN_PX = 0.6


@dataclass(frozen=True, slots=True)
class Wear:
    """How badly a paper was treated."""

    ink: tuple[float, float]  # share of the dots that are still black
    dead_dots: int
    creases: int
    smudges: int
    blur_px: tuple[float, float]


HANDLED = Wear((0.6, 0.9), 1, 3, 0, (0.4, 0.9))
WORN = Wear((0.35, 0.65), 2, 6, 1, (0.4, 1.3))


def paper(url: str, wear: Wear, chance: random.Random, *, large: bool = False) -> Image.Image:
    """The paper round the code, as it is now: mode "L", two pixels a printed dot."""
    printed = render(Slip((Square(url, large=large),)), load_profile("generic-58"))
    left, _top, right, bottom = ImageChops.invert(printed).getbbox() or (0, 0, 0, 0)
    printed = printed.crop((left - 24, 0, right + 24, bottom + 24))
    share = chance.uniform(*wear.ink)
    lost = Image.frombytes(
        "L",
        printed.size,
        bytes(255 * (chance.random() > share) for _ in range(printed.width * printed.height)),
    )
    faded = ImageChops.lighter(printed, lost)
    pen = ImageDraw.Draw(faded)
    for _dead in range(wear.dead_dots):
        x = chance.randrange(24, faded.width - 24)
        pen.line((x, 0, x, faded.height), fill=255)
    seen = faded.point(lambda level: INK if level < 128 else PAPER)
    seen = seen.resize((2 * seen.width, 2 * seen.height), Image.Resampling.NEAREST)
    seen = seen.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.GaussianBlur(DOT_GAIN_PX))
    pen = ImageDraw.Draw(seen)
    for _crease in range(wear.creases):
        ends = [(chance.uniform(0, seen.width), chance.uniform(0, seen.height)) for _ in range(2)]
        (x1, y1), (x2, y2) = ends
        far = 3
        line = (
            x1 - far * (x2 - x1),
            y1 - far * (y2 - y1),
            x2 + far * (x2 - x1),
            y2 + far * (y2 - y1),
        )
        pen.line(line, fill=chance.randint(190, 235), width=chance.randint(1, 3))
    for _smudge in range(wear.smudges):
        across, along = chance.uniform(0, seen.width), chance.uniform(0, seen.height)
        shade = Image.new("L", seen.size, 255)
        ImageDraw.Draw(shade).ellipse((across - 60, along - 30, across + 60, along + 30), fill=150)
        seen = ImageChops.multiply(seen, shade.filter(ImageFilter.GaussianBlur(15)))
    return seen


def frame(seen: Image.Image, wear: Wear, chance: random.Random) -> Image.Image:
    """One look of a camera at that paper."""
    scale = chance.uniform(1.2, 2.2) / 2
    size = (round(seen.width * scale), round(seen.height * scale))
    turned = seen.resize(size, Image.Resampling.BICUBIC).rotate(
        chance.uniform(0, 360), Image.Resampling.BICUBIC, expand=True, fillcolor=PAPER
    )
    light = Image.linear_gradient("L").rotate(chance.choice((0, 90, 180, 270)))
    light = light.resize(turned.size).point(lambda level: 150 + level * 105 // 255)
    lit = ImageChops.multiply(turned, light)
    lit = lit.filter(ImageFilter.GaussianBlur(chance.uniform(*wear.blur_px)))
    data = io.BytesIO()
    lit.save(data, "JPEG", quality=80)
    return Image.open(data)


class Camera:
    """Sees what a test holds before it; frame after frame."""

    nothing, takes = "", True

    def __init__(self) -> None:
        self.frames = 0
        self.sees = b"no picture at all"

    def offers(self) -> tuple[Offer, ...]:
        self.frames += 1
        return (Offer("camera", self.frames, live=True),)

    def read(self, _offer: Offer) -> bytes | None:
        return self.sees


def jpeg(picture: Image.Image) -> bytes:
    data = io.BytesIO()
    picture.convert("RGB").save(data, "JPEG", quality=80)
    return data.getvalue()
