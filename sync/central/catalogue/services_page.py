"""The catalogue's first page and a service's own: which version which kiosks have, and whose it is.

Everything else is one step from here: hand in files, release further, roll back.
"""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from kiosk.forms.bundle import BundleError
from kiosk.forms.finding import has_errors
from sync.central.casework.dates import moment_in_words
from sync.central.casework.service_words import reader_language
from sync.central.catalogue import shelf
from sync.central.catalogue.access import for_publishers, name_of
from sync.central.catalogue.drafts import findings_of
from sync.central.catalogue.media import medium_response
from sync.central.catalogue.models import Draft, DraftFile, PublishedService
from sync.central.catalogue.preview import preview
from sync.central.catalogue.ring_words import ring_name
from sync.central.catalogue.workshop import WORKBOOK
from sync.central.intake.rings import RINGS, Ring

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Held:
    """What the kiosks of a ring have of a service."""

    ring: str
    version: str
    is_ahead: bool  # of all kiosks


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service on the first page."""

    id: str
    name: str
    rings: tuple[Held, ...]
    signed: str
    sample: bool


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft that waits."""

    id: int
    name: str
    who: str
    at: str
    tone: str
    state: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a service."""

    version: str
    signed_by: str
    signed_at: str
    content_of: str
    releases: tuple[tuple[str, str], ...]  # ring and moment
    can_widen: bool
    can_return: bool
    has_workbook: bool


@require_safe
@for_publishers
def services(request: HttpRequest, publisher: User) -> HttpResponse:
    """All services, and the drafts that wait."""
    published = PublishedService.objects.values_list("service", flat=True).distinct()
    waiting = Draft.objects.filter(published=None).defer("made").select_related("created_by")
    context = {
        "publisher": publisher,
        "rows": [_service_row(service) for service in sorted(published)],
        "rings": [ring_name(ring) for ring in RINGS],
        "drafts": [_draft_row(draft) for draft in waiting.order_by("-checked_at")],
    }
    return render(request, "catalogue/services.html", context)


@require_safe
@for_publishers
def service(request: HttpRequest, publisher: User, service_id: str) -> HttpResponse:
    """One service's versions, the newest first."""
    rows = PublishedService.objects.filter(service=service_id).defer("bundle")
    versions = list(rows.select_related("signed_by").order_by("-pk"))
    if not versions:
        raise Http404
    row = _service_row(service_id)
    context = {
        "publisher": publisher,
        "service": row,
        "sample": row.sample,
        "versions": [_version_row(version, versions[0]) for version in versions],
    }
    return render(request, "catalogue/service.html", context)


@require_safe
@for_publishers
def version(
    request: HttpRequest, publisher: User, service_id: str, version_id: str
) -> HttpResponse:
    """One version as it was signed, in full."""
    try:
        place = reverse("catalogue:version", args=[service_id, version_id])
        found = preview(shelf.find(service_id, version_id), place)
    except (shelf.NotPublished, BundleError) as problem:
        raise Http404 from problem
    context = {"publisher": publisher, "preview": found, "sample": found.sample}
    return render(request, "catalogue/version.html", context)


@require_safe
@for_publishers
def media(
    request: HttpRequest, publisher: User, service_id: str, version_id: str, name: str
) -> HttpResponse:
    """A recording or picture of a version."""
    del request, publisher
    try:
        return medium_response(shelf.find(service_id, version_id), name)
    except shelf.NotPublished as problem:
        raise Http404 from problem


@require_safe
@for_publishers
def workbook(
    request: HttpRequest, publisher: User, service_id: str, version_id: str
) -> HttpResponse:
    """The workbook that a version was made of, as it was handed in."""
    del request, publisher
    files = DraftFile.objects.filter(
        draft__published__service=service_id,
        draft__published__version=version_id,
        name=WORKBOOK,
    )
    file = files.first()
    if file is None:
        raise Http404
    name = f"{service_id}-{version_id}.xlsx"
    response = HttpResponse(bytes(file.data), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _service_row(service_id: str) -> ServiceRow:
    newest = shelf.newest(service_id)
    assert newest is not None
    bundle = shelf.find(service_id, newest.version)
    everywhere = shelf.in_force(service_id, Ring.ALL)
    held = []
    for ring in RINGS:
        row = shelf.in_force(service_id, ring)
        is_ahead = row is not None and (everywhere is None or row.pk != everywhere.pk)
        held.append(Held(ring_name(ring), row.version if row else "", is_ahead))
    return ServiceRow(
        id=service_id,
        name=bundle.descriptor.name.of(reader_language()),
        rings=tuple(held),
        signed=_signed(newest),
        sample=bundle.descriptor.sample,
    )


def _signed(row: PublishedService) -> str:
    who = name_of(row.signed_by) or _("Command line of the server")
    return f"{who}, {moment_in_words(row.published_at)}"


def _draft_row(draft: Draft) -> DraftRow:
    findings = findings_of(draft)
    errors = sum(has_errors([finding]) for finding in findings)
    state = _("Ready to be signed")
    if errors:
        state = ngettext("%(count)s error", "%(count)s errors", errors) % {"count": errors}
    return DraftRow(
        id=draft.pk,
        name=draft.service or _("Draft %(number)s") % {"number": draft.pk},
        who=name_of(draft.created_by),
        at=moment_in_words(draft.checked_at),
        tone="bad" if errors else "good",
        state=state,
    )


def _version_row(row: PublishedService, newest: PublishedService) -> VersionRow:
    releases = sorted(
        ((Ring(release.ring), release.released_at) for release in row.releases.all()),
        key=lambda release: RINGS.index(release[0]),
    )
    return VersionRow(
        version=row.version,
        signed_by=name_of(row.signed_by) or _("Command line of the server"),
        signed_at=moment_in_words(row.published_at),
        content_of=row.content_of,
        releases=tuple((ring_name(ring), moment_in_words(at)) for ring, at in releases),
        can_widen=bool(shelf.rings_without(row)),
        can_return=row.pk != newest.pk,
        has_workbook=DraftFile.objects.filter(draft__published=row, name=WORKBOOK).exists(),
    )
