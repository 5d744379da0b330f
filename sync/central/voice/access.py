"""Who may see complaints: an officer who is there for them, in the office that looks into them.

Whom it is about sees nothing of it: neither in a list nor by its address, whatever else she may do.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from sync.central.casework.access import for_officers
from sync.central.casework.models import Case, Officer

Places = ParamSpec("Places")


def for_complaints(
    view: Callable[Concatenate[HttpRequest, Officer, Places], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Places], HttpResponseBase]:
    """Let only officers in who look into complaints, and hand the view the one who came."""

    @wraps(view)
    def guarded(
        request: HttpRequest, officer: Officer, /, *parts: Places.args, **named: Places.kwargs
    ) -> HttpResponseBase:
        if not officer.handles_complaints:
            raise PermissionDenied
        return view(request, officer, *parts, **named)

    return for_officers(guarded)


def complaints_of(officer: Officer) -> QuerySet[Case]:
    """The complaints that this officer may see: none about her own office."""
    if not officer.handles_complaints:
        return Case.complaints.none()
    hers = Case.complaints.filter(office=officer.office, complaint__isnull=False)
    return hers.exclude(complaint__accused=officer.office).select_related(
        "office", "taken_up_by__user", "complaint__accused"
    )


def complaint_of(officer: Officer, application: str) -> Case:
    """One of them; another does not exist for her."""
    return get_object_or_404(complaints_of(officer), application=application)
