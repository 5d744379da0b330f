"""The keys of a real keyboard or a 12-key pad: what they are called, and where Tab begins.

Kivy moves the focus from widget to widget with Tab once something has it; a fresh page has nothing
focused, so the first Tab is looked after here. Digits, backspace and Enter go to the page, so that
a number can be typed on a keypad as on the glass.
"""

from kivy.uix.behaviors import FocusBehavior
from kivy.uix.widget import Widget

from kiosk.screens.text import Field

NAMES = {  # SDL's key codes, as Kivy hands them on
    8: "backspace",
    9: "tab",
    13: "enter",
    32: "spacebar",
    266: ".",
    271: "numpadenter",
}
FIRST_KEYPAD_DIGIT, LAST_KEYPAD_DIGIT = 256, 265


def key_name(code: int, text: str | None) -> str:
    """The key's name: a character, or what it does."""
    if code in NAMES:
        return NAMES[code]
    if FIRST_KEYPAD_DIGIT <= code <= LAST_KEYPAD_DIGIT:
        return str(code - FIRST_KEYPAD_DIGIT)
    return text or ""


def focused(root: Widget) -> Widget | None:
    """What has the focus, in this part of the screen."""
    found = (w for w in root.walk(restrict=True) if isinstance(w, FocusBehavior) and w.focus)
    return next(found, None)


def focus_first(*places: Widget | None) -> bool:
    """Give the focus to the first thing in these places that may have it; buttons before fields."""
    for place in places:
        if place is None:
            continue
        able = filter(_can_be_focused, place.walk(restrict=True))
        for widget in sorted(able, key=lambda one: isinstance(one, Field)):
            widget.focus = True
            return True
    return False


def _can_be_focused(widget: Widget) -> bool:
    able = isinstance(widget, FocusBehavior) and widget.is_focusable and not widget.disabled
    return bool(able and widget.width and widget.height)
