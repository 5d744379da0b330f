"""The public pages with figures, and the same as open data: CSV and JSON, with their dictionary."""

import csv
import io
from collections.abc import Iterable
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from sync.central.casework.models import Office
from sync.central.casework.service_words import reader_language
from sync.central.insight import figures, period
from sync.central.insight.balance_page import Link
from sync.central.insight.figures import Figure
from sync.central.insight.names import ServiceNames
from sync.central.insight.open_figures import (
    ALL,
    UNITS,
    Measure,
    OpenFigures,
    State,
    Told,
    quarters,
)
from sync.central.insight.period import Period
from sync.central.insight.places import NATION, Country, place_name
from sync.central.insight.protected import ELSEWHERE
from sync.central.insight.ranking import CASES_MIN, OPINIONS_MIN
from sync.central.insight.table import Row, Table
from sync.central.voice.counts import LEAST

LICENCE: Final = "CC-BY-4.0"
LICENCE_URL: Final = "https://creativecommons.org/licenses/by/4.0/"
PAGE_AGE_S: Final = 10 * 60
DATA_AGE_S: Final = 60 * 60
COLUMNS: Final = (
    "period",
    "area",
    "area_name_lo",
    "area_name_en",
    "service",
    "service_name_lo",
    "service_name_en",
    "measure",
    "unit",
    "value",
    "of",
    "state",
)
_ALL_NAMES: Final = {"lo": "ທຸກບໍລິການ", "en": "All services"}
_NATION_NAMES: Final = {"lo": "ທົ່ວປະເທດ", "en": "The whole country"}
_ELSEWHERE_NAMES: Final = {"lo": "ບໍ່ຢູ່ໃນແຂວງໃດ", "en": "In no province"}
_NO_SERVICE_NAMES: Final = {"lo": "ບໍ່ໄດ້ບອກບໍລິການ", "en": "No service named"}


@require_safe
@cache_control(private=True, max_age=PAGE_AGE_S)
def statistics(request: HttpRequest) -> HttpResponse:
    """The figures of a quarter, of the country or of a province."""
    now = timezone.now()
    over = quarters(now)
    chosen = _chosen(request, over)
    if chosen is None:
        return render(request, "insight/statistics.html", {"least": LEAST})
    found = OpenFigures(Country(Office.objects.all()), chosen, now)
    province = request.GET.get("at") or ALL
    if province != ALL and province not in found.provinces:
        raise Http404
    names = ServiceNames()
    context = {
        "least": LEAST,
        "area": _area_name(province),
        "is_nation": province == ALL,
        "time": chosen.in_words(),
        "times": [
            Link(one.in_words(), "" if one == chosen else _address(one, province)) for one in over
        ],
        "period": str(chosen),
        "sample": any(names.is_sample(service) for service in found.services),
        "tables": [
            table
            for table in (
                _services(found, province, names),
                _complaints(found, province, names),
                *([_provinces(found, chosen)] if province == ALL else []),
            )
            if table.rows
        ],
    }
    return render(request, "insight/statistics.html", context)


@require_safe
@cache_control(private=True, max_age=PAGE_AGE_S)
def method(request: HttpRequest) -> HttpResponse:
    """How everything is counted, what the open data holds, and under which licence."""
    context = {
        "least": LEAST,
        "cases_min": CASES_MIN,
        "opinions_min": OPINIONS_MIN,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "measures": _dictionary(),
        "columns": _columns(),
        "quarters": [(one, one.in_words()) for one in quarters(timezone.now())],
    }
    return render(request, "insight/method.html", context)


@require_safe
@cache_control(public=True, max_age=DATA_AGE_S)
@conditional_page
def data_csv(request: HttpRequest, written: str) -> HttpResponseBase:
    """All figures of a quarter as CSV, a row a figure."""
    del request
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")  # RFC 4180
    writer.writeheader()
    writer.writerows(_rows(_found(written)))
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="one-door-{written}.csv"'
    return _licensed(answer)


@require_safe
@cache_control(public=True, max_age=DATA_AGE_S)
@conditional_page
def data_json(request: HttpRequest, written: str) -> HttpResponseBase:
    """The same as JSON, with its licence and the address of its dictionary."""
    content = {
        "title": "One-Door Service Centres of Lao PDR: applications and complaints",
        "period": written,
        "licence": {"id": LICENCE, "url": LICENCE_URL},
        "dictionary": request.build_absolute_uri(reverse("insight_open:method")),
        "suppressed_below": LEAST,
        "figures": list(_rows(_found(written))),
    }
    return _licensed(JsonResponse(content, json_dumps_params={"ensure_ascii": False}))


def _licensed(answer: HttpResponse) -> HttpResponse:
    answer.headers["Link"] = f'<{LICENCE_URL}>; rel="license"'
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _found(written: str) -> OpenFigures:
    """The figures of a quarter that is over; another does not exist."""
    now = timezone.now()
    chosen = period.find(written)
    if chosen is None or chosen not in quarters(now):
        raise Http404
    return OpenFigures(Country(Office.objects.all()), chosen, now)


