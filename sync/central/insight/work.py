"""What becomes of applications, counted by the centre that took them in and by service.

A centre is the office where an application was handed in: it gave the promise on the receipt,
whichever office decides. What waits now is counted where it lies instead.

**On time.** Each promised day is judged once, when it has passed: kept where the application was
approved or rejected by then. What nobody decided is late too, so nothing gets better by leaving it.
The clock stops for a reason only: a return by the promised day that names one, or a correction that
came by then, takes an application out of the count, and its correction has a promise of its own.
What arrives after its promised day is judged when it arrives: what is over stays as it was.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import models
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest, NullIf

from sync.central.casework.decisions import DECIDED, WAITING, without_replaced
from sync.central.casework.due_dates import vientiane_day
from sync.central.casework.models import Case, CaseEvent, Office
from sync.central.insight.period import Period
from sync.central.insight.sql import DaysBetween, VientianeDay
from sync.records import Kind, Status, TimeQuality

Key = tuple[str, str]  # an office's id and a service's

DUE: Final = "promised_on"  # the first promise: a new day makes nothing less late
FRESH_DAYS: Final = 7
OLD_DAYS: Final = 30
FRESH, AGEING, OLD = "0-7", "8-30", "31-"  # days since it was handed in
AGES: Final = (FRESH, AGEING, OLD)
ENDED: Final = (Status.APPROVED.value, Status.REJECTED.value)


@dataclass(slots=True)
class Work:
    """What was counted; of one centre and service, or of several together."""

    received: int = 0
    assisted: int = 0  # of those received
    channels: Counter[str] = field(default_factory=Counter)  # of those received
    promised: int = 0  # whose promised day has passed, and that nothing stopped
    kept: int = 0  # of those promised
    decided: int = 0  # approved or rejected
    days: Counter[int] = field(default_factory=Counter)  # from handing in to that
    first_answered: int = 0  # approved or returned, no corrections
    first_right: int = 0  # of those: approved
    returned: int = 0
    reasons: Counter[Key] = field(default_factory=Counter)  # a service's code, of those returned
    waiting: Counter[str] = field(default_factory=Counter)  # by age

    def add(self, other: "Work") -> None:
        """Count another's too."""
        for name in ("received", "assisted", "promised", "kept", "decided", "returned"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.first_answered += other.first_answered
        self.first_right += other.first_right
        for name in ("channels", "days", "reasons", "waiting"):
            getattr(self, name).update(getattr(other, name))


def measure(
    period: Period, now: datetime, offices: Collection[str] | None = None
) -> dict[Key, Work]:
    """Everything of a period, by centre and service; None: of all offices."""
    work: dict[Key, Work] = defaultdict(Work)
    for key, promises in promises_kept(period, vientiane_day(now), offices).items():
        work[key].add(promises)
    for found in (received(period, offices), answered(period, offices), returned(period, offices)):
        for key, counted in found.items():
            work[key].add(counted)
    for key, waiting in backlog(now, offices).items():
        work[key].add(waiting)
    return dict(work)


def promises_kept(
    period: Period, today: date, offices: Collection[str] | None = None
) -> dict[Key, Work]:
    """How many promised days came and went, and how many of them were kept."""
    passed = Q(**{f"{DUE}__isnull": False, f"{DUE}__lt": today})
    due = _of_centres(Case.objects.filter(passed), offices)
    judged = due.annotate(
        judged_on=Greatest(DUE, VientianeDay("received_at")),
        changed_on=VientianeDay("changed_at"),
    ).filter(judged_on__gte=period.first, judged_on__lt=min(period.after, today))
    rows = (
        judged.exclude(_stopped_with_reason())
        .exclude(_corrected_in_time())
        .values("centre", "service")
        .annotate(
            promised=Count("pk"),
            kept=Count("pk", filter=Q(status__in=ENDED, changed_on__lte=F(DUE))),
        )
        .order_by()
    )
    return {_key(row): Work(promised=row["promised"], kept=row["kept"]) for row in rows}


def _stopped_with_reason() -> Q:
    """Returned by the promised day, with a reason."""
    named = CaseEvent.objects.filter(case=OuterRef("pk"), number=OuterRef("last_number"))
    in_time = Q(status=Status.RETURNED.value, changed_on__lte=F(DUE))
    return in_time & Q(Exists(named.exclude(reason="")))


def _corrected_in_time() -> Q:
    """Replaced by its applicant before anybody decided, by the promised day."""
    corrections = Case.objects.annotate(received_on=VientianeDay("received_at")).filter(
        replaces=OuterRef("application"), received_on__lte=OuterRef(DUE)
    )
    return Q(status__in=WAITING) & Q(Exists(corrections))


def received(period: Period, offices: Collection[str] | None = None) -> dict[Key, Work]:
    """How many applications came in, by which channel, and with a clerk's help."""
    rows = (
        _of_centres(_within(Case.objects.all(), "received_at", period), offices)
        .values("centre", "service", "channel")
        .annotate(number=Count("pk"), assisted=Count("assisted_by"))
        .order_by()
    )
    work: dict[Key, Work] = defaultdict(Work)
    for row in rows:
        counted = work[_key(row)]
        counted.received += row["number"]
        counted.assisted += row["assisted"]
        counted.channels[row["channel"]] += row["number"]
    return dict(work)


def answered(period: Period, offices: Collection[str] | None = None) -> dict[Key, Work]:
    """What was answered: decided after how many days, and how much was right at the first time."""
    rows = (
        _of_centres(_within(Case.objects.filter(status__in=DECIDED), "changed_at", period), offices)
        .annotate(
            is_first=models.Case(
                When(replaces="", claims="", then=1),
                default=0,
                output_field=models.IntegerField(),
            ),
            days=DaysBetween(_handed_in_on(), VientianeDay("changed_at")),
        )
        .values("centre", "service", "status", "is_first", "days")
        .annotate(number=Count("pk"))
        .order_by()
    )
    work: dict[Key, Work] = defaultdict(Work)
    for row in rows:
        _count_answer(work[_key(row)], row)
    return dict(work)


def _count_answer(counted: Work, row: Mapping[str, Any]) -> None:
    status, number = row["status"], row["number"]
    if status in ENDED:
        counted.decided += number
        counted.days[row["days"]] += number
    if row["is_first"] and status != Status.REJECTED.value:
        counted.first_answered += number
        counted.first_right += number if status == Status.APPROVED.value else 0


def returned(period: Period, offices: Collection[str] | None = None) -> dict[Key, Work]:
    """What was returned, and why."""
    events = CaseEvent.objects.filter(
        status=Status.RETURNED.value, case__kind=Kind.APPLICATION.value
    )
    rows = (
        _of_centres(_within(events, "at", period), offices, "case__")
        .values("centre", "case__service", "reason")
        .annotate(number=Count("pk"))
        .order_by()
    )
    work: dict[Key, Work] = defaultdict(Work)
    for row in rows:
        service = row["case__service"]
        counted = work[row["centre"], service]
        counted.returned += row["number"]
        counted.reasons[service, row["reason"]] += row["number"]
    return dict(work)


def backlog(now: datetime, offices: Collection[str] | None = None) -> dict[Key, Work]:
    """What waits now, by the office where it lies and by how long ago it was handed in."""
    # Named one by one, the offices lead through the index of who waits where.
    here = Q(office__in=Office.objects.values("pk") if offices is None else offices)
    waiting = without_replaced(Case.objects.filter(here, status__in=WAITING))
    today = vientiane_day(now)
    rows = (
        waiting.annotate(handed_in_on=_handed_in_on())
        .annotate(
            age=models.Case(
                When(handed_in_on__gte=today - timedelta(days=FRESH_DAYS), then=Value(FRESH)),
                When(handed_in_on__gte=today - timedelta(days=OLD_DAYS), then=Value(AGEING)),
                default=Value(OLD),
                output_field=CharField(),
            )
        )
        .values("office_id", "service", "age")
        .annotate(number=Count("pk"))
        .order_by()
    )
    work: dict[Key, Work] = defaultdict(Work)
    for row in rows:
        work[row["office_id"], row["service"]].waiting[row["age"]] += row["number"]
    return dict(work)


def _of_centres(
    rows: QuerySet[Any], offices: Collection[str] | None, case: str = ""
) -> QuerySet[Any]:
    """Rows with the centre of their case, of some centres only."""
    heard_at = NullIf(f"{case}heard_at", Value(""), output_field=CharField())
    named = rows.annotate(
        centre=Coalesce(heard_at, f"{case}office_id", output_field=CharField()),
    )
    chosen: QuerySet[Any] = named if offices is None else named.filter(centre__in=offices)
    return chosen


def _within(rows: QuerySet[Any], moment: str, period: Period) -> QuerySet[Any]:
    within = Q(**{f"{moment}__gte": period.begins_at, f"{moment}__lt": period.ends_at})
    return rows.filter(within)


def _handed_in_on() -> models.Case:
    """The day on the receipt; the day it came, where the kiosk's clock cannot have been right."""
    wrong = Q(recorded_quality=TimeQuality.UNKNOWN.value) | Q(recorded_at__gt=F("received_at"))
    return models.Case(
        When(wrong, then=VientianeDay("received_at")), default=VientianeDay("recorded_at")
    )


def _key(row: Mapping[str, Any]) -> Key:
    return row["centre"], row["service"]
