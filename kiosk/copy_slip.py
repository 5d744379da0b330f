"""The copy of the answers: what somebody whom a clerk helped takes home to read, or have read.

She is asked whether she wants it, for it is as private as the form itself: her name and all she
answered stand on it, in her language, and on no other paper. It opens nothing and proves nothing,
and says so; only the receipt does. The disk has it only sealed, like every private slip.
"""

from collections.abc import Iterator

from kiosk.forms.descriptor import Text
from kiosk.forms.entry import Entry
from kiosk.forms.question import Line, Part
from kiosk.given import given_words, headings, name_of
from kiosk.language import N_, _, format_day_and_time, language
from kiosk.printing.receipt import HELPED_BY, SAMPLE, Receipt
from kiosk.printing.slip import Code, Item, Mark, Rule, Size, Slip, Space, Words
from sync.records import Stamp

ANSWERS_MAX = 120  # some two metres of paper
LETTERS_MAX = 12_000  # of all answers together: a job that waits holds no more
GROUP_GAP_MM = 1.0
TITLE = N_("Copy of your answers")
NO_PROOF = N_("This is no receipt. Your receipt is the proof: keep it.")
KEEP_SAFE = N_("Keep safe: whoever holds it reads your answers")
MORE = N_("Not on this paper: %(count)s more answers.")
PRINTED_AT = N_("Printed at %(office)s, %(day)s")


def copy_slip(entry: Entry, receipt: Receipt, office: Text, printed: Stamp) -> Slip:
    """What stands on the paper, in the current language; made while the entry has its answers."""
    return Slip(tuple(_items(entry, receipt, office, printed)))


def _items(entry: Entry, receipt: Receipt, office: Text, printed: Stamp) -> Iterator[Item]:
    if receipt.sample:
        yield Mark(_(SAMPLE))
    yield Words(_(TITLE), bold=True, centred=True)
    yield Code(receipt.reference)
    yield Words(receipt.service.of(language()), centred=True)
    if receipt.helped_by:
        helped = f"{_(HELPED_BY)}: {receipt.helped_by}"
        yield Words(helped, Size.SMALL, icon="person")
    yield Rule()
    yield from _answers([line for line in entry.lines() if line.given])
    yield Rule()
    yield Words(_(NO_PROOF), Size.SMALL, bold=True)
    yield Words(_(KEEP_SAFE), Size.SMALL)
    day = format_day_and_time(printed, language())
    yield Words(_(PRINTED_AT, office=office.of(language()), day=day), Size.SMALL)


def _answers(lines: list[Line]) -> Iterator[Item]:
    """Each question with its answer, under the headings of its groups."""
    before: tuple[Part, ...] = ()
    letters = 0
    for place, line in enumerate(lines):
        answer = given_words(line.kind, line.shown)
        letters += len(line.label) + len(answer)
        if place == ANSWERS_MAX or letters > LETTERS_MAX:
            yield Space(GROUP_GAP_MM)
            yield Words(_(MORE, count=len(lines) - place), bold=True)
            return
        for _depth, part in headings(before, line.parts):
            yield Space(GROUP_GAP_MM)
            yield Words(name_of(part), Size.HEADING)
        before = line.parts
        yield Space(GROUP_GAP_MM)
        yield Words(line.label, Size.SMALL)
        yield Words(answer, bold=True)
