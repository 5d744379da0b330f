"""One of several answers, or several of them, on large cards.

A few stand beside the question. Many stand below it in pages that turn, nine a page at most, and
above them the letters that the names begin with: a touch on one leaves only the names under it.
"""

from collections.abc import Sequence
from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.forms.definition import QuestionKind
from kiosk.forms.entry import Choice, Question
from kiosk.language import find_message, line_pieces
from kiosk.screens.answer import Answer
from kiosk.screens.name_index import first_letter, letter_place
from kiosk.screens.panel import mm
from kiosk.screens.pictures import picture_texture
from kiosk.screens.rules import load_rules
from kiosk.screens.text import Words
from kiosk.screens.widgets import Tappable

BESIDE_PICTURED_MAX = 2  # with pictures
BESIDE_MAX = 4  # as many cards as stand in one column beside the question
PAGE_MAX = 9  # INC-08: no page of more choices than that
COLUMNS_MAX = 3
LONGEST_MEASURED = 6  # of the labels by letters; the widest are among them
WIDE_SHARE = 6  # one label of six may take two lines
PAGE_WIDTH_MM = 200.0  # between the margins of a 10 inch panel
GAP_MM = 2.0
AROUND_WORDS_MM = 18.0  # the sign and the gaps on a card, see the .kv
LETTER_MM = 12.5
LIST_LEAST_MM = 46.0  # the letters and two rows
CARDS_LEAST_MM = 34.0  # two rows
ROW_MM = 16.0  # the least height of a card; two lines of words make it 23
ROW_LONG_MM = 14.0  # in a list with letters, so that three rows stand below the question
ROW_PICTURED_MM = 20.0
LETTERS_MAX = 20  # as many as one line of letters holds
ACKNOWLEDGED = "OK"  # what an ODK trigger question holds when it was touched


def is_pictured(choices: tuple[Choice, ...]) -> bool:
    """Whether the form shows pictures of what may be chosen."""
    return any(choice.image for choice in choices)


def width_px(words: str) -> int:
    """How wide the words stand on a chosen card."""
    label = Words(text=words, bold=True)
    label.texture_update()
    width: int = label.texture_size[0]
    return width


def with_touched(question: Question, name: str) -> str:
    """The answer after a touch on that choice; of several, a second touch takes it out."""
    if question.kind is not QuestionKind.SELECT_MULTIPLE:
        return name
    chosen = set(question.value.split()) ^ {name}
    return " ".join(choice.name for choice in question.choices if choice.name in chosen)


class Option(Tappable):
    """A card with an answer: a circle for one of many, a square with a tick for many of many."""

    name = StringProperty("")
    text = StringProperty("")
    many = BooleanProperty(False)
    chosen = BooleanProperty(False)
    picture = ObjectProperty(None, allownone=True)


class Letter(Tappable):
    """A letter that names begin with."""

    text = StringProperty("")
    chosen = BooleanProperty(False)


class OptionRow(BoxLayout):
    """Cards side by side, as high as the highest."""

    def __init__(self, cards: Sequence[Tappable], least_height: int) -> None:
        super().__init__()
        self._cards, self._least_height = cards, least_height
        for card in cards:
            card.bind(minimum_height=self._fit)
            self.add_widget(card)
        self._fit()

    def _fit(self, *_: object) -> None:
        self.height = max(self._least_height, *(card.minimum_height for card in self._cards))


