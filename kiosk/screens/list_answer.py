"""One of very many choices, or several: pages of large cards, a first letter, or typing the name.

A list of villages has thousands of names; nobody turns a thousand pages. So a list that is longer
than a few pages begins with the letters that its names begin with; a touch on one leaves only the
names under it, and whoever can write types a part of the name. What is chosen is said above the
list wherever one is in it. The names of one page exist as cards, no others.

Above the keyboard there is room for little more than two lines on a low panel: the question and the
field share it with the first names found, side by side.
"""

from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.forms.definition import QuestionKind
from kiosk.forms.entry import Choice, Question
from kiosk.language import N_, _, language, line_pieces
from kiosk.screens.answer import Answer
from kiosk.screens.choice_answer import (
    AROUND_WORDS_MM,
    COLUMNS_MAX,
    GAP_MM,
    PAGE_WIDTH_MM,
    Letter,
    Option,
    OptionRow,
    width_px,
    with_touched,
)
from kiosk.screens.name_index import NameIndex
from kiosk.screens.panel import mm
from kiosk.screens.rules import load_rules
from kiosk.screens.text_answer import KEYBOARDS

LIST_FROM = 25  # choices: fewer are turned through, or narrowed by a letter, in `ChoiceAnswer`
BY_LETTER_FROM = 60  # choices: so many begin with the letters
LONGEST_MEASURED = 40  # of the labels by letters; those that need a second line are among them
CARD_LEAST_MM, LINE_MM, AROUND_LINES_MM = 14.0, 9.8, 1.2  # of a card's height
SEARCH_MM = 104.0  # the width of the question and the field while typing
FOUND_MM = PAGE_WIDTH_MM - SEARCH_MM - 4.0  # and of the names found, behind the gap
FOUND_ROOM_MM = 31.0  # between the fixed places and the keyboard of the lowest panel
FOUND_ROWS = 2  # of one line each
QUESTION_LINES = 2
FEW = 9  # INC-08: no page of more names than that
ROOM_USUAL_MM = 34.0  # the height of a list before anybody has measured it
LETTER_COLUMNS, LETTER_MM = 14, 13.0
LETTERS_MAX = 28  # two lines of them
CHOSEN_SHOWN_LENGTH, SOUGHT_SHOWN_LENGTH = 40, 12

CHOSEN = N_("Chosen: %(name)s")
CHOSEN_COUNT = N_("Chosen: %(count)s")
NONE_CHOSEN = N_("Nothing chosen yet")
TOUCH_LETTER = N_("Touch the first letter of the name.")
ALL_LETTERS = {"lo": "ກ–ຮ", "en": "A–Z"}
TYPE_PART = N_("Type a part of the name.")
ONE_FOUND = N_("One name has these letters. Touch it.")
FEW_FOUND = N_("A few names have these letters. Touch the right one.")
MANY_FOUND = N_("Many names have these letters. Type more letters.")
NONE_FOUND = N_("No name here has these letters. Type fewer letters, or other ones.")


