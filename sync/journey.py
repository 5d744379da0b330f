"""A day's journeys through the forms, counted: how many began, and what each question did to them.

It is what a kiosk tells central of the way to a receipt, so that whoever writes forms sees where
people stop. Counts by day, service, version and language are all there is: no visit, no answer, no
hour. It travels as an envelope of its own, without a reference and about no single service.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

NO_SERVICE = "-"  # in the header, which must name one; no service is called so
LAYOUT = "1"  # in the place of its version: of the record below
SLOWNESS_S = (10, 30, 60)  # a question took less than so many seconds; the last class is longer
CHECK, CONFIRM = "check", "confirm"  # the pages behind the questions are places, too
QUESTIONS_MAX = 2000  # of all journeys in one record


@dataclass(frozen=True, slots=True)
class Steps:
    """What a question did to the journeys that came by: to how many of them."""

    shown: int = 0
    wrong: int = 0  # something here was said to be wrong
    left: int = 0  # she was here when she went, or was given up
    seconds: tuple[int, ...] = (0,) * (len(SLOWNESS_S) + 1)  # by class of slowness

    def numbers(self) -> tuple[int, ...]:
        """All of it, as it is stored and sent."""
        return (self.shown, self.wrong, self.left, *self.seconds)

    @classmethod
    def of_numbers(cls, numbers: Iterable[int]) -> "Steps":
        """The same again."""
        shown, wrong, left, *seconds = numbers
        return cls(shown, wrong, left, tuple(seconds))


NUMBERS = len(Steps().numbers())


@dataclass(frozen=True, slots=True)
class Journeys:
    """The journeys of one day through one edition of a form, in one language.

    Each visit counts by itself: who goes on with her slip begins once more. Whoever neither handed
    in nor set aside has left.
    """

    service: str
    version: str
    language: str
    begun: int
    handed_in: int
    set_aside: int
    questions: Mapping[str, Steps]  # by path, without the numbers of repeats

    def to_record(self, day: date) -> dict[str, Any]:
        """What is sealed of it."""
        return {
            "day": day.isoformat(),
            "service": self.service,
            "version": self.version,
            "language": self.language,
            "begun": self.begun,
            "handed_in": self.handed_in,
            "set_aside": self.set_aside,
            "questions": {path: list(steps.numbers()) for path, steps in self.questions.items()},
        }


def slowness_of(seconds: float) -> int:
    """Which class so many seconds fall into."""
    return sum(seconds >= most for most in SLOWNESS_S)
