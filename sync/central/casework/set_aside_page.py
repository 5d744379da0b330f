"""What kiosks of an office sent that could not become a case, for its supervisor: to read only.

Each was acknowledged and is kept whole; the person who holds its receipt is told to come to the
office. Here the supervisor finds its reference, and why it waits.
"""

from dataclasses import dataclass
from typing import Final

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sync.central.casework.access import for_officers
from sync.central.casework.dates import moment_in_words
from sync.central.casework.models import Officer
from sync.central.intake.models import SetAside
from sync.errors import BadRecord
from sync.records import Header, Kind

ROWS_ON_A_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Row:
    """An envelope that waits for a person."""

    reference: str
    kiosk: str
    reason: str
    at: str


@require_safe
@for_officers
def set_aside(request: HttpRequest, officer: Officer) -> HttpResponse:
    """The list, the newest first."""
    if not officer.is_supervisor:
        raise PermissionDenied
    kept = SetAside.objects.filter(device__office=officer.office).select_related("device")
    newest_first = kept.defer("body", "sealed_secret").order_by("-received_at", "-pk")
    page = Paginator(newest_first, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "officer": officer,
        "heading": _("Set aside"),
        "rows": [_row(envelope) for envelope in page.object_list if not _complains(envelope)],
        "page": page,
    }
    return render(request, "office/set_aside.html", context)


def _row(envelope: SetAside) -> Row:
    return Row(
        reference=_reference(bytes(envelope.header)),
        kiosk=f"{envelope.device.name} · {envelope.device.kiosk_number}",
        reason=envelope.get_reason_display(),
        at=moment_in_words(envelope.received_at),
    )


def _complains(envelope: SetAside) -> bool:
    """Whether it may complain about this very office: then it is not for its eyes."""
    try:
        kind = Header.from_bytes(bytes(envelope.header)).kind
    except BadRecord:
        return False
    return kind in (Kind.COMPLAINT, Kind.REPLY)


def _reference(header: bytes) -> str:
    """The reference in a header; empty where it cannot be read."""
    try:
        return Header.from_bytes(header).reference
    except BadRecord:
        return ""
