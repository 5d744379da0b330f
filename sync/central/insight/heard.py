"""How long kiosks are in service: in how many opening hours they were heard (MET-06).

A kiosk calls by itself every few minutes while it runs and has a line. Each hour in which it did is
noted once, so an idle kiosk costs one small write an hour. A stick tells no hour: what it brings is
noted for the hour in which it is handed in.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import F, Min

from sync.central.casework.dates import WEEKDAYS
from sync.central.casework.due_dates import VIENTIANE
from sync.central.casework.models import Office
from sync.central.insight.models import HeardDay
from sync.central.insight.period import Period
from sync.central.intake.models import Device

HOUR: Final = timedelta(hours=1)
_RULE = re.compile(r"([A-Z][a-z](?:[-,][A-Z][a-z])*) ([0-9:,-]+)", re.ASCII)
_INTERVAL = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Service:
    """In how many hours a kiosk was heard, of how many in which its office was open."""

    heard: int = 0
    open: int = 0


def note(kiosk: str, before: datetime | None, now: datetime) -> None:
    """Note that a kiosk is heard; nothing to do where it was already heard in this hour."""
    here = now.astimezone(VIENTIANE)
    if before is not None and before.astimezone(VIENTIANE).replace(
        minute=0, second=0, microsecond=0
    ) == here.replace(minute=0, second=0, microsecond=0):
        return
    day, bit = here.date(), 1 << here.hour
    HeardDay.objects.bulk_create(
        [HeardDay(kiosk_id=kiosk, day=day, hours=0)], ignore_conflicts=True
    )
    HeardDay.objects.filter(kiosk=kiosk, day=day).update(hours=F("hours").bitor(bit))


def in_service(kiosks: Collection[Device], period: Period, now: datetime) -> Mapping[str, Service]:
    """Of each kiosk, for the whole hours of a period that are over, since hours are noted."""
    first_noted = HeardDay.objects.aggregate(first=Min("day"))["first"]
    if first_noted is None:
        return {}
    days = HeardDay.objects.filter(
        kiosk__in=[one.pk for one in kiosks], day__gte=period.first, day__lt=period.after
    )
    heard = {(kiosk, day): hours for kiosk, day, hours in days.values_list("kiosk", "day", "hours")}
    since = max(period.begins_at, datetime.combine(first_noted, time(), VIENTIANE))
    until = min(period.ends_at, now)
    return {one.pk: _of(one, since, until, heard) for one in kiosks}


def _of(
    kiosk: Device, since: datetime, until: datetime, heard: Mapping[tuple[str, date], int]
) -> Service:
    enrolled = kiosk.enrolled_at.astimezone(VIENTIANE).replace(minute=0, second=0, microsecond=0)
    until = until if kiosk.blocked_at is None else min(until, kiosk.blocked_at)
    slots = list(open_hours(kiosk.office, max(since, enrolled), until))
    found = sum(heard.get((kiosk.pk, at.date()), 0) >> at.hour & 1 for at in slots)
    return Service(found, len(slots))


def open_hours(office: Office, since: datetime, until: datetime) -> Iterator[datetime]:
    """The beginnings of the whole hours in which an office was open."""
    hours, closed = hours_of(office.hours), office.closed_days
    day = since.astimezone(VIENTIANE).date()
    while hours and datetime.combine(day, time(), VIENTIANE) < until:
        for hour in sorted(hours.get(day.weekday(), ())) if day not in closed else ():
            at = datetime.combine(day, time(hour), VIENTIANE)
            if since <= at and at + HOUR <= until:
                yield at
        day += timedelta(days=1)


def hours_of(words: str) -> Mapping[int, frozenset[int]]:
    """The whole hours of each weekday in words such as `Mo-Fr 08:00-12:00,13:00-16:00`.

    Others than these simple ones are not read: then nothing is said of the kiosks there.
    """
    found: dict[int, frozenset[int]] = {}
    for rule in filter(None, (part.strip() for part in words.split(";"))):
        match = _RULE.fullmatch(rule)
        if match is None:
            return {}
        for weekday in _weekdays(match[1]):
            found[weekday] = _whole_hours(match[2])
    return found


def _weekdays(words: str) -> Iterator[int]:
    for part in words.split(","):
        first, _dash, last = part.partition("-")
        if first in WEEKDAYS and (last or first) in WEEKDAYS:
            yield from range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)


def _whole_hours(words: str) -> frozenset[int]:
    hours: set[int] = set()
    for match in _INTERVAL.finditer(words):
        opens, closes = int(match[1]) + (match[2] != "00"), int(match[3])
        hours.update(range(opens, closes))
    return frozenset(hours)
