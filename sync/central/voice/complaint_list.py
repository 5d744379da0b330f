"""The list of complaints: what waits in an office that looks into them, the most urgent first."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sync.central.casework.dates import day_in_words, time_left
from sync.central.casework.due_dates import urgency, vientiane_day
from sync.central.casework.models import Case, Officer
from sync.central.casework.statuses import TONES
from sync.central.casework.worklist import Filter
from sync.central.voice.access import complaints_of, for_complaints
from sync.central.voice.words import category_in_words
from sync.records import Status

COMPLAINTS_ON_A_PAGE: Final = 50
ANSWERED: Final = Status.ANSWERED.value


@dataclass(frozen=True, slots=True)
class Row:
    """A complaint as the list shows it."""

    case: Case
    category: str
    accused: str
    received: str
    due: str
    left: str
    is_late: bool
    is_near: bool
    tone: str
    who: str


@require_safe
@for_complaints
def complaints(request: HttpRequest, officer: Officer) -> HttpResponse:
    """The list."""
    show = request.GET.get("show", "")
    if show not in {"waiting", "mine", "answered"}:
        show = "waiting"
    page = Paginator(_listed(officer, show), COMPLAINTS_ON_A_PAGE).get_page(request.GET.get("page"))
    today = vientiane_day(timezone.now())
    context = {
        "officer": officer,
        "heading": _("Complaints"),
        "show": show,
        "filters": [
            Filter(name, words, _listed(officer, name).count())
            for name, words in (
                ("waiting", _("Waiting")),
                ("mine", _("Mine")),
                ("answered", _("Answered")),
            )
        ],
        "rows": [_row(case, today) for case in page.object_list],
        "page": page,
    }
    return render(request, "voice/complaints.html", context)


def _listed(officer: Officer, show: str) -> QuerySet[Case]:
    found = complaints_of(officer)
    if show == "answered":
        return found.filter(status=ANSWERED).order_by("-changed_at", "-pk")
    waiting = found.exclude(status=ANSWERED)
    if show == "mine":
        waiting = waiting.filter(taken_up_by=officer)
    return waiting.order_by(F("due_on").asc(nulls_last=True), "received_at", "pk")


def _row(case: Case, today: date) -> Row:
    waits = case.status != ANSWERED
    due = urgency(case.due_on, today, case.office.closed_days) if waits else None
    accused = case.complaint.accused
    return Row(
        case=case,
        category=category_in_words(case),
        accused=accused.name if accused else _("Another office"),
        received=day_in_words(vientiane_day(case.received_at)),
        due=day_in_words(case.due_on) if case.due_on else "–",
        left=time_left(due) if due else "",
        is_late=due is not None and due.is_overdue,
        is_near=due is not None and due.is_near,
        tone=TONES[case.status],
        who=str(case.taken_up_by) if case.taken_up_by else "",
    )
