"""One question of several on a page: what is asked at the left, its own answer control beside it.

A few choices are cards, a whole number is counted up and down, and what needs a keyboard, a
calendar or a camera is a box that opens it on a page of its own.
"""

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.forms.definition import QuestionKind
from kiosk.forms.entry import Choice, Question
from kiosk.given import given_words
from kiosk.language import N_, _
from kiosk.screens.answer import Page
from kiosk.screens.choice_answer import (
    ACKNOWLEDGED,
    AROUND_WORDS_MM,
    COLUMNS_MAX,
    GAP_MM,
    PAGE_WIDTH_MM,
    Option,
    OptionRow,
    is_pictured,
    width_px,
    with_touched,
)
from kiosk.screens.list_answer import shortened
from kiosk.screens.number_answer import is_typed, typed
from kiosk.screens.panel import mm
from kiosk.screens.pictures import picture_texture
from kiosk.screens.rules import load_rules
from kiosk.screens.widgets import Tappable

ASKED_MM = 76.0  # the width of what is asked
BESIDE_MM = PAGE_WIDTH_MM - ASKED_MM - 4.0  # and of its control, behind the gap
CARD_MM, CARD_PICTURED_MM = 14.0, 20.0
CARDS_MAX = 6  # of one question on a page of several
THINGS_MAX = 9  # INC-08: no page of more cards and boxes than that; each has its figure
SHOWN_LENGTH = 44  # letters of a long answer
CHOOSING = (QuestionKind.SELECT_ONE, QuestionKind.SELECT_MULTIPLE)
OPTIONAL = N_("%(question)s (optional)")
TOUCH = N_("Touch to answer")
ASKED_FOR = N_("The office asks you to correct this.")
AGREE = N_("I have read this and I agree")


def stand_together(questions: tuple[Question, ...]) -> bool:
    """Whether they may stand on one page with their controls, if there is room."""
    things = sum(len(cards_of(one)) or not is_only_said(one) for one in questions)
    return things <= THINGS_MAX and not any(one.image for one in questions)


def is_only_said(question: Question) -> bool:
    """Whether there is nothing to answer."""
    return question.readonly or question.kind is QuestionKind.NOTE


def asked_words(question: Question) -> str:
    """What is asked, and that it may be left out."""
    if question.required or is_only_said(question):
        return question.label
    return _(OPTIONAL, question=question.label)


def cards_of(question: Question) -> tuple[Choice, ...]:
    """What stands on cards of its own; empty where the answer is given otherwise."""
    if is_only_said(question):
        return ()
    if question.kind is QuestionKind.ACKNOWLEDGE:
        return (Choice(ACKNOWLEDGED, _(AGREE)),)
    few = question.kind in CHOOSING and len(question.choices) <= CARDS_MAX
    return question.choices if few else ()


class Control(BoxLayout):
    """Where one question of the page is answered."""

    page: Page = ObjectProperty()

    def show(self, question: Question) -> None:
        """Show its present value."""
        raise NotImplementedError

    def take_figure(self, figure: str) -> bool:
        """Take a figure of a keypad, if its ring is here and figures are the answer."""
        del figure
        return False


