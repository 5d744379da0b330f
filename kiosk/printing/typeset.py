"""Words into dots: the receipt's font, where its lines break, and the picture of one line.

Thermal printers know no Lao, so every line is a picture. Pillow sets Lao marks rightly only
through libraqm, and raqm works only while the system has libfribidi; without it tone marks collide
silently. So it refuses to start instead. One merged font holds Lao and Latin, because Pillow does
not fall back from one font to another.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from math import ceil

from PIL import Image, ImageDraw, ImageFont, features

from kiosk.language import line_pieces
from kiosk.resources import assets
from sync.sentence import Sentence

INK_BELOW = 150  # grey levels darker than this become a dot: strokes neither break nor clog
ZERO_WIDTH_SPACE = "\u200b"
SARA_AM = "ຳ"  # a spacing sign, but part of the syllable before it
LEADING_VOWELS = "ເແໂໃໄ"  # written before the consonant that they follow in speech
BLANK = 255


class CannotSetLao(Exception):
    """This machine cannot shape Lao; the sentence says what to install."""


def check_shaping() -> None:
    """Make sure that Lao comes out right.

    Raises:
        CannotSetLao: raqm or fribidi is missing.
    """
    if not (features.check("raqm") and features.check("fribidi")):
        raise CannotSetLao(
            Sentence(
                "Lao text cannot be drawn: Pillow needs libraqm and the system library libfribidi. "
                "Install it: apt-get install libfribidi0."
            )
        )


@cache
def font(size_px: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    """The receipt's font."""
    check_shaping()
    path = assets() / "fonts" / f"KioskSans-{'Bold' if bold else 'Regular'}.ttf"
    return ImageFont.truetype(path, size_px, layout_engine=ImageFont.Layout.RAQM)


def printable(text: str) -> str:
    """The text without what is not to be seen: controls become spaces, invisible signs vanish.

    A name may hold ESC or GS, or a sign that turns the writing direction. Printers never get
    text anyway, only dots; but a reader shall not be deceived either.
    """
    return "".join(_seen(character) for character in text)


def _seen(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in {"Cc", "Zl", "Zp"}:
        return " "
    return "" if kind in {"Cf", "Cs", "Cn"} and character != ZERO_WIDTH_SPACE else character


def width_px(text: str, face: ImageFont.FreeTypeFont) -> int:
    """How far the text reaches, in whole dots."""
    return ceil(face.getlength(text, language="lo")) + 1  # ink may lean over its advance


def lines_of(text: str, face: ImageFont.FreeTypeFont, width_px_max: int) -> Iterator[str]:
    """The paragraph broken into lines that fit, at words; a word that is too long, anywhere.

    Anywhere still means between grapheme clusters: a mark never starts a line.
    """
    pieces = line_pieces(printable(text))
    while pieces:
        count = _fitting([*accumulate(pieces)], face, width_px_max)
        if count == 0:
            head = _longest_head(pieces[0], face, width_px_max)
            pieces[0] = pieces[0][len(head) :]
            yield _shown(head)
            continue
        line, pieces = _shown("".join(pieces[:count])), pieces[count:]
        if line:
            yield line


def _fitting(heads: list[str], face: ImageFont.FreeTypeFont, width_px_max: int) -> int:
    """How many of these ever longer texts fit; mostly all of them."""
    if width_px(heads[-1].rstrip(), face) <= width_px_max:
        return len(heads)
    return bisect_right(heads, width_px_max, key=lambda head: width_px(head.rstrip(), face))


def _shown(line: str) -> str:
    return line.replace(ZERO_WIDTH_SPACE, "").strip()


def _longest_head(word: str, face: ImageFont.FreeTypeFont, width_px_max: int) -> str:
    """As much of a word as fits, or its first cluster where not even that does."""
    cuts = [place for place in range(1, len(word)) if _may_cut(word, place)] or [len(word)]
    fitting = _fitting([word[:place] for place in cuts], face, width_px_max)
    return word[: cuts[max(fitting, 1) - 1]]


def _may_cut(word: str, place: int) -> bool:
    mark = unicodedata.category(word[place]) in {"Mn", "Mc"} or word[place] == SARA_AM
    return not mark and word[place - 1] not in LEADING_VOWELS


def ink_of(line: str, face: ImageFont.FreeTypeFont) -> tuple[Image.Image, int]:
    """The dots of one line, cropped to its ink, and how far above the baseline they begin.

    Mode "1", and 1 is a dot: the bytes are those that printers want.
    """
    em = round(face.size)
    grey = Image.new("L", (ceil(width_px(line, face)) + 2 * em, 4 * em), BLANK)
    ImageDraw.Draw(grey).text((em, 2 * em), line, 0, face, anchor="ls", language="lo")
    dots = grey.point(_is_ink, "1")
    box = dots.getbbox() or (0, 0, 1, 1)
    return dots.crop(box), 2 * em - box[1]


def _is_ink(level: int) -> int:
    return BLANK if level < INK_BELOW else 0
