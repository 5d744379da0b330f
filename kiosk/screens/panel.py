"""The glass: how many dots a millimetre has, and what sizes people need on it.

Fingers and eyes are measured in millimetres, so every size on screen is. The requirements come
from EN 301 549 (closed functionality), ADA 707 and research with people who read little: see the
constants. A glyph's size is the height of its capital H, as those standards measure it, not the
font size, which is 1/0.714 of that in KioskSans.
"""

from dataclasses import replace

from kiosk.panels import PANELS, PanelProfile

TOUCH_PRIMARY_MM = 20.0  # the one main action of a page
TOUCH_KEY_MM = 15.0  # a key of the keyboard, where the panel has room
TOUCH_LEAST_MM = 9.0  # anything that may be touched
TOUCH_GAP_MM = 2.0
GLYPH_HEADING_MM = 6.1  # 0.7 degrees at 500 mm (EN 301 549, 5.1.4)
GLYPH_BODY_MM = 4.8  # 3/16 inch (ADA 707.7.2)
PAGE_WIDTH_MM_MAX = 300.0  # 80 letters a line: on wider glass a page stands in the middle
REACH_MM = 270.0  # on higher glass nothing to touch stands higher above its lower edge
GLYPH_OF_EM = 0.714  # capital height of KioskSans / its em (OS/2 table)

LETTERS = (100, 150, 200)  # percent of the usual size
LETTERS_UPRIGHT = 120  # where half as large again has no room, as on an upright panel
LEAST_WIDTH_MM, LEAST_HEIGHT_MM = 216.0, 129.0  # what a page needs, as on the smallest panel


class _Current:
    """What changes here: set once by bootstrap, and by whoever wants larger letters."""

    glass = PANELS["10in-1280x800"]
    panel = glass  # as it is laid out: at 200 % each millimetre takes two of the glass


def use_panel(panel: PanelProfile, letters: int = 100) -> None:
    """Make it the panel that all sizes are for; widgets made before keep theirs."""
    _Current.glass = panel
    use_letters(letters)


def use_letters(letters: int) -> None:
    """Lay everything out so much larger from now on, in percent."""
    glass = _Current.glass
    _Current.panel = replace(glass, px_per_mm=glass.px_per_mm * letters / 100)


def letters_that_fit() -> tuple[int, ...]:
    """The sizes at which a page is still as wide and high as the smallest panel is."""
    width_mm, height_mm = _Current.glass.width_mm, _Current.glass.height_mm
    room = min(width_mm / LEAST_WIDTH_MM, height_mm / LEAST_HEIGHT_MM) * 100
    fitting = tuple(letters for letters in LETTERS[1:] if letters <= room)
    if not fitting and room >= LETTERS_UPRIGHT:
        fitting = (LETTERS_UPRIGHT,)
    return (LETTERS[0], *fitting)


def glass_mm(length_mm: float) -> int:
    """Millimetres of the glass in whole dots, whatever the letters: for what never moves."""
    return _Current.glass.mm(length_mm)


def unlarged(glyph_mm: float) -> float:
    """The height that letters keep on the glass, whatever was chosen."""
    return glyph_mm * _Current.glass.px_per_mm / _Current.panel.px_per_mm


def current_panel() -> PanelProfile:
    """The panel that all sizes are for."""
    return _Current.panel


def mm(length_mm: float) -> int:
    """Millimetres of the current panel in whole dots."""
    return _Current.panel.mm(length_mm)


def font_px(glyph_mm: float) -> int:
    """The font size whose capital H is that high."""
    return mm(glyph_mm / GLYPH_OF_EM)
