"""The audit of a case: a chain of hashes over its events, which a changed row breaks.

Each event's hash covers what happened, who did it, when, and the hash of the event before it.
Whoever alters or removes a row must alter every later one, and the last event's hash is shown on
the case page.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC
from itertools import groupby
from operator import attrgetter
from typing import Final

import cbor2

from sync.central.casework.models import Case, CaseEvent
from sync.sentence import Sentence

BEGINNING: Final = bytes(32)  # stands before the first event
_PERSON = b"case-event"


def event_hash(application: str, event: CaseEvent) -> bytes:
    """The hash of an event of an application."""
    facts = [
        application,
        event.number,
        event.status,
        event.officer_id,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.reason,
        event.legal_basis,
        None if event.words is None else bytes(event.words),
        bytes(event.previous_hash),
    ]
    if event.step:  # what was never handed over keeps the hash of the first release
        facts.append(["step", event.step, event.to_office_id])
    if event.asked is not None:  # events of the first release had none, and keep their hashes
        facts.append(bytes(event.asked))
    if event.note or event.second_id is not None:  # one signatory decided until now
        facts.append(["signed", event.note, event.second_id])
    if event.due_on is not None:  # nor were new promises written down with events
        facts.append(["due", event.due_on.isoformat()])
    return hashlib.blake2b(
        cbor2.dumps(facts, canonical=True), digest_size=32, person=_PERSON
    ).digest()


def broken() -> Iterator[str]:
    """A sentence for each case of which an event, or what they come to, is not what was written."""
    events = CaseEvent.objects.order_by("case", "number").select_related("case")
    for case, of_case in groupby(events.iterator(), attrgetter("case")):
        number, last = _walk(case, of_case)
        if number is not None:
            yield Sentence(
                "Case %(case)s: event %(number)d is not what was written.",
                case=case.reference,
                number=number,
            )
        elif last is not None and last.status != case.status:
            yield Sentence(
                "Case %(case)s: its status is not the one of its last event.", case=case.reference
            )
    for case in Case.everything.filter(events=None):
        yield Sentence("Case %(case)s: event 1 is missing.", case=case.reference)


def first_broken(case: Case) -> int | None:
    """The number of the first event that is not what was written; None when all hold."""
    return _walk(case, case.events.order_by("number"))[0]


def _walk(case: Case, events: Iterable[CaseEvent]) -> tuple[int | None, CaseEvent | None]:
    """The number of the first event that is not what was written, and the last one seen."""
    previous, number = BEGINNING, 0
    event = None
    for number, event in enumerate(events, 1):
        whole = event_hash(case.application, event) == bytes(event.hash)
        if event.number != number or bytes(event.previous_hash) != previous or not whole:
            return number, event
        previous = bytes(event.hash)
    return (None if number == case.last_number else number + 1), event
