"""Signing as the second officer, or taking a proposal back: the button under what was proposed."""

import re
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sync.central.casework import signing
from sync.central.casework.access import case_of, for_officers
from sync.central.casework.events import CaseworkError, Incomplete
from sync.central.casework.models import Officer

_EVENT_NUMBER: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


@require_POST
@for_officers
def sign(request: HttpRequest, officer: Officer, application: str) -> HttpResponse:
    """Confirm or withdraw the very proposal that she saw."""
    case = case_of(officer, application)
    seen = request.POST.get("seen", "")
    number = int(seen) if _EVENT_NUMBER.fullmatch(seen) else 0
    now = timezone.now()
    try:
        if request.POST.get("step") == "confirm":
            signing.confirm(case, officer, number, now, request.POST.get("delay_reason", ""))
            words = _("Confirmed: it is decided by both of you. The answer goes to the kiosks.")
        else:
            signing.withdraw(case, officer, number, now)
            words = _("Withdrawn. Nothing is decided.")
        messages.success(request, words, extra_tags="good")
    except signing.SamePerson:
        words = _("You proposed it yourself: another officer must confirm it.")
        messages.warning(request, words, extra_tags="warn")
    except Incomplete as problem:
        messages.warning(request, str(problem), extra_tags="warn")
    except (signing.NotNow, CaseworkError):
        words = _("This case has changed in the meantime. Nothing was done; look at it again.")
        messages.warning(request, words, extra_tags="warn")
    return redirect("casework:case", application)
