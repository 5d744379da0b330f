"""Asking for a status: by the reference somebody types, or by the receipt her phone has checked.

Both are limited by place, so that nobody can walk through all references. A receipt is asked for
by application id, which only its own secret tells; the digits of the receipt never come here.
"""

import re
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from sync.central.casework.attempts import LOOK_UP, RECEIPT, place_of, try_once
from sync.central.casework.due_dates import vientiane_day
from sync.central.casework.models import Case
from sync.central.portal.standing import standing
from sync.reference import Reference, Suggestion, parse

TYPED_LENGTH_MAX: Final = 64
_APPLICATION = re.compile(r"[0-9a-f]{32}", re.ASCII)


@never_cache
@require_http_methods(["GET", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """The page where a reference is typed, and what is known of it."""
    if request.method == "GET":
        return render(request, "portal/status.html")
    typed = request.POST.get("reference", "")[:TYPED_LENGTH_MAX].strip()
    parsed = parse(typed)
    if isinstance(parsed, Suggestion):
        context: dict[str, object] = {"typed": typed, "suggestion": str(parsed.corrected)}
        return render(request, "portal/status.html", context)
    if not isinstance(parsed, Reference):
        problem = _("This is not a reference. Type the 12 letters and digits from the receipt.")
        return render(request, "portal/status.html", {"typed": typed, "problem": problem})
    now = timezone.now()
    if not try_once(LOOK_UP, place_of(request), now):
        problem = _(
            "Too many references were asked for from here. Try again in %(minutes)s minutes."
        )
        context = {"typed": typed, "problem": problem % {"minutes": LOOK_UP.minutes}}
        return render(request, "portal/status.html", context, status=429)
    case = _find(reference=str(parsed))
    context = {"typed": str(parsed), "asked": str(parsed)}
    if case is not None:
        context["standing"] = standing(case, vientiane_day(now), holds_receipt=False)
    return render(request, "portal/status.html", context)


@csrf_exempt  # reads only, for whoever knows the id; and works without any cookie
@never_cache
@require_POST
def status_of_receipt(request: HttpRequest) -> HttpResponse:
    """The part of the receipt's page that tells the status."""
    now = timezone.now()
    if not try_once(RECEIPT, place_of(request), now):
        return HttpResponse(status=429)
    application = request.POST.get("application", "")
    if not _APPLICATION.fullmatch(application):
        return HttpResponse(status=400)
    case = _find(application=application)
    context = {}
    if case is not None:
        context["standing"] = standing(case, vientiane_day(now), holds_receipt=True)
    return render(request, "portal/standing.html", context)


def _find(**by: str) -> Case | None:
    """The case; of two with one reference (a copied card) the newer."""
    return Case.everything.select_related("office").filter(**by).order_by("-received_at").first()
