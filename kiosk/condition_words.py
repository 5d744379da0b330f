"""The technician's page in words: what has to be done first, then each part of the kiosk.

Whole sentences of the current language, with the numbers in them; what a machine is called
(an address, a port, a setting, a command) stays as it is typed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk import VERSION
from kiosk.condition import Condition, Road
from kiosk.config import KioskConfig
from kiosk.health import outdated_words
from kiosk.language import N_, _, format_date, format_day_and_time, format_number
from kiosk.printing.errors import PrinterCode
from kiosk.printing.profile import PrinterProfile
from kiosk.room import NoRoom
from kiosk.technician import Carried, Findings
from sync.budget import MEGABYTE
from sync.facts import Problem
from sync.pace import Limits
from sync.queue import Queued
from sync.records import Outcome, Stamp, TimeQuality
from sync.stick import Visit

GIGABYTE = 1_000_000_000
FREE_BYTES_LOW = GIGABYTE  # a month of photos of a busy kiosk

TO_DO = N_("To do")
NOTHING_TO_DO = N_("Nothing has to be done here.")
LIVES_TWICE = N_(
    "Another kiosk runs under this one's number. Nothing is lost. Ask central for a one-time code "
    "and run:\nkiosk provision --code CODE"
)
MISSING = N_(
    "Applications missing from the log: %(count)s. Keep this disk. Run: kiosk queue verify"
)
SOME_SET_ASIDE = N_("Central has set something aside: %(count)s. See below what to do.")
NOT_UNDERSTOOD = N_(
    "Central sends what this program does not understand: %(count)s. Install the newer program."
)
NO_CLOCK = N_("The clock is not known. The next exchange with central sets it.")
RESERVE_REACHED = N_(
    "Only %(mb)s MB of this disk are free: photos and files are not taken, applications are. "
    "Delete what does not belong to the kiosk, or let it send what waits."
)
DAY_FULL = N_(
    "Today brought as many photos and files as a day may. Applications without them are taken."
)
LITTLE_ROOM = N_("Only %(mb)s MB of this disk are free.")
PAPER_SOON = N_("The paper will soon be used up. Bring a new roll.")

LINE = N_("Line")
HEARD = N_("Central was last heard on %(time)s.")
NEVER_HEARD = N_("Central has never been heard.")
PROBLEM = N_("The last try failed on %(time)s. %(words)s (%(detail)s)")
PROBLEMS = {
    Problem.UNREACHABLE: N_("There is no line to central. Look at the modem, cable and SIM card."),
    Problem.TOO_SLOW: N_("The line is too slow. The kiosk tries again with less at a time."),
    Problem.NOT_CENTRAL: N_(
        "Somebody else answers in central's place: perhaps a login page. Sign in to that network."
    ),
    Problem.CENTRAL_FAULT: N_("Central is there but cannot work now. The kiosk tries again."),
    Problem.REFUSED: N_("Central does not accept this kiosk. Call central."),
    Problem.BAD_ANSWER: N_("Central's answer was not whole. The kiosk tries again."),
    Problem.NOT_ENROLLED: N_("This kiosk is not enrolled. Run: kiosk provision"),
    Problem.DISK_FULL: N_("This kiosk's disk is full."),
    Problem.LEDGER: N_("This kiosk's ledger cannot be read or written. Run: kiosk queue verify"),
    Problem.UNEXPECTED: N_("Something unexpected happened. Keep the log and call for help."),
}
ADDRESS = N_("Central's address: %(address)s")
RELAY = N_("Or by the neighbour's line: %(address)s")
WAITING = N_("Waiting")
WAITING_APPLICATIONS = N_("Applications: %(count)s")
WAITING_DOCUMENTS = N_("Documents and photos: %(count)s, %(mb)s MB")
DATA = N_("Data")
SPENT_OF = N_("Documents sent today: %(mb)s of %(allowed)s MB")
SPENT = N_("Documents sent today: %(mb)s MB, no limit by day")
SPENT_UP = N_("No more documents go in this hour. Applications and news do.")
PACE = N_("One request carries up to %(kb)s kB, a document goes in pieces of %(piece_kb)s kB.")
SET_ASIDE = N_("Set aside")
NONE_SET_ASIDE = N_("Central has set nothing aside.")
ASIDE = N_("%(reference)s, number %(number)s: %(reason)s")
NO_REFERENCE = N_("Without a reference")
REASONS = {
    Outcome.CONFLICT: N_(
        "its place belongs to another one. Central keeps both; an officer there releases it."
    ),
    Outcome.UNREADABLE: N_(
        "central cannot read it. Who holds its receipt hands it in again here; "
        "an officer at central can release it."
    ),
}
BOOKS = N_("Books")
COUNTED = N_("Accepted %(accepted)s = delivered %(delivered)s + waiting %(waiting)s")
NONE_MISSING = N_("Nothing is missing.")
CLOCK = N_("Clock")
QUALITIES = {
    TimeQuality.TRUSTED: N_("%(time)s, from central"),
    TimeQuality.ESTIMATED: N_("%(time)s, from this machine"),
    TimeQuality.UNKNOWN: N_("%(time)s, not to be believed"),
}
PRINTER = N_("Printer")
PRINTER_IS = N_("%(title)s at %(port)s, %(baud)s baud")
NO_PRINTER = N_("No printer is set. Run:\nkiosk printer detect --keep")
SINCE = N_("It is so since %(time)s.")
JOBS = N_("Papers waiting: %(count)s")
PAPER = N_("Paper")
ROLL = N_("Used of this roll: %(used)s m. Left: about %(left)s m.")
ASSUMED = N_("How long a roll is here is learned when the first one ends.")
ENDS = N_("It should end on about %(day)s, at %(per_day)s m a day.")
DISK = N_("Disk")
FREE = N_("Free: %(gb)s GB. For applications only: %(reserve_gb)s GB")
KIOSK = N_("Kiosk")
NUMBER = N_("Number %(number)s, %(office)s")
DEVICE = N_("Device: %(device)s")
PROGRAM = N_("Program")
VERSION_IS = N_("Version %(version)s")
SERVICES = N_("Services")
NO_SERVICES = N_("No services have arrived yet.")
CHECKS = N_("Checks")
CHECKING = N_("Everything is being checked. It takes up to half a minute.")
STICK = N_("USB stick")
STICK_IS_IN = N_("A stick is in. “USB stick” takes in its answers and writes what waits onto it.")
NO_STICK = N_("None is in. Put one in to carry what waits to central.")
CARRYING = N_("The stick is being written. Leave it in.")
STICK_FAILED = N_("The stick cannot be read or written, or is full. Take another one.")
STICK_BROUGHT = N_("From the stick: answers %(answers)s, confirmed %(confirmed)s, news %(news)s.")
STICK_TOOK = N_(
    "On the stick: applications %(applications)s, documents %(documents)s, %(mb)s MB. "
    "Carry it to central."
)
STICK_UNREAD = N_("Answers that are not whole: %(count)s. Have them copied again.")
STICK_LEFT = N_("Documents left here: %(count)s. Take a larger stick for them.")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the kiosk and what is to be said of it."""

    icon: str
    name: str
    lines: tuple[str, ...]


