"""Draws the sample pictures of this folder: made-up papers for trying the photo question.

    python assets/samples/draw.py

No real document stands behind them and each says SAMPLE across the page. One is too dark and one
is blurred, so that the hints can be seen.
"""

from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

FOLDER = Path(__file__).resolve().parent
FONT = FOLDER.parent / "fonts" / "KioskSans-Bold.ttf"
SIZE = (900, 1200)
QUALITY = 60


def words_font(size_px: int) -> ImageFont.FreeTypeFont:
    """The kiosk's own font, shaped by raqm."""
    return ImageFont.truetype(str(FONT), size_px, layout_engine=ImageFont.Layout.RAQM)


def paper(title: str, rows: tuple[str, ...], tint: str) -> Image.Image:
    """A page on a table, a little askew as people hold a telephone."""
    page = Image.new("RGB", SIZE, tint)
    draw = ImageDraw.Draw(page)
    draw.rectangle((40, 40, SIZE[0] - 40, SIZE[1] - 40), outline="#5b4636", width=4)
    draw.text((SIZE[0] / 2, 120), title, "#5b1f1f", words_font(56), anchor="mm", language="lo")
    for number, row in enumerate(rows):
        y = 240 + number * 110
        draw.text((90, y), row, "#222222", words_font(38), language="lo")
        draw.line((90, y + 72, SIZE[0] - 90, y + 72), fill="#9a8b7a", width=2)
    stamp = Image.new("L", (900, 220), 0)
    ImageDraw.Draw(stamp).text((450, 110), "SAMPLE", 150, words_font(190), anchor="mm")
    turned = stamp.rotate(32, expand=True)
    place = ((SIZE[0] - turned.width) // 2, SIZE[1] - turned.height - 60)
    page.paste(Image.new("RGB", turned.size, "#b03030"), place, turned)
    table = Image.new("RGB", (1040, 1340), "#6e5540")
    grain = Random(7)  # noqa: S311 - the grain of a table keeps no secret
    wood = ImageDraw.Draw(table)
    for _ in range(400):
        y = grain.randrange(table.height)
        shade = grain.randrange(80, 120)
        wood.line((0, y, table.width, y + grain.randrange(-9, 9)), fill=(shade, shade - 22, 60))
    held = page.convert("RGBA").rotate(-2.5, Image.Resampling.BICUBIC, expand=True)
    table.paste(held, ((1040 - held.width) // 2, (1340 - held.height) // 2), held)
    return table


def draw_all(folder: Path = FOLDER) -> None:
    """Write the pictures."""
    book = paper(
        "ປຶ້ມສຳມະໂນຄົວ",
        ("ເລກທີ 0000-0000", "ຊື່: ນາງ ຕົວຢ່າງ ໃຈດີ", "ບ້ານ: ຕົວຢ່າງ", "ເມືອງ: ໄຊທານີ"),
        "#f3ead7",
    )
    card = paper("ບັດປະຈຳຕົວ", ("ເລກທີ 00-000000", "ຊື່: ທ້າວ ຕົວຢ່າງ ໝັ້ນຄົງ", "ແຂວງ: ຕົວຢ່າງ"), "#dfe9ea")
    pictures = {
        "family-book": book,
        "identity-card": card,
        "family-book-too-dark": ImageEnhance.Brightness(book).enhance(0.16),
        "family-book-blurred": book.filter(ImageFilter.GaussianBlur(14)),
    }
    for name, picture in pictures.items():
        picture.save(folder / f"{name}.jpg", quality=QUALITY, optimize=True)


if __name__ == "__main__":
    draw_all()
