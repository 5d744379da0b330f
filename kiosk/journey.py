"""The way through a form, as numbers: what was shown, what was said to be wrong, where she stopped.

In memory it is this visit's; what is left of it is a handful of ones, added to the day's counts
when nobody is here. No answer, no hour and nothing that tells one visit from another is ever among
them. Corrections are not counted: who corrects goes where the office sent her.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from weakref import ReferenceType, ref

from kiosk.forms.definition import Definition
from kiosk.forms.entry import Entry
from sync.journey import SLOWNESS_S, Journeys, Steps, slowness_of

WALKED_MAX = 100  # that wait for a moment in which the disk takes them
_INSTANCE = re.compile(r"\[[0-9]+\]")


class Ending(StrEnum):
    """How it ended."""

    HANDED_IN = "handed-in"
    SET_ASIDE = "set-aside"
    LEFT = "left"  # by Start over, silence, going elsewhere, or an error of ours


@dataclass(frozen=True, slots=True)
class Walked:
    """A form that was filled in, set aside or left; nothing of what was answered."""

    definition: Definition
    language: str
    ending: Ending
    place: str  # where it ended
    shown: frozenset[str]
    wrong: frozenset[str]
    seconds: Mapping[str, float]

    def counted(self, service: str, version: str) -> Journeys:
        """The same as counts."""
        return Journeys(
            service=service,
            version=version,
            language=self.language,
            begun=1,
            handed_in=int(self.ending is Ending.HANDED_IN),
            set_aside=int(self.ending is Ending.SET_ASIDE),
            questions={path: self._steps(path) for path in self.shown},
        )

    def _steps(self, path: str) -> Steps:
        taken_s = self.seconds.get(path)
        its_class = None if taken_s is None else slowness_of(taken_s)
        return Steps(
            shown=1,
            wrong=int(path in self.wrong),
            left=int(self.ending is Ending.LEFT and path == self.place),
            seconds=tuple(int(one == its_class) for one in range(len(SLOWNESS_S) + 1)),
        )


@dataclass
class _Way:
    """One on which she still is."""

    entry: ReferenceType[Entry]  # her answers are the visit's alone
    definition: Definition
    language: str
    place: str
    since_s: float
    shown: set[str] = field(default_factory=set)
    wrong: set[str] = field(default_factory=set)
    seconds: dict[str, float] = field(default_factory=dict)

    def leaves_place(self, at_s: float) -> None:
        stayed_s = max(0.0, at_s - self.since_s)
        self.seconds[self.place] = self.seconds.get(self.place, 0.0) + stayed_s


class Journey:
    """Follows one visit after the other.

    Args:
        monotonic_s: the visit's clock.
    """

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._monotonic_s = monotonic_s
        self._way: _Way | None = None
        self.walked: deque[Walked] = deque(maxlen=WALKED_MAX)  # not yet on the disk

    def comes_to(self, entry: Entry, place: str, shown: Iterable[str]) -> None:
        """This page is before her; said again and again while it is."""
        place, now_s = _plain(place), self._monotonic_s()
        way = self._way
        if way is None or way.entry() is not entry:
            self.ends(Ending.LEFT, now_s)
            way = self._way = _Way(ref(entry), entry.definition, entry.language, place, now_s)
        elif way.place != place:
            way.leaves_place(now_s)
            way.place, way.since_s = place, now_s
        way.language = entry.language
        way.shown.update((place, *map(_plain, shown)))

    def is_told(self, entry: Entry, paths: Iterable[str]) -> None:
        """Something is said to be wrong with the answers there."""
        if self._is_on(entry) and self._way is not None:
            self._way.wrong.update(map(_plain, paths))

    def finishes(self, entry: Entry | None, ending: Ending) -> None:
        """What she was filling in is handed in or set aside."""
        if self._is_on(entry):
            self.ends(ending, self._monotonic_s())

    def ends(self, ending: Ending, last_sign_s: float) -> None:
        """It is over; nobody looked at the page any more after her last sign of life."""
        way, self._way = self._way, None
        if way is None:
            return
        way.leaves_place(last_sign_s)
        self.walked.append(
            Walked(
                definition=way.definition,
                language=way.language,
                ending=ending,
                place=way.place,
                shown=frozenset(way.shown),
                wrong=frozenset(way.wrong),
                seconds=way.seconds,
            )
        )

    def _is_on(self, entry: Entry | None) -> bool:
        return entry is not None and self._way is not None and self._way.entry() is entry


def _plain(path: str) -> str:
    """The question's path in the form: which instance of a repeat is not counted."""
    return _INSTANCE.sub("", path)
