"""Check your answers: every question with its answer, and Change beside each.

Groups and the instances of repeats stand as headings with their answers set in below them; a
repeat has a row of its own, whose Change leads to where one more is added. More rows than anybody
turns through come in volumes, so that no form makes the glass stand still.

When a returned application is corrected, everything she answered stands here and only what the
office asked for is marked, with a sign, words and a ground of its own. Each of these must be looked
at once; whether she changes it is hers to say.

What was left out reads "not given". What must still be answered is said at the top and is where the
main action leads; only when nothing is missing does it lead on. The pattern is GOV.UK's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.correction import Correction
from kiosk.forms.entry import Entry, Line, Part, Repeat, Violation
from kiosk.given import given_words, headings, joined, name_of
from kiosk.language import N_, _, line_pieces
from kiosk.reopening import NEWER_FORM
from kiosk.screens.rules import load_rules
from kiosk.screens.screen import Screen
from kiosk.screens.widgets import Tappable
from sync.journey import CHECK

HEADING = N_("Check your answers")
NOT_GIVEN = N_("not given")
STILL_NEEDED = N_("This must still be answered.")
MISSING = N_("Check your answers: still needed %(count)s")
ASKED = N_("The office asks you to correct: %(count)s")
TO_CORRECT = N_("Please correct this")
PHOTO_GONE = N_("The photo is no longer here")
LOOKED_AT = N_("Looked at")
PART_LENGTH = 60  # letters; four lines at most beside the question
IN_ALL = N_("%(count)s in all")
NOT_ONE = N_("None")
FURTHER = N_("Show the answers that follow")
EARLIER = N_("Show the answers before")
ROWS_MAX = 120  # of one volume; each is a few widgets
SET_IN_MAX = 2  # levels; deeper ones stand there too


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


@dataclass(frozen=True, slots=True)
class Told:
    """One row: a heading, a repeat, or a part of an answer."""

    key: tuple[str, int]  # path and part of the answer, or kind of row
    level: int
    question: str = ""
    continued: str = ""  # the question of an answer that goes on here
    answer: str = ""
    heading: str = ""
    given: bool = True
    wrong: bool = False
    mark: str = ""
    is_seen: bool = False
    leads: bool = True
    ends: bool = True
    under: str = ""  # the headings it stands under


UNDER_MAX = 2  # headings that a row at the top of a page says again: whose, and of what
HEADING_ROW, REPEAT_ROW = -1, -2  # in place of the part of an answer


class AnswerRow(BoxLayout):
    """A question, the answer given, and Change; a sign where something is missing.

    A long answer goes on in rows of their own, which say the question only at the top of a page.
    """

    question = StringProperty("")
    continued = StringProperty("")  # the question of the row above, whose answer goes on here
    answer = StringProperty("")
    given = BooleanProperty(True)
    wrong = BooleanProperty(False)
    mark = StringProperty("")  # why it is marked; empty: it is not
    is_seen = BooleanProperty(False)  # whether what is marked was looked at
    leads = BooleanProperty(True)  # False: the answer of the row above goes on
    ends = BooleanProperty(True)  # False: it goes on in the row below
    level = NumericProperty(0)  # how many headings it stands under
    under = StringProperty("")  # the innermost of them, in words
    at_top = BooleanProperty(False)  # its headings are on the page before: the row says it itself

    __events__ = ("on_change",)

    def on_change(self) -> None:
        """The person wants to change this answer."""


class PartHeading(BoxLayout):
    """The name of a group or of an instance, above its answers."""

    text = StringProperty("")
    level = NumericProperty(0)


class VolumeLink(Tappable):
    """Leads to the rows before or behind those that are shown."""

    text = StringProperty("")


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
        self._volume = 0
        self._rows: dict[tuple[str, int], AnswerRow | PartHeading] = {}
        self._places: object = None
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
        self.visit.is_at(CHECK)
        self.visit.is_told(wrong)
        self.missing = len(wrong)
        correction = self.visit.correction
        to_see = correction.still_to_see() if correction is not None else []
        self.to_correct = len(to_see)
        self.notice = self._notice(correction)
        if self._came_from is None and to_see and not self._rows:
            self._came_from = to_see[0]
        told = list(self._told(wrong))
        volumes = [told[at : at + ROWS_MAX] for at in range(0, len(told), ROWS_MAX)] or [[]]
        sought = self._came_from
        if sought is not None:
            keys = ((sought, 0), (sought, REPEAT_ROW))
            holds = (
                at for at, volume in enumerate(volumes) if {one.key for one in volume} & {*keys}
            )
            self._volume = next(holds, self._volume)
        self._volume = min(self._volume, len(volumes) - 1)
        self._show(volumes[self._volume], len(volumes))
        if sought is not None:
            for key in ((sought, 0), (sought, REPEAT_ROW)):
                if key in self._rows:
                    self.ids.rows.turn_to(self._rows[key])
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

    def _told(self, wrong: dict[str, Violation]) -> Iterator[Told]:
        before: tuple[Part, ...] = ()
        for one in self.entry.lines_and_repeats():
            level = min(len(one.parts), SET_IN_MAX)
            for depth, part in headings(before, one.parts):
                key = (part.path, HEADING_ROW)
                yield Told(key, min(depth, SET_IN_MAX), heading=name_of(part))
            before = one.parts
            under = joined(one.parts[-UNDER_MAX:])
            if isinstance(one, Repeat):
                count = len(one.instances)
                words = _(IN_ALL, count=count) if count else _(NOT_ONE)
                yield Told(
                    (one.path, REPEAT_ROW), level, one.label, words, given=count > 0, under=under
                )
                continue
            parts = parts_of(_said(one, wrong.get(one.path)))
            for number, words in enumerate(parts):
                leads = number == 0
                mark, is_seen = _marked(self.visit.correction, one.path) if leads else ("", False)
                yield Told(
                    key=(one.path, number),
                    level=level,
                    question=one.label if leads else "",
                    continued="" if leads else one.label,
                    answer=words,
                    given=one.given,
                    wrong=leads and one.path in wrong,
                    mark=mark,
                    is_seen=is_seen,
                    leads=leads,
                    ends=number == len(parts) - 1,
                    under=under,
                )

    def _show(self, told: list[Told], volumes: int) -> None:
        places = (self._volume, volumes, [one.key for one in told])
        if places != self._places:
            self._places = places
            self._rows = {one.key: self._row(one) for one in told}
            rows: list[Widget] = list(self._rows.values())
            if self._volume:
                rows.insert(0, self._link(EARLIER, -1))
            if self._volume < volumes - 1:
                rows.append(self._link(FURTHER, 1))
            self.ids.rows.show(rows)
        for one in told:
            row = self._rows[one.key]
            row.level = one.level
            if isinstance(row, PartHeading):
                row.text = one.heading
                continue
            row.leads, row.ends, row.under = one.leads, one.ends, one.under
            row.question, row.continued, row.answer = one.question, one.continued, one.answer
            row.given, row.wrong = one.given, one.wrong
            row.mark, row.is_seen = one.mark, one.is_seen

    def _row(self, one: Told) -> AnswerRow | PartHeading:
        path, part = one.key
        if part == HEADING_ROW:
            return PartHeading()
        row = AnswerRow()
        row.bind(on_change=lambda _row: self.change(path))
        return row

    def _link(self, sentence: str, by: int) -> VolumeLink:
        link = VolumeLink(text=_(sentence))
        link.bind(on_release=lambda _link: self._turn_volume(by))
        return link

    def _turn_volume(self, by: int) -> None:
        self._volume += by
        self.refresh()

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
