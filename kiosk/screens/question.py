"""One question a page: what is asked at the left, where to answer at the right, then Continue.

The page follows `Entry` and nothing else: which question is next, how many there are, what is
wrong. Going back, changing the language or an error leave every answer where it is. From "check
your answers" a question is opened with its path; Continue then leads back there.

A page of several questions (a field-list) shows them as a list; each is answered on the same large
page as if it stood alone.
"""

from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty

from kiosk.devices.clip import ENDINGS, MemoryClip
from kiosk.devices.file import SOUNDS, kind_of
from kiosk.forms.definition import QuestionKind
from kiosk.forms.entry import Entry, Question, Violation
from kiosk.language import N_, _
from kiosk.screens.answer import Answer
from kiosk.screens.audio_answer import AudioAnswer
from kiosk.screens.barcode_answer import BarcodeAnswer
from kiosk.screens.choice_answer import AcknowledgeAnswer, ChoiceAnswer
from kiosk.screens.date_answer import DateAnswer
from kiosk.screens.date_time_answer import DateTimeAnswer
from kiosk.screens.file_answer import FileAnswer
from kiosk.screens.group_answer import GroupAnswer
from kiosk.screens.no_device_answer import NoDeviceAnswer
from kiosk.screens.number_answer import NumberAnswer
from kiosk.screens.panel import mm
from kiosk.screens.photo_answer import PhotoAnswer
from kiosk.screens.pictures import picture_texture
from kiosk.screens.range_answer import RangeAnswer
from kiosk.screens.rank_answer import RankAnswer
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.shown_answer import ShownAnswer
from kiosk.screens.signature_answer import SignatureAnswer
from kiosk.screens.text_answer import TextAnswer
from kiosk.screens.time_answer import TimeAnswer

PROGRESS = N_("Question %(number)s of %(of)s")
OPTIONAL = N_("You may leave this empty.")
ASKED_FOR = N_("The office asks you to correct this.")
PROBLEM = N_("There is a problem")

KINDS: dict[QuestionKind, type[Answer]] = {
    QuestionKind.TEXT: TextAnswer,
    QuestionKind.INTEGER: NumberAnswer,
    QuestionKind.DECIMAL: NumberAnswer,
    QuestionKind.DATE: DateAnswer,
    QuestionKind.PARTIAL_DATE: DateAnswer,
    QuestionKind.TIME: TimeAnswer,
    QuestionKind.DATE_TIME: DateTimeAnswer,
    QuestionKind.SELECT_ONE: ChoiceAnswer,
    QuestionKind.SELECT_MULTIPLE: ChoiceAnswer,
    QuestionKind.RANK: RankAnswer,
    QuestionKind.RANGE: RangeAnswer,
    QuestionKind.ACKNOWLEDGE: AcknowledgeAnswer,
    QuestionKind.BARCODE: BarcodeAnswer,
    QuestionKind.IMAGE: PhotoAnswer,
    QuestionKind.SIGNATURE: SignatureAnswer,
    QuestionKind.AUDIO: AudioAnswer,
    QuestionKind.VIDEO: NoDeviceAnswer,
    QuestionKind.FILE: FileAnswer,
    QuestionKind.GEO: NoDeviceAnswer,
    QuestionKind.NOTE: ShownAnswer,
}
LEFT_MM = 74.0
LEFT_LONG_MM = 98.0  # for a long question
SETTLING_FRAMES = 3
FOLLOWED = ("wide", "typing", "has_figures", "figures", "so_far", "aside", "turns")
NUMERIC_TEXT = "numbers"  # XLSForm appearance of a text that has digits only, such as a telephone


def answer_class(question: Question) -> type[Answer]:
    """The widget for a question."""
    if question.readonly:
        return ShownAnswer
    if question.kind is QuestionKind.TEXT and NUMERIC_TEXT in question.appearance:
        return NumberAnswer
    return KINDS[question.kind]