def _rows(found: OpenFigures) -> Iterable[dict[str, object]]:
    names = ServiceNames()
    for province, service, measure, told in found.everything():
        yield {
            "period": str(found.period),
            "area": NATION if province == ALL else province,
            "area_name_lo": _area_name(province, "lo"),
            "area_name_en": _area_name(province, "en"),
            "service": "all" if service == ALL else service,
            "service_name_lo": _service_name(service, names, "lo"),
            "service_name_en": _service_name(service, names, "en"),
            "measure": measure.value,
            "unit": UNITS[measure],
            "value": told.value,
            "of": told.of,
            "state": told.state.value,
        }


def _chosen(request: HttpRequest, over: list[Period]) -> Period | None:
    """The quarter that is asked for; the newest by default."""
    asked = period.find(request.GET.get("period", ""))
    if asked is not None and asked in over:
        return asked
    return over[0] if over else None


def _services(found: OpenFigures, province: str, names: ServiceNames) -> Table:
    shown = (Measure.RECEIVED, Measure.ON_TIME, Measure.DAYS)
    rows = _rows_of(found, province, names, shown)
    columns = (_("Applications"), _("On time"), _("Half decided within"))
    return Table("services", _("Services"), _("Service"), columns, rows)


def _complaints(found: OpenFigures, province: str, names: ServiceNames) -> Table:
    shown = (Measure.COMPLAINTS, Measure.COMPLAINTS_ON_TIME, Measure.COMPLAINTS_REOPENED)
    rows = _rows_of(found, province, names, shown)
    columns = (_("Complaints"), _("Answered in time"), _("Reopened"))
    return Table("complaints", _("Complaints"), _("Service"), columns, rows)


def _rows_of(
    found: OpenFigures, province: str, names: ServiceNames, measures: tuple[Measure, ...]
) -> tuple[Row, ...]:
    rows = [
        Row(
            names.name(service),
            tuple(_figure(one, found.told(one, province, service)) for one in measures),
        )
        for service in found.services
        if found.told(measures[0], province, service).value != 0
    ]
    rows.sort(key=lambda row: row.name)
    if rows:
        together = tuple(_figure(one, found.told(one, province)) for one in measures)
        rows.append(Row(_("All services"), together))
    return tuple(rows)


def _provinces(found: OpenFigures, chosen: Period) -> Table:
    measures = (Measure.RECEIVED, Measure.ON_TIME, Measure.DAYS, Measure.COMPLAINTS)
    rows = tuple(
        Row(
            _area_name(province),
            tuple(_figure(one, found.told(one, province)) for one in measures),
            _address(chosen, province),
        )
        for province in found.provinces
    )
    columns = (_("Applications"), _("On time"), _("Half decided within"), _("Complaints"))
    return Table("provinces", _("By province"), _("Place"), columns, rows)


def _figure(measure: Measure, told: Told) -> Figure:
    if told.state is State.SUPPRESSED:
        return Figure(why=_("kept back"))
    if told.value is None:
        return figures.none_yet()
    if UNITS[measure] == "percent":
        return Figure(f"{told.value} %", figures.decimal(told.of or 0), value=told.value)
    if measure is Measure.DAYS:
        return figures.days(told.value)
    return figures.number(told.value)


def _area_name(province: str, language: str = "") -> str:
    language = language or reader_language()
    special = {ALL: _NATION_NAMES, ELSEWHERE: _ELSEWHERE_NAMES}.get(province)
    return special[language] if special else place_name(province, language)


def _service_name(service: str, names: ServiceNames, language: str) -> str:
    special = {ALL: _ALL_NAMES, "": _NO_SERVICE_NAMES}.get(service)
    return special[language] if special else names.name(service, language)


def _address(chosen: Period, province: str) -> str:
    query = {"period": str(chosen)} | ({} if province == ALL else {"at": province})
    return f"{reverse('insight_open:statistics')}?{urlencode(query)}"


def _dictionary() -> list[tuple[str, str, str]]:
    """Each measure of the open data: its name, its unit, what it means."""
    words = {
        Measure.RECEIVED: _("Applications that came to the server in the quarter."),
        Measure.ON_TIME: _(
            "Of the applications whose promised day passed in the quarter: how many were approved "
            "or rejected by that day."
        ),
        Measure.DAYS: _(
            "Calendar days from the day on the receipt to the decision, of those decided in the "
            "quarter: half took no longer."
        ),
        Measure.COMPLAINTS: _("Complaints that came to the server in the quarter."),
        Measure.COMPLAINTS_ON_TIME: _(
            "Of the complaints of the quarter that are answered or late: how many were answered by "
            "the promised day."
        ),
        Measure.COMPLAINTS_REOPENED: _(
            "Of the complaints of the quarter that are answered: how many were opened again."
        ),
    }
    return [(measure.value, UNITS[measure], words[measure]) for measure in Measure]


def _columns() -> list[tuple[str, str]]:
    """Each column of the open data and what it holds."""
    return [
        ("period", _("The quarter, such as 2026-Q3.")),
        ("area", _("LA for the whole country, else the P-code of the province.")),
        ("area_name_lo, area_name_en", _("Its name in Lao and in English.")),
        ("service", _("The id of the service; all: all services together.")),
        ("service_name_lo, service_name_en", _("Its name in Lao and in English.")),
        ("measure", _("What is measured, see above.")),
        ("unit", _("What the value counts.")),
        ("value", _("The figure, a whole number; empty where it is not shown.")),
        ("of", _("How many cases the figure stands for.")),
        ("state", _("shown, suppressed (kept back) or none (there is nothing to count).")),
    ]
