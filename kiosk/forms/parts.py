"""The parts a service descriptor is made of: words, fees, documents, steps, reasons.

Each part has a reader beside it that takes a `Piece` and says in a sentence what is wrong with it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kiosk.forms.errors import N_
from kiosk.forms.piece import Piece

FALLBACK_LANGUAGES = ("lo", "en")
PROCESSING_DAYS_MAX = 365
FEE_LAK_MAX = 1_000_000_000
SIGNATORIES_MAX = 2
REASON_ACTIONS = ("return", "reject", "approve", "delay")
_DAYS = re.compile(r"P(\d{1,3})D", re.ASCII)


class Text(Mapping[str, str]):
    """The same words in several languages."""

    __slots__ = ("_words",)

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = dict(words)

    def __getitem__(self, language: str) -> str:
        return self._words[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def __hash__(self) -> int:
        return hash(frozenset(self._words.items()))

    def __repr__(self) -> str:
        return f"Text({self._words!r})"

    def of(self, language: str) -> str:
        """The words in that language; else in Lao, in English, in whatever there is."""
        for candidate in (language, *FALLBACK_LANGUAGES):
            if candidate in self._words:
                return self._words[candidate]
        return next(iter(self._words.values()), "")


@dataclass(frozen=True, slots=True)
class Named:
    """Something with an id, a name and perhaps a description: a life event, an output, a rule."""

    id: str
    name: Text
    description: Text | None = None
    evidence: tuple[str, ...] = ()  # ids of the documents that show a requirement is met
    implements: tuple[str, ...] = ()  # ids of the laws that a rule carries out


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Something that happens in a life, and the services that belong to it, in their order.

    The bundle stands in the description of its first service. Each service remains an application
    of its own; what the form before has asked is not asked again (see `facts`).
    """

    id: str
    name: Text
    bundle: tuple[str, ...] = ()  # ids of services


@dataclass(frozen=True, slots=True)
class Authority:
    """The public organisation that is responsible for the service."""

    id: str
    name: Text
    spatial: str | None


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to apply, with its own hours and time."""

    id: str
    type: str
    opening_hours: str | None
    processing_days: int | None


@dataclass(frozen=True, slots=True)
class Cost:
    """One fee. `value` None means that nobody has confirmed it: "ask at the desk"."""

    id: str
    value: int | None
    currency: str
    description: Text
    computed_by: str | None = None  # the form's node that works it out, such as "fee"
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document that proves something."""

    id: str
    name: Text
    required: bool  # always; False also where only `required_expression` can say
    required_expression: str | None = None
    when: Text | None = None  # the same condition in words, for the sheet
    from_entity: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask, and where to complain."""

    telephone: str | None
    opening_hours: str | None
    complaint_telephone: str | None
    address: Text | None


class StepAction(StrEnum):
    """What an office does in a step before the case goes on."""

    CONFIRM = "confirm"  # it says that something is so, as a village chief does
    HAND_OVER = "hand-over"  # it does its part
    DECIDE = "decide"


@dataclass(frozen=True, slots=True)
class WorkflowStep:
    """One step on central's side: which office does it, in how many working days."""

    id: str
    name: Text
    office: str  # a role such as "district": which office it is follows from the application
    days: int
    decides: bool
    action: StepAction = StepAction.DECIDE
    signatories: int = 1  # 2: one officer decides, another confirms it


@dataclass(frozen=True, slots=True)
class Reason:
    """A ready reason with which an officer returns, rejects, approves or delays an application."""

    id: str
    action: str  # one of REASON_ACTIONS
    name: Text


@dataclass(frozen=True, slots=True)
class FormNote:
    """Which form belongs to the service; the publisher fills it in."""

    id: str
    version: str
    media: tuple[str, ...]


# What of a service sheet may be recorded, in the order in which it is said.
RECORDED = ("name", "fee", "days", "documents", "who")
RECORDED_PURPOSES = "purposes"  # and of the page before the first question
RECORDABLE = (*RECORDED, RECORDED_PURPOSES)


def read_recordings(piece: Piece | None) -> Mapping[str, Text]:
    """The names of recordings, by part of the sheet and language."""
    if piece is None:
        return {}
    if not isinstance(piece.value, Mapping):
        what = N_("must give the recordings by part, such as name: {lo: name_lo.ogg}")
        return piece.instead(piece.wrong(what), {})
    found = ((part, piece.find(part)) for part in RECORDABLE)
    return {part: read_words(names) for part, names in found if names is not None}


def read_words(piece: Piece) -> Text:
    """`{lo: ..., en: ...}`: at least one language, no empty one."""
    if not isinstance(piece.value, Mapping) or not piece.value:
        what = N_("must give the words by language, such as {lo: ..., en: ...}")
        return piece.instead(piece.wrong(what), Text({}))
    return Text({language: piece.field(language).text() for language in piece.names()})


