"""Sizes on glass are at least the millimetres asked for."""

import pytest

from kiosk.panels import PANELS, PanelProfile
from kiosk.screens.panel import (
    GLYPH_BODY_MM,
    GLYPH_OF_EM,
    font_px,
    glass_mm,
    letters_that_fit,
    mm,
    unlarged,
    use_panel,
)


@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_a_length_in_dots_is_never_shorter_than_asked(panel: PanelProfile) -> None:
    for length_mm in (0.2, 1.0, 9.0, 15.0, 20.0):
        dots = panel.mm(length_mm)
        assert length_mm <= dots / panel.px_per_mm < length_mm + 1 / panel.px_per_mm + 1e-9


def test_a_ten_inch_panel_is_as_wide_as_its_glass() -> None:
    assert PANELS["10in-1280x800"].width_mm == pytest.approx(217, abs=1)
    assert PANELS["10in-1024x600"].width_mm == pytest.approx(222, abs=1)


@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_twelve_keys_of_fifteen_millimetres_fit_beside_each_other(panel: PanelProfile) -> None:
    assert panel.width_mm >= 12 * 15 + 11 * 2 + 2 * 2


def test_a_letters_height_is_measured_on_the_capital() -> None:
    assert pytest.approx(6.72, abs=0.01) == GLYPH_BODY_MM / GLYPH_OF_EM


def test_larger_letters_are_offered_where_a_page_has_room_for_them() -> None:
    offered = {}
    for name, panel in PANELS.items():
        use_panel(panel)
        offered[name] = letters_that_fit()
    use_panel(PANELS["10in-1280x800"])
    assert offered == {
        "10in-1280x800": (100,),
        "10in-1024x600": (100,),
        "15in-1920x1080": (100, 150),
        "21in-1920x1080": (100, 150, 200),
        "21in-1080x1920": (100, 120),
    }


def test_letters_grow_and_what_never_moves_does_not() -> None:
    use_panel(PANELS["21in-1920x1080"], letters=200)
    grown, stays = font_px(GLYPH_BODY_MM), font_px(unlarged(GLYPH_BODY_MM))
    on_glass = glass_mm(14)
    use_panel(PANELS["21in-1920x1080"])
    assert grown == pytest.approx(2 * font_px(GLYPH_BODY_MM), abs=2)
    assert (stays, on_glass) == (font_px(GLYPH_BODY_MM), mm(14))
    use_panel(PANELS["10in-1280x800"])
