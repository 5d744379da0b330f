"""The doors that keys and a window manager would open out of the program, shut.

Kivy offers settings at F1, leaves at Escape, and its modules (inspector, screen pictures, full
screen) listen to function keys and to combinations. A kiosk needs none of these: what it does with
keys is done where a key goes down (`pointer`) and where text is typed. So none of them gets further
here, whatever listens. A window manager that is told to close the window (Alt+F4) is refused where
the kiosk fills its screen; a technician ends the program from outside.
"""

from typing import Any

ESCAPE = 27
FUNCTION_KEYS = {*range(282, 297), *range(0x4000003A, 0x40000046), *range(0x40000068, 0x40000074)}
SYSTEM_KEYS = {  # print screen, scroll lock, pause, menu, the keys with a system's sign
    *(19, 144, 145, 302, *range(309, 320), 1001),
    *(*range(0x40000046, 0x40000049), 0x40000065, 0x40000066, 0x40000075, 0x40000076),
    *(0x400000E3, 0x400000E7),
}
COMBINING = {"ctrl", "alt", "meta"}


def shut(window: Any, *, stays: bool) -> None:
    """Shut them; after whatever else listens has been bound, so that this hears first.

    Args:
        window: Kivy's.
        stays: nobody closes it from within; False on a desk, where it is one window of many.
    """
    window.bind(on_keyboard=_swallow, on_request_close=_stays if stays else _closes)


def _swallow(
    _window: object, key: int, _code: int = 0, _text: str | None = None, modifiers: object = ()
) -> bool:
    """Whether a key goes no further."""
    held = set(modifiers) if isinstance(modifiers, list | tuple | set) else set()
    return key in FUNCTION_KEYS or key in SYSTEM_KEYS or key == ESCAPE or bool(held & COMBINING)


def _stays(*_told: object, **_more: object) -> bool:
    return True


def _closes(*_told: object, **_more: object) -> bool:
    return False
