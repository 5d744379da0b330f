"""A number on a large pad of keys that belongs to the page: nothing opens, nothing closes.

A telephone number or another text of digits uses it too: then a leading zero stays.
"""

from typing import Any

from kiosk.forms.definition import QuestionKind
from kiosk.forms.entry import Question
from kiosk.language import format_number
from kiosk.screens.answer import Answer
from kiosk.screens.keyboard import Key
from kiosk.screens.keys import PADS
from kiosk.screens.rules import load_rules

NUMERIC_TEXT = "numbers"  # XLSForm appearance of a text that has digits only, such as a telephone
DIGITS_MAX = 15  # more than any sum of money; a float still counts them exactly


def pressed(value: str, key: str) -> str:
    """The value after a key of the pad: "{backspace}", "{clear}", ".", or a digit."""
    if key == "{backspace}":
        return value[:-1]
    if key == "{clear}":
        return ""
    if len(value) >= DIGITS_MAX or (key == "." and "." in value):
        return value
    if key == "." and not value:
        return "0."
    return value + key


def grouped(value: str) -> str:
    """1250000 as people of the present language write it, while it is being typed."""
    whole, point, rest = value.partition(".")
    return format_number(int(whole)) + point + rest if whole.isdecimal() else value


def is_typed(question: Question) -> bool:
    """Whether the answer is figures."""
    digits = question.kind is QuestionKind.TEXT and NUMERIC_TEXT in question.appearance
    return digits or question.kind in (QuestionKind.INTEGER, QuestionKind.DECIMAL)


def typed(question: Question, key: str) -> str:
    """The answer after a key of the pad."""
    value = pressed(question.value, key)
    if question.kind is QuestionKind.INTEGER and value.isdecimal():
        return str(int(value))  # "007" is seven
    return value


class NumberPad(Answer):
    """Rows of large keys; `on_key` tells which was pressed. Others build on it."""

    def lay_keys(self, pad: str) -> None:
        """Put the keys of that pad in their place, once."""
        rows = self.ids.rows
        if rows.children:
            return
        for values in PADS[pad]:
            for value in values:
                key = Key(value)
                key.role = "any"  # wider than a key of the keyboard, lower when a problem is shown
                key.bind(on_release=lambda held: self.press(held.value))
                rows.add_widget(key)

    def press(self, key: str) -> None:
        """A key was pressed."""
        raise NotImplementedError


class NumberAnswer(NumberPad):
    """The number; its figures stand large under the question."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(has_figures=True, **properties)
        self._question: Question | None = None

    def show(self, question: Question) -> None:
        """Show the number typed so far."""
        self._question = question
        self.lay_keys("decimal" if question.kind is QuestionKind.DECIMAL else "number")
        is_number = question.kind is not QuestionKind.TEXT
        self.figures = grouped(question.value) if is_number else question.value

    def press(self, key: str) -> None:
        """Type into the entry."""
        if self._question is not None:
            self.page.give(self._question.path, typed(self._question, key))


load_rules(__file__)
