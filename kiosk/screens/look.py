"""How the pages look, chosen by a touch at the entrance or in Help: for whoever sees little.

The choice lasts for the visit and ends with it: see `Visit.look` and `Shell.wear`. Larger letters
come with larger everything, so that what fits the smallest panel fits here: they are offered on
glass that has the room (see `panel.letters_that_fit`), and the fixed places keep their size.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.language import LANGUAGES, N_, _, in_language
from kiosk.screens.panel import letters_that_fit
from kiosk.screens.rules import load_rules
from kiosk.screens.widgets import Tappable

if TYPE_CHECKING:
    from kiosk.screens.shell import Shell

CONTRAST = N_("Strong contrast")
LETTERS = N_("Letters")
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


class LettersTile(LookTile):
    """Larger letters, where the glass has room for them; each touch gives the next size."""

    shell: "Shell" = ObjectProperty()
    in_all = BooleanProperty(True)  # said in every language, as at the entrance

    def refresh(self) -> None:
        """Say it, and how large they are."""
        letters = self.shell.visit.look.letters
        said = [in_language(code, LETTERS) for code in LANGUAGES] if self.in_all else [_(LETTERS)]
        said[-1] += f" {letters} %"
        self.text = "\n".join(said)
        self.chosen = letters != 100  # noqa: PLR2004 - percent: the usual size
        if len(letters_that_fit()) == 1:
            self.disabled, self.opacity = True, 0

    def on_release(self) -> None:
        """The next size, round and round."""
        look, sizes = self.shell.visit.look, letters_that_fit()
        following = sizes[(sizes.index(look.letters) + 1) % len(sizes)]
        self.shell.wear(replace(look, letters=following))


class LookChoices(BoxLayout):
    """What may be chosen, as a row of Help."""

    shell: "Shell" = ObjectProperty()
    contrast_words = StringProperty("")
    strong = BooleanProperty(False)

    def refresh(self) -> None:
        """Say it in the current language."""
        self.contrast_words = _(CONTRAST)
        self.strong = self.shell.visit.look.strong
        if len(letters_that_fit()) > 1 and self.ids.letters.parent is not None:
            self.ids.letters.refresh()
        else:
            self.remove_widget(self.ids.letters)

    def change_contrast(self) -> None:
        """The other colours."""
        other_contrast(self.shell)


def spoken_choices() -> tuple[str, ...]:
    """What may be chosen here, as Listen says it."""
    return (CONTRAST, LETTERS) if len(letters_that_fit()) > 1 else (CONTRAST,)


def other_contrast(shell: "Shell") -> None:
    """Strong contrast, or the usual colours again."""
    look = shell.visit.look
    shell.wear(replace(look, strong=not look.strong))


load_rules(__file__)
