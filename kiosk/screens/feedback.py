"""What she thinks of it, in three touches, or none: each may be skipped, all of it too.

The questions are attributes of SDG indicator 16.6.2: was it easy, was she treated fairly and was
the fee clear, and overall. Four answers without a middle, each a word and a face that differ in
shape. It is filed without a name and apart from the application.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from kivy.properties import NumericProperty, StringProperty

from kiosk.desk import CannotKeep
from kiosk.language import N_, _
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.widgets import Tappable
from kiosk.services import NoSuchService

PROGRESS = N_("Question %(number)s of %(of)s")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and its four answers, the best first."""

    name: str
    question: str
    answers: tuple[str, str, str, str]


ASKED = (
    Asked(
        "easy",
        N_("Was it easy to apply here?"),
        (N_("Very easy"), N_("Easy"), N_("Hard"), N_("Very hard")),
    ),
    Asked(
        "fair",
        N_("Were you treated fairly, and was the fee clear?"),
        (N_("Yes, fully"), N_("Mostly"), N_("Not really"), N_("Not at all")),
    ),
    Asked(
        "overall",
        N_("All in all, how was this service?"),
        (N_("Very good"), N_("Good"), N_("Bad"), N_("Very bad")),
    ),
)
FACES = ("face-very-glad", "face-glad", "face-sad", "face-very-sad")
BEST = len(FACES)  # the answers count 4, 3, 2, 1


class Face(Tappable):
    """One answer: a face and its word."""

    icon = StringProperty("")
    text = StringProperty("")
    words_height = NumericProperty(0)  # of the longest beside it, so that all faces are of a size


class FeedbackScreen(Screen):
    """Three questions, one after the other."""

    shows_back = False
    asked = StringProperty("")
    progress = StringProperty("")
    service_id = ""

    def open(self, **given: Any) -> None:
        """Takes `service_id`."""
        self.service_id = given["service_id"]
        self._answers: dict[str, int] = {}
        self._number = 0
        for place, icon in enumerate(FACES):
            face = Face(icon=icon)
            face.bind(on_release=lambda _face, value=BEST - place: self.answer(value))
            self.ids.faces.add_widget(face)

    def refresh(self) -> None:
        """Show the present question in the present language."""
        asked = ASKED[self._number]
        self.asked = _(asked.question)
        self.progress = _(PROGRESS, number=self._number + 1, of=len(ASKED))
        faces = reversed(self.ids.faces.children)
        for face, words in zip(faces, asked.answers, strict=True):
            face.text = _(words)

    def answer(self, value: int | None) -> None:
        """One touch answers one question; None skips it."""
        if value is not None:
            self._answers[ASKED[self._number].name] = value
        if self._number + 1 < len(ASKED):
            self._number += 1
            self.refresh()
        else:
            self.finish()

    def finish(self) -> None:
        """File what was said, if anything, and say goodbye."""
        if self._answers:
            # Her application is safe; a lost opinion is not worth her worry.
            with suppress(CannotKeep, NoSuchService):
                self.desk.feedback(self.service_id, self._answers)
        self.shell.finish()

    def back(self) -> bool:
        """Nothing leads back."""
        return True

    def spoken(self) -> tuple[str, ...]:
        """The question, then its answers from the left."""
        asked = ASKED[self._number]
        return (asked.question, *asked.answers)


load_rules(__file__)
