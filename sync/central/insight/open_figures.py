"""The figures that everybody may have: by province and service, for a quarter that is over.

Only whole quarters, and only when they are over: from the same figures by month and by year, or of
today and of yesterday, a hidden number could be worked out. Each kind of number is a table of
provinces and services with its totals, and is kept back as `suppression` says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db.models import Min

from sync.central.casework.due_dates import vientiane_day
from sync.central.casework.models import Case
from sync.central.insight import period as periods
from sync.central.insight import work
from sync.central.insight.grievances import Grievances, grievances
from sync.central.insight.period import Period, Span
from sync.central.insight.places import NATION, Country
from sync.central.insight.protected import ELSEWHERE
from sync.central.insight.spread import MEDIAN, percentile
from sync.central.insight.suppression import TOTAL, hidden, is_small
from sync.central.insight.work import Key, Work

ALL: Final = TOTAL  # all services, or all provinces


class Measure(StrEnum):
    """What is told, by its name in the open data."""

    RECEIVED = "applications_received"
    ON_TIME = "applications_on_time_percent"
    DAYS = "days_to_decision_median"
    COMPLAINTS = "complaints_received"
    COMPLAINTS_ON_TIME = "complaints_answered_on_time_percent"
    COMPLAINTS_REOPENED = "complaints_reopened_percent"


UNITS: Final[Mapping[Measure, str]] = {
    Measure.RECEIVED: "applications",
    Measure.ON_TIME: "percent",
    Measure.DAYS: "days",
    Measure.COMPLAINTS: "complaints",
    Measure.COMPLAINTS_ON_TIME: "percent",
    Measure.COMPLAINTS_REOPENED: "percent",
}


class State(StrEnum):
    """Whether a figure is told, and why not."""

    SHOWN = "shown"
    SUPPRESSED = "suppressed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Told:
    """A figure and how many cases it stands for."""

    state: State
    value: int | None = None
    of: int | None = None


@dataclass(slots=True)
class _Cell:
    """What was counted of a province and a service, or of several."""

    work: Work
    grievances: Grievances

    def numbers(self) -> dict[Measure, int]:
        """How many cases each measure stands for."""
        return {
            Measure.RECEIVED: self.work.received,
            Measure.ON_TIME: self.work.promised,
            Measure.DAYS: self.work.decided,
            Measure.COMPLAINTS: self.grievances.lodged,
            Measure.COMPLAINTS_ON_TIME: self.grievances.due,
            Measure.COMPLAINTS_REOPENED: self.grievances.answered,
        }

    def value(self, measure: Measure) -> int | None:
        """The figure; None where there is nothing to make it of."""
        if measure is Measure.RECEIVED:
            return self.work.received
        if measure is Measure.COMPLAINTS:
            return self.grievances.lodged
        if measure is Measure.DAYS:
            return percentile(self.work.days, MEDIAN)
        count, of = {
            Measure.ON_TIME: (self.work.kept, self.work.promised),
            Measure.COMPLAINTS_ON_TIME: (self.grievances.on_time, self.grievances.due),
            Measure.COMPLAINTS_REOPENED: (self.grievances.reopened, self.grievances.answered),
        }[measure]
        return round(100 * count / of) if of else None


class OpenFigures:
    """The figures of a quarter that is over.

    Args:
        country: all offices.
        period: the quarter.
        now: the moment.
    """

    def __init__(self, country: Country, period: Period, now: datetime) -> None:
        self.period = period
        self._cells: dict[Key, _Cell] = {}
        for (office, service), counted in work.measure(period, now).items():
            for cell in self._gathered(province_of(country, office), service):
                cell.work.add(counted)
        for (office, service), lodged in grievances(period, vientiane_day(now)).items():
            for cell in self._gathered(province_of(country, office), service):
                cell.grievances.add(lodged)
        self.provinces = sorted({province for province, _service in self._cells} - {ALL})
        self.services = sorted({service for _province, service in self._cells} - {ALL})
        self._hidden = {measure: self._kept_back(measure) for measure in Measure}

    def told(self, measure: Measure, province: str = ALL, service: str = ALL) -> Told:
        """A figure, or that it is kept back, or that there is none."""
        cell = self._cells.get((province, service)) or _Cell(Work(), Grievances())
        if (province, service) in self._hidden[measure]:
            return Told(State.SUPPRESSED)
        of, value = cell.numbers()[measure], cell.value(measure)
        assert not is_small(of)  # whatever else goes wrong
        return Told(State.NONE) if value is None else Told(State.SHOWN, value, of)

    def everything(self) -> Iterator[tuple[str, str, Measure, Told]]:
        """Province, service, measure and figure: the whole of it, totals first."""
        for province in (ALL, *self.provinces):
            for service in (ALL, *self.services):
                for measure in Measure:
                    yield province, service, measure, self.told(measure, province, service)

    def _gathered(self, province: str, service: str) -> Iterator[_Cell]:
        """The cell, and the totals that it counts for."""
        for key in ((province, service), (province, ALL), (ALL, service), (ALL, ALL)):
            yield self._cells.setdefault(key, _Cell(Work(), Grievances()))

    def _kept_back(self, measure: Measure) -> frozenset[Key]:
        table = {
            key: cell.numbers()[measure] for key, cell in self._cells.items() if ALL not in key
        }
        return hidden(table)


def province_of(country: Country, office: str) -> str:
    """The province of an office; one mark for those that lie in none or are not known."""
    way = country.way_to(office) if office in country.offices else (NATION,)
    return way[1] if len(way) > 2 else ELSEWHERE  # noqa: PLR2004 - nation, province, ...


def quarters(now: datetime) -> list[Period]:
    """The quarters that are over and of which there can be figures, the newest first."""
    first = Case.everything.aggregate(first=Min("received_at"))["first"]
    if first is None:
        return []
    oldest = periods.around(Span.QUARTER, vientiane_day(first))
    found, one = [], periods.last_closed(Span.QUARTER, vientiane_day(now))
    while one.first >= oldest.first:
        found.append(one)
        one = one.previous()
    return found
