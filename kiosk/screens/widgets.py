"""The few things all pages are made of; how they look stands in `widgets.kv`.

Patterns follow the GOV.UK design system (button, panel, error summary, summary list, inset text),
sized for fingers: nothing that may be touched is smaller than the panel module says. Everything
that may be touched is a `Tappable`, so that one test can measure them all and a keypad reaches them
all.
"""

from collections.abc import Iterable

from kivy.properties import (
    BooleanProperty,
    ColorProperty,
    ListProperty,
    NumericProperty,
    ObjectProperty,
    OptionProperty,
    StringProperty,
)
from kivy.uix.behaviors import ButtonBehavior, FocusBehavior
from kivy.uix.boxlayout import BoxLayout

from kiosk.screens.rules import load_rules

TONE_ICONS = {"news": "info", "good": "tick-ring", "warn": "warning", "bad": "cross-box"}


class Tappable(ButtonBehavior, BoxLayout):
    """Something that may be touched, or reached with the keys of a keypad: see `pointer`.

    A touch does not take the focus away from a text field: the keyboard stays, so the page does
    not move under the finger.
    """

    role = OptionProperty("any", options=("primary", "any", "key"))
    pointed = BooleanProperty(False)  # a keypad's ring is around it

    def on_touch_down(self, touch: object) -> bool:
        """Press, but leave the focus where it is."""
        if self.collide_point(*touch.pos):  # type: ignore[attr-defined]
            FocusBehavior.ignored_touch.append(touch)
        pressed: bool = super().on_touch_down(touch)
        return pressed


class LabelledButton(Tappable):
    """A button with a word and perhaps an icon before it."""

    text = StringProperty("")
    icon = StringProperty("")
    least_width = NumericProperty(0)  # dots; it grows with its word
    ground = ColorProperty()
    ground_pressed = ColorProperty()
    ink = ColorProperty()
    edge = ColorProperty()


class PrimaryButton(LabelledButton):
    """The one main action of a page."""


class SecondaryButton(LabelledButton):
    """Another way on."""


class QuietButton(LabelledButton):
    """A small thing one may also do, such as Change."""


class Tile(Tappable):
    """A large place to choose: a picture or icon, a name, perhaps a line below."""

    text = StringProperty("")
    detail = StringProperty("")
    icon = StringProperty("")
    picture = ObjectProperty(None, allownone=True)
    sign = StringProperty("")  # a small warning in the corner, which takes no room from the words


class Choice(Tappable):
    """One of several answers: a circle for one of many, a square for many of many.

    Chosen is shown by sign, border and ground. A touch reports; whoever keeps the answer sets
    `chosen`.
    """

    text = StringProperty("")
    icon = StringProperty("")  # after the words
    many = BooleanProperty(False)
    chosen = BooleanProperty(False)


class Card(BoxLayout):
    """A white sheet that holds what belongs together, as high as what is in it."""


class Fact(BoxLayout):
    """An icon, what it is about, and what is so: one row of a sheet, as in a summary list.

    What is long is several rows; the icon and name stand at the first of them on each page.
    """

    icon = StringProperty("")
    name = StringProperty("")
    text = StringProperty("")
    continues = BooleanProperty(False)  # the row before is about the same
    leads = BooleanProperty(True)  # set by `Paged`


def fact_rows(icon: str, name: str, lines: Iterable[str]) -> list[Fact]:
    """A row for each line, so that pages may part them."""
    return [
        Fact(icon=icon, name=name, text=line, continues=number > 0, leads=number == 0)
        for number, line in enumerate(lines)
    ]


class Banner(BoxLayout):
    """A notice across the page: icon, words, tone. Never by colour alone."""

    tone = OptionProperty("news", options=("news", "good", "warn", "bad"))
    text = StringProperty("")
    icon = StringProperty(TONE_ICONS["news"])
    heading = BooleanProperty(False)
    ground = ColorProperty()
    ink = ColorProperty()

    def on_tone(self, _banner: object, tone: str) -> None:
        """Take the icon of the tone."""
        self.icon = TONE_ICONS[tone]


class Tag(BoxLayout):
    """A short word with its icon in a coloured box: a status, "sample data".

    The icon is chosen by whoever knows the meaning.
    """

    tone = OptionProperty("news", options=("news", "good", "warn", "bad"))
    text = StringProperty("")
    icon = StringProperty(TONE_ICONS["news"])
    ground = ColorProperty()
    ink = ColorProperty()


class Inset(BoxLayout):
    """Words set apart by a bar at their left: a quotation, an example."""

    text = StringProperty("")


class ErrorSummary(BoxLayout):
    """What is wrong, at the top of the page; a touch on a line goes to its field.

    `problems` are pairs of a sentence and a function without arguments.
    """

    problems = ListProperty()

    def on_problems(self, *_: object) -> None:
        """Show one line a problem."""
        lines = self.ids.lines
        lines.clear_widgets()
        for sentence, go_there in self.problems:
            line = ErrorLine(text=sentence)
            line.bind(on_release=lambda _line, go=go_there: go())
            lines.add_widget(line)


class ErrorLine(Tappable):
    """One problem in the summary."""

    text = StringProperty("")


class SummaryRow(BoxLayout):
    """A question, the answer given, and Change. `on_change` is called by Change."""

    question = StringProperty("")
    answer = StringProperty("")
    given = BooleanProperty(True)
    changeable = BooleanProperty(True)

    __events__ = ("on_change",)

    def on_change(self) -> None:
        """The person wants to change this answer."""


load_rules(__file__)
