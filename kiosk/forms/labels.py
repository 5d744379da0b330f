"""How a form speaks: labels, choices and answers as people read them, in one language.

The language may change at any moment; nothing here is remembered from one to the next, but the
choices of a list whose words stand fast, for as long as its rows are the same. A text that a
language lacks is taken from the form's default language, then from any.
"""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from datetime import tzinfo
from typing import ParamSpec, cast

from kiosk.forms.answers import wrong_kind
from kiosk.forms.definition import (
    CHOOSING,
    Control,
    Expression,
    Itemset,
    Part,
    QuestionKind,
    Tree,
    Words,
)
from kiosk.forms.engine.evaluate import Context
from kiosk.forms.engine.model import WORK_MAX, Model, answer_at
from kiosk.forms.engine.node import Node
from kiosk.forms.engine.rows import RowNode
from kiosk.forms.engine.values import Value, find_moment, find_time, to_string
from kiosk.forms.errors import FormError
from kiosk.forms.listed import Listed, shared_by_all
from kiosk.forms.question import Choice, Formats

WITHIN_MAX = 4  # texts within each other: one may name itself, and that twice
MEDIA_PREFIX = "jr://"  # before the name of a file: jr://images/house.png
P = ParamSpec("P")
IMAGE, AUDIO = "image", "audio"  # the shapes of a text that are shown or played


