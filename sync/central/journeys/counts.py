"""The journeys of an office summed: a funnel for each edition of a form.

Fewer than ten are never shown, as with what people say. Periods lie within each other and a
language within all of them: so one is shown only if what the wider views have beyond it is nobody,
or ten as well. Else a hidden number could be worked out from two that are shown.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sync.central.casework.models import Office
from sync.central.journeys.models import Journey
from sync.central.voice.counts import LEAST, Share
from sync.journey import NUMBERS, Steps

PERIODS_DAYS = (30, 90, 365)
ANY_LANGUAGE = ""


@dataclass(frozen=True, slots=True)
class View:
    """Which journeys are looked at."""

    days: int = PERIODS_DAYS[1]
    language: str = ANY_LANGUAGE


@dataclass(frozen=True, slots=True)
class Met:
    """What became of the journeys at one place: each a share with what it is a share of."""

    reached: Share  # of those that began
    left: Share  # of those that came by
    wrong: Share
    slow: Share  # longer than the last class of slowness, of those whose time was taken


@dataclass
class Funnel:
    """One edition of a form."""

    service: str
    version: str
    is_shown: bool = False
    begun: int = 0
    handed_in: int = 0
    set_aside: int = 0
    _sums: Counter[tuple[str, int]] = field(default_factory=Counter)

    @property
    def left(self) -> int:
        """How many neither handed in nor set aside."""
        return max(0, self.begun - self.handed_in - self.set_aside)

    def add(
        self, begun: int, handed_in: int, set_aside: int, questions: Mapping[str, Iterable[int]]
    ) -> None:
        """Journeys of the view."""
        self.begun += begun
        self.handed_in += handed_in
        self.set_aside += set_aside
        for path, numbers in questions.items():
            for place, number in enumerate(numbers):
                self._sums[path, place] += number

    def at(self, path: str) -> Met:
        """What became of them there."""
        steps = Steps.of_numbers(self._sums[path, place] for place in range(NUMBERS))
        return Met(
            reached=Share(steps.shown, self.begun),
            left=Share(steps.left, steps.shown),
            wrong=Share(steps.wrong, steps.shown),
            slow=Share(steps.seconds[-1], sum(steps.seconds)),
        )


def funnels(office: Office, view: View, today: date) -> list[Funnel]:
    """Every edition with journeys at that office in the longest of the periods."""
    made: dict[tuple[str, str], Funnel] = {}
    begun: Counter[tuple[str, str, View]] = Counter()
    since = today - timedelta(days=PERIODS_DAYS[-1])
    rows = Journey.objects.filter(office=office, day__gt=since).values_list(
        *("day", "service", "version", "language"),
        *("begun", "handed_in", "set_aside", "questions"),
    )
    for day, service, version, language, *counts in rows.iterator():
        funnel = made.setdefault((service, version), Funnel(service, version))
        views = [
            View(days, spoken)
            for days in PERIODS_DAYS
            if day > today - timedelta(days=days)
            for spoken in {language, ANY_LANGUAGE}
        ]
        for one in views:
            begun[service, version, one] += counts[0]
        if view in views:
            funnel.add(*counts)
    for (service, version), funnel in made.items():
        others = (begun[service, version, one] - funnel.begun for one in _around(view))
        funnel.is_shown = funnel.begun >= LEAST and all(
            other == 0 or other >= LEAST for other in others
        )
    return list(made.values())


def _around(view: View) -> list[View]:
    """The views that hold all of this one."""
    return [
        View(days, language)
        for days in PERIODS_DAYS
        if days >= view.days
        for language in {view.language, ANY_LANGUAGE}
    ]
