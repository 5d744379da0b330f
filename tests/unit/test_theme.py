"""Every declared pair of colours can be read, and the widgets use only declared tokens."""

import re
from pathlib import Path

import pytest

from kiosk.screens.theme import (
    PLAIN,
    SHAPE_CONTRAST,
    SHAPE_PAIRS,
    STRONG,
    TEXT_PAIRS,
    THEMES,
    Theme,
    colour,
    contrast,
    theme,
    use_theme,
)

SCREENS = Path(__file__).resolve().parents[2] / "kiosk" / "screens"


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(colour("#000000"), colour("#FFFFFF")) == pytest.approx(21)
    assert contrast(colour("#777777"), colour("#FFFFFF")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", THEMES)
def test_words_and_shapes_stand_out_from_every_ground_declared_for_them(name: str) -> None:
    worn = THEMES[name]
    declared = {
        **dict.fromkeys(SHAPE_PAIRS, SHAPE_CONTRAST),
        **dict.fromkeys(TEXT_PAIRS, worn.text_contrast),
    }
    found = {pair: contrast(*(getattr(worn, token) for token in pair)) for pair in declared}
    assert {pair: ratio for pair, ratio in found.items() if ratio < declared[pair]} == {}


def test_words_have_seven_to_one_and_fifteen_for_whoever_wants_more() -> None:
    assert THEMES["plain"].text_contrast == pytest.approx(7)
    assert THEMES["strong"].text_contrast == pytest.approx(15)


def test_a_colour_is_asked_for_when_it_is_needed() -> None:
    assert theme.page == PLAIN.page
    use_theme(STRONG)
    assert theme.page == STRONG.page
    use_theme(PLAIN)


def test_the_pages_name_only_tokens_that_exist() -> None:
    named = {
        token
        for path in (*SCREENS.glob("*.kv"), *SCREENS.glob("*.py"))
        for token in re.findall(r"(?<!screens\.)\btheme\.(\w+)", path.read_text("utf-8"))
    }
    assert named
    assert named <= set(Theme.__dataclass_fields__)


def test_no_page_mixes_a_colour_of_its_own() -> None:
    for path in SCREENS.glob("*.kv"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            assert "#" not in line.split("#:")[0].split("# ")[0], f"{path.name}:{number}"
