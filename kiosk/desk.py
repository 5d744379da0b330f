"""What a person can do at this kiosk: every screen asks here, and only here.

The desk knows no widget and no device. It reads the ledger, lets a form be filled, and makes the
one promise the house stands on: `submit` returns only after the disk has the application, and what
it returns is the receipt. Its secret then lives in two places only, the paper and this visit's
memory; the disk holds nothing that opens the answers.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date

from kiosk.asked import Asked
from kiosk.clerks import Clerk, Clerks
from kiosk.copy_slip import copy_slip
from kiosk.correction import Correction, correct
from kiosk.day_report import DayReport, report_of_today
from kiosk.decision_slip import decision_slip
from kiosk.finding import (
    DidYouMean,
    Finding,
    Found,
    Holds,
    NotAReference,
    NotCheckable,
    NotGenuine,
    NotKnownHere,
    OutOfService,
    Remedy,
)
from kiosk.form_words import FormFormats, FormMessages
from kiosk.forms.descriptor import ReceiptOpens, ServiceKind, Text
from kiosk.forms.entry import Entry
from kiosk.forms.record import CONFIRMED
from kiosk.forms.voice import (
    ABOUT_REFERENCE,
    AFTER_DECISION,
    AFTER_SERVICE,
    MARKS,
    QUESTIONS_ASKED,
    path_of,
)
from kiosk.health import Health, Line, outdated_words
from kiosk.journey import Walked
from kiosk.language import N_, _, language, local_date
from kiosk.printing.errors import PrinterCode
from kiosk.printing.jobs import JobState, PrintJobs
from kiosk.printing.paper import PaperRoll
from kiosk.printing.receipt import Receipt
from kiosk.printing.slip import Slip
from kiosk.receipts import is_sample_office, receipt_of
from kiosk.resume_code import ResumeCode, is_resume_code
from kiosk.room import Disk, NoRoom, Room
from kiosk.services import NoSuchService, Service, Services
from kiosk.setting_aside import KEEP_DAYS, NO_ROOM, Aside, Reopened, SetAside, SettingAside
from kiosk.sheet_slip import sheet_slip
from kiosk.whereabouts import Whereabouts
from sync import reference as references
from sync import token
from sync.clock import Clock
from sync.envelope import (
    application_id,
    new_secret,
    replacing_proof,
    seal_answers,
    seal_evidence,
    seal_secret,
)
from sync.errors import LedgerBusy, LedgerError, LedgerFull
from sync.facts import Problem
from sync.journey import LAYOUT, NO_SERVICE
from sync.ledger import Ledger
from sync.log import LogEntry
from sync.records import (
    EVIDENCE_BYTES_MAX,
    EVIDENCE_COUNT_MAX,
    ApplicationId,
    Channel,
    Envelope,
    EvidenceNote,
    Header,
    KeyPurpose,
    Kind,
    Stamp,
    TimeQuality,
)
from sync.reply import Reply, Verdict
from sync.token import ReceiptClaims
from sync.working_days import due_on

SEALED_MORE_BYTES = 1024  # a sealed file is no longer than that beside its content
STILL_HERE_MS_MAX = 15 * 60 * 1000  # after a power cut nobody waits longer before a dark screen
COUNTS_WAIT_MS = 20  # for another thread that writes: nobody notices
NUMBER_ATTEMPTS = 20  # of drawing a reference that this kiosk has not given yet

STORAGE_FULL = N_(
    "This kiosk's storage is full. Your application is not handed in. "
    "Your answers are still here: please tell the staff."
)
STORAGE_BROKEN = N_(
    "This kiosk cannot store anything. Your application is not handed in. "
    "Your answers are still here: please tell the staff."
)
NOT_NOW = N_(
    "This kiosk cannot store anything now. What you handed in is safe. Please tell the staff."
)


class CannotKeep(Exception):
    """The application could not be kept; the sentence says so and the entry keeps its answers."""


class NotReady(Exception):
    """Something must still be answered; the screen shows `entry.violations()`."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """An application that the disk has: its receipt and the job that prints it."""

    receipt: Receipt
    job: int

    @property
    def application(self) -> ApplicationId:
        """Its id."""
        return self.receipt.application_id


class Desk:
    """The desk of one enrolled kiosk, for the thread that opened the ledger.

    Args:
        ledger: the device's ledger.
        jobs: the print jobs in the same file.
        clock: tells the time with its quality.
        interrupted: the print job in whose middle the last program ended.
        wake_printer: called when there is something to print.
        wake_exchange: called when there is something to send.
        disk: tells how full the disk is.
        keep_unfinished_days: how long an entry waits for its resume slip; 0: none is kept.
    """

    def __init__(
        self,
        ledger: Ledger,
        jobs: PrintJobs,
        clock: Clock,
        *,
        interrupted: int | None = None,
        wake_printer: Callable[[], None] = lambda: None,
        wake_exchange: Callable[[], None] = lambda: None,
        disk: Callable[[], Disk] | None = None,
        keep_unfinished_days: int = KEEP_DAYS,
    ) -> None:
        self._ledger = ledger
        self._jobs = jobs
        self._clock = clock
        self._interrupted = interrupted
        self._wake_printer = wake_printer
        self._wake_exchange = wake_exchange
        self.room = Room(
            ledger, clock, disk or (lambda: Disk.of(ledger.path.parent)), keep_unfinished_days
        )
        self._services = Services(ledger)
        self._whereabouts = Whereabouts(ledger, self._services, self._feedback_form, clock.now)
        self._asked = Asked(ledger)
        self.clerks = Clerks(ledger)
        self._aside = SettingAside(
            ledger,
            jobs,
            clock,
            self._services,
            place=self._office,
            new_reference=self._new_reference,
            wake_printer=wake_printer,
            room=self.room,
            keep_days=keep_unfinished_days,
        )

    def data_version(self) -> int:
        """A number that moves when a worker has changed the ledger: then look again."""
        return self._ledger.data_version()

    def office_name(self) -> str:
        """The office this kiosk belongs to, in the current language."""
        return self._office().of(language())

    def services(self) -> tuple[Service, ...]:
        """What one can apply for here."""
        return self._services.of_kind(ServiceKind.APPLICATION)

    def complaints(self) -> Service | None:
        """The form to complain with; None where none is published."""
        return next(iter(self._services.of_kind(ServiceKind.COMPLAINT)), None)

    def service(self, service_id: str) -> Service:
        """The service of that id.

        Raises:
            NoSuchService: it is not offered here (any more).
        """
        return self._services.newest(service_id)

    def leaves_quickly(self, service_ids: Sequence[str]) -> bool:
        """Whether one of these services is sensitive: one touch, unasked, leaves it."""
        named = (
            [one for one in self._services.all() if one.id in service_ids] if service_ids else []
        )
        return any(one.descriptor.leave_quickly for one in named)

    def following(self, service_id: str) -> Service | None:
        """What belongs to the same life event and comes after it; None where nothing does."""
        try:
            names = self.service(service_id).descriptor.following()
        except NoSuchService:
            return None
        offered = {service.id: service for service in self.services()}
        return next((offered[name] for name in names if name in offered), None)

    def begin(
        self,
        service_id: str,
        known: Mapping[str, str] | None = None,
        reused: Iterable[str] = (),
    ) -> Entry:
        """A form to fill in, in memory only.

        Args:
            service_id: for which service.
            known: facts that need not be asked again.
            reused: the references of earlier applications that told some of them.
        """
        service = self.service(service_id)
        entry = Entry(
            service.definition,
            language=language(),
            today=local_date(self._clock.now()),
            messages=FormMessages(),
            formats=FormFormats(),
        )
        if known:
            entry.know(known)
            if entry.known_paths():
                entry.reused = tuple(sorted(reused))
        return entry

    def facts_of(self, found: Found) -> dict[str, str]:
        """What she answered then that other services ask too, with the receipt in her hand.

        Raises:
            CannotOpen: what was here a moment ago is here no longer.
        """
        return self._whereabouts.facts(found.application, found.secret)

    def begin_complaint(self, about: str = "") -> Entry:
        """A complaint to fill in; about the application of that reference, where there is one.

        Raises:
            NoSuchService: complaints are not taken here (any more).
        """
        service = self.complaints()
        if service is None:
            raise NoSuchService("Complaints are not taken at this kiosk.")
        entry = self.begin(service.id)
        if about:
            entry.answer(path_of(ABOUT_REFERENCE), about)
        return entry

    def correct(self, found: Found) -> Correction:
        """Open a returned application for its holder, or begin anew what replaces it.

        Raises:
            NoSuchService: it is not offered here (any more).
            CannotOpen: what was here a moment ago is here no longer.
        """
        newest = self.service(found.service_id)
        today = local_date(self._clock.now())

        def made(entry: Entry) -> Correction:
            assert found.application is not None  # whatever has a remedy has an id
            return Correction(entry, found.application, found.reference, found.secret)

        if found.remedy is not Remedy.CORRECT:
            return made(self.begin(found.service_id))
        opened = self._whereabouts.open(found.application, found.secret)
        correction = correct(opened, newest, today, self._ledger.read_evidence, made)
        correction.asked = frozenset(found.asked)
        return correction

    def lacks_room(
        self, entry: Entry, path: str = "", size: int = 0, *, kept_bytes: int = 0
    ) -> NoRoom | None:
        """What keeps a file from being added to the entry; None: it may be.

        Args:
            entry: what is being filled in.
            path: of the question that asks for it: an earlier answer to it makes way.
            size: of the file; 0 before anybody has chosen one.
            kept_bytes: of the files that the same visit has handed in or set aside.
        """
        others = [one for one in entry.attachments() if one.path != path]
        if len(others) >= EVIDENCE_COUNT_MAX or size > EVIDENCE_BYTES_MAX - SEALED_MORE_BYTES:
            return NoRoom.VISIT  # no application carries more
        return self.room.lacks(sum(len(one.data) for one in others) + size, kept_bytes)

    def medium(self, entry: Entry, name: str) -> bytes | None:
        """A picture or clip of the form, from the very bundle that the entry was begun with."""
        return self._services.made_with(entry.definition).bundle.files.get(name) if name else None

    def fee(self, service: Service, entry: Entry) -> int | None:
        """The official fee in kip; None where nobody has confirmed it: ask at the desk."""
        return service.descriptor.fee_lak(entry.value_of)

    def due_date(self, service: Service) -> date | None:
        """Until when an answer would be promised now; None while the clock is doubtful."""
        return self._due(service, self._clock.now())

    def submit(
        self,
        entry: Entry,
        *,
        assisted_by: Clerk | None = None,
        correction: Correction | None = None,
        before: Reopened | None = None,
    ) -> Submitted:
        """Keep the application for good and promise it with a receipt.

        Returns only after the disk has it. Should it not be kept, nothing of it is. With a clerk's
        help it is handed in once the applicant has confirmed what was entered for her: the record
        says so beside the clerk's number.

        Raises:
            NotReady: something must still be answered.
            CannotKeep: the disk is full or broken; the entry keeps its answers.
        """
        if entry.violations() or (correction is not None and correction.still_to_see()):
            raise NotReady("Something must still be answered.")
        service = self._services.made_with(entry.definition)
        with _kept_or_said(STORAGE_FULL, STORAGE_BROKEN):
            try:
                submitted = self._keep_somehow(service, entry, assisted_by, correction, before)
            except BaseException:
                with suppress(OSError, LedgerError):  # else swept when the program starts
                    self._ledger.sweep_evidence()  # nothing of it is promised
                raise
        self._wake_printer()
        self._wake_exchange()
        return submitted

    def feedback(self, service_id: str, answers: Mapping[str, int]) -> None:
        """What she thinks of the service: sealed and sent like an application, without a name.

        Raises:
            CannotKeep: the disk is full or broken.
        """
        record = {"answers": dict(answers), "language": language(), "moment": AFTER_SERVICE}
        self._say(Kind.FEEDBACK, self.service(service_id), record)

    def opinion(self, found: Found) -> Entry | None:
        """The questions about a service that has decided; None where none are published.

        That she was asked is noted at once: whatever she says or skips, she is asked once.

        Raises:
            CannotKeep: the disk is full or broken.
        """
        service = self._feedback_form(found.service_id)
        if service is None:
            return None
        with _kept_or_said(NOT_NOW), self._ledger.transaction():
            self._asked.note(found.application, found.number)
        return self.begin(service.id)

    def give_opinion(self, found: Found, entry: Entry) -> None:
        """What she thinks of the service that decided: sealed and sent without a name.

        Raises:
            CannotKeep: the disk is full or broken.
        """
        given = {name: entry.value_of(path_of(name)) for name in QUESTIONS_ASKED}
        marks = {name: int(mark) for name, mark in given.items() if mark in MARKS}
        if marks:
            record = {
                "answers": marks,
                "language": language(),
                "moment": AFTER_DECISION,
                "office": found.office,
            }
            self._say(Kind.FEEDBACK, self.service(found.service_id), record)

    def reply(self, found: Found, verdict: Verdict) -> None:
        """What she says to the answer to her complaint; sealed, without her reference in clear.

        Raises:
            CannotKeep: the disk is full or broken.
        """
        assert found.proof is not None  # only her paper brings this question
        reply = Reply(found.application, found.number, verdict, found.proof)
        service = self.service(found.service_id)
        self._say(Kind.REPLY, service, reply.to_record(), asked=found)

    def _say(
        self,
        kind: Kind,
        service: Service,
        record: Mapping[str, object],
        asked: Found | None = None,
    ) -> None:
        """Seal and send what has no receipt of its own."""
        with _kept_or_said(NOT_NOW), self._ledger.transaction():
            self._add(kind, service, record, new_secret(), recorded=self._clock.now())
            if asked is not None:
                self._asked.note(asked.application, asked.number)
        self._wake_exchange()

    def _feedback_form(self, service_id: str) -> Service | None:
        """The questions that a service asks after its decision, as their own service."""
        try:
            form = self.service(service_id).descriptor.feedback_form
        except NoSuchService:
            return None
        forms = self._services.of_kind(ServiceKind.FEEDBACK)
        return next((one for one in forms if one.definition.id == form), None)

    def lets_set_aside(self, entry: Entry, *, unasked: bool = False) -> bool:
        """Whether she may go on with this entry another day; `unasked`: she has left silently."""
        return self._aside.lets(entry, unasked=unasked)

    def set_aside(self, entry: Entry, aside: Aside, before: Reopened | None = None) -> SetAside:
        """Keep the entry, sealed, for another day and have its resume slip printed.

        Raises:
            CannotKeep: the disk is full or broken; the entry keeps its answers.
        """
        with _kept_or_said(NO_ROOM, NOT_NOW):
            return self._aside.set_aside(entry, aside, before)

    def reopen(self, code: ResumeCode) -> Reopened:
        """Go on with what a resume slip opens.

        Raises:
            NoSuchService: the service is not offered now; the entry stays.
            CannotOpen: it is no longer here, or damaged.
        """
        return self._aside.reopen(code)

    def photographed(self, aside: SetAside) -> None:
        """She photographed the code: no paper is wanted; raises CannotKeep."""
        with _kept_or_said(NOT_NOW):
            self._aside.photographed(aside)

    def give_up(self, unfinished: str) -> None:
        """Erase an entry that was set aside, by its id; raises CannotKeep."""
        with _kept_or_said(NOT_NOW):
            self._aside.give_up(unfinished)

    def mind_slips(self, here: SetAside | None = None) -> None:
        """Look after resume slips whose paper is not out yet; `here`: whose person is here."""
        self._aside.mind(here)

    def erase_old_entries(self) -> int:
        """Erase unfinished entries whose days are over, while nobody is here. How many."""
        with suppress(LedgerError):  # the next look tries again
            self.room.hold_spare()
            return self._aside.erase_old()
        return 0

    def count_journeys(self, walked: Sequence[Walked]) -> bool:
        """Add what was walked to the day's counts; False: the disk is busy, try again.

        A disk that takes nothing loses counts, and nobody waits for that.
        """
        try:
            today = local_date(self._clock.now())
            with self._ledger.waiting_at_most(COUNTS_WAIT_MS), self._ledger.transaction():
                for one in walked:
                    service = self._services.made_with(one.definition)
                    self._ledger.count_journeys(today, one.counted(service.id, service.version))
        except LedgerBusy:
            return False
        except LedgerError:
            pass
        return True

    def send_journeys(self) -> bool:
        """Let the counts of days that are over leave, as one envelope; whether there were any.

        While nobody is here; it goes with whatever the line carries next.
        """
        now = self._clock.now()
        if now.quality is TimeQuality.UNKNOWN:
            return False  # who knows which days are over
        with suppress(LedgerError):  # the next look tries again
            over = self._ledger.journeys(local_date(now))
            if over:
                record = {"journeys": [journeys.to_record(day) for day, journeys in over]}
                with self._ledger.transaction():
                    self._add(Kind.JOURNEY, None, record, new_secret(), recorded=now)
                    for day, journeys in over:
                        self._ledger.forget_journeys(day, journeys)
                return True
        return False

    def unfinished_count(self) -> int:
        """How many entries wait here for their slips."""
        return self._aside.count()

    def find(self, text: str) -> Finding:
        """What this kiosk knows of a typed reference. It opens nothing."""
        match references.parse(text):
            case references.Reference() as reference:
                entry = self._ledger.find_by_reference(str(reference))
                slip = self._aside.find_typed(str(reference)) if entry is None else None
                return slip or self._found(entry, str(reference))
            case references.Suggestion() as suggestion:
                return DidYouMean(str(suggestion.corrected))
            case _:
                return NotAReference()

    def find_scanned(self, text: str) -> Finding:
        """What this kiosk knows of a scanned receipt; its secret opens the office's words.

        A resume slip is told apart: it is no receipt.
        """
        if is_resume_code(text):
            return self._aside.find_scanned(text)
        try:
            claims = token.verify(
                text, self._ledger.keys(KeyPurpose.RECEIPTS), self._ledger.out_of_service()
            )
        except token.Altered:
            return NotGenuine()
        except token.OutOfService:
            return OutOfService()
        except token.UnknownKey:
            return NotCheckable()
        except token.BadToken:
            return self.find(text)
        entry = self._ledger.find_by_id(claims.application_id)
        holds = Holds.PROOF if claims.secret is None else Holds.KEY
        return self._found(entry, claims.reference, holds, claims.secret)

    def ask_after(self, finding: NotKnownHere) -> None:
        """Have central asked, with the next exchange, for what other kiosks took elsewhere."""
        if finding.reference:
            with suppress(LedgerError):  # she reads that it is not known, and may look again
                self._ledger.ask_after(finding.reference)
                self._wake_exchange()

    def is_receipt(self, text: str) -> bool:
        """Whether a scanned text is a receipt or slip of ours, or pretends to be one."""
        if is_resume_code(text):
            return True
        try:
            token.verify(text, self._ledger.keys(KeyPurpose.RECEIPTS))
        except token.NotAReceipt:
            return False
        except token.BadToken:
            return True
        return True

    def job_state(self, job: int) -> JobState | None:
        """Whether the receipt has come out."""
        found = self._jobs.find(job)
        return found.state if found else None

    def came_out(self, job: int) -> None:
        """She says that the paper came out although nobody could be sure; raises CannotKeep."""
        with _kept_or_said(NOT_NOW):
            self._jobs.came_out(job)

    def find_interrupted(self) -> Receipt | None:
        """The receipt in whose middle the power was cut, while she may still stand here."""
        job = self._jobs.find(self._interrupted) if self._interrupted is not None else None
        if job is None or job.state not in (JobState.SENDING, JobState.UNKNOWN):
            return None
        if not isinstance(job.paper, Receipt):
            return None  # another slip: its words are gone, and nothing was promised with it
        passed_ms = abs(self._clock.now().at_ms - job.paper.recorded.at_ms)
        return job.paper if passed_ms <= STILL_HERE_MS_MAX else None

    def settle_interrupted(self, *, printed_again: bool) -> None:
        """She says that it came out, or has a copy printed; raises CannotKeep."""
        receipt, job = self.find_interrupted(), self._interrupted
        if receipt is None or job is None:
            return
        with _kept_or_said(NOT_NOW):
            if printed_again:
                with self._ledger.transaction():
                    self._jobs.add(receipt)
            else:
                self._jobs.came_out(job)
        self._interrupted = None
        self._wake_printer()

    def ticket_lies(self) -> bool:
        """Whether a receipt still lies in the printer: the next visit waits for that."""
        return self._jobs.printer_state().code is PrinterCode.TICKET_LIES

    def decline_paper(self, job: int) -> None:
        """She wants no paper: the secret that waited for it is erased; raises CannotKeep."""
        with _kept_or_said(NOT_NOW):
            self._jobs.decline(job)

    def print_again(self, submitted: Submitted) -> int:
        """Ask for another paper, marked as a copy; raises CannotKeep."""
        with _kept_or_said(NOT_NOW), self._ledger.transaction():
            job = self._jobs.add(submitted.receipt)
        self._wake_printer()
        return job

    def print_sheet(self, service_id: str) -> None:
        """Print a service's sheet, to take along.

        Raises:
            NoSuchService: it is not offered here (any more).
            CannotKeep: the disk is full or broken.
        """
        service, follows = self.service(service_id), self.following(service_id)
        after = follows.descriptor if follows else None
        now = self._clock.now()
        sample = service.descriptor.sample or is_sample_office(self._ledger)
        slip = sheet_slip(service.descriptor, after, self._office(), now, language(), sample=sample)
        self._print(slip, private=False)

    def print_decision(self, found: Found) -> None:
        """Print what the office answered; only her receipt brought it here.

        Raises:
            CannotKeep: the disk is full or broken.
        """
        try:
            sample = self.service(found.service_id).descriptor.sample
        except NoSuchService:
            sample = False
        sample = sample or is_sample_office(self._ledger)
        now = self._clock.now()
        slip = decision_slip(found, self._office(), now, language(), sample=sample)
        self._print(slip, private=True)

    def print_copy(self, entry: Entry, submitted: Submitted) -> None:
        """Print her answers for her, before the entry forgets them.

        Raises:
            CannotKeep: the disk is full or broken.
        """
        slip = copy_slip(entry, submitted.receipt, self._office(), self._clock.now())
        self._print(slip, private=True)

    def print_day_report(self) -> None:
        """Print what was handed in today, for the clerk; raises CannotKeep.

        A scanner may read a code many times: one report at a time waits for the printer.
        """
        slip = self.day_report().slip()
        if not self._jobs.has_slip_waiting():
            self._print(slip, private=False)

    def day_report(self) -> DayReport:
        """What was handed in here today."""
        return report_of_today(
            self._ledger,
            self._jobs.waiting_count(),
            self._services,
            self._office(),
            self._clock.now(),
        )

    def _print(self, slip: Slip, *, private: bool) -> None:
        with _kept_or_said(NOT_NOW), self._ledger.transaction():
            self._jobs.add_slip(slip, private=private)
        self._wake_printer()

    def readiness(self) -> Health:
        """How the kiosk is."""
        state, now = self._ledger.exchange_state(), self._clock.now()
        return Health(
            printer=self._jobs.printer_state().code,
            line=_line(state.last_problem.problem if state.last_problem else None),
            waiting_count=state.waiting_count,
            documents_waiting=self._ledger.documents_waiting(),
            can_keep=self.room.disk().can_keep,
            takes_files=self.room.lacks() is None,
            clock_doubtful=now.quality is TimeQuality.UNKNOWN,
            paper=PaperRoll(self._ledger).state(local_date(now)),
        )

    def outdated_words(self) -> str:
        """Which sheets may be out of date, for the staff; empty: none.

        Every service is opened for that, which no look at the kiosk's health has the time for.
        """
        outdated = self._services.outdated(self._clock.now())
        return outdated_words(outdated) if outdated else ""

    def _keep_somehow(
        self,
        service: Service,
        entry: Entry,
        assisted_by: Clerk | None,
        correction: Correction | None,
        before: Reopened | None,
    ) -> Submitted:
        """Keep it, on a full disk too where it is without files and room is held spare."""
        try:
            return self._keep(service, entry, assisted_by, correction, before)
        except LedgerFull:
            if entry.attachments() or not self.room.give_spare_up():
                raise
        return self._keep(service, entry, assisted_by, correction, before)

    def _keep(
        self,
        service: Service,
        entry: Entry,
        assisted_by: Clerk | None,
        correction: Correction | None,
        before: Reopened | None,
    ) -> Submitted:
        secret = new_secret()
        confirmed = {} if assisted_by is None else {CONFIRMED: True}
        notes = tuple(
            self._ledger.store_evidence(seal_evidence(secret, number, attachment.data))
            for number, attachment in enumerate(entry.attachments())
        )
        recorded = self._clock.now()
        with self._ledger.transaction():
            reference = self._new_reference()
            self._add(
                Kind.COMPLAINT if service.is_complaint else Kind.APPLICATION,
                service,
                entry.record() | confirmed,
                secret,
                recorded=recorded,
                reference=reference,
                evidence=notes,
                assisted_by=assisted_by,
                correction=correction,
            )
            receipt = self._receipt(service, entry, secret, reference, recorded)
            if correction is not None:
                receipt = replace(receipt, replaces=correction.reference)
            if assisted_by is not None:
                receipt = replace(receipt, helped_by=assisted_by.name)
            if before is not None:
                self._aside.handed_in(before)
            return Submitted(receipt, self._jobs.add(receipt))

    def _add(
        self,
        kind: Kind,
        service: Service | None,
        record: Mapping[str, object],
        secret: bytes,
        *,
        recorded: Stamp,
        reference: str = "",
        evidence: tuple[EvidenceNote, ...] = (),
        assisted_by: Clerk | None = None,
        correction: Correction | None = None,
    ) -> None:
        """Seal a record into the log's next envelope; inside a transaction."""
        identity = self._ledger.enrolled_identity()
        central_key, sealing_key = self._ledger.sealing_key()
        place = self._ledger.next_place()
        application = application_id(secret)
        old_secret = correction.secret if correction else None
        header = Header(
            device=identity.device,
            sequence=place.sequence,
            previous=place.previous,
            kind=kind,
            id=application,
            reference=reference,
            service=service.id if service else NO_SERVICE,
            service_version=service.version if service else LAYOUT,
            office=identity.office,
            recorded=recorded,
            central_key=central_key,
            channel=Channel.KIOSK if assisted_by is None else Channel.DESK,
            assisted_by=None if assisted_by is None else assisted_by.number,
            evidence=evidence,
            replaces=correction.replaces if correction else None,
            proof=replacing_proof(old_secret, application) if old_secret else None,
        ).to_bytes()
        dictionary = service.bundle.dictionary if service else None
        body = seal_answers(record, header, secret, dictionary)
        self._ledger.add(Envelope(header, body, seal_secret(secret, sealing_key)))

    def _new_reference(self) -> str:
        """A reference that this kiosk has not given yet; inside a transaction."""
        kiosk_number = self._ledger.enrolled_identity().kiosk_number
        for _attempt in range(NUMBER_ATTEMPTS):
            reference = references.compose(kiosk_number, secrets.randbits(references.NUMBER_BITS))
            is_given = self._ledger.find_by_reference(reference) or self._aside.knows(reference)
            if not is_given:
                return reference
        raise LedgerFull("This kiosk has given nearly all its references. Enrol it anew.")

    def _receipt(
        self, service: Service, entry: Entry, secret: bytes, reference: str, recorded: Stamp
    ) -> Receipt:
        identity = self._ledger.enrolled_identity()
        descriptor = service.descriptor
        opens = descriptor.receipt_opens is ReceiptOpens.ANSWERS
        claims = ReceiptClaims(
            issued_at_s=recorded.at_ms // 1000,
            reference=reference,
            service=service.id,
            office=identity.office,
            fee_lak=self.fee(service, entry),
            secret=secret if opens else None,
            application=None if opens else application_id(secret),
        )
        return receipt_of(
            service,
            self._office(),
            claims,
            token=token.sign(claims, identity.signing_key, bytes.fromhex(identity.device)),
            host=identity.portal_url,
            recorded=recorded,
            due=self._due(service, recorded),
            first=language(),
            sample_office=is_sample_office(self._ledger),
        )

    def _office(self) -> Text:
        note = self._ledger.office()
        return Text(note.name if note else self._ledger.enrolled_identity().office_name)

    def _due(self, service: Service, recorded: Stamp) -> date | None:
        if recorded.quality is TimeQuality.UNKNOWN:
            return None
        note = self._ledger.office()
        holidays = note.holidays if note else ()
        return due_on(local_date(recorded), service.descriptor.processing_days, holidays)

    def _found(
        self,
        entry: LogEntry | None,
        reference: str,
        holds: Holds = Holds.REFERENCE,
        secret: bytes | None = None,
    ) -> Finding:
        return self._whereabouts.found(entry, reference, holds, secret)


@contextmanager
def _kept_or_said(full: str, broken: str = "") -> Iterator[None]:
    """Say a trouble with the disk in the current language, in one of these sentences."""
    try:
        yield
    except LedgerFull as problem:
        raise CannotKeep(_(full)) from problem
    except LedgerError as problem:
        raise CannotKeep(_(broken or full)) from problem


def _line(problem: Problem | None) -> Line:
    match problem:
        case None:
            return Line.GOOD
        case Problem.UNREACHABLE | Problem.TOO_SLOW:
            return Line.AWAY
        case Problem.NOT_CENTRAL:
            return Line.NOT_CENTRAL
        case _:
            return Line.TROUBLED
