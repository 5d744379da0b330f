"""What becomes of her answers, on a page before the first question; one main action.

Shown once for each form that is begun, every page of it. Going on agrees to nothing: what rests on
consent is a question of the form, asked where it belongs.
"""

from pathlib import Path
from typing import Any

from kiosk.forms.parts import RECORDED_PURPOSES
from kiosk.language import N_, _, language
from kiosk.notice import told
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.service_clips import ServiceClips
from kiosk.screens.sheet import asks
from kiosk.screens.widgets import fact_rows
from kiosk.services import NoSuchService

HEADING = N_("What becomes of your answers")


class NoticeScreen(Screen):
    """One service, after Apply and before its first question."""

    service_id = ""

    def open(self, **given: Any) -> None:
        """Takes `service_id`; the entry is the visit's."""
        self.service_id = given["service_id"]
        self._clips = ServiceClips()
        self._headings: tuple[str, ...] = ()

    def refresh(self) -> None:
        """Say it in the present language."""
        try:
            sheet = self.desk.service(self.service_id).descriptor
        except NoSuchService:  # withdrawn while somebody read it
            self.shell.home()
            return
        facts = list(told(sheet, language()))
        self._headings = tuple(dict.fromkeys(name for _icon, name, _lines in facts))
        rows = (fact_rows(icon, _(name), lines) for icon, name, lines in facts)
        self.ids.facts.show([row for group in rows for row in group], keep_page=True)

    def proceed(self) -> None:
        """To what she has not seen of it, then to the first question.

        Back from there leads to the page before this one.
        """
        facts = self.ids.facts
        if facts.page < facts.pages - 1:
            facts.turn(1)
            return
        self.shell.replace("question" if asks(self.visit) else "check", service_id=self.service_id)

    def clips(self) -> tuple[Path, ...]:
        """What was recorded of it in the present language."""
        try:
            service = self.desk.service(self.service_id)
        except NoSuchService:
            return ()
        return self._clips.of([service.recording(RECORDED_PURPOSES, language())])

    def close(self) -> None:
        """Let go of the recording."""
        self._clips.close()

    def spoken(self) -> tuple[str, ...]:
        """The headings; the facts themselves are the service's own recording."""
        return (HEADING, *self._headings)


load_rules(__file__)