def parts_of(
    condition: Condition,
    config: KioskConfig,
    profile: PrinterProfile | None,
    limits: Limits | None,
    office: str,
) -> Iterator[Part]:
    """All that a technician is told, in the current language; first what has to be done."""
    road = condition.road
    to_do = tuple(_to_do(condition))
    yield Part("warning" if to_do else "tick-ring", _(TO_DO), to_do or (_(NOTHING_TO_DO),))
    yield Part("no-line" if road.state.last_problem else "tick-ring", _(LINE), _line(road, config))
    yield Part("hourglass", _(WAITING), _waiting(road))
    yield Part("documents", _(DATA), tuple(_data(road, limits)))
    aside = tuple(map(_aside, condition.set_aside))
    yield Part("send-back", _(SET_ASIDE), aside or (_(NONE_SET_ASIDE),))
    yield Part("document", _(BOOKS), tuple(_books(road)))
    yield Part("clock", _(CLOCK), (_clock(condition.now),))
    yield Part("printer", _(PRINTER), tuple(_printer(condition, profile, config.printer_port)))
    if profile is not None:
        yield Part("receipt", _(PAPER), tuple(_paper(condition)))
    yield Part("info", _(DISK), (_free(condition),))
    number = _(NUMBER, number=condition.kiosk_number, office=office)
    yield Part("office", _(KIOSK), (number, _(DEVICE, device=condition.device)))
    yield Part("info", _(PROGRAM), (_(VERSION_IS, version=VERSION),))
    yield Part("documents", _(SERVICES), condition.services or (_(NO_SERVICES),))


