"""A form being filled: what is asked now, what was answered, and whether it may be submitted.

An entry lives in memory only and knows no screen. A screen shows `page`, reports each touch with
`answer`, and moves with `advance` and `retreat`; at the end stand the `lines` to check. The
language may change at any moment: labels follow, answers stay. An answer is kept even when it
violates something, so that nobody types it twice. What another form of the same visit has already
been told is put in by `know` and not asked again.

`from_record` opens recorded answers for an officer exactly as they were given: calculations are
not run again, and `today()` is the day of the application. With `today` it opens them for
correcting, and everything works again.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from kiosk.forms.answers import clean_for, day_of
from kiosk.forms.checker import Checker
from kiosk.forms.definition import Control, Definition, QuestionKind, Section
from kiosk.forms.engine.model import Model, answer_at, is_within
from kiosk.forms.engine.node import Node
from kiosk.forms.engine.program import program_of
from kiosk.forms.engine.values import VIENTIANE
from kiosk.forms.facts import facts_of, find_value
from kiosk.forms.labels import AUDIO, IMAGE, Labels
from kiosk.forms.question import (
    MESSAGES,
    Attachment,
    Choice,
    Formats,
    Instance,
    Line,
    Page,
    Part,
    PlainFormats,
    Question,
    Repeat,
    Violation,
    choosable,
)
from kiosk.forms.record import answers_of, fill
from kiosk.forms.route import (
    REPEAT_ADD,
    REPEAT_DONE,
    REPEAT_NONE,
    AnyStop,
    Around,
    Asked,
    Key,
    RepeatStop,
    asked_within,
    is_extendable,
    stops_of,
    words_for,
)

__all__ = [
    "Attachment",
    "Choice",
    "Entry",
    "Formats",
    "Instance",
    "Line",
    "Page",
    "Part",
    "PlainFormats",
    "Question",
    "QuestionKind",
    "Repeat",
    "Violation",
]

REUSED_MAX = 10  # earlier applications that one record names
EXTENSIONS = {"jpeg": "jpg", "mpeg": "mp3", "svg": "svg", "plain": "txt"}


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
        self._excused: set[Node] = set()
        self._at: Key | None = None  # what the page is known by; None at the end
        self.reused: tuple[str, ...] = ()  # references of earlier applications, used as she agreed
        self._known: set[Node] = set()  # answered elsewhere in this visit: not asked again
        self._renew(language)
        self._model.begin()
        self._labels.look_ahead()
        self._start()

    def _renew(self, language: str) -> None:
        program = program_of(self.definition)
        self._model = Model(program, today=self._today, now=self._now, zone=self._zone)
        self._labels = Labels(self._model, language, self._formats, self._zone)
        self._checker = Checker(
            self._model, self._labels, self._messages, self._is_held, self._excused.__contains__
        )

    def _start(self) -> None:
        self._at = next((stop.key for stop in stops_of(self._model) if self._asks(stop)), None)

    def _asks(self, stop: AnyStop) -> bool:
        """Whether the page has something to ask: not all of it is known from elsewhere."""
        if isinstance(stop, RepeatStop):
            return stop.is_open
        return any(
            asked.node not in self._known or self._checker.violation(asked) is not None
            for asked in stop.relevant
        )

    @property
    def today(self) -> date:
        """The day of this entry: it does not change while it is being filled."""
        return self._today

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
        here = stops[self._index(stops)] if stops else None
        if here is not None and not (here.is_open and here.is_known_by(self._at)):
            here = next((stop for stop in stops[self._index(stops) :] if self._asks(stop)), None)
        if here is None:
            self._at = None  # an answer took away this page and all behind it
            return None
        self._at = here.key
        pages = [stop for stop in stops if stop is here or self._asks(stop)]
        number = next(place for place, stop in enumerate(pages, 1) if stop is here)
        parts = self._parts(here.around)
        if isinstance(here, RepeatStop):
            return Page((), number, len(pages), "", self._repeat(here), parts)
        questions = tuple(self._question(asked) for asked in here.relevant)
        title = self._labels.words(here.title, here.key)
        shares = len(here.asked) > 1
        return Page(questions, number, len(pages), title, parts=parts, shares=shares)

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
            self._at = next((stop.key for stop in stops[here + 1 :] if self._asks(stop)), None)
        return violations

    def retreat(self) -> bool:
        """Go back a page; False at the first one."""
        stops = list(stops_of(self._model))
        here = len(stops) if self._at is None else self._index(stops)
        before = [stop for stop in stops[:here] if self._asks(stop)]
        if before:
            self._at = before[-1].key
        return bool(before)

    def go_to(self, path: str) -> bool:
        """Go to the page that asks for the field; False where it is not asked.

        `/data/child[2]` is the first page of that instance, `/data/child` the repeat's end.
        """
        is_end = _plain(path) in self._model.program.repeats and not path.endswith("]")
        node = None if is_end else self._model.find(path)
        for stop in stops_of(self._model):
            if not stop.is_open:
                continue
            if isinstance(stop, RepeatStop):
                found = is_end and self._path_of(stop) == path
            elif node is None:
                found = False
            else:
                asks = any(asked.node is node for asked in stop.relevant)
                found = asks or any(around.node is node for around in stop.around)
            if found:
                self._at = stop.key
                return True
        return False

    def go_to_end(self) -> tuple[Violation, ...]:
        """Go to the end, or to the first page where something must be mended.

        That is the way back from "Change" on the check-answers page.
        """
        for stop in stops_of(self._model):
            violations = self._checker.violations(stop.relevant)
            if violations:
                self._at = stop.key
                return violations
        self._at = None
        return ()

    def _index(self, stops: list[AnyStop]) -> int:
        for place, stop in enumerate(stops):
            if stop.is_known_by(self._at):
                return place
        return 0

    # What stands around a page

    def _parts(self, around: tuple[Around, ...]) -> tuple[Part, ...]:
        """The groups and instances around it that have something to say."""
        parts = (self._part(one.section, one.node) for one in around)
        return tuple(part for part in parts if part.label or part.number)

    def _part(self, section: Section, node: Node) -> Part:
        label = self._labels.words(section.label, node)
        if not section.repeats:
            return Part(self._model.path_of(node), label)
        is_named = label != self._labels.written(section.label)
        return Part(self._model.path_of(node), label, node.place_among_siblings(), is_named)

    def _repeat(self, stop: RepeatStop) -> Repeat:
        add, done, none = (
            self._labels.words(control.label, stop.above) if control else ""
            for control in (
                words_for(stop.section, name) for name in (REPEAT_ADD, REPEAT_DONE, REPEAT_NONE)
            )
        )
        return Repeat(
            path=self._path_of(stop),
            label=self._labels.written(stop.section.label),
            instances=tuple(
                Instance(self._part(stop.section, node), self._first_shown(stop.section, node))
                for node in stop.instances
            ),
            may_add=self._model.may_add(stop.path, stop.above),
            add=add,
            done=done,
            none=none,
            parts=self._parts(stop.around),
        )

    def _first_shown(self, section: Section, node: Node) -> str:
        """The first answer in an instance: most often a name."""
        for asked in asked_within(section.children, node):
            shown = self._labels.shown(asked.control, asked.node).strip()
            if shown and asked.control.kind is not QuestionKind.NOTE:
                return shown
        return ""

    def _path_of(self, stop: RepeatStop) -> str:
        return f"{self._model.path_of(stop.above)}/{stop.path.rpartition('/')[2]}"

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
            required=self._model.holds(bind.required, node, default=False)
            and node not in self._excused,
            readonly=self._is_readonly(control, node),
            appearance=frozenset(control.appearance),
            choices=choosable(self._labels.choices(control, node)),
            value=answer_at(control, node),
            shown=self._labels.shown(control, node),
            parameters=control.parameters,
            image=self._labels.medium(control.label, node, IMAGE),
            audio=self._labels.medium(control.label, node, AUDIO),
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

    def know(self, facts: Mapping[str, str]) -> None:
        """Answer with what this visit was asked already; such questions are not asked again.

        Each still stands among the lines to check and may be changed there. A value that the
        question would not take is left out, and the question is asked. Of a repeat only the
        first instance is filled.
        """
        tried: set[Node] = set()
        while (asked := self._next_to_know(facts, tried)) is not None:
            tried.add(asked.node)
            bind = self._model.program.bind(asked.control.path)
            self._model.set(asked.node, find_value(bind, facts) or "")
            if self._checker.violation(asked) is None:
                self._known.add(asked.node)
            else:
                self._model.set(asked.node, "")
        self._start()

    def _next_to_know(self, facts: Mapping[str, str], tried: set[Node]) -> Asked | None:
        for asked in self._relevant():
            control, node = asked.control, asked.node
            if node in tried or node.value or self._is_readonly(control, node):
                continue
            is_first = self._model.nodes(control.path)[0] is node
            bind = self._model.program.bind(control.path)
            if is_first and find_value(bind, facts) is not None:
                return asked
        return None

    def known_paths(self) -> tuple[str, ...]:
        """The questions that are not asked here, because this visit has been told already."""
        relevant = self._relevant()
        return tuple(self._model.path_of(one.node) for one in relevant if one.node in self._known)

    def know_again(self, paths: Collection[str]) -> None:
        """After reopening: what is answered at these paths was told elsewhere, and is not asked."""
        for asked in self._relevant():
            if self._model.path_of(asked.node) in paths and self._checker.violation(asked) is None:
                self._known.add(asked.node)

    def facts(self) -> dict[str, str]:
        """What was asked here that another form may ask too, by the name of the fact."""
        return facts_of(self._model)

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

    def excuse(self, path: str) -> None:
        """Let the question be left empty: there is no device here to answer it with.

        Nobody is turned away because a kiosk lacks a camera; the officer reads why it is empty.
        """
        self._excused.add(self._find(path).node)

    def attachments(self) -> tuple[Attachment, ...]:
        """The attachments of the relevant questions, in the form's order."""
        return tuple(
            self._attachments[asked.node]._replace(path=self._model.path_of(asked.node))
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
        return tuple(line for line in self.lines_and_repeats() if isinstance(line, Line))

    def lines_and_repeats(self) -> tuple[Line | Repeat, ...]:
        """The lines, and behind those of a repeat that people may extend, the repeat itself."""
        told: list[Line | Repeat] = []
        for stop in stops_of(self._model):
            if isinstance(stop, RepeatStop):
                told += [self._repeat(stop)] if stop.is_open else []
            elif asked := [a for a in stop.relevant if a.control.kind is not QuestionKind.NOTE]:
                parts = self._parts(stop.around)
                told += [self._line(one, parts) for one in asked]
        return tuple(told)

    def _line(self, asked: Asked, parts: tuple[Part, ...]) -> Line:
        return Line(
            path=self._model.path_of(asked.node),
            label=self._labels.words(asked.control.label, asked.node),
            shown=self._labels.shown(asked.control, asked.node),
            given=bool(answer_at(asked.control, asked.node).strip()),
            kind=asked.control.kind,
            excused=asked.node in self._excused,
            parts=parts,
        )

    def record(self) -> dict[str, Any]:
        """The relevant answers, nested as the form is, with what is needed to read them."""
        record: dict[str, Any] = {
            "form": self.definition.id,
            "version": self.definition.version,
            "language": self.language,
            "today": self._today.isoformat(),
            "answers": answers_of(self._model),
        }
        excused = [line.path for line in self.lines() if line.excused and not line.given]
        if excused:
            record["excused"] = excused
        if self.reused:
            record["reused"] = list(self.reused)
        return record

    @classmethod
    def from_record(
        cls,
        definition: Definition,
        record: Mapping[str, Any],
        *,
        language: str,
        today: date | None = None,
        asked_before: frozenset[str] | None = None,
        **options: Any,  # noqa: ANN401 (handed on to Entry)
    ) -> "Entry":
        """The entry that recorded these answers; what the form does not know is left out.

        Without `today` it is as it was: nothing is calculated again. With `today` it is open
        for correcting, in a later version of the form too: `asked_before` are then the paths of
        the questions that the record's own version asked.
        """
        day = day_of(str(record.get("today", ""))) or today or datetime.now(VIENTIANE).date()
        entry = cls(definition, language=language, today=today or day, **options)
        model = entry._model
        model.frozen = today is None
        answers = record.get("answers")
        fill(model, answers if isinstance(answers, Mapping) else {}, asked_before)
        if model.frozen:
            model.recompute_all()
            entry._read_excused(record.get("excused"))
        else:  # she is somewhere that may have the device
            model.reopen()
        entry.reused = _references(record.get("reused"))
        entry._start()
        return entry

    def _read_excused(self, paths: object) -> None:
        if isinstance(paths, list):
            nodes = (asked.node for asked in self._relevant())
            self._excused.update(node for node in nodes if self._model.path_of(node) in paths)

    # Repeats

    def add_repeat(self, path: str) -> str | None:
        """Add an instance of the repeat at `/data/child`; its path, or None where none may be."""
        section = self._model.program.repeats.get(_plain(path))
        if section is None or not is_extendable(section):
            return None
        above = self._model.find(path.rpartition("/")[0])
        node = self._model.add_repeat(section.path, above)
        return self._model.path_of(node) if node else None

    def remove_repeat(self, path: str) -> bool:
        """Take the instance at `/data/child[2]` away, with its answers."""
        node = self._model.find(path)
        section = self._model.program.repeats.get(node.path) if node else None
        if node is None or section is None or not is_extendable(section):
            return False
        here = self._at.above if isinstance(self._at, RepeatStop) else self._at
        is_here = here is not None and is_within(here, node)
        self._model.remove_repeat(node)
        for at in [at for at in self._attachments if is_within(at, node)]:
            del self._attachments[at]
        if is_here:
            self._start()
        return True

    def untouched_repeat(self) -> Repeat | None:
        """The repeat that this page begins, while it holds one instance and no answer; else None.

        A form opens a repeat with one instance in it; here somebody may say that there is none.
        """
        stops = [stop for stop in stops_of(self._model) if stop.is_open]
        here = next((at for at, stop in enumerate(stops) if stop.is_known_by(self._at)), None)
        if here is None or isinstance(stops[here], RepeatStop):
            return None
        instances = [around.node for around in stops[here].around if around.section.repeats]
        before = stops[here - 1].around if here else ()
        if not instances or any(around.node is instances[-1] for around in before):
            return None
        for stop in stops[here:]:
            if isinstance(stop, RepeatStop) and stop.instances == (instances[-1],):
                repeat = self._repeat(stop)
                return None if repeat.instances[0].shown else repeat
        return None

    def forget(self) -> None:
        """Drop every answer and attachment: the visit is over."""
        self._attachments.clear()
        self._known.clear()
        self._excused.clear()
        self.reused = ()
        self._model.forget()
        self._renew(self.language)
        self._model.begin()
        self._start()


def _references(held: object) -> tuple[str, ...]:
    """A record's list, whoever has written it."""
    return tuple(str(item)[:40] for item in held[:REUSED_MAX]) if isinstance(held, list) else ()


def _plain(path: str) -> str:
    return "/".join(step.partition("[")[0] for step in path.split("/"))
