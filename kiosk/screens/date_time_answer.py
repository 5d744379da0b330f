"""A date and a time of day: first the date as everywhere, then the time as everywhere.

The two widgets stand one behind the other in one place. Each sees only its own half of the answer,
"2026-11-23T08:30:00.000+07:00"; the entry holds the whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kivy.properties import NumericProperty

from kiosk.forms.answers import DATE_LENGTH
from kiosk.forms.definition import QuestionKind
from kiosk.forms.entry import Entry, Question
from kiosk.screens.answer import Answer, Page
from kiosk.screens.date_answer import DateAnswer
from kiosk.screens.time_answer import TimeAnswer

if TYPE_CHECKING:
    from kiosk.screens.shell import Shell

DATE, TIME = range(2)  # the steps
BETWEEN = "T"
HANDED_UP = ("has_figures", "figures", "so_far", "aside")  # what the page shows for the half


@dataclass(frozen=True)
class HalfPage:
    """The question page as one of the halves knows it: what it gives is joined to the other."""

    page: Page
    join: Callable[[str], str]

    @property
    def shell(self) -> "Shell":
        """The frame."""
        return self.page.shell

    @property
    def entry(self) -> Entry:
        """Where the answers are."""
        return self.page.entry

    def give(self, path: str, value: str) -> None:
        """Half an answer."""
        self.page.give(path, self.join(value))

    def attach(self, path: str, data: bytes, media_type: str) -> None:
        """Not of dates."""
        self.page.attach(path, data, media_type)

    def excuse(self, path: str) -> None:
        """Not of dates."""
        self.page.excuse(path)

    def medium(self, name: str) -> bytes | None:
        """A picture or clip of the form."""
        return self.page.medium(name)

    def choose(self, path: str) -> None:
        """Not of dates."""
        self.page.choose(path)

    def proceed(self) -> None:
        """The person wants to go on."""
        self.page.proceed()

    def complain(self, sentence: str) -> None:
        """Something inside the half is not right yet."""
        self.page.complain(sentence)

    def refresh(self) -> None:
        """Something has changed that the page shows."""
        self.page.refresh()


class DateTimeAnswer(Answer):
    """A date, then a time."""

    lets_widen = False
    step = NumericProperty(DATE)

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._value = ""
        self._halves: tuple[Answer, ...] = (
            DateAnswer(page=HalfPage(self.page, self._with_date)),
            TimeAnswer(page=HalfPage(self.page, self._with_time)),
        )
        self._shown: Answer | None = None

    @property
    def _day(self) -> str:
        return self._value.partition(BETWEEN)[0]

    @property
    def _clock(self) -> str:
        return self._value.partition(BETWEEN)[2]

    def _with_date(self, day: str) -> str:
        whole = len(day) == DATE_LENGTH and self._clock
        return f"{day}{BETWEEN}{self._clock}" if whole else day

    def _with_time(self, clock: str) -> str:
        return f"{self._day}{BETWEEN}{clock}" if clock else self._day

    def show(self, question: Question) -> None:
        """Show the present half."""
        self._value = question.value
        if len(self._day) < DATE_LENGTH:
            self.step = DATE
        half = self._halves[int(self.step)]
        if half is not self._shown:
            self._put(half)
        if self.step == DATE:
            half.show(question._replace(kind=QuestionKind.DATE, value=self._day))
        else:
            half.show(question._replace(kind=QuestionKind.TIME, value=self._clock, required=True))

    def _put(self, half: Answer) -> None:
        if self._shown is not None:
            for name in HANDED_UP:
                self._shown.funbind(name, self.setter(name))
            self.remove_widget(self._shown)
        self._shown = half
        self.add_widget(half)
        for name in HANDED_UP:
            setattr(self, name, getattr(half, name))
            half.fbind(name, self.setter(name))

    def spoken(self) -> tuple[str, ...]:
        """What the half says."""
        return self._shown.spoken() if self._shown is not None else ()

    def take_aside(self) -> None:
        """The other way of the half."""
        if self._shown is not None:
            self._shown.take_aside()

    def proceed(self) -> bool:
        """Through the date, then through the time."""
        if self._shown is None or self._shown.proceed():
            return True
        if self.step == TIME or len(self._day) < DATE_LENGTH:
            return False
        self.step = TIME
        self.page.refresh()
        return True

    def back(self) -> bool:
        """From the time to the date, and through each."""
        if self._shown is not None and self._shown.back():
            return True
        if self.step == DATE:
            return False
        self.step = DATE
        return True
