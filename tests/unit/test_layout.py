"""Receipts on paper: Lao is set and broken rightly, nothing is cut, nothing collides."""

from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image, features

from kiosk.forms.descriptor import Text
from kiosk.printing.layout import MARGIN_MM, Align, lay_out, render
from kiosk.printing.profile import PrinterProfile, load_profile, profile_names
from kiosk.printing.receipt import Receipt
from kiosk.printing.slip import Code, Mark, Slip, Square, Words
from kiosk.printing.square import render_qr
from kiosk.printing.typeset import CannotSetLao, check_shaping, font, ink_of, lines_of
from sync.records import ApplicationId, Stamp, TimeQuality
from tests.papers import LONG_SERVICE, sample_receipt

PROFILES = [load_profile(name) for name in profile_names()]
LONG = sample_receipt(service=LONG_SERVICE, where=LONG_SERVICE, sample=True, copy=2, again=True)


def by_name(profile: PrinterProfile) -> str:
    return profile.name


def test_without_fribidi_it_refuses_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda feature: feature != "fribidi")
    with pytest.raises(CannotSetLao, match="apt-get install libfribidi0"):
        check_shaping()


def test_lao_marks_are_stacked_and_not_laid_over_each_other() -> None:
    """Without raqm the tone mark of ປີ້ falls onto the vowel: its ink would be lower."""
    face = font(40, bold=False)
    stacked, rise = ink_of("ປີ້", face)
    _plain, rise_of_vowel = ink_of("ປີ", face)
    assert rise > rise_of_vowel + 5
    assert stacked.width < face.getlength("ປປ")


@pytest.mark.parametrize("profile", PROFILES, ids=by_name)
@pytest.mark.parametrize("receipt", [sample_receipt(), LONG], ids=["standard", "long"])
def test_bands_neither_overlap_nor_leave_the_paper(
    profile: PrinterProfile, receipt: Receipt
) -> None:
    bottom = 0
    for band in lay_out(receipt, profile):
        assert band.top >= bottom
        assert band.width <= profile.width_dots
        assert band.align is Align.LEFT or band.image.width % 8 == 0
        bottom = band.bottom


@pytest.mark.parametrize("profile", PROFILES, ids=by_name)
def test_the_qr_on_the_paper_reads_back(profile: PrinterProfile) -> None:
    (code,) = zxingcpp.read_barcodes(render(LONG, profile))
    assert code.text == LONG.url


@pytest.mark.parametrize(
    ("name", "module_mm"), [("generic-58", 0.5), ("generic-80", 0.75), ("epson-tm-t88", 0.75)]
)
def test_a_module_of_the_qr_is_large_enough(name: str, module_mm: float) -> None:
    """INC-20."""
    profile = load_profile(name)
    (band,) = lay_out(Slip((Square(sample_receipt().url),)), profile)
    modules = len(render_qr(sample_receipt().url))
    assert profile.length_mm(band.height) / modules >= module_mm
    assert band.top >= 4 * band.height / modules  # the quiet zone above it


def test_the_reference_is_eight_millimetres_high_where_the_paper_is_wide_enough() -> None:
    """INC-20."""
    for name, least_mm in (("generic-80", 8.0), ("generic-58", 6.0)):
        profile = load_profile(name)
        bands = list(lay_out(Slip((Code(sample_receipt().reference),)), profile))
        assert profile.length_mm(bands[0].height) >= least_mm


def test_a_line_breaks_between_lao_words_and_never_before_a_mark() -> None:
    text = LONG_SERVICE.of("lo")
    lines = list(lines_of(text, font(24, bold=False), 200))
    assert len(lines) > 3
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(font(24, bold=False).getlength(line) <= 200 for line in lines)
    words = {"ການ", "ຂຶ້ນ", "ທະບຽນ", "ບ້ານ", "ນ້ຳ"}
    joined = "|".join(lines)
    assert all(word in joined for word in words)


