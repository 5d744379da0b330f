"""How much paper is left: counted as it is printed, learned from each roll that came to its end.

Cheap printers say nothing before the last millimetre, so the kiosk counts. A roll is new when the
printer has paper again after it had none, or says no more that it is nearly over. How fast paper
goes is what the last four weeks used, closed days included, so the end is foreseen as a day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from kiosk.language import local_date
from kiosk.printing.errors import PrinterCode
from kiosk.printing.escpos import Block
from kiosk.printing.profile import PrinterProfile
from sync.ledger import Ledger
from sync.records import Stamp
from sync.store import our_words

ROLL_MM = 25_000  # the least that shops sell for 58 and 80 mm printers; learned at the first end
SOON_MM = 1_500  # about nine receipts
DAYS_LOOKED_BACK = 28
DAYS_KEPT = 60
LEARNED_MM_MIN = 2_000  # a shorter roll was only the rest of one


@dataclass(frozen=True, slots=True)
class PaperState:
    """What is known of the roll in the printer."""

    used_mm: int
    length_mm: int  # of a roll, as learned or assumed
    is_learned: bool
    per_day_mm: float  # 0: nothing has been printed these weeks

    @property
    def left_mm(self) -> int:
        """How much there should still be."""
        return max(0, self.length_mm - self.used_mm)

    @property
    def ends_soon(self) -> bool:
        """Whether so much has been used that little is left, as far as rolls here go."""
        return self.is_learned and self.left_mm < SOON_MM

    def ends_on(self, today: date) -> date | None:
        """The day on which it should end; None while nothing can be foreseen."""
        if not self.per_day_mm:
            return None
        return today + timedelta(days=ceil(self.left_mm / self.per_day_mm))


class PaperRoll:
    """The roll in the printer, as the ledger knows it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def used(self, length_mm: int, day: date) -> None:
        """So much paper has gone through."""
        with self._ledger.transaction():
            self._run("UPDATE paper_roll SET used_mm = used_mm + ?", length_mm)
            self._run(
                "INSERT INTO paper_days VALUES (?, ?) "
                "ON CONFLICT (day) DO UPDATE SET mm = mm + excluded.mm",
                day.isoformat(),
                length_mm,
            )
            oldest = day - timedelta(days=DAYS_KEPT)
            self._run("DELETE FROM paper_days WHERE day < ?", oldest.isoformat())

    def printer_is(self, code: PrinterCode) -> None:
        """What the printer says now; call it when that changes."""
        used_mm, nearly_over, is_over = self._row("used_mm, nearly_over, is_over")
        with self._ledger.transaction():
            match code:
                case PrinterCode.PAPER_OUT if not is_over:
                    if used_mm >= LEARNED_MM_MIN:
                        self._run("UPDATE paper_roll SET length_mm = used_mm")
                    self._run("UPDATE paper_roll SET is_over = 1")
                case PrinterCode.READY if nearly_over or is_over:
                    self._begin_anew()
                case PrinterCode.PAPER_LOW:
                    if is_over:  # another roll, itself nearly over
                        self._begin_anew()
                    self._run("UPDATE paper_roll SET nearly_over = 1")

    def changed(self) -> None:
        """There is a new roll in the printer, says the printer or a technician."""
        with self._ledger.transaction():
            self._begin_anew()

    def _begin_anew(self) -> None:
        self._run("UPDATE paper_roll SET used_mm = 0, nearly_over = 0, is_over = 0")

    def state(self, today: date) -> PaperState:
        """What is known now."""
        used_mm, length_mm = self._row("used_mm, length_mm")
        first = (today - timedelta(days=DAYS_LOOKED_BACK - 1)).isoformat()
        with our_words():
            since, total = self._ledger.database.execute(
                "SELECT min(day), sum(mm) FROM paper_days WHERE day BETWEEN ? AND ?",
                (first, today.isoformat()),
            ).fetchone()
        days = (today - date.fromisoformat(since)).days + 1 if since else 1
        return PaperState(
            used_mm=used_mm,
            length_mm=length_mm or ROLL_MM,
            is_learned=length_mm is not None,
            per_day_mm=(total or 0) / days,
        )

    def _row(self, columns: str) -> tuple[int, ...]:
        with our_words():
            row: tuple[int, ...] = self._ledger.database.execute(
                f"SELECT {columns} FROM paper_roll"  # noqa: S608 - our own words
            ).fetchone()
        return row

    def _run(self, statement: str, *values: object) -> None:
        self._ledger.database.execute(statement, values)


class PaperMeter:
    """Measures what is sent to a printer; the printing thread's own."""

    def __init__(self, profile: PrinterProfile) -> None:
        self._profile = profile
        self._moved_dots = 0  # that are not yet written down
        self._code: PrinterCode | None = None

    def measured(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """The same blocks; each counts when the printer gets it."""
        for block in blocks:
            self._moved_dots += block.dots
            yield block

    def note(self, ledger: Ledger, code: PrinterCode, now: Stamp) -> None:
        """Write down what has moved, then what the printer says of its paper."""
        roll = PaperRoll(ledger)
        if self._moved_dots:
            roll.used(round(self._profile.length_mm(self._moved_dots)), local_date(now))
            self._moved_dots = 0
        if code is not self._code:
            roll.printer_is(code)
            self._code = code
