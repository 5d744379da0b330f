"""Escalating: late cases are brought before those who answer for them, each rung once.

A timer does it (`python -m sync.central escalate`), and an office's list does it for its own cases
when somebody opens it: where no timer runs nothing is forgotten. What was written stays: it is the
record of who had to know, and since when.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from sync.central.casework import seals
from sync.central.casework.decisions import WAITING, without_replaced
from sync.central.casework.due_dates import vientiane_day
from sync.central.casework.models import Case, Escalation, Office, Seal
from sync.central.casework.overdue import RUNGS, Level, days_late, levels, office_at


def late_cases(now: datetime) -> QuerySet[Case]:
    """The applications whose step or promised day is past."""
    today = vientiane_day(now)
    late = Q(due_on__lt=today) | Q(step_due_on__lt=today)
    waiting = Case.objects.filter(late, status__in=WAITING)
    return without_replaced(waiting).select_related("office", "taken_up_by__user")


def escalate(now: datetime, office: Office | None = None) -> list[Escalation]:
    """Bring late cases, or those of one office, before whom they have not been; the new ones."""
    cases = late_cases(now).annotate(rungs=Count("escalations")).filter(rungs__lt=len(RUNGS))
    if office is not None:
        cases = cases.filter(office=office)
    before = _written(cases)
    above = dict(Office.objects.values_list("pk", "complaints_to"))
    new = [
        one
        for case in cases
        for one in _of(case, now, above)
        if (one.case_id, one.level) not in before
    ]
    return _write(new) if new else []


def _written(cases: Iterable[Case]) -> set[tuple[int, int]]:
    """The rungs that were reached, each by its case."""
    keys = [case.pk for case in cases]
    return set(Escalation.objects.filter(case__in=keys).values_list("case", "level"))


@transaction.atomic
def _write(new: list[Escalation]) -> list[Escalation]:
    """Two at once write each once: the second, in its turn, passes over those of the first."""
    seals.take_turn()
    before = _written(one.case for one in new)
    fresh = [one for one in new if (one.case_id, one.level) not in before]
    Escalation.objects.bulk_create(fresh)
    seals.put(Seal.Of.ESCALATION, fresh)
    return fresh


def highest(cases: Iterable[Case]) -> dict[int, Level]:
    """The highest rung of each case that has reached one."""
    rows = Escalation.objects.filter(case__in=[case.pk for case in cases]).order_by("level")
    return {one.case_id: Level(one.level) for one in rows}


def _of(case: Case, now: datetime, above: dict[str, str | None]) -> list[Escalation]:
    due = case.next_due
    if due is None:
        return []
    late = days_late(due, vientiane_day(now), case.office.closed_days)
    return [
        Escalation(
            case=case,
            level=level.value,
            office_id=office_at(level, case.office_id, case.audience, above),
            due_on=due,
            days_late=late,
            at=now,
        )
        for level in levels(late)
    ]
