"""How answers are read back, on the glass and on paper.

What stands for one that is no words (a photo, a signature, a tick), and how the part of the form
is called that it stands in.
"""

from collections.abc import Iterable, Iterator

from kiosk.forms.definition import QuestionKind
from kiosk.forms.entry import Part
from kiosk.language import N_, _

NUMBERED = N_("%(thing)s %(number)s")
PART_JOINT = " · "

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


def joined(parts: Iterable[Part]) -> str:
    """Their headings in one line, the outermost first."""
    return PART_JOINT.join(map(name_of, parts))


def headings(before: tuple[Part, ...], parts: tuple[Part, ...]) -> Iterator[tuple[int, Part]]:
    """What begins between one answer and the next, with how many headings it stands under.

    A part that goes on is not named again; one inside a part that begins is, whatever it was in.
    """
    for depth, part in enumerate(parts):
        if before[: depth + 1] != parts[: depth + 1]:
            yield depth, part
