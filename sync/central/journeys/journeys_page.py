"""Where people stop: the questions of each edition of a form as a funnel, for officers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kiosk.forms.version import Version
from sync.central.casework.access import for_officers
from sync.central.casework.due_dates import vientiane_day
from sync.central.casework.models import Officer
from sync.central.catalogue import shelf
from sync.central.journeys.counts import ANY_LANGUAGE, PERIODS_DAYS, Funnel, Met, View, funnels
from sync.central.journeys.places import places_of
from sync.central.voice.counts import LEAST
from sync.central.voice.words import service_in_words

STOPS_PERCENT: Final = 5  # below that it is nothing to look into
OFTEN_WRONG_PERCENT: Final = 20
SLOW_PERCENT: Final = 25
PERIOD_WORDS: Final = {
    30: gettext_lazy("Last 30 days"),
    90: gettext_lazy("Last 90 days"),
    365: gettext_lazy("Last year"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to look at it."""

    words: str
    days: int
    language: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One place on the way."""

    label: str
    met: Met
    is_where_most_stop: bool
    is_often_wrong: bool
    is_slow: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One edition of a form."""

    service: str
    funnel: Funnel
    rows: list[Row]


@require_safe
@for_officers
def journeys(request: HttpRequest, officer: Officer) -> HttpResponse:
    """The page, about the officer's own office."""
    view = _view(request)
    found = funnels(officer.office, view, vientiane_day(timezone.now()))
    ways = [Way(service_in_words(one.service), one, list(_rows(one))) for one in found]
    ways.sort(key=lambda way: Version.parse(way.funnel.version), reverse=True)
    ways.sort(key=lambda way: (way.service, way.funnel.service))
    context = {
        "officer": officer,
        "ways": ways,
        "least": LEAST,
        "periods": [
            Choice(str(words), days, view.language, days == view.days)
            for days, words in PERIOD_WORDS.items()
        ],
        "languages": [
            Choice(words, view.days, code, code == view.language)
            for code, words in ((ANY_LANGUAGE, _("All languages")), *settings.LANGUAGES)
        ],
    }
    return render(request, "journeys/journeys.html", context)


def _view(request: HttpRequest) -> View:
    asked = request.GET.get("days", "")
    days = next((days for days in PERIODS_DAYS if str(days) == asked), View().days)
    language = request.GET.get("language", ANY_LANGUAGE)
    known = language in dict(settings.LANGUAGES)
    return View(days, language if known else ANY_LANGUAGE)


def _rows(funnel: Funnel) -> Iterator[Row]:
    """The form's places in its order; none where too few are counted."""
    if not funnel.is_shown:
        return
    try:
        places = list(places_of(funnel.service, funnel.version))
    except shelf.NotPublished:
        return
    met = [(place, funnel.at(place.path)) for place in places]
    most = max((one.left.count for _place, one in met if one.left.is_shown), default=0)
    for place, one in met:
        left, wrong, slow = one.left, one.wrong, one.slow
        yield Row(
            label=place.label,
            met=one,
            is_where_most_stop=left.count == most and (left.percent or 0) >= STOPS_PERCENT,
            is_often_wrong=(wrong.percent or 0) >= OFTEN_WRONG_PERCENT,
            is_slow=(slow.percent or 0) >= SLOW_PERCENT,
        )
