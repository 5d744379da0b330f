"""A page that only says something: a note, or a value that the form has worked out."""

from kivy.properties import StringProperty

from kiosk.forms.definition import QuestionKind
from kiosk.forms.entry import Question
from kiosk.screens.answer import Answer
from kiosk.screens.rules import load_rules


class ShownAnswer(Answer):
    """The value in large letters; a note has none, its words are the question."""

    text = StringProperty("")

    def show(self, question: Question) -> None:
        """Show the value as people write it."""
        self.wide = True
        self.text = "" if question.kind is QuestionKind.NOTE else question.shown


load_rules(__file__)
