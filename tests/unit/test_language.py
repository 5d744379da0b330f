"""Sentences, dates and numbers appear as people of that language write them."""

from collections.abc import Iterator
from datetime import date

import pytest
from PIL import ImageFont

from kiosk.language import (
    _,
    format_date,
    format_day_and_time,
    format_money,
    format_number,
    in_language,
    line_pieces,
    set_language,
)
from kiosk.resources import assets
from sync.records import Stamp, TimeQuality
from tests.messages import LANGUAGES, catalogue_path, gather, read


@pytest.fixture(autouse=True)
def _lao_again() -> Iterator[None]:
    yield
    set_language("lo")


def test_a_sentence_without_a_translation_appears_in_english() -> None:
    set_language("lo")
    assert _("A sentence nobody wrote.") == "A sentence nobody wrote."


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_are_no_words_in_any_language(language: str) -> None:
    assert in_language(language, "") == ""


def test_places_are_filled_by_name() -> None:
    assert in_language("en", "%(amount)s kip", amount="5,000") == "5,000 kip"


def test_the_font_has_a_glyph_for_every_letter_of_the_catalogues() -> None:
    font = ImageFont.truetype(str(assets() / "fonts" / "KioskSans-Regular.ttf"), 40)
    nothing = bytes(font.getmask("\U0010ffff"))
    letters: set[str] = set()
    for domain in ("kiosk", "django"):
        for language in LANGUAGES:
            for message in read(domain, language):
                said = message.string
                letters.update(*([said] if isinstance(said, str) else said or ()), str(message.id))
    assert len(letters) > 130
    missing = {one for one in letters if not one.isspace() and bytes(font.getmask(one)) == nothing}
    assert missing - {"\u200b"} == set()


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="xx"):
        set_language("xx")


@pytest.mark.parametrize(
    ("day", "english"),
    [
        ("1990", "1990"),
        ("1990-05", "May 1990"),
        ("1990-05-12", "May 12, 1990"),
        (date(2026, 11, 23), "November 23, 2026"),
    ],
)
def test_a_date_is_shown_as_far_as_it_is_known(day: date | str, english: str) -> None:
    assert format_date(day, "en") == english


def test_lao_dates_have_lao_months() -> None:
    assert format_date("1990-05-12", "lo") == "12 ພຶດສະພາ 1990"


def test_a_doubtful_clock_is_said_to_be_one() -> None:
    doubtful = Stamp(at_ms=0, quality=TimeQuality.UNKNOWN)
    assert "clock may be wrong" in format_day_and_time(doubtful, "en")


def test_kip_are_whole() -> None:
    assert format_money(12_500, "en") == "12,500 kip"


def test_a_number_keeps_every_digit_that_was_given() -> None:
    assert format_number(1234.56789, "en") == "1,234.56789"
    assert format_number(1234.56789, "lo") == "1.234,56789"


def test_lao_breaks_between_words_and_nothing_is_lost() -> None:
    sentence = "ທ່ານສາມາດຍື່ນຄຳຮ້ອງ at home, ໄດ້."
    pieces = line_pieces(sentence)
    assert "".join(pieces) == sentence
    assert "ສາມາດ" in pieces


@pytest.mark.parametrize("domain", ["kiosk", "django"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_with_its_places(domain: str, language: str) -> None:
    assert catalogue_path(domain, language).exists()
    translated = read(domain, language)
    missing, broken = [], []
    for message in gather(domain):
        if not message.id:
            continue
        known = translated.get(message.id)
        if known is None or not known.string:
            missing.append(message.id)
        elif list(known.check()):
            broken.append(message.id)
    assert not missing
    assert not broken
