"""The keyboard on the screen: Lao, Latin letters and digits, or a pad of digits.

Kivy's own is blurry, covers the field and wants shift held down. This one lies in the shell's dock
below the page, which reflows above it; shift holds for one key; each page of keys is built once
and kept, because twelve times four keys take a while on a small machine.
"""

from collections.abc import Callable

from kivy.metrics import dp
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.screens import keys
from kiosk.screens.panel import TOUCH_GAP_MM, TOUCH_KEY_MM, current_panel, mm
from kiosk.screens.rules import load_rules
from kiosk.screens.text import Field
from kiosk.screens.widgets import Tappable

ROOM_ABOVE_MM = 60.0  # the fixed places, a question and its field, and the gaps between five rows
ROWS = 5
PAD_KEY_WIDTH_MM = 30.0
DOTTED_CIRCLE = "\u25cc"
KEY_ICONS = {
    "{backspace}": "backspace",
    "{shift}": "shift",
    "{hide}": "hide-keyboard",
    "{space}": "space",
    "{clear}": "cross",
}


def key_height() -> int:
    """15 mm, or on a low panel what leaves room for the question."""
    return mm(min(TOUCH_KEY_MM, (current_panel().height_mm - ROOM_ABOVE_MM) / ROWS))


class Key(Tappable):
    """One key: types `value`, or does what its braces say."""

    value = StringProperty("")
    text = StringProperty("")
    icon = StringProperty("")
    held = BooleanProperty(False)

    def __init__(self, value: str, **properties: object) -> None:
        super().__init__(role="key", value=value, **properties)
        if value in KEY_ICONS:
            self.icon = KEY_ICONS[value]
        elif value.strip("{}") in keys.LAYOUTS:
            self.text = keys.LAYOUTS[value.strip("{}")].name
        else:
            self.text = DOTTED_CIRCLE + value if keys.combining(value) else value

    @property
    def types(self) -> bool:
        """Whether it types, rather than does something."""
        return not (self.value.startswith("{") and len(self.value) > 1)


class Keyboard(BoxLayout):
    """The keys for one field. `open_for` shows them; height is 0 while it serves nobody."""

    page = StringProperty("lo")
    shifted = BooleanProperty(False)
    rows_height = NumericProperty(dp(0))

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._field: Field | None = None
        self._on_hide: Callable[[], None] | None = None
        self._pages: dict[tuple[str, bool], BoxLayout] = {}

    @property
    def is_open(self) -> bool:
        """Whether keys are shown."""
        return self._field is not None

    def open_for(self, field: Field, page: str, on_hide: Callable[[], None] | None = None) -> None:
        """Show the keys of a page ("lo", "latin", "digits", or a pad) and type into the field."""
        self._field, self._on_hide = field, on_hide
        self.page, self.shifted = page, False
        field.focus = True
        self._show()

    def close(self) -> None:
        """Fold away."""
        if self._field is not None:
            self._field.focus = False
        self._field = self._on_hide = None
        self.clear_widgets()
        self.height = 0

    def press(self, key: Key) -> None:
        """Type a key into the field, or do what it says."""
        field = self._field
        if field is None:
            return
        if key.types:
            field.insert_text(key.value)
            if self.shifted:
                self.shifted = False
                self._show()
            return
        match key.value.strip("{}"):
            case "space":
                field.insert_text(" ")
            case "backspace":
                field.do_backspace()
            case "clear":
                field.text = ""
            case "shift":
                self.shifted = not self.shifted
                self._show()
            case "hide":
                self._hide()
            case page:
                self.page, self.shifted = page, False
                self._show()

    def _hide(self) -> None:
        told = self._on_hide
        self.close()
        if told is not None:
            told()

    def _show(self) -> None:
        place = (self.page, self.shifted)
        if place not in self._pages:
            self._pages[place] = self._built(*place)
        self.clear_widgets()
        page = self._pages[place]
        self.add_widget(page)
        self.height = page.height + self.padding[1] + self.padding[3]

    def _built(self, page: str, shifted: bool) -> BoxLayout:  # noqa: FBT001 - a state of the keys
        pad = keys.PADS.get(page)
        if pad is not None:
            return self._rows(pad, width_hint=len(pad[0]) * (PAD_KEY_WIDTH_MM + TOUCH_GAP_MM))
        layout = keys.LAYOUTS[page]
        rows = layout.shifted if shifted and layout.shifted else layout.plain
        return self._rows((*rows, tuple(keys.LAST_ROWS[page].split())), width_hint=None)

    def _rows(self, rows: tuple[tuple[str, ...], ...], width_hint: float | None) -> BoxLayout:
        gap, height = mm(TOUCH_GAP_MM), key_height()
        page = BoxLayout(
            orientation="vertical",
            spacing=gap,
            size_hint_y=None,
            height=len(rows) * height + (len(rows) - 1) * gap,
        )
        for values in rows:
            row = BoxLayout(spacing=gap)
            inner = row
            if width_hint is not None:  # a pad stands in the middle
                inner = BoxLayout(spacing=gap, size_hint_x=None, width=mm(width_hint))
                for part in (Widget(), inner, Widget()):
                    row.add_widget(part)
            for value in values:
                key = Key(value, size_hint_x=keys.WIDTHS.get(value, 1.0))
                key.held = self.shifted and value == "{shift}"
                key.bind(on_release=self.press)
                inner.add_widget(key)
            page.add_widget(row)
        return page


load_rules(__file__)
