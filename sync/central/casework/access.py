"""Who may come in: an officer of an office, signed in; and what she sees stays out of caches."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from sync.central.casework.models import Case, CaseEvent, Officer
from sync.central.casework.proposals import lent
from sync.central.intake.evidence_folder import EvidenceTrouble

Places = ParamSpec("Places")


def for_officers(
    view: Callable[Concatenate[HttpRequest, Officer, Places], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Places], HttpResponseBase]:
    """Let only officers in, and hand the view the one who came."""

    @wraps(view)
    @never_cache
    @login_required
    def guarded(
        request: HttpRequest, /, *parts: Places.args, **named: Places.kwargs
    ) -> HttpResponseBase:
        officer = officer_of(request)
        try:
            return view(request, officer, *parts, **named)
        except EvidenceTrouble:
            return _documents_away(request, officer)

    return guarded


def _documents_away(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """The documents are safe and cannot be fetched."""
    context = {
        "officer": officer,
        "heading": _("The documents cannot be fetched now"),
        "sentence": _("They are safe. Try again in a few minutes, or tell your supervisor."),
    }
    return render(request, "problem.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)


def officer_of(request: HttpRequest) -> Officer:
    """The officer who is signed in.

    Raises:
        PermissionDenied: the account belongs to no office.
    """
    user = request.user
    if isinstance(user, User):
        officer = Officer.objects.select_related("office", "user").filter(user=user).first()
        if officer is not None:
            return officer
    raise PermissionDenied


def case_of(officer: Officer, application: str) -> Case:
    """A case of her office, or one that she has worked on; another does not exist for her."""
    cases = Case.objects.select_related("office", "taken_up_by__user").filter(known_to(officer))
    return get_object_or_404(cases, application=application)


def is_of_office(officer: Officer, case: Case) -> bool:
    """Whether the case is one of her office's."""
    return Case.objects.filter(of_office(officer), pk=case.pk).exists()


def of_office(officer: Officer) -> Q:
    """The cases of her office: those that are there, and those that were handed in there."""
    return Q(office=officer.office) | Q(heard_at=officer.office_id)


def known_to(officer: Officer) -> Q:
    """Which cases she may read: of her office, worked on herself, or waiting for her signature."""
    return of_office(officer) | worked_on(officer) | lent(officer)


def worked_on(officer: Officer) -> Q:
    """The cases to which she has done something: she may read what became of them."""
    return Q(pk__in=signed_by(officer).values("case"))


def signed_by(officer: Officer) -> QuerySet[CaseEvent]:
    """What she has done, alone or as the second of two; the first act first."""
    mine = CaseEvent.objects.filter(Q(officer=officer) | Q(second=officer))
    return mine.order_by("case", "number")