def stick_part(carried: Carried | None, *, is_in: bool, is_carrying: bool) -> Part:
    """Whether a stick is in, whether it must stay in, and what the last one took and brought."""
    if is_carrying:
        return Part("hourglass", _(STICK), (_(CARRYING),))
    told = carried_lines(carried.done) if carried is not None else ()
    return Part("documents", _(STICK), (*told, _(STICK_IS_IN if is_in else NO_STICK)))


def checks_part(findings: Findings | None, *, is_examining: bool) -> Part | None:
    """What came of checking everything; None: nobody has asked for it."""
    if is_examining:
        return Part("hourglass", _(CHECKS), (_(CHECKING),))
    return None if findings is None else Part("info", _(CHECKS), findings())


def carried_lines(done: Visit | None) -> tuple[str, ...]:
    """What came of carrying; None: it failed."""
    if done is None:
        return (_(STICK_FAILED),)
    brought = _(STICK_BROUGHT, answers=done.answers, confirmed=done.acknowledged, news=done.news)
    took = _(
        STICK_TOOK,
        applications=done.envelopes,
        documents=done.documents,
        mb=_mb(done.bytes_written),
    )
    lines = [brought, took]
    if done.unreadable:
        lines.append(_(STICK_UNREAD, count=done.unreadable))
    if done.documents_left:
        lines.append(_(STICK_LEFT, count=done.documents_left))
    return tuple(lines)


def _to_do(condition: Condition) -> Iterator[str]:
    road, roll = condition.road, condition.papers.roll
    if road.books.missing:
        yield _(MISSING, count=road.books.missing)
    if road.lives_twice:
        yield _(LIVES_TWICE)
    if road.state.last_problem is not None:
        yield _(PROBLEMS[road.state.last_problem.problem])
    if condition.set_aside:
        yield _(SOME_SET_ASIDE, count=len(condition.set_aside))
    if road.unread_count:
        yield _(NOT_UNDERSTOOD, count=road.unread_count)
    yield from _room(condition)
    if not condition.printer.code.prints and condition.printer.code is not PrinterCode.STARTING:
        yield _(condition.printer.sentence)
    elif condition.printer.code is PrinterCode.PAPER_LOW or roll.ends_soon:
        yield _(PAPER_SOON)
    if condition.now.quality is TimeQuality.UNKNOWN:
        yield _(NO_CLOCK)
    if condition.outdated:
        yield outdated_words(condition.outdated)


def _room(condition: Condition) -> Iterator[str]:
    if condition.no_room is NoRoom.RESERVE:
        yield _(RESERVE_REACHED, mb=_mb(condition.free_bytes))
    elif condition.no_room is not None:
        yield _(DAY_FULL)
    elif condition.free_bytes < FREE_BYTES_LOW:
        yield _(LITTLE_ROOM, mb=_mb(condition.free_bytes))


