"""The balanced view of a part of the country: how the work goes beside what people say of it.

All figures of one page are counted once, over its offices and services; what a page shows is put
together from that without another question to the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from kiosk.forms.voice import QUESTIONS_ASKED
from sync.central.casework.due_dates import vientiane_day
from sync.central.insight import grievances as complaints
from sync.central.insight import opinions, work
from sync.central.insight.grievances import Grievances
from sync.central.insight.opinions import Marks
from sync.central.insight.period import Period
from sync.central.insight.places import Country
from sync.central.insight.protected import ALL, Protected, way_of
from sync.central.insight.work import Key, Work


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything about one part of the country and one service, or all of them."""

    work: Work
    marks: Marks
    grievances: Grievances
    hidden_questions: frozenset[str]
    complaints_hidden: bool


class Balance:
    """The figures of a period, for a part of the country and its parts.

    Args:
        country: all offices.
        code: the part that is looked at.
        period: the time.
        now: the moment, for what waits and for what is late.
    """

    def __init__(self, country: Country, code: str, period: Period, now: datetime) -> None:
        self._country, self._code = country, code
        self._ways: dict[str, tuple[str, ...]] = {}
        area = country.area(code)
        assert area is not None  # the page has looked
        everywhere = len(area.offices) == len(country.offices)
        self.offices = None if everywhere else area.offices
        self._work = work.measure(period, now, self.offices)
        self._marks = opinions.marks(period)
        self._grievances = complaints.grievances(period, vientiane_day(now))

    @cached_property
    def services(self) -> list[str]:
        """The services of which there is anything to tell, by id."""
        inside = [
            service
            for source in (self._work, self._marks, self._grievances)
            for office, service in source
            if self._lies_in(office, self._code)
        ]
        return sorted(set(inside))

    def of_service(self, service: str) -> Measured:
        """One service in the whole part."""
        return self._measured(self._code, service)

    def of_part(self, code: str) -> Measured:
        """All services of a part of the part; its own code: everything."""
        return self._measured(code, ALL)

    def _measured(self, code: str, service: str) -> Measured:
        chosen_work, chosen_marks, chosen_grievances = Work(), Marks(), Grievances()
        for key, one in self._work.items():
            if self._is_of(key, code, service):
                chosen_work.add(one)
        for key, some in self._marks.items():
            if self._is_of(key, code, service):
                chosen_marks.add(some)
        for key, lodged in self._grievances.items():
            if self._is_of(key, code, service):
                chosen_grievances.add(lodged)
        return Measured(
            chosen_work,
            chosen_marks,
            chosen_grievances,
            frozenset(
                question
                for question in QUESTIONS_ASKED
                if self._opinions_protected[question].hides(code, service)
            ),
            self._complaints_protected.hides(code, service),
        )

    def _is_of(self, key: Key, code: str, service: str) -> bool:
        return service in (ALL, key[1]) and self._lies_in(key[0], code)

    def _lies_in(self, office: str, code: str) -> bool:
        if office not in self._ways:
            self._ways[office] = way_of(self._country, office)
        return code in self._ways[office]

    @cached_property
    def _opinions_protected(self) -> Mapping[str, Protected]:
        return {
            question: Protected(
                self._country,
                {key: marks.given[question] for key, marks in self._marks.items()},
            )
            for question in QUESTIONS_ASKED
        }

    @cached_property
    def _complaints_protected(self) -> Protected:
        numbers = {key: one.lodged for key, one in self._grievances.items()}
        return Protected(self._country, numbers)