class QuestionScreen(Screen):
    """The page that `Entry` says is next."""

    service_id = ""
    asked = StringProperty("")
    optional = StringProperty("")
    hint = StringProperty("")
    problem = StringProperty("")
    progress = StringProperty("")
    so_far = StringProperty("")
    aside = StringProperty("")
    turns = ObjectProperty(None, allownone=True)
    left_mm = NumericProperty(LEFT_MM)  # the width of what is asked, when it stands at the left
    says_twice = BooleanProperty(True)  # whether what is wrong fits under the question too
    says_hint = BooleanProperty(True)  # whether the hint fits
    picture = ObjectProperty(None, allownone=True)  # what the form shows beside the question
    has_figures = BooleanProperty(False)
    figures = StringProperty("")
    wide = BooleanProperty(False)
    typing = BooleanProperty(False)

    def __init__(self, **properties: Any) -> None:
        self.fit = Clock.create_trigger(self._fit_now)
        super().__init__(**properties)
        self._answer: Answer | None = None
        self._shown: tuple[str, ...] = ()  # the paths that the answer widget is for
        self._chosen: str | None = None  # one question of a list, opened
        self._returns = False
        self._leaving = False
        self._violations: dict[str, Violation] = {}
        self._complaint = ""
        self._settling_frames = SETTLING_FRAMES
        self._clips: list[MemoryClip] = []

    @property
    def entry(self) -> Entry:
        """The answers of this visit."""
        entry = self.visit.entry
        assert entry is not None  # the shell opens this screen during an entry only
        return entry

    def open(self, **given: Any) -> None:
        """Takes `service_id`, and `path` for that one question: Continue then leads back."""
        self.service_id = given["service_id"]
        path = given.get("path")
        self._returns = path is not None
        if path is not None:
            self.entry.go_to(path)
        elif self.entry.page is None:
            self.entry.retreat()

    # --- what is shown ------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the present question in the present language."""
        if self._leaving:
            return
        page = self.entry.page
        if page is None:
            return
        self.progress = _(PROGRESS, number=page.number, of=page.of)
        correction = self.visit.correction
        if correction is not None and any(
            correction.is_asked(one.path) and not correction.is_seen(one.path)
            for one in page.questions
        ):
            self.progress = _(ASKED_FOR)
        question = self._question(page.questions)
        if question is None:
            self._show_list(page.questions)
        else:
            self._show_one(question)

    def _question(self, questions: tuple[Question, ...]) -> Question | None:
        """The question to show alone, or None for a list."""
        if len(questions) == 1:
            return questions[0]
        return next((one for one in questions if one.path == self._chosen), None)

    def _show_one(self, question: Question) -> None:
        kind = answer_class(question)
        answer = self._answer
        if answer is None or self._shown != (question.path,) or type(answer) is not kind:
            answer = self._put(kind(page=self), (question.path,))
        plain = question.kind is QuestionKind.NOTE or question.readonly
        self.asked = question.label
        self.hint = question.hint or ""
        self.picture = picture_texture(self.medium(question.image))
        self.optional = "" if question.required or plain else _(OPTIONAL)
        violation = self._violations.get(question.path)
        problem = _(self._complaint) if self._complaint else self._message(violation)
        if problem != self.problem:
            self.problem = problem
            self._make_room()
        answer.wrong = bool(self.problem)
        answer.show(question)

    def _show_list(self, questions: tuple[Question, ...]) -> None:
        answer = self._answer
        paths = tuple(question.path for question in questions)
        if not isinstance(answer, GroupAnswer) or self._shown != paths:
            answer = GroupAnswer(page=self)
            self._put(answer, paths)
        self.asked = self.hint = self.optional = ""
        self.picture = None
        self.problem = _(PROBLEM) if self._violations else ""
        answer.wrong = False
        messages = {path: self._message(self._violations[path]) for path in self._violations}
        answer.show_all(questions, messages)

    def _message(self, violation: Violation | None) -> str:
        """What is wrong, in the present language."""
        if violation is None:
            return ""
        for now in self.entry.violations():
            if now.path == violation.path:
                return now.message
        return ""

    def _put(self, answer: Answer, paths: tuple[str, ...]) -> Answer:
        self.shell.keyboard.close()
        if self._answer is not None:
            self._answer.close()
        self._answer, self._shown = answer, paths
        self.left_mm = LEFT_MM
        self._make_room()
        for name in FOLLOWED:
            setattr(self, name, getattr(answer, name))
            answer.fbind(name, self.setter(name))
        self.ids.place.clear_widgets()
        self.ids.place.add_widget(answer)
        return answer

    def _make_room(self) -> None:
        """Everything may be said again; what does not fit goes after a frame or two."""
        self.says_twice = self.says_hint = True
        self._settling_frames = SETTLING_FRAMES
        self.fit()

    def _fit_now(self, *_: object) -> None:
        """Make room: more width for what is asked; the answer below it; no hint; the problem once.

        A banner, a problem and a long question rarely meet on a low panel; when they do, what
        must be read and touched stays, whole.
        """
        asking = self.ids.asking
        if self.typing or self._answer is None:
            return
        if self.wide and self._settling_frames:
            self._settling_frames -= 1  # words take a frame or two to find their new heights
            self.fit()
        elif self.wide:
            self.says_hint = self.says_hint and self.ids.place.height >= mm(self._answer.least_mm)
        elif asking.minimum_height > asking.height:
            if self._answer.lets_widen and self.left_mm < LEFT_LONG_MM:
                self.left_mm = LEFT_LONG_MM
            elif self._answer.goes_below:
                self._answer.wide = True
                self._settling_frames = SETTLING_FRAMES
                self.fit()
            elif self.says_hint and self.hint:
                self.says_hint = False
            else:
                self.says_twice = False

    # --- what the person does -----------------------------------------------------------------

    def give(self, path: str, value: str) -> None:
        """Hand the answer to the entry; an earlier complaint about it is over."""
        self.entry.answer(path, value)
        self._violations.pop(path, None)
        self._complaint = ""
        self.refresh()

    def attach(self, path: str, data: bytes, media_type: str) -> None:
        """Hand a picture, a recording or a file to the entry, which keeps it in memory."""
        self.entry.attach(path, data, media_type)
        self._violations.pop(path, None)
        self._complaint = ""
        self.refresh()

    def excuse(self, path: str) -> None:
        """Let the question stay empty."""
        self.entry.excuse(path)
        self._violations.pop(path, None)
        self.refresh()

    def medium(self, name: str) -> bytes | None:
        """A picture or clip of the form."""
        return self.desk.medium(self.entry, name)

    def complain(self, sentence: str) -> None:
        """Say what is not right yet; the sentence is an English message."""
        self._complaint = sentence
        self.refresh()

    def choose(self, path: str) -> None:
        """Open one question of a list."""
        self._chosen = path
        self.refresh()

    def take_aside(self) -> None:
        """The other way on than Continue."""
        if self._answer is not None:
            self._answer.take_aside()

    def proceed(self) -> None:
        """Continue: inside the answer, to the list, or to the next page."""
        assert self._answer is not None  # a page that shows Continue shows an answer
        if self._answer.proceed():
            return
        self.shell.keyboard.close()
        if self._chosen is not None:
            self._close_chosen()
            return
        page = self.entry.page
        self._violations = {violation.path: violation for violation in self.entry.advance()}
        if not self._violations and page is not None and self.visit.correction is not None:
            self.visit.correction.look_at(one.path for one in page.questions)
        if self._violations:
            self.refresh()
        elif self._returns:
            self._leave(self.shell.back)
        elif self.entry.page is None:
            self._leave(lambda: self.shell.go("check", service_id=self.service_id))
        else:
            self._turn()

    def back(self) -> bool:
        """One step back: in the answer, to the list, to the question before, or away."""
        if self._leaving:
            return False
        self._complaint = ""
        if self._answer is not None and self._answer.back():
            self.refresh()
            return True
        if self._chosen is not None:
            self._chosen = None
            self._turn()
            return True
        if self._returns or not self.entry.retreat():
            return False
        self._turn()
        return True

    def scanned(self, text: str) -> bool:
        """A question for a code takes it; else it may be a receipt."""
        return self._answer is not None and self._answer.scanned(text)

    def close(self) -> None:
        """Let go of keyboard, darkroom and clips."""
        self._drop_clips()
        if self._answer is not None:
            self._answer.close()

    def spoken(self) -> tuple[str, ...]:
        """What of the page is not data of the service: the question itself comes with its clip."""
        return (OPTIONAL,) if self.optional else ()

    def clips(self) -> tuple[Path, ...]:
        """The form's own clips in the present language: the question, then its choices."""
        self._drop_clips()
        page = self.entry.page
        question = self._question(page.questions) if page is not None else None
        if question is None:
            return ()
        names = (question.audio, *(choice.audio for choice in question.choices))
        for data in filter(None, map(self.medium, names)):
            kind = kind_of(data)
            if kind in SOUNDS:
                self._clips.append(MemoryClip(data, ENDINGS[kind]))
        return tuple(clip.path for clip in self._clips)

    def _drop_clips(self) -> None:
        while self._clips:
            self._clips.pop().close()

    def _close_chosen(self) -> None:
        path = self._chosen
        wrong = [violation for violation in self.entry.violations() if violation.path == path]
        if wrong and path is not None:
            self._violations[path] = wrong[0]
        else:
            self._chosen = None
            self._turn(keep=True)
            return
        self.refresh()

    def _turn(self, *, keep: bool = False) -> None:
        """Another question: nothing of the one before stays."""
        if not keep:
            self._violations = {}
        self._complaint = ""
        self._shown = ()
        self.refresh()

    def _leave(self, go: Any) -> None:
        self._leaving = True
        go()


load_rules(__file__)
