"""The page with the balanced view: one part of the country, one period, all figures."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sync.central.casework.due_dates import vientiane_day
from sync.central.insight import chart, opinions, period, tables
from sync.central.insight.access import Viewer, for_viewers
from sync.central.insight.balance import Balance
from sync.central.insight.carriage import Road, roads
from sync.central.insight.names import ServiceNames
from sync.central.insight.period import Period, Span
from sync.central.insight.places import NATION, Country
from sync.central.insight.table import Row, Table


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another look at the figures; without address: where one is."""

    words: str
    href: str = ""


@require_safe
@for_viewers
def balance(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The balanced view."""
    now = timezone.now()
    today = vientiane_day(now)
    area = viewer.area(request.GET.get("at", ""))
    chosen = chosen_period(request, today)
    names = ServiceNames()
    found = Balance(viewer.country, area.code, chosen, now)
    services = tables.named_services(found, names)
    everything = found.of_part(area.code)
    kiosks = roads(chosen, area.offices, now)
    summary = tables.balanced(services)
    context = {
        "officer": viewer.officer,
        "area": viewer.country.name(area.code),
        "above": _above(viewer, area.code, chosen),
        "time": chosen.in_words(),
        "times": times("insight:balance", chosen, today, at=area.code),
        "is_running": not chosen.is_over(today),
        "ranking": _address("insight:ranking", at=area.code, period=str(chosen)),
        "alarm": _alarm(kiosks),
        "sample": any(names.is_sample(service) for service in found.services),
        "chart": draw(summary),
        "undrawn": [row for row in summary.rows if any(cell.is_missing for cell in row.figures)],
        "summary": summary,
        "tables": [
            table
            for table in (
                _parts(viewer.country, area.code, found, chosen),
                tables.of_work(services),
                tables.waiting(services, today),
                tables.what_people_say(services),
                tables.by_group(*opinions.by_group(chosen, found.offices)),
                tables.complaints([*services, (_("All services"), everything)]),
                tables.returns(everything.work, names),
                tables.channels(everything.work),
                tables.kiosks(kiosks, today),
                tables.not_measured(),
            )
            if table.rows
        ],
    }
    return render(request, "insight/balance.html", context)


def draw(summary: Table) -> chart.Chart:
    """The picture of what the table beside it says."""
    return chart.draw(point for row in summary.rows for point in _points(row))


def _points(row: Row) -> list[chart.Point]:
    kept, content = (figure.value for figure in row.figures)
    if row.number is None or kept is None or content is None:
        return []
    return [chart.Point(row.number, kept, content)]


def chosen_period(request: HttpRequest, today: date) -> Period:
    """The period that is asked for; the running quarter by default."""
    asked = period.find(request.GET.get("period", ""))
    return asked or period.around(Span.QUARTER, today)


def times(page: str, chosen: Period, today: date, **more: str) -> list[Link]:
    """The other periods: month, quarter, year, the one before and the one after."""
    spans = {Span.MONTH: _("Month"), Span.QUARTER: _("Quarter"), Span.YEAR: _("Year")}
    day = min(chosen.last, max(today, chosen.first))  # the newest day of it that has come
    links = [
        Link(
            words,
            ""
            if span is chosen.span
            else _address(page, period=str(period.around(span, day)), **more),
        )
        for span, words in spans.items()
    ]
    before, after = chosen.previous(), chosen.next()
    links.append(Link(f"← {before.in_words()}", _address(page, period=str(before), **more)))
    if after.first <= today:
        links.append(Link(f"{after.in_words()} →", _address(page, period=str(after), **more)))
    return links


def _above(viewer: Viewer, code: str, chosen: Period) -> list[Link]:
    """The larger parts that are hers to see."""
    return [
        Link(viewer.country.name(above), _address("insight:balance", at=above, period=str(chosen)))
        for above in viewer.country.way_to(code)
        if above != code and viewer.may_see(above)
    ]


def _parts(country: Country, code: str, found: Balance, chosen: Period) -> Table:
    named = [
        (
            country.name(part),
            _address("insight:balance", at=part, period=str(chosen)),
            found.of_part(part),
        )
        for part in country.parts(code)
    ]
    return tables.parts(named, _heading(country, code))


def _heading(country: Country, code: str) -> str:
    depth = len(country.way_to(code))
    if code == NATION:
        return _("By province")
    return _("By district") if depth == len((NATION, "province")) else _("By office")


def _alarm(kiosks: list[Road]) -> str:
    """What is lost; empty where the books of all kiosks agree."""
    losing = [road for road in kiosks if road.loss]
    if not losing:
        return ""
    words = ngettext(
        "The books of %(count)s kiosk do not agree with this server's: difference %(loss)s. "
        "Tell the person who manages the server at once.",
        "The books of %(count)s kiosks do not agree with this server's: difference %(loss)s. "
        "Tell the person who manages the server at once.",
        len(losing),
    )
    return words % {"count": len(losing), "loss": sum(abs(road.loss or 0) for road in losing)}


def _address(page: str, **query: str) -> str:
    return f"{reverse(page)}?{urlencode(query)}"
