"""What casework does with applications that have just been stored: a case each, due from now on.

Called by the devices' side inside its transaction, many at once: the application, its case and
the news that central has it are one commit.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sync.central.casework.corrections import settle, settle_late
from sync.central.casework.due_dates import due_day
from sync.central.casework.events import Step, append, begin
from sync.central.casework.models import Case, Officer
from sync.central.casework.workflow import Offices, put_at
from sync.central.catalogue import shelf
from sync.central.intake.models import StoredEnvelope
from sync.records import Status

_OF_ITS_ENVELOPE = (
    "reference",
    "service_version",
    "office",
    "kiosk",
    "channel",
    "assisted_by",
    "recorded_at",
    "recorded_quality",
    "received_at",
    "due_on",
    "promised_on",
    "step",
    "heard_at",
    "step_due_on",
)  # of a case: what it takes from its envelope and its service


def receive(stored: Sequence[StoredEnvelope]) -> None:
    """Open a case for each application, and tell the kiosks of its office."""
    offices = Offices()
    cases = [_at_its_first_step(case_of(envelope), envelope, offices) for envelope in stored]
    settle(cases)
    begin(cases)
    settle_late(cases)


def begin_again(case: Case, stored: StoredEnvelope, officer: Officer, now: datetime) -> None:
    """Let a case that nobody decided start again with another version of its application."""
    fresh = _at_its_first_step(case_of(stored), stored, Offices())
    changed = {name: getattr(fresh, name) for name in _OF_ITS_ENVELOPE}
    Case.objects.filter(pk=case.pk).update(taken_up_by=None, **changed)
    case.refresh_from_db()
    append(case, Step(Status.RECEIVED, officer, now), case.last_number)


def case_of(stored: StoredEnvelope) -> Case:
    """The case that an envelope opens where it was handed in, not yet written."""
    header = stored.parsed
    recorded_at = _moment(header.recorded.at_ms) or stored.received_at
    service = shelf.find(stored.service, stored.service_version).descriptor
    due_on = due_day(
        recorded_at,
        header.recorded.quality,
        stored.received_at,
        service.processing_days,
        stored.office.closed_days,
    )
    return Case(
        application=stored.application,
        reference=stored.reference,
        service=stored.service,
        service_version=stored.service_version,
        office=stored.office,
        kiosk=stored.device_id,
        channel=header.channel.value,
        assisted_by=header.assisted_by,
        recorded_at=recorded_at,
        recorded_quality=header.recorded.quality.value,
        received_at=stored.received_at,
        due_on=due_on,
        promised_on=due_on,
        claims=header.replaces or "",
        status=Status.RECEIVED.value,
        last_number=1,
        changed_at=stored.received_at,
    )


def _at_its_first_step(case: Case, stored: StoredEnvelope, offices: Offices) -> Case:
    """The case at the office that does the first step of its service's workflow."""
    first = shelf.find(stored.service, stored.service_version).descriptor.workflow[0]
    put_at(case, first, stored.office, offices)
    return case


def _moment(at_ms: int) -> datetime | None:
    """The moment of a kiosk's stamp; None where its clock left the calendar."""
    try:
        return datetime.fromtimestamp(at_ms / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None
