"""A page on which somebody hands in what the visit holds: by herself, or after a clerk helped her.

The receipt is shown only after the disk has the application. A full disk is said in the desk's own
sentence; then nothing was handed in and every answer is kept.
"""

from contextlib import suppress
from typing import Any

from kivy.clock import Clock
from kivy.properties import StringProperty

from kiosk.desk import CannotKeep, NotReady, Submitted
from kiosk.forms.entry import Entry
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.services import NoSuchService
from sync.journey import CONFIRM

READING_S = 0.3  # the page is on the glass by then, and nobody has read it yet


class HandInScreen(Screen):
    """Prepares the receipt while she reads, and leads to it."""

    problem = StringProperty("")
    service_id = ""

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._ahead = Clock.create_trigger(self._prepare_receipt, READING_S)

    def open(self, **given: Any) -> None:
        """Takes `service_id`."""
        self.service_id = given["service_id"]
        self._ahead()

    def close(self) -> None:
        """Nothing is prepared any more."""
        self._ahead.cancel()

    def _prepare_receipt(self, _dt: float) -> None:
        """While she reads: nobody should wait for the receipt after the touch."""
        with suppress(NoSuchService):
            due = self.desk.due_date(self.desk.service(self.service_id))
            self.shell.prepare("receipt", due=due)

    def submit(self, *, with_copy: bool = False) -> None:
        """Hand it in and show the receipt, or say why that cannot be.

        Args:
            with_copy: she wants her answers on paper besides.
        """
        entry = self.visit.entry
        if entry is None:  # handed in a moment ago
            return
        try:
            submitted = self.desk.submit(
                entry,
                assisted_by=self.visit.helper,
                correction=self.visit.correction,
                before=self.visit.reopened,
            )
        except CannotKeep as problem:
            self.problem = str(problem)
            self.visit.is_told((CONFIRM,))
        except NotReady:
            self.shell.back()
        else:
            not_printed = self._print_copy(entry, submitted) if with_copy else ""
            self.visit.hands_in(submitted)
            self.shell.replace("receipt", service_id=self.service_id)
            if not_printed:
                self.shell.notice(not_printed, "warn")

    def _print_copy(self, entry: Entry, submitted: Submitted) -> str:
        """What kept it from being printed; empty: nothing did."""
        try:
            self.desk.print_copy(entry, submitted)
        except CannotKeep as problem:
            return str(problem)
        return ""


load_rules(__file__)
