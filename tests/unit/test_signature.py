"""A signature is a small picture that grows by strokes."""

import io

from PIL import Image

from kiosk.devices.signature import SIZE_PX, is_too_small, pixels_of, with_stroke

LINE = [(0.2, 0.5), (0.5, 0.2), (0.8, 0.5)]


def dark(png: bytes) -> int:
    return sum(Image.open(io.BytesIO(png)).convert("L").histogram()[:128])


def test_it_is_a_png_of_a_few_kilobytes() -> None:
    png = b""
    for row in range(20):
        png = with_stroke(png or None, [(x / 30, (row + x % 5) / 25) for x in range(31)])
    image = Image.open(io.BytesIO(png))
    assert (image.format, image.size) == ("PNG", SIZE_PX)
    assert len(png) < 40_000


def test_strokes_add_up_where_they_were_drawn() -> None:
    first = with_stroke(None, LINE)
    both = with_stroke(first, [(0.1, 0.9), (0.9, 0.9)])
    assert dark(both) > dark(first) > 0
    image = Image.open(io.BytesIO(both)).convert("L")
    width, height = SIZE_PX
    assert image.getpixel((width // 2, int(height * 0.2))) == 0
    assert image.getpixel((width // 2, int(height * 0.9))) == 0
    assert image.getpixel((width // 2, height // 2)) == 255


def test_a_dot_is_too_small_and_a_name_is_not() -> None:
    assert is_too_small(with_stroke(None, [(0.5, 0.5)]))
    assert is_too_small(with_stroke(None, []))
    assert not is_too_small(with_stroke(None, LINE))


def test_its_dots_fill_a_texture() -> None:
    assert len(pixels_of(with_stroke(None, LINE))) == SIZE_PX[0] * SIZE_PX[1] * 3
