"""The end of a repeat: what was given so far, one more, or that is all.

"Add another child" and Continue, which says "That is all" here, are equally large. Each that was
given stands in a row with Change and Remove; Remove asks once. Rows exist for the page that is
shown only, because a form may hold two hundred.
"""

from typing import Any

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.forms.entry import Instance, Question, Repeat
from kiosk.given import name_of
from kiosk.language import N_, _
from kiosk.screens.answer import Answer
from kiosk.screens.choice_answer import width_px
from kiosk.screens.list_answer import shortened
from kiosk.screens.panel import mm
from kiosk.screens.parts import ANOTHER_NAMELESS, FIRST_NAMELESS, add_words, done_words
from kiosk.screens.rules import load_rules

ROW_MM, ROW_TWO_LINES_MM = 13.0, 20.0
NAME_ROOM_MM, ANSWER_ROOM_MM = 44.0, 60.0  # of a row on a 10 inch panel, see the .kv
WORDS_LENGTH_MAX = 26  # of each; two lines hold them
LONGEST_MEASURED = 5
FULL = N_("No more can be added here.")
NOTHING_YET = N_("nothing written yet")
REMOVE_ASKED = N_("Remove “%(name)s” and everything written there?")
REMOVE = N_("Remove")
KEEP = N_("Keep")


class InstanceRow(BoxLayout):
    """One that was given: its name, its first answer, Change, Remove."""

    name = StringProperty("")
    answer = StringProperty("")
    given = BooleanProperty(True)

    __events__ = ("on_change", "on_remove")

    def on_change(self) -> None:
        """The person wants to change something in it."""

    def on_remove(self) -> None:
        """The person wants it gone."""


class RepeatAnswer(Answer):
    """The rows, and the touch that adds one more."""

    add_words = StringProperty("")
    full_words = StringProperty("")

    def __init__(self, **properties: Any) -> None:
        super().__init__(wide=True, **properties)
        self._repeat: Repeat | None = None
        self.turns = self.ids.list

    def show(self, question: Question) -> None:
        """There is no question here: see `show_repeat`."""

    def show_repeat(self, repeat: Repeat) -> None:
        """Show what was given so far, from the last one up when it is new."""
        before = self._repeat
        self._repeat = repeat
        self.add_words = add_words(repeat) if repeat.may_add else ""
        self.full_words = "" if repeat.may_add else _(FULL)
        self.onward = done_words(repeat)
        if before is not None and before.instances == repeat.instances:
            return
        last = len(repeat.instances) - 1
        rows = len(repeat.instances)
        row_mm = ROW_MM if self._is_short(repeat) else ROW_TWO_LINES_MM
        self.ids.list.show(rows, self._row, row_mm=row_mm, sought=last if last > 0 else None)

    @staticmethod
    def _is_short(repeat: Repeat) -> bool:
        """Whether every row's words stand on one line."""
        names = [_short(name_of(instance.part)) for instance in repeat.instances]
        answers = [_short(instance.shown) or _(NOTHING_YET) for instance in repeat.instances]
        return all(
            width_px(words) <= mm(room_mm)
            for told, room_mm in ((names, NAME_ROOM_MM), (answers, ANSWER_ROOM_MM))
            for words in sorted(told, key=len)[-LONGEST_MEASURED:]
        )

    def _row(self, number: int) -> InstanceRow:
        assert self._repeat is not None  # there are no rows before
        instance = self._repeat.instances[number]
        row = InstanceRow(
            name=_short(name_of(instance.part)),
            answer=_short(instance.shown) or _(NOTHING_YET),
            given=bool(instance.shown),
        )
        row.bind(on_change=lambda _row: self.page.visit_instance(instance.part.path))
        row.bind(on_remove=lambda _row: self._ask_to_remove(instance))
        return row

    def spoken(self) -> tuple[str, ...]:
        """One more, where that may be; that it is all, Continue says."""
        repeat = self._repeat
        if repeat is None or not repeat.may_add or repeat.add:
            return ()
        return (ANOTHER_NAMELESS if repeat.instances else FIRST_NAMELESS,)

    def add(self) -> None:
        """One more."""
        if self._repeat is not None:
            self.page.add_instance(self._repeat.path)

    def _ask_to_remove(self, instance: Instance) -> None:
        name = name_of(instance.part)
        said = f"{name}: {instance.shown}" if instance.shown else name
        self.page.shell.ask(
            _(REMOVE_ASKED, name=shortened(said)),
            yes=_(REMOVE),
            no=_(KEEP),
            on_yes=lambda: self.page.remove_instance(instance.part.path),
        )


def _short(words: str) -> str:
    return shortened(words, WORDS_LENGTH_MAX)


load_rules(__file__)
