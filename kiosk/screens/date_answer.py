"""A date in three large steps: the year on a pad, the month from twelve, the day from its month.

Many people know the year of a birth and no more, or count years in the Buddhist era. So a partial
date may end after the year or the month, and the year is said in both eras; one typed in the
Buddhist era is understood. What is known so far is the answer itself, "1990", "1990-05": the entry
holds it, here is only which step is shown.
"""

from calendar import monthrange
from datetime import date
from typing import Any

from babel.dates import get_month_names
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.forms.definition import QuestionKind
from kiosk.forms.entry import Question
from kiosk.language import BUDDHIST_ERA_OFFSET, N_, _, format_date, language
from kiosk.screens.number_answer import NumberPad, pressed
from kiosk.screens.rules import load_rules
from kiosk.screens.widgets import Tappable

YEAR, MONTH, DAY = range(3)  # the steps, and where each stands in "1990-05-12"
YEAR_DIGITS = 4
YEAR_MIN, YEAR_MAX = 1900, 2100
BUDDHIST_YEAR_MIN = 2400  # no common-era year that anybody writes here is so large
COUNTED_MONTHS = ("lo",)  # where people say "month five" as often as its name

COMMON_YEAR = N_("Year %(year)s")
BUDDHIST_YEAR = N_("Buddhist year %(year)s")
DO_YOU_MEAN = N_("Do you mean %(year)s?")
YES_YEAR = N_("Yes, %(year)s")
THIS_YEAR = N_("This year is %(year)s.")
ONLY_YEAR = N_("I only know the year")
ONLY_MONTH = N_("I only know the month and year")
FOUR_FIGURES = N_("Write four figures, such as 1990 or 2533.")
NO_SUCH_YEAR = N_("Please check the year: it must be between 1900 and 2100.")
TOUCH_MONTH = N_("Touch the month.")
TOUCH_DAY = N_("Touch the day.")


def common_year(digits: str) -> int | None:
    """The common-era year that four figures mean, in whichever era they were typed."""
    if len(digits) != YEAR_DIGITS:
        return None
    year = int(digits)
    year = year - BUDDHIST_ERA_OFFSET if year >= BUDDHIST_YEAR_MIN else year
    return year if YEAR_MIN <= year <= YEAR_MAX else None


class DatePart(Tappable):
    """A month or a day to touch."""

    number = NumericProperty(0)
    text = StringProperty("")
    chosen = BooleanProperty(False)


