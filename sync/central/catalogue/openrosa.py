"""The published forms for ODK's tools: OpenRosa's form list, the forms and their media, to read.

A fallback: whoever has ODK Collect on a phone points it at `/openrosa` and gets the very forms that
the kiosks run. Forms hold nobody's data, so no account is asked for. What is filled in there goes
to a server of ODK's own; nothing can be handed in here, and each form's description and the answer
to whoever tries say so. A complaint, which must go round whom it is about, and what people think
of a service are no such forms: they are not offered.
https://docs.getodk.org/openrosa-form-list/ https://docs.getodk.org/openrosa-form-submission/
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, Final, ParamSpec
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from kiosk.forms.bundle import XFORM, Bundle
from kiosk.forms.descriptor import ServiceKind
from sync.central.casework.service_words import reader_language
from sync.central.catalogue import shelf
from sync.central.catalogue.media import KINDS

LIST_NAMESPACE: Final = "http://openrosa.org/xforms/xformsList"
MANIFEST_NAMESPACE: Final = "http://openrosa.org/xforms/xformsManifest"
RESPONSE_NAMESPACE: Final = "http://openrosa.org/http/response"
NOT_HERE: Final = gettext_lazy(
    "To look at and to try out only. Nothing can be sent from here: "
    "apply at a One-Door kiosk or at the desk."
)
XML_TYPE: Final = "text/xml; charset=utf-8"
CSV_TYPE: Final = "text/csv; charset=utf-8"
Places = ParamSpec("Places")


def _openrosa(
    view: Callable[Concatenate[HttpRequest, Places], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Places], HttpResponse]:
    """Put what OpenRosa wants of every answer on it; the web server itself says the date."""

    @wraps(view)
    @require_safe
    def answering(
        request: HttpRequest, /, *parts: Places.args, **named: Places.kwargs
    ) -> HttpResponse:
        response = view(request, *parts, **named)
        response.headers["X-OpenRosa-Version"] = "1.0"
        response.headers["Cache-Control"] = "no-cache"
        return response

    return answering


@_openrosa
def form_list(request: HttpRequest) -> HttpResponse:
    """The forms that are in force everywhere."""
    wanted = request.GET.get("formID")
    verbose = request.GET.get("verbose") == "true"
    forms = Element("xforms", {"xmlns": LIST_NAMESPACE})
    for bundle in shelf.current():
        definition = bundle.definition
        if not _is_offered(bundle) or (wanted and wanted != definition.id):
            continue
        form = SubElement(forms, "xform")
        parts = {
            "formID": definition.id,
            "name": definition.title or bundle.descriptor.name.of(reader_language()),
            "version": definition.version,
            "hash": _hash(bundle.file(XFORM)),
        }
        described = bundle.descriptor.description.of(reader_language()) if verbose else ""
        parts["descriptionText"] = f"{described} {NOT_HERE}".strip()
        parts["downloadUrl"] = _address(request, bundle, "form")
        if _media(bundle):
            parts["manifestUrl"] = _address(request, bundle, "manifest")
        for name, text in parts.items():
            SubElement(form, name).text = text
    return _xml(forms)


@csrf_exempt
def submission(request: HttpRequest) -> HttpResponse:
    """No: said in the words that ODK Collect shows."""
    del request
    answer = Element("OpenRosaResponse", {"xmlns": RESPONSE_NAMESPACE})
    SubElement(answer, "message", {"nature": "error"}).text = str(NOT_HERE)
    response = _xml(answer)
    response.status_code = HTTPStatus.FORBIDDEN
    response.headers["X-OpenRosa-Version"] = "1.0"
    return response


@_openrosa
def form(request: HttpRequest, service_id: str, version_id: str) -> HttpResponse:
    """A form's XML, as the kiosks' was made of."""
    del request
    return HttpResponse(_found(service_id, version_id).file(XFORM), content_type=XML_TYPE)


@_openrosa
def manifest(request: HttpRequest, service_id: str, version_id: str) -> HttpResponse:
    """The lists, recordings and pictures that a form needs beside it."""
    bundle = _found(service_id, version_id)
    files = Element("manifest", {"xmlns": MANIFEST_NAMESPACE})
    for name, data in _media(bundle).items():
        file = SubElement(files, "mediaFile")
        SubElement(file, "filename").text = name
        SubElement(file, "hash").text = _hash(data)
        SubElement(file, "downloadUrl").text = _address(request, bundle, "media", name)
    return _xml(files)


@_openrosa
def media(request: HttpRequest, service_id: str, version_id: str, name: str) -> HttpResponse:
    """One list, recording or picture."""
    del request
    data = _media(_found(service_id, version_id)).get(name)
    if data is None:
        raise Http404
    return HttpResponse(
        data,
        content_type=KINDS.get(
            name.rpartition(".")[2], XML_TYPE if name.endswith(".xml") else CSV_TYPE
        ),
    )


def _found(service_id: str, version_id: str) -> Bundle:
    """A version that was ever in force everywhere: a form list may be some minutes old."""
    try:
        bundle = shelf.find(service_id, version_id)
    except shelf.NotPublished as problem:
        raise Http404 from problem
    if not _is_offered(bundle) or not shelf.was_everywhere(service_id, version_id):
        raise Http404
    return bundle


def _is_offered(bundle: Bundle) -> bool:
    about = bundle.descriptor
    is_application = about.kind is ServiceKind.APPLICATION
    return is_application and about.status == "published" and XFORM in bundle.files


def _media(bundle: Bundle) -> dict[str, bytes]:
    """The lists that came with the form, by their names in it."""
    note = bundle.descriptor.form
    names = note.media if note else ()
    return {name: bundle.files[name] for name in names if name in bundle.files}


def _hash(data: bytes) -> str:
    """OpenRosa names MD5: it tells whether a file changed, and proves nothing."""
    return f"md5:{hashlib.md5(data, usedforsecurity=False).hexdigest()}"


def _address(request: HttpRequest, bundle: Bundle, what: str, *more: str) -> str:
    place = reverse(f"openrosa:{what}", args=[bundle.service, bundle.version, *more])
    return request.build_absolute_uri(place)


def _xml(top: Element) -> HttpResponse:
    return HttpResponse(
        tostring(top, encoding="utf-8", xml_declaration=True), content_type=XML_TYPE
    )


app_name = "openrosa"
_FORM = "forms/<str:service_id>/<str:version_id>"
urlpatterns = [
    path("formList", form_list, name="list"),
    path("submission", submission, name="submission"),
    path(f"{_FORM}/form.xml", form, name="form"),
    path(f"{_FORM}/manifest", manifest, name="manifest"),
    path(f"{_FORM}/media/<str:name>", media, name="media"),
]
