"""The receipt on the glass: handed in, the reference and the code large, and how the paper is.

Paper is never the blocker: the application is kept, and all that the paper says is here too, for a
telephone's camera or a pencil. How the printing goes is said in words and looked up again whenever
the ledger changes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from kivy.graphics.texture import Texture
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.desk import CannotKeep, Submitted
from kiosk.language import N_, _, format_date
from kiosk.printing.errors import PrinterCode
from kiosk.printing.jobs import JobState
from kiosk.printing.square import QUIET_MODULES, Modules, render_qr
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen

HANDED_IN = N_("Your application is handed in")
HANDED_IN_COMPLAINT = N_("Your complaint is handed in")
ANSWER_BY = N_("Answer by about %(day)s")
REPLACES = N_("In place of %(reference)s")
PRINTING = N_("Your receipt is being printed.")
PRINTED = N_("Your receipt is printed. Take it and keep it safe.")
LATER = N_("Your receipt will be printed later.")
DECLINED = N_("No paper is printed. Write down the reference.")
NO_PAPER = N_("I need no paper")
CAME_OUT = N_("It came out")
ANOTHER = N_("Other services")
DOUBTFUL = N_("Did the receipt come out whole?")
NO_PRINTER = N_("There is no printer here. Write down the reference.")


def code_texture(modules: Modules) -> Texture:
    """One dot a module with the white border that scanners need; enlarged without blur."""
    side = len(modules) + 2 * QUIET_MODULES
    white_row = b"\xff" * side
    border = b"\xff" * QUIET_MODULES
    rows = [border + bytes(0 if dark else 255 for dark in row) + border for row in modules]
    picture = b"".join([white_row] * QUIET_MODULES + rows + [white_row] * QUIET_MODULES)
    texture = Texture.create(size=(side, side), colorfmt="luminance")
    texture.blit_buffer(picture, colorfmt="luminance", bufferfmt="ubyte")
    texture.mag_filter = texture.min_filter = "nearest"
    texture.flip_vertical()
    return texture


class Code(Widget):
    """A QR with a whole number of dots to each module: sharp edges, as large as it fits."""

    texture = ObjectProperty(None, allownone=True)


class ReceiptScreen(Screen):
    """What she takes home, on the glass."""

    shows_back = False
    heading = StringProperty("")
    reference = StringProperty("")
    due = StringProperty("")
    replaces = StringProperty("")
    paper = StringProperty("")
    paper_icon = StringProperty("printer")
    can_print_again = BooleanProperty(False)
    is_doubtful = BooleanProperty(False)
    can_decline = BooleanProperty(False)
    other_words = StringProperty("")
    other_icon = StringProperty("")
    service_id = ""

    def foresee(self, **given: Any) -> None:
        """Takes `due`, when an answer would be promised now: only the reference is new then."""
        self.heading = _(HANDED_IN)
        self._promise(given["due"])
        self.paper = _(PRINTING)

    def open(self, **given: Any) -> None:
        """Takes `service_id`. The receipt is the visit's."""
        self.service_id = given["service_id"]
        submitted = self.visit.submitted
        if submitted is not None:
            self.reference = submitted.receipt.reference
            self.ids.code.texture = code_texture(render_qr(submitted.receipt.url))

    def refresh(self) -> None:
        """Say how the paper is now."""
        submitted = self.visit.submitted
        if submitted is None:
            return
        self.heading = _(HANDED_IN_COMPLAINT if submitted.receipt.is_complaint else HANDED_IN)
        self._promise(submitted.receipt.due)
        old = submitted.receipt.replaces
        self.replaces = _(REPLACES, reference=old) if old else ""
        state = self.desk.job_state(submitted.job)
        printer = self.desk.readiness().printer
        self.can_print_again = state in (JobState.PRINTED, JobState.UNKNOWN)
        self.is_doubtful = state is JobState.UNKNOWN
        self.can_decline = state is JobState.QUEUED and printer is not PrinterCode.NONE
        words, self.other_icon, _press = self._other()
        self.other_words = _(words)
        self.paper_icon = "tick-ring" if state is JobState.PRINTED else "printer"
        self.paper = _(paper_words(state, printer))

    def _promise(self, due: date | None) -> None:
        self.due = _(ANSWER_BY, day=format_date(due)) if due is not None else ""

    def _other(self) -> tuple[str, str, Callable[[], None]]:
        """What else may be done here: its words, its icon, and what it does."""
        if self.is_doubtful:
            return CAME_OUT, "tick", self.came_out
        if self.can_decline:
            return NO_PAPER, "cross", self.decline
        return ANOTHER, "home", self.shell.home

    def other(self) -> None:
        """The other thing that may be done here."""
        self._other()[2]()

    def close(self) -> None:
        """The code opens her answers: it does not stay in the picture's memory."""
        self.ids.code.texture = None

    def print_again(self) -> None:
        """Another paper, marked as a copy."""
        submitted = self.visit.submitted
        if submitted is not None:
            with self._said():
                job = self.desk.print_again(submitted)
                self.visit.submitted = Submitted(submitted.receipt, job)
            self.refresh()

    def came_out(self) -> None:
        """She has the paper in her hand: nobody else could know."""
        submitted = self.visit.submitted
        if submitted is not None:
            with self._said():
                self.desk.came_out(submitted.job)
            self.refresh()

    def decline(self) -> None:
        """She does without the paper: nothing of hers waits for the printer any more."""
        submitted = self.visit.submitted
        if submitted is not None:
            with self._said():
                self.desk.decline_paper(submitted.job)
            self.refresh()

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Say what could not be stored."""
        try:
            yield
        except CannotKeep as problem:
            self.shell.notice(str(problem), "warn")

    def proceed(self) -> None:
        """On to what belongs to the same life event, or to what she thinks of it.

        Who has just complained is asked no more.
        """
        submitted = self.visit.submitted
        if submitted is not None and submitted.receipt.is_complaint:
            self.shell.finish()
            return
        follows = self.desk.following(self.service_id)
        if follows is None or follows.id in self.visit.handed_in:
            self.shell.replace("feedback", service_id=self.service_id)
        else:
            self.shell.replace("following", service_id=follows.id, after=self.service_id)

    def back(self) -> bool:
        """Nothing leads back: it is handed in."""
        return True

    def spoken(self) -> tuple[str, ...]:
        """That it is handed in; the reference itself is hers."""
        return (HANDED_IN, PRINTED if self.can_print_again else PRINTING)


def paper_words(state: JobState | None, printer: PrinterCode) -> str:
    """How the printing goes: an English message."""
    if state is JobState.PRINTED:
        return PRINTED
    if state is JobState.UNKNOWN:
        return DOUBTFUL
    if state is JobState.DECLINED:
        return DECLINED
    if printer is PrinterCode.NONE:
        return NO_PRINTER
    return PRINTING if printer.prints else LATER


load_rules(__file__)
