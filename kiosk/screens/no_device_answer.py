"""A question that no kiosk has a device for, such as a film or a place on a map: it says so.

It is never a dead end: the answer stays empty, whatever the form requires, and the officer reads
that it could not be given here.
"""

from kivy.properties import StringProperty

from kiosk.forms.definition import QuestionKind
from kiosk.forms.entry import Question
from kiosk.language import N_, _
from kiosk.screens.answer import Answer
from kiosk.screens.rules import load_rules

WORDS = {
    QuestionKind.VIDEO: N_("This kiosk cannot film. Touch Continue: the office will ask you."),
    QuestionKind.GEO: N_(
        "This kiosk cannot take a place on the map. Touch Continue: the office will ask you."
    ),
}


class NoDeviceAnswer(Answer):
    """What this kiosk cannot do, and how to go on."""

    told = StringProperty("")

    def show(self, question: Question) -> None:
        """Say it, and let the person go on."""
        self.wide = True
        self.told = _(WORDS[question.kind])
        if question.required:
            self.page.excuse(question.path)


load_rules(__file__)
