"""A place that answers only to a finger that rests on it for a while: nobody opens it by chance.

It looks like the words in it and is no button: citizens are not led to what is not for them.
"""

from typing import Any

from kivy.clock import Clock
from kivy.uix.boxlayout import BoxLayout

HOLD_S = 5.0


class HoldPlace(BoxLayout):
    """Dispatches `on_held` once a finger has rested on it for `hold_s` without leaving it."""

    __events__ = ("on_held",)
    hold_s = HOLD_S

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._finger: Any = None
        self._waiting: Any = None

    def on_touch_down(self, touch: Any) -> bool:
        """A finger comes; a second one does not count."""
        if self._finger is None and self.collide_point(*touch.pos):
            self._finger = touch
            self._waiting = Clock.schedule_once(self._held, self.hold_s)
        return bool(super().on_touch_down(touch))

    def on_touch_move(self, touch: Any) -> bool:
        """It moves; off the place it is as if it had been lifted."""
        if touch is self._finger and not self.collide_point(*touch.pos):
            self.let_go()
        return bool(super().on_touch_move(touch))

    def on_touch_up(self, touch: Any) -> bool:
        """It is lifted."""
        if touch is self._finger:
            self.let_go()
        return bool(super().on_touch_up(touch))

    def on_held(self) -> None:
        """Somebody means it."""

    def let_go(self) -> None:
        """As if every finger had been lifted."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._finger = self._waiting = None

    def _held(self, _dt: float) -> None:
        self.let_go()
        self.dispatch("on_held")
