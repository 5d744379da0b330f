"""The entrance: choose a language, each in its own script; then perhaps "take my time".

It is what a passer-by sees, so it says in both languages what the machine is for. A language tile
begins the visit: nothing is asked for, no card, no number.

A technician holds the word of welcome for five seconds, or presses 0 five times on a keypad, and is
asked for the PIN.
"""

from time import monotonic
from typing import Any

from kivy.properties import StringProperty

from kiosk.language import LANGUAGES, N_, NAMES, in_language, language
from kiosk.screens.look import spoken_choices
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.widgets import Tile

INVITATION = N_("Touch here to begin")
CALM = N_("I need more time for each page")
KNOCK, KNOCKS, KNOCKING_S = "0", 5, 5.0  # a figure that chooses nothing here


class AttractScreen(Screen):
    """Waits for somebody and asks for the language."""

    shows_back = False
    shows_start_over = False
    office = StringProperty("")
    calm_words = StringProperty("")

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._knocks_s: list[float] = []

    def open(self, **given: Any) -> None:
        """Offer every language in its own words."""
        del given
        for code in LANGUAGES:
            tile = Tile(text=NAMES[code], detail=in_language(code, INVITATION), icon="forward")
            tile.bind(on_release=lambda _tile, chosen=code: self.choose(chosen))
            self.ids.languages.add_widget(tile)
        self.ids.calm.chosen = self.visit.calm

    def refresh(self) -> None:
        """Say whose kiosk it is."""
        self.office = self.desk.office_name()
        self.calm_words = "\n".join(in_language(code, CALM) for code in LANGUAGES)
        self.ids.contrast.refresh()
        self.ids.letters.refresh()

    def choose(self, code: str) -> None:
        """Begin a visit in that language, unless somebody's receipt still lies in the printer."""
        if self.shell.waits_for_ticket(code):
            return
        self.visit.begin(code)
        self.shell.home()

    def take_time(self) -> None:
        """She needs more time, or no longer; begun or not, the visit knows it."""
        self.visit.calm = self.ids.calm.chosen = not self.visit.calm

    def close(self) -> None:
        """A finger that still rests here opens nothing in somebody's visit."""
        self.ids.welcome.let_go()

    def ask_technician(self) -> None:
        """Ask for the PIN; silence ends that like any visit."""
        self.visit.begin(language())
        self.shell.go("pin")

    def figure(self, figure: str) -> bool:
        """Five times nought in a row is a knock on the technician's door."""
        now_s = monotonic()
        self._knocks_s = [at_s for at_s in self._knocks_s if now_s - at_s < KNOCKING_S]
        self._knocks_s = [*self._knocks_s, now_s] if figure == KNOCK else []
        if len(self._knocks_s) == KNOCKS:
            self.ask_technician()
            return True
        return False

    def spoken(self) -> tuple[str, ...]:
        """The invitation."""
        return (INVITATION, CALM, *spoken_choices())


load_rules(__file__)
