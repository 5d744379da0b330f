"""The page with the ranking of centres: its method first, then who is where, then who is not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kiosk.forms.voice import OVERALL
from sync.central.casework.due_dates import vientiane_day
from sync.central.casework.workflow import FRONT
from sync.central.insight import figures, opinions, ranking, work
from sync.central.insight.access import Viewer, for_viewers
from sync.central.insight.balance_page import chosen_period, times
from sync.central.insight.figures import Figure
from sync.central.insight.names import ServiceNames
from sync.central.insight.opinions import Marks
from sync.central.insight.places import Country
from sync.central.insight.protected import Protected
from sync.central.insight.ranking import Centre, Part, Ranked
from sync.central.insight.table import Row, Table
from sync.central.insight.work import Work

SHARES = {
    "on_time": gettext_lazy("On time"),
    "satisfied": gettext_lazy("Satisfied"),
    "first_right": gettext_lazy("Right at the first time"),
}


@require_safe
@for_viewers
def rank(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The ranking of all centres; she sees those of her part of the country."""
    now = timezone.now()
    today = vientiane_day(now)
    area = viewer.area(request.GET.get("at", ""))
    chosen = chosen_period(request, today)
    counted = work.measure(chosen, now)
    ranked = ranking.rank(centres(viewer.country, counted, opinions.marks(chosen)))
    hers = [one for one in ranked if one.centre.office in area.offices]
    names = ServiceNames()
    context = {
        "officer": viewer.officer,
        "area": viewer.country.name(area.code),
        "time": chosen.in_words(),
        "times": times("insight:ranking", chosen, today, at=area.code),
        "at": area.code,
        "period": str(chosen),
        "sample": any(names.is_sample(service) for _office, service in counted),
        "weights": (
            (SHARES["on_time"], ranking.ON_TIME_WEIGHT, ranking.CASES_MIN),
            (SHARES["satisfied"], ranking.SATISFIED_WEIGHT, ranking.OPINIONS_MIN),
            (SHARES["first_right"], ranking.FIRST_RIGHT_WEIGHT, ranking.CASES_MIN),
        ),
        "number": sum(one.rank is not None for one in ranked),
        "ranked": _table(viewer.country, [one for one in hers if one.rank is not None]),
        "unranked": _without(viewer.country, [one for one in hers if one.rank is None]),
    }
    return render(request, "insight/ranking.html", context)


def centres(
    country: Country, counted: dict[work.Key, Work], marks: dict[work.Key, Marks]
) -> list[Centre]:
    """The front desks, each with what it is ranked by."""
    found = []
    given = {key: one.given[OVERALL] for key, one in marks.items()}
    protected = Protected(country, given)
    for office in country.offices.values():
        if office.role != FRONT:
            continue
        its, said = Work(), Marks()
        for (taken_in_by, _service), one in counted.items():
            if taken_in_by == office.pk:
                its.add(one)
        for (about, _service), some in marks.items():
            if about == office.pk:
                said.add(some)
        found.append(
            Centre(
                office.pk,
                Part(its.kept, its.promised),
                Part(said.good[OVERALL], said.given[OVERALL]),
                Part(its.first_right, its.first_answered),
                protected.hides(office.pk),  # tells nothing that the balanced view keeps back
            )
        )
    return found


def _table(country: Country, ranked: list[Ranked]) -> Table:
    rows = tuple(
        Row(
            country.name(one.centre.office),
            (
                figures.number(one.points or 0),
                _share(one.centre.on_time),
                _share(one.centre.satisfied),
                _share(one.centre.first_right),
            ),
            number=one.rank,
        )
        for one in ranked
    )
    columns = (_("Points of 100"), *(str(words) for words in SHARES.values()))
    heading = _("Centres with a rank")
    return Table("ranked", heading, _("Centre"), columns, rows, is_numbered=True)


def _without(country: Country, unranked: list[Ranked]) -> Table:
    rows = tuple(
        Row(country.name(one.centre.office), (Figure(why=_lacking(one.centre)),))
        for one in unranked
    )
    heading = _("Centres without a rank")
    return Table("unranked", heading, _("Centre"), (_("Too few for"),), rows)


def _lacking(centre: Centre) -> str:
    return ", ".join(str(SHARES[name]) for name in centre.lacks)


def _share(part: Part) -> Figure:
    return figures.share(part.count, part.of)
