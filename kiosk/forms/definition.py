"""A form as data: what the publisher made of a workbook, and all that an `Entry` needs.

Frozen and JSON-able: `form.json` in a service's bundle is exactly this (see `form_json`). Lists
that come with the form are kept as tables where they are tables, expressions as trees, so that a
kiosk never parses text from outside. A tree is a list whose first item says what it is:

    ["number", 1.5]  ["string", "x"]  ["or", a, b, ...]
    ["=", a, b]  ["negative", a]  ["|", a, b, ...]
    ["call", "name", [arguments]]
    ["filter", a, [predicates]]
    ["path", start, [[axis, test, [predicates]], ...]]   start: null, "/" or a tree
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

NONE_GIVEN: Mapping[str, Any] = MappingProxyType({})

Tree = list[Any]  # lists, strings, numbers and null: what JSON holds


class QuestionKind(StrEnum):
    """What kind of answer a question wants: the screens have a page for each."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    PARTIAL_DATE = "partial-date"
    TIME = "time"
    DATE_TIME = "date-time"
    SELECT_ONE = "select-one"
    SELECT_MULTIPLE = "select-multiple"
    RANK = "rank"
    RANGE = "range"
    NOTE = "note"
    ACKNOWLEDGE = "acknowledge"
    IMAGE = "image"
    SIGNATURE = "signature"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"
    BARCODE = "barcode"
    GEO = "geo"


CHOOSING = (QuestionKind.SELECT_ONE, QuestionKind.SELECT_MULTIPLE, QuestionKind.RANK)
ATTACHING = (
    QuestionKind.IMAGE,
    QuestionKind.SIGNATURE,
    QuestionKind.AUDIO,
    QuestionKind.VIDEO,
    QuestionKind.FILE,
)


class Expression(NamedTuple):
    """An expression: what the author wrote, and its tree."""

    source: str
    tree: Tree


Part = str | Expression  # words, or something worked out between them


class Words(NamedTuple):
    """What people read: the name of a translated text, or words that are in every language."""

    itext: str | None = None
    parts: tuple[Part, ...] = ()


class Field(NamedTuple):
    """A place for an answer, or a group of them. `template` is what a new repeat looks like."""

    name: str
    value: str = ""
    children: "tuple[Field, ...]" = ()
    attributes: Mapping[str, str] = NONE_GIVEN
    template: bool = False

    def below(self) -> "Iterator[Field]":
        """Every field below this one."""
        for child in self.children:
            yield child
            yield from child.below()


class Bind(NamedTuple):
    """The rules of one field."""

    path: str
    type: str = "string"
    relevant: Expression | None = None
    required: Expression | None = None
    readonly: Expression | None = None
    constraint: Expression | None = None
    calculate: Expression | None = None
    required_message: Words | None = None
    constraint_message: Words | None = None
    preload: str = ""
    preload_parameters: str = ""
    facts: tuple[str, ...] = ()  # what it tells of whom, such as child.name: see `facts`


class SetValue(NamedTuple):
    """A value put into a field when something happens."""

    path: str
    events: tuple[str, ...]
    value: Expression | str = ""
    source: str = ""  # the field whose change sets it off, for xforms-value-changed


class FixedChoice(NamedTuple):
    """A choice written into the question."""

    name: str
    label: Words


class Itemset(NamedTuple):
    """Choices taken from a list: which rows, and which of their columns name and label them."""

    rows: Expression
    name: str
    label: Expression


class Control(NamedTuple):
    """A question as the form shows it."""

    kind: QuestionKind
    path: str
    label: Words = Words()
    hint: Words | None = None
    appearance: tuple[str, ...] = ()
    choices: tuple[FixedChoice, ...] = ()
    itemset: Itemset | None = None
    media_type: str = ""
    parameters: Mapping[str, str] = NONE_GIVEN


class Section(NamedTuple):
    """A group of questions; a repeat where `repeats`."""

    path: str = ""
    label: Words = Words()
    appearance: tuple[str, ...] = ()
    children: "tuple[Control | Section, ...]" = ()
    repeats: bool = False
    count: Expression | None = None  # type: ignore[assignment]  # nobody counts in a section
    fixed: bool = False  # jr:noAddRemove

    @property
    def is_field_list(self) -> bool:
        """Whether its questions share one page."""
        return "field-list" in self.appearance


class Table(NamedTuple):
    """A list that comes with the form, such as the villages of the country."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Definition(NamedTuple):
    """A whole form. Compared by identity: what is worked out from it is remembered with it."""

    id: str
    version: str
    title: str
    languages: tuple[str, ...]  # codes: lo, en
    default_language: str
    language_names: Mapping[str, str]
    root: Field
    binds: tuple[Bind, ...] = ()
    set_values: tuple[SetValue, ...] = ()
    body: tuple[Control | Section, ...] = ()
    # language → name → form ("" or image, audio, ...) → parts
    texts: Mapping[str, Mapping[str, Mapping[str, tuple[Part, ...]]]] = NONE_GIVEN
    lists: Mapping[str, Table | Field] = NONE_GIVEN

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def controls(self) -> Iterator[Control]:
        """Every question, in the form's order."""
        yield from _controls(self.body)

    def sections(self) -> Iterator[Section]:
        """Every group and repeat, each before those in it."""
        yield from _sections(self.body)


def _sections(body: tuple[Control | Section, ...]) -> Iterator[Section]:
    for item in body:
        if isinstance(item, Section):
            yield item
            yield from _sections(item.children)


def _controls(body: tuple[Control | Section, ...]) -> Iterator[Control]:
    for item in body:
        if isinstance(item, Section):
            yield from _controls(item.children)
        else:
            yield item
