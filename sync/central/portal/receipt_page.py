"""The page behind a receipt's QR, and the public facts its script needs to judge the receipt.

The page is the same for every receipt: what is in the fragment stays in the reader's browser.

Who stole a kiosk may have its key. Receipts that say to be older than the day it was taken out of
service stay genuine, because people hold them; but the day is said, because a thief can write an
older one: then only the office's word counts.
"""

from babel.dates import get_month_names
from babel.numbers import get_group_symbol
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from sync.central.casework.dates import babel_locale
from sync.central.casework.models import Office
from sync.central.catalogue import shelf
from sync.central.intake.models import Device


@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """The page; it knows nothing of the receipt."""
    locale = babel_locale()
    months = get_month_names("wide", locale=locale)
    context = {
        # Browsers do not know how Lao writes dates and amounts; Babel does.
        "months": "|".join(months[month] for month in range(1, 13)),
        "group": get_group_symbol(locale),
    }
    return render(request, "portal/receipt.html", context)


@require_safe
@cache_control(public=True, max_age=3600)
def key(request: HttpRequest, device: str) -> JsonResponse:
    """The public key that checks the receipts of one kiosk, and since when it is blocked."""
    del request
    found = Device.objects.filter(pk=device).first()
    if found is None:
        raise Http404
    blocked_at_s = int(found.blocked_at.timestamp()) if found.blocked_at else None
    return JsonResponse({"key": bytes(found.verify_key).hex(), "blocked_at_s": blocked_at_s})


@require_safe
@cache_control(private=True, max_age=3600)
@vary_on_cookie
def names(request: HttpRequest) -> JsonResponse:
    """What the ids of services and offices are called, in the reader's language."""
    del request
    language = get_language() or "lo"
    services = {bundle.service: bundle.descriptor.name.of(language) for bundle in shelf.current()}
    offices = {office.pk: office.name for office in Office.objects.all()}
    return JsonResponse({"services": services, "offices": offices})
