"""How answers are read back, on the glass and on paper.

What stands for one that is no words (a photo, a signature, a tick), and how the part of the form
is called that it stands in.
"""

from kiosk.forms.definition import QuestionKind
from kiosk.forms.entry import Part
from kiosk.language import N_, _

NUMBERED = N_("%(thing)s %(number)s")

GIVEN = {
    QuestionKind.IMAGE: N_("Photo added"),
    QuestionKind.SIGNATURE: N_("Signed"),
    QuestionKind.AUDIO: N_("Recording added"),
    QuestionKind.VIDEO: N_("Film added"),
    QuestionKind.FILE: N_("File added"),
    QuestionKind.ACKNOWLEDGE: N_("Read and agreed"),
}


def given_words(kind: QuestionKind, shown: str) -> str:
    """An answer that was given, as people read it."""
    return _(GIVEN[kind]) if kind in GIVEN else shown


def name_of(part: Part) -> str:
    """The heading of a group, or of one instance of a repeat."""
    if not part.number:
        return part.label
    if part.is_named:
        return part.label
    return _(NUMBERED, thing=part.label, number=part.number).strip()
