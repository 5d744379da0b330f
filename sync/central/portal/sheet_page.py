"""The first page and the service sheets: what one can apply for, and what it takes."""

from dataclasses import dataclass
from functools import partial

from babel.numbers import format_decimal
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kiosk.forms.bundle import Bundle
from kiosk.forms.descriptor import Cost, Evidence, ServiceDescriptor, ServiceKind
from kiosk.forms.fees import Fee, fee_in_words
from kiosk.forms.purposes import Basis, Purpose
from sync.central.casework.dates import babel_locale, hours_in_words
from sync.central.catalogue import shelf
from sync.central.catalogue.form_sentences import translated

PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Tile:
    """A service on the first page."""

    id: str
    name: str
    description: str
    has_icon: bool


@dataclass(frozen=True, slots=True)
class Needed:
    """A document to bring, and when."""

    name: str
    when: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is collected for one purpose; what rests on consent may be refused."""

    asked: str
    reads: str
    kept: str
    is_optional: bool


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    language = get_language() or "lo"
    tiles = [_tile(bundle, language) for bundle in shelf.current() if _has_sheet(bundle)]
    return render(request, "portal/home.html", {"tiles": tiles})


def _has_sheet(bundle: Bundle) -> bool:
    """Whether people can ask for it: the questions about a service come by themselves."""
    return bundle.descriptor.kind is not ServiceKind.FEEDBACK


@require_safe
def sheet(request: HttpRequest, service: str) -> HttpResponse:
    """One service's sheet."""
    bundle = _published(service)
    about, language = bundle.descriptor, get_language() or "lo"
    context = {
        "tile": _tile(bundle, language),
        "sample": about.sample,
        "gives": [output.name.of(language) for output in about.outputs],
        "who": about.audience.of(language),
        "conditions": [item.name.of(language) for item in about.requirements],
        "documents": [needed_in_words(evidence, language) for evidence in about.evidence],
        "fees": [posted_fee(cost, language) for cost in about.costs],
        "days": about.processing_days,
        "decides": about.competent_authority.name.of(language),
        "laws": [law.name.of(language) for law in about.legal],
        "steps": [step.of(language) for step in about.steps],
        "purposes": [_told(purpose, language) for purpose in about.purposes],
        "other_way": about.other_way.of(language) if about.other_way else "",
        "contact": about.contact,
        "hours": hours_in_words(about.contact.opening_hours or ""),
        "checked": _checked(about),
    }
    return render(request, "portal/service.html", context)


@require_safe
@cache_control(public=True, max_age=3600)
def icon(request: HttpRequest, service: str) -> HttpResponse:
    """A service's picture."""
    del request
    picture = _published(service).icon
    if picture is None or not picture.startswith(PNG):
        raise Http404
    return HttpResponse(picture, content_type="image/png")


def _published(service: str) -> Bundle:
    try:
        return shelf.find_current(service)
    except shelf.NotPublished as problem:
        raise Http404 from problem


def _tile(bundle: Bundle, language: str) -> Tile:
    about = bundle.descriptor
    return Tile(
        id=bundle.service,
        name=about.name.of(language),
        description=about.description.of(language),
        has_icon=bool(bundle.icon and bundle.icon.startswith(PNG)),
    )


def needed_in_words(evidence: Evidence, language: str) -> Needed:
    """A document as the sheet names it."""
    if evidence.when is not None:
        when = evidence.when.of(language)
    elif evidence.required:
        when = ""
    else:
        when = _("only if you have it")
    return Needed(evidence.name.of(language), when)


def _told(purpose: Purpose, language: str) -> Told:
    return Told(
        asked=purpose.asked(language),
        reads=purpose.seen_by.of(language),
        kept=purpose.kept.of(language),
        is_optional=purpose.basis is Basis.CONSENT,
    )


def posted_fee(cost: Cost, language: str) -> Fee:
    """A fee as the sheet names it, in the same words as at the kiosk."""
    return fee_in_words(cost, language, translated, partial(format_decimal, locale=babel_locale()))


def _checked(about: ServiceDescriptor) -> str:
    if about.checked_by is None:
        return ""
    return _("Checked by %(office)s on %(day)s.") % {
        "office": about.checked_by,
        "day": about.checked_on or "–",
    }
