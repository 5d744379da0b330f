"""What she thinks of a service that has decided: the questions of its form, a touch for each.

The questions are data, those of SDG indicator 16.6.2 in our samples: five attributes, then overall,
on four points without a middle. "I don't know" stands apart and is not offered first. Each question
may be skipped, all of them too; she is asked once for each decision.
"""

from contextlib import suppress
from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, StringProperty

from kiosk.desk import CannotKeep
from kiosk.finding import Found
from kiosk.forms.entry import Choice, Entry, Question
from kiosk.forms.voice import DONT_KNOW, MARKS
from kiosk.language import _
from kiosk.screens.feedback import FACES, PROGRESS, Face
from kiosk.screens.panel import mm
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.services import NoSuchService


class OpinionScreen(Screen):
    """The questions, one after the other."""

    shows_back = False
    asked = StringProperty("")
    progress = StringProperty("")
    dont_know = StringProperty("")
    is_first = BooleanProperty(True)

    def open(self, **given: Any) -> None:
        """Takes `finding`; the entry is the visit's."""
        self._found: Found = given["finding"]
        self._level = Clock.create_trigger(self._level_now)
        for icon, mark in zip(FACES, MARKS, strict=True):
            face = Face(icon=icon, padding=[mm(3), mm(2.5), mm(3), mm(2)])  # words take two lines
            face.bind(on_release=lambda _face, mark=mark: self.answer(mark))
            face.ids.words.bind(texture_size=lambda *_: self._level())
            self.ids.faces.add_widget(face)

    @property
    def _entry(self) -> Entry | None:
        return self.visit.entry

    def refresh(self) -> None:
        """Show the present question in the present language."""
        entry = self._entry
        if entry is None or entry.page is None:
            return
        question = entry.page.questions[0]
        words = _words_of(question)
        self.asked = question.label
        self.is_first = entry.page.number == 1
        self.dont_know = words.get(DONT_KNOW, "")
        self.progress = _(PROGRESS, number=entry.page.number, of=entry.page.of)
        for face, mark in zip(reversed(self.ids.faces.children), MARKS, strict=True):
            face.text = words.get(mark, "")

    def _level_now(self, *_: object) -> None:
        """Faces of one size, however many lines the words below them take."""
        faces = self.ids.faces.children
        highest = max(face.ids.words.texture_size[1] for face in faces)
        for face in faces:
            face.words_height = highest

    def close(self) -> None:
        """Nothing is levelled any more."""
        self._level.cancel()

    def answer(self, name: str) -> None:
        """One touch answers one question; an empty answer skips it."""
        entry = self._entry
        if entry is None or entry.page is None:
            return
        entry.answer(entry.page.questions[0].path, name)
        entry.advance()
        if entry.page is None:
            self.finish()
        else:
            self.refresh()

    def finish(self) -> None:
        """File what was said, if anything, and say goodbye."""
        entry = self._entry
        if entry is not None:
            with suppress(CannotKeep, NoSuchService):  # a lost opinion is not worth her worry
                self.desk.give_opinion(self._found, entry)
        self.shell.finish()

    def back(self) -> bool:
        """Nothing leads back."""
        return True


def _words_of(question: Question) -> dict[str, str]:
    choices: tuple[Choice, ...] = question.choices
    return {choice.name: choice.label for choice in choices}


load_rules(__file__)
