"""Setting an unfinished entry aside for another day, and going on with it: the desk's part of it.

Whoever has to leave in the middle gets a slip; her answers are sealed under a fresh secret that
only the slip's code carries, and the kiosk forgets it as it forgets a receipt's. Entry and print
job are one transaction. Where no paper comes out she may photograph the code on the glass; without
paper and photograph nobody could ever open the entry, so it is erased, and she is told before she
leaves. A slip waits for paper as long as its visit, or a minute after: later it would come out into
the hands of somebody else. For the same reason a slip that was cut off by the power is never
printed again, and a paper that its printer took back ends the entry.

The slip works until what it opened is handed in or set aside anew: a power cut on the day she goes
on costs her that day's changes and nothing else. Of services whose receipts open no answers nothing
is set aside, and a complaint only if she asks for it: a paper that comes out after she has gone
would tell the next person of it. An application that is being corrected opens again with its
receipt.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from kiosk.finding import SlipFound, SlipState
from kiosk.forms.descriptor import ReceiptOpens, ServiceKind, Text
from kiosk.forms.entry import Entry
from kiosk.language import LANGUAGES, N_, language, local_date
from kiosk.printing.errors import PrinterCode
from kiosk.printing.jobs import JobState, PrintJobs
from kiosk.receipts import is_sample_office
from kiosk.reopening import Aside, Reopened, packed, reopened
from kiosk.resume_code import ResumeCode, find_code
from kiosk.resume_slip import ResumeSlip
from kiosk.room import Room
from kiosk.services import Service, Services
from kiosk.unfinished import Fate, UnfinishedEntries
from sync.clock import Clock
from sync.envelope import (
    new_secret,
    open_unfinished,
    open_unfinished_file,
    seal_unfinished,
    seal_unfinished_file,
    unfinished_id,
)
from sync.errors import CannotOpen, LedgerError, LedgerFull
from sync.ledger import Ledger
from sync.records import Stamp, TimeQuality
from sync.retention import DAY_MS

__all__ = ["KEEP_DAYS", "NO_ROOM", "Aside", "Reopened", "SetAside", "SettingAside"]

KEEP_DAYS = 30
SLIP_WAITS_S = 60.0  # for paper, when she has gone
ENTRY_BYTES_MAX = 64 * 2**20  # of one entry with its photos

NO_ROOM = N_(
    "This kiosk's storage is full. Your answers cannot be kept for another day. "
    "They are still here: please tell the staff."
)


@dataclass(frozen=True, slots=True)
class SetAside:
    """An entry that the disk has, sealed; its code is in this visit's memory and on the slip."""

    id: str
    code: ResumeCode = field(repr=False)
    job: int | None  # that prints the slip; None where there is no printer
    until: date | None  # None: the clock is doubtful
    days: int
    takes_place_of: str | None


