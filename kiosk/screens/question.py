"""One question a page: what is asked at the left, where to answer at the right, then Continue.

The page follows `Entry` and nothing else: which question is next, how many there are, what is
wrong. Going back, changing the language or an error leave every answer where it is. From "check
your answers" a question is opened with its path; Continue then leads back there.

A page of several questions (a field-list) shows them with their controls where they have room, else
as a list; what needs a keyboard or a calendar, and each question of a list, is answered on the same
large page as if it stood alone. At a repeat's end the page lists what was given; an instance that
is opened there is gone through and leads back there.
"""

from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.properties import (
    AliasProperty,
    BooleanProperty,
    NumericProperty,
    ObjectProperty,
    StringProperty,
)

from kiosk.forms.definition import QuestionKind
from kiosk.forms.entry import Entry, Page, Question, Repeat, Violation
from kiosk.given import joined
from kiosk.language import N_, _, find_message, language
from kiosk.screens.answer import Answer
from kiosk.screens.audio_answer import AudioAnswer
from kiosk.screens.barcode_answer import BarcodeAnswer
from kiosk.screens.choice_answer import AcknowledgeAnswer, ChoiceAnswer
from kiosk.screens.date_answer import DateAnswer
from kiosk.screens.date_time_answer import DateTimeAnswer
from kiosk.screens.file_answer import FileAnswer
from kiosk.screens.group_answer import Decided, GroupAnswer
from kiosk.screens.list_answer import LIST_FROM, ListAnswer, within
from kiosk.screens.no_device_answer import NO_ROOM, NoDeviceAnswer, NoRoomAnswer
from kiosk.screens.number_answer import NUMERIC_TEXT, NumberAnswer
from kiosk.screens.panel import mm
from kiosk.screens.parts import none_words, so_far_words
from kiosk.screens.photo_answer import PhotoAnswer
from kiosk.screens.pictures import picture_texture
from kiosk.screens.question_block import ASKED_FOR
from kiosk.screens.range_answer import RangeAnswer
from kiosk.screens.rank_answer import RankAnswer
from kiosk.screens.repeat_answer import RepeatAnswer
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.service_clips import ServiceClips
from kiosk.screens.shown_answer import ShownAnswer
from kiosk.screens.signature_answer import SignatureAnswer
from kiosk.screens.text_answer import TextAnswer
from kiosk.screens.time_answer import TimeAnswer

PROGRESS = N_("Question %(number)s of %(of)s")
OPTIONAL = N_("You may leave this empty.")
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
FILES = (QuestionKind.IMAGE, QuestionKind.SIGNATURE, QuestionKind.AUDIO, QuestionKind.FILE)
LISTED = (QuestionKind.SELECT_ONE, QuestionKind.SELECT_MULTIPLE)
LEFT_MM = 74.0
LEFT_LONG_MM = 98.0  # for a long question
TYPING_MM = 70.0  # of the question above the keyboard, in body size; the field has the rest
LINE_MM = 9.8  # of body size, see the font
SETTLING_FRAMES = 3
SEVERAL = 2  # problems: each is said at its question, and at the top that there are some
PARTS_SHOWN = 2  # the innermost names of where one is
FOLLOWED = (
    "wrong",
    "wide",
    "typing",
    "has_figures",
    "figures",
    "so_far",
    "how",
    "aside",
    "turns",
    "onward",
    "searching",
)


def answer_class(question: Question) -> type[Answer]:
    """The widget for a question."""
    if question.readonly:
        return ShownAnswer
    if question.kind is QuestionKind.TEXT and NUMERIC_TEXT in question.appearance:
        return NumberAnswer
    if question.kind in LISTED and len(question.choices) >= LIST_FROM:
        return ListAnswer
    return KINDS[question.kind]


