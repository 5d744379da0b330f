"""One finger on the glass. Kivy brings such a touch too, but beside its tests, which need pytest.

The demo walks without pytest: it installs only what a kiosk and a central server need.
"""

from typing import Any

from kivy.base import EventLoop
from kivy.core.window import Window
from kivy.input.motionevent import MotionEvent


class Touch(MotionEvent):
    """A touch at a place of the window, counted from its lower left corner."""

    def __init__(self, x_px: float, y_px: float) -> None:
        place = {"x": x_px / (Window.width - 1), "y": y_px / (Window.height - 1)}
        super().__init__("finger", "finger", place, is_touch=True, type_id="touch")
        self.profile = ["pos"]

    def depack(self, args: dict[str, Any]) -> None:
        """Take the place over, as shares of the window's width and height."""
        self.sx, self.sy = args["x"], args["y"]
        super().depack(args)

    def down(self) -> None:
        """The finger reaches the glass."""
        EventLoop.post_dispatch_input("begin", self)

    def to(self, x_px: float, y_px: float) -> None:
        """The finger moves to another place on the glass."""
        self.move({"x": x_px / (Window.width - 1), "y": y_px / (Window.height - 1)})
        EventLoop.post_dispatch_input("update", self)

    def up(self) -> None:
        """The finger leaves it."""
        EventLoop.post_dispatch_input("end", self)
