"""What lies over the page until it is answered: a question, and "are you still here?".

A question may offer a third way, above the two answers, which loses nothing either.

A veil darkens the page and takes every touch beside the buttons, so that nothing happens by
accident behind it.
"""

from collections.abc import Callable
from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.anchorlayout import AnchorLayout

from kiosk.language import N_
from kiosk.screens.rules import load_rules


class Veil(AnchorLayout):
    """Covers everything and lets no touch through."""

    def on_touch_down(self, touch: Any) -> bool:
        """Give the touch to the buttons on top; swallow it anyway."""
        super().on_touch_down(touch)
        return True


class Question(Veil):
    """A question with two answers; the one that loses nothing is the main button."""

    text = StringProperty("")
    yes = StringProperty("")
    no = StringProperty("")
    yes_is_main = BooleanProperty(False)
    other = StringProperty("")  # a third way; empty: there is none

    def __init__(
        self,
        *,
        on_yes: Callable[[], None],
        on_close: Callable[[], None],
        on_other: Callable[[], None] | None = None,
        **words: str | bool,
    ) -> None:
        super().__init__(**words)
        self._on_yes, self._on_close, self._on_other = on_yes, on_close, on_other

    def take_other(self) -> None:
        """Close, and go the third way."""
        self._on_close()
        if self._on_other is not None:
            self._on_other()

    def answer(self, *, yes: bool) -> None:
        """Close, and do it if that was the answer."""
        self._on_close()
        if yes:
            self._on_yes()


STILL_HERE = N_("Are you still here?")


class IdleWarning(Veil):
    """Asks whether somebody is still there, and counts the seconds."""

    left_s = NumericProperty(0)
    prints_slip = BooleanProperty(False)  # whether her answers wait for her afterwards

    def __init__(self, *, on_here: Callable[[], None], on_leave: Callable[[], None]) -> None:
        super().__init__()
        self.here, self.leave = on_here, on_leave


load_rules(__file__)
