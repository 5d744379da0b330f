"""After a power cut in the middle of a receipt: did it come out?

Nothing is printed again by itself, for nobody here can know. Who stands before the kiosk can: she
is asked in the language she applied in, and told her reference, in case it is all she will have.
Another paper is a copy; it proves the application and opens nothing, because the key to it was in
memory only, and is gone.
"""

from typing import Any

from kivy.properties import StringProperty

from kiosk.desk import CannotKeep
from kiosk.language import N_
from kiosk.screens.receipt import DOUBTFUL
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen

CUT_OFF = N_("The power was cut while it was printed. Your application is safe.")


class InterruptedScreen(Screen):
    """Asks whether the receipt came out whole."""

    shows_back = False
    reference = StringProperty("")

    def open(self, **given: Any) -> None:
        """Takes `reference`."""
        self.reference = given["reference"]

    def came_out(self) -> None:
        """She has it in her hand."""
        self._answer(printed_again=False)

    def print_again(self) -> None:
        """It did not: a copy is printed."""
        self._answer(printed_again=True)

    def _answer(self, *, printed_again: bool) -> None:
        try:
            self.desk.settle_interrupted(printed_again=printed_again)
        except CannotKeep as problem:
            self.shell.notice(str(problem), "warn")
            return
        self.shell.finish()

    def back(self) -> bool:
        """Nothing leads back: it is answered, or left."""
        return True

    def spoken(self) -> tuple[str, ...]:
        """The question; the reference itself is hers."""
        return (CUT_OFF, DOUBTFUL)


load_rules(__file__)
