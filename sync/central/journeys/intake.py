"""What a kiosk has counted of journeys, just stored: the numbers are taken over, and nothing else.

A kiosk may be stolen or lie. So only questions that the published form asks are taken, numbers have
a limit, nothing happens to more people than came by, and a day that cannot be is the day it came.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sync.central.casework.due_dates import vientiane_day
from sync.central.casework.models import Office
from sync.central.catalogue.models import PublishedService
from sync.central.intake.models import StoredEnvelope
from sync.central.journeys.models import Journey
from sync.central.journeys.places import paths_of
from sync.central.voice.intake import opened
from sync.journey import NUMBERS, QUESTIONS_MAX, Steps

JOURNEYS_MAX = 400  # of one envelope: a month of a kiosk with a dozen services
COUNT_MAX = 2_000  # in a day: more people than one kiosk sees
OLDEST_DAYS = 400  # that a kiosk was without a line
NAME_LENGTH_MAX = 120
_LANGUAGE = re.compile(r"[a-z]{2,8}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def receive(stored: Sequence[StoredEnvelope]) -> None:
    """Keep what each envelope counts; called inside the devices' transaction."""
    Journey.objects.bulk_create(
        journey
        for envelope in stored
        for journey in journeys_of(
            opened(envelope), envelope.office, vientiane_day(envelope.received_at)
        )
    )


def journeys_of(record: Mapping[str, Any], office: Office, came_on: date) -> Iterator[Journey]:
    """The journeys in a record; what is none is left out."""
    told = record.get("journeys")
    said = [one for one in told if isinstance(one, Mapping)] if isinstance(told, list) else []
    said = said[:JOURNEYS_MAX]
    services = {_edition(one)[0] for one in said}
    editions = PublishedService.objects.filter(service__in=services)
    published = set(editions.values_list("service", "version"))
    questions_left = QUESTIONS_MAX
    for one in said:
        begun = _count(one.get("begun"))
        if begun and _edition(one) in published:
            journey = _journey(one, begun, office, came_on, questions_left)
            questions_left -= len(journey.questions)
            yield journey


def _journey(
    one: Mapping[str, Any], begun: int, office: Office, came_on: date, questions_max: int
) -> Journey:
    service, version = _edition(one)
    known = paths_of(service, version)
    handed_in = min(begun, _count(one.get("handed_in")))
    language = one.get("language")
    return Journey(
        office=office,
        day=_day(one.get("day"), came_on),
        service=service,
        version=version,
        language=language if isinstance(language, str) and _LANGUAGE.fullmatch(language) else "",
        begun=begun,
        handed_in=handed_in,
        set_aside=min(begun - handed_in, _count(one.get("set_aside"))),
        questions=dict(_questions(one.get("questions"), known, begun, questions_max)),
    )


def _questions(
    told: object, known: frozenset[str], begun: int, most: int
) -> Iterator[tuple[str, list[int]]]:
    if not isinstance(told, Mapping):
        return
    for path, numbers in list(told.items())[:most]:
        if path in known and isinstance(numbers, list) and len(numbers) == NUMBERS:
            steps = Steps.of_numbers(map(_count, numbers))
            shown = min(steps.shown, begun)
            bounded = Steps(
                shown,
                min(steps.wrong, shown),
                min(steps.left, shown),
                tuple(min(seconds, shown) for seconds in steps.seconds),
            )
            yield path, list(bounded.numbers())


def _count(value: object) -> int:
    """A number of people; none where it is no such number."""
    return min(max(value, 0), COUNT_MAX) if type(value) is int else 0


def _edition(one: Mapping[str, Any]) -> tuple[str, str]:
    """Service and version, as far as they are names."""
    service, version = (
        value if isinstance(value, str) and len(value) <= NAME_LENGTH_MAX else ""
        for value in (one.get("service"), one.get("version"))
    )
    return service, version


def _day(value: object, came_on: date) -> date:
    """The day that the kiosk says, where that can be; else the day it came."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return came_on
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return came_on
    return day if came_on - timedelta(days=OLDEST_DAYS) <= day <= came_on else came_on
