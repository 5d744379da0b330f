"""What happens to a case: its event, its folded status and the news to the kiosks, all or none.

Every road to a case's status ends here. The event, the status and the change in the feed are
written in the caller's transaction: a kiosk never learns of something that did not happen, and
nothing happens that the kiosks do not learn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from sync.central import bulk
from sync.central.casework import followers
from sync.central.casework.audit import BEGINNING, event_hash
from sync.central.casework.models import Case, CaseEvent, Office, Officer
from sync.central.casework.service_words import find_descriptor
from sync.central.intake import feed
from sync.central.intake.models import Device
from sync.records import (
    ApplicationId,
    ChangeKind,
    DeviceId,
    Stamp,
    Status,
    StatusEvent,
    TimeQuality,
    device_audience,
    office_audience,
)

_DECIDED = (Status.RETURNED.value, Status.APPROVED.value, Status.REJECTED.value)


class CaseworkError(Exception):
    """Root of what can go wrong with a case.

    CaseworkError
    ├── SomebodyElseActed   the case changed since the officer saw it
    ├── NotPossibleNow      the step does not fit the case's status
    └── Incomplete          something that a decision needs is missing; the sentence says what
    """


class SomebodyElseActed(CaseworkError):
    """The case changed since the officer saw it."""


class NotPossibleNow(CaseworkError):
    """The step does not fit the case's status."""


class Incomplete(CaseworkError):
    """Something that a decision needs is missing; the sentence says what."""


@dataclass(frozen=True, slots=True)
class Step:
    """What an officer does to a case."""

    status: Status
    officer: Officer | None
    at: datetime
    reason: str = ""
    legal_basis: str = ""
    words: bytes | None = None  # sealed
    office: Office | None = None  # to which it goes; None: it stays
    assigned_to: Officer | None = None  # who has it from now on, where that is not `officer`
    due_on: date | None = None  # a new promise; None: as before
    next_step: str = ""  # of the workflow, to which it is handed over
    step_due_on: date | None = None
    second: Officer | None = None  # who signed too
    note: str = ""  # of a proposal
    asked: bytes | None = None  # sealed


def begin(cases: list[Case]) -> None:
    """Write new cases with their first event, and tell the kiosks; in the caller's transaction."""
    bulk.insert(cases)
    made = Case.everything.filter(application__in=[case.application for case in cases])
    keys = dict(made.values_list("application", "pk"))
    for case in cases:
        case.pk = keys[case.application]
    events = [_event(case, _first(case), 1) for case in cases]
    bulk.insert(events)
    news: dict[str, list[tuple[ChangeKind, bytes]]] = {}
    for case, event in zip(cases, events, strict=True):
        news.setdefault(case.audience, []).append(_news(case, event))
    for office, changes in sorted(news.items()):  # one order of locks for all writers
        feed.append_all(office_audience(office), changes)
    for case, event in zip(cases, events, strict=True):
        if case.replaces:
            _tell(followers.follow_on(case, case.received_at), [_news(case, event)])


def _first(case: Case) -> Step:
    """A new case is received; the chain tells where it does not begin at its first step."""
    descriptor = find_descriptor(case)
    begins = descriptor is None or case.step in ("", descriptor.workflow[0].id)
    return Step(Status.RECEIVED, None, case.received_at, next_step="" if begins else case.step)


@transaction.atomic
def append(case: Case, step: Step, seen_number: int) -> CaseEvent:
    """The next event of a case of which the officer last saw the event `seen_number`.

    Raises:
        SomebodyElseActed: the case has a later event.
    """
    changes: dict[str, object] = {
        "status": step.status.value,
        "last_number": seen_number + 1,
        "changed_at": step.at,
        "taken_up_by": _holder(case, step),
    }
    if step.office is not None:
        heard_at = "" if step.office.pk == case.audience else case.audience
        changes |= {"office": step.office, "heard_at": heard_at, "taken_up_by": None}
    if step.due_on is not None:
        changes["due_on"] = step.due_on
    if step.next_step:
        changes |= {"step": step.next_step, "step_due_on": step.step_due_on}
    elif step.step_due_on is not None:
        changes["step_due_on"] = step.step_due_on
    # One statement decides between two officers at once, on every database.
    if not Case.everything.filter(pk=case.pk, last_number=seen_number).update(**changes):
        raise SomebodyElseActed(f"Case {case.reference} has changed since event {seen_number}.")
    case.refresh_from_db()
    previous = case.events.get(number=seen_number)
    event = _event(case, step, seen_number + 1, bytes(previous.hash))
    event.save(force_insert=True)
    feed.append(office_audience(case.audience), *_news(case, event))
    _tell(followers.followed_by(case), [_news(case, event)])
    return event


def _holder(case: Case, step: Step) -> Officer | None:
    """Who has it when that was done."""
    if step.assigned_to is not None:
        return step.assigned_to
    return step.officer if step.status is Status.TAKEN_UP else case.taken_up_by


def retell(case: Case, office: Office) -> None:
    """Tell the kiosks of another office what happened to a case; its own have heard."""
    if office.pk == case.audience:
        return
    events = case.events.order_by("number")
    feed.append_all(office_audience(office.pk), [_news(case, event) for event in events])


@transaction.atomic
def tell_about(device: Device, references: Sequence[str], now: datetime) -> None:
    """Tell a kiosk of another office what happened to the cases that it asks after."""
    for case in followers.follow(device, references, now):
        events = case.events.order_by("number")
        _tell([device.pk], [_news(case, event) for event in events])


def _tell(devices: Iterable[str], news: Sequence[tuple[ChangeKind, bytes]]) -> None:
    for device in devices:
        feed.append_all(device_audience(DeviceId(device)), news)


def _event(case: Case, step: Step, number: int, previous: bytes = BEGINNING) -> CaseEvent:
    event = CaseEvent(
        case=case,
        number=number,
        status=step.status.value,
        officer=step.officer,
        second=step.second,
        at=step.at,
        note=step.note,
        reason=step.reason,
        legal_basis=step.legal_basis,
        due_on=step.due_on,
        words=step.words,
        step=step.next_step,
        to_office=step.office,
        asked=step.asked,
        previous_hash=previous,
    )
    event.hash = event_hash(case.application, event)
    return event


def deciders_of(event: CaseEvent) -> tuple[str, ...]:
    """The titles of those who decided; nobody's name travels."""
    if event.status not in _DECIDED:
        return ()
    who = [officer for officer in (event.officer, event.second) if officer is not None]
    # What a kiosk could not read would keep the decision from the citizen: only what is printable.
    titles = ("".join(filter(str.isprintable, officer.title)).strip() for officer in who)
    return tuple(title for title in titles if title)


def _news(case: Case, event: CaseEvent) -> tuple[ChangeKind, bytes]:
    """The event as the kiosks of the office read it."""
    is_first = event.number == 1  # by it a kiosk that did not take the application can find it
    news = StatusEvent(
        application=ApplicationId(case.application),
        number=event.number,
        status=Status(event.status),
        at=Stamp(at_ms=int(event.at.timestamp() * 1000), quality=TimeQuality.TRUSTED),
        office=case.office_id,
        due=case.due_on,
        reason=event.reason or None,
        words=None if event.words is None else bytes(event.words),
        reference=case.reference if is_first else "",
        service=case.service if is_first else "",
        step=case.step,
        law=event.legal_basis,
        deciders=deciders_of(event),
        asked=None if event.asked is None else bytes(event.asked),
        replaces=ApplicationId(case.replaces) if is_first and case.replaces else None,
    )
    return ChangeKind.STATUS, news.to_bytes()