class SettingAside:
    """Sets entries aside and opens them again.

    Args:
        ledger: the device's ledger.
        jobs: the print jobs in the same file.
        clock: tells the time with its quality.
        services: what is offered here, in every version.
        place: what this kiosk's office is called.
        new_reference: draws one that was not given yet; inside a transaction.
        wake_printer: called when there is something to print.
        room: what may still be put on the disk.
        keep_days: how long an entry waits; 0: none is set aside.
        monotonic_s: seconds that only go forward.
    """

    def __init__(
        self,
        ledger: Ledger,
        jobs: PrintJobs,
        clock: Clock,
        services: Services,
        *,
        place: Callable[[], Text],
        new_reference: Callable[[], str],
        wake_printer: Callable[[], None],
        room: Room,
        keep_days: int = KEEP_DAYS,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ledger = ledger
        self._jobs = jobs
        self._clock = clock
        self._services = services
        self._place = place
        self._new_reference = new_reference
        self._wake_printer = wake_printer
        self._room = room
        self._keep_days = keep_days
        self._monotonic_s = monotonic_s
        self._entries = UnfinishedEntries(ledger)
        self._awaited: list[SetAside] = []  # whose paper is not out yet
        self._gone_s: dict[str, float] = {}  # since when her visit is over, by the entry's id
        with suppress(LedgerError):  # a full disk keeps no kiosk shut: next time
            self._entries.recover()

    def lets(self, entry: Entry, *, unasked: bool = False) -> bool:
        """Whether the entry can be set aside: there is something in it, and a paper may open it.

        Args:
            entry: what is being filled in.
            unasked: she has left without a word.
        """
        service = self._services.made_with(entry.definition)
        kinds = {ServiceKind.APPLICATION} if unasked else {*ServiceKind} - {ServiceKind.FEEDBACK}
        opens = service.descriptor.receipt_opens is ReceiptOpens.ANSWERS
        if not self._keep_days or service.descriptor.kind not in kinds or not opens:
            return False
        if unasked and service.descriptor.leave_quickly:
            return False  # a paper would tell whoever comes next
        if unasked and not self._jobs.printer_state().code.prints:
            return False  # nobody is there to be told
        return self._holds_answers(entry)

    def _holds_answers(self, entry: Entry) -> bool:
        """Whether it says more than a form that was just begun, and than other forms have told."""
        begun = Entry(entry.definition, language=entry.language, today=entry.today)
        theirs = {line.path: line.shown for line in begun.lines()}
        known = set(entry.known_paths())
        return any(
            line.given and theirs.get(line.path) != line.shown
            for line in entry.lines()
            if line.path not in known
        )

    def knows(self, reference: str) -> bool:
        """Whether a slip with that reference was printed here."""
        return self._entries.find_by_reference(reference) is not None

    def set_aside(self, entry: Entry, aside: Aside, before: Reopened | None = None) -> SetAside:
        """Seal the entry and have its slip printed; on the disk when this returns.

        Args:
            entry: what she has answered.
            aside: what else of the visit she will find again.
            before: the entry that a slip had opened, where this is that.

        Raises:
            LedgerFull: there is no room for it.
            LedgerError: the disk is broken.
        """
        service = self._services.made_with(entry.definition)
        secret, now = new_secret(), self._clock.now()
        body = seal_unfinished(packed(entry, service, aside), secret)
        files = [
            seal_unfinished_file(secret, index, attachment.data)
            for index, attachment in enumerate(entry.attachments())
        ]
        size = len(body) + sum(map(len, files))
        if size > ENTRY_BYTES_MAX or self._room.lacks(size) is not None:
            raise LedgerFull("There is no room for an unfinished entry.")
        until_ms = now.at_ms + self._keep_days * DAY_MS
        doubtful = now.quality is TimeQuality.UNKNOWN
        until = None if doubtful else local_date(Stamp(until_ms, now.quality))
        code = ResumeCode(self._ledger.enrolled_identity().kiosk_number, secret)
        made = before.id if before is not None else None
        with self._ledger.transaction():
            reference = self._new_reference()
            slip = self._slip(service, code, reference, until)
            has_printer = self._jobs.printer_state().code is not PrinterCode.NONE
            job = self._jobs.add_slip(slip.slip(), private=True) if has_printer else None
            self._entries.keep(
                unfinished_id(secret),
                reference,
                body,
                files,
                now=now,
                until_ms=until_ms,
                job=job,
                takes_place_of=made,
            )
        self._wake_printer()
        kept = SetAside(unfinished_id(secret), code, job, until, self._keep_days, made)
        self._awaited.append(kept)
        return kept

    def _slip(
        self, service: Service, code: ResumeCode, reference: str, until: date | None
    ) -> ResumeSlip:
        first = language()
        return ResumeSlip(
            code=code.text,
            reference=reference,
            service=service.descriptor.name,
            place=self._place(),
            days=self._keep_days,
            until=until,
            complaints=service.descriptor.contact.complaint_telephone or "",
            languages=(first, *(other for other in LANGUAGES if other != first)),
            sample=service.descriptor.sample or is_sample_office(self._ledger),
        )

    def find_scanned(self, text: str) -> SlipFound:
        """What the code of a resume slip is good for here."""
        code = find_code(text)
        if code is None:
            return SlipFound(SlipState.DAMAGED)
        entry = self._entries.find(unfinished_id(code.secret))
        if entry is None:
            if code.kiosk_number == self._ledger.enrolled_identity().kiosk_number:
                return SlipFound(SlipState.GONE)
            name = self._ledger.kiosk_name(code.kiosk_number)
            return SlipFound(SlipState.ELSEWHERE, kiosk=name)
        if entry.fate is Fate.KEPT:
            return SlipFound(SlipState.OPENS, code=code)
        return SlipFound(_OVER.get(entry.fate, SlipState.GONE))

    def find_typed(self, reference: str) -> SlipFound | None:
        """What is said of a slip's reference; it opens nothing."""
        entry = self._entries.find_by_reference(reference)
        if entry is None:
            return None
        state = SlipState.TYPED if entry.fate is Fate.KEPT else _OVER.get(entry.fate)
        return SlipFound(state or SlipState.GONE)

    def reopen(self, code: ResumeCode) -> Reopened:
        """Open the entry of a slip: it stays on the disk until it is handed in or set aside anew.

        Raises:
            NoSuchService: the service is not offered now; the entry stays.
            CannotOpen: it is no longer here, or damaged.
        """
        id_ = unfinished_id(code.secret)
        entry = self._entries.find(id_)
        if entry is None or entry.fate is not Fate.KEPT:
            raise CannotOpen("The unfinished entry is no longer here.")
        sealed = open_unfinished(entry.body, code.secret)
        files = [
            _file(code.secret, index, file)
            for index, file in enumerate(self._entries.files(entry.number))
        ]
        newest = self._services.newest(sealed["service"])
        before = self._services.find(sealed["service"], sealed["service_version"])
        today = local_date(self._clock.now())
        return reopened(id_, sealed, files, before=before, newest=newest, today=today)

    def handed_in(self, before: Reopened) -> None:
        """What a slip opened is an application now; inside its transaction."""
        self._entries.end_with_earlier(before.id, Fate.HANDED_IN)

    def photographed(self, aside: SetAside) -> None:
        """She has the code on her telephone: no paper is wanted any more.

        Raises:
            LedgerError: the disk is broken.
        """
        with self._ledger.transaction():
            self._entries.note_photographed(aside.id)
        if aside.job is not None:
            self._jobs.decline(aside.job)
        self._settle(aside, kept=True)

    def give_up(self, id_: str) -> None:
        """She wants nothing kept; what lies on the disk is erased.

        Raises:
            LedgerError: the disk is broken.
        """
        aside = next((one for one in self._awaited if one.id == id_), None)
        if aside is not None and aside.job is not None:
            self._jobs.decline(aside.job)
        self._await_no_more(id_)
        with self._ledger.transaction():
            self._entries.end_with_earlier(id_, Fate.ERASED)
        self._ledger.give_room_back()

    def mind(self, here: SetAside | None = None) -> None:
        """Look after slips whose paper is not out yet; called twice a second.

        Args:
            here: the one whose person still stands before the glass.
        """
        for aside in tuple(self._awaited):
            with suppress(LedgerError):  # the next look tries again
                self._mind(aside, is_here=aside is here)

    def _mind(self, aside: SetAside, *, is_here: bool) -> None:
        if not is_here:
            self._gone_s.setdefault(aside.id, self._monotonic_s())
        job = self._jobs.find(aside.job) if aside.job is not None else None
        lies = self._jobs.printer_state().code is PrinterCode.TICKET_LIES
        match job.state if job is not None else None:
            case JobState.PRINTED if lies:
                pass  # the presenter holds it out: she may take it yet
            case JobState.PRINTED if job is not None and job.retracted_ms is not None:
                self._settle(aside, kept=False)
            case JobState.PRINTED | JobState.UNKNOWN:
                self._settle(aside, kept=True)
            case JobState.SENDING:
                pass
            case JobState.QUEUED if is_here or self._may_come_out(aside):
                pass
            case JobState.QUEUED if not self._jobs.decline(aside.job or 0):
                pass  # it has just begun to print
            case _ if not is_here:
                self._settle(aside, kept=False)

    def _may_come_out(self, aside: SetAside) -> bool:
        in_time = self._monotonic_s() - self._gone_s[aside.id] < SLIP_WAITS_S
        return in_time and self._jobs.printer_state().code.prints

    def _settle(self, aside: SetAside, *, kept: bool) -> None:
        """The slip is in her hand, or the entry is erased and an earlier slip stays good."""
        with self._ledger.transaction():
            if not kept:
                self._entries.end(aside.id, Fate.ERASED)
            elif aside.takes_place_of is not None:
                self._entries.end_with_earlier(aside.takes_place_of, Fate.CONTINUED)
        self._await_no_more(aside.id)
        self._ledger.give_room_back()

    def _await_no_more(self, id_: str) -> None:
        self._awaited = [one for one in self._awaited if one.id != id_]
        self._gone_s.pop(id_, None)

    def erase_old(self) -> int:
        """Erase what waited in vain, while nobody is here. How many those are."""
        return self._entries.erase_old(self._keep_days)

    def count(self) -> int:
        """How many entries wait here."""
        return self._entries.count()


def _file(secret: bytes, index: int, sealed: bytes) -> bytes | None:
    """A photo or file again; None where the disk has damaged it, and she gives it anew."""
    try:
        return open_unfinished_file(secret, index, sealed)
    except CannotOpen:
        return None


_OVER = {Fate.CONTINUED: SlipState.CONTINUED, Fate.HANDED_IN: SlipState.HANDED_IN}
