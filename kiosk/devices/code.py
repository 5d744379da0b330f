"""Reads the code of a receipt in a picture, also of one that has been folded and carried about.

A plain reader gives up where a dead dot of the print head runs through a finder, or where ink is
pale. So the same picture is tried again, each time mended a little: thin white lines closed, dots
smoothed together, twice as large. What is whole is read at the first look and costs nothing more.

zxing-cpp is an extra (see pyproject.toml): where it is missing, a kiosk reads by scanner only. It
looks at pictures that were decoded where hostile ones do no harm: see `darkroom`.
"""

from collections.abc import Iterator
from importlib.util import find_spec

from PIL import Image, ImageFilter

LIBRARY = "zxingcpp"


def library_is_here() -> bool:
    """Whether the library that reads codes is installed; looking does not load it."""
    return find_spec(LIBRARY) is not None


def find_code(picture: Image.Image) -> str | None:
    """What the QR in the picture says; None where none can be read."""
    import zxingcpp  # noqa: PLC0415 - an extra

    only = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    for tried in _mended(picture.convert("L")):
        codes = zxingcpp.read_barcodes(tried, formats=only)
        if codes:
            return str(codes[0].text)
    return None


def _mended(grey: Image.Image) -> Iterator[Image.Image]:
    """The picture as it is, then in ever more trouble-taking ways; least first."""
    closed = grey.filter(ImageFilter.MinFilter(3))  # ink grows by a dot: thin white lines close
    yield grey
    yield closed
    yield closed.filter(ImageFilter.GaussianBlur(1.2))
    yield grey.filter(ImageFilter.GaussianBlur(1.2))
    yield grey.filter(ImageFilter.GaussianBlur(2))
    yield grey.filter(ImageFilter.MinFilter(5))
    twice = grey.resize((2 * grey.width, 2 * grey.height), Image.Resampling.BICUBIC)
    yield twice
    yield twice.filter(ImageFilter.MinFilter(5)).filter(ImageFilter.GaussianBlur(2))
