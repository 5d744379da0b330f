"""A signature drawn with a finger; or nothing, from who cannot or will not sign on a glass.

Each stroke goes into the picture that the entry holds as soon as the finger is lifted: the page
keeps only the stroke being drawn. No thumb print is asked for: a kiosk takes no biometrics, and a
hand that cannot sign (or has only keys) goes on without.
"""

from typing import Any

from kivy.graphics.texture import Texture
from kivy.properties import ListProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.devices.signature import (
    MEDIA_TYPE,
    SIZE_PX,
    Point,
    is_too_small,
    pixels_of,
    with_stroke,
)
from kiosk.forms.entry import Question
from kiosk.language import N_, _
from kiosk.screens.answer import Answer
from kiosk.screens.rules import load_rules

POINTS_MAX = 4000  # of one stroke: minutes of scribbling
ANEW = N_("Erase and sign again")
CANNOT = N_("I cannot sign here")
SIGN_HERE = N_("Sign here with your finger")
TOO_SMALL = N_("This is very small. Please sign larger, or erase it.")


def texture_of(png: bytes) -> Texture:
    """A texture of the signature; nothing of it is kept in a cache."""
    texture = Texture.create(size=SIZE_PX, colorfmt="rgb")
    texture.blit_buffer(pixels_of(png), colorfmt="rgb", bufferfmt="ubyte")
    texture.flip_vertical()
    return texture


class SignatureSheet(Widget):
    """The white sheet: as large as its place allows in the picture's shape.

    `on_stroke` brings the points of a finished stroke.
    """

    texture = ObjectProperty(None, allownone=True)
    line = ListProperty()  # x and y of the stroke being drawn, on the glass
    words = StringProperty("")
    __events__ = ("on_stroke",)

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._touch: Any = None

    def on_touch_down(self, touch: Any) -> bool:
        """The finger reaches the sheet; a second one at once does not draw."""
        if self.disabled or self._touch is not None or not self.collide_point(*touch.pos):
            return bool(super().on_touch_down(touch))
        touch.grab(self)
        self._touch = touch
        self.line = [touch.x, touch.y]
        return True

    def on_touch_move(self, touch: Any) -> bool:
        """The line follows it, on the sheet."""
        if touch.grab_current is not self:
            return bool(super().on_touch_move(touch))
        if len(self.line) < 2 * POINTS_MAX:
            x = min(max(touch.x, self.x), self.right)
            y = min(max(touch.y, self.y), self.top)
            self.line.extend((x, y))
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """The stroke is whole."""
        if touch.grab_current is not self:
            return bool(super().on_touch_up(touch))
        touch.ungrab(self)
        self._touch = None
        line, self.line = list(self.line), []
        stroke = [
            ((x - self.x) / self.width, 1 - (y - self.y) / self.height)
            for x, y in zip(line[::2], line[1::2], strict=True)
        ]
        self.dispatch("on_stroke", stroke)
        return True

    def on_stroke(self, stroke: list[Point]) -> None:
        """A stroke was drawn."""


class SignatureAnswer(Answer):
    """The sheet, and what was drawn on it."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._question: Question | None = None
        self._seen: bytes | None = None

    def show(self, question: Question) -> None:
        """Show the signature as it is."""
        self._question = question
        png = self._png
        if png != self._seen:
            self._seen = png
            self.ids.sheet.texture = texture_of(png) if png is not None else None
        self.ids.sheet.words = "" if png is not None else _(SIGN_HERE)
        self.aside = _(ANEW if png is not None else CANNOT)

    @property
    def _png(self) -> bytes | None:
        question = self._question
        if question is None or not question.value:
            return None
        attachment = self.page.entry.attachment(question.path)
        return attachment.data if attachment is not None else None

    def take(self, stroke: list[Point]) -> None:
        """One more stroke."""
        if self._question is not None:
            png = with_stroke(self._png, stroke)
            self.page.attach(self._question.path, png, MEDIA_TYPE)

    def take_aside(self) -> None:
        """Begin anew; or go on without."""
        if self._question is None:
            return
        if self._png is not None:
            self.page.give(self._question.path, "")
            return
        self.page.excuse(self._question.path)
        self.page.proceed()

    def proceed(self) -> bool:
        """A dot is no signature: it was touched by mistake."""
        png = self._png
        if png is None or not is_too_small(png):
            return False
        self.page.complain(TOO_SMALL)
        return True

    def spoken(self) -> tuple[str, ...]:
        """Where to sign."""
        return () if self._png is not None else (SIGN_HERE,)

    def close(self) -> None:
        """Nothing of it stays."""
        self._seen = None
        self._question = None
        self.ids.sheet.texture = None
        self.ids.sheet.line = []


load_rules(__file__)
