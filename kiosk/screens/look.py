"""How the pages look, chosen by a touch at the entrance or in Help: for whoever sees little.

The choice lasts for the visit and ends with it: see `Visit.look` and `Shell.wear`.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.language import LANGUAGES, N_, _, in_language
from kiosk.screens.rules import load_rules
from kiosk.screens.widgets import Tappable

if TYPE_CHECKING:
    from kiosk.screens.shell import Shell

CONTRAST = N_("Strong contrast")
CONTRAST_SHORT = N_("Contrast")


class LookTile(Tappable):
    """A small place to choose how things look: a sign and a word."""

    icon = StringProperty("")
    text = StringProperty("")
    chosen = BooleanProperty(False)


class ContrastTile(LookTile):
    """Strong contrast, at the entrance: said in every language."""

    shell: "Shell" = ObjectProperty()

    def refresh(self) -> None:
        """Say it in every language, as none is chosen yet."""
        self.text = "\n".join(in_language(code, CONTRAST_SHORT) for code in LANGUAGES)
        self.chosen = self.shell.visit.look.strong

    def on_release(self) -> None:
        """The other colours."""
        other_contrast(self.shell)


class LookChoices(BoxLayout):
    """What may be chosen, as a row of Help."""

    shell: "Shell" = ObjectProperty()
    contrast_words = StringProperty("")
    strong = BooleanProperty(False)

    def refresh(self) -> None:
        """Say it in the current language."""
        self.contrast_words = _(CONTRAST)
        self.strong = self.shell.visit.look.strong

    def change_contrast(self) -> None:
        """The other colours."""
        other_contrast(self.shell)


def other_contrast(shell: "Shell") -> None:
    """Strong contrast, or the usual colours again."""
    look = shell.visit.look
    shell.wear(replace(look, strong=not look.strong))


load_rules(__file__)