def _line(road: Road, config: KioskConfig) -> tuple[str, ...]:
    state, lines = road.state, []
    if state.last_problem is not None:
        problem = state.last_problem
        words, time = _(PROBLEMS[problem.problem]), format_day_and_time(problem.at)
        lines.append(_(PROBLEM, time=time, words=words, detail=problem.detail))
    if state.last_success is not None:
        lines.append(_(HEARD, time=format_day_and_time(state.last_success)))
    else:
        lines.append(_(NEVER_HEARD))
    lines.append(_(ADDRESS, address=config.central_url))
    if config.relay_url:
        lines.append(_(RELAY, address=config.relay_url))
    return tuple(lines)


def _waiting(road: Road) -> tuple[str, ...]:
    numbers = road.numbers
    documents = _(
        WAITING_DOCUMENTS,
        count=format_number(numbers.documents),
        mb=_mb(numbers.document_bytes),
    )
    return (_(WAITING_APPLICATIONS, count=format_number(numbers.envelopes)), documents)


def _data(road: Road, limits: Limits | None) -> Iterator[str]:
    if road.day_bytes is None:
        yield _(SPENT, mb=_mb(road.spent_bytes))
    else:
        yield _(SPENT_OF, mb=_mb(road.spent_bytes), allowed=_mb(road.day_bytes))
    if road.is_spent:
        yield _(SPENT_UP)
    if limits is not None:
        kilobytes = limits.slice_bytes_max // 1000, limits.piece_bytes_max // 1000
        yield _(PACE, kb=format_number(kilobytes[0]), piece_kb=format_number(kilobytes[1]))


def _aside(item: Queued) -> str:
    assert item.outcome is not None  # it was set aside by central's word
    return _(
        ASIDE,
        reference=item.reference or _(NO_REFERENCE),
        number=item.sequence,
        reason=_(REASONS[item.outcome]),
    )


def _books(road: Road) -> Iterator[str]:
    books = road.books
    yield _(
        COUNTED,
        accepted=format_number(books.accepted),
        delivered=format_number(books.delivered),
        waiting=format_number(books.waiting),
    )
    yield _(MISSING, count=books.missing) if books.missing else _(NONE_MISSING)


def _clock(now: Stamp) -> str:
    trusted = Stamp(now.at_ms, TimeQuality.TRUSTED)  # the quality is said in words of its own
    return _(QUALITIES[now.quality], time=format_day_and_time(trusted))


def _printer(condition: Condition, profile: PrinterProfile | None, port: str) -> Iterator[str]:
    if profile is None:
        yield _(NO_PRINTER)
        return
    yield _(PRINTER_IS, title=profile.title, port=port, baud=profile.baud)
    yield _(condition.printer.sentence)
    since = Stamp(condition.printer.since_ms, TimeQuality.TRUSTED)
    yield _(SINCE, time=format_day_and_time(since))
    yield _(JOBS, count=format_number(condition.papers.waiting_count))


def _paper(condition: Condition) -> Iterator[str]:
    papers = condition.papers
    yield _(ROLL, used=_metres(papers.roll.used_mm), left=_metres(papers.roll.left_mm))
    if not papers.roll.is_learned:
        yield _(ASSUMED)
    if papers.ends_on is not None:
        yield _(ENDS, day=format_date(papers.ends_on), per_day=_metres(papers.roll.per_day_mm))


def _mb(bytes_: int) -> str:
    return format_number(round(bytes_ / MEGABYTE, 1))


def _free(condition: Condition) -> str:
    return _(
        FREE,
        gb=format_number(round(condition.free_bytes / GIGABYTE, 1)),
        reserve_gb=format_number(round(condition.reserve_bytes / GIGABYTE, 1)),
    )


def _metres(length_mm: float) -> str:
    return format_number(round(length_mm / 1000, 1))