class Cards(Control):
    """Choices that are touched where they stand."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._question: Question | None = None
        self._laid: tuple[Choice, ...] = ()
        self._options: list[Option] = []

    def show(self, question: Question) -> None:
        """Lay the cards when the choices have changed; mark the chosen."""
        self._question = question
        cards = cards_of(question)
        if cards != self._laid:
            self._laid = cards
            self._lay(question, cards)
        chosen = question.value.split()
        for option in self._options:
            option.chosen = option.name in chosen

    def _lay(self, question: Question, cards: tuple[Choice, ...]) -> None:
        self.clear_widgets()
        many = question.kind is not QuestionKind.SELECT_ONE
        self._options = [self._card(choice, many=many) for choice in cards]
        columns = columns_for(cards)
        row_mm = CARD_PICTURED_MM if is_pictured(cards) else CARD_MM
        for at in range(0, len(self._options), columns):
            row = OptionRow(self._options[at : at + columns], mm(row_mm))
            for _empty in range(columns - len(row.children)):
                row.add_widget(Widget())
            self.add_widget(row)

    def _card(self, choice: Choice, *, many: bool) -> Option:
        picture = picture_texture(self.page.medium(choice.image))
        card = Option(name=choice.name, text=choice.label, many=many, picture=picture)
        card.bind(on_release=self._touched)
        return card

    def _touched(self, option: Option) -> None:
        question = self._question
        if question is None:
            return
        if question.kind is QuestionKind.ACKNOWLEDGE:
            value = "" if question.value else ACKNOWLEDGED
        else:
            value = with_touched(question, option.name)
        self.page.give(question.path, value)


class AnswerBox(Tappable):
    """The answer, in a box that opens where it is given."""

    text = StringProperty("")
    given = BooleanProperty(False)


class Box(Control):
    """An answer that is given on a page of its own; a whole number is also counted here."""

    text = StringProperty("")
    given = BooleanProperty(False)
    counts = BooleanProperty(False)
    least = BooleanProperty(False)  # nothing to take away

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._question: Question | None = None

    def show(self, question: Question) -> None:
        """Show what was answered, or that a touch opens it."""
        self._question = question
        self.given = bool(question.value)
        shown = given_words(question.kind, question.shown) if self.given else _(TOUCH)
        self.text = shortened(shown, SHOWN_LENGTH)
        self.counts = question.kind is QuestionKind.INTEGER
        self.least = question.value == "0"

    def open(self) -> None:
        """The page of that one question."""
        if self._question is not None:
            self.page.choose(self._question.path)

    def count(self, by: int) -> None:
        """One more or one less; what is not yet a number begins at one, or at none."""
        question = self._question
        if question is not None:
            now = int(question.value) if question.value.isdecimal() else 0
            self.page.give(question.path, str(max(0, now + by)))

    def take_figure(self, figure: str) -> bool:
        """Figures go into a number that the ring is around."""
        question = self._question
        if question is None or not is_typed(question) or not self.ids.box.pointed:
            return False
        self.page.give(question.path, typed(question, figure))
        return True


class Said(Control):
    """A value that the form has worked out, or a note, whose words are the question."""

    text = StringProperty("")

    def show(self, question: Question) -> None:
        """Show it as people write it."""
        self.text = "" if question.kind is QuestionKind.NOTE else question.shown


class QuestionBlock(BoxLayout):
    """What is asked, what is wrong with the answer, and the control."""

    page: Page = ObjectProperty()
    path = StringProperty("")
    question = StringProperty("")
    hint = StringProperty("")
    problem = StringProperty("")
    mark = StringProperty("")  # that the office asks to correct it
    speaks = BooleanProperty(False)  # the form has a clip of it
    asked_mm = NumericProperty(ASKED_MM)

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self.control: Control | None = None
        self._question: Question | None = None

    def show(self, question: Question, problem: str, mark: str = "") -> None:
        """Show the question in the present language, with what is wrong or asked for."""
        self._question, self.mark = question, mark
        self.question = asked_words(question)
        self.hint = question.hint or ""
        self.problem = problem
        self.speaks = self.page.says(question)
        self.asked_mm = PAGE_WIDTH_MM if question.kind is QuestionKind.NOTE else ASKED_MM
        kind = Said if is_only_said(question) else Cards if cards_of(question) else Box
        control = self.control
        if type(control) is not kind:
            control = self.control = kind(page=self.page)
            self.ids.place.clear_widgets()
            self.ids.place.add_widget(control)
        control.show(question)

    def listen(self) -> None:
        """Hear this one question with its choices."""
        if self._question is not None:
            self.page.say(self._question)


def columns_for(cards: tuple[Choice, ...]) -> int:
    """As many cards side by side as leave each name on one line."""
    pictured = is_pictured(cards)
    for columns in range(min(COLUMNS_MAX - pictured, len(cards)), 1, -1):
        room_mm = (BESIDE_MM - GAP_MM * (columns - 1)) / columns - AROUND_WORDS_MM
        room_mm -= 26.0 if pictured else 0.0  # the picture and its gap
        if all(width_px(card.label) <= mm(room_mm) for card in cards):
            return columns
    return 1


load_rules(__file__)