class ChoiceAnswer(Answer):
    """The choices of one question."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._question: Question | None = None
        self._letter = ""
        self._laid: object = None
        self._options: list[Option] = []
        self.turns = self.ids.cards

    def show(self, question: Question) -> None:
        """Lay out the cards anew only when they have changed; else only mark the chosen."""
        self._question = question
        many = len(question.choices) > PAGE_MAX
        pictured = is_pictured(question.choices)
        self.wide = len(question.choices) > (BESIDE_PICTURED_MAX if pictured else BESIDE_MAX)
        found = {first_letter(choice.label) for choice in question.choices} - {""}
        letters = sorted(found, key=letter_place)
        if not many or not 1 < len(letters) <= LETTERS_MAX:
            letters = []
        self.least_mm = LIST_LEAST_MM if letters else CARDS_LEAST_MM
        if self._letter not in letters:
            self._letter = ""
        if (question.choices, self._letter) != self._laid:
            first_time = self._laid is None
            self._laid = (question.choices, self._letter)
            self._lay_letters(letters)
            self._lay(question)
            if first_time:
                self._turn_to_chosen()
        self._mark(question)

    def _lay(self, question: Question) -> None:
        choices = [one for one in question.choices if first_letter(one.label) == self._letter]
        if not self._letter:
            choices = list(question.choices)
        columns = self._columns(question.choices)
        self._options = [self._card(choice, question) for choice in choices]
        starts = range(0, len(self._options), columns)
        row_mm = ROW_LONG_MM if self.ids.letters.height else ROW_MM
        row_mm = ROW_PICTURED_MM if is_pictured(question.choices) else row_mm
        rows = [self._row(self._options[at : at + columns], columns, row_mm) for at in starts]
        self.ids.cards.rows_max = PAGE_MAX // columns
        self.ids.cards.show(rows)

    def _columns(self, choices: tuple[Choice, ...]) -> int:
        """As many as leave nearly each name on one line, at least two below the question."""
        if not self.wide:
            return 1
        if is_pictured(choices):
            return COLUMNS_MAX - 1
        longest = sorted((choice.label for choice in choices), key=len)[-LONGEST_MEASURED:]
        room_px = (mm(PAGE_WIDTH_MM) - 2 * mm(GAP_MM)) / COLUMNS_MAX - mm(AROUND_WORDS_MM)
        wide = [label for label in longest if width_px(label) > room_px]
        few = len(wide) <= len(choices) // WIDE_SHARE
        breakable = all(width_px(part) <= room_px for label in wide for part in line_pieces(label))
        return COLUMNS_MAX if few and breakable else COLUMNS_MAX - 1

    def _card(self, choice: Choice, question: Question) -> Option:
        card = Option(
            name=choice.name,
            text=choice.label,
            many=question.kind is QuestionKind.SELECT_MULTIPLE,
            picture=picture_texture(self.page.medium(choice.image)),
        )
        card.bind(on_release=self._touched)
        return card

    @staticmethod
    def _row(cards: list[Option], columns: int, row_mm: float) -> BoxLayout:
        row = OptionRow(cards, mm(row_mm))
        for _empty in range(columns - len(cards)):
            row.add_widget(Widget())
        return row

    def _mark(self, question: Question) -> None:
        chosen = set(question.value.split(" "))
        for option in self._options:
            option.chosen = option.name in chosen

    def _turn_to_chosen(self) -> None:
        question = self._question
        assert question is not None  # called while it is being shown
        chosen = set(question.value.split(" "))
        for option in self._options:
            if option.name in chosen:
                self.ids.cards.turn_to(option.parent)
                return

    def _lay_letters(self, letters: list[str]) -> None:
        place = self.ids.letters
        place.clear_widgets()
        for text in letters:
            letter = Letter(text=text, chosen=text == self._letter)
            letter.bind(on_release=lambda held: self.jump(held.text))
            place.add_widget(letter)
        place.height = mm(LETTER_MM) if letters else 0

    def jump(self, letter: str) -> None:
        """Only the names under that letter; the same letter again, or none: all of them."""
        self._letter = "" if letter == self._letter else letter
        if self._question is not None:
            self.show(self._question)

    def _touched(self, option: Option) -> None:
        question = self._question
        if question is not None:
            self.page.give(question.path, with_touched(question, option.name))


class AcknowledgeAnswer(Answer):
    """One card to say that it was read."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._question: Question | None = None
        self.ids.card.bind(on_release=self._touched)

    def show(self, question: Question) -> None:
        """Show whether it was said."""
        self.wide = True
        self._question = question
        self.ids.card.chosen = bool(question.value)

    def spoken(self) -> tuple[str, ...]:
        """What the card says."""
        return tuple(filter(None, (find_message(self.ids.card.text),)))

    def _touched(self, _card: Option) -> None:
        if self._question is not None:
            value = "" if self._question.value else ACKNOWLEDGED
            self.page.give(self._question.path, value)


load_rules(__file__)
