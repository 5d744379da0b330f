"""Drives the real screens off-screen as a person would: by visible words and touches.

Nothing here reaches into a screen's code: what is tapped is found by the words a person reads, must
be on the glass, enabled and not covered; frames are driven until the layout stands still. Dots are
drawn only when somebody looks: a frame without drawing is ten times as fast.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels
from kivy.lang import Builder
from kivy.uix.label import Label
from kivy.uix.textinput import TextInput
from kivy.uix.widget import Widget
from PIL import Image

from kiosk.language import in_language, language
from kiosk.panels import PANELS, PanelProfile
from kiosk.screens.panel import use_panel
from kiosk.screens.widgets import Tappable
from tests.screens.touch import Touch
from tests.screens.world import World

SMALL = {name: PANELS[name] for name in ("10in-1280x800", "10in-1024x600")}  # where room is scarce
FRAMES_MAX = 60
STILL_FRAMES = 2


class NotOnScreen(AssertionError):
    """What a person was to see or touch is not there."""


class Driver:
    """A person before the glass."""

    def __init__(self, world: World, panel: PanelProfile) -> None:
        self.world, self.panel = world, panel
        clear_window()
        use_panel(panel)
        Window.size = (panel.width_px, panel.height_px)
        self.shell = world.shell()
        self.shell.double_tap_s = 0.0
        Window.add_widget(self.shell)
        self.shell.start()
        self.settle()

    def stands_before(self, panel: PanelProfile) -> None:
        """The same page of the same visit, as another glass shows it."""
        self.panel = panel
        use_panel(panel)
        Window.size = (panel.width_px, panel.height_px)
        self.shell._leave_screen()
        self.shell.dress()
        self.shell._show()
        self.settle()

    @classmethod
    @contextmanager
    def before(cls, world: World, panel: PanelProfile) -> "Iterator[Driver]":
        """Somebody stands before the kiosk's entrance, on a glass of that size."""
        driver = cls(world, panel)
        try:
            yield driver
        finally:
            driver.close()

    def close(self) -> None:
        """Take the shell off the glass."""
        self.shell.stop()
        clear_window()

    def settle(self) -> None:
        """Drive frames until nothing moves any more."""
        still, before = 0, None
        for _ in range(FRAMES_MAX):
            frame()
            now = [(type(w).__name__, *w.pos, *w.size) for w in self.widgets()]
            still = still + 1 if now == before else 0
            if still >= STILL_FRAMES:
                return
            before = now
        raise AssertionError(f"The layout still moves after {FRAMES_MAX} frames.")

    def widgets(self) -> Iterator[Widget]:
        """All widgets, back to front."""
        yield from walk(self.shell)

    def visible(self) -> list[Widget]:
        """What can be seen: not transparent, not empty, at least partly on the glass."""
        return [w for w in self.widgets() if is_visible(w)]

    def words(self) -> list[str]:
        """The visible words, front layer only if a question lies over the page."""
        return [w.text for w in self.visible() if isinstance(w, Label | TextInput) and w.text]

    def sees(self, text: str) -> bool:
        """Whether these words stand somewhere on the glass."""
        return any(text in words for words in self.words())

    def passes_s(self, seconds: float) -> None:
        """Nobody touches anything for so long; the shell looks after things meanwhile."""
        self.world.now_s += seconds
        self.shell.tick()
        self.settle()

    def expect(self, text: str) -> None:
        """Fail unless the words are visible."""
        if not self.sees(text):
            raise NotOnScreen(f"{text!r} is not on the screen, which says {self.words()}.")

    def find(self, text: str) -> Tappable:
        """The thing that may be touched and says this, whole or in part."""
        holders = [w for w in self.visible() if isinstance(w, Tappable)]
        said = [(w, [x.text for x in walk(w) if isinstance(x, Label)]) for w in holders]
        exact = [w for w, words in said if text in words]
        partly = [w for w, words in said if any(text in x for x in words)]
        for found in (exact, partly):
            if found:
                return found[-1]
        raise NotOnScreen(f"Nothing to touch says {text!r}. The screen says {self.words()}.")

    def tap(self, what: str | Widget) -> None:
        """Touch the middle of it, if a person could."""
        widget = self.find(what) if isinstance(what, str) else what
        if widget.disabled:
            raise NotOnScreen(f"{what!r} cannot be touched now.")
        x, y = widget.to_window(*widget.center)
        if not (0 <= x < self.panel.width_px and 0 <= y < self.panel.height_px):
            raise NotOnScreen(f"{what!r} lies outside the glass.")
        touch = Touch(x, y)
        touch.down()
        frame()
        touch.up()
        self.settle()

    def reads_the_notice(self) -> None:
        """Past what is told before the first question, where the service tells it."""
        while self.shell.place.name == "notice":
            self.tap(in_language(language(), "Continue"))

    def turn_page(self) -> bool:
        """Touch the arrow to what comes below, where there is one."""
        arrows = [w for w in self.visible() if getattr(w, "icon", "") == "down" and not w.disabled]
        for arrow in arrows[-1:]:
            self.tap(arrow)
        return bool(arrows)

    def type(self, text: str) -> None:
        """Type on the keys of the screen, one after the other."""
        for character in text:
            self.tap(self._key(character))

    def _key(self, character: str) -> Widget:
        value = "{space}" if character == " " else character
        for key in self.visible():
            if getattr(key, "value", None) == value:
                return key
        raise NotOnScreen(f"No key types {character!r}.")

    def draw(self) -> None:
        """Let the graphics library draw the whole glass."""
        Window.dispatch("on_draw")

    def picture(self) -> Image.Image:
        """The dots of the glass."""
        self.draw()
        size = (self.panel.width_px, self.panel.height_px)
        dots = glReadPixels(0, 0, *size, GL_RGB, GL_UNSIGNED_BYTE)
        return Image.frombytes("RGB", size, dots).transpose(Image.Transpose.FLIP_TOP_BOTTOM)

    def screenshot(self, path: Path) -> Path:
        """A picture of the glass."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.settle()
        self.draw()
        taken = Path(Window.screenshot(name=str(path)))
        return taken.replace(path)


def frame() -> None:
    """What Kivy's `EventLoop.idle` does in a frame, but drawing."""
    Clock.tick()
    EventLoop.dispatch_input()
    Builder.sync()
    Clock.tick_draw()
    Builder.sync()


def walk(widget: Widget) -> Iterator[Widget]:
    """The widget and all in it, back to front."""
    yield widget
    for child in reversed(widget.children):
        yield from walk(child)


def is_visible(widget: Widget) -> bool:
    """Whether a person can see it."""
    if widget.width < 1 or widget.height < 1:
        return False
    x, y = widget.to_window(*widget.pos)
    if x >= Window.width or y >= Window.height or x + widget.width <= 0 or y + widget.height <= 0:
        return False
    ancestor: Any = widget
    while ancestor is not None and ancestor is not Window and hasattr(ancestor, "opacity"):
        if ancestor.opacity == 0:
            return False
        ancestor = ancestor.parent if ancestor.parent is not ancestor else None
    return True


def clear_window() -> None:
    """An empty glass with nothing pending."""
    for child in list(Window.children):
        Window.remove_widget(child)
    Clock.tick()


def start_event_loop() -> None:
    """Make Kivy's loop ready to be driven by hand."""
    EventLoop.ensure_window()
    EventLoop.status = "started"
