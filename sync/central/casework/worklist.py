"""The officer's list: what waits in her office, the most urgent first; hers; what is decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sync.central.casework.access import for_officers, known_to, of_office, signed_by
from sync.central.casework.clerks import helpers_of
from sync.central.casework.dates import day_in_words, time_left
from sync.central.casework.decisions import DECIDED, WAITING, find_correction, without_replaced
from sync.central.casework.due_dates import urgency, vientiane_day
from sync.central.casework.escalations import escalate, highest
from sync.central.casework.models import Case, Clerk, Officer
from sync.central.casework.overdue import Level
from sync.central.casework.own_page import find_own_page
from sync.central.casework.proposals import lent, waits_for_second
from sync.central.casework.service_words import service_name
from sync.central.casework.statuses import LEVELS, TONES
from sync.central.casework.workflow import step_in_words
from sync.reference import Reference, Suggestion, parse

CASES_ON_A_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A case as the list shows it."""

    case: Case
    service: str
    received: str
    due: str
    left: str
    is_late: bool
    is_near: bool
    tone: str
    brought: str  # before whom it was brought, for being late
    who: str
    step: str
    office: str  # where it is, if not here
    is_replaced: bool
    is_proposed: bool  # it waits for a second officer
    is_doubtful: bool  # the due date is counted from the day it came
    helper: str  # the clerk who helped to fill it in
    did: str  # what she did last, where the list is of that