def find_words(piece: Piece, name: str) -> Text | None:
    """The words under that name, or None."""
    found = piece.find(name)
    return None if found is None else read_words(found)


def read_authority(piece: Piece) -> Authority:
    """The organisation with its id and name."""
    return Authority(
        piece.field("id").text(), read_words(piece.field("name")), piece.find_text("spatial")
    )


def read_named(data: Piece, name: str) -> tuple[Named, ...]:
    """The list of named things under that name."""
    return tuple(
        Named(
            item.field("id").text(),
            read_words(item.field("name")),
            find_words(item, "description"),
            item.texts("evidence"),
            item.texts("implements"),
        )
        for item in data.items(name)
    )


def read_life_events(data: Piece) -> tuple[LifeEvent, ...]:
    """The life events, some with the services that belong to them."""
    return tuple(
        LifeEvent(item.field("id").text(), read_words(item.field("name")), item.texts("bundle"))
        for item in data.items("life_events")
    )


def read_days(piece: Piece) -> int:
    """ISO 8601 days. Working days: that is what the law and the promise on the receipt count."""
    match = _DAYS.fullmatch(piece.text())
    if match is None or not 0 < int(match[1]) <= PROCESSING_DAYS_MAX:
        what = N_("must be P1D to P%(most)sD (working days)")
        return piece.instead(piece.wrong(what, most=PROCESSING_DAYS_MAX), PROCESSING_DAYS_MAX)
    return int(match[1])


def read_channel(piece: Piece) -> Channel:
    """One way to apply."""
    days = piece.find("processing_time")
    return Channel(
        piece.field("id").text(),
        piece.field("type").text(),
        piece.find_text("opening_hours"),
        read_days(days) if days else None,
    )


def read_cost(piece: Piece) -> Cost:
    """One fee; a null or absent value stays unknown."""
    value = piece.find("value")
    return Cost(
        piece.field("id").text(),
        value.whole_number(0, FEE_LAK_MAX) if value else None,
        piece.field("currency").one_of("LAK"),
        read_words(piece.field("description")),
        piece.find_text("computed_by"),
        piece.find_text("channel"),
    )


def read_evidence(piece: Piece) -> Evidence:
    """One document: needed always, never, or when an expression says so."""
    required = piece.field("required")
    expression = None if isinstance(required.value, bool) else required.text()
    return Evidence(
        piece.field("id").text(),
        read_words(piece.field("name")),
        required.value is True,
        expression,
        find_words(piece, "when"),
        piece.find_text("from_entity"),
    )


def read_contact(piece: Piece) -> Contact:
    """Telephones, hours and address, each of which may be missing."""
    return Contact(
        piece.find_text("telephone"),
        piece.find_text("opening_hours"),
        piece.find_text("complaint_telephone"),
        find_words(piece, "address"),
    )


def read_workflow(data: Piece) -> tuple[WorkflowStep, ...]:
    """The steps as written; without any, the district decides within the promised days."""
    workflow = data.find("workflow")
    if workflow is None:
        days = read_days(data.field("processing_time"))
        name = Text({"lo": "ພິຈາລະນາ ແລະ ຕັດສິນ", "en": "Decide"})
        return (WorkflowStep("decide", name, "district", days, decides=True),)
    steps = tuple(_step(item) for item in workflow.items("steps"))
    if not any(step.decides for step in steps):
        return workflow.instead(workflow.wrong(N_("must have a step with decides: true")), steps)
    return steps


def _step(item: Piece) -> WorkflowStep:
    """One step. An action that this version does not know is work before handing over."""
    decides = (item.find("decides") or Piece(False)).truth()
    action = item.find_text("action")
    signatories = item.find("signatories")
    usual = StepAction.DECIDE if decides else StepAction.HAND_OVER
    return WorkflowStep(
        item.field("id").text(),
        read_words(item.field("name")),
        item.field("office").text(),
        item.field("days").whole_number(1, PROCESSING_DAYS_MAX),
        decides,
        StepAction(action) if action in tuple(StepAction) else usual,
        signatories.whole_number(1, SIGNATORIES_MAX) if signatories else 1,
    )


def read_reasons(piece: Piece | None) -> tuple[Reason, ...]:
    """Ready reasons, those for returning first.

    Of delays and approvals older versions read none: they leave out what they do not know.
    """
    if piece is None:
        return ()
    return tuple(
        Reason(item.field("id").text(), action, read_words(item.field("name")))
        for action in REASON_ACTIONS
        for item in piece.items(action)
    )


def read_form(piece: Piece | None) -> FormNote | None:
    """The note about the form that the publisher wrote."""
    if piece is None:
        return None
    return FormNote(piece.field("id").text(), piece.field("version").text(), piece.texts("media"))
