"""What somebody says: recorded here, or a recording she brought.

Where there is a microphone, one large button records and the same button stops; where there is
none, that is said, and the folder may hold a recording. What was said can be heard again, after a
warning that others hear it too, and recorded anew. It is in memory only until it is sealed.
"""

from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.devices.clip import ENDINGS, MemoryClip
from kiosk.devices.file import SOUNDS
from kiosk.devices.microphone import MEDIA_TYPE, Microphone
from kiosk.forms.entry import Question
from kiosk.language import N_, _
from kiosk.screens.file_answer import FileAnswer
from kiosk.screens.rules import load_rules

FOLLOW_S = 0.25
SPEAK = N_("Touch here and speak")
STOP = N_("Stop: %(seconds)s of %(of)s seconds")
HEAR = N_("Listen to it")
SILENT = N_("Stop listening")
ALOUD = N_("Others near the kiosk can hear it too. Play it now?")
PLAY = N_("Play it")
DO_NOT = N_("No")
ANEW = N_("Record it again")
ANOTHER = N_("Choose another recording")
KEEP = N_("Keep the recording I had")
FAILED = N_("Nothing was recorded. Please try again.")
OR_CHOOSE = N_("There is no microphone here. Choose a recording you brought.")
NONE_AT_ALL = N_("There is no microphone here. Touch Continue: the office will ask you.")


class AudioAnswer(FileAnswer):
    """Recording, listening, choosing."""

    kinds = SOUNDS
    keep = KEEP

    can_record = BooleanProperty(False)
    recording = BooleanProperty(False)
    hearing = BooleanProperty(False)
    button = StringProperty("")  # what the large button says
    hear = StringProperty("")
    share = NumericProperty(0.0)  # of the longest recording

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._clip: MemoryClip | None = None
        self._following = Clock.schedule_interval(lambda _dt: self._follow(), FOLLOW_S)

    @property
    def _microphone(self) -> Microphone | None:
        microphone: Microphone | None = self.page.shell.devices.microphone
        return microphone if microphone is not None and microphone.is_here else None

    def show(self, question: Question) -> None:
        """Show what was recorded, or how to record."""
        self.can_record = self._microphone is not None
        self.another = ANEW if self.can_record else ANOTHER
        super().show(question)
        if self.recording:
            self.aside, self.turns = "", None
        if self.choosing and self._rows and not self.can_record and not question.hint:
            self.so_far = _(OR_CHOOSE)
        else:
            self.so_far = ""
        self._say_button()
        self.hear = _(SILENT if self.hearing else HEAR) if self._can_hear else ""

    @property
    def _can_hear(self) -> bool:
        has_player = self.page.shell.devices.player is not None
        return has_player and not self.choosing and self._attachment is not None

    @property
    def _lists(self) -> bool:
        return super()._lists and not self.recording

    def _say_button(self) -> None:
        microphone = self._microphone
        if not self.choosing or microphone is None:
            self.button = ""
        elif self.recording:
            seconds, of = int(microphone.seconds), int(microphone.seconds_max)
            self.button = _(STOP, seconds=seconds, of=of)
            self.share = min(microphone.seconds / microphone.seconds_max, 1.0)
        else:
            self.button = _(SPEAK)

    def _instead(self) -> str:
        if self.can_record:
            return ""
        if self._rows:
            return ""
        return _(NONE_AT_ALL)

    @property
    def _nothing_here(self) -> bool:
        return not self.can_record and super()._nothing_here

    def press(self) -> None:
        """The large button: record, or stop."""
        microphone = self._microphone
        if microphone is None:
            self.page.refresh()
        elif self.recording:
            self._finish()
        else:
            self.recording = True
            microphone.start()
            self.page.refresh()

    def _follow(self) -> None:
        """Count the seconds; take what is there when it stopped by itself."""
        microphone = self.page.shell.devices.microphone
        if not self.recording or microphone is None:
            return
        self.page.shell.visit.touch()  # who speaks is there
        if microphone.recording:
            self._say_button()
        else:
            self._finish()

    def _finish(self) -> None:
        self.recording = False
        recorded = self.page.shell.devices.microphone.stop()
        if recorded is None:
            self.page.complain(FAILED)
        else:
            self._keep(recorded, MEDIA_TYPE)

    def ask_to_hear(self) -> None:
        """Listen, after a warning; or be silent again."""
        if self.hearing:
            self._silence()
            self.page.refresh()
            return
        self.page.shell.ask(_(ALOUD), yes=_(PLAY), no=_(DO_NOT), on_yes=self._play)

    def _play(self) -> None:
        attachment, player = self._attachment, self.page.shell.devices.player
        if attachment is None or player is None:
            return
        self._silence()
        self._clip = MemoryClip(attachment.data, ENDINGS[attachment.media_type])
        self.hearing = True
        player.play([self._clip.path])
        self.page.refresh()

    def _silence(self) -> None:
        self.hearing = False
        if self._clip is not None:
            if self.page.shell.devices.player is not None:
                self.page.shell.devices.player.stop()
            self._clip.close()
            self._clip = None

    def take_aside(self) -> None:
        """Record or choose anew; or keep the one she had."""
        self._silence()
        super().take_aside()

    def proceed(self) -> bool:
        """Continue while it records stops it first: she sees what she hands in."""
        if not self.recording:
            return False
        self._finish()
        return True

    def back(self) -> bool:
        """Back while it records drops it."""
        if not self.recording:
            return False
        self.recording = False
        self.page.shell.devices.microphone.forget()
        return True

    def close(self) -> None:
        """Silence; nothing of what was said stays."""
        self._following.cancel()
        self._silence()
        if self.page.shell.devices.microphone is not None:
            self.page.shell.devices.microphone.forget()
        super().close()


load_rules(__file__)
