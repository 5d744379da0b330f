"""The tables of the balanced view: what is counted turned into rows of figures and words."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kiosk.forms.voice import OVERALL, QUESTIONS_ASKED
from sync.central.casework.case_page import CHANNEL_WORDS
from sync.central.casework.dates import day_in_words
from sync.central.casework.due_dates import vientiane_day
from sync.central.insight import figures
from sync.central.insight.balance import Balance, Measured
from sync.central.insight.carriage import Road, all_minutes, loss
from sync.central.insight.figures import Figure
from sync.central.insight.heard import Service
from sync.central.insight.names import ServiceNames
from sync.central.insight.opinions import Marks
from sync.central.insight.spread import MEDIAN, MOST, NEARLY_ALL, percentile
from sync.central.insight.suppression import TOTAL, hidden
from sync.central.insight.table import Row, Table
from sync.central.insight.work import AGEING, AGES, FRESH, OLD, Work
from sync.central.voice.counts import LEAST
from sync.central.voice.opinions_page import QUESTIONS

AGE_WORDS: Final = {
    FRESH: gettext_lazy("0 to 7 days"),
    AGEING: gettext_lazy("8 to 30 days"),
    OLD: gettext_lazy("More than 30 days"),
}
LANGUAGE_WORDS: Final = {"lo": "ລາວ", "en": "English", "hmn": "Hmoob", "kjg": "ກຶມຫມຸ"}
KIOSKS_MAX: Final = 100  # listed one by one; more are only summed up

Named = tuple[str, Measured]  # a service's or a part's name


def on_time(measured: Measured) -> Figure:
    """The share of promised days that were kept."""
    return figures.share(measured.work.kept, measured.work.promised)


def opinion(measured: Measured, question: str = OVERALL) -> Figure:
    """The share of good answers to a question."""
    return _opinion(measured.marks, question, is_hidden=question in measured.hidden_questions)


def _opinion(marks: Marks, question: str, *, is_hidden: bool) -> Figure:
    given = marks.given[question]
    is_few = 0 < given < LEAST
    return figures.share(marks.good[question], given, is_hidden=is_hidden or is_few)


def balanced(services: Iterable[Named]) -> Table:
    """The table beside the picture."""
    return Table(
        "balance",
        _("On time and satisfied"),
        _("Service"),
        (_("On time"), _("Satisfied")),
        tuple(
            Row(name, (on_time(of), opinion(of)), number=number)
            for number, (name, of) in enumerate(services, 1)
        ),
        is_numbered=True,
    )


def parts(named: Iterable[tuple[str, str, Measured]], heading: str) -> Table:
    """What the part that is looked at is divided into; a name leads there."""
    rows = []
    for name, href, of in named:
        waiting, old = of.work.waiting.total(), of.work.waiting[OLD]
        shown = (
            on_time(of),
            opinion(of),
            first_right(of.work),
            figures.number(of.work.received),
            figures.number(waiting),
            figures.number(old),
        )
        rows.append(Row(name, shown, href))
    columns = (
        _("On time"),
        _("Satisfied"),
        _("Right at the first time"),
        _("Came in"),
        _("Wait now"),
        _("Of these more than 30 days"),
    )
    return Table("parts", heading, _("Place"), columns, tuple(rows))


def first_right(work: Work) -> Figure:
    """The share that was approved without being returned."""
    return figures.share(work.first_right, work.first_answered)


def of_work(services: Iterable[Named]) -> Table:
    """How the work goes, service by service."""
    rows = (
        Row(
            name,
            (
                figures.number(of.work.received),
                figures.number(of.work.decided),
                first_right(of.work),
                figures.days(percentile(of.work.days, MEDIAN)),
                figures.days(percentile(of.work.days, MOST)),
            ),
        )
        for name, of in services
    )
    columns = (
        _("Came in"),
        _("Decided"),
        _("Right at the first time"),
        _("Half decided within"),
        _("9 of 10 decided within"),
    )
    note = _("Calendar days from the day on the receipt. A correction counts from its own day.")
    return Table("work", _("The work"), _("Service"), columns, tuple(rows), note)


def waiting(services: Iterable[Named], today: date) -> Table:
    """What waits, and for how long."""
    rows = (
        Row(
            name,
            (
                *(figures.number(of.work.waiting[age]) for age in AGES),
                figures.number(of.work.waiting.total()),
            ),
        )
        for name, of in services
    )
    columns = (*(str(AGE_WORDS[age]) for age in AGES), _("Together"))
    note = _("Counted at the office where an application lies now, not in the chosen time.")
    heading = _("What waits on %(day)s") % {"day": day_in_words(today)}
    return Table("waiting", heading, _("Service"), columns, tuple(rows), note)


def what_people_say(services: Iterable[Named]) -> Table:
    """The five attributes and the whole, service by service."""
    rows = (
        Row(name, tuple(opinion(of, question) for question in QUESTIONS_ASKED))
        for name, of in services
    )
    columns = tuple(str(QUESTIONS[question]) for question in QUESTIONS_ASKED)
    note = _(
        "The share of good answers, as the UN counts it (SDG 16.6.2), after applying and after "
        "the decision together."
    )
    return Table("opinions", _("What people say"), _("Service"), columns, tuple(rows), note)


def by_group(channels: Mapping[str, Marks], languages: Mapping[str, Marks]) -> Table:
    """Satisfaction by channel and by language; nobody is asked for sex or age."""
    rows = (
        *_groups(channels, lambda code: str(CHANNEL_WORDS.get(code, code))),
        *_groups(languages, lambda code: LANGUAGE_WORDS.get(code, code or _("not known"))),
        Row(_("By sex and age"), (Figure(why=_("not asked: the answers carry no name")),)),
    )
    return Table(
        "groups", _("Satisfied, by channel and language"), _("Group"), (_("Satisfied"),), rows
    )


def _groups(groups: Mapping[str, Marks], words: Callable[[str], str]) -> list[Row]:
    """A hidden group cannot be worked out from the others either."""
    given = {(TOTAL + TOTAL, code): marks.given[OVERALL] for code, marks in groups.items()}
    kept_back = {column for _row, column in hidden(given)}
    return [
        Row(words(code), (_opinion(marks, OVERALL, is_hidden=code in kept_back),))
        for code, marks in groups.items()
    ]


def complaints(named: Iterable[Named]) -> Table:
    """How complaints are dealt with."""
    rows = []
    for name, of in named:
        its, is_hidden = of.grievances, of.complaints_hidden or 0 < of.grievances.lodged < LEAST
        pairs = (
            (its.on_time, its.due),
            (its.reopened, its.answered),
            (its.satisfied, its.judged),
        )
        shown = (
            figures.share(count, total, is_hidden=is_hidden or 0 < total < LEAST)
            for count, total in pairs
        )
        rows.append(Row(name, (figures.number(its.lodged, is_hidden=is_hidden), *shown)))
    columns = (_("Complaints"), _("Answered in time"), _("Reopened"), _("Satisfied"))
    note = _("By the service that they are about; in time also counts what is late and unanswered.")
    heading = _("How complaints are answered")
    return Table("complaints", heading, _("Service"), columns, tuple(rows), note)


def returns(work: Work, names: ServiceNames) -> Table:
    """Why applications were returned, the most frequent reason first."""
    rows = (
        Row(
            f"{names.reason(service, code)} · {names.name(service)}",
            (figures.number(count), figures.share(count, work.returned)),
        )
        for (service, code), count in work.reasons.most_common()
    )
    columns = (_("Returned"), _("Share"))
    return Table("returns", _("Why applications were returned"), _("Reason"), columns, tuple(rows))


def channels(work: Work) -> Table:
    """By which way applications came, and how many with help."""
    rows = [
        Row(
            str(CHANNEL_WORDS.get(code, code)),
            (figures.number(count), figures.share(count, work.received)),
        )
        for code, count in work.channels.most_common()
    ]
    assisted = figures.number(work.assisted) if work.received else figures.none_yet()
    share = figures.share(work.assisted, work.received)
    rows.append(Row(_("With a clerk's help"), (assisted, share)))
    columns = (_("Came in"), _("Share"))
    return Table("channels", _("How they came in"), _("Channel"), columns, tuple(rows))


def kiosks(roads: Sequence[Road], today: date) -> Table:
    """How long applications were on the road, and what kiosks still hold."""
    together = all_minutes(roads)
    lost = loss(roads)
    rows = [
        Row(
            _("All kiosks here"),
            (
                *_lag(together),
                _in_service([road.service for road in roads]),
                _held(roads),
                figures.number(lost) if lost is not None else figures.not_told(),
            ),
        )
    ]
    if len(roads) <= KIOSKS_MAX:
        rows += [_kiosk(road, today) for road in roads]
    columns = (
        _("Half were here after"),
        _("95 of 100 were here after"),
        _("In service"),
        _("Waits at the kiosk"),
        _("Lost"),
    )
    note = _(
        "From the receipt to this server, where the kiosk's clock was right. What waits is as each "
        "kiosk said last; the oldest of it is at most as old as what came last. In service: in how "
        "many opening hours of its office a kiosk was heard."
    )
    heading = _("From the kiosks to here")
    return Table("kiosks", heading, _("Kiosk"), columns, tuple(rows), note)


def _kiosk(road: Road, today: date) -> Row:
    name = f"{road.kiosk.kiosk_number} · {road.kiosk.name}"
    lost = road.loss
    return Row(
        name,
        (
            *_lag(road.minutes),
            _in_service([road.service]),
            _waits(road, today),
            figures.not_told() if lost is None else figures.number(lost),
        ),
    )


def _lag(minutes: Counter[int]) -> tuple[Figure, Figure]:
    half, most = percentile(minutes, MEDIAN), percentile(minutes, NEARLY_ALL)
    of = figures.decimal(minutes.total())
    return _of(figures.duration(half), of), _of(figures.duration(most), of)


def _of(figure: Figure, of: str) -> Figure:
    return figure if figure.is_missing else Figure(figure.words, of, value=figure.value)


def _in_service(services: Sequence[Service]) -> Figure:
    heard, opened = (sum(one.heard for one in services), sum(one.open for one in services))
    return figures.share(heard, opened)


def _held(roads: Sequence[Road]) -> Figure:
    said = [road.waiting for road in roads if road.waiting is not None]
    return figures.number(sum(said)) if said else figures.not_told()


def _waits(road: Road, today: date) -> Figure:
    if road.waiting is None:
        return figures.not_told()
    if not road.waiting:
        return figures.number(0)
    age = max(0, (today - vientiane_day(road.waits_since)).days)
    words = _("%(number)s, the oldest at most %(days)s") % {
        "number": figures.decimal(road.waiting),
        "days": figures.days(age).words,
    }
    return Figure(words, value=road.waiting)


def not_measured() -> Table:
    """What the view does not have yet, so that nobody takes it for nothing."""
    why = Figure(why=_("kiosks do not report it yet"))
    rows = (Row(_("At which question people stop"), (why,)),)
    heading = _("Not measured yet")
    return Table("missing", heading, _("Measure"), (_("Figure"),), rows)


def named_services(balance: Balance, names: ServiceNames) -> list[Named]:
    """The services of a part, by name."""
    named = [(names.name(service), balance.of_service(service)) for service in balance.services]
    return sorted(named, key=lambda one: one[0])
