"""Several questions of one page: each with its own answer control where all of them have room.

Whether they have is measured on the glass, in the present language. Where they have not, they stand
as a list of what is asked and what was answered, and a touch opens one. What joins the page later,
because of an answer, turns the page rather than change it into a list under her hands.

Continue leads on only when all that is asked has stood on the glass: before, it turns the page. So
nobody passes a question unseen that she might have left empty.
"""

from collections.abc import Collection
from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, StringProperty

from kiosk.forms.entry import Question
from kiosk.given import given_words
from kiosk.language import _, language
from kiosk.screens.answer import Answer
from kiosk.screens.panel import TOUCH_GAP_MM, mm
from kiosk.screens.question_block import (
    ASKED_FOR,
    THINGS_MAX,
    TOUCH,
    QuestionBlock,
    asked_words,
    stand_together,
)
from kiosk.screens.rules import load_rules
from kiosk.screens.widgets import Tappable

BLOCK_GAP_MM = 2.5
MEASURING_FRAMES_MAX = 8

Decided = dict[tuple[str, str], bool]
NOTHING: frozenset[str] = frozenset()


class QuestionRow(Tappable):
    """One question of the list."""

    path = StringProperty("")
    question = StringProperty("")
    answer = StringProperty("")
    given = BooleanProperty(False)
    problem = StringProperty("")
    mark = StringProperty("")  # that the office asks to correct it

    def show(self, question: Question, problem: str, mark: str = "") -> None:
        """Show the question, its answer, what is wrong with it, and whether it is asked for."""
        self.question, self.mark = asked_words(question), mark
        self.given = bool(question.value)
        self.answer = given_words(question.kind, question.shown) if self.given else _(TOUCH)
        self.problem = problem


class GroupAnswer(Answer):
    """The questions of the page.

    Args:
        decided: whether the questions of a page have room with their controls, by language and
            first question; what is measured here is noted there.
        read: the paths of the questions that stood on the glass; more are noted there.
        sought: the path of the one to begin at.
    """

    stand = BooleanProperty(False)  # with their own controls

    def __init__(
        self, decided: Decided, read: set[str], sought: str | None = None, **properties: Any
    ) -> None:
        super().__init__(wide=True, **properties)
        self._decided, self._read, self._sought = decided, read, sought
        self._questions: tuple[Question, ...] = ()
        self._problems: dict[str, str] = {}
        self._held: dict[str, QuestionBlock | QuestionRow] = {}
        self._laid: object = None
        self._measured: object = None
        self._frames_left = 0
        self._measure = Clock.create_trigger(self._measure_now)
        self.turns = self.ids.list

    def show(self, question: Question) -> None:
        """A list of one."""
        self.show_all((question,), {})

    def show_all(
        self,
        questions: tuple[Question, ...],
        problems: dict[str, str],
        asked_for: Collection[str] = NOTHING,
    ) -> None:
        """Show the questions with their answers, what is wrong with them, and what is asked for."""
        self._questions = questions
        stands = self._decided.get(self._key, stand_together(questions))
        self._lay(stands=stands)
        if stands and self._key not in self._decided and not self._frames_left:
            self.opacity = 0
            self._measured, self._frames_left = None, MEASURING_FRAMES_MAX
            self._measure()
        for question in questions:
            mark = _(ASKED_FOR) if question.path in asked_for else ""
            self._held[question.path].show(question, problems.get(question.path, ""), mark)
        wrong = next((one.path for one in questions if problems.get(one.path)), None)
        if wrong is not None and problems != self._problems:
            self.ids.list.turn_to(self._held[wrong])
        self._problems = problems

    def proceed(self) -> bool:
        """Continue turns to what has not stood on the glass; then the page goes on."""
        self.note_read()
        unread = next((held for path, held in self._held.items() if path not in self._read), None)
        if unread is None or not self.ids.list.is_long:
            return False
        self.ids.list.turn_to(unread)
        return True

    def note_read(self) -> None:
        """What stands on the glass now, or stood there when somebody turned the page."""
        seen = {*self.ids.list.turned_from, *self.ids.list.shown}
        self._read.update(path for path, held in self._held.items() if held in seen)

    def take_figure(self, figure: str) -> bool:
        """A figure of a keypad goes into the number that its ring is around."""
        controls = (getattr(held, "control", None) for held in self._held.values())
        return any(control is not None and control.take_figure(figure) for control in controls)

    @property
    def _key(self) -> tuple[str, str]:
        return language(), self._questions[0].path

    def _lay(self, *, stands: bool) -> None:
        paths = [question.path for question in self._questions]
        if (stands, paths) == self._laid:
            return
        same_kind = self._laid is not None and stands is self.stand
        kept = self._held if same_kind else {}
        self._laid, self.stand = (stands, paths), stands
        self._held = {path: kept.get(path) or self._new(path) for path in paths}
        self.ids.list.ids.area.spacing = mm(BLOCK_GAP_MM if stands else TOUCH_GAP_MM)
        self.ids.list.rows_max = THINGS_MAX
        self.ids.list.show(list(self._held.values()), keep_page=same_kind)
        if not same_kind and self._sought in self._held:
            self.ids.list.turn_to(self._held[self._sought])

    def _new(self, path: str) -> QuestionBlock | QuestionRow:
        if self.stand:
            return QuestionBlock(page=self.page, path=path)
        row = QuestionRow(path=path)
        row.bind(on_release=lambda held: self.page.choose(held.path))
        return row

    def _measure_now(self, *_: object) -> None:
        """When the words have found their lines: whether all stand on one page."""
        if self.get_parent_window() is None:
            return
        area = self.ids.list.ids.area
        heights = [held.height for held in self._held.values()]
        now = (area.height, heights)
        self._frames_left -= 1
        if now != self._measured and self._frames_left:
            self._measured = now
            self._measure()
            return
        self._frames_left = 0
        needed = sum(heights) + area.spacing * (len(heights) - 1)
        self._decided[self._key] = needed <= area.height
        self.opacity = 1
        self.page.refresh()


load_rules(__file__)
