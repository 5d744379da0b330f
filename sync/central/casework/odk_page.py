"""A case as an ODK submission: the XML of its form and its documents, in one zip file.

For a ministry that works with ODK's tools, and as a way out. It holds everything the applicant
answered, so it is given to officers of the case's own office only, and each opening is recorded as
on the case's page.
"""

import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kiosk.forms.definition import ATTACHING
from kiosk.forms.entry import Entry
from kiosk.forms.submission import attachment_name, submission_xml
from sync.central.casework.access import case_of, for_officers
from sync.central.casework.models import Case, Officer
from sync.central.casework.opening import note_opening, open_document
from sync.central.casework.sealed import header_of, record_of
from sync.central.casework.service_words import reader_language
from sync.central.catalogue import shelf
from sync.central.intake import evidence
from sync.errors import CannotOpen

IN_MEMORY_BYTES: Final = 4 * 2**20  # a larger zip lies in a temporary file that has no name
SUBMISSION: Final = "submission.xml"


@dataclass(frozen=True, slots=True)
class Export:
    """What goes into the zip."""

    xml: bytes
    attachments: tuple[str, ...]  # their names, in the order of the case's documents


@require_safe
@for_officers
def odk(request: HttpRequest, officer: Officer, application: str) -> HttpResponseBase:
    """The zip; where a document has not arrived, a page that says so first."""
    case = case_of(officer, application)
    missing = _missing(case)
    if missing and request.GET.get("incomplete") != "yes":
        return _ask(request, case, missing)
    now = timezone.now()
    try:
        made = _export(case, officer, now)
    except (CannotOpen, shelf.NotPublished) as problem:
        raise Http404 from problem
    return FileResponse(
        _zipped(made, case, officer, now),
        as_attachment=True,
        filename=f"{case.reference}-odk.zip",
        content_type="application/zip",
    )


def _export(case: Case, officer: Officer, now: datetime) -> Export:
    """Open the answers and write them as XML; the opening is recorded first."""
    note_opening(case, officer, now)
    record = record_of(case)
    definition = shelf.find(case.service, case.service_version).definition
    entry = Entry.from_record(definition, record, language=reader_language())
    names = (
        attachment_name(entry.value_of(line.path))
        for line in entry.lines()
        if line.kind in ATTACHING and line.given
    )
    return Export(submission_xml(definition, record, case.application), tuple(names))


def _zipped(made: Export, case: Case, officer: Officer, now: datetime) -> IO[Any]:
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - FileResponse closes it
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(SUBMISSION, made.xml)
        for name, data in _documents(made, case, officer, now):
            archive.writestr(name, data, zipfile.ZIP_STORED)
    target.seek(0)
    return target


def _documents(
    made: Export, case: Case, officer: Officer, now: datetime
) -> Iterator[tuple[str, bytes]]:
    for index, name in enumerate(made.attachments):
        try:
            yield name, open_document(case, officer, now, index).data
        except Http404:  # it has not arrived, and the officer knows
            continue


def _missing(case: Case) -> int:
    """How many documents have not arrived."""
    return sum(not evidence.is_here(note.sha256) for note in header_of(case).evidence)


def _ask(request: HttpRequest, case: Case, missing: int) -> HttpResponse:
    words = _(
        "Documents that have not arrived yet: %(count)s. Wait until the kiosk has sent them, "
        "or download the submission without them."
    )
    context = {
        "heading": _("Documents are missing"),
        "sentence": words % {"count": missing},
        "link": f"{reverse('casework:odk', args=[case.application])}?incomplete=yes",
        "link_words": _("Download without them"),
    }
    return render(request, "problem.html", context, status=409)
