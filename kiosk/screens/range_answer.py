"""A number between two ends: each stop on a tile where they are few, else buttons and a bar.

Nothing is chosen beforehand: a number that nobody touched would look like an answer. Stops are
counted in decimals as the form writes them, so that 0.1 three times is 0.3.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.forms.entry import Question
from kiosk.language import N_, _, format_number
from kiosk.screens.answer import Answer
from kiosk.screens.panel import mm
from kiosk.screens.rules import load_rules
from kiosk.screens.time_answer import ERASE
from kiosk.screens.widgets import Tappable

TILES_MAX = 12  # as many stops as stand on tiles of their own
COLUMNS = 4
LEAP_SHARE = 10  # the larger step is about a tenth of the way
STOPS_MAX = 100_000
DEFAULTS = {"start": Decimal(0), "end": Decimal(10), "step": Decimal(1)}  # pyxform's
TOUCH_BAR = N_("Touch the bar, then use - and +.")


@dataclass(frozen=True, slots=True)
class Scale:
    """The stops from one end to the other."""

    start: Decimal
    step: Decimal  # with its sign
    count: int  # of stops

    @classmethod
    def of(cls, parameters: Any) -> "Scale":
        """The scale that a form's parameters describe; what makes no sense is as by default."""
        start, end, step = (_decimal(parameters, name) for name in DEFAULTS)
        step = abs(step) or DEFAULTS["step"]
        count = int(abs(end - start) / step) + 1
        if count > STOPS_MAX:
            return cls(**{name: DEFAULTS[name] for name in ("start", "step")}, count=11)
        return cls(start, step if end >= start else -step, count)

    def stop(self, at: int) -> str:
        """The number at a stop, as an answer."""
        return format((self.start + self.step * min(max(at, 0), self.count - 1)), "f")

    def place(self, value: str) -> int | None:
        """The stop nearest to an answer; None for none."""
        try:
            number = Decimal(value)
        except InvalidOperation:
            return None
        if not number.is_finite():
            return None
        return min(max(round((number - self.start) / self.step), 0), self.count - 1)

    @property
    def leap(self) -> int:
        """How many stops the larger step takes: a round number of them."""
        tenth = max(self.count // LEAP_SHARE, 1)
        ten = int(10 ** (len(str(tenth)) - 1))
        return max(times * ten for times in (1, 2, 5) if times * ten <= tenth)


def _decimal(parameters: Any, name: str) -> Decimal:
    try:
        number = Decimal(str(parameters.get(name, "")))
    except InvalidOperation:
        return DEFAULTS[name]
    return number if number.is_finite() else DEFAULTS[name]


class StopTile(Tappable):
    """One number to touch."""

    text = StringProperty("")
    chosen = NumericProperty(0)

    def __init__(self, at: int, **properties: Any) -> None:
        super().__init__(**properties)
        self.at = at  # its place on the scale


class RangeBar(Widget):
    """The way from one end to the other: a finger anywhere on it is at a stop.

    Who has keys only uses the buttons above it: they reach every stop.
    """

    share = NumericProperty(-1.0)  # how far along the chosen stop stands; negative for none
    held = BooleanProperty(False)  # a finger is on it
    __events__ = ("on_share_touched",)

    def on_touch_down(self, touch: Any) -> bool:
        """Take the place that was touched."""
        if self.disabled or not self.collide_point(*touch.pos):
            return bool(super().on_touch_down(touch))
        touch.grab(self)
        self.held = True
        self._take(touch.x)
        return True

    def on_touch_move(self, touch: Any) -> bool:
        """Follow the finger."""
        if touch.grab_current is not self:
            return bool(super().on_touch_move(touch))
        self._take(touch.x)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """Let it go."""
        if touch.grab_current is not self:
            return bool(super().on_touch_up(touch))
        touch.ungrab(self)
        self.held = False
        return True

    def _take(self, x_px: float) -> None:
        inset = self.height / 2
        way = max(self.width - 2 * inset, 1)
        self.dispatch("on_share_touched", min(max((x_px - self.x - inset) / way, 0.0), 1.0))

    def on_share_touched(self, share: float) -> None:
        """A place on the way was touched."""


class RangeAnswer(Answer):
    """One number of the range."""

    value = StringProperty("")  # the number as people write it
    less = StringProperty("")  # the names of the steps, such as "−1"
    more = StringProperty("")
    leap_less = StringProperty("")
    leap_more = StringProperty("")
    first = StringProperty("")  # the ends
    last = StringProperty("")
    share = NumericProperty(-1.0)
    tiled = NumericProperty(1)

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._question: Question | None = None
        self._scale = Scale.of({})
        self._tiles: list[StopTile] = []

    def show(self, question: Question) -> None:
        """Show the number chosen, if any."""
        if self._question is None:
            self._scale = Scale.of(question.parameters)
            self.tiled = int(self._scale.count <= TILES_MAX)
            if self.tiled:
                self._lay_tiles()
        self._question = question
        scale = self._scale
        at = scale.place(question.value)
        for tile in self._tiles:
            tile.text = shown(scale.stop(tile.at))
            tile.chosen = int(tile.at == at)
        self.value = question.shown if at is not None else "–"
        self.share = -1.0 if at is None else at / max(scale.count - 1, 1)
        self.first, self.last = shown(scale.stop(0)), shown(scale.stop(scale.count - 1))
        self.less, self.more = self._step_words(1)
        self.leap_less, self.leap_more = (
            self._step_words(scale.leap) if scale.leap > 1 else ("",) * 2
        )
        self.aside = _(ERASE) if question.value and not question.required else ""
        self.so_far = "" if self.tiled or question.hint or question.value else _(TOUCH_BAR)

    def _step_words(self, stops: int) -> tuple[str, str]:
        amount = shown(format(abs(self._scale.step) * stops, "f"))
        signs = ("-", "+") if self._scale.step > 0 else ("+", "-")
        return f"{signs[0]} {amount}", f"{signs[1]} {amount}"

    def _lay_tiles(self) -> None:
        self.ids.tiles.cols = COLUMNS
        for at in range(self._scale.count):
            tile = StopTile(at, size_hint_max_y=mm(24))
            tile.bind(on_release=lambda held: self._give(held.at))
            self._tiles.append(tile)
            self.ids.tiles.add_widget(tile)

    def touch(self, share: float) -> None:
        """A place on the bar was touched."""
        self._give(round(share * (self._scale.count - 1)))

    def move(self, steps: int) -> None:
        """Less or more; the first touch chooses an end."""
        if self._question is None:
            return
        at = self._scale.place(self._question.value)
        if at is None:
            self._give(0 if steps > 0 else self._scale.count - 1)
        else:
            self._give(at + steps)

    def leap(self, direction: int) -> None:
        """Much less or much more."""
        self.move(direction * self._scale.leap)

    def take_aside(self) -> None:
        """No number after all."""
        if self._question is not None:
            self.page.give(self._question.path, "")

    def spoken(self) -> tuple[str, ...]:
        """How to begin, where it is a bar."""
        return () if self.tiled or self.share >= 0 else (TOUCH_BAR,)

    def _give(self, at: int) -> None:
        if self._question is not None:
            self.page.give(self._question.path, self._scale.stop(at))


def shown(number: str) -> str:
    """The number as people of the present language write it."""
    return format_number(float(number) if "." in number else int(number))


load_rules(__file__)
