"""Help: what the fixed places do, and that a person can be asked."""

from typing import Any

from kiosk.language import N_, _
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.widgets import Fact

HEADING = N_("Help")
TOPICS = (
    (
        "person",
        N_("Ask a person"),
        N_("The staff at the desk help you free of charge, also to fill in the form."),
    ),
    ("back", N_("Back"), N_("Goes one step back. Your answers stay.")),
    ("listen", N_("Listen"), N_("Reads the page to you where a recording exists.")),
    ("language", N_("Language"), N_("Changes the language at any time. Your answers stay.")),
    ("restart", N_("Start over"), N_("Erases everything and goes to the first page.")),
    (
        "receipt",
        N_("Your receipt"),
        N_("It proves that you applied. Keep it: with it you can see the answer here."),
    ),
)
SENDING = N_("Sending")


class HelpScreen(Screen):
    """Explains the screen itself."""

    def refresh(self) -> None:
        """Show the topics in the current language."""
        rows = [Fact(icon=icon, name=_(name), text=_(text)) for icon, name, text in TOPICS]
        rows.append(Fact(icon="hourglass", name=_(SENDING), text=self.desk.readiness().road()))
        self.ids.topics.show(rows, keep_page=True)

    def spoken(self) -> tuple[str, ...]:
        """All topics."""
        return (HEADING, *(part for _icon, *words in TOPICS for part in words))

    def open(self, **given: Any) -> None:
        """Nothing is needed to help."""
        del given


load_rules(__file__)
