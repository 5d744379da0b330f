"""How the kiosk is, in sentences for whoever stands before it.

Only what matters to her is said: that paper is missing, that there is no line at the moment, that
the storage is full. Each sentence says what happens next, so that nobody is left wondering.
"""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.language import N_, in_language, language
from kiosk.printing.errors import PrinterCode
from kiosk.printing.paper import PaperState


class Line(StrEnum):
    """How the road to central is."""

    GOOD = "good"
    AWAY = "away"  # no connection at the moment
    NOT_CENTRAL = "not-central"  # somebody else answers: a login page, a proxy
    TROUBLED = "troubled"  # central is there but cannot work now


PAPER_SENTENCES = {
    PrinterCode.PAPER_OUT: N_("The printer has no paper. Receipts are kept and printed later."),
    PrinterCode.COVER_OPEN: N_("The printer is open. Please close it. Receipts are kept."),
    PrinterCode.MISSING: N_("The printer does not answer. Receipts are kept and printed later."),
    PrinterCode.SILENT: N_("The printer does not answer. Receipts are kept and printed later."),
    PrinterCode.FAULT: N_("The printer has a fault. Receipts are kept and printed later."),
}
PAPER_SOON_SENTENCE = N_("The printer's paper will soon be used up. Please tell the staff.")
STORAGE_SENTENCE = N_("This kiosk's storage is full. Please tell the staff.")
NO_FILES_SENTENCE = N_("No photos or files can be added now. You can apply without them.")
CLOCK_SENTENCE = N_("This kiosk does not know the right time. Your application is safe.")
ALL_SENT = N_("All that was handed in here has been sent.")
NOT_YET_SENT = N_(
    "Not yet sent: applications %(applications)d, documents %(documents)d. "
    "They are sent by themselves as soon as there is a line."
)
OUTDATED = N_(
    "The ministry should have looked at these services again by now: %(services)s. "
    "They go on as before."
)
LINE_SENTENCES = {
    Line.AWAY: N_("There is no line at the moment."),
    Line.NOT_CENTRAL: N_(
        "The network asks somebody to sign in, or lets nothing through. Please tell the technician."
    ),
    Line.TROUBLED: N_("The other end cannot take anything now. The kiosk tries again by itself."),
}


@dataclass(frozen=True, slots=True)
class Health:
    """What the screen may have to say about the kiosk itself."""

    printer: PrinterCode
    line: Line
    waiting_count: int  # applications kept here and not yet sent
    documents_waiting: int  # documents and photos that are not whole at central
    can_keep: bool  # False: the storage is too full for another application
    clock_doubtful: bool
    paper: PaperState | None = None  # of the roll; None without a printer
    takes_files: bool = True  # False: what the disk has left belongs to applications

    @property
    def paper_ends_soon(self) -> bool:
        """Whether the printer says so, or its roll has been used up as far as rolls here go."""
        if self.printer is PrinterCode.PAPER_LOW:
            return True
        return self.paper is not None and self.paper.ends_soon and self.printer.prints

    def sentences(self) -> tuple[str, ...]:
        """What to tell, most important first, in the current language; empty when all is well."""
        told = []
        if not self.can_keep:
            told.append(STORAGE_SENTENCE)
        elif not self.takes_files:
            told.append(NO_FILES_SENTENCE)
        if self.printer in PAPER_SENTENCES:
            told.append(PAPER_SENTENCES[self.printer])
        if self.clock_doubtful:
            told.append(CLOCK_SENTENCE)
        if self.paper_ends_soon:
            told.append(PAPER_SOON_SENTENCE)
        return tuple(in_language(language(), sentence) for sentence in told)

    def road(self) -> str:
        """How far what was handed in has got, and why no further, for the staff."""
        said = ALL_SENT
        if self.waiting_count or self.documents_waiting:
            said = NOT_YET_SENT
        told = in_language(
            language(),
            said,
            applications=self.waiting_count,
            documents=self.documents_waiting,
        )
        why = LINE_SENTENCES.get(self.line)
        return f"{told} {in_language(language(), why)}" if why else told


def outdated_words(services: tuple[str, ...]) -> str:
    """That the sheets of these may be out of date, for staff."""
    return in_language(language(), OUTDATED, services=", ".join(services))
