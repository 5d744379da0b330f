"""A form being filled: what is asked now, what was answered, and whether it may be submitted.

An entry lives in memory only and knows no screen. A screen shows `page`, reports each touch with
`answer`, and moves with `advance` and `retreat`; at the end stand the `lines` to check. The
language may change at any moment: labels follow, answers stay. An answer is kept even when it
violates something, so that nobody types it twice.

`from_record` opens recorded answers for an officer exactly as they were given: calculations are
not run again, and `today()` is the day of the application. With `today` it opens them for
correcting, and everything works again.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from kiosk.forms.answers import clean_for, day_of
from kiosk.forms.checker import Checker
from kiosk.forms.definition import Control, Definition, QuestionKind
from kiosk.forms.labels import Labels
from kiosk.forms.model import Model, answer_at, is_within
from kiosk.forms.node import Node
from kiosk.forms.program import program_of
from kiosk.forms.question import (
    MESSAGES,
    Attachment,
    Choice,
    Formats,
    Line,
    Page,
    PlainFormats,
    Question,
    Violation,
)
from kiosk.forms.record import answers_of, fill
from kiosk.forms.route import Asked, Stop, stops_of
from kiosk.forms.values import VIENTIANE

__all__ = [
    "Attachment",
    "Choice",
    "Entry",
    "Formats",
    "Line",
    "Page",
    "PlainFormats",
    "Question",
    "QuestionKind",
    "Violation",
]

EXTENSIONS = {"jpeg": "jpg", "svg": "svg", "plain": "txt"}


class Entry:
    """One applicant's filling of one form."""

    def __init__(
        self,
        definition: Definition,
        *,
        language: str,
        today: date,
        messages: Mapping[str, str] = MESSAGES,
        formats: Formats | None = None,
        now: Callable[[], datetime] | None = None,
        zone: tzinfo = VIENTIANE,
    ) -> None:
        self.definition = definition
        self._messages = messages
        self._formats = formats or PlainFormats()
        self._today = today
        self._now = now or (lambda: datetime.now(UTC))
        self._zone = zone
        self._attachments: dict[Node, Attachment] = {}
        self._attached = 0
        self._at: Node | None = None  # the field the page is known by; None at the end
        self._renew(language)
        self._model.begin()
        self._start()

    def _renew(self, language: str) -> None:
        program = program_of(self.definition)
        self._model = Model(program, today=self._today, now=self._now, zone=self._zone)
        self._labels = Labels(self._model, language, self._formats, self._zone)
        self._checker = Checker(self._model, self._labels, self._messages, self._is_held)

    def _start(self) -> None:
        self._at = next((stop.node for stop in stops_of(self._model) if stop.relevant), None)

    @property
    def language(self) -> str:
        """The language of labels; setting it leaves the answers as they are."""
        return self._labels.language

    @language.setter
    def language(self, language: str) -> None:
        self._labels.language = language

    # Where we are

    @property
    def page(self) -> Page | None:
        """What is asked now; None at the end, where answers are checked."""
        if self._at is None:
            return None
        stops = list(stops_of(self._model))
        here = next((stop for stop in stops[self._index(stops) :] if stop.relevant), None)
        if here is None:
            self._at = None  # an answer took away this page and all behind it
            return None
        self._at = here.node
        relevant = [stop for stop in stops if stop.relevant]
        number = next(place for place, stop in enumerate(relevant, 1) if stop is here)
        questions = tuple(self._question(asked) for asked in here.relevant)
        return Page(questions, number, len(relevant), self._labels.words(here.title, here.node))

    @property
    def at_end(self) -> bool:
        """Whether everything was asked."""
        return self._at is None

    def advance(self) -> tuple[Violation, ...]:
        """Go to the next page, unless something on this one must be mended first."""
        if self._at is None:
            return ()
        stops = list(stops_of(self._model))
        here = self._index(stops)
        violations = self._checker.violations(stops[here].relevant)
        if not violations:
            self._at = next((stop.node for stop in stops[here + 1 :] if stop.relevant), None)
        return violations

    def retreat(self) -> bool:
        """Go back a page; False at the first one."""
        stops = list(stops_of(self._model))
        here = len(stops) if self._at is None else self._index(stops)
        before = [stop for stop in stops[:here] if stop.relevant]
        if before:
            self._at = before[-1].node
        return bool(before)

    def go_to(self, path: str) -> bool:
        """Go to the page that asks for the field; False where it is not asked."""
        for stop in stops_of(self._model):
            if any(self._model.path_of(asked.node) == path for asked in stop.relevant):
                self._at = stop.node
                return True
        return False

    def go_to_end(self) -> tuple[Violation, ...]:
        """Go to the end, or to the first page where something must be mended.

        That is the way back from "Change" on the check-answers page.
        """
        for stop in stops_of(self._model):
            violations = self._checker.violations(stop.relevant)
            if violations:
                self._at = stop.node
                return violations
        self._at = None
        return ()

    def _index(self, stops: list[Stop]) -> int:
        for place, stop in enumerate(stops):
            if stop.asks(self._at):
                return place
        return 0

    # Questions

    def question(self, path: str) -> Question:
        """The question at that path as it stands now."""
        return self._question(self._find(path))

    def ask_all(self) -> Iterator[Question]:
        """Every question in order, each as it stands once those before it were answered."""
        for stop in stops_of(self._model):
            yield from map(self._question, stop.relevant)

    def _question(self, asked: Asked) -> Question:
        control, node = asked.control, asked.node
        bind = self._model.program.bind(control.path)
        hint = self._labels.words(control.hint, node) if control.hint else ""
        return Question(
            path=self._model.path_of(node),
            kind=control.kind,
            label=self._labels.words(control.label, node),
            hint=hint or None,
            required=self._model.holds(bind.required, node, default=False),
            readonly=self._is_readonly(control, node),
            appearance=frozenset(control.appearance),
            choices=self._labels.choices(control, node),
            value=answer_at(control, node),
            shown=self._labels.shown(control, node),
            parameters=control.parameters,
        )

    def _is_readonly(self, control: Control, node: Node) -> bool:
        bind = self._model.program.bind(control.path)
        # What is calculated would be overwritten at the next change: it is shown, not asked.
        return (
            control.kind is QuestionKind.NOTE
            or bind.calculate is not None
            or self._model.is_readonly(node)
        )

    # Answers

    def answer(self, path: str, value: str) -> Violation | None:
        """Put an answer in, and say what is wrong with it; it is kept in any case.

        An empty answer to a required question is not said to be wrong here but by `advance`:
        a person may clear a field to write it anew.
        """
        asked = self._find(path)
        if self._is_readonly(asked.control, asked.node):
            return None
        of_digits = "numbers" in asked.control.appearance
        self._model.set(asked.node, clean_for(asked.control.kind, value, of_digits=of_digits))
        violation = self._checker.violation(asked)
        return None if violation is not None and violation.kind == "required" else violation

    def attach(self, path: str, data: bytes, media_type: str) -> None:
        """Answer with a photograph or a file; it stays in memory until it is sealed."""
        asked = self._find(path)
        held = self._attachments.get(asked.node)
        if held is None or held.media_type != media_type:
            self._attached += 1  # a name is never used twice: an old answer cannot claim new bytes
            extension = media_type.rpartition("/")[2].removeprefix("x-").partition("+")[0]
            stem = asked.node.name.rpartition(":")[2]
            name = f"{stem}-{self._attached}.{EXTENSIONS.get(extension, extension)}"
        else:
            name = held.name
        self._attachments[asked.node] = Attachment(path, name, data, media_type)
        self._model.set(asked.node, name)

    def attachments(self) -> tuple[Attachment, ...]:
        """The attachments of the relevant questions, in the form's order."""
        return tuple(
            replace(self._attachments[asked.node], path=self._model.path_of(asked.node))
            for asked in self._relevant()
            if self._is_held(asked.node)
        )

    def attachment(self, path: str) -> Attachment | None:
        """What is attached at a question, or None."""
        node = self._model.find(path)
        return self._attachments.get(node) if node is not None and self._is_held(node) else None

    def value_of(self, path: str) -> str:
        """The value of any field, calculated ones too; empty where it is not relevant."""
        node = self._model.find(path)
        return node.text() if node is not None else ""

    def _find(self, path: str) -> Asked:
        node = self._model.find(path)
        control = self._model.program.controls.get(node.path) if node is not None else None
        if node is None or control is None:
            raise KeyError(path)
        return Asked(control, node)

    def _relevant(self) -> tuple[Asked, ...]:
        return tuple(asked for stop in stops_of(self._model) for asked in stop.relevant)

    def _is_held(self, node: Node) -> bool:
        held = self._attachments.get(node)
        return held is not None and held.name == node.value

    # Checking, recording

    def violations(self) -> tuple[Violation, ...]:
        """Everything that must be mended before submitting, in the form's order."""
        return self._checker.violations(self._relevant())

    def lines(self) -> tuple[Line, ...]:
        """Every relevant question with its answer, for checking and for the officer."""
        return tuple(
            Line(
                path=self._model.path_of(asked.node),
                label=self._labels.words(asked.control.label, asked.node),
                shown=self._labels.shown(asked.control, asked.node),
                given=bool(answer_at(asked.control, asked.node).strip()),
                kind=asked.control.kind,
            )
            for asked in self._relevant()
            if asked.control.kind is not QuestionKind.NOTE
        )

    def record(self) -> dict[str, Any]:
        """The relevant answers, nested as the form is, with what is needed to read them."""
        return {
            "form": self.definition.id,
            "version": self.definition.version,
            "language": self.language,
            "today": self._today.isoformat(),
            "answers": answers_of(self._model),
        }

    @classmethod
    def from_record(
        cls,
        definition: Definition,
        record: Mapping[str, Any],
        *,
        language: str,
        today: date | None = None,
        **options: Any,  # noqa: ANN401 (handed on to Entry)
    ) -> "Entry":
        """The entry that recorded these answers; what the form does not know is left out.

        Without `today` it is as it was: nothing is calculated again. With `today` it is open
        for correcting.
        """
        day = day_of(str(record.get("today", ""))) or today or datetime.now(VIENTIANE).date()
        entry = cls(definition, language=language, today=today or day, **options)
        model = entry._model
        model.frozen = today is None
        answers = record.get("answers")
        fill(model, answers if isinstance(answers, Mapping) else {})
        model.recompute_all()
        entry._start()
        return entry

    # Repeats

    def add_repeat(self, path: str) -> str | None:
        """Add an instance of the repeat at `/data/child`; its path, or None where none may be."""
        section = self._model.program.repeats.get(_plain(path))
        if section is None or section.fixed or section.count is not None:
            return None
        above = self._model.find(path.rpartition("/")[0])
        node = self._model.add_repeat(section.path, above)
        return self._model.path_of(node) if node else None

    def remove_repeat(self, path: str) -> bool:
        """Take the instance at `/data/child[2]` away, with its answers."""
        node = self._model.find(path)
        section = self._model.program.repeats.get(node.path) if node else None
        if node is None or section is None or section.fixed or section.count is not None:
            return False
        here = self._at is not None and is_within(self._at, node)
        self._model.remove_repeat(node)
        for at in [at for at in self._attachments if is_within(at, node)]:
            del self._attachments[at]
        if here:
            self._start()
        return True

    def forget(self) -> None:
        """Drop every answer and attachment: the visit is over."""
        self._attachments.clear()
        for node in self._model.root.descendants():
            node.value = node.kept = ""
        self._renew(self.language)
        self._model.begin()
        self._start()


def _plain(path: str) -> str:
    return "/".join(step.partition("[")[0] for step in path.split("/"))
