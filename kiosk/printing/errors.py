"""What can go wrong with a printer, and what people are told about it.

    PrinterError
    ├── PrinterMissing   no printer at the port, or it was unplugged
    ├── PrinterSilent    it is there but neither takes bytes nor answers
    ├── PaperOut         it has no paper
    ├── CoverOpen        its cover is open
    ├── PrinterHot       its head must cool down; then it goes on by itself
    └── PrinterFault     it says that it cannot go on
        └── KnifeStuck   because its knife is stuck

Paper is never the blocker: each is a sentence on the screen while everything else goes on.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from kiosk.language import N_
from kiosk.trouble import Trouble
from sync.sentence import Sentence


class PrinterCode(StrEnum):
    """How the printer is, as the screen and the technician are told."""

    NONE = "none"
    STARTING = "starting"
    READY = "ready"
    PAPER_LOW = "paper-low"
    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    MISSING = "missing"
    SILENT = "silent"
    FAULT = "fault"
    COOLING = "cooling"
    TICKET_LIES = "ticket-lies"

    @property
    def prints(self) -> bool:
        """Whether a receipt would come out now, or soon and without anybody's help."""
        return self in {
            PrinterCode.READY,
            PrinterCode.PAPER_LOW,
            PrinterCode.COOLING,
            PrinterCode.TICKET_LIES,
        }


SENTENCES = {
    PrinterCode.NONE: N_("This kiosk has no printer. Please write down your reference."),
    PrinterCode.STARTING: N_("The printer is starting."),
    PrinterCode.READY: N_("The printer is ready."),
    PrinterCode.PAPER_LOW: N_("The printer is ready. Its paper will soon be used up."),
    PrinterCode.PAPER_OUT: N_(
        "The printer has no paper. Please ask the staff to put in a new roll."
    ),
    PrinterCode.COVER_OPEN: N_("The printer's cover is open. Please ask the staff to close it."),
    PrinterCode.MISSING: N_(
        "The printer is not connected. Please ask the staff to check its cable."
    ),
    PrinterCode.SILENT: N_("The printer does not answer. Please ask the staff to switch it on."),
    PrinterCode.FAULT: N_("The printer cannot go on. Please ask the staff to look at it."),
    PrinterCode.COOLING: N_("The printer is too hot. It goes on when it has cooled down."),
    PrinterCode.TICKET_LIES: N_("A receipt lies in the printer. Please take it."),
}


@dataclass(frozen=True, slots=True)
class PrinterState:
    """How the printer is, and since when (Unix time)."""

    code: PrinterCode
    since_ms: int

    @property
    def sentence(self) -> str:
        """What people are told; translate it where it is shown."""
        return SENTENCES[self.code]


class PrinterError(Trouble):
    """The printer cannot print now."""

    code: ClassVar[PrinterCode] = PrinterCode.FAULT

    def __init__(self, detail: str = "") -> None:
        self.detail = detail  # for the technician
        sentence = Sentence(SENTENCES[self.code])
        if detail:
            sentence = Sentence("%(sentence)s (%(detail)s)", sentence=sentence, detail=detail)
        super().__init__(sentence)


class PrinterMissing(PrinterError):
    """There is no printer at the port, or it was unplugged."""

    code = PrinterCode.MISSING


class PrinterSilent(PrinterError):
    """The printer neither takes bytes nor answers."""

    code = PrinterCode.SILENT


class PaperOut(PrinterError):
    """The printer has no paper."""

    code = PrinterCode.PAPER_OUT


class CoverOpen(PrinterError):
    """The printer's cover is open."""

    code = PrinterCode.COVER_OPEN


class PrinterHot(PrinterError):
    """The printer's head must cool down; then it goes on by itself."""

    code = PrinterCode.COOLING


class PrinterFault(PrinterError):
    """The printer says that it cannot go on."""

    code = PrinterCode.FAULT


class KnifeStuck(PrinterFault):
    """The printer's knife is stuck."""
