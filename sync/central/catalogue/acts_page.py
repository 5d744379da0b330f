"""What was done to the catalogue, by whom and when; and whether that record is whole."""

from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sync.central.casework.case_page import SEAL_DIGITS
from sync.central.casework.dates import moment_in_words
from sync.central.catalogue.access import for_publishers, name_of
from sync.central.catalogue.acts import first_broken
from sync.central.catalogue.models import Act

ROWS_ON_A_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act."""

    number: int
    what: str
    service: str
    ring: str
    detail: str
    who: str
    at: str


@require_safe
@for_publishers
def acts(request: HttpRequest, publisher: User) -> HttpResponse:
    """The record, the newest first."""
    newest_first = Act.objects.select_related("actor").order_by("-number")
    page = Paginator(newest_first, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    last = newest_first.first()
    context = {
        "publisher": publisher,
        "rows": [_row(act) for act in page.object_list],
        "page": page,
        "broken": first_broken(),
        "seal": bytes(last.hash).hex()[:SEAL_DIGITS] if last else "",
    }
    return render(request, "catalogue/acts.html", context)


def _row(act: Act) -> ActRow:
    return ActRow(
        number=act.number,
        what=act.get_kind_display(),
        service=f"{act.service} {act.version}".strip(),
        ring=act.get_ring_display() if act.ring else "",
        detail=act.detail,
        who=name_of(act.actor) or _("Command line of the server"),
        at=moment_in_words(act.at),
    )
