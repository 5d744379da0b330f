"""A time of day in two large steps: the hour from the whole day, then the minutes.

The hours stand in four rows that are named as people speak of them, so that who says "two in the
afternoon" finds 14 there. A touch on the hour is already an answer, on the full hour; minutes are
touched in steps of five and moved by one. What is known is the answer itself: here is only which
step is shown.
"""

from collections.abc import Callable
from datetime import time
from typing import Any

from kivy.properties import NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.forms.engine.values import find_time
from kiosk.forms.entry import Question
from kiosk.language import N_, _
from kiosk.screens.answer import Answer
from kiosk.screens.date_answer import DatePart
from kiosk.screens.rules import load_rules

HOUR, MINUTE = range(2)  # the steps
OFFSET = "+07:00"  # Vientiane has no daylight saving
DAY_MINUTES = 24 * 60
MINUTE_STEP = 5
PARTS_OF_DAY = {  # the hour that each begins with
    0: N_("Night"),
    6: N_("Morning"),
    12: N_("Afternoon"),
    18: N_("Evening"),
}
HOURS_A_ROW = 6

ERASE = N_("Erase this answer")
TOUCH_MINUTE = N_("%(time)s. Now touch the minutes.")
SAY_HOUR, SAY_MINUTE = N_("Touch the hour."), N_("Touch the minutes.")


def odk_time(clock: time) -> str:
    """The time as ODK's clients write it."""
    return f"{clock:%H:%M}:00.000{OFFSET}"


class HourRow(BoxLayout):
    """Six hours and the part of the day they are in."""

    text = StringProperty("")


class TimeAnswer(Answer):
    """One time of day."""

    lets_widen = False  # six hours stand in a row, with their name
    step = NumericProperty(HOUR)

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._question: Question | None = None
        self._hours: list[DatePart] = []
        self._minutes: list[DatePart] = []
        self._rows: dict[int, HourRow] = {}
        self._lay_hours()
        self._lay_minutes()

    def _lay_hours(self) -> None:
        for first in PARTS_OF_DAY:
            self._rows[first] = row = HourRow()
            self.ids.hours.add_widget(row)
            for hour in range(first, first + HOURS_A_ROW):
                self._hours.append(part := self._part(hour, self.choose_hour))
                row.add_widget(part)

    def _lay_minutes(self) -> None:
        for minute in range(0, 60, MINUTE_STEP):
            self._minutes.append(part := self._part(minute, self.choose_minute))
            self.ids.minutes.add_widget(part)

    @staticmethod
    def _part(number: int, choose: Callable[[int], None]) -> DatePart:
        part = DatePart(number=number, text=f"{number:02d}")
        part.bind(on_release=lambda held: choose(int(held.number)))
        return part

    @property
    def _clock(self) -> time | None:
        return find_time(self._question.value) if self._question is not None else None

    def show(self, question: Question) -> None:
        """Show the present step with the time known so far."""
        self._question = question
        clock = self._clock
        if clock is None:
            self.step = HOUR
        for first, words in PARTS_OF_DAY.items():
            self._rows[first].text = _(words)
        for part in self._hours:
            part.chosen = clock is not None and part.number == clock.hour
        for part in self._minutes:
            part.chosen = clock is not None and part.number == clock.minute
        asks_minute = bool(self.step == MINUTE)
        shown = f"{clock:%H:%M}" if clock is not None else ""
        self.so_far = _(TOUCH_MINUTE, time=shown) if asks_minute else shown
        optional = clock is not None and not question.required and not asks_minute
        self.aside = _(ERASE) if optional else ""

    def choose_hour(self, hour: int) -> None:
        """An hour was touched: the minutes are next."""
        clock = self._clock
        self.step = MINUTE
        self._give(time(hour, clock.minute if clock is not None else 0))

    def choose_minute(self, minute: int) -> None:
        """Minutes were touched."""
        clock = self._clock
        if clock is not None:
            self._give(time(clock.hour, minute))

    def move(self, minutes: int) -> None:
        """A minute earlier or later; midnight is no wall."""
        clock = self._clock
        if clock is not None:
            at = (clock.hour * 60 + clock.minute + minutes) % DAY_MINUTES
            self._give(time(at // 60, at % 60))

    def take_aside(self) -> None:
        """Nothing is known after all."""
        if self._question is not None:
            self.page.give(self._question.path, "")

    def proceed(self) -> bool:
        """From the hour to the minutes; then the page goes on."""
        if self._clock is None or self.step == MINUTE:
            return False
        self.step = MINUTE
        self.page.refresh()
        return True

    def back(self) -> bool:
        """From the minutes to the hour."""
        if self.step == HOUR:
            return False
        self.step = HOUR
        return True

    def spoken(self) -> tuple[str, ...]:
        """What to touch now."""
        return (SAY_MINUTE if self.step == MINUTE else SAY_HOUR,)

    def _give(self, clock: time) -> None:
        if self._question is not None:
            self.page.give(self._question.path, odk_time(clock))


load_rules(__file__)
