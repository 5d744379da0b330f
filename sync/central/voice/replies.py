"""What she who complained says to the answer: kept beside the complaint, or it is opened again.

Only her paper and central can make the proof that a reply carries. One that does not hold is set
aside like anything else that cannot be read; one that comes late, or twice, changes nothing.
"""

import hmac
from collections.abc import Sequence
from datetime import date, datetime

from sync.central.casework.due_dates import due_day
from sync.central.casework.events import Step, append
from sync.central.casework.models import Case
from sync.central.casework.sealed import secret_of
from sync.central.casework.service_words import find_descriptor
from sync.central.intake.models import StoredEnvelope
from sync.central.voice.intake import opened
from sync.central.voice.models import Complaint
from sync.envelope import reply_proof
from sync.errors import BadRecord
from sync.records import Status, TimeQuality
from sync.reply import Reply, Verdict


def receive(stored: Sequence[StoredEnvelope]) -> None:
    """Note each reply; called inside the devices' transaction."""
    for envelope in stored:
        _take(Reply.from_record(opened(envelope)), envelope.received_at)


def _take(reply: Reply, now: datetime) -> None:
    complaint = Complaint.objects.select_related("case__office").filter(
        case__application=reply.complaint
    )
    found = complaint.first()
    if found is None:
        raise BadRecord("The complaint that this replies to is not here.")
    case = found.case
    if not hmac.compare_digest(reply_proof(secret_of(case)), reply.proof):
        raise BadRecord("This reply does not come from who complained.")
    answers = case.events.filter(number=reply.answer, status=Status.ANSWERED.value)
    if not answers.exists() or found.verdict_on >= reply.answer:
        return
    found.verdict, found.verdict_on = reply.verdict.value, reply.answer
    if reply.verdict is Verdict.AGAIN and case.last_number == reply.answer:
        append(case, Step(Status.REOPENED, None, now, due_on=_due(case, now)), reply.answer)
        found.reopened += 1
    found.save(update_fields=["verdict", "verdict_on", "reopened"])


def _due(case: Case, now: datetime) -> date | None:
    """A new promise, counted from now."""
    descriptor = find_descriptor(case)
    days = descriptor.processing_days if descriptor else None
    return due_day(now, TimeQuality.TRUSTED, now, days, case.office.closed_days)
