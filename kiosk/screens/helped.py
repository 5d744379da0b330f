"""The applicant confirms what a clerk has entered for her; then it is handed in.

It is the applicant who is asked, by a page of its own that can be read to her: what is handed in
names the clerk and says that the applicant confirmed it.
"""

from kivy.properties import StringProperty

from kiosk.language import N_, _
from kiosk.screens.hand_in import HandInScreen
from kiosk.screens.rules import load_rules

HEADING = N_("Is it as you said?")
TO_HER = N_(
    "To the applicant: %(name)s has helped you. Look at what was entered for you, "
    "or let it be read to you, before you confirm it."
)
CONFIRM = N_("I have seen or heard it")


class HelpedScreen(HandInScreen):
    """Asks the applicant, not the clerk."""

    told = StringProperty("")

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
        return (HEADING, CONFIRM)


load_rules(__file__)