def test_a_word_longer_than_the_paper_is_broken_between_syllables() -> None:
    for word in ("ນ້ຳ" * 70, "A" * 200, "ເກົ້າ" * 40):
        lines = list(lines_of(word, font(24, bold=True), 384))
        assert "".join(lines) == word
        assert not any(line[0] in "້ົີຳ" for line in lines)
        assert not any(line[-1] in "ເແໂໃໄ" for line in lines)


def test_what_cannot_be_seen_is_not_set() -> None:
    hostile = "A\x1b@\x1dV\x00B\u202eC\u200bD\nE"
    (line,) = lines_of(hostile, font(24, bold=False), 384)
    assert line == "A @ V BCD E"


def test_a_doubtful_clock_is_said_to_be_one() -> None:
    doubtful = sample_receipt(recorded=Stamp(0, TimeQuality.UNKNOWN))
    assert "the clock may be wrong" in doubtful.slip().text


def test_marks_stand_first_and_are_in_both_languages() -> None:
    marks = [item.text for item in LONG.slip().items if isinstance(item, Mark)]
    assert marks[0] == "ຂໍ້ມູນຕົວຢ່າງ · Sample data"
    assert marks[1] == "ສຳເນົາ 2 · Copy 2"
    assert "Printed again" in marks[2]


def test_marks_that_follow_each_other_share_the_bar_between_them() -> None:
    profile = load_profile("generic-58")
    marks = Slip((Mark("A"), Mark("B"), Mark("C")))
    bars = [band for band in lay_out(marks, profile) if band.width == profile.width_dots]
    assert len(bars) == 4
    assert all(profile.length_mm(bar.height) == 0.5 for bar in bars)


@pytest.mark.parametrize("profile", PROFILES, ids=by_name)
def test_a_mark_looks_the_same_below_another_one(profile: PrinterProfile) -> None:
    alone = render(Slip((Mark("B"),)), profile)
    below = render(Slip((Mark("A"), Mark("B"))), profile)
    margin = profile.dots(MARGIN_MM)
    dots = alone.crop((0, margin, alone.width, alone.height - margin)).tobytes()
    assert dots in below.tobytes()


def test_the_qr_never_stands_alone() -> None:
    items = sample_receipt().slip().items
    square = next(place for place, item in enumerate(items) if isinstance(item, Square))
    assert items[square - 1] == Code(sample_receipt().reference)


def test_any_two_languages_can_be_chosen() -> None:
    english = sample_receipt(languages=("en",)).slip().text
    assert "ໃບຮັບ" not in english
    title = Words("Receipt · ໃບຮັບ", bold=True, centred=True)
    assert sample_receipt(languages=("en", "lo")).slip().items[0] == title


@pytest.mark.parametrize(
    ("fee_lak", "words"),
    [(None, "Ask for the fee at the desk"), (0, "No fee: pay nothing"), (20_000, "20\u00a0000")],
)
def test_a_fee_is_said_and_an_unknown_one_is_never_nought(fee_lak: int | None, words: str) -> None:
    claims = replace(sample_receipt().claims, fee_lak=fee_lak)
    assert words in sample_receipt(claims=claims).slip().text


def test_a_receipt_without_the_key_does_not_say_that_it_opens() -> None:
    claims = replace(sample_receipt().claims, secret=None, application=ApplicationId("ab" * 16))
    assert "Keep safe" in sample_receipt().slip().text
    assert "Keep safe" not in sample_receipt(claims=claims).slip().text


def test_words_in_one_language_only_are_still_printed() -> None:
    lao_only = sample_receipt(service=Text({"lo": "ໃບຢັ້ງຢືນ"}))
    assert lao_only.slip().text.count("ໃບຢັ້ງຢືນ") == 1


def test_a_picture_of_the_paper_is_black_and_white() -> None:
    paper = render(sample_receipt(), load_profile("generic-58"))
    assert isinstance(paper, Image.Image)
    assert {level for _count, level in paper.getcolors() or []} == {0, 255}
