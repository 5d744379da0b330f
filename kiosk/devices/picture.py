"""Turns what claims to be a picture into a small, clean JPEG of our own.

A file from a camera card or a stick is hostile until proven otherwise: only three formats are even
tried, the number of pixels is read and bounded before a single one is decoded, and what leaves here
is freshly encoded, so that neither a second file hidden behind the picture nor the place and time
it was taken travels on. It runs in a process of its own with little memory: see `darkroom`.

It also looks at the picture as a helpful person would: too dark, or blurred? That is a hint, never
a refusal: a poor photo of the only paper she has is better than none.
"""

import io
import warnings
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageFilter, ImageOps, ImageStat

from kiosk.language import N_

FILE_BYTES_MAX = 20 * 2**20  # a 25 megapixel JPEG at high quality has about 12 MB
PIXELS_MAX = 25_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
LONG_SIDE_PX = 1600  # a page of A5 is then read at 190 dpi
JPEG_QUALITY = 75
MEDIA_TYPE = "image/jpeg"

LOOK_PX = 640  # size at which darkness and sharpness are judged, whatever the camera
DARK_MEAN = 60.0  # of 255; a page photographed in a room at dusk has 30 to 50
BLUR_SPREAD = 6.0  # standard deviation of the edges; print in focus has 20 and more
PAPER = "white"  # what shows through where a picture is transparent


class PictureError(Exception):
    """The picture cannot be used; `str` of it is an English message of the catalogue.

    PictureError
    ├── NotAPicture   something else, or broken off in the middle
    └── TooLarge      more bytes or pixels than a document photo ever has
    """


class NotAPicture(PictureError):
    """It is no JPEG, PNG or WebP, or a broken one."""

    def __init__(self) -> None:
        super().__init__(N_("This file is not a whole picture. Please choose another one."))


class TooLarge(PictureError):
    """Decoding it could take all the memory there is."""

    def __init__(self) -> None:
        super().__init__(N_("This picture is too large. Please choose a smaller one."))


class Flaw(StrEnum):
    """What a reader of the picture will trip over."""

    DARK = "dark"
    BLURRED = "blurred"


@dataclass(frozen=True, slots=True)
class Picture:
    """A clean JPEG, and what is doubtful about it."""

    data: bytes
    width_px: int
    height_px: int
    flaws: frozenset[Flaw] = frozenset()


def develop(data: bytes, long_side_px: int = LONG_SIDE_PX) -> Picture:
    """The picture upright, no larger than asked, freshly encoded, nothing else left of the file.

    Raises:
        TooLarge: too many bytes or pixels.
        NotAPicture: anything else that cannot be decoded whole.
    """
    upright = decoded(data, long_side_px)
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return Picture(out.getvalue(), *upright.size, flaws_of(upright))


def decoded(data: bytes, long_side_px: int = LONG_SIDE_PX) -> Image.Image:
    """The picture upright and no larger than asked; raises as `develop` does."""
    if len(data) > FILE_BYTES_MAX:
        raise TooLarge
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a warning of Pillow's here is about a hostile file
            return _decoded(data, long_side_px)
    except PictureError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as problem:
        raise TooLarge from problem
    except Exception as problem:  # Pillow's decoders raise most things that can be raised
        raise NotAPicture from problem


def _decoded(data: bytes, long_side_px: int) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=FORMATS) as source:
        if source.width * source.height > PIXELS_MAX:
            raise TooLarge
        source.draft("RGB", (long_side_px, long_side_px))  # JPEG: decode no larger than needed
        source.load()
        upright = ImageOps.exif_transpose(source)
    see_through = "A" in upright.getbands() or "transparency" in upright.info
    upright = upright.convert("RGBA" if see_through else "RGB")
    upright.thumbnail((long_side_px, long_side_px), Image.Resampling.LANCZOS)
    clean = Image.new("RGB", upright.size, PAPER)  # a new image: no metadata comes along
    clean.paste(upright, mask=upright.getchannel("A") if see_through else None)
    return clean


def flaws_in(jpeg: bytes) -> frozenset[Flaw]:
    """What is hard to read in a picture that was developed before."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as picture:
        return flaws_of(picture)


def flaws_of(picture: Image.Image) -> frozenset[Flaw]:
    """What a helpful person would say about it."""
    grey = picture.convert("L")
    grey.thumbnail((LOOK_PX, LOOK_PX), Image.Resampling.BILINEAR)
    flaws = set()
    if ImageStat.Stat(grey).mean[0] < DARK_MEAN:
        flaws.add(Flaw.DARK)
    edges = ImageOps.autocontrast(grey, cutoff=1).filter(ImageFilter.FIND_EDGES)
    inner = edges.crop((2, 2, max(3, edges.width - 2), max(3, edges.height - 2)))
    if ImageStat.Stat(inner).stddev[0] < BLUR_SPREAD:
        flaws.add(Flaw.BLURRED)
    return frozenset(flaws)
