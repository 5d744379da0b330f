"""Several questions of one page as a list: what is asked, what was answered, touch to answer."""

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.forms.entry import Question
from kiosk.given import given_words
from kiosk.language import N_, _
from kiosk.screens.answer import Answer
from kiosk.screens.rules import load_rules
from kiosk.screens.widgets import Tappable

TOUCH = N_("Touch to answer")


class QuestionRow(Tappable):
    """One question of the list."""

    path = StringProperty("")
    question = StringProperty("")
    answer = StringProperty("")
    given = BooleanProperty(False)
    problem = StringProperty("")


class GroupAnswer(Answer):
    """The list; a touched question is opened by the page."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(wide=True, **properties)
        self._rows: list[QuestionRow] = []
        self.turns = self.ids.list

    def show(self, question: Question) -> None:
        """A list of one."""
        self.show_all((question,), {})

    def show_all(self, questions: tuple[Question, ...], problems: dict[str, str]) -> None:
        """Show the questions with their answers and what is wrong with them."""
        if [row.path for row in self._rows] != [question.path for question in questions]:
            self._rows = [QuestionRow(path=question.path) for question in questions]
            for row in self._rows:
                row.bind(on_release=lambda held: self.page.choose(held.path))
            self.ids.list.show(self._rows)
        for row, question in zip(self._rows, questions, strict=True):
            row.question = question.label
            row.given = bool(question.value)
            row.answer = given_words(question.kind, question.shown) if row.given else _(TOUCH)
            row.problem = problems.get(question.path, "")


load_rules(__file__)
