"""The end: thank you, then an empty house. Everything was wiped before this page was shown."""

from typing import Any

from kivy.clock import Clock

from kiosk.language import N_
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen

THANKS = N_("Thank you")
ERASED = N_("Everything you typed was erased from this screen.")
SHOWN_S = 12.0  # long enough to read; then the entrance waits for the next person


class EndScreen(Screen):
    """Says goodbye; goes to the entrance by itself."""

    shows_back = False

    def open(self, **given: Any) -> None:
        """Begin to wait."""
        del given
        self._waiting = Clock.schedule_once(lambda _dt: self.shell.wipe(), SHOWN_S)

    def close(self) -> None:
        """Wait no longer."""
        self._waiting.cancel()

    def spoken(self) -> tuple[str, ...]:
        """The thanks."""
        return (THANKS, ERASED)


load_rules(__file__)
