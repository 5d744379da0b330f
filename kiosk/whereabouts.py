"""Where applications are: what the ledger knows of one, folded into what a citizen learns.

A status is never stored: it follows from the events that central has sent, and from how far the
log was acknowledged. What a person may read depends on what she showed: a typed reference finds a
status, a receipt also the reason, and one that opens her application the office's words, and what
she can do here about one that came back.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from kiosk.asked import Asked
from kiosk.correction import Opened, open_application
from kiosk.finding import (
    Finding,
    Found,
    Holds,
    NotKnownHere,
    Progress,
    Question,
    Remedy,
    Replacement,
    StepNow,
)
from kiosk.forms.descriptor import ReceiptOpens, Text
from kiosk.language import local_date
from kiosk.promise import Promise, lateness, promise_of
from kiosk.services import NoSuchService, Service, Services
from sync import reference as references
from sync.envelope import open_asked, open_words, reply_proof
from sync.errors import CannotOpen
from sync.ledger import Ledger
from sync.log import LogEntry
from sync.records import (
    ApplicationId,
    Kind,
    Outcome,
    Stamp,
    Status,
    StatusEvent,
    TimeQuality,
)
from sync.working_days import due_on

FINAL = (Status.APPROVED, Status.REJECTED, Status.ANSWERED)
CORRECTIONS_MAX = 50  # of one another, that are followed


class Whereabouts:
    """Of the applications in a ledger, for the thread that opened it.

    Args:
        ledger: the device's ledger.
        services: the services in it.
        feedback_form: finds the questions that a service asks after its decision.
        now: this moment: whether a promised day is past.
    """

    def __init__(
        self,
        ledger: Ledger,
        services: Services,
        feedback_form: Callable[[str], Service | None],
        now: Callable[[], Stamp],
    ) -> None:
        self._ledger = ledger
        self._services = services
        self._feedback_form = feedback_form
        self._now = now
        self._asked = Asked(ledger)

    def found(
        self,
        entry: LogEntry | None,
        reference: str,
        holds: Holds = Holds.REFERENCE,
        secret: bytes | None = None,
    ) -> Finding:
        """What is known of an envelope of the log, by its reference; of none: that none is."""
        if entry is None or entry.kind not in (Kind.APPLICATION, Kind.COMPLAINT):
            return NotKnownHere(reference, self._as_of())
        events = self._ledger.status_events(entry.application)
        last = events[-1] if events else None
        service = self._service_of(entry)
        complains = entry.kind is Kind.COMPLAINT or (service is not None and service.is_complaint)
        found = Found(
            reference=reference,
            progress=_progress(entry, last),
            service=service.descriptor.name if service else None,
            recorded=entry.recorded,
            as_of=self._as_of(),
            since=last.at if last else None,
            promise=self._promise(entry, events, service, holds),
            reason=None if holds is Holds.REFERENCE else _reason(service, last),
            words=_words(last, secret),
            holds=holds,
            application=entry.application,
            kind=Kind.COMPLAINT if complains else Kind.APPLICATION,
            number=last.number if last else 0,
            service_id=entry.service or "",
            office=last.office if last else "",
            question=self._question(last, holds, entry.service or ""),
            proof=None if secret is None or not complains else reply_proof(secret),
            step=_step(service, last),
            law=None if holds is Holds.REFERENCE else _law(service, last),
            deciders=() if holds is Holds.REFERENCE or last is None else last.deciders,
        )
        replacement = self._replacement(entry)
        if replacement is not None:
            return replace(
                found,
                progress=Progress.REPLACED,
                replacement=replacement,
                reason=None,
                law=None,
                deciders=(),
                words=None,
                promise=None,
            )
        if found.progress is Progress.RETURNED and holds is not Holds.REFERENCE:
            found = self._with_remedy(found, entry, last, secret)
        if found.progress is Progress.SET_ASIDE and holds is Holds.KEY and not complains:
            opened = self._with_remedy(found, entry, last, secret)
            found = opened if opened.remedy is Remedy.CORRECT else found
        if found.remedy is not Remedy.NONE or holds is not Holds.KEY or complains:
            return found
        return (
            replace(found, secret=secret, is_reusable=True) if self._tells(entry, secret) else found
        )

    def open(self, application: ApplicationId | None, secret: bytes | None) -> Opened:
        """The answers that lie here, for the holder of the receipt.

        Raises:
            CannotOpen: they are no longer here, or the secret is not theirs.
        """
        if application is None or secret is None:
            raise CannotOpen("Only a receipt with its secret opens an application.")
        entry = self._ledger.find_by_id(application)
        service = self._service_of(entry) if entry is not None else None
        return open_application(self._ledger.find_envelope(application), service, secret)

    def facts(self, application: ApplicationId, secret: bytes | None) -> dict[str, str]:
        """What was answered that another form may ask too; raises CannotOpen as `open` does."""
        entry = self.open(application, secret).entry()
        told = {name: value for name, value in entry.facts().items() if value}
        entry.forget()
        return told

    def _tells(self, entry: LogEntry, secret: bytes | None) -> bool:
        try:
            return bool(self.facts(entry.application, secret))
        except CannotOpen:
            return False

    def _replacement(self, entry: LogEntry) -> Replacement | None:
        """The correction that counts now: a correction may have been corrected too."""
        newest = None
        for _step in range(CORRECTIONS_MAX):
            following = self._ledger.find_correction(entry.application)
            if following is None:
                break
            newest = entry = following
        if newest is None or newest.reference is None:
            return None
        events = self._ledger.status_events(newest.application)
        return Replacement(newest.reference, _progress(newest, events[-1] if events else None))

    def _with_remedy(
        self, found: Found, entry: LogEntry, last: StatusEvent | None, secret: bytes | None
    ) -> Found:
        """What the receipt's holder can do here about an application that came back."""
        try:
            newest = self._services.newest(found.service_id)
        except NoSuchService:
            return found
        if secret is None or newest.descriptor.receipt_opens is not ReceiptOpens.ANSWERS:
            return replace(found, secret=secret, remedy=Remedy.ANEW)
        asked = _asked(last, secret)
        try:
            opened = self.open(entry.application, secret)
        except CannotOpen:
            holder = "" if entry.taken_here else self._holder(found.reference)
            return replace(found, secret=secret, remedy=Remedy.ANEW, holder=holder)
        return replace(
            found,
            secret=secret,
            remedy=Remedy.CORRECT,
            asked=asked,
            asked_labels=opened.labels(asked),
        )

    def _holder(self, reference: str) -> str:
        """The kiosk that took an application, by the number in its reference."""
        match references.parse(reference):
            case references.Reference() as parsed:
                return self._ledger.kiosk_name(parsed.kiosk_number)
            case _:
                return ""

    def _promise(
        self,
        entry: LogEntry,
        events: tuple[StatusEvent, ...],
        service: Service | None,
        holds: Holds,
    ) -> Promise | None:
        """By when an answer is promised, whether that is past, and whom she may call then."""
        descriptor = service.descriptor if service else None
        promise = promise_of(events, descriptor, self._on_paper(entry, service))
        if promise is None:
            return None
        now, as_of = self._now(), self._as_of()
        is_sent = bool(events) or not entry.taken_here or entry.outcome is not None
        return replace(
            promise,
            reason=None if holds is Holds.REFERENCE else promise.reason,
            lateness=lateness(
                promise.due,
                None if now.quality is TimeQuality.UNKNOWN else local_date(now),
                None if as_of is None else local_date(as_of),
                is_sent=is_sent,
            ),
            telephone=self._telephone(entry, service),
        )

    def _on_paper(self, entry: LogEntry, service: Service | None) -> date | None:
        """The day that the receipt of an application taken here promises."""
        recorded, note = entry.recorded, self._ledger.office()
        if service is None or recorded is None or recorded.quality is TimeQuality.UNKNOWN:
            return None
        holidays = note.holidays if note else ()
        return due_on(local_date(recorded), service.descriptor.processing_days, holidays)

    def _telephone(self, entry: LogEntry, service: Service | None) -> str:
        """The office's; about a complaint one does not call the office complained about."""
        contact = service.descriptor.contact if service else None
        if entry.kind is Kind.COMPLAINT or (service is not None and service.is_complaint):
            return (contact and contact.complaint_telephone) or ""
        note = self._ledger.office()
        return (note.phone if note else "") or (contact and contact.telephone) or ""

    def _question(self, last: StatusEvent | None, holds: Holds, service_id: str) -> Question | None:
        """What she may be asked: only with her paper in hand, and once for each piece of news."""
        if last is None or last.status not in FINAL or holds is Holds.REFERENCE:
            return None
        if self._asked.has(last.application, last.number):
            return None
        if last.status is Status.ANSWERED:
            return Question.ANSWER if holds is Holds.KEY else None
        return Question.SERVICE if self._feedback_form(service_id) is not None else None

    def _service_of(self, entry: LogEntry) -> Service | None:
        if entry.service is None:
            return None
        if entry.service_version is not None:
            return self._services.find(entry.service, entry.service_version)
        try:
            return self._services.newest(entry.service)
        except NoSuchService:
            return None

    def _as_of(self) -> Stamp | None:
        return self._ledger.exchange_state().last_success


