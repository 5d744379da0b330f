"""Where everything stands on the paper: a slip and a profile become bands of dots.

A band is one line, cropped to its ink: white paper is fed, not sent, and a byte lost on the wire
harms one line only. Bands never overlap, because paper does not go back. Sizes are millimetres, so
a printer with larger dots prints the same receipt.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from PIL import Image, ImageFont

from kiosk.pictograms import icon_image
from kiosk.printing.patterns import draw
from kiosk.printing.profile import PrinterProfile
from kiosk.printing.slip import (
    Code,
    Item,
    Mark,
    Pattern,
    Printable,
    Rule,
    Size,
    Space,
    Square,
    Words,
)
from kiosk.printing.square import QUIET_MODULES, render_qr
from kiosk.printing.typeset import BLANK, font, ink_of, lines_of, width_px

TEXT_MM = {Size.SMALL: 2.6, Size.BODY: 3.0, Size.HEADING: 3.8}  # 21, 24 and 30 dots at 8/mm
LINE_PITCH = 1.5  # line height in em: ປີ້ has two marks above, ກຸ one below
BASELINE = 1.1  # of them above the baseline
PARAGRAPH_GAP_MM = 0.5
RULE_DOTS, BAR_DOTS = 2, 4
RULE_GAP_MM = 1.5
CODE_GAP_MM = 1.0
CODE_CAP_MM = 8.2  # INC-20: the reference 8 mm high where the paper is wide enough
CAP_PER_EM = 0.714  # height of a capital in KioskSans
NARROW_MM = 60
MODULE_MM_NARROW, MODULE_MM = 0.5, 0.75  # INC-20: QR module on 58 and on 80 mm paper
LARGER = 1.5  # a short code has room for
MODULE_MM_SMALL = 0.33  # the least that scanners read from good paper
FINDER_MODULES = 8  # the square at a QR's corner with its white: no scanner reads without it
ICON_PER_EM, ICON_GAP_PER_EM = 1.0, 0.3  # beside the letters
ICON_INK_ABOVE = 96  # alpha that becomes a dot
MARGIN_MM = 4  # white around a rendered paper


class Align(StrEnum):
    """Where a band stands across the paper."""

    LEFT = "left"
    CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class Band:
    """Dots that are printed as one picture: mode "1", and 1 is a dot."""

    top: int  # from the beginning of the paper
    image: Image.Image
    align: Align = Align.LEFT
    doubled: bool = False  # each dot is printed as 2 x 2

    @property
    def width(self) -> int:
        """Across the paper, as printed."""
        return self.image.width * (2 if self.doubled else 1)

    @property
    def height(self) -> int:
        """Along the paper, as printed."""
        return self.image.height * (2 if self.doubled else 1)

    @property
    def bottom(self) -> int:
        """Where white paper begins again."""
        return self.top + self.height


def lay_out(printable: Printable, profile: PrinterProfile) -> Iterator[Band]:
    """The bands of the paper from top to bottom, each set only when it is asked for."""
    setter = _Setter(profile)
    for item in printable.slip().items:
        yield from setter.bands_of(item)


def render(printable: Printable, profile: PrinterProfile) -> Image.Image:
    """A picture of the paper, mode "L": what the printer will make, for screens and tests."""
    bands = list(lay_out(printable, profile))
    margin = profile.dots(MARGIN_MM)
    height = bands[-1].bottom if bands else 0
    paper = Image.new("L", (profile.width_dots + 2 * margin, height + 2 * margin), BLANK)
    for band in bands:
        left = (profile.width_dots - band.width) // 2 if band.align is Align.CENTRE else 0
        ink = band.image.resize((band.width, band.height), Image.Resampling.NEAREST)
        paper.paste(0, (margin + left, margin + band.top), ink)
    return paper


class _Setter:
    """Goes down the paper, item by item."""

    def __init__(self, profile: PrinterProfile) -> None:
        self._profile = profile
        self._bottom = 0  # of the last band's ink
        self._above: Item | None = None
        self.y = 0

    def bands_of(self, item: Item) -> Iterator[Band]:
        """The item, below what is there."""
        match item:
            case Words():
                yield from self._words(item)
            case Mark():
                yield from self._mark(item.text)
            case Code():
                yield from self._code(item.text)
            case Square():
                yield self._square(item)
            case Space():
                self.y += self._profile.dots(item.height_mm)
            case Pattern():
                self.y += self._profile.dots(RULE_GAP_MM)
                for image in draw(item.kind, self._profile):
                    yield self._band(self.y, image, Align.LEFT)
                    self.y += self._profile.dots(PARAGRAPH_GAP_MM)
                self.y += self._profile.dots(RULE_GAP_MM)
            case Rule():
                self.y += self._profile.dots(RULE_GAP_MM)
                yield self._bar(RULE_DOTS)
                self.y += self._profile.dots(RULE_GAP_MM)
        self._above = item

    def _font(self, size_mm: float, *, bold: bool) -> ImageFont.FreeTypeFont:
        return font(self._profile.dots(size_mm), bold=bold)

    def _band(self, top: int, image: Image.Image, align: Align, *, doubled: bool = False) -> Band:
        """A band where it belongs, or just below the last one's ink."""
        if align is Align.CENTRE:
            image = _whole_bytes(image)
        band = Band(max(top, self._bottom), image, align, doubled)
        self._bottom = band.bottom
        self.y = max(self.y, band.bottom)
        return band

    def _lines(
        self,
        lines: Iterable[str],
        face: ImageFont.FreeTypeFont,
        align: Align,
        icon: Image.Image | None = None,
        indent: int = 0,
    ) -> Iterator[Band]:
        for line in lines:
            ink, rise = ink_of(line, face)
            if indent:
                ink, rise = _beside(icon, ink, rise, indent)
                icon = None
            top = self.y
            self.y += round(LINE_PITCH * face.size)
            yield self._band(top + round(BASELINE * face.size) - rise, ink, align)

    def _words(self, item: Words) -> Iterator[Band]:
        """A paragraph; with an icon its lines stand beside that."""
        face = self._font(TEXT_MM[item.size], bold=item.bold)
        icon = _icon(item.icon, round(ICON_PER_EM * face.size)) if item.icon else None
        indent = icon.width + round(ICON_GAP_PER_EM * face.size) if icon else 0
        lines = lines_of(item.text, face, self._profile.width_dots - indent)
        align = Align.CENTRE if item.centred else Align.LEFT
        yield from self._lines(lines, face, align, icon, indent)
        self.y += self._profile.dots(PARAGRAPH_GAP_MM)

    def _bar(self, thickness: int) -> Band:
        """A line across the paper; doubled, it is a quarter of the bytes."""
        scale = 2 if self._profile.doubles_raster else 1
        width = self._profile.width_dots // scale // 8 * 8
        bar = Image.new("1", (width, thickness // scale), 1)
        return self._band(self.y, bar, Align.CENTRE, doubled=scale > 1)

    def _mark(self, text: str) -> Iterator[Band]:
        """Marks that follow each other share the bar between them."""
        if isinstance(self._above, Mark):
            self.y = self._bottom
        else:
            yield self._bar(BAR_DOTS)
        face = self._font(TEXT_MM[Size.BODY], bold=True)
        self.y += self._profile.dots(PARAGRAPH_GAP_MM)
        lines = lines_of(text, face, self._profile.width_dots)
        yield from self._lines(lines, face, Align.CENTRE)
        yield self._bar(BAR_DOTS)
        self.y += self._profile.dots(RULE_GAP_MM)

    def _code(self, text: str) -> Iterator[Band]:
        """The reference on one line, or on two where it would be too small on one."""
        lines, em = [text], self._em_that_fits([text])
        broken = list(_broken_after_its_last_dash(text))
        if em * CAP_PER_EM < self._profile.dots(CODE_CAP_MM) and self._em_that_fits(broken) > em:
            lines, em = broken, self._em_that_fits(broken)
        scale = 2 if self._profile.doubles_raster else 1  # at a quarter of the bytes
        face = font(em // scale, bold=True)
        self.y += self._profile.dots(CODE_GAP_MM)
        for line in lines:
            ink, rise = ink_of(line, face)
            top = self.y + round(CAP_PER_EM * em) - rise * scale
            yield self._band(top, ink, Align.CENTRE, doubled=scale > 1)
            self.y += self._profile.dots(RULE_GAP_MM)

    def _em_that_fits(self, lines: list[str]) -> int:
        """The largest size at which these lines fit, and no more than is asked for."""
        em = ceil(self._profile.dots(CODE_CAP_MM) / CAP_PER_EM)
        widest = max(width_px(line, font(em, bold=True)) for line in lines)
        return min(em, int(em * self._profile.width_dots / widest))

    def _square(self, item: Square) -> Band:
        modules = render_qr(item.text)
        across = len(modules) + 2 * QUIET_MODULES
        dots = self._module_dots(small=item.small, larger=LARGER if item.large else 1)
        while dots > 1 and across * dots > self._profile.width_dots:
            dots -= 1
        doubled = self._profile.doubles_raster and dots % 2 == 0
        image = Image.new("1", (len(modules), len(modules)))
        image.putdata([dark for row in modules for dark in row])
        side = len(modules) * (dots // 2 if doubled else dots)
        image = image.resize((side, side), Image.Resampling.NEAREST)
        self.y += QUIET_MODULES * dots
        if self._profile.dead_dots:
            scale = 2 if doubled else 1
            left = self._away_from_dead_dots(len(modules), dots) // scale
            moved = Image.new("1", (left + side, side))
            moved.paste(image, (left, 0))
            band = self._band(self.y, moved, Align.LEFT, doubled=doubled)
        else:
            band = self._band(self.y, image, Align.CENTRE, doubled=doubled)
        self.y += QUIET_MODULES * dots
        return band

    def _module_dots(self, *, small: bool, larger: float) -> int:
        if small:
            return ceil(self._profile.dots_per_mm * MODULE_MM_SMALL)
        narrow = self._profile.length_mm(self._profile.width_dots) < NARROW_MM
        module_mm = MODULE_MM_NARROW if narrow else MODULE_MM
        dots = ceil(self._profile.dots_per_mm * module_mm * larger)
        return dots + dots % 2 if self._profile.doubles_raster else dots

    def _away_from_dead_dots(self, modules: int, dots: int) -> int:
        """Where the QR's first dot stands, so that a dead dot of the head harms it least.

        Beside it is best; else through its middle, which error correction mends; least of all
        through the finders at its corners.
        """
        room = self._profile.width_dots - modules * dots
        middle = room // 2 - room // 2 % 2

        def harm(left: int) -> tuple[int, int]:
            hit = [
                (dead - left) // dots
                for dead in self._profile.dead_dots
                if 0 <= dead - left < modules * dots
            ]
            finders = [one for one in hit if not FINDER_MODULES <= one < modules - FINDER_MODULES]
            return modules * len(finders) + len(hit), abs(left - middle)

        return min(range(0, room + 1, 2), key=harm)


def _icon(name: str, size: int) -> Image.Image:
    """A pictogram as dots."""
    return icon_image(name, size).point(lambda alpha: 255 if alpha > ICON_INK_ABOVE else 0, "1")


def _beside(
    icon: Image.Image | None, ink: Image.Image, rise: int, indent: int
) -> tuple[Image.Image, int]:
    """A line with the icon before it, both in one picture; the icon's middle at the letters'."""
    if icon is None:
        shifted = Image.new("1", (indent + ink.width, ink.height))
        shifted.paste(ink, (indent, 0))
        return shifted, rise
    above = round(icon.height * (0.5 + CAP_PER_EM / 2))  # of the baseline
    top = max(rise, above)
    height = max(top - rise + ink.height, top - above + icon.height)
    both = Image.new("1", (indent + ink.width, height))
    both.paste(icon, (0, top - above))
    both.paste(ink, (indent, top - rise))
    return both, top


def _broken_after_its_last_dash(text: str) -> Iterator[str]:
    head, dash, tail = text.rpartition("-")
    if dash:
        yield head + dash
    yield tail


def _whole_bytes(image: Image.Image) -> Image.Image:
    """The picture with white on both sides, so that a printer centres it where we do."""
    wider = Image.new("1", ((image.width + 7) // 8 * 8, image.height))
    wider.paste(image, ((wider.width - image.width) // 2, 0))
    return wider
