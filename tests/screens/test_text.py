"""Lao on screen is shaped, broken where a reader would break it, and never cut."""

import pytest
from kivy.core.text import Label as CoreLabel
from PIL import Image, ImageChops, ImageDraw, ImageFont

from kiosk.language import line_pieces
from kiosk.panels import PANELS
from kiosk.resources import assets
from kiosk.screens.panel import GLYPH_BODY_MM, GLYPH_HEADING_MM, font_px, use_panel
from kiosk.screens.text import SCRIPT, Field, Words, register_fonts, wrapped

PARAGRAPH = "ໃບຢັ້ງຢືນວ່າທ່ານຢູ່ບ້ານໃດເມືອງໃດແລະແຂວງໃດຫ້ອງການຕັດສິນພາຍໃນສາມວັນລັດຖະການນັບແຕ່ວັນໄດ້ຮັບຄຳຮ້ອງ"
STACKED = "ປີ້ ນ້ຳ ຊື່ ກຸ້ງ ຢູ່"
ENGLISH = "The office decides within 3 working days after it received the application."


def measure(text: str) -> tuple[int, int]:
    return len(text), 1


def test_a_line_ends_between_words() -> None:
    pieces = line_pieces(PARAGRAPH)
    ends = {sum(map(len, pieces[: number + 1])) for number in range(len(pieces))}
    position = 0
    for line in wrapped(PARAGRAPH, 24, measure).split("\n"):
        position += len(line)
        assert position in ends


@pytest.mark.parametrize("text", [PARAGRAPH, ENGLISH, STACKED, "a\nb\n\nc", ""])
def test_wrapping_loses_no_letter(text: str) -> None:
    assert wrapped(text, 20, measure).replace("\n", "").replace(" ", "") == (
        text.replace("\n", "").replace(" ", "")
    )


@pytest.mark.parametrize("text", [PARAGRAPH, ENGLISH, "x" * 100])
def test_no_line_is_wider_than_its_place(text: str) -> None:
    assert max(len(line) for line in wrapped(text, 20, measure).split("\n")) <= 20


def test_a_word_longer_than_a_line_is_not_cut_before_a_mark() -> None:
    for line in wrapped("ກິ້" * 20, 10, measure).split("\n"):
        assert line[0] == "ກ"


def test_a_name_of_two_hundred_letters_is_shown_whole() -> None:
    name = "ສົມພອນ" * 33
    assert wrapped(name, 20, measure).replace("\n", "") == name


@pytest.mark.parametrize("glyph_mm", [GLYPH_BODY_MM, GLYPH_HEADING_MM])
@pytest.mark.parametrize("bold", [False, True], ids=["regular", "bold"])
def test_stacked_marks_keep_clear_of_the_edge(glyph_mm: float, *, bold: bool) -> None:
    use_panel(PANELS["10in-1280x800"])
    label = Words(text=STACKED, glyph_mm=glyph_mm, bold=bold, color=(1, 1, 1, 1))
    label.texture_update()
    texture = label.texture
    texture.bind()
    width, height = texture.size
    alpha = texture.pixels[3::4]
    rows = [any(alpha[row * width : (row + 1) * width]) for row in range(height)]
    assert any(rows)
    assert not rows[0]
    assert not rows[-1]


def test_a_letter_is_as_high_as_eyes_need() -> None:
    register_fonts()
    use_panel(PANELS["10in-1024x600"])
    core = CoreLabel(text="H", font_name="KioskSans", font_size=font_px(GLYPH_BODY_MM))
    core.refresh()
    pixels, (width, height) = core.texture.pixels[3::4], core.texture.size
    inked = [row for row in range(height) if any(pixels[row * width : (row + 1) * width])]
    assert (inked[-1] - inked[0] + 1) / 4.6 >= GLYPH_BODY_MM


def test_a_field_shapes_lao_as_labels_do() -> None:
    field = Field(text="ນ້ຳ")
    assert field._get_line_options()["font_script_name"] == SCRIPT
    assert field._label_cached.options["font_script_name"] == SCRIPT


def test_a_field_breaks_between_words() -> None:
    assert list(Field()._tokenize(PARAGRAPH)) == line_pieces(PARAGRAPH)
    assert list(Field()._tokenize("a\n\nb")) == ["a", "\n", "\n", "b"]
    assert list(Field()._tokenize("")) == [""]


def test_a_field_lends_nothing_to_the_next_person() -> None:
    one = Field(text="ນາງ ຄຳ")
    one.select_all()
    one.copy()
    one._cut(one.text)
    other = Field()
    other.paste()
    assert other.text == ""
    assert one.text == "ນາງ ຄຳ"


def drawn_here(text: str, script: str, size_px: int) -> Image.Image:
    """The ink of a text as the screen's labels draw it."""
    core = CoreLabel(
        text=text, font_name="KioskSans", font_size=size_px, font_script_name=script, padding=20
    )
    core.refresh()
    texture = core.texture
    alpha = Image.frombytes("L", texture.size, bytes(texture.pixels[3::4]))
    return alpha.crop(alpha.getbbox())


def drawn_by_raqm(text: str, size_px: int) -> Image.Image:
    """The same by Pillow, which asks HarfBuzz through libraqm."""
    path = str(assets() / "fonts" / "KioskSans-Regular.ttf")
    font = ImageFont.truetype(path, size_px, layout_engine=ImageFont.Layout.RAQM)
    picture = Image.new("L", (size_px * (len(text) + 2), size_px * 4))
    ImageDraw.Draw(picture).text((size_px, size_px), text, 255, font=font, language="lo")
    return picture.crop(picture.getbbox())


def difference(one: Image.Image, other: Image.Image) -> float:
    """How much of the ink is elsewhere, at the best of nine places; 1 where the sizes differ."""
    if any(abs(here - there) > 2 for here, there in zip(one.size, other.size, strict=True)):
        return 1.0
    width, height = (max(sizes) + 4 for sizes in zip(one.size, other.size, strict=True))
    fixed = Image.new("L", (width, height))
    fixed.paste(other, (2, 2))
    ink = max(sum(fixed.tobytes()), 1)
    shares = []
    for right in (1, 2, 3):
        for down in (1, 2, 3):
            moved = Image.new("L", (width, height))
            moved.paste(one, (right, down))
            shares.append(sum(ImageChops.difference(moved, fixed).tobytes()) / ink)
    return min(shares)


@pytest.mark.parametrize("word", STACKED.split())
def test_lao_is_drawn_as_raqm_draws_it(word: str) -> None:
    register_fonts()
    assert difference(drawn_here(word, SCRIPT, 120), drawn_by_raqm(word, 120)) < 0.15


def test_another_script_would_be_seen() -> None:
    register_fonts()
    wrong = drawn_here("ນ້ຳ", "Latn", 120)
    assert difference(wrong, drawn_by_raqm("ນ້ຳ", 120)) > 0.3
