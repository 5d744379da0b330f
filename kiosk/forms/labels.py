"""How a form speaks: labels, choices and answers as people read them, in one language.

The language may change at any moment; nothing here is remembered from one to the next. A text
that a language lacks is taken from the form's default language, then from any.
"""

import re
from collections.abc import Iterator
from datetime import tzinfo

from kiosk.forms.answers import wrong_kind
from kiosk.forms.definition import CHOOSING, Control, Expression, Part, QuestionKind, Words
from kiosk.forms.errors import FormError
from kiosk.forms.evaluate import Context
from kiosk.forms.model import Model, answer_at
from kiosk.forms.node import Node
from kiosk.forms.program import label_column
from kiosk.forms.question import Choice, Formats
from kiosk.forms.values import find_moment, find_time, to_string

MEDIA_PREFIX = "jr://"  # before the name of a file: jr://images/house.png
IMAGE, AUDIO = "image", "audio"  # the shapes of a text that are shown or played

_ROW_TEXT = re.compile(r"\s*jr:itext\(\s*([^()\s]+)\s*\)\s*")


class Labels:
    """The words of one entry's form."""

    def __init__(self, model: Model, language: str, formats: Formats, zone: tzinfo) -> None:
        self.language = language
        self._model = model
        self._program = model.program
        self._definition = model.program.definition
        self._formats = formats
        self._zone = zone
        model.read_itext = self._itext
        model.read_choice = self._choice_name

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

    def _itext(self, name: str, c: Context) -> str:
        for language in self._languages():
            shapes = self._definition.texts.get(language, {}).get(name)
            if shapes:
                parts = shapes.get("") or shapes.get("long") or shapes.get("short")
                if parts:
                    return self._joined(parts, c)
        return ""

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
            value = self._program.closure(expression)(c)
        except FormError:
            return ""
        if isinstance(value, list):
            if len(value) == 1 and value[0].path in self._program.controls:
                return self.shown(self._program.controls[value[0].path], value[0]).strip()
            value = value[:1]
        text = to_string(value)
        return "" if text == "NaN" else text

    def _choice_name(self, value: str, path: str, c: Context) -> str:
        control = self._program.controls.get(path.strip())
        if control is None:
            return value
        nodes = self._model.nodes(control.path)
        return self._label_of(control, nodes[0] if nodes else c.node, value) if value else ""

    # Choices and answers

    def choices(self, control: Control, node: Node) -> tuple[Choice, ...]:
        """What may be chosen at that field now."""
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
        name = control.itemset.name
        choices: list[Choice] = []
        for row in self._rows(control, node):
            leaf = row.find(name)
            if leaf is not None and leaf.text():
                label = self._row_label(control, row, node)
                media = (self._row_medium(control, row, shape) for shape in (IMAGE, AUDIO))
                choices.append(Choice(leaf.text(), label, *media))
        return tuple(choices)

    def _rows(self, control: Control, node: Node) -> list[Node]:
        assert control.itemset is not None
        try:
            rows = self._program.closure(control.itemset.rows)(Context(self._model, node))
        except FormError:
            return []
        return rows if isinstance(rows, list) else []

    def _row_label(self, control: Control, row: Node, node: Node) -> str:
        assert control.itemset is not None
        columns = [leaf.name for leaf in row.children]
        column = label_column(control.itemset, self.language, columns)
        if column and (leaf := row.find(column)) and leaf.text():
            return leaf.text()
        context = Context(self._model, row, node)
        return to_string(self._program.closure(control.itemset.label)(context))

    def _row_medium(self, control: Control, row: Node, shape: str) -> str:
        """The file of a list's row, where its label is a translated text."""
        assert control.itemset is not None
        match = _ROW_TEXT.fullmatch(control.itemset.label.source)
        leaf = row.find(match[1]) if match else None
        return self._medium(leaf.text(), shape, Context(self._model, row)) if leaf else ""

    def _label_of(self, control: Control, node: Node, name: str) -> str:
        """The label of one choice, without making a list of all."""
        for choice in control.choices:
            if choice.name == name:
                return self.words(choice.label, node)
        if control.itemset is not None:
            for row in self._rows(control, node):
                leaf = row.find(control.itemset.name)
                if leaf is not None and leaf.text() == name:
                    return self._row_label(control, row, node)
        return name

    def offered(self, control: Control, node: Node) -> set[str]:
        """The names of what may be chosen at that field now."""
        if control.itemset is None:
            return {choice.name for choice in control.choices}
        name = control.itemset.name
        return {leaf.text() for row in self._rows(control, node) if (leaf := row.find(name))}

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