class Labels:
    """The words of one entry's form."""

    def __init__(self, model: Model, language: str, formats: Formats, zone: tzinfo) -> None:
        self.language = language
        self._model = model
        self._program = model.program
        self._definition = model.program.definition
        self._formats = formats
        self._zone = zone
        self._listed: dict[str, Listed] = {}
        self._shared = shared_by_all(model.program)
        self._within = 0  # how many expressions deep a text is asked for
        model.read_itext = self._read_within(self._itext)
        model.read_choice = self._read_within(self._choice_name)

    def _read_within(self, read: Callable[P, str]) -> Callable[P, str]:
        """For expressions that ask for texts: these may go on asking, but not without an end."""

        def run(*arguments: P.args, **named: P.kwargs) -> str:
            if self._within >= WITHIN_MAX:
                return ""
            self._within += 1
            try:
                return read(*arguments, **named)
            finally:
                self._within -= 1

        return run

    def _worked_out(self, expression: Expression, c: Context) -> Value:
        """What an expression gives; it may take as long as one change, if none is under way."""
        if not self._within:
            self._model.work_left = WORK_MAX
        return self._program.closure(expression)(c)

    # Texts

    def _languages(self) -> Iterator[str]:
        yield from dict.fromkeys(
            (self.language, self._definition.default_language, *self._definition.languages)
        )

    def words(self, words: Words, node: Node) -> str:
        """The words, said at that field."""
        if words.itext is not None:
            return self._itext(words.itext, Context(self._model, node))
        return self._joined(words.parts, Context(self._model, node))

    def written(self, words: Words) -> str:
        """Only what the author wrote, without what is worked out between it."""
        parts = self._parts(words.itext) if words.itext is not None else words.parts
        return " ".join(part.strip() for part in parts if isinstance(part, str)).strip()

    def _itext(self, name: str, c: Context) -> str:
        return self._joined(self._parts(name), c)

    def _parts(self, name: str) -> tuple[Part, ...]:
        for language in self._languages():
            shapes = self._definition.texts.get(language, {}).get(name)
            if shapes:
                parts = shapes.get("") or shapes.get("long") or shapes.get("short")
                if parts:
                    return parts
        return ()

    def medium(self, words: Words, node: Node, shape: str) -> str:
        """The name of the file that shows or says the words; empty where there is none.

        A clip is never taken from another language: who listens would not understand it.
        """
        return self._medium(words.itext, shape, Context(self._model, node)) if words.itext else ""

    def _medium(self, name: str, shape: str, c: Context) -> str:
        languages = (self.language,) if shape == AUDIO else self._languages()
        for language in languages:
            parts = self._definition.texts.get(language, {}).get(name, {}).get(shape)
            if parts:
                return self._joined(parts, c).removeprefix(MEDIA_PREFIX).rpartition("/")[2]
        return ""

    def _joined(self, parts: tuple[Part, ...], c: Context) -> str:
        # A text's expressions stand at the question, not at a row of its choices.
        context = Context(self._model, c.current)
        return "".join(
            part if isinstance(part, str) else self._output(part, context) for part in parts
        ).strip()

    def _output(self, expression: Expression, c: Context) -> str:
        """A value between words: a choice by its label, a date as people write it."""
        try:
            value = self._worked_out(expression, c)
        except FormError:
            return ""
        if isinstance(value, list):
            if len(value) == 1 and value[0].path in self._program.controls:
                return self.shown(self._program.controls[value[0].path], value[0]).strip()
            value = value[:1]
        text = to_string(value)
        return "" if text == "NaN" else text

    def _choice_name(self, value: str, path: str, c: Context) -> str:
        node = self._field_at(path.strip(), c.current)
        control = self._program.controls.get(node.path) if node is not None else None
        if node is None or control is None:
            return value
        return self._label_of(control, node, value) if value else ""

    def _field_at(self, path: str, here: Node) -> Node | None:
        """The field that a path means there; in a repeat pyxform writes `../a` for `${a}`."""
        if path.startswith("/"):
            return next(iter(self._model.near(path, here)), None)
        node: Node | None = here
        for step in path.removeprefix("current()/").split("/"):
            if node is not None and step != ".":
                node = node.parent if step == ".." else node.find(step)
        return node

    # Choices and answers

    def look_ahead(self) -> None:
        """Prepare the form's lists while it opens, once: then their first page comes at once too.

        A list that is narrowed by an answer is asked with none: what finds its rows is then there.
        """
        if self.language in self._shared.looked_ahead:
            return
        self._shared.looked_ahead.add(self.language)
        for control in self._program.controls.values():
            nodes = self._model.nodes(control.path)
            if control.itemset is not None and nodes:
                self.choices(control, nodes[0])

    def choices(self, control: Control, node: Node) -> tuple[Choice, ...]:
        """The choices at that field now; a row without a value gives one without a name."""
        if control.itemset is None:
            return tuple(
                Choice(
                    choice.name,
                    self.words(choice.label, node),
                    self.medium(choice.label, node, IMAGE),
                    self.medium(choice.label, node, AUDIO),
                )
                for choice in control.choices
            )
        rows = self._rows(control, node)
        held = self._held(control, rows)
        if held is not None and held.language == self.language:
            return held.choices
        label = self._label_maker(control.itemset, rows)
        if label is None:
            return self._made(control, rows, lambda row: self._row_label(control, row, node))
        choices = self._made(control, rows, label)
        names = frozenset(choice.name for choice in choices)
        listed = Listed(self.language, rows, choices, names)
        if listed.is_whole:  # the same for everybody: the next person need not wait for it
            self._shared.whole[control.path, self.language] = listed
        else:
            self._listed[control.path] = listed
        return choices

    def _made(
        self, control: Control, rows: list[Node], label: Callable[[Node], str]
    ) -> tuple[Choice, ...]:
        """A choice of each row, with its picture and clip where there are any."""
        assert control.itemset is not None
        name, texts = control.itemset.name, _text_column(control.itemset)
        if texts is None or not self._has_media:
            return tuple(Choice(row.cell(name), label(row)) for row in rows)
        return tuple(
            Choice(
                row.cell(name),
                label(row),
                self._row_medium(row, texts, IMAGE),
                self._row_medium(row, texts, AUDIO),
            )
            for row in rows
        )

    def _row_medium(self, row: Node, texts: str, shape: str) -> str:
        """The file of a list's row, where its label is a translated text."""
        return self._medium(row.cell(texts), shape, Context(self._model, row))

    @property
    def _has_media(self) -> bool:
        """Whether any text of the form is also shown or spoken."""
        texts = self._definition.texts.values()
        return any({IMAGE, AUDIO} & set(shapes) for named in texts for shapes in named.values())

    def _held(self, control: Control, rows: list[Node]) -> Listed | None:
        """What was made of these rows before, in whatever language."""
        whole = self._shared.whole.get((control.path, self.language))
        candidates = (whole, self._listed.get(control.path))
        return next((one for one in candidates if one is not None and one.rows == rows), None)

    def _label_maker(self, itemset: Itemset, rows: list[Node]) -> Callable[[Node], str] | None:
        """How to label a row whose words stand fast; None where something is worked out in them."""
        if not all(isinstance(row, RowNode) for row in rows) or not rows:
            return None
        columns = list(cast("RowNode", rows[0]).columns)
        of_language = _label_column(itemset, self.language, columns)
        base = _base_column(itemset.label.tree)
        texts = _text_column(itemset)
        if texts is not None:
            named = {row.cell(texts): self._parts(row.cell(texts)) for row in rows}
            if all(isinstance(part, str) for parts in named.values() for part in parts):
                return lambda row: "".join(map(str, named[row.cell(texts)])).strip()
            return None
        if base is None:
            return None
        if base not in columns:
            return lambda _row: ""
        of, instead = columns.index(of_language or base), columns.index(base)
        return lambda row: cast("RowNode", row).row[of] or cast("RowNode", row).row[instead]

    def _rows(self, control: Control, node: Node) -> list[Node]:
        assert control.itemset is not None
        try:
            rows = self._worked_out(control.itemset.rows, Context(self._model, node))
        except FormError:
            return []
        if not isinstance(rows, list) or not rows or rows[0].static:
            return rows if isinstance(rows, list) else []
        return [row for row in rows if row.relevant]  # instances of a repeat (JavaRosa)

    def _row_label(self, control: Control, row: Node, node: Node) -> str:
        assert control.itemset is not None
        columns = [leaf.name for leaf in row.children]
        column = _label_column(control.itemset, self.language, columns)
        if column and (leaf := row.find(column)) and leaf.text():
            return leaf.text()
        context = Context(self._model, row, node)
        return to_string(self._worked_out(control.itemset.label, context))

    def _label_of(self, control: Control, node: Node, name: str) -> str:
        """The label of one choice, without making a list of all."""
        for choice in control.choices:
            if choice.name == name:
                return self.words(choice.label, node)
        if control.itemset is not None:
            for row in self._rows(control, node):
                if row.cell(control.itemset.name) == name:
                    return self._row_label(control, row, node)
        return name

    def offered(self, control: Control, node: Node) -> AbstractSet[str]:
        """The names of what may be chosen at that field now."""
        if control.itemset is None:
            return {choice.name for choice in control.choices}
        rows = self._rows(control, node)
        held = self._held(control, rows)
        if held is not None:
            return held.names
        return {row.cell(control.itemset.name) for row in rows}

    def unranked(self, control: Control, node: Node) -> str:
        """What an order leaves out, as people read it; empty where it is whole."""
        left = [choice for choice in self.choices(control, node) if choice.name]
        ranked = node.value.split()
        return self._formats.joined([one.label for one in left if one.name not in ranked])

    def shown(self, control: Control, node: Node) -> str:
        """The answer as people read it."""
        value = answer_at(control, node) if node.relevant else ""
        if not value:
            return ""
        if control.kind in CHOOSING:
            names = [value] if control.kind is QuestionKind.SELECT_ONE else value.split()
            labels = [self._label_of(control, node, name) for name in names]
            return labels[0] if len(labels) == 1 else self._formats.joined(labels)
        if wrong_kind(control.kind, value):
            return value
        return self._formatted(control.kind, value)

    def _formatted(self, kind: QuestionKind, value: str) -> str:
        if kind is QuestionKind.PARTIAL_DATE:
            return self._formats.partial_date(value)
        if kind in (QuestionKind.DATE, QuestionKind.DATE_TIME):
            moment = find_moment(value, self._zone)
            day = self._formats.date(moment.when.date()) if moment else value
            return f"{day} {moment.when:%H:%M}" if moment and not moment.whole_day else day
        if kind is QuestionKind.TIME:
            return f"{find_time(value):%H:%M}"
        if kind in (QuestionKind.INTEGER, QuestionKind.DECIMAL, QuestionKind.RANGE):
            return self._formats.number(value)
        return value


def _label_column(itemset: Itemset, language: str, columns: list[str]) -> str | None:
    """The column that labels a list's rows in that language, where it has one of its own."""
    base = _base_column(itemset.label.tree)
    if base is None:
        return None
    wanted = (f"{base}::{language}", f"{base}_{language}")
    for name in columns:
        if name in wanted or (name.startswith(f"{base}::") and name.endswith(f"({language})")):
            return name
    return None


def _base_column(tree: Tree) -> str | None:
    """The column that an expression is, where it is no more than one."""
    is_path = tree[0] == "path" and tree[1] is None and len(tree[2]) == 1
    return tree[2][0][1] if is_path and tree[2][0][0] == "child" and not tree[2][0][2] else None


def _text_column(itemset: Itemset) -> str | None:
    """The column that names the translated text of a row: `jr:itext(itextId)`."""
    tree = itemset.label.tree
    is_itext = tree[0] == "call" and tree[1] == "jr:itext" and len(tree[2]) == 1
    return _base_column(tree[2][0]) if is_itext else None
