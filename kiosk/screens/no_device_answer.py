"""A question that this kiosk cannot take an answer to: it says so, and how to go on.

No kiosk has a device for a film or a place on a map; and a disk whose last part belongs to
applications takes no photo, recording, signature or file (see `kiosk.room`).

It is never a dead end: the answer stays empty, whatever the form requires, and the officer reads
that it could not be given here.
"""

from kivy.properties import StringProperty

from kiosk.forms.definition import QuestionKind
from kiosk.forms.entry import Question
from kiosk.language import N_, _
from kiosk.room import NoRoom
from kiosk.screens.answer import Answer
from kiosk.screens.rules import load_rules

WORDS = {
    QuestionKind.VIDEO: N_("This kiosk cannot film. Touch Continue: the office will ask you."),
    QuestionKind.GEO: N_(
        "This kiosk cannot take a place on the map. Touch Continue: the office will ask you."
    ),
}
NO_ROOM_NOW = N_(
    "No photos or files can be added here now. Touch Continue: the office will ask you."
)
NO_ROOM = {
    NoRoom.RESERVE: NO_ROOM_NOW,
    NoRoom.DAY: NO_ROOM_NOW,
    NoRoom.VISIT: N_(
        "You have added as much as one visit can hold. "
        "Touch Continue: the office will ask you for the rest."
    ),
}


class NoDeviceAnswer(Answer):
    """What this kiosk cannot do, and how to go on."""

    told = StringProperty("")

    def show(self, question: Question) -> None:
        """Say it, and let the person go on."""
        self.wide = True
        self.told = self._words(question)
        if question.required:
            self.page.excuse(question.path)

    def _words(self, question: Question) -> str:
        return _(WORDS[question.kind])


class NoRoomAnswer(NoDeviceAnswer):
    """What the disk has no room for now, and how to go on."""

    def _words(self, question: Question) -> str:
        del question
        return _(NO_ROOM_NOW)


load_rules(__file__)
