"""Which kiosk stands in which ring, and putting some of them into another."""

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from sync.central.casework.dates import moment_in_words
from sync.central.catalogue import kiosks as rings_of_kiosks
from sync.central.catalogue.access import for_publishers
from sync.central.catalogue.ring_words import find_ring, ring_choices
from sync.central.intake.models import Device

ROWS_ON_A_PAGE: Final = 50
DIGITS_MAX: Final = 9


@dataclass(frozen=True, slots=True)
class KioskRow:
    """One kiosk."""

    number: int
    name: str
    office: str
    ring: str
    seen: str


@require_http_methods(["GET", "POST"])
@for_publishers
def kiosks(request: HttpRequest, publisher: User) -> HttpResponse:
    """The list; those that are ticked change their ring."""
    find = (request.POST.get("find") or request.GET.get("find") or "").strip()[:64]
    if request.method == "POST":
        _move(request, publisher)
        return redirect(
            reverse("catalogue:kiosks") + ("?" + urlencode({"find": find}) if find else "")
        )
    page = Paginator(_found(find), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "publisher": publisher,
        "find": find,
        "rings": ring_choices(),
        "rows": [_row(device) for device in page.object_list],
        "page": page,
        "query": urlencode({"find": find}) if find else "",
    }
    return render(request, "catalogue/kiosks.html", context)


def _move(request: HttpRequest, publisher: User) -> None:
    ring = find_ring(request.POST.get("ring"))
    ticked = request.POST.getlist("kiosk")[:ROWS_ON_A_PAGE]
    numbers = [int(number) for number in ticked if number.isascii() and number.isdigit()]
    if ring is None or not numbers:
        messages.warning(request, _("Tick the kiosks and choose their ring."), extra_tags="warn")
        return
    moved = rings_of_kiosks.put_into_ring(numbers, ring, publisher)
    words = ngettext(
        "%(count)s kiosk stands in its ring now. It learns at its next exchange what is new there.",
        "%(count)s kiosks stand in their ring now. "
        "They learn at their next exchange what is new there.",
        len(moved),
    )
    messages.success(request, words % {"count": len(moved)}, extra_tags="good")


def _found(find: str) -> QuerySet[Device]:
    devices = Device.objects.select_related("office").order_by("kiosk_number")
    if not find:
        return devices
    of_number = Q(kiosk_number=int(find)) if _is_number(find) else Q()
    return devices.filter(Q(name__icontains=find) | Q(office__pk__icontains=find) | of_number)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX


def _row(device: Device) -> KioskRow:
    return KioskRow(
        number=device.kiosk_number,
        name=device.name,
        office=device.office.name,
        ring=device.get_ring_display(),
        seen=moment_in_words(device.last_contact_at) if device.last_contact_at else "",
    )
