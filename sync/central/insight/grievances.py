"""How complaints are dealt with, counted by the office and the service they are about (MET-10).

Counted in the period in which a complaint came. One that is not answered although its promised day
has passed counts as late at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from sync.central.insight.period import Period
from sync.central.insight.protected import ELSEWHERE
from sync.central.insight.work import Key
from sync.central.voice.models import Complaint
from sync.reply import Verdict


@dataclass(slots=True)
class Grievances:
    """What was counted."""

    lodged: int = 0
    due: int = 0  # answered, or the promised day has passed
    on_time: int = 0  # of those: answered by the promised day
    answered: int = 0
    reopened: int = 0  # of those answered
    judged: int = 0  # those who complained said what they think of the answer
    satisfied: int = 0  # of those

    def add(self, other: "Grievances") -> None:
        """Count another's too."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def grievances(period: Period, today: date) -> dict[Key, Grievances]:
    """All complaints of a period, by the office and the service they are about."""
    answered = Q(answered_on__isnull=False)
    rows = (
        Complaint.objects.filter(
            case__received_at__gte=period.begins_at, case__received_at__lt=period.ends_at
        )
        .values("accused_id", "service")
        .annotate(
            lodged=Count("pk"),
            due=Count("pk", filter=answered | Q(case__due_on__lt=today)),
            kept=Count("pk", filter=Q(on_time=True)),
            answers=Count("pk", filter=answered),
            again=Count("pk", filter=answered & Q(reopened__gt=0)),
            judged=Count("pk", filter=answered & ~Q(verdict="")),
            content=Count("pk", filter=Q(verdict=Verdict.SATISFIED.value) & answered),
        )
        .order_by()
    )
    return {(row["accused_id"] or ELSEWHERE, row["service"]): _grievances(row) for row in rows}


def _grievances(row: Mapping[str, Any]) -> Grievances:
    return Grievances(
        lodged=row["lodged"],
        due=row["due"],
        on_time=row["kept"],
        answered=row["answers"],
        reopened=row["again"],
        judged=row["judged"],
        satisfied=row["content"],
    )
