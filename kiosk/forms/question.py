"""What a screen gets to show: questions, pages, lines, and what is wrong with an answer.

Plain values without behaviour, so that screens, the officer's web page and tests can rely on
them without knowing the engine.
"""

from collections.abc import Mapping
from datetime import date
from operator import itemgetter
from typing import Literal, NamedTuple, Protocol

from kiosk.forms.answers import day_of
from kiosk.forms.definition import QuestionKind

MESSAGES: Mapping[str, str] = {
    "required": "This question needs an answer.",
    "constraint": "This answer cannot be right. Please check it.",
    "integer": "Please give a whole number, for example 12.",
    "decimal": "Please give a number, for example 12.5.",
    "date": "Please give a date that exists.",
    "partial_date": "Please give a year, or a date that exists.",
    "time": "Please give a time of day, for example 08:30.",
    "date_time": "Please give a date and a time of day.",
    "choice": "Please choose from the list.",
    "range": "Please choose a number within the range.",
    "too_long": "This answer is too long. Please shorten it.",
    "rank": "Please put these in order too: %(missing)s.",
    "too_many": "This kiosk takes at most %(most)s. Please give a smaller number.",
    "no_file": "Please give it again: it is no longer here.",
}


class Formats(Protocol):
    """How values are written for people; a kiosk passes one that knows the language."""

    def date(self, day: date) -> str:
        """A day."""

    def partial_date(self, text: str) -> str:
        """A year, a month of a year, or a day: "1990", "1990-05", "1990-05-12"."""

    def number(self, text: str) -> str:
        """A number as it was answered."""

    def joined(self, labels: list[str]) -> str:
        """Several choices in one line."""


class PlainFormats:
    """Day, month and year in plain digits; numbers as they are."""

    def date(self, day: date) -> str:
        """12/5/1990."""
        return f"{day.day}/{day.month}/{day.year}"

    def partial_date(self, text: str) -> str:
        """1990, 5/1990 or 12/5/1990."""
        day = day_of(text)
        if day is not None:
            return self.date(day)
        year, _dash, month = text.partition("-")
        return f"{int(month)}/{year}" if month.isdigit() else text

    def number(self, text: str) -> str:
        """The number as it was answered."""
        return text

    def joined(self, labels: list[str]) -> str:
        """With commas."""
        return ", ".join(labels)


NAME = itemgetter(0)  # of a choice


class Choice(NamedTuple):
    """One of a question's choices in the language of the entry."""

    name: str
    label: str
    image: str = ""  # the name of a picture in the service's bundle
    audio: str = ""  # and of a clip that says the label


def choosable(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Those with a name: who touched another would have chosen nothing."""
    if "" not in map(NAME, choices):  # as nearly always: a list of 10,000 is not copied
        return choices
    return tuple(filter(NAME, choices))


class Question(NamedTuple):
    """A question as it stands now."""

    path: str
    kind: QuestionKind
    label: str
    hint: str | None
    required: bool
    readonly: bool
    appearance: frozenset[str]
    choices: tuple[Choice, ...]
    value: str
    shown: str
    parameters: Mapping[str, str]
    image: str = ""  # the name of a picture in the service's bundle
    audio: str = ""  # and of a clip that says the question


class Violation(NamedTuple):
    """What is wrong with an answer, in words for the applicant."""

    path: str
    message: str
    kind: Literal["required", "constraint", "type"]


class Part(NamedTuple):
    """A part of the form that stands around a page: a group, or one instance of a repeat."""

    path: str
    label: str  # as it reads at this instance: "Child", or "Child Noy" where the form says so
    number: int = 0  # which instance, counted from 1; 0 for a group
    is_named: bool = False  # the label tells this instance from the others


class Instance(NamedTuple):
    """One instance of a repeat, with what was answered first in it."""

    part: Part
    shown: str  # empty where nothing was answered yet


class Repeat(NamedTuple):
    """The end of a repeat: what it holds so far, and whether one more may be added.

    `add`, `done` and `none` are the form's own words for the ways on; empty where it has none.
    """

    path: str
    label: str
    instances: tuple[Instance, ...]
    may_add: bool
    add: str = ""
    done: str = ""
    none: str = ""
    parts: tuple[Part, ...] = ()


class Page(NamedTuple):
    """What is asked at once: one question, the questions of a field-list, or whether one more.

    At a repeat's end there are no questions: `repeat` says what was given, and to advance means
    that that is all.
    """

    questions: tuple[Question, ...]
    number: int  # counted from 1
    of: int  # how many pages are relevant now
    title: str = ""  # the label of a field-list
    repeat: Repeat | None = None
    parts: tuple[Part, ...] = ()  # what stands around the page, from the outside in
    shares: bool = False  # others stand here too, now or as soon as an answer asks for them


class Line(NamedTuple):
    """An answer on the check-answers page, and on the officer's."""

    path: str
    label: str
    shown: str
    given: bool
    kind: QuestionKind
    excused: bool = False  # the kiosk had no device for it
    parts: tuple[Part, ...] = ()  # what stands around the question, from the outside in


class Attachment(NamedTuple):
    """A photograph or file given as an answer: in memory only."""

    path: str
    name: str
    data: bytes
    media_type: str
