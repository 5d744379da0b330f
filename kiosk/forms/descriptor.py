"""What a service is: who may apply, what to bring, what it costs, how long it takes, who decides.

A ministry writes it as YAML with the names of CPSV-AP 3.2 (the European vocabulary for public
services); the publisher puts it into the bundle as JSON; kiosk, portal and back office read it
here. Legal basis, fees, days and steps differ between offices and change by decree, so they are
data of the service and never code. A fee nobody has confirmed has the value null and reads
"ask at the desk": it is never 0.

`from_json` is lenient about fields it does not know, so that an older kiosk can show a newer
sheet; the publisher's check is the strict reader.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kiosk.forms.errors import N_, Said
from kiosk.forms.parts import (
    FALLBACK_LANGUAGES,
    Authority,
    Channel,
    Contact,
    Cost,
    Evidence,
    FormNote,
    LifeEvent,
    Named,
    Reason,
    StepAction,
    Text,
    WorkflowStep,
    find_words,
    read_authority,
    read_channel,
    read_contact,
    read_cost,
    read_days,
    read_evidence,
    read_form,
    read_life_events,
    read_named,
    read_reasons,
    read_recordings,
    read_words,
    read_workflow,
)
from kiosk.forms.piece import BadPiece, Notes, Piece
from kiosk.forms.purposes import Purpose, read_purposes
from kiosk.forms.version import Version

SERVICE_ID = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+){0,7}")
SERVICE_ID_LENGTH_MAX = 80

__all__ = [
    "Authority",
    "BadDescriptor",
    "Channel",
    "Contact",
    "Cost",
    "Evidence",
    "FormNote",
    "LifeEvent",
    "Named",
    "Reason",
    "ReceiptOpens",
    "ServiceDescriptor",
    "ServiceKind",
    "StepAction",
    "Text",
    "WorkflowStep",
]

# CPSV-AP's `audience` is a list of codes; these are their words on the sheet.
AUDIENCES = {
    "citizen": {"lo": "ພົນລະເມືອງລາວ", "en": "Citizens of Lao PDR"},
    "resident": {"lo": "ຜູ້ທີ່ອາໄສຢູ່ໃນເມືອງ", "en": "People who live in the district"},
    "household-business": {"lo": "ຄົວເຮືອນທີ່ເຮັດທຸລະກິດ", "en": "Households that do business"},
    "enterprise": {"lo": "ວິສາຫະກິດ", "en": "Enterprises"},
    "foreigner": {"lo": "ຄົນຕ່າງປະເທດ", "en": "Foreigners"},
}

# Where a service names no reason for a delay: one must be given all the same.
ANY_DELAY = Reason(
    "delay",
    "delay",
    Text({"lo": "ຫ້ອງການຕ້ອງການເວລາເພີ່ມ", "en": "The office needs more time"}),
)


class BadDescriptor(Said, ValueError):
    """The descriptor lacks something or has something wrong; the sentence names the place."""


class ReceiptOpens(StrEnum):
    """What the paper receipt lets its bearer see."""

    ANSWERS = "answers"
    STATUS = "status"  # for sensitive services: a found receipt tells nothing


class ServiceKind(StrEnum):
    """What becomes of the filled form."""

    APPLICATION = "application"
    COMPLAINT = "complaint"  # goes round the office it is about
    FEEDBACK = "feedback"  # counted, without a name


@dataclass(frozen=True, slots=True)
class ServiceDescriptor:
    """A public service as CPSV-AP describes it, with what our road needs besides."""

    id: str
    version: str
    status: str
    name: Text
    description: Text
    competent_authority: Authority
    audience: Text  # who may apply, in words
    audience_codes: tuple[str, ...]
    life_events: tuple[LifeEvent, ...]
    thematic_area: tuple[str, ...]
    languages: tuple[str, ...]
    spatial: tuple[str, ...]
    keywords: Mapping[str, tuple[str, ...]] = field(hash=False)
    channels: tuple[Channel, ...]
    processing_days: int  # working days from lodging to the decision
    costs: tuple[Cost, ...]
    evidence: tuple[Evidence, ...]
    requirements: tuple[Named, ...]
    rules: tuple[Named, ...]
    legal: tuple[Named, ...]
    outputs: tuple[Named, ...]
    steps: tuple[Text, ...]
    contact: Contact
    icon: str | None
    sample: bool
    receipt_opens: ReceiptOpens
    workflow: tuple[WorkflowStep, ...]
    reasons: tuple[Reason, ...]
    complaint_codes: tuple[str, ...]
    bring: Text | None  # what to bring when fetching the output
    other_way: Text | None  # an equal way without the kiosk
    checked_by: str | None
    checked_on: str | None
    form: FormNote | None
    kind: ServiceKind = ServiceKind.APPLICATION
    feedback_form: str | None = None  # the form that asks what people think of this service
    recordings: Mapping[str, Text] = field(default_factory=dict, hash=False)  # by part of the sheet
    review_by: date | None = None  # from the day after, staff are told; it goes on all the same
    leave_quickly: bool = False  # sensitive: one touch, unasked, leaves nothing on the glass
    purposes: tuple[Purpose, ...] = ()  # what is collected for what; told before the questions

    @classmethod
    def from_json(cls, data: object) -> "ServiceDescriptor":
        """The descriptor in parsed JSON or YAML.

        Raises:
            BadDescriptor: something is missing or wrong; the sentence names the place.
        """
        try:
            return _descriptor(Piece(data))
        except BadPiece as problem:
            raise BadDescriptor(problem.sentence, **problem.places) from problem

    @classmethod
    def read_all(cls, data: object) -> "tuple[ServiceDescriptor, Notes]":
        """The descriptor as far as it can be read, and everything that is wrong with it.

        Where something is wrong stands a value of the right kind, of which nothing is to be told.
        """
        notes = Notes()
        descriptor = _descriptor(Piece(data, notes=notes))
        notes.problems = list({str(problem): problem for problem in notes.problems}.values())
        return descriptor, notes

    def recording(self, part: str, language: str) -> str | None:
        """The name of what was recorded of a part of the sheet, in that very language."""
        names = self.recordings.get(part)
        return None if names is None else names.get(language)

    def reasons_for(self, action: str) -> tuple[Reason, ...]:
        """The ready reasons for "return", "reject" or "approve"."""
        return tuple(reason for reason in self.reasons if reason.action == action)

    def delay_reasons(self) -> tuple[Reason, ...]:
        """The ready reasons for being late: there is always one, because a delay needs one."""
        return self.reasons_for("delay") or (ANY_DELAY,)

    def fee_lak(self, value_of: Callable[[str], str]) -> int | None:
        """The whole fee at the kiosk; None, "ask at the desk", where one part is not known.

        `value_of` gives the form's value at a path, as `Entry.value_of` does.
        """
        total = 0
        for cost in self.costs:
            if cost.channel not in (None, "kiosk"):
                continue
            value = cost.value
            if cost.computed_by is not None:
                value = _whole(value_of(_path_of(cost.computed_by)))
            if value is None:
                return None
            total += value
        return total

    def following(self) -> tuple[str, ...]:
        """The services that come after this one in the bundles of its life events."""
        bundles = (event.bundle for event in self.life_events if self.id in event.bundle)
        after = (name for bundle in bundles for name in bundle[bundle.index(self.id) + 1 :])
        return tuple(dict.fromkeys(after))

    def step(self, step_id: str) -> WorkflowStep | None:
        """The step of that id."""
        return next((step for step in self.workflow if step.id == step_id), None)

    def step_after(self, step_id: str) -> WorkflowStep | None:
        """The step that comes next; None after the last, or after one that is not known."""
        ids = [step.id for step in self.workflow]
        place = ids.index(step_id) + 1 if step_id in ids else len(ids)
        return self.workflow[place] if place < len(ids) else None

    def decide_step(self) -> WorkflowStep:
        """The step that ends in a decision; there is always one."""
        return next(step for step in self.workflow if step.decides)


def _path_of(name: str) -> str:
    """Where the form keeps what is called `name` (pyxform names the root `data`)."""
    return name if name.startswith("/") else f"/data/{name}"


def _whole(value: str) -> int | None:
    """A calculated amount; a form that could not work it out leaves the fee unknown."""
    return int(value) if value.isascii() and value.isdigit() else None


def _descriptor(data: Piece) -> ServiceDescriptor:
    codes = data.texts("audience")
    icon = data.find_text("icon")
    opens = data.find("receipt_opens")
    kind = data.find("kind")
    feedback = data.find("feedback")
    sample = data.find("sample")
    leave_quickly = data.find("leave_quickly")
    status = data.find("status")
    return ServiceDescriptor(
        id=_service_id(data.field("id")),
        version=_version(data.field("version")),
        status=status.one_of("draft", "published", "withdrawn") if status else "published",
        name=read_words(data.field("name")),
        description=read_words(data.field("description")),
        competent_authority=read_authority(data.field("competent_authority")),
        audience=_audience(data, codes),
        audience_codes=codes,
        life_events=read_life_events(data),
        thematic_area=data.texts("thematic_area"),
        languages=data.texts("languages") or FALLBACK_LANGUAGES,
        spatial=data.texts("spatial"),
        keywords=_keywords(data.find("keywords")),
        channels=tuple(read_channel(item) for item in data.items("channels")),
        processing_days=read_days(data.field("processing_time")),
        costs=tuple(read_cost(item) for item in data.items("costs")),
        evidence=tuple(read_evidence(item) for item in data.items("evidence")),
        requirements=read_named(data, "requirements"),
        rules=read_named(data, "rules"),
        legal=read_named(data, "legal"),
        outputs=read_named(data, "outputs"),
        steps=tuple(read_words(item) for item in data.items("steps")),
        contact=read_contact(data.find("contact") or Piece({}, "contact")),
        icon=icon,
        sample=sample.truth() if sample else False,
        receipt_opens=ReceiptOpens(opens.one_of(*ReceiptOpens) if opens else "answers"),
        workflow=read_workflow(data),
        reasons=read_reasons(data.find("reasons")),
        complaint_codes=data.texts("complaint_codes"),
        bring=find_words(data, "bring"),
        other_way=find_words(data, "other_way"),
        checked_by=data.find_text("checked_by"),
        checked_on=data.find_text("checked_on"),
        form=read_form(data.find("form")),
        kind=ServiceKind(kind.one_of(*ServiceKind) if kind else "application"),
        feedback_form=feedback.find_text("form") if feedback else None,
        recordings=read_recordings(data.find("recordings")),
        review_by=_day(data.find("review_by")),
        leave_quickly=leave_quickly.truth() if leave_quickly else False,
        purposes=read_purposes(data),
    )


def _service_id(piece: Piece) -> str:
    text = piece.text()
    if not SERVICE_ID.fullmatch(text) or len(text) > SERVICE_ID_LENGTH_MAX:
        problem = piece.wrong(N_("must be small Latin letters, digits, dots and hyphens"))
        return piece.instead(problem, text)
    return text


def _version(piece: Piece) -> str:
    text = piece.text()
    try:
        Version.parse(text)
    except ValueError:
        return piece.instead(
            piece.wrong(N_("must be numbers between dots, such as 2026.11.1")), text
        )
    return text


def _day(piece: Piece | None) -> date | None:
    if piece is None:
        return None
    try:
        return date.fromisoformat(piece.text())
    except ValueError:
        return piece.instead(piece.wrong(N_("must be a day, such as 2027-12-31")), None)


def _audience(data: Piece, codes: tuple[str, ...]) -> Text:
    """The author's own words, or those of the codes."""
    words = find_words(data, "who_may_apply")
    if words is not None:
        return words
    for number, code in enumerate(codes, 1):
        if code not in AUDIENCES:
            problem = BadPiece(
                N_(
                    "%(where)s is not known; write who may apply as who_may_apply, or use: "
                    "%(words)s."
                ),
                where=f"audience[{number}]",
                words=", ".join(AUDIENCES),
            )
            data.instead(problem, None)
    if not codes:
        problem = BadPiece(N_("%(where)s is missing."), where="who_may_apply")
        return data.instead(problem, Text({}))
    known = [AUDIENCES[code] for code in codes if code in AUDIENCES]
    return Text({lang: ", ".join(words[lang] for words in known) for lang in FALLBACK_LANGUAGES})


def _keywords(piece: Piece | None) -> Mapping[str, tuple[str, ...]]:
    if piece is None:
        return {}
    if not isinstance(piece.value, Mapping):
        return piece.instead(piece.wrong(N_("must give a list of words by language")), {})
    return {language: piece.texts(language) for language in piece.names()}
