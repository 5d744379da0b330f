"""What people say of services, as shares of good answers by the office and the service (MET-01).

A mark of 3 or 4 of 4 is good, as SDG indicator 16.6.2 counts it; who does not know is left out.
The answers after applying and after the decision are taken together. Counted in the database:
no single answer comes here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from kiosk.forms.voice import OVERALL, QUESTIONS_ASKED
from sync.central.insight.period import Period
from sync.central.insight.work import Key
from sync.central.voice.counts import POSITIVE
from sync.central.voice.intake import WORST
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
    rows = _of(period).values("office_id", "service").annotate(**_columns(QUESTIONS_ASKED))
    return {(row["office_id"], row["service"]): _marks(row) for row in rows.order_by()}


def by_group(
    period: Period, offices: Collection[str] | None
) -> tuple[dict[str, Marks], dict[str, Marks]]:
    """The marks all in all given in some offices, by channel and by language; None: in all."""
    channels: dict[str, Marks] = defaultdict(Marks)
    languages: dict[str, Marks] = defaultdict(Marks)
    answers = _of(period) if offices is None else _of(period).filter(office__in=offices)
    rows = answers.values("channel", "language")
    for row in rows.annotate(**_columns((OVERALL,))).order_by():
        channels[row["channel"]].add(_marks(row))
        languages[row["language"]].add(_marks(row))
    return dict(sorted(channels.items())), dict(sorted(languages.items()))


def _of(period: Period) -> QuerySet[Feedback]:
    return Feedback.objects.filter(day__gte=period.first, day__lt=period.after)


def _columns(questions: Iterable[str]) -> dict[str, Count]:
    columns = {}
    for question in questions:
        columns[f"given_{question}"] = _count(question, WORST)
        columns[f"good_{question}"] = _count(question, POSITIVE)
    return columns


def _count(question: str, least: int) -> Count:
    return Count("pk", filter=Q(**{f"marks__{question}__gte": least}))


def _marks(row: Mapping[str, Any]) -> Marks:
    return Marks(
        {question: row.get(f"given_{question}", 0) for question in QUESTIONS_ASKED},
        {question: row.get(f"good_{question}", 0) for question in QUESTIONS_ASKED},
    )
