"""Words on screen: Lao shaped, broken where a reader would break it, never cut.

Kivy places Lao marks rightly only when told the script, breaks lines only at spaces and knows one
font at a time. So every word on screen is a `Words` label: script Laoo (right for Latin letters
too), the merged font KioskSans, and lines wrapped here by ICU's dictionary before Kivy sees them.
Stacked marks reach the top of the line, so a label keeps a little room above.
"""

from collections.abc import Callable, Iterator

from kivy.cache import Cache
from kivy.core.text import DEFAULT_FONT, LabelBase
from kivy.core.text import Label as CoreLabel
from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.label import Label
from kivy.uix.textinput import TextInput

from kiosk.language import line_pieces
from kiosk.resources import assets
from kiosk.screens.panel import GLYPH_BODY_MM, GLYPH_HEADING_MM, font_px

SCRIPT = "Laoo"
LINE_HEIGHT = 0.88  # of the font's 1.645 em: 1.45 em between lines still clears stacked marks
MOVING_KEYS = frozenset(
    (
        *("tab", "up", "down", "left", "right", "enter", "numpadenter", "escape"),
        *("pageup", "pagedown", "numpadmul", *(f"numpad{figure}" for figure in range(10))),
    )
)
TYPED_TEXT_STORES = ("textinput.label", "textinput.width")  # Kivy's names, 60 s each

Measure = Callable[[str], tuple[int, int]]


def register_fonts() -> None:
    """Make KioskSans the only font, also for a widget that names none."""
    regular, bold = (
        str(assets() / "fonts" / f"KioskSans-{weight}.ttf") for weight in ("Regular", "Bold")
    )
    for name in ("KioskSans", DEFAULT_FONT):
        LabelBase.register(name, regular, None, bold)


def forget_drawn() -> None:
    """Empty Kivy's stores of drawn lines: they are kept by the very text that was typed."""
    for store in TYPED_TEXT_STORES:
        Cache.remove(store)


def wrapped(text: str, width_px: float, measure: Measure) -> str:
    """The text with a newline wherever the next piece would not fit."""
    return "\n".join(
        line for paragraph in text.split("\n") for line in _lines(paragraph, width_px, measure)
    )


def _lines(paragraph: str, width_px: float, measure: Measure) -> Iterator[str]:
    line = ""
    for piece in line_pieces(paragraph):
        if line and measure((line + piece).rstrip(" "))[0] > width_px:
            yield line.rstrip(" ")
            line = ""
        line += piece
        while measure(line.rstrip(" "))[0] > width_px and len(line) > 1:
            fitting = _fitting(line, width_px, measure)
            yield line[:fitting]
            line = line[fitting:]
    yield line.rstrip(" ")


def _fitting(piece: str, width_px: float, measure: Measure) -> int:
    """How much of a piece longer than a line fits, cut between letters and not before a mark."""
    count = len(piece) - 1
    while count > 1 and (measure(piece[:count])[0] > width_px or _joins(piece[count])):
        count -= 1
    while count < len(piece) and _joins(piece[count]):
        count += 1
    return count


def _joins(character: str) -> bool:
    """Whether the character stands on the one before it."""
    return "\u0eb1" <= character <= "\u0ebc" or "\u0ec8" <= character <= "\u0ece"


class Words(Label):
    """A label that shows any of our languages; wraps when `text_size` has a width."""

    glyph_mm = NumericProperty(GLYPH_BODY_MM)

    def __init__(self, **properties: object) -> None:
        properties.setdefault("font_script_name", SCRIPT)
        properties.setdefault("font_name", "KioskSans")
        properties.setdefault("line_height", LINE_HEIGHT)
        super().__init__(**properties)
        self.font_size = font_px(self.glyph_mm)
        self.bind(glyph_mm=self._resize)

    def _resize(self, *_: object) -> None:
        self.font_size = font_px(self.glyph_mm)

    def texture_update(self, *largs: object) -> None:
        """Wrap by words, then let Kivy draw."""
        width = self.text_size[0]
        core = self._label
        if width and self.text:
            core.resolve_font_name()
            inner = width - self.padding[0] - self.padding[2]
            core.text = wrapped(self.text, inner, core.get_cached_extents())
        elif self.text:
            core.text = self.text  # it may have been wrapped before
        super().texture_update(*largs)


class Body(Words):
    """A paragraph: as wide as its place, as high as its lines."""


class Heading(Words):
    """The name of a page or the question of it."""

    glyph_mm = NumericProperty(GLYPH_HEADING_MM)


class Field(TextInput):
    """A text field that shapes Lao as it is typed and wraps between words.

    It has no clipboard: nothing one person copies may be pasted by the next. So nothing is selected
    either, which would lay a colour over words.
    """

    glyph_mm = NumericProperty(GLYPH_BODY_MM)
    pointed = BooleanProperty(False)  # a keypad's ring is around it

    def __init__(self, **properties: object) -> None:
        properties.setdefault("font_name", "KioskSans")
        self._moved = False  # the last key moved the ring, and types nothing
        super().__init__(**properties)
        self.font_size = font_px(self.glyph_mm)

    def forget(self) -> None:
        """Drop the text and what undo keeps of it.

        Kivy's delayed calls hold on to the last field that was drawn, even when its screen is
        gone.
        """
        self.text = ""
        self.reset_undo()
        forget_drawn()

    def keyboard_on_key_down(
        self, window: object, keycode: tuple[int, str], text: str, modifiers: list[str]
    ) -> bool:
        """Keys that move the ring are not for the text: see `pointer`."""
        self._moved = keycode[1] in MOVING_KEYS
        if self._moved:
            return False
        taken: bool = super().keyboard_on_key_down(window, keycode, text, modifiers)
        return taken

    def keyboard_on_textinput(self, window: object, text: str) -> None:
        """Letters typed on a real keyboard."""
        if not self._moved:
            super().keyboard_on_textinput(window, text)

    def select_text(self, start: int, end: int) -> None:
        """Nothing is selected: not by two touches, nor by Ctrl+A."""

    def on_touch_move(self, touch: object) -> bool:
        """A finger that slides selects nothing."""
        del touch
        return False

    def _ensure_clipboard(self) -> None:
        """There is none."""

    def copy(self, data: str = "") -> None:
        """Nothing leaves the field."""

    def paste(self) -> None:
        """Nothing enters the field but by a key."""

    def _cut(self, data: str) -> None:
        """Nothing leaves the field."""

    def _get_line_options(self) -> dict[str, object]:
        if self._line_options is None:
            options = super()._get_line_options()
            options["font_script_name"] = SCRIPT
            self._label_cached = CoreLabel(**options)
        return self._line_options

    def _tokenize(self, text: str | None) -> Iterator[str]:
        *paragraphs, last = (text or "").split("\n")
        for paragraph in paragraphs:
            yield from line_pieces(paragraph)
            yield "\n"
        yield from line_pieces(last) or [""]
