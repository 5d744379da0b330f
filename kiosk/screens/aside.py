"""Set aside for another day: what the slip is, until when it is good, and how the paper is.

Without a paper or a photograph of the code nobody can open her answers again. So it is said before
she leaves, and the code stands on the glass, large, for a telephone's camera.
"""

from collections.abc import Callable
from typing import Any

from kivy.properties import StringProperty

from kiosk.desk import CannotKeep
from kiosk.language import N_, _, format_date
from kiosk.printing.jobs import JobState
from kiosk.printing.square import render_qr
from kiosk.screens.receipt import code_texture  # and with it the widget that shows a code
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen

KEPT = N_("Your answers are kept for another day")
NOT_YET = N_("Nothing is handed in yet.")
UNTIL = N_("Kept in this kiosk until %(day)s.")
DAYS = N_("Kept in this kiosk for %(days)s days.")
PRINTING = N_("Your paper is being printed. With it you go on here.")
PRINTED = N_("Take the paper and keep it safe: whoever holds it reads your answers.")
DOUBTFUL = N_("Did the paper come out whole? If not, photograph the code.")
NOT_SAFE = N_("Photograph this code with a telephone")
PHOTOGRAPH = N_("No paper comes out now. Without a photograph your answers are lost.")
ERASE = N_("Erase my answers")
HAVE_PHOTOGRAPH = N_("I have a photo")
FINISH = N_("Finish")


class AsideScreen(Screen):
    """What she needs to come back."""

    shows_back = False
    heading = StringProperty("")
    until = StringProperty("")
    paper = StringProperty("")
    paper_icon = StringProperty("printer")
    main_action = StringProperty("")

    def open(self, **given: Any) -> None:
        """The entry that was set aside is the visit's."""
        del given
        aside = self.visit.aside
        if aside is not None:
            self.ids.code.texture = code_texture(render_qr(aside.code.text))

    def refresh(self) -> None:
        """Say how the paper is now."""
        aside = self.visit.aside
        if aside is None:
            return
        until = aside.until
        self.until = _(UNTIL, day=format_date(until)) if until else _(DAYS, days=aside.days)
        words, self.paper_icon = self._paper()
        self.paper = _(words)
        self.heading = _(NOT_SAFE if words == PHOTOGRAPH else KEPT)
        self.main_action = _(HAVE_PHOTOGRAPH if words == PHOTOGRAPH else FINISH)

    def _paper(self) -> tuple[str, str]:
        """An English message about the paper, and its icon."""
        aside = self.visit.aside
        state = self.desk.job_state(aside.job) if aside is not None and aside.job else None
        match state:
            case JobState.PRINTED:
                return PRINTED, "tick-ring"
            case JobState.UNKNOWN:
                return DOUBTFUL, "warning"
            case JobState.SENDING:
                return PRINTING, "printer"
            case JobState.QUEUED if self.desk.readiness().printer.prints:
                return PRINTING, "printer"
            case _:
                return PHOTOGRAPH, "camera"

    def proceed(self) -> None:
        """She has what she needs."""
        aside = self.visit.aside
        if aside is not None and self._paper()[0] == PHOTOGRAPH:
            self._do(lambda: self.desk.photographed(aside))
        else:
            self.shell.finish()

    def go_on(self) -> None:
        """She stays after all."""
        aside = self.visit.aside
        if aside is not None:
            self.shell.go_on(aside.code)

    def erase(self) -> None:
        """She wants nothing kept; asked once more, for it cannot be undone."""
        aside = self.visit.aside
        if aside is None:
            return
        self.shell.ask(
            _("Do you want to erase your answers? The paper then opens nothing."),
            yes=_(ERASE),
            no=_("Keep my answers"),
            on_yes=lambda: self._do(lambda: self.desk.give_up(aside.id)),
        )

    def _do(self, act: Callable[[], None]) -> None:
        """Do it and say goodbye, or say why it could not be done."""
        try:
            act()
        except CannotKeep as problem:
            self.shell.notice(str(problem), "warn")
        else:
            self.shell.finish()

    def close(self) -> None:
        """The code opens her answers: it does not stay in the picture's memory."""
        self.ids.code.texture = None

    def back(self) -> bool:
        """Nothing leads back: the form is closed."""
        return True

    def spoken(self) -> tuple[str, ...]:
        """What was done, and what the paper is."""
        words = self._paper()[0]
        return (NOT_SAFE if words == PHOTOGRAPH else KEPT, NOT_YET, words)


load_rules(__file__)