class QuestionScreen(Screen):
    """The page that `Entry` says is next."""

    service_id = ""
    asked = StringProperty("")
    optional = StringProperty("")
    hint = StringProperty("")
    problem = StringProperty("")
    mark = StringProperty("")  # that the office asks to correct this one
    progress = StringProperty("")
    so_far = StringProperty("")
    how = StringProperty("")
    aside = StringProperty("")
    onward = StringProperty("")
    part = StringProperty("")  # the group or instance that the question is about
    none_words = StringProperty("")  # on the first page of a repeat: that there is none
    turns = ObjectProperty(None, allownone=True)
    left_mm = NumericProperty(LEFT_MM)  # the width of what is asked, when it stands at the left
    says_twice = BooleanProperty(True)  # whether what is wrong fits under the question too
    says_hint = BooleanProperty(True)  # whether the hint fits
    says_so_far = BooleanProperty(True)  # whether what is known already fits
    says_year = BooleanProperty(True)  # if not: whether its first line does
    says_part = BooleanProperty(True)  # whether it fits to say which instance it is about
    picture = ObjectProperty(None, allownone=True)  # what the form shows beside the question
    has_figures = BooleanProperty(False)
    figures = StringProperty("")
    wrong = BooleanProperty(False)  # the one question's answer
    wide = BooleanProperty(False)
    typing = BooleanProperty(False)
    searching = BooleanProperty(False)
    typing_mm = NumericProperty(TYPING_MM)

    def _is_below(self) -> bool:
        return bool(self.wide and (self.searching or not self.typing))

    below = AliasProperty(_is_below, bind=("wide", "typing", "searching"))  # the answer, not beside

    def __init__(self, **properties: Any) -> None:
        self.fit = Clock.create_trigger(self._fit_now)
        super().__init__(**properties)
        self._answer: Answer | None = None
        self._shown: tuple[str, ...] = ()  # the paths that the answer widget is for
        self._chosen: str | None = None  # one question of several, opened
        self.was_read = False  # it stood on the page with its control
        self._decided: Decided = {}  # which pages have room for the controls of all their questions
        self._read: set[str] = set()  # what of a page of several has stood on the glass
        self._sought: str | None = None  # where such a page begins: what she opened or comes from
        self._returns = False
        self._visited: list[str] = []  # instances opened from their repeat's end, outermost first
        self._leaving = False
        self._violations: dict[str, Violation] = {}
        self._complaint = ""
        self._settling_frames = SETTLING_FRAMES
        self._said_in = ""  # which language
        self._clips = ServiceClips()

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
            self._seek(path)
        elif self.entry.page is None:
            self.entry.retreat()

    def _seek(self, path: str) -> None:
        """She has read the page before, and comes for that question and what is asked for."""
        page = self.entry.page
        if page is not None:
            self._sought = path
            self._read = {one.path for one in page.questions} - self._asked_for(page)

    def _asked_for(self, page: Page) -> set[str]:
        """What of the page the office asks to correct, and she has not looked at."""
        correction = self.visit.correction
        if correction is None:
            return set()
        paths = {one.path for one in page.questions if correction.is_asked(one.path)}
        return {path for path in paths if not correction.is_seen(path)}

    # --- what is shown ------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the present question in the present language."""
        if self._leaving:
            return
        page = self.entry.page
        if page is None:
            return
        if self._said_in != language():
            self._said_in = language()
            if not self.wide:
                self._make_room()  # other words take other room
        self.progress = _(PROGRESS, number=page.number, of=page.of)
        alone = self._question(page) if page.repeat is None else None
        asked_for = self._asked_for(page)
        self.mark = _(ASKED_FOR) if alone is not None and alone.path in asked_for else ""
        if alone is None and asked_for:
            self.progress = _(ASKED_FOR)
        self.part = self._part_words(page)
        self.none_words = self._none_words(page)
        if page.repeat is not None:
            self.visit.is_at(page.repeat.path)
            self._show_repeat(page.repeat)
            return
        question = self._question(page)
        if question is None:
            paths = [one.path for one in page.questions]
            self.visit.is_at(paths[0], paths)
            self._show_list(page)
        else:
            self.visit.is_at(question.path)
            self._show_one(question)

    def _question(self, page: Page) -> Question | None:
        """The question to show alone, or None for a page of several."""
        if not page.shares:
            return page.questions[0]
        return next((one for one in page.questions if one.path == self._chosen), None)

    def _show_one(self, question: Question) -> None:
        kind = NoRoomAnswer if self._lacks_room(question) else answer_class(question)
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
        if problem:
            self.visit.is_told((question.path,))
        if problem != self.problem:
            self.problem = problem
            self._make_room()
        answer.wrong = bool(self.problem)
        answer.show(question)

    def _lacks_room(self, question: Question) -> bool:
        """Whether it asks for a file, none is given, and the disk has no room for any now."""
        if question.kind not in FILES or question.readonly or question.value:
            return False
        return self.desk.room.lacks() is not None

    def _show_repeat(self, repeat: Repeat) -> None:
        answer = self._answer
        if not isinstance(answer, RepeatAnswer) or self._shown != (repeat.path,):
            answer = RepeatAnswer(page=self)
            self._put(answer, (repeat.path,))
        self.asked = so_far_words(repeat)
        self.hint = self.optional = self.problem = ""
        self.picture = None
        answer.wrong = False
        answer.show_repeat(repeat)

    def _part_words(self, page: Page) -> str:
        """Which instance it is about; of a group only the label, and a list has that for a title.

        A repeat's end is about what stands around the repeat.
        """
        parts = [part for part in page.parts if part.number or part.label != page.title]
        return joined(parts[-PARTS_SHOWN:])

    def _none_words(self, page: Page) -> str:
        """What says that there is none: on the first page of a repeat that holds nothing yet."""
        within = any(part.number for part in page.parts)
        if not within or page.repeat is not None or self._visited or self._chosen is not None:
            return ""
        repeat = self.entry.untouched_repeat()
        return none_words(repeat) if repeat is not None else ""

    def _show_list(self, page: Page) -> None:
        questions = page.questions
        answer = self._answer
        paths = tuple(question.path for question in questions)
        if not isinstance(answer, GroupAnswer) or not set(self._shown) & set(paths):
            answer = GroupAnswer(self._decided, self._read, self._sought, page=self)
            self._put(answer, paths)
        self._shown = paths
        self.asked, self.hint, self.optional = page.title, "", ""
        self.picture = None
        messages = {path: self._message(self._violations[path]) for path in self._violations}
        told = {path: message for path, message in messages.items() if message}
        self.problem = next(iter(told.values()), "") if len(told) < SEVERAL else _(PROBLEM)
        answer.wrong = False
        self.visit.is_told(told)
        answer.show_all(questions, told, self._asked_for(page))

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
        self.says_twice = self.says_hint = self.says_so_far = self.says_part = True
        self.says_year = True
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
            else:
                self._say_less()

    def _say_less(self) -> None:
        """The next thing that may go."""
        if self.says_hint and self.hint:
            self.says_hint = False
        elif self.says_twice and self.problem:
            self.says_twice = False
        elif self.says_part and self.part:
            self.says_part = False
        elif self.says_so_far and "\n" in self.so_far:
            self.says_so_far = False
        else:
            self.says_so_far = self.says_year = False

    @staticmethod
    def within(asked: str, height_px: float) -> str:
        """As much of the question as has room above the keyboard."""
        return within(asked, mm(TYPING_MM), max(1, int(height_px / mm(LINE_MM))))

    # --- what the person does -----------------------------------------------------------------

    def give(self, path: str, value: str) -> None:
        """Hand the answer to the entry; an earlier complaint about it is over."""
        self.entry.answer(path, value)
        self._violations.pop(path, None)
        self._complaint = ""
        self.refresh()

    def attach(self, path: str, data: bytes, media_type: str) -> None:
        """Hand a picture, a recording or a file to the entry, which keeps it in memory."""
        kept_bytes = self.visit.kept_bytes
        lacks = self.desk.lacks_room(self.entry, path, len(data), kept_bytes=kept_bytes)
        self._violations.pop(path, None)
        if lacks is not None:
            self.entry.excuse(path)
            self.complain(NO_ROOM[lacks])
            return
        self.entry.attach(path, data, media_type)
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
        """Open one question of several."""
        answer = self._answer
        self.was_read = False
        if isinstance(answer, GroupAnswer):
            self.was_read = answer.stand
            answer.note_read()
        self._chosen = self._sought = path
        self.refresh()

    def says(self, question: Question) -> bool:
        """Whether the form has a clip that says the question, and somebody can hear it."""
        return bool(question.audio) and self.shell.devices.player is not None

    def say(self, question: Question) -> None:
        """One question of several, and its choices."""
        player = self.shell.devices.player
        if player is not None:
            player.play(self._clips_of((question,)))

    def figure(self, figure: str) -> bool:
        """A figure may be the answer where the ring is."""
        return self._answer is not None and self._answer.take_figure(figure)

    def visit_instance(self, path: str) -> None:
        """Go through one instance; it leads back to the repeat's end."""
        if self.entry.go_to(path):
            self._visited.append(path)
            self._turn()

    def add_instance(self, path: str) -> None:
        """Add one and go through it."""
        added = self.entry.add_repeat(path)
        if added is not None:
            self.visit_instance(added)

    def remove_instance(self, path: str) -> None:
        """Take one away; the person was asked."""
        self.entry.remove_repeat(path)
        self.refresh()

    def _say_there_is_none(self) -> None:
        repeat = self.entry.untouched_repeat()
        if repeat is None:
            return
        self.entry.remove_repeat(repeat.instances[0].part.path)
        self.entry.go_to(repeat.path)
        self._go_on()

    def take_aside(self) -> None:
        """The other way on than Continue."""
        if self.none_words and not self.aside:
            self._say_there_is_none()
        elif self._answer is not None:
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
        self._go_on()

    def _go_on(self) -> None:
        """To the next page, or back to where this one was opened from."""
        page = self.entry.page
        self._violations = {violation.path: violation for violation in self.entry.advance()}
        if not self._violations and page is not None and self.visit.correction is not None:
            self.visit.correction.look_at(one.path for one in page.questions)
        if self._violations:
            self.refresh()
        elif self._visited:
            self._leave_visited()
            self._turn()
        elif self._returns and not self._visited:
            self._leave(self.shell.back)
        elif self.entry.page is None:
            self._leave(lambda: self.shell.go("check", service_id=self.service_id))
        else:
            self._turn()

    def _leave_visited(self) -> None:
        """Behind the last page of an opened instance, or before its first, its repeat's end."""
        page = self.entry.page
        parts = page.parts if page is not None else ()
        if all(part.path != self._visited[-1] for part in parts):
            self.entry.go_to(self._visited.pop().rpartition("[")[0])

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
            self._turn(keep=True)
            return True
        if self._visited:
            self.entry.retreat()
            self._leave_visited()
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
        self._clips.close()
        if self._answer is not None:
            self._answer.close()

    def spoken(self) -> tuple[str, ...]:
        """What of the page is not data of the service: the question itself comes with its clip."""
        problem = (self._complaint or find_message(self.problem) or PROBLEM) if self.problem else ""
        asked_for = ASKED_FOR if _(ASKED_FOR) in (self.mark, self.progress) else ""
        answer = self._answer
        said = (*answer.spoken(), *answer.told_words()) if answer is not None else ()
        ways = (self.aside or self.none_words, self.onward)
        optional = OPTIONAL if self.optional else ""
        ours = map(find_message, (self.how, *ways))
        return tuple(dict.fromkeys(filter(None, (problem, asked_for, *said, *ours, optional))))

    def clips(self) -> tuple[Path, ...]:
        """The form's own clips in the present language: each question, then its choices."""
        page = self.entry.page
        if page is None or not page.questions:
            return ()
        question = self._question(page)
        return self._clips_of(page.questions if question is None else (question,))

    def _clips_of(self, questions: tuple[Question, ...]) -> tuple[Path, ...]:
        self._clips.close()
        names = (
            name
            for question in questions
            for name in (question.audio, *(choice.audio for choice in question.choices))
        )
        return self._clips.of(map(self.medium, names))

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
            self._read, self._sought = set(), None
        self._complaint = ""
        self._shown = ()
        self.was_read = False
        self.refresh()

    def _leave(self, go: Any) -> None:
        self._leaving = True
        go()


load_rules(__file__)
