"""A page with a pad of figures: a PIN is typed here, unseen, and forgotten when the page is left.

The technician's door and the clerk's signing in are such pages.
"""

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.screens.keyboard import Key
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from sync.pin import DIGITS_MAX

FIGURES = ("1", "2", "3", "4", "5", "{backspace}", "6", "7", "8", "9", "0", "{clear}")
DOT = "•"


class PadScreen(Screen):
    """Takes figures; what becomes of them is the page's own."""

    heading = StringProperty("")
    told = StringProperty("")
    tone = StringProperty("news")
    shown = StringProperty("")
    may_try = BooleanProperty(False)

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._typed = ""

    def lay_out_keys(self) -> None:
        """Put the figures on the page."""
        for value in FIGURES:
            key = Key(value)
            key.bind(on_release=self._press)
            self.ids.pad.add_widget(key)

    def _press(self, key: Key) -> None:
        match key.value:
            case "{backspace}":
                self.type(self._typed[:-1])
            case "{clear}":
                self.type("")
            case figure:
                self.begins_to_type()
                self.type((self._typed + figure)[:DIGITS_MAX])

    def begins_to_type(self) -> None:
        """A figure is typed: what was wrong before is said no longer."""

    def type(self, typed: str) -> None:
        """Let this be what is typed."""
        self._typed = typed
        self.shown = self.shows(typed)
        self.refresh()

    def shows(self, typed: str) -> str:
        """What is seen of it."""
        return " ".join(DOT * len(typed))

    def try_it(self) -> None:
        """Continue with what is typed."""

    def scanned(self, text: str) -> bool:
        """Nothing is looked up here."""
        del text
        return True

    def close(self) -> None:
        """Forget what was typed."""
        self._typed = self.shown = ""


load_rules(__file__)