class ListAnswer(Answer):
    """The choices of one question, when they are many."""

    least_mm = 44.0  # what is said above the list, and two rows
    by_letter = BooleanProperty(False)  # the letters are shown, to choose one
    has_letters = BooleanProperty(False)
    letter = StringProperty("")  # only the names under it
    letters_words = StringProperty("")
    sought = StringProperty("")  # only the names with it
    found = NumericProperty(0)
    chosen_words = StringProperty("")
    advice = StringProperty("")
    question_words = StringProperty("")  # what is asked, while typing
    search_mm = NumericProperty(SEARCH_MM)

    def __init__(self, **properties: Any) -> None:
        super().__init__(wide=True, **properties)
        self._question: Question | None = None
        self._index = NameIndex(())
        self._names: tuple[Choice, ...] = ()
        self._laid: object = None
        self._following = False  # the field is being set by us, not by the person
        self.turns = self.ids.list

    def show(self, question: Question) -> None:
        """Lay out the list anew only when it has changed; else only mark the chosen."""
        first_time = self._question is None
        self._question = question
        if self._index.choices != question.choices:
            self._index = NameIndex(question.choices, letters_max=LETTERS_MAX)
            letters = self._index.letters
            self.has_letters = len(letters) > 1
            self.letter = self.letter if self.letter in letters else ""
            if first_time:
                self.by_letter = self._is_long and not question.value
            self._lay_letters(letters)
        narrowed = self.letter or shortened(self.sought, SOUGHT_SHOWN_LENGTH)
        self.letters_words = narrowed or ALL_LETTERS.get(language(), ALL_LETTERS["en"])
        self.turns = self.ids.letters if self.by_letter else self.ids.list
        self.chosen_words = self._said(question)
        self.question_words = within(question.label, mm(SEARCH_MM), QUESTION_LINES)
        self._lay()
        self._mark()

    def _said(self, question: Question) -> str:
        many = len(question.value.split()) if question.kind is QuestionKind.SELECT_MULTIPLE else 1
        if not question.value:
            return _(TOUCH_LETTER if self.by_letter else NONE_CHOSEN)
        if many > 1:
            return _(CHOSEN_COUNT, count=many)
        return _(CHOSEN, name=shortened(question.shown))

    # --- the list -----------------------------------------------------------------------------

    def _lay(self) -> None:
        question = self._question
        assert question is not None  # called while it is being shown
        laid = (id(self._index), self.letter, self.sought, self.typing)
        if laid == self._laid:
            return
        self._laid = laid
        self._names = self._wanted(question)
        self.found = len(self._names)
        nothing = bool(self.sought) and not self._names
        self.advice = _(NONE_FOUND) if nothing else ""
        columns, row_mm = self._measured()
        count = -(-len(self._names) // columns)
        self.ids.list.show(
            count,
            lambda row: self._row(row, columns, row_mm),
            row_mm=row_mm,
            sought=self._row_of_chosen(columns),
            rows_max=FEW // columns,
        )

    def _wanted(self, question: Question) -> tuple[Choice, ...]:
        if self.sought:
            return self._index.matching(self.sought)
        if self.letter:
            return self._index.under(self.letter)
        if question.kind is QuestionKind.SELECT_MULTIPLE:
            return self._index.first_of(question.value.split())
        return self._index.choices

    def _measured(self) -> tuple[int, float]:
        """How many cards side by side, and how high, show most names a page, each whole."""
        seen = self._names[: FOUND_ROWS * COLUMNS_MAX] if self.typing else self._names
        longest = sorted((one.label for one in seen), key=len)[-LONGEST_MEASURED:]
        widths = {label: width_px(label) for label in longest}
        room_mm = self.ids.list.height / mm(1) or ROOM_USUAL_MM
        width_mm = PAGE_WIDTH_MM
        if self.typing:
            room_mm, width_mm = FOUND_ROOM_MM, FOUND_MM
        best = (0, 1, CARD_LEAST_MM)
        for columns in range(COLUMNS_MAX, 0, -1):
            gaps_mm = GAP_MM * (columns - 1) + AROUND_WORDS_MM * columns
            room_px = (mm(width_mm) - mm(gaps_mm)) / columns
            if self.typing:  # no other names are seen
                longest = [one.label for one in seen[: FOUND_ROWS * columns]]
            wide = [label for label in longest if widths[label] > room_px]
            lines = max((lines_of(label, room_px) for label in wide), default=1)
            if self.typing and lines > 1 < columns:
                continue  # there is room for a narrow card or for a high one
            row_mm = max(CARD_LEAST_MM, lines * LINE_MM + AROUND_LINES_MM)
            rows = max(1, int((room_mm + GAP_MM) // (row_mm + GAP_MM)))
            names = columns * min(rows, FEW // columns)
            if names > best[0]:
                best = (names, columns, row_mm)
        _names, columns, row_mm = best
        return columns, row_mm

    def _row_of_chosen(self, columns: int) -> int | None:
        question = self._question
        chosen = set(question.value.split(" ")) if question is not None else set()
        places = (at for at, choice in enumerate(self._names) if choice.name in chosen)
        at = next(places, None)
        return None if at is None else at // columns

    def _row(self, number: int, columns: int, row_mm: float) -> OptionRow:
        names = self._names[number * columns : (number + 1) * columns]
        row = OptionRow([self._card(choice) for choice in names], mm(row_mm))
        for _empty in range(columns - len(names)):
            row.add_widget(Widget())
        return row

    def _card(self, choice: Choice) -> Option:
        question = self._question
        assert question is not None  # there are no rows before
        card = Option(
            name=choice.name,
            text=choice.label,
            many=question.kind is QuestionKind.SELECT_MULTIPLE,
            chosen=choice.name in question.value.split(" "),
        )
        card.bind(on_release=self._touched)
        return card

    def _mark(self) -> None:
        question = self._question
        assert question is not None  # called while it is being shown
        chosen = question.value.split(" ")
        for row in self.ids.list.rows:
            for card in row.children:
                if isinstance(card, Option):
                    card.chosen = card.name in chosen

    def _touched(self, option: Option) -> None:
        question = self._question
        if question is None:
            return
        was_typing = self.typing
        self.page.give(question.path, with_touched(question, option.name))
        if was_typing and not option.many:  # found: the list again, with this name in view
            self.stop_typing()

    # --- a letter -----------------------------------------------------------------------------

    def _lay_letters(self, letters: list[str]) -> None:
        count = -(-len(letters) // LETTER_COLUMNS) if self.has_letters else 0
        self.ids.letters.show(count, lambda row: self._letter_row(letters, row), row_mm=LETTER_MM)

    def _letter_row(self, letters: list[str], number: int) -> BoxLayout:
        row = BoxLayout(spacing=mm(GAP_MM))
        for text in letters[number * LETTER_COLUMNS : (number + 1) * LETTER_COLUMNS]:
            letter = Letter(text=text, size_hint_max_x=None)
            letter.bind(on_release=lambda held: self.jump(held.text))
            row.add_widget(letter)
        for _empty in range(LETTER_COLUMNS - len(row.children)):
            row.add_widget(Widget())
        return row

    def ask_letter(self) -> None:
        """Show the letters, or the list again; what was narrowed is so no longer."""
        narrowed = bool(self.letter or self.sought)
        self.by_letter = self._is_long if narrowed else not self.by_letter
        self.letter = ""
        self._leave_search()
        self.page.refresh()

    def jump(self, letter: str) -> None:
        """Only the names under that letter."""
        self.letter = letter
        self.by_letter = False
        self._leave_search()
        self.page.refresh()

    @property
    def _is_long(self) -> bool:
        return self.has_letters and len(self._index.choices) >= BY_LETTER_FROM

    # --- typing -------------------------------------------------------------------------------

    def type(self, *_: object) -> None:
        """Open the keyboard to type a part of the name."""
        if self.typing or self.get_parent_window() is None:
            return
        self.letter = ""
        self.by_letter = False
        self.typing = self.searching = True
        self.page.refresh()
        Clock.schedule_once(self._open_keyboard)

    def _open_keyboard(self, *_: object) -> None:
        field = self.ids.field
        field.cursor = field.get_cursor_from_index(len(field.text))
        keyboard = KEYBOARDS.get(language(), "latin")
        self.page.shell.keyboard.open_for(field, keyboard, self.typed)

    def seek(self, text: str) -> None:
        """Each letter narrows the list at once."""
        if not self._following:
            self.sought = text
            self.page.refresh()

    def typed(self) -> None:
        """The keyboard was folded away; the names found stay."""
        self.typing = self.searching = False
        self.page.refresh()

    def stop_typing(self) -> None:
        """All names again, the keyboard away."""
        self._leave_search()
        self.page.shell.keyboard.close()
        self.typing = self.searching = False
        self.page.refresh()

    def _leave_search(self) -> None:
        self._following = True
        self.ids.field.forget()
        self._following = False
        self.sought = ""

    def show_found(self) -> None:
        """The names found, in pages, with the keyboard away."""
        self.page.shell.keyboard.close()
        self.typed()

    # --- the page -----------------------------------------------------------------------------

    def spoken(self) -> tuple[str, ...]:
        """How to find the name, and about how many have what was typed."""
        if not self.typing:
            return (NONE_FOUND,) if self.advice else (TOUCH_LETTER,) if self.by_letter else ()
        if not self.sought:
            return (TYPE_PART,)
        if self.found <= 1:
            return (ONE_FOUND if self.found else NONE_FOUND,)
        return (FEW_FOUND if self.found <= FEW else MANY_FOUND,)

    def proceed(self) -> bool:
        """Nothing inside; the keyboard has served."""
        self.typing = self.searching = False
        return False

    def back(self) -> bool:
        """Back leads out of typing, then out of a letter or what was found, to the whole list."""
        if self.typing or self.sought:
            self.stop_typing()
            return True
        if self.letter:
            self.ask_letter()
            return True
        return False

    def close(self) -> None:
        """Nothing of what was typed stays in the field."""
        self._following = True
        self.ids.field.forget()


def lines_of(label: str, room_px: float) -> int:
    """How many lines the name takes on a card with that room for words."""
    lines, used = 1, 0
    for piece in line_pieces(label):
        width = width_px(piece)
        if used and used + width > room_px:
            lines, used = lines + 1, 0
        used += width
    return lines


def within(words: str, room_px: float, lines_max: int) -> str:
    """The words, or as many whole pieces of them as so many lines hold."""
    if lines_of(words, room_px) <= lines_max:
        return words
    kept = ""
    for piece in line_pieces(words):
        if lines_of(f"{kept}{piece.rstrip()}…", room_px) > lines_max:
            break
        kept += piece
    return kept.rstrip() + "…"


def shortened(words: str, length_max: int = CHOSEN_SHOWN_LENGTH) -> str:
    """The words, or as many whole pieces of them as that length holds."""
    if len(words) <= length_max:
        return words
    kept = ""
    for piece in line_pieces(words):
        if kept and len(kept) + len(piece) > length_max:
            break
        kept += piece
    return kept[: length_max + 1].rstrip() + "…"


load_rules(__file__)
