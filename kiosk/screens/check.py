"""Check your answers: every question with its answer, and Change beside each.

What was left out reads "not given". What must still be answered is said at the top and is where the
main action leads; only when nothing is missing does it lead on. The pattern is GOV.UK's.

When a returned application is corrected, everything she answered stands here and only what the
office asked for is marked, with a sign, words and a ground of its own. Each of these must be looked
at once; whether she changes it is hers to say.
"""

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.correction import Correction
from kiosk.forms.entry import Entry, Line, Violation
from kiosk.language import N_, _, line_pieces
from kiosk.screens.given import given_words
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen

HEADING = N_("Check your answers")
NOT_GIVEN = N_("not given")
STILL_NEEDED = N_("This must still be answered.")
MISSING = N_("Check your answers: still needed %(count)s")
ASKED = N_("The office asks you to correct: %(count)s")
TO_CORRECT = N_("Please correct this")
PHOTO_GONE = N_("The photo is no longer here")
LOOKED_AT = N_("Looked at")
NEWER_FORM = N_("This form has changed since. Your answers are filled in; please check them all.")
PART_LENGTH = 60  # letters; four lines at most beside the question


def words_of(line: Line) -> str:
    """The answer as people read it on this page."""
    if not line.given:
        return _(NOT_GIVEN)
    return given_words(line.kind, line.shown)


def parts_of(words: str) -> list[str]:
    """A long answer in parts that each stand whole on a page; "".join(parts) is the answer."""
    parts = [""]
    for piece in line_pieces(words):
        if parts[-1] and len(parts[-1]) + len(piece) > PART_LENGTH:
            parts.append("")
        parts[-1] += piece
    return parts


class AnswerRow(BoxLayout):
    """A question, the answer given, and Change; a sign where something is missing.

    A long answer goes on in rows of their own, without the question.
    """

    question = StringProperty("")
    answer = StringProperty("")
    given = BooleanProperty(True)
    wrong = BooleanProperty(False)
    mark = StringProperty("")  # why it is marked; empty: it is not
    is_seen = BooleanProperty(False)  # whether what is marked was looked at
    leads = BooleanProperty(True)  # False: the answer of the row above goes on
    ends = BooleanProperty(True)  # False: it goes on in the row below

    __events__ = ("on_change",)

    def on_change(self) -> None:
        """The person wants to change this answer."""


class CheckScreen(Screen):
    """All answers before anything is handed in."""

    missing = NumericProperty(0)
    to_correct = NumericProperty(0)
    notice = StringProperty("")  # what stands at the top besides, or in place of, the heading
    service_id = ""

    def open(self, **given: Any) -> None:
        """Takes `service_id`; `path` is the question that one comes back from."""
        self.service_id = given["service_id"]
        self._came_from: str | None = given.get("path")
        self._rows: dict[tuple[str, int], AnswerRow] = {}  # by path and part of the answer
        self.ids.rows.ids.area.spacing = 0  # the rows are parted by lines

    @property
    def entry(self) -> Entry:
        """The answers of this visit."""
        entry = self.visit.entry
        assert entry is not None  # the shell opens this screen during an entry only
        return entry

    def refresh(self) -> None:
        """Show every answer in the present language."""
        if self.visit.entry is None:
            return
        wrong = {violation.path: violation for violation in self.entry.violations()}
        self.missing = len(wrong)
        correction = self.visit.correction
        to_see = correction.still_to_see() if correction is not None else []
        self.to_correct = len(to_see)
        self.notice = self._notice(correction)
        if self._came_from is None and to_see and not self._rows:
            self._came_from = to_see[0]
        told = [(line, parts_of(_said(line, wrong.get(line.path)))) for line in self.entry.lines()]
        places = [(line.path, part) for line, parts in told for part in range(len(parts))]
        if list(self._rows) != places:
            self._rows = {(path, part): self._row(path) for path, part in places}
            self.ids.rows.show(list(self._rows.values()))
        for line, parts in told:
            for number, words in enumerate(parts):
                row = self._rows[line.path, number]
                row.leads, row.ends = number == 0, number == len(parts) - 1
                row.question = line.label if row.leads else ""
                row.given, row.wrong = line.given, row.leads and line.path in wrong
                row.answer = words
                row.mark, row.is_seen = _marked(correction, line.path) if row.leads else ("", False)
        if self._came_from is not None and (self._came_from, 0) in self._rows:
            self.ids.rows.turn_to(self._rows[self._came_from, 0])
            self._came_from = None

    def _notice(self, correction: Correction | None) -> str:
        """What is to be done first, and why a correction may look other than what she answered."""
        said = []
        if self.missing:
            said.append(_(MISSING, count=int(self.missing)))
        elif self.to_correct:
            said.append(_(ASKED, count=int(self.to_correct)))
        if correction is not None and correction.has_newer_form:
            said.append(_(NEWER_FORM))
        return "\n".join(said)

    def _row(self, path: str) -> AnswerRow:
        row = AnswerRow()
        row.bind(on_change=lambda _row: self.change(path))
        return row

    def change(self, path: str) -> None:
        """Open that one question; it leads back to this row."""
        self.shell.place.given["path"] = path
        self.shell.go("question", service_id=self.service_id, path=path)

    def proceed(self) -> None:
        """To what is missing, or on to handing in."""
        violations = self.entry.violations()
        correction = self.visit.correction
        to_see = correction.still_to_see() if correction is not None else []
        if violations:
            self.change(violations[0].path)
        elif to_see:
            self.change(to_see[0])
        else:
            self.shell.go("confirm", service_id=self.service_id)

    def spoken(self) -> tuple[str, ...]:
        """The heading; answers are hers and are not said aloud."""
        return (HEADING,)


def _marked(correction: Correction | None, path: str) -> tuple[str, bool]:
    """What is said beside a question that is to be corrected, and whether she has seen to it."""
    if correction is None or not correction.is_asked(path):
        return "", False
    if correction.is_seen(path):
        return _(LOOKED_AT), True
    return _(PHOTO_GONE if path in correction.lost else TO_CORRECT), False


def _said(line: Line, violation: Violation | None) -> str:
    """The answer, or what is wrong with it."""
    if violation is None:
        return words_of(line)
    return violation.message if line.given else _(STILL_NEEDED)


load_rules(__file__)