@dataclass(frozen=True, slots=True)
class Beside:
    """What is asked once for all rows of a page."""

    today: date
    climbed: Mapping[int, Level]
    helpers: Mapping[int, Clerk]


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to look at a list."""

    name: str
    words: str
    count: int | None = None  # none: not counted


@dataclass(frozen=True, slots=True)
class Search:
    """What became of a typed reference."""

    found: Case | None = None
    note: str = ""
    suggestion: str = ""


@require_safe
def cases(request: HttpRequest) -> HttpResponseBase:
    """The list; who belongs to no office and publishes services is led to her own page."""
    user = request.user
    if isinstance(user, User) and not Officer.objects.filter(user=user).exists():
        own_page = find_own_page(user)
        if own_page is not None:
            return redirect(own_page)
    return _cases(request)


@for_officers
def _cases(request: HttpRequest, officer: Officer) -> HttpResponse:
    """The list, or the one case whose reference was typed."""
    typed = request.GET.get("find", "").strip()
    search = _search(officer, typed) if typed else Search()
    if search.found is not None:
        return redirect("casework:case", search.found.application)
    show = request.GET.get("show", "")
    if show not in {"waiting", "mine", "to-sign", "elsewhere", "decided", "done"}:
        show = "waiting"
    now = timezone.now()
    escalate(now, officer.office)
    page = Paginator(_listed(officer, show), CASES_ON_A_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    beside = Beside(vientiane_day(now), highest(listed), helpers_of(listed))
    context = {
        "officer": officer,
        "heading": _("Applications"),
        "find": typed,
        "note": search.note,
        "suggestion": search.suggestion,
        "show": show,
        "filters": _filters(officer),
        "rows": [_row(case, officer, show, beside) for case in page.object_list],
        "page": page,
        "nothing": _nothing(show),
    }
    return render(request, "office/cases.html", context)


def _listed(officer: Officer, show: str) -> QuerySet[Case]:
    if show == "done":
        return _done_by(officer)
    whose = lent(officer) if show == "to-sign" else of_office(officer)
    cases = Case.objects.filter(whose).select_related("taken_up_by__user", "office")
    cases = cases.annotate(is_proposed=waits_for_second())
    if show == "decided":
        return cases.filter(status__in=DECIDED).order_by("-changed_at", "-pk")
    cases = without_replaced(cases)
    due = Coalesce(Least("step_due_on", "due_on"), "step_due_on", "due_on")
    urgent_first = (due.asc(nulls_last=True), "received_at", "pk")
    if show == "to-sign":
        return cases.order_by(*urgent_first)
    if show == "elsewhere":
        elsewhere = cases.exclude(office=officer.office)
        return elsewhere.filter(status__in=WAITING).order_by(*urgent_first)
    cases = cases.filter(office=officer.office)
    if show == "mine":
        mine = cases.filter(status__in=WAITING, taken_up_by=officer)
        return mine.order_by(*urgent_first)
    return cases.filter(status__in=WAITING).order_by(*urgent_first)


def _done_by(officer: Officer) -> QuerySet[Case]:
    """The cases that she has worked on and has no more, the last that she did first."""
    hers = signed_by(officer)
    last = hers.filter(case=OuterRef("pk")).order_by("-number")
    cases = Case.objects.filter(pk__in=hers.values("case"))
    cases = cases.exclude(status__in=WAITING, taken_up_by=officer)
    cases = cases.annotate(done_at=Subquery(last.values("at")[:1]))
    return cases.select_related("taken_up_by__user", "office").order_by("-done_at", "-pk")


def _filters(officer: Officer) -> list[Filter]:
    filters = [
        Filter(show, words, _listed(officer, show).count())
        for show, words in (
            ("waiting", _("Waiting")),
            ("mine", _("Mine")),
            ("to-sign", _("To sign for a small office")),
            ("elsewhere", _("At other offices")),
            ("decided", _("Decided")),
            ("done", _("What I have done")),
        )
    ]
    return [one for one in filters if one.count or one.name not in {"to-sign", "elsewhere"}]


def _nothing(show: str) -> str:
    if show == "mine":
        return _("You have taken up no application. Choose one under “Waiting”.")
    if show == "to-sign":
        return _("No application of a smaller office waits for a signature here.")
    if show == "elsewhere":
        return _("No application from here waits at another office.")
    if show == "decided":
        return _("Your office has decided no application yet.")
    if show == "done":
        return _("You have not worked on an application yet.")
    return _("No application waits in your office.")


def _row(case: Case, officer: Officer, show: str, beside: Beside) -> Row:
    today = beside.today
    waits = case.status in WAITING
    due = urgency(case.next_due, today, case.office.closed_days) if waits else None
    return Row(
        case=case,
        service=service_name(case),
        received=day_in_words(vientiane_day(case.received_at)),
        due=day_in_words(case.next_due) if case.next_due else "–",
        left=time_left(due) if due else "",
        is_late=due is not None and due.is_overdue,
        is_near=due is not None and due.is_near,
        tone=TONES[case.status],
        brought=str(LEVELS[beside.climbed[case.pk]]) if waits and case.pk in beside.climbed else "",
        who=str(case.taken_up_by) if case.taken_up_by else "",
        step=step_in_words(case),
        office="" if case.office_id == officer.office_id else case.office.name,
        is_replaced=not waits and find_correction(case) is not None,
        is_proposed=waits and getattr(case, "is_proposed", False),
        is_doubtful=case.next_due is not None and case.has_doubtful_time,
        helper=str(beside.helpers.get(case.pk, case.assisted_by or "")),
        did=_did(case, officer) if show == "done" else "",
    )


def _did(case: Case, officer: Officer) -> str:
    """What she did last with it, and when."""
    event = signed_by(officer).filter(case=case).select_related("to_office").last()
    if event is None:
        return ""
    what = event.get_status_display()
    if event.to_office is not None:
        what = _("Handed over to %(office)s") % {"office": event.to_office.name}
    day = day_in_words(vientiane_day(event.at))
    return _("%(day)s: %(what)s") % {"day": day, "what": what}


def _search(officer: Officer, typed: str) -> Search:
    parsed = parse(typed)
    if isinstance(parsed, Reference):
        found = Case.objects.filter(known_to(officer), reference=str(parsed))
        case = found.order_by("-received_at").first()
        if case is not None:
            return Search(found=case)
        note = _("No application with the reference %(reference)s is in your office.")
        return Search(note=note % {"reference": parsed})
    if isinstance(parsed, Suggestion):
        note = _("This reference has a wrong letter or digit. Did you mean this one?")
        return Search(note=note, suggestion=str(parsed.corrected))
    return Search(
        note=_("This is not a reference. Type the 12 letters and digits from the receipt.")
    )
