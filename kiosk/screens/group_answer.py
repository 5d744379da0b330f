"""Several questions of one page: each with its own answer control where all of them have room.

Whether they have is measured on the glass, in the present language. Where they have not, they stand
as a list of what is asked and what was answered, and a touch opens one. What joins the page later,
because of an answer, turns the page rather than change it into a list under her hands.
"""

from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, StringProperty

from kiosk.forms.entry import Question
from kiosk.given import given_words
from kiosk.language import _, language
from kiosk.screens.answer import Answer
from kiosk.screens.panel import TOUCH_GAP_MM, mm
from kiosk.screens.question_block import TOUCH, QuestionBlock, stand_together
from kiosk.screens.rules import load_rules
from kiosk.screens.widgets import Tappable

BLOCK_GAP_MM = 2.5
MEASURING_FRAMES_MAX = 8

Decided = dict[tuple[str, str], bool]


class QuestionRow(Tappable):
    """One question of the list."""

    path = StringProperty("")
    question = StringProperty("")
    answer = StringProperty("")
    given = BooleanProperty(False)
    problem = StringProperty("")

    def show(self, question: Question, problem: str) -> None:
        """Show the question, its answer and what is wrong with it."""
        self.question = question.label
        self.given = bool(question.value)
        self.answer = given_words(question.kind, question.shown) if self.given else _(TOUCH)
        self.problem = problem


class GroupAnswer(Answer):
    """The questions of the page.

    Args:
        decided: whether the questions of a page have room with their controls, by language and
            first question; what is measured here is noted there.
    """

    stand = BooleanProperty(False)  # with their own controls

    def __init__(self, decided: Decided, **properties: Any) -> None:
        super().__init__(wide=True, **properties)
        self._decided = decided
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

    def show_all(self, questions: tuple[Question, ...], problems: dict[str, str]) -> None:
        """Show the questions with their answers and what is wrong with them."""
        self._questions = questions
        stands = self._decided.get(self._key, stand_together(questions))
        self._lay(stands=stands)
        if stands and self._key not in self._decided and not self._frames_left:
            self.opacity = 0
            self._measured, self._frames_left = None, MEASURING_FRAMES_MAX
            self._measure()
        for question in questions:
            self._held[question.path].show(question, problems.get(question.path, ""))
        wrong = next((one.path for one in questions if problems.get(one.path)), None)
        if wrong is not None and problems != self._problems:
            self.ids.list.turn_to(self._held[wrong])
        self._problems = problems

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
        self.ids.list.show(list(self._held.values()), keep_page=same_kind)

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