def _progress(entry: LogEntry, last: StatusEvent | None) -> Progress:
    if last is not None:
        return Progress(last.status)
    match entry.outcome:
        case None if entry.taken_here:
            return Progress.WAITING
        case Outcome.CONFLICT | Outcome.UNREADABLE:
            return Progress.SET_ASIDE
        case _:
            return Progress.SENT


def _reason(service: Service | None, last: StatusEvent | None) -> Text | None:
    if service is None or last is None or last.reason is None:
        return None
    if last.status is Status.TAKEN_UP:
        return None  # of a delay: it stands beside the promised day
    reasons = (reason for reason in service.descriptor.reasons if reason.id == last.reason)
    return next((reason.name for reason in reasons), None)


def _law(service: Service | None, last: StatusEvent | None) -> Text | None:
    if service is None or last is None or not last.law:
        return None
    return next((law.name for law in service.descriptor.legal if law.id == last.law), None)


def _step(service: Service | None, last: StatusEvent | None) -> StepNow | None:
    """The step it is at; none where one office does it all, or when it is decided."""
    if service is None or last is None or last.status not in (Status.RECEIVED, Status.TAKEN_UP):
        return None
    workflow = service.descriptor.workflow
    step = service.descriptor.step(last.step)
    if step is None or len(workflow) == 1:
        return None
    return StepNow(workflow.index(step) + 1, len(workflow), step.name)


def _words(last: StatusEvent | None, secret: bytes | None) -> str | None:
    if last is None or last.words is None or secret is None:
        return None
    try:
        return open_words(secret, last.words)
    except CannotOpen:
        return None


def _asked(last: StatusEvent | None, secret: bytes) -> tuple[str, ...]:
    if last is None or last.asked is None:
        return ()
    try:
        return open_asked(secret, last.asked)
    except CannotOpen:
        return ()
