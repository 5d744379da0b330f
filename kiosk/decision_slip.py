"""The decision slip: what the office answered, on paper, for whoever holds the receipt.

She asks for it herself, after her receipt opened the office's words, so the words are on it: it is
as private as a letter. It proves nothing, and says so: only the receipt does. Its code holds the
reference alone, which finds a status and opens nothing.
"""

from collections.abc import Iterator

from kiosk.finding import Found
from kiosk.forms.descriptor import Text
from kiosk.language import N_, format_date, format_day_and_time, in_language
from kiosk.printing.slip import Code, Item, Mark, Rule, Size, Slip, Space, Square, Words
from sync.records import Stamp

GROUP_GAP_MM = 1.0
SAMPLE = N_("Sample data")
TITLE = N_("Answer from the office")
REASON = N_("Reason")
WRITES = N_("The office writes to you")
CORRECT = N_("Please correct")
NEXT = N_("What happens next")
LAW = N_("Legal basis")
DECIDERS = N_("Decided by")
CORRECTION = N_("Correction")
DUE = N_("Answer promised by")
HANDED_IN = N_("Handed in")
NO_PROOF = N_("This paper repeats what the kiosk shows. Your receipt is the proof: keep it.")
PRINTED_AT = N_("Printed at %(office)s, %(day)s")


def decision_slip(
    found: Found, office: Text, printed: Stamp, language: str, *, sample: bool
) -> Slip:
    """What stands on the paper; `found` is in the language that is current."""
    return Slip(tuple(_items(found, office, printed, language, sample=sample)))


def _items(
    found: Found, office: Text, printed: Stamp, language: str, *, sample: bool
) -> Iterator[Item]:
    def said(message: str, **places: object) -> str:
        return in_language(language, message, **places)

    if sample:
        yield Mark(said(SAMPLE))
    yield Words(said(TITLE), bold=True, centred=True)
    yield Code(found.reference)
    if found.service is not None:
        yield Words(found.service.of(language), centred=True)
    yield Rule()
    yield Words(found.progress.title, Size.HEADING, bold=True)
    if found.since is not None:
        yield Words(format_day_and_time(found.since, language), Size.SMALL)
    for icon, heading, lines in _told(found, language):
        yield Space(GROUP_GAP_MM)
        yield Words(said(heading), bold=True, icon=icon)
        for line in lines:
            yield Words(line)
    if found.recorded is not None:
        when = format_day_and_time(found.recorded, language)
        yield Words(f"{said(HANDED_IN)}: {when}", Size.SMALL)
    yield Square(found.reference)
    yield Rule()
    yield Words(said(NO_PROOF), Size.SMALL, bold=True)
    day = format_day_and_time(printed, language)
    yield Words(said(PRINTED_AT, office=office.of(language), day=day), Size.SMALL)


def _told(found: Found, language: str) -> Iterator[tuple[str, str, list[str]]]:
    """Icon, heading and lines, most wanted first."""
    if found.reason is not None:
        yield "info", REASON, [found.reason.of(language)]
    if found.words is not None:
        yield "document", WRITES, found.words.splitlines()
    if found.asked_labels:
        yield "change", CORRECT, [label.of(language) for label in found.asked_labels]
    yield "forward", NEXT, [found.next_step]
    if found.law is not None:
        yield "document", LAW, [found.law.of(language)]
    if found.deciders:
        yield "person", DECIDERS, list(found.deciders)
    if found.replacement is not None:
        yield "receipt", CORRECTION, [found.replacement.reference]
    if found.due is not None:
        yield "clock", DUE, [format_date(found.due, language)]
