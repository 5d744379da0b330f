"""The applicant confirms what a clerk has entered for her; then it is handed in.

It is the applicant who is asked, by a page of its own that can be read to her: what is handed in
names the clerk and says that the applicant confirmed it. She may have her answers on paper, too.
"""

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.language import N_, _
from kiosk.screens.hand_in import HandInScreen
from kiosk.screens.rules import load_rules

HEADING = N_("Is it as you said?")
TO_HER = N_(
    "To the applicant: %(name)s has helped you. See or hear your answers before you confirm them."
)
COPY = N_("Print my answers, too: others can read that paper.")
CONFIRM = N_("I have seen or heard it")


class HelpedScreen(HandInScreen):
    """Asks the applicant, not the clerk."""

    told = StringProperty("")
    can_print = BooleanProperty(False)
    wants_copy = BooleanProperty(False)

    def open(self, **given: Any) -> None:
        """Takes `service_id`."""
        super().open(**given)
        self.can_print = self.desk.readiness().printer.prints

    def refresh(self) -> None:
        """Say it in the present language."""
        helper = self.visit.helper
        if helper is not None:
            self.told = _(TO_HER, name=helper.name)

    def show_answers(self) -> None:
        """She wants to see or hear them once more."""
        self.shell.back()
        self.shell.back()

    def spoken(self) -> tuple[str, ...]:
        """What she is asked; who helped her is not said aloud."""
        return (HEADING, *((COPY,) if self.can_print else ()), CONFIRM)


load_rules(__file__)
