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
        question = self._question
        if question is None:
            return
        value = pressed(question.value, key)
        if question.kind is QuestionKind.INTEGER and value.isdecimal():
            value = str(int(value))  # "007" is seven
        self.page.give(question.path, value)


load_rules(__file__)
