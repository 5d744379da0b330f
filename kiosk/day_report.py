"""The clerk's day report: what was handed in here today, on paper for the office's book.

Only counts, and nobody's name or reference: it may lie on the desk. The code at its end is the same
every day: held under the scanner it prints the report of that day, so yesterday's paper is the key
to today's, without a screen for staff that citizens would find.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kiosk.forms.descriptor import Text
from kiosk.language import (
    LANGUAGES,
    N_,
    VIENTIANE,
    format_date,
    format_day_and_time,
    in_language,
    language,
    local_date,
)
from kiosk.printing.bilingual import on_one_line
from kiosk.printing.paper import PaperRoll
from kiosk.printing.slip import Item, Rule, Size, Slip, Space, Square, Words
from kiosk.services import Services
from sync.ledger import Ledger
from sync.records import Kind, Stamp

CODE = "ONE-DOOR KIOSK DAY REPORT"

TITLE = N_("Day report")
KIOSK = N_("Kiosk %(number)s")
APPLICATIONS = N_("Applications: %(count)s")
COMPLAINTS = N_("Complaints: %(count)s")
OPINIONS = N_("Opinions: %(count)s")
NOTHING = N_("Nothing was handed in.")
WAITING = N_("Still to be sent: %(count)s")
HEARD = N_("Central was last heard: %(day)s")
NEVER_HEARD = N_("Central has not been heard yet.")
PAPERS = N_("Papers still to be printed: %(count)s")
ROLL = N_("Paper used of this roll: %(metres)s m")
PAPER_ENDS = N_("The paper may end on about %(day)s.")
SIGNATURE = N_("Name and signature")
SCAN = N_("Scan this code at the kiosk: it prints the report of that day.")
SIGNATURE_MM = 14.0


@dataclass(frozen=True, slots=True)
class DayReport:
    """One day at one kiosk."""

    day: date
    office: Text
    kiosk_number: int
    applications: tuple[tuple[Text, int], ...]  # by service, most first
    complaint_count: int
    opinion_count: int
    waiting_count: int  # of all days
    last_heard: Stamp | None
    papers_waiting_count: int
    roll_used_m: float
    paper_ends: date | None  # as far as it can be foreseen
    printed: Stamp
    languages: tuple[str, ...] = ("lo", "en")

    def slip(self) -> Slip:
        """What stands on its paper."""
        return Slip(tuple(self._items()))

    def _items(self) -> Iterator[Item]:
        yield Words(self._both(TITLE), Size.HEADING, bold=True, centred=True)
        yield Words(format_date(self.day, self.languages[0]), bold=True, centred=True)
        yield Words(self.office.of(self.languages[0]), centred=True)
        yield Words(self._both(KIOSK, number=self.kiosk_number), Size.SMALL, centred=True)
        yield Rule()
        yield from self._handed_in()
        yield Rule()
        yield Words(self._both(WAITING, count=self.waiting_count), Size.SMALL)
        yield Words(self._heard(), Size.SMALL)
        first = self.languages[0]
        papers = in_language(first, PAPERS, count=self.papers_waiting_count)
        yield Words(papers, Size.SMALL)
        metres = f"{self.roll_used_m:.1f}"
        yield Words(in_language(first, ROLL, metres=metres), Size.SMALL)
        if self.paper_ends is not None:
            day = format_date(self.paper_ends, first)
            yield Words(in_language(first, PAPER_ENDS, day=day), Size.SMALL, icon="warning")
        yield Rule()
        yield Words(self._both(SIGNATURE), Size.SMALL)
        yield Space(SIGNATURE_MM)
        yield Rule()
        yield Square(CODE)
        for code in self.languages:
            yield Words(in_language(code, SCAN), Size.SMALL, centred=True)
        yield Words(format_day_and_time(self.printed, first), Size.SMALL, centred=True)

    def _handed_in(self) -> Iterator[Item]:
        total = sum(count for _service, count in self.applications)
        if not (total or self.complaint_count or self.opinion_count):
            for code in self.languages:
                yield Words(in_language(code, NOTHING))
            return
        yield Words(self._both(APPLICATIONS, count=total), bold=True, icon="documents")
        for service, count in self.applications:
            yield Words(f"{count} × {service.of(self.languages[0])}")
        yield Words(self._both(COMPLAINTS, count=self.complaint_count), icon="complain")
        yield Words(self._both(OPINIONS, count=self.opinion_count), icon="face-glad")

    def _heard(self) -> str:
        first = self.languages[0]
        if self.last_heard is None:
            return in_language(first, NEVER_HEARD)
        return in_language(first, HEARD, day=format_day_and_time(self.last_heard, first))

    def _both(self, message: str, **places: object) -> str:
        return on_one_line(self.languages, message, **places)


def report_of_today(
    ledger: Ledger, papers_waiting_count: int, services: Services, office: Text, now: Stamp
) -> DayReport:
    """What was handed in at this kiosk on the day that it is now."""
    today = local_date(now)
    counts = ledger.taken_counts(*_bounds_ms(today))
    state, roll = ledger.exchange_state(), PaperRoll(ledger).state(today)
    names = {service.id: service.descriptor.name for service in services.all()}
    return DayReport(
        day=today,
        office=office,
        kiosk_number=ledger.enrolled_identity().kiosk_number,
        applications=tuple(
            (names.get(service, Text({"en": service})), count)
            for (kind, service), count in counts.items()
            if kind is Kind.APPLICATION
        ),
        complaint_count=_sum(counts, Kind.COMPLAINT),
        opinion_count=_sum(counts, Kind.FEEDBACK),
        waiting_count=state.waiting_count,
        last_heard=state.last_success,
        papers_waiting_count=papers_waiting_count,
        roll_used_m=roll.used_mm / 1000,
        paper_ends=roll.ends_on(today),
        printed=now,
        languages=(language(), *(other for other in LANGUAGES if other != language())),
    )


def _sum(counts: Mapping[tuple[Kind, str], int], kind: Kind) -> int:
    return sum(count for (one, _service), count in counts.items() if one is kind)


def _bounds_ms(day: date) -> tuple[int, int]:
    """The day's first millisecond and the next day's, as the office's clock has them."""
    begins = datetime.combine(day, time(), VIENTIANE)
    ends = begins + timedelta(days=1)
    return round(begins.timestamp() * 1000), round(ends.timestamp() * 1000)
