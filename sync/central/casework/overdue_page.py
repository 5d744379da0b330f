"""Overdue: what is late, who has it, and why, for those before whom it was brought.

A supervisor sees what is late at her office; the offices above see what has come up to them, as
reference, age and reason: the answers stay with the offices that have the case.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Least
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sync.central.casework.access import for_officers, known_to
from sync.central.casework.dates import day_in_words, time_left
from sync.central.casework.decisions import WAITING, without_replaced
from sync.central.casework.delays import delays_of
from sync.central.casework.due_dates import urgency, vientiane_day
from sync.central.casework.escalations import escalate, late_cases
from sync.central.casework.models import Case, Escalation, Officer
from sync.central.casework.overdue import Level
from sync.central.casework.service_words import reason_in_words, service_name
from sync.central.casework.statuses import LEVELS
from sync.central.casework.workflow import step_in_words
from sync.central.casework.worklist import Filter

ROWS_ON_A_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A late case."""

    reference: str
    application: str  # empty where she may not open it
    service: str
    step: str
    office: str
    promised: str  # first
    due: str
    left: str
    who: str
    reasons: list[str]
    brought: list[str]


def may_come_in(officer: Officer) -> bool:
    """Whether late cases are brought before her."""
    return officer.is_supervisor or officer.handles_complaints


@require_safe
@for_officers
def overdue(request: HttpRequest, officer: Officer) -> HttpResponse:
    """The list, what is late the longest first."""
    if not may_come_in(officer):
        raise PermissionDenied
    now = timezone.now()
    today = vientiane_day(now)
    escalate(now)
    show = "moved" if request.GET.get("show") == "moved" else "late"
    listed = {"late": hers(late_cases(now), officer), "moved": _moved(officer, today)}
    due = Coalesce(Least("step_due_on", "due_on"), "step_due_on", "due_on")
    page: Page[Any] = Paginator(
        listed[show].order_by(due.asc(nulls_last=True), "received_at", "pk"), ROWS_ON_A_PAGE
    ).get_page(request.GET.get("page"))
    openable = set(
        Case.objects.filter(known_to(officer))
        .values_list("pk", flat=True)
        .filter(pk__in=[case.pk for case in page.object_list])
    )
    context = {
        "officer": officer,
        "heading": _("Overdue"),
        "show": show,
        "filters": [
            Filter("late", _("Late"), listed["late"].count()),
            Filter("moved", _("Given a new day"), listed["moved"].count()),
        ],
        "rows": [_row(case, today, is_open=case.pk in openable) for case in page.object_list],
        "page": page,
    }
    return render(request, "office/overdue.html", context)


def hers(cases: QuerySet[Case], officer: Officer) -> QuerySet[Case]:
    """Those of them that are her concern."""
    brought = Escalation.objects.filter(office=officer.office_id).values("case")
    return cases.filter(Q(office=officer.office_id) | Q(pk__in=brought))


def _moved(officer: Officer, today: date) -> QuerySet[Case]:
    """Past the first promise, and in time by a later one."""
    waiting = Case.objects.filter(status__in=WAITING, promised_on__lt=today, due_on__gte=today)
    in_time = waiting.exclude(step_due_on__lt=today)
    return hers(without_replaced(in_time).select_related("office", "taken_up_by__user"), officer)


def _row(case: Case, today: date, *, is_open: bool) -> Row:
    due = urgency(case.next_due, today, case.office.closed_days)
    moved = case.promised_on is not None and case.promised_on != case.due_on
    climbed = case.escalations.select_related("office").order_by("level")
    return Row(
        reference=case.reference,
        application=case.application if is_open else "",
        service=service_name(case),
        step=step_in_words(case),
        office=case.office.name,
        promised=day_in_words(case.promised_on) if moved and case.promised_on else "",
        due=day_in_words(case.next_due) if case.next_due else "–",
        left=time_left(due) if due else "",
        who=str(case.taken_up_by) if case.taken_up_by else "",
        reasons=[reason_in_words(case, event.reason) for event in delays_of(case)],
        brought=[f"{LEVELS[Level(one.level)]}: {one.office.name}" for one in climbed],
    )
