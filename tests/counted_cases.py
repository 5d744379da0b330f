"""Cases whose figures are worked out by hand: rows as casework writes them, at chosen days."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sync.central.casework.events import begin
from sync.central.casework.models import Case, CaseEvent, Office
from sync.central.voice.models import Complaint, Feedback
from sync.records import Kind, Status
from tests.sample_service import OFFICE, SERVICE, VERSION

NAMBAK = "la-lpb-nambak"
PROVINCE = "la-vt-complaints"  # looks into complaints about `OFFICE`
NOON = timedelta(hours=5)  # UTC, where it is noon in Vientiane
_made = iter(range(1, 1_000_000))


def at(day: date) -> datetime:
    """Noon of a day in Vientiane."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + NOON


def case(
    recorded: date,
    status: Status = Status.RECEIVED,
    ended: date | None = None,
    *,
    reason: str = "",
    **fields: Any,
) -> Case:
    """An application of a day, and what became of it on another."""
    (made,) = cases(1, recorded, status, ended, reason=reason, **fields)
    return made


def cases(
    count: int,
    recorded: date,
    status: Status = Status.RECEIVED,
    ended: date | None = None,
    *,
    office: str = OFFICE,
    reason: str = "",
    received: date | None = None,
    **fields: Any,
) -> list[Case]:
    """So many of a kind."""
    its_office = Office.objects.get(pk=office)
    ends = {} if ended is None else {"status": status.value, "last_number": 2}
    numbers = [next(_made) for _ in range(count)]
    made = [
        Case(
            **{
                "application": f"{number:032x}",
                "reference": f"R{number}",
                "service": SERVICE,
                "service_version": VERSION,
                "office": its_office,
                "kiosk": "0" * 16,
                "channel": "kiosk",
                "recorded_at": at(recorded),
                "recorded_quality": "trusted",
                "received_at": at(received or recorded),
                "due_on": recorded + timedelta(days=3),
                "status": Status.RECEIVED.value,
                "last_number": 1,
                "changed_at": at(ended or received or recorded),
                **fields,
                **ends,
            }
        )
        for number in numbers
    ]
    for one in made:
        if one.promised_on is None:
            one.promised_on = one.due_on
    begin(made)
    if ended is not None:
        CaseEvent.objects.bulk_create(
            CaseEvent(
                case=one,
                number=2,
                status=status.value,
                at=at(ended),
                reason=reason,
                previous_hash=bytes(32),
                hash=bytes(32),
            )
            for one in made
        )
    return made


def complaint(
    lodged: date,
    answered: date | None = None,
    *,
    accused: str | None = OFFICE,
    service: str = SERVICE,
    **fields: Any,
) -> Complaint:
    """A complaint of a day that must be answered within three."""
    made = case(lodged, office=PROVINCE, kind=Kind.COMPLAINT.value, heard_at=OFFICE)
    on_time = None if answered is None or made.due_on is None else answered <= made.due_on
    return Complaint.objects.create(
        case=made,
        accused_id=accused,
        service=service,
        category="slow",
        answered_on=answered,
        on_time=on_time,
        **fields,
    )


def feedback(day: date, *marks: int, office: str = OFFICE, **fields: Any) -> None:
    """Answers of a day, with these marks all in all."""
    given = {"office_id": office, "service": SERVICE, "channel": "kiosk", "language": "lo"}
    Feedback.objects.bulk_create(
        Feedback(day=day, marks={"overall": mark}, **{**given, **fields}) for mark in marks
    )
