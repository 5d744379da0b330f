"""Every declared pair of colours can be read, and the widgets use only declared tokens."""

import re
from pathlib import Path

import pytest

from kiosk.screens.theme import (
    SHAPE_CONTRAST,
    SHAPE_PAIRS,
    TEXT_CONTRAST,
    TEXT_PAIRS,
    Theme,
    colour,
    contrast,
    theme,
)

SCREENS = Path(__file__).resolve().parents[2] / "kiosk" / "screens"


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(colour("#000000"), colour("#FFFFFF")) == pytest.approx(21)
    assert contrast(colour("#777777"), colour("#FFFFFF")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("pair", TEXT_PAIRS, ids="-on-".join)
def test_words_stand_out_seven_to_one(pair: tuple[str, str]) -> None:
    ink, ground = (getattr(theme, name) for name in pair)
    assert contrast(ink, ground) >= TEXT_CONTRAST


@pytest.mark.parametrize("pair", SHAPE_PAIRS, ids="-on-".join)
def test_shapes_stand_out_three_to_one(pair: tuple[str, str]) -> None:
    ink, ground = (getattr(theme, name) for name in pair)
    assert contrast(ink, ground) >= SHAPE_CONTRAST


def test_the_pages_name_only_tokens_that_exist() -> None:
    named = {
        token
        for path in SCREENS.glob("*.kv")
        for token in re.findall(r"\btheme\.(\w+)", path.read_text("utf-8"))
    }
    assert named
    assert named <= set(Theme.__dataclass_fields__)


def test_no_page_mixes_a_colour_of_its_own() -> None:
    for path in SCREENS.glob("*.kv"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            assert "#" not in line.split("#:")[0].split("# ")[0], f"{path.name}:{number}"
