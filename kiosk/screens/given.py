"""What stands for an answer that is no words: a photo, a signature, a recording, a tick."""

from kiosk.forms.definition import QuestionKind
from kiosk.language import N_, _

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
