"""Releasing a version further, and rolling a service back: each asks once before it happens."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kiosk.forms.bundle import BundleError
from sync.central.casework.service_words import reader_language
from sync.central.catalogue import shelf
from sync.central.catalogue.access import for_publishers
from sync.central.catalogue.changes import changes_between
from sync.central.catalogue.models import PublishedService
from sync.central.catalogue.ring_words import find_ring, ring_choices, ring_name


@require_http_methods(["GET", "POST"])
@for_publishers
def release(
    request: HttpRequest, publisher: User, service_id: str, version_id: str
) -> HttpResponse:
    """Give a version to the next ring, or to all."""
    row = _row(service_id, version_id)
    rings = shelf.rings_without(row)
    problem = ""
    if request.method == "POST":
        ring = find_ring(request.POST.get("ring"))
        try:
            if ring is None:
                problem = _("Choose which kiosks get it.")
            else:
                shelf.release(service_id, version_id, ring, publisher)
                words = _("Version %(version)s is released to: %(ring)s.")
                done = words % {"version": version_id, "ring": ring_name(ring)}
                messages.success(request, done, extra_tags="good")
                return redirect("catalogue:service", service_id)
        except shelf.NotNewer:
            problem = _("These kiosks have this version or a later one already.")
    context = {
        "publisher": publisher,
        "name": _name(row),
        "row": row,
        "rings": ring_choices(rings),
        "ring": rings[0].value if rings else "",
        "problem": problem,
    }
    return render(request, "catalogue/release.html", context)


@require_http_methods(["GET", "POST"])
@for_publishers
def roll_back(
    request: HttpRequest, publisher: User, service_id: str, version_id: str
) -> HttpResponse:
    """Put the content of an earlier version into force again."""
    row = _row(service_id, version_id)
    newest = shelf.newest(service_id)
    assert newest is not None
    reached = shelf.taken_back_from(row)
    if reached is None:
        return redirect("catalogue:service", service_id)
    if request.method == "POST":
        try:
            if request.POST.get("seen") != newest.version:
                raise shelf.NotNewer  # noqa: TRY301 - somebody else was faster: look again
            made = shelf.roll_back(service_id, version_id, publisher)
        except (shelf.NotNewer, BundleError):
            words = _("Somebody published this service meanwhile. Look at it before you go on.")
            messages.warning(request, words, extra_tags="warn")
        else:
            words = _("The content of version %(old)s is in force again, as version %(new)s.")
            done = words % {"old": version_id, "new": made.version}
            messages.success(request, done, extra_tags="good")
        return redirect("catalogue:service", service_id)
    try:
        following = shelf.next_version(service_id)
    except shelf.NotNewer as problem:  # nine nines: nobody gets there by the pages
        raise Http404 from problem
    (choice,) = ring_choices((reached,))
    context = {
        "publisher": publisher,
        "name": _name(row),
        "row": row,
        "newest": newest.version,
        "next": following,
        "ring": choice,
        "changes": changes_between(
            shelf.find(service_id, newest.version), shelf.find(service_id, version_id)
        ),
    }
    return render(request, "catalogue/roll_back.html", context)


def _row(service_id: str, version_id: str) -> PublishedService:
    rows = PublishedService.objects.filter(service=service_id, version=version_id)
    row = rows.defer("bundle").first()
    if row is None:
        raise Http404
    return row


def _name(row: PublishedService) -> str:
    return shelf.find(row.service, row.version).descriptor.name.of(reader_language())
