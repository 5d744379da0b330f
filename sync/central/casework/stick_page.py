"""A USB stick from kiosks, handed in by a browser: files in, an account of them, answers back.

It opens nothing and shows nothing of what is sealed. Any officer may do so: what counts is who
signed each message, as everywhere.
"""

import re
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sync.central.casework import browser_stick
from sync.central.casework.access import for_officers
from sync.central.casework.models import Officer, StickVisit
from sync.central.intake.models import Device
from sync.central.uploads import UPLOAD_BYTES_MAX
from sync.errors import ExchangeError

MEGABYTE: Final = 2**20
_NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One kiosk's messages on the stick."""

    kiosk: str
    batches: int
    pieces: int


@require_http_methods(["GET", "POST"])
@for_officers
def stick(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Choose the files; handed in, they are a visit with a page of its own."""
    if request.method == "GET":
        return render(request, "office/stick.html", _limits(officer))
    uploads = [*request.FILES.getlist("files"), *request.FILES.getlist("folder")]
    if not uploads:
        words = _("Choose the folder “one-door” of the stick, or files from inside it.")
        messages.warning(request, words, extra_tags="warn")
        return redirect("casework:stick")
    visit = _visit_of(request, officer)
    try:
        browser_stick.take_in(visit, uploads)
    except browser_stick.TooMuch:
        words = _("Take the answers home first: there are too many for one stick.")
        messages.warning(request, words, extra_tags="warn")
    except ExchangeError:
        words = _("Not everything could be taken in now. Hand the same files in again later.")
        messages.warning(request, words, extra_tags="warn")
    return redirect("casework:stick_visit", visit.pk)


@require_safe
@for_officers
def stick_visit(request: HttpRequest, officer: Officer, number: int) -> HttpResponse:
    """What became of the files so far, the answers, and more files of the same stick."""
    visit = get_object_or_404(StickVisit, pk=number, officer=officer)
    kiosks = browser_stick.kiosks_of(visit)
    known = Device.objects.in_bulk([kiosk.device for kiosk in kiosks])
    context = _limits(officer) | {
        "visit": visit,
        "rows": [
            Row(
                f"{known[kiosk.device].name} · {known[kiosk.device].kiosk_number}",
                kiosk.batches,
                kiosk.pieces,
            )
            for kiosk in kiosks
        ],
    }
    return render(request, "office/stick.html", context)


@require_safe
@for_officers
def stick_answers(request: HttpRequest, officer: Officer, number: int) -> HttpResponseBase:
    """The answers, to be unpacked onto the stick."""
    del request
    visit = get_object_or_404(StickVisit, pk=number, officer=officer)
    return FileResponse(
        browser_stick.zipped(visit),
        as_attachment=True,
        filename=f"answers-{visit.pk}.zip",
        content_type="application/zip",
    )


def _visit_of(request: HttpRequest, officer: Officer) -> StickVisit:
    """The stick that more of is handed in, or a new one."""
    given = request.POST.get("visit", "")
    if _NUMBER.fullmatch(given):
        return get_object_or_404(StickVisit, pk=int(given), officer=officer)
    return browser_stick.begin(officer, timezone.now())


def _limits(officer: Officer) -> dict[str, object]:
    return {
        "officer": officer,
        "heading": _("USB stick from kiosks"),
        "megabytes": UPLOAD_BYTES_MAX // MEGABYTE,
        "files_max": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
    }
