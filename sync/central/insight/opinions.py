"""What people say of services, as shares of good answers by the office and the service (MET-01).

A mark of 3 or 4 of 4 is good, as SDG indicator 16.6.2 counts it; who does not know is left out.
The answers after applying and after the decision are taken together. Counted in the database:
no single answer comes here.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Q

from kiosk.forms.voice import QUESTIONS_ASKED
from sync.central.insight.period import Period
from sync.central.insight.work import Key
from sync.central.voice.counts import POSITIVE
from sync.central.voice.models import Feedback


@dataclass(slots=True)
class Marks:
    """How many answered each question, and how many of them well."""

    given: dict[str, int] = field(default_factory=lambda: dict.fromkeys(QUESTIONS_ASKED, 0))
    good: dict[str, int] = field(default_factory=lambda: dict.fromkeys(QUESTIONS_ASKED, 0))

    def add(self, other: "Marks") -> None:
        """Count another's too."""
        for question in QUESTIONS_ASKED:
            self.given[question] += other.given[question]
            self.good[question] += other.good[question]


def marks(period: Period) -> dict[Key, Marks]:
    """All marks of a period, by office and service."""
    return {
        (office, service): of for (office, service), of in _counted(period, "office_id").items()
    }


def marks_by(period: Period, group: str, offices: Collection[str]) -> dict[str, Marks]:
    """The marks given in some offices by `channel` or by `language`, over all services."""
    grouped: dict[str, Marks] = defaultdict(Marks)
    for (office, name), of in _counted(period, "office_id", group).items():
        if office in offices:
            grouped[name].add(of)
    return dict(sorted(grouped.items()))


def _counted(period: Period, office: str, group: str = "service") -> dict[Key, Marks]:
    answers = Feedback.objects.filter(day__gte=period.first, day__lt=period.after)
    rows = answers.values(office, group).annotate(**_columns()).order_by()
    return {(row[office], row[group]): _marks(row) for row in rows}


def _columns() -> dict[str, Count]:
    given = {
        f"given_{question}": Count("pk", filter=Q(**{f"marks__{question}__gte": 1}))
        for question in QUESTIONS_ASKED
    }
    good = {
        f"good_{question}": Count("pk", filter=Q(**{f"marks__{question}__gte": POSITIVE}))
        for question in QUESTIONS_ASKED
    }
    return given | good


def _marks(row: Mapping[str, int]) -> Marks:
    return Marks(
        {question: row[f"given_{question}"] for question in QUESTIONS_ASKED},
        {question: row[f"good_{question}"] for question in QUESTIONS_ASKED},
    )
