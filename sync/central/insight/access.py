"""Whose figures somebody may see: her office's, her district's as its supervisor, or all.

All are seen by the analysts, a group of its own; one need not belong to an office for that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from sync.central.casework.models import Office, Officer
from sync.central.insight.places import NATION, Area, Country

SEE_NATION: Final = "insight.see_nation"
Places = ParamSpec("Places")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks at figures, and the largest part of the country that is hers to see."""

    officer: Officer | None
    country: Country
    reach: str  # the code of that part

    def area(self, code: str) -> Area:
        """The part that she asks for, her largest by default; another does not exist for her."""
        found = self.country.area(code or self.reach)
        if found is None or not self.may_see(found.code):
            raise Http404
        return found

    def may_see(self, code: str) -> bool:
        """Whether a part lies within hers."""
        return self.reach in self.country.way_to(code)


def for_viewers(
    view: Callable[Concatenate[HttpRequest, Viewer, Places], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Places], HttpResponse]:
    """Let officers and analysts in, and hand the view the one who came."""

    @wraps(view)
    @never_cache
    @login_required
    def guarded(
        request: HttpRequest, /, *parts: Places.args, **named: Places.kwargs
    ) -> HttpResponse:
        return view(request, _viewer(request.user), *parts, **named)

    return guarded


def _viewer(user: object) -> Viewer:
    if not isinstance(user, User):
        raise PermissionDenied
    officer = Officer.objects.select_related("office", "user").filter(user=user).first()
    country = Country(Office.objects.all())
    if user.has_perm(SEE_NATION):
        return Viewer(officer, country, NATION)
    if officer is None:
        raise PermissionDenied
    supervises = officer.is_supervisor and officer.office.district
    return Viewer(officer, country, officer.office.district if supervises else officer.office_id)
