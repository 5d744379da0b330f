"""Handing in a service: files → what is to be mended → preview → sign and release.

Each step is an address of its own, so that somebody else can be asked to look. Errors stop the road
at the report; what is signed is exactly what the preview showed, or the page says that it changed.
"""

import io
import zipfile

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kiosk.forms.bundle import BundleError
from kiosk.forms.version import Version
from sync.central.casework.dates import moment_in_words
from sync.central.catalogue import drafts, shelf, workshop
from sync.central.catalogue.access import for_publishers, name_of
from sync.central.catalogue.changes import Changes, changes_between
from sync.central.catalogue.finding_words import in_words
from sync.central.catalogue.media import medium_response
from sync.central.catalogue.models import Draft
from sync.central.catalogue.preview import preview
from sync.central.catalogue.ring_words import find_ring, ring_choices, ring_name
from sync.central.intake.rings import RINGS, Ring
from sync.central.uploads import UPLOAD_BYTES_MAX

MEGABYTE = 2**20


@require_http_methods(["GET", "POST"])
@for_publishers
def new(request: HttpRequest, publisher: User) -> HttpResponse:
    """The files of a service, chosen and sent."""
    problem = ""
    if request.method == "POST":
        try:
            files = drafts.read_uploads(dict(request.FILES.lists()))
            if workshop.WORKBOOK in files:
                return redirect("catalogue:draft", drafts.begin(publisher, files).pk)
            problem = _("Choose the workbook of the form, or a zip with form.xlsx in it.")
        except drafts.CannotHandIn as cannot:
            problem = str(cannot)
        except workshop.Busy:
            problem = _busy()
    context = {"publisher": publisher, "problem": problem, "megabytes": _megabytes()}
    return render(request, "catalogue/new.html", context)


@require_safe
@for_publishers
def example(request: HttpRequest, publisher: User) -> HttpResponse:
    """A service to begin with, as a zip of its folder, in which nothing is to be mended."""
    from kiosk.forms.starter import starter  # noqa: PLC0415 - loads the spreadsheet tools

    del request, publisher
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in starter().items():
            packed.writestr(f"my-service/{name}", data)
    response = HttpResponse(file.getvalue(), content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="my-service.zip"'
    return response


@require_http_methods(["GET", "POST"])
@for_publishers
def draft(request: HttpRequest, publisher: User, number: int) -> HttpResponse:
    """The report on a draft, and its files to hand in again."""
    found = _waiting(number)
    problem = ""
    if request.method == "POST":
        try:
            files = drafts.read_uploads(dict(request.FILES.lists()))
            if files:
                drafts.hand_in_again(found, publisher, files)
                return redirect("catalogue:draft", number)
            problem = _("Choose at least one file.")
        except drafts.CannotHandIn as cannot:
            problem = str(cannot)
        except workshop.Busy:
            problem = _busy()
    findings = [in_words(finding) for finding in drafts.findings_of(found)]
    context = {
        "publisher": publisher,
        "problem": problem,
        "megabytes": _megabytes(),
        "draft": found,
        "name": found.service or _("Draft %(number)s") % {"number": found.pk},
        "who": name_of(found.created_by),
        "at": moment_in_words(found.checked_at),
        "files": [(file.name, len(bytes(file.data))) for file in found.files.order_by("name")],
        "errors": [finding for finding in findings if finding.is_error],
        "warnings": [one for one in findings if not one.is_error and not one.is_note],
        "unrecorded": [finding for finding in findings if finding.is_note],
        "ready": drafts.trial_of(found) is not None,
    }
    return render(request, "catalogue/draft.html", context)


@require_safe
@for_publishers
def look(request: HttpRequest, publisher: User, number: int) -> HttpResponse:
    """The preview of a draft, and what it changes."""
    found = _waiting(number)
    trial = drafts.trial_of(found)
    if trial is None:
        return redirect("catalogue:draft", number)
    shown = preview(trial, reverse("catalogue:draft", args=[number]))
    context = {
        "publisher": publisher,
        "draft": found,
        "preview": shown,
        "sample": shown.sample,
        "changes": _changes(found),
    }
    return render(request, "catalogue/look.html", context)


@require_safe
@for_publishers
def media(request: HttpRequest, publisher: User, number: int, name: str) -> HttpResponse:
    """A recording or picture of a draft."""
    del request, publisher
    return medium_response(drafts.trial_of(_waiting(number)), name)


@require_http_methods(["GET", "POST"])
@for_publishers
def sign(request: HttpRequest, publisher: User, number: int) -> HttpResponse:
    """Sign a draft and release it to a ring."""
    found = _waiting(number)
    trial = drafts.trial_of(found)
    if trial is None:
        return redirect("catalogue:draft", number)
    ring = RINGS[0]
    version = _suggested(trial.service, trial.version)
    problem = ""
    if request.method == "POST":
        version = request.POST.get("version", "").strip()[:60]
        ring = find_ring(request.POST.get("ring")) or ring
        signing = drafts.Signing(version, ring, request.POST.get("seen", ""))
        problem = _signed(found, signing, publisher)
        if not problem:
            messages.success(request, _done(version, ring), extra_tags="good")
            return redirect("catalogue:service", trial.service)
    held = shelf.newest(trial.service)
    context = {
        "publisher": publisher,
        "draft": found,
        "service": trial.service,
        "name": preview(trial, "").name,
        "sample": trial.descriptor.sample,
        "seen": drafts.state_of(found),
        "version": version,
        "held": held.version if held else "",
        "ring": ring.value,
        "rings": ring_choices(),
        "problem": problem,
    }
    return render(request, "catalogue/sign.html", context)


@require_POST
@for_publishers
def remove(request: HttpRequest, publisher: User, number: int) -> HttpResponse:
    """Throw a draft away."""
    drafts.remove(_waiting(number), publisher)
    messages.success(request, _("The draft is removed."), extra_tags="good")
    return redirect("catalogue:services")


def _signed(found: Draft, signing: drafts.Signing, publisher: User) -> str:
    """Sign; what stood in the way, in words."""
    try:
        Version.parse(signing.version)
    except ValueError:
        return _("A version is numbers between dots, such as 2026.11.1.")
    try:
        drafts.sign(found, signing, publisher)
    except shelf.NotNewer:
        return _(
            "This version or a later one is published already. Kiosks never go back: "
            "give a higher version."
        )
    except drafts.NotSignable:
        return _("The draft changed since you looked at it. Look at it again before you sign.")
    except BundleError:
        return _("The service cannot be signed as it is. Hand the files in again.")
    return ""


def _done(version: str, ring: Ring) -> str:
    words = _("Version %(version)s is signed and released to: %(ring)s.")
    return words % {"version": version, "ring": ring_name(ring)}


def _suggested(service: str, wished: str) -> str:
    try:
        return shelf.next_version(service, wished)
    except shelf.NotNewer:  # the numbers are used up: the person finds a new one
        return ""


def _changes(found: Draft) -> Changes | None:
    """What a draft changes against the newest version; None where it is the first."""
    trial = drafts.trial_of(found)
    held = shelf.newest(trial.service) if trial else None
    if trial is None or held is None:
        return None
    return changes_between(shelf.find(held.service, held.version), trial)


def _waiting(number: int) -> Draft:
    found = Draft.objects.filter(pk=number, published=None).select_related("created_by").first()
    if found is None:
        raise Http404
    return found


def _busy() -> str:
    return _("Other services are being checked at this moment. Try again in a minute.")


def _megabytes() -> int:
    return UPLOAD_BYTES_MAX // MEGABYTE