class DateAnswer(NumberPad):
    """One date, known as far as it is known."""

    lets_widen = False  # twelve months stand three a row
    step = NumericProperty(YEAR)

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._question: Question | None = None
        self._laid: object = None
        self._done = False

    @property
    def _parts(self) -> list[str]:
        value = self._question.value if self._question is not None else ""
        return value.split("-")

    def show(self, question: Question) -> None:
        """Show the present step with what is known so far."""
        self._question = question
        self.lay_keys("number")
        self.figures = self._parts[0]
        self.has_figures = self.step == YEAR
        self._lay_parts()
        self._say()

    def _lay_parts(self) -> None:
        """The months, or the days of the month; built anew only when they are others."""
        step, parts = int(self.step), self._parts
        names = self._names()
        laid = (step, tuple(names.items()))
        place = self.ids.parts
        if laid != self._laid:
            self._laid = laid
            place.clear_widgets()
            place.cols = 3 if step == MONTH else 7
            for number, name in names.items():
                part = DatePart(number=number, text=name)
                part.bind(on_release=lambda held: self.choose(held.number))
                place.add_widget(part)
        known = int(parts[step]) if len(parts) > step and parts[step].isdecimal() else 0
        for part in place.children:
            part.chosen = part.number == known

    def _names(self) -> dict[int, str]:
        if self.step == MONTH:
            names = get_month_names("wide", context="stand-alone", locale=language())
            counted = language() in COUNTED_MONTHS
            return {at: f"{at}  {names[at]}" if counted else names[at] for at in range(1, 13)}
        if self.step == DAY:
            year, month = int(self._parts[0]), int(self._parts[1])
            return {day: str(day) for day in range(1, monthrange(year, month)[1] + 1)}
        return {}

    def _say(self) -> None:
        """Under the question: what is known in both eras, and the other way on."""
        partial = self._question is not None and self._question.kind is QuestionKind.PARTIAL_DATE
        year = common_year(self.figures)
        self.so_far = self.aside = ""
        if year is None:
            self.so_far = self._this_year()
            return
        if str(year) != self.figures:
            buddhist = _(BUDDHIST_YEAR, year=self.figures)
            self.so_far = f"{buddhist}\n{_(DO_YOU_MEAN, year=year)}"
            self.aside = _(YES_YEAR, year=year)
            return
        known = self._parts[: int(self.step) + 1] if self.step else [str(year)]
        day = shown_date("-".join(known)) if len(known) > 1 else _(COMMON_YEAR, year=year)
        era = _(BUDDHIST_YEAR, year=year + BUDDHIST_ERA_OFFSET)
        self.so_far = f"{day}\n{era}"
        if partial and self.step != YEAR:
            self.aside = _(ONLY_YEAR if self.step == MONTH else ONLY_MONTH)

    def _this_year(self) -> str:
        """Before a year is typed: how this year is counted in both eras, where there is room."""
        if self.figures or self.wrong or (self._question is not None and self._question.hint):
            return ""
        year = self.page.entry.today.year
        era = _(BUDDHIST_YEAR, year=year + BUDDHIST_ERA_OFFSET)
        return f"{_(THIS_YEAR, year=year)}\n{era}"

    def press(self, key: str) -> None:
        """A figure of the year; what was known of month and day goes with the old year."""
        year = pressed(self.figures, key)
        if len(year) <= YEAR_DIGITS:
            self._give(year)

    def choose(self, number: float) -> None:
        """A month or a day was touched."""
        if self.step == MONTH:
            same = len(self._parts) > MONTH and int(self._parts[MONTH]) == number
            if not same:
                self._give(f"{self._parts[0]}-{int(number):02d}")
            self.step = DAY
            self.page.refresh()
        else:
            self._give(f"{self._parts[0]}-{self._parts[1]}-{int(number):02d}")

    def take_aside(self) -> None:
        """This is all that is known: the date ends here. In the year: yes, that year is meant."""
        if self.step == YEAR:
            self._leave_year()
            return
        self._give("-".join(self._parts[: int(self.step)]))
        self._done = True
        self.page.proceed()

    def proceed(self) -> bool:
        """Continue leads from step to step; at the end, or with nothing given, the page goes on."""
        if self._done or not self.figures:
            self._done = False
            return False
        if self.step == YEAR:
            self._leave_year()
            return True
        if len(self._parts) <= self.step:
            self.page.complain(TOUCH_MONTH if self.step == MONTH else TOUCH_DAY)
            return True
        if self.step == MONTH:
            self.step = DAY
            self.page.refresh()
            return True
        return False

    def _leave_year(self) -> None:
        year = common_year(self.figures)
        if year is None:
            typed_whole = len(self.figures) == YEAR_DIGITS
            self.page.complain(NO_SUCH_YEAR if typed_whole else FOUR_FIGURES)
            return
        if str(year) != self.figures:
            self._give(str(year))
        self.step = MONTH
        self.page.refresh()

    def back(self) -> bool:
        """From the day to the month to the year."""
        if self.step == YEAR:
            return False
        self.step -= 1
        return True

    def spoken(self) -> tuple[str, ...]:
        """What to touch now."""
        return ((), (TOUCH_MONTH,), (TOUCH_DAY,))[int(self.step)]

    def _give(self, value: str) -> None:
        if self._question is not None:
            self.page.give(self._question.path, value)


def shown_date(known: str) -> str:
    """The date in words; a day that no calendar has, as it was written."""
    try:
        return format_date(date.fromisoformat(known) if len(known) > len("1990-05") else known)
    except ValueError:
        return known


load_rules(__file__)
