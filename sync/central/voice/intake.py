"""What voice does with feedback that has just been stored: open it, keep the marks only.

The body is `{"answers": {question: 1 to 4}, "language": "lo", "moment": "after-decision",
"office": <the office that decided>}` with the questions of SDG indicator 16.6.2 and `overall`.
Whatever else stands in it, words among it, is not taken over.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from kiosk.forms.descriptor import ServiceKind
from kiosk.forms.voice import AFTER_DECISION, AFTER_SERVICE
from sync.central.casework.due_dates import vientiane_day
from sync.central.casework.models import Office
from sync.central.catalogue import shelf
from sync.central.intake.models import StoredEnvelope
from sync.central.keys import central_keys
from sync.central.voice.models import Feedback
from sync.envelope import open_answers, open_secret
from sync.errors import CannotOpen
from sync.records import Envelope, Header, Kind

WORST, BEST = 1, 4  # a scale without a middle
MARKS_MAX = 12
_QUESTION = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,8}", re.ASCII)


def is_complaint(stored: StoredEnvelope) -> bool:
    """Whether it complains; an older kiosk files that form as an application."""
    if stored.kind == Kind.COMPLAINT.value:
        return True
    if stored.kind != Kind.APPLICATION.value:
        return False
    descriptor = shelf.find(stored.service, stored.service_version).descriptor
    return descriptor.kind is ServiceKind.COMPLAINT


def is_application(stored: StoredEnvelope) -> bool:
    """Whether it is an application, which its office decides."""
    return stored.kind == Kind.APPLICATION.value and not is_complaint(stored)


def receive(stored: Sequence[StoredEnvelope]) -> None:
    """Count the marks of each feedback; called inside the devices' transaction."""
    Feedback.objects.bulk_create([_feedback(envelope) for envelope in stored])


def marks_of(record: Mapping[str, Any]) -> dict[str, int]:
    """The marks in a feedback's record; what is none is left out."""
    marks = record.get("answers")
    if not isinstance(marks, Mapping):
        return {}
    return {
        question: mark
        for question, mark in list(marks.items())[:MARKS_MAX]
        if isinstance(question, str)
        and _QUESTION.fullmatch(question)
        and type(mark) is int
        and WORST <= mark <= BEST
    }


def _feedback(stored: StoredEnvelope) -> Feedback:
    header = Header.from_bytes(bytes(stored.header))
    record = opened(stored)
    language = str(record.get("language", ""))
    decided = record.get("moment") == AFTER_DECISION
    return Feedback(
        office=_office(record, stored),
        service=stored.service,
        channel=header.channel.value,
        language=language if _LANGUAGE.fullmatch(language) else "",
        day=vientiane_day(stored.received_at),
        moment=AFTER_DECISION if decided else AFTER_SERVICE,
        marks=marks_of(record),
    )


def _office(record: Mapping[str, Any], stored: StoredEnvelope) -> Office:
    """The office that decided; the one of the kiosk, where none is named or known."""
    named = record.get("office")
    found = Office.objects.filter(pk=named).first() if isinstance(named, str) else None
    return found or stored.office


def opened(stored: StoredEnvelope) -> dict[str, Any]:
    """What was sealed into an envelope of this kind; raises CannotOpen."""
    header = Header.from_bytes(bytes(stored.header))
    private_key = central_keys().opening.get(header.central_key)
    if private_key is None:
        raise CannotOpen("This was sealed to a key that is not here.")
    envelope = Envelope(bytes(stored.header), bytes(stored.body), bytes(stored.sealed_secret))
    secret = open_secret(envelope.sealed_secret, bytes(private_key))
    return open_answers(envelope, secret, _dictionary(stored))


def _dictionary(stored: StoredEnvelope) -> bytes | None:
    """The dictionary of the service that the feedback is about; none when it is about none."""
    try:
        return shelf.find(stored.service, stored.service_version).dictionary
    except shelf.NotPublished:
        return None
