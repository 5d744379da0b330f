"""Help: what the fixed places do, and that a person can be asked.

Where the office has clerks, one may sign in from here and help to fill in the form. Whoever has to
go may continue another day: at a sensitive service this is the one place that offers it, because
"Leave now" there asks nothing.
"""

from typing import Any

from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from kiosk.language import N_, _, language
from kiosk.screens.look import LookChoices, spoken_choices
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.shell import ANOTHER_DAY
from kiosk.screens.widgets import Fact, Tappable

HEADING = N_("Help")
PERSON = N_("Ask a person")
STAFF_HELP = N_("The staff at the desk help you free of charge.")
CLERKS_HELP = N_(
    "A clerk helps you free of charge, also to fill in the form. "
    "Her name then stands on your receipt."
)
HELPS = N_("%(name)s helps you now, free of charge. Her name will stand on your receipt.")
A_CLERK_HELPS = N_("A clerk helps me")
CLERK_LEAVES = N_("Clerk signs out")
TOPICS = (
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
RESTART = TOPICS[3]
LEAVE = (
    "leave",
    N_("Leave now"),
    N_("Erases everything at once and goes to the first page. Nothing is printed."),
)
SENDING = N_("Sending")
SLIP = N_("You get a paper to come back with.")


class AnotherDay(Tappable):
    """Sets the answers aside: for whoever has to go now."""

    text = StringProperty("")
    detail = StringProperty("")


class HelpScreen(Screen):
    """Explains the screen itself."""

    clerk_words = StringProperty("")  # what the clerk may do here; empty: there is none

    def refresh(self) -> None:
        """Show the topics in the current language."""
        clerk = self.visit.clerk
        can_help = clerk is not None or self.desk.clerks.any()
        self.clerk_words = _(A_CLERK_HELPS if clerk is None else CLERK_LEAVES) if can_help else ""
        look = LookChoices(shell=self.shell)
        look.refresh()
        rows: list[Widget] = [look]
        if self.shell.may_set_aside:
            later = AnotherDay(text=_(ANOTHER_DAY), detail=_(SLIP))
            later.bind(on_release=lambda _row: self.shell.set_aside())
            rows.append(later)
        rows.append(Fact(icon="person", name=_(PERSON), text=self._who_helps()))
        rows += [Fact(icon=icon, name=_(name), text=_(text)) for icon, name, text in self._topics()]
        sending = " ".join(filter(None, (self.desk.readiness().road(), self.desk.outdated_words())))
        rows.append(Fact(icon="hourglass", name=_(SENDING), text=sending))
        self.ids.topics.show(rows, keep_page=True)

    def _topics(self) -> tuple[tuple[str, str, str], ...]:
        """What the fixed places do; where she must be quick, the last of them does not ask."""
        if not self.shell.leaves_quickly:
            return TOPICS
        return tuple(LEAVE if topic is RESTART else topic for topic in TOPICS)

    def _who_helps(self) -> str:
        clerk = self.visit.clerk
        if clerk is not None:
            return _(HELPS, name=clerk.name)
        return _(CLERKS_HELP if self.desk.clerks.any() else STAFF_HELP)

    def clerk_comes_or_goes(self) -> None:
        """Let a clerk sign in; or out, where one helps."""
        if self.visit.clerk is not None:
            self.visit.sign_out()
            self.shell.refresh()
        elif not self.shell.waits_for_ticket(language()):
            self.visit.begin(language())  # from here on silence ends it
            self.shell.go("clerk")

    def spoken(self) -> tuple[str, ...]:
        """All topics."""
        helps = CLERKS_HELP if self.clerk_words else STAFF_HELP
        return (
            HEADING,
            *spoken_choices(),
            *((ANOTHER_DAY, SLIP) if self.shell.may_set_aside else ()),
            PERSON,
            helps,
            *(part for _icon, *words in self._topics() for part in words),
        )

    def open(self, **given: Any) -> None:
        """Nothing is needed to help."""
        del given


load_rules(__file__)
