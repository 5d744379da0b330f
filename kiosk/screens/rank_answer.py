"""Things in order of importance: touch the first, then the second; each shows its number.

Dragging is a hidden gesture; touching in order is not. A touch on a numbered one takes it out and
those behind it move up, so that any order can be mended without starting anew. A sentence says at
each step which place is next.
"""

from typing import Any

from kivy.properties import NumericProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.forms.entry import Choice, Question
from kiosk.language import N_, _
from kiosk.screens.answer import Answer
from kiosk.screens.choice_answer import (
    BESIDE_MAX,
    BESIDE_PICTURED_MAX,
    CARDS_LEAST_MM,
    PAGE_MAX,
    ROW_MM,
    ROW_PICTURED_MM,
    OptionRow,
    is_pictured,
)
from kiosk.screens.panel import mm
from kiosk.screens.pictures import picture_texture
from kiosk.screens.rules import load_rules
from kiosk.screens.widgets import Tappable

COLUMNS = 2  # below the question

NEXT = (  # what to do, by how many have their place
    N_("Touch what comes first."),
    N_("Now touch what comes second."),
    N_("Now touch what comes third."),
    N_("Now touch what comes fourth."),
    N_("Now touch what comes fifth."),
    N_("Now touch what comes sixth."),
    N_("Now touch what comes seventh."),
    N_("Now touch what comes eighth."),
    N_("Now touch what comes ninth."),
)
AFTER_THAT = N_("Now touch the next one.")
ORDERED = N_("That is your order. Touch one to take it out.")
LAST_BACK = N_("Take the last one back")
THE_OTHERS = N_("Please touch the others too, in your order.")


class RankCard(Tappable):
    """One thing, with its place in the order; 0 for none yet."""

    name = StringProperty("")
    text = StringProperty("")
    place = NumericProperty(0)
    picture = ObjectProperty(None, allownone=True)


class RankAnswer(Answer):
    """The order of one question's choices."""

    least_mm = CARDS_LEAST_MM

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._question: Question | None = None
        self._laid: tuple[Choice, ...] | None = None
        self._cards: list[RankCard] = []
        self.turns = self.ids.cards

    def show(self, question: Question) -> None:
        """Show each thing with its number."""
        self._question = question
        pictured = is_pictured(question.choices)
        self.wide = len(question.choices) > (BESIDE_PICTURED_MAX if pictured else BESIDE_MAX)
        if question.choices != self._laid:
            self._laid = question.choices
            self._lay(question.choices)
        ranked = self._ranked
        for card in self._cards:
            card.place = ranked.index(card.name) + 1 if card.name in ranked else 0
        self.aside = _(LAST_BACK) if ranked and not self.wide else ""
        self.how = _(self._how)

    @property
    def _ranked(self) -> list[str]:
        return self._question.value.split() if self._question is not None else []

    @property
    def _how(self) -> str:
        """The sentence that says what is next."""
        ranked = len(self._ranked)
        if ranked and ranked >= len(self._cards):
            return ORDERED
        return NEXT[ranked] if ranked < len(NEXT) else AFTER_THAT

    def spoken(self) -> tuple[str, ...]:
        """What is next."""
        return (self._how,)

    def _lay(self, choices: tuple[Choice, ...]) -> None:
        columns = COLUMNS if self.wide else 1
        row_mm = ROW_PICTURED_MM if is_pictured(choices) else ROW_MM
        self._cards = [self._card(choice) for choice in choices]
        for card in self._cards:
            card.bind(on_release=lambda held: self.touch(held.name))
        starts = range(0, len(self._cards), columns)
        rows = [OptionRow(self._cards[at : at + columns], mm(row_mm)) for at in starts]
        if rows and len(rows[-1].children) < columns:
            rows[-1].add_widget(Widget())
        self.ids.cards.rows_max = PAGE_MAX // columns
        self.ids.cards.show(rows)

    def _card(self, choice: Choice) -> RankCard:
        picture = picture_texture(self.page.medium(choice.image))
        return RankCard(name=choice.name, text=choice.label, picture=picture)

    def touch(self, name: str) -> None:
        """The next in order, or out of the order again."""
        ranked = self._ranked
        if name in ranked:
            ranked.remove(name)
        else:
            ranked.append(name)
        self._give(ranked)

    def take_aside(self) -> None:
        """The last one is taken back."""
        self._give(self._ranked[:-1])

    def proceed(self) -> bool:
        """An order is whole or it is none."""
        if not self._ranked or len(self._ranked) >= len(self._cards):
            return False
        self.page.complain(THE_OTHERS)
        return True

    def _give(self, ranked: list[str]) -> None:
        if self._question is not None:
            self.page.give(self._question.path, " ".join(ranked))


load_rules(__file__)
