"""Whether she who complained is satisfied with the answer: one touch, or ask to look again.

What she says goes to the office that answered, without her name. A complaint that is to be looked
at again keeps its reference and its receipt.
"""

from typing import Any

from kiosk.desk import CannotKeep
from kiosk.finding import Found
from kiosk.language import N_, _
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.widgets import Tile
from kiosk.services import NoSuchService
from sync.reply import Verdict

HEADING = N_("Are you satisfied with the answer?")
CHOICES = (
    (Verdict.SATISFIED, "tick-ring", N_("Yes, I am satisfied")),
    (Verdict.AGAIN, "restart", N_("No, please look at it again")),
    (Verdict.NOT_SATISFIED, "cross-box", N_("No, but leave it at that")),
)
THANKS = N_("Thank you. The office will read what you said.")
WITHDRAWN = N_("This cannot be sent from here now. Please call the number on your receipt.")


class VerdictScreen(Screen):
    """The question and its three answers."""

    def open(self, **given: Any) -> None:
        """Takes `finding`."""
        self._found: Found = given["finding"]
        for verdict, icon, _words in CHOICES:
            tile = Tile(icon=icon)
            tile.bind(on_release=lambda _tile, verdict=verdict: self.say(verdict))
            self.ids.tiles.add_widget(tile)

    def refresh(self) -> None:
        """Say it in the present language."""
        for tile, (_verdict, _icon, words) in zip(
            reversed(self.ids.tiles.children), CHOICES, strict=True
        ):
            tile.text = _(words)

    def say(self, verdict: Verdict) -> None:
        """File it, and thank her."""
        try:
            self.desk.reply(self._found, verdict)
        except CannotKeep as problem:
            self.shell.notice(str(problem), "warn")
        except NoSuchService:
            self.shell.notice(_(WITHDRAWN), "warn")
        else:
            self.shell.finish()
            self.shell.notice(_(THANKS), "good")

    def spoken(self) -> tuple[str, ...]:
        """The question and its answers."""
        return (HEADING, *(words for _verdict, _icon, words in CHOICES))


load_rules(__file__)
