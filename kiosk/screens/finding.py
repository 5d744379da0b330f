"""Finding: where an application stands, as this kiosk last learned, and what to do next.

The status is icon, word and shape together, so that it is clear without colour. How old the news
is stands beside it: the kiosk may have been cut off for days and must not sound surer than it is.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from kivy.properties import BooleanProperty, OptionProperty, StringProperty

from kiosk.desk import CannotKeep
from kiosk.finding import (
    Finding,
    Found,
    NotAReference,
    NotCheckable,
    NotGenuine,
    NotKnownHere,
    OutOfService,
    Progress,
    Question,
    Remedy,
    SlipFound,
)
from kiosk.language import N_, _, format_date, format_day_and_time, language, line_pieces
from kiosk.promise import Promise
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.widgets import fact_rows
from kiosk.services import NoSuchService
from sync.errors import CannotOpen

SIGNS = {  # tone and icon; no two icons alike, but for what means the same of two kinds
    Progress.WAITING: ("news", "hourglass"),
    Progress.SENT: ("news", "forward"),
    Progress.RECEIVED: ("news", "office"),
    Progress.TAKEN_UP: ("news", "person"),
    Progress.RETURNED: ("warn", "send-back"),
    Progress.APPROVED: ("good", "tick-ring"),
    Progress.REJECTED: ("bad", "cross-box"),
    Progress.SET_ASIDE: ("warn", "warning"),
    Progress.ASSIGNED: ("news", "person"),
    Progress.TRANSFERRED: ("news", "transfer"),
    Progress.ANSWERED: ("good", "document"),
    Progress.REOPENED: ("news", "restart"),
    Progress.REPLACED: ("news", "change"),
}
LATE_SIGN = ("warn", "clock")
REMEDIES = {  # the one main action about an application that came back
    Remedy.CORRECT: N_("Correct it now"),
    Remedy.ANEW: N_("Apply again"),
}
CHANGED_MEANWHILE = N_("This cannot be corrected here now. Please ask at the desk.")
NOT_KNOWN = N_("This kiosk has not heard of it yet")
NOT_KNOWN_NEXT = N_(
    "The reference is correct. This kiosk asks the office as soon as there is a line. "
    "Please look again later."
)
NOT_OURS = N_("This is not a receipt of this service")
NOT_OURS_NEXT = N_("Hold the square code of your receipt under the scanner.")
NOT_CHECKABLE = N_("This kiosk cannot check this receipt")
NOT_CHECKABLE_NEXT = N_("It may be from another place. Please show it at the desk.")
NOT_GENUINE = N_("This receipt cannot be trusted")
NOT_GENUINE_NEXT = N_("It was damaged or changed. Please show it at the desk.")
OUT_OF_SERVICE_NEXT = N_(
    "The kiosk that made it was out of service by then. Please show it at the desk."
)
AGAIN = N_("Hand it in again")
COMPLAIN = N_("Complain")
REPLY = N_("Reply")
FINISH = N_("Finish")
OTHER_SERVICES = N_("Other services")
PRINTING = N_("The page is being printed.")
REUSE = N_(
    "Use the answers of this receipt for another service? You check them before you hand them in. "
    "When you finish, the kiosk forgets them."
)
REUSE_YES, REUSE_NO = N_("Yes, use them"), N_("No, ask me")
REUSED = N_("Choose a service. What your receipt tells is not asked again.")
NOT_HERE = N_("The answers are no longer here.")
PART_LENGTH = 90  # letters: about three lines, so that long words go on over pages


class FindingScreen(Screen):
    """What came of looking."""

    title = StringProperty("")
    tone = OptionProperty("news", options=("news", "good", "warn", "bad"))
    icon = StringProperty("info")
    subject = StringProperty("")
    main_action = StringProperty("")
    other_action = StringProperty("")
    other_icon = StringProperty("home")
    can_print = BooleanProperty(False)
    can_reuse = BooleanProperty(False)

    def open(self, **given: Any) -> None:
        """Takes `finding`, and `look` where looking again may find more."""
        self._finding: Finding = given["finding"]
        self._look: Callable[[], Finding] | None = given.get("look")
        if isinstance(self._finding, NotKnownHere):
            self.desk.ask_after(self._finding)
        self._see_what_it_offers()

    def _see_what_it_offers(self) -> None:
        answered = isinstance(self._finding, Found) and self._finding.is_answer
        self.can_print = answered and self.desk.readiness().printer.prints
        self.can_reuse = isinstance(self._finding, Found) and self._finding.is_reusable

    def refresh(self) -> None:
        """Show it in the current language, and what has come since where nothing was known."""
        if isinstance(self._finding, NotKnownHere) and self._look is not None:
            self._finding = self._look()
            self._see_what_it_offers()
        finding = self._finding
        if isinstance(finding, Found):
            self.tone, self.icon = LATE_SIGN if finding.is_late else SIGNS[finding.progress]
            self.title = finding.title
            self.subject = finding.service.of(language()) if finding.service else ""
        else:
            self.tone, self.icon = "warn", "warning"
            self.title = _(_titles(finding)[0])
            self.subject = ""
        if self._remedy() is not Remedy.NONE:
            is_set_aside = isinstance(finding, Found) and finding.progress is Progress.SET_ASIDE
            self.main_action = _(AGAIN if is_set_aside else REMEDIES[self._remedy()])
            self.other_action, self.other_icon = _(FINISH), ""
        elif self._asks(Question.ANSWER):
            self.main_action = _(REPLY)
            self.other_action, self.other_icon = _(FINISH), "tick"
        else:
            self.main_action = _(FINISH)
            complain = self._can_complain()
            self.other_action = _(COMPLAIN if complain else OTHER_SERVICES)
            self.other_icon = "complain" if complain else "home"
        rows = (fact_rows(icon, _(name), lines) for icon, name, lines in facts(finding))
        self.ids.facts.show([row for group in rows for row in group], keep_page=True)

    def take_other(self) -> None:
        """The other way on: finish, or complain about this application, or the services."""
        finding, form = self._finding, self.desk.complaints()
        if self._remedy() is not Remedy.NONE or self._asks(Question.ANSWER):
            self.shell.finish()
        elif self._can_complain() and isinstance(finding, Found) and form is not None:
            self.shell.go("sheet", service_id=form.id, about=finding.reference)
        else:
            self.shell.home()

    def print_decision(self) -> None:
        """What the office answered on paper, for her who holds the receipt."""
        assert isinstance(self._finding, Found)  # nothing else shows the button
        try:
            self.desk.print_decision(self._finding)
        except CannotKeep as problem:
            self.shell.notice(str(problem), "warn")
        else:
            self.can_print = False  # one is enough
            self.shell.notice(_(PRINTING))

    def offer_answers(self) -> None:
        """Ask whether what she answered then may spare her questions now."""
        self.shell.ask(_(REUSE), yes=_(REUSE_YES), no=_(REUSE_NO), on_yes=self._use_answers)

    def _use_answers(self) -> None:
        assert isinstance(self._finding, Found)  # nothing else shows the button
        try:
            told = self.desk.facts_of(self._finding)
        except CannotOpen:
            self.can_reuse = False
            self.shell.notice(_(NOT_HERE), "warn")
            return
        self.visit.uses_again(self._finding.reference, self._finding.service_id, told)
        self.shell.home()
        self.shell.notice(_(REUSED), "good")

    def _can_complain(self) -> bool:
        """Whether what was found is an application, and complaints are taken here."""
        finding = self._finding
        known = isinstance(finding, Found) and not finding.is_complaint
        return known and self.desk.complaints() is not None

    def proceed(self) -> None:
        """Correct what came back, or finish.

        Before that she is asked, once, what she thinks of what she has read.
        """
        finding = self._finding
        if not isinstance(finding, Found):
            self.shell.finish()
        elif finding.remedy is not Remedy.NONE:
            self._correct(finding)
        elif self._asks(Question.ANSWER):
            self.shell.go("verdict", finding=finding)
        else:
            if self._asks(Question.SERVICE):
                with suppress(CannotKeep, NoSuchService):
                    self.visit.entry = self.desk.opinion(finding)
            if self.visit.entry is not None:
                self.shell.replace("opinion", finding=finding)
            else:
                self.shell.finish()

    def _correct(self, finding: Found) -> None:
        begun = self.visit.correction
        if begun is None or begun.replaces != finding.application:
            try:
                self.visit.corrects(self.desk.correct(finding))
            except (NoSuchService, CannotOpen):
                self.shell.notice(_(CHANGED_MEANWHILE), "warn")
                return
        screen = "check" if finding.remedy is Remedy.CORRECT else "question"
        self.shell.go(screen, service_id=finding.service_id)

    def _asks(self, question: Question) -> bool:
        return isinstance(self._finding, Found) and self._finding.question is question

    def _remedy(self) -> Remedy:
        return self._finding.remedy if isinstance(self._finding, Found) else Remedy.NONE

    def spoken(self) -> tuple[str, ...]:
        """Only what says nothing about the person: her status is read aloud on request later."""
        if isinstance(self._finding, Found):
            return ()
        return _titles(self._finding)


def _titles(finding: Finding) -> tuple[str, str]:
    match finding:
        case NotKnownHere():
            return NOT_KNOWN, NOT_KNOWN_NEXT
        case NotCheckable():
            return NOT_CHECKABLE, NOT_CHECKABLE_NEXT
        case OutOfService():
            return NOT_GENUINE, OUT_OF_SERVICE_NEXT
        case NotGenuine():
            return NOT_GENUINE, NOT_GENUINE_NEXT
        case NotAReference():
            return NOT_OURS, NOT_OURS_NEXT
        case SlipFound():
            return finding.title, ""
    raise AssertionError(f"{finding!r} is not for this screen.")


def facts(finding: Finding) -> Iterator[tuple[str, str, list[str]]]:
    """Icon, heading and lines of each thing to tell, most wanted first."""
    if isinstance(finding, Found):
        yield from _found(finding)
        return
    told = finding.next_step if isinstance(finding, SlipFound) else _(_titles(finding)[1])
    yield "forward", N_("What to do"), [told]
    if isinstance(finding, NotKnownHere):
        if finding.reference:
            yield "receipt", N_("Reference"), [finding.reference]
        yield "clock", N_("News as of"), [_as_of(finding)]


def _found(finding: Found) -> Iterator[tuple[str, str, list[str]]]:
    if finding.reason is not None:
        yield "info", N_("Reason"), [finding.reason.of(language())]
    if finding.words is not None:
        yield "document", N_("The office writes to you"), list(_parts(finding.words))
    if finding.asked_labels:
        labels = [label.of(language()) for label in finding.asked_labels]
        yield "change", N_("Please correct"), labels
    yield "forward", N_("What happens next"), [finding.next_step]
    yield from _decided(finding)
    if finding.promise is not None:
        yield from _promised(finding.promise)
    if finding.title != finding.progress.title:
        yield "info", N_("Its status"), [finding.progress.title]
    if finding.step is not None:
        yield "office", N_("Now"), [finding.step.words]
    if finding.replacement is not None:
        yield "receipt", N_("Correction"), [finding.replacement.reference]
        yield "info", N_("Its status"), [finding.replacement.progress.title]
    yield "hourglass", N_("News as of"), [_as_of(finding)]
    yield "receipt", N_("Reference"), [finding.reference]
    if finding.recorded is not None:
        yield "tick-ring", N_("Handed in"), [format_day_and_time(finding.recorded)]


def _decided(finding: Found) -> Iterator[tuple[str, str, list[str]]]:
    if finding.law is not None:
        yield "document", N_("Legal basis"), [finding.law.of(language())]
    if finding.deciders:
        yield "person", N_("Decided by"), list(finding.deciders)


def _promised(promise: Promise) -> Iterator[tuple[str, str, list[str]]]:
    name = N_("New day") if promise.is_moved else N_("Answer promised by")
    yield "clock", name, [format_date(promise.due)]
    if promise.reason is not None:
        yield "info", N_("Reason for the delay"), [promise.reason.of(language())]
    if promise.is_moved:
        yield "receipt", N_("First promised by"), [format_date(promise.first)]


def _parts(words: str) -> Iterator[str]:
    """The office's words cut where lines may break, in parts that fit on any page."""
    part = ""
    for piece in line_pieces(words):
        if part and len(part) + len(piece) > PART_LENGTH:
            yield part.strip()
            part = ""
        part += piece
    yield part.strip()


def _as_of(finding: Found | NotKnownHere) -> str:
    if finding.as_of is None:
        return _("This kiosk has not spoken with the office yet.")
    return format_day_and_time(finding.as_of)


load_rules(__file__)
