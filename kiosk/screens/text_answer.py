"""Words typed on the screen's own keyboard; the question and the field stay in view above it.

The keyboard opens by itself where the field is empty and there is nothing else to read on the page;
where there is a hint, a problem or another way on, that is read first and a touch on the field
opens it. From a page of several questions a touch leads straight to the keyboard.
"""

from typing import Any

from kivy.clock import Clock
from kivy.properties import StringProperty

from kiosk.forms.entry import Question
from kiosk.language import language
from kiosk.screens.answer import Answer
from kiosk.screens.rules import load_rules

KEYBOARDS = {"lo": "lo", "en": "latin"}


class TextAnswer(Answer):
    """A field as large as there is room for."""

    goes_below = True
    least_mm = 18.0  # one line
    path = StringProperty("")

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._following = False  # the field is being set by us, not by the person
        self._begun = False

    def show(self, question: Question) -> None:
        """Show what was typed; what is being typed is left alone."""
        self.path = question.path
        field = self.ids.field
        if not self.typing and field.text != question.value:
            self._following = True
            field.text = question.value
            self._following = False
        if not self._begun:
            self._begun = True
            to_read = question.value or question.hint or self.wrong or self.page.none_words
            if self.page.was_read or not to_read:
                Clock.schedule_once(self.type)

    def type(self, *_: object) -> None:
        """Open the keyboard for the field."""
        if self.typing or self.get_parent_window() is None:
            return
        field = self.ids.field
        field.cursor = field.get_cursor_from_index(len(field.text))
        self.typing = True
        self.page.shell.keyboard.open_for(field, KEYBOARDS.get(language(), "latin"), self.typed)

    def typed(self) -> None:
        """The keyboard was folded away."""
        self.typing = False
        self.page.refresh()

    def changed(self, text: str) -> None:
        """Each letter goes to the entry at once."""
        if not self._following and self.path:
            self.page.give(self.path, text)

    def close(self) -> None:
        """Nothing of what was typed stays in the field."""
        self._following = True
        self.ids.field.forget()

    def proceed(self) -> bool:
        """Nothing inside; the keyboard has served."""
        self.typing = False
        return False

    def back(self) -> bool:
        """Back folds the keyboard away first."""
        was, self.typing = self.typing, False
        return was


load_rules(__file__)
