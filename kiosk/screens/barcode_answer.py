"""A code that is scanned while this page is open; or typed, where there is no scanner.

A scan elsewhere opens a receipt. Here it is the answer, unless it is one of our receipts: that is
its holder's key and belongs into no form.
"""

from typing import Any

from kivy.clock import Clock
from kivy.properties import StringProperty

from kiosk.forms.entry import Question
from kiosk.language import N_, _
from kiosk.screens.rules import load_rules
from kiosk.screens.text_answer import TextAnswer

LOOK_S = 1.0
SCAN = N_("Hold the code under the scanner. Or touch the field and type it.")
READ = N_("The code was read. To read another one, hold it under the scanner.")
NO_SCANNER = N_("There is no scanner here. Touch the field and type the code.")
A_RECEIPT = N_("This is the code of a receipt. Please scan the code that is asked for.")


class BarcodeAnswer(TextAnswer):
    """The code in a field, and what to do."""

    told = StringProperty("")

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._begun = True  # the keyboard waits: first the scanner
        self._looking = Clock.schedule_interval(lambda _dt: self._say(), LOOK_S)

    def show(self, question: Question) -> None:
        """Show the code, and whether a scanner waits for it."""
        super().show(question)
        self._say()

    def _say(self) -> None:
        scanner = self.page.shell.devices.scanner
        there = scanner is not None and scanner.connected
        given = bool(self.ids.field.text)
        self.told = _((READ if given else SCAN) if there else NO_SCANNER)

    def entered(self) -> None:
        """Enter ends the code, also of a scanner that types like a keyboard: it is seen first."""
        self.page.shell.keyboard.close()
        self.typed()

    def scanned(self, text: str) -> bool:
        """Take what was read."""
        if self.page.shell.desk.is_receipt(text):
            self.page.complain(A_RECEIPT)
            return True
        self.page.shell.keyboard.close()
        self.typing = False
        self.page.give(self.path, text)
        return True

    def close(self) -> None:
        """Nothing stays, and nobody looks for a scanner any more."""
        self._looking.cancel()
        super().close()


load_rules(__file__)
