"""The entrance: choose a language, each in its own script; then perhaps "take my time".

It is what a passer-by sees, so it says in both languages what the machine is for. A language tile
begins the visit: nothing is asked for, no card, no number.
"""

from typing import Any

from kivy.properties import StringProperty

from kiosk.language import LANGUAGES, N_, NAMES, in_language
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.widgets import Tile

INVITATION = N_("Touch here to begin")
CALM = N_("I need more time for each page")


class AttractScreen(Screen):
    """Waits for somebody and asks for the language."""

    shows_back = False
    shows_start_over = False
    office = StringProperty("")
    calm_words = StringProperty("")

    def open(self, **given: Any) -> None:
        """Offer every language in its own words."""
        del given
        for code in LANGUAGES:
            tile = Tile(text=NAMES[code], detail=in_language(code, INVITATION), icon="forward")
            tile.bind(on_release=lambda _tile, chosen=code: self.choose(chosen))
            self.ids.languages.add_widget(tile)

    def refresh(self) -> None:
        """Say whose kiosk it is."""
        self.office = self.desk.office_name()
        self.calm_words = "\n".join(in_language(code, CALM) for code in LANGUAGES)

    def choose(self, code: str) -> None:
        """Begin a visit in that language, unless somebody's receipt still lies in the printer."""
        if self.shell.waits_for_ticket(code):
            return
        self.visit.begin(code)
        self.visit.calm = bool(self.ids.calm.chosen)
        self.shell.home()

    def spoken(self) -> tuple[str, ...]:
        """The invitation."""
        return (INVITATION, CALM)


load_rules(__file__)
