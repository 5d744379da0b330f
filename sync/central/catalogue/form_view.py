"""A form as somebody reads it who decides about it: every question in order, in every language.

Nothing is filled in and nothing hidden: what would be worked out between the words stands there by
its name in brackets, and a list is shown from its beginning whatever would filter it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from kiosk.forms.definition import (
    Bind,
    Control,
    Definition,
    Expression,
    Itemset,
    Section,
    Table,
    Tree,
    Words,
)

MISSING = "–"


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: its name in the data, and its words by language."""

    name: str
    words: tuple[str, ...]  # in the order of the form's languages


@dataclass(frozen=True)
class FormView:
    """One form, ready to be shown."""

    definition: Definition

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of its languages."""
        return self.definition.languages

    @cached_property
    def controls(self) -> dict[str, Control]:
        """Its questions by path, in order."""
        return {control.path: control for control in self.definition.controls()}

    @cached_property
    def binds(self) -> dict[str, Bind]:
        """Its rules by path."""
        return {bind.path: bind for bind in self.definition.binds}

    def bind(self, path: str) -> Bind:
        """The rules of a question."""
        return self.binds.get(path) or Bind(path)

    def sections(self) -> Iterator[tuple[Control, tuple[Section, ...]]]:
        """Each question with the groups that it stands in, from the outside."""
        yield from _within(self.definition.body, ())

    def words(self, words: Words | None, language: str) -> str:
        """Words in a language; empty where it has none."""
        if words is None:
            return ""
        if words.itext is None:
            return _joined(words.parts)
        shapes = self.definition.texts.get(language, {}).get(words.itext, {})
        return _joined(shapes.get("") or shapes.get("long") or shapes.get("short") or ())

    def medium(self, words: Words, language: str, shape: str) -> str:
        """The file of a shape ("audio", "image") of words in a language; empty where none is."""
        texts = self.definition.texts.get(language, {})
        return _joined(texts.get(words.itext or "", {}).get(shape, ()))

    def choice_words(self, control: Control) -> Iterator[Words]:
        """The texts of a question's choices."""
        if control.itemset is None:
            yield from (choice.label for choice in control.choices)
            return
        rows = self._list_of(control.itemset)
        if rows is not None and "itextId" in rows.columns:
            at = rows.columns.index("itextId")
            yield from (Words(row[at]) for row in rows.rows)

    def label(self, control: Control, language: str) -> str:
        """A question's words; its name where the language has none."""
        return self.words(control.label, language) or control.path.rpartition("/")[2]

    def choices(self, control: Control) -> tuple[Choice, ...]:
        """Every choice of a question, in order."""
        if control.itemset is None:
            return tuple(
                Choice(
                    choice.name, tuple(self.words(choice.label, code) for code in self.languages)
                )
                for choice in control.choices
            )
        rows = self._list_of(control.itemset)
        return () if rows is None else tuple(self._rows(control.itemset, rows))

    def choice(self, control: Control, name: str, language: str) -> str:
        """One choice's words; its name where there are none."""
        place = self.languages.index(language) if language in self.languages else 0
        for choice in self.choices(control):
            if choice.name == name:
                return (choice.words[place] if choice.words else "") or name
        return name

    def _list_of(self, itemset: Itemset) -> Table | None:
        name = _instance_of(itemset.rows.tree)
        rows = self.definition.lists.get(name) if name else None
        return rows if isinstance(rows, Table) else None

    def _rows(self, itemset: Itemset, rows: Table) -> Iterator[Choice]:
        """The rows of a list; labels by the form's texts or by a column for each language."""
        at = {column: place for place, column in enumerate(rows.columns)}
        if itemset.name not in at:
            return
        base = at.get(itemset.label.source, at.get("label"))
        columns = {code: _column(rows.columns, code, base) for code in self.languages}
        for row in rows.rows:
            if "itextId" in at:
                words = (self.words(Words(row[at["itextId"]]), code) for code in self.languages)
            else:
                found = (columns[code] for code in self.languages)
                words = (MISSING if place is None else row[place] for place in found)
            yield Choice(row[at[itemset.name]], tuple(words))


def _within(
    items: tuple[Control | Section, ...], around: tuple[Section, ...]
) -> Iterator[tuple[Control, tuple[Section, ...]]]:
    for item in items:
        if isinstance(item, Section):
            yield from _within(item.children, (*around, item))
        else:
            yield item, around


def _joined(parts: tuple[str | Expression, ...]) -> str:
    written = (part if isinstance(part, str) else f"[{_last_name(part)}]" for part in parts)
    return "".join(written).strip()


def _last_name(expression: Expression) -> str:
    return expression.source.strip().rpartition("/")[2] or expression.source


def _column(columns: tuple[str, ...], code: str, base: int | None) -> int | None:
    """The column that labels a list in a language; else the plain one."""
    for place, name in enumerate(columns):
        if name in (f"label::{code}", f"label_{code}") or (
            name.startswith("label::") and name.endswith(f"({code})")
        ):
            return place
    return base


def _instance_of(tree: Tree) -> str | None:
    """The list that an expression takes its rows from."""
    match tree:
        case ["call", "instance", [["string", str(name)]]]:
            return name
        case [*parts]:
            names = (_instance_of(part) for part in parts if isinstance(part, list))
            return next((name for name in names if name), None)
    return None
