"""From an XForm, as pyxform writes it, to a `Definition`: the publisher's last step.

Reads what OpenRosa forms are made of (ODK XForms specification): the primary instance, lists,
binds, itext, setvalue, and the body's controls. Anything a kiosk could stumble over is refused
here, with the place, so that a form that compiles also opens: unknown functions, paths that lead
nowhere, calculations in a circle, dangerous patterns.

Four conventions of ours: `partial-date` as a text's appearance asks for a date of which the day
or the month may be unknown; a CSV list may have its labels once per language (`label::ລາວ (lo)`,
`label::lo` or `label_lo`, beside `label` or without it), which ODK Collect ignores; the attribute
`fact` of a bind names what an answer tells (see `facts`); a note in a repeat lends the repeat its
words where its appearance is `repeat-add` ("Add another child"), `repeat-done` ("That is all") or
`repeat-none` ("I have no children"), and is itself never asked: relevant `false()` hides it from
ODK Collect too.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping

from kiosk.forms.answers import TYPES
from kiosk.forms.definition import (
    Bind,
    Control,
    Definition,
    Expression,
    Field,
    FixedChoice,
    Itemset,
    Part,
    QuestionKind,
    Section,
    SetValue,
    Table,
    Words,
)
from kiosk.forms.document import parse_document
from kiosk.forms.engine.node import Node, NodeKind
from kiosk.forms.engine.program import Program
from kiosk.forms.errors import N_, BadExpression, BadForm, Said
from kiosk.forms.form_json import ROWS_MAX
from kiosk.forms.program_check import RULES, WHERE, check
from kiosk.forms.xpath import parse

NAMED_LANGUAGES = {  # as authors write them who leave out the code
    **dict.fromkeys(("lao", "laotian", "ລາວ", "ພາສາລາວ"), "lo"),
    **dict.fromkeys(("english", "ອັງກິດ", "ພາສາອັງກິດ"), "en"),
}
MISSING = "-"  # what pyxform writes where a language has no text
PROMPT_CONTROLS = frozenset(
    ("input", "select1", "select", "odk:rank", "upload", "trigger", "range", "secret")
)
CONTROL_KINDS = {
    "select": QuestionKind.SELECT_MULTIPLE,
    "select1": QuestionKind.SELECT_ONE,
    "rank": QuestionKind.RANK,
    "trigger": QuestionKind.ACKNOWLEDGE,
    "range": QuestionKind.RANGE,
}
INPUT_KINDS = {
    **TYPES,
    "barcode": QuestionKind.BARCODE,
    "geopoint": QuestionKind.GEO,
    "geotrace": QuestionKind.GEO,
    "geoshape": QuestionKind.GEO,
}
UPLOAD_KINDS = {
    "image": QuestionKind.IMAGE,
    "audio": QuestionKind.AUDIO,
    "video": QuestionKind.VIDEO,
}
_ITEXT = re.compile(r"\s*jr:itext\(\s*(?:'([^']*)'|\"([^\"]*)\")\s*\)\s*")
_CODE = re.compile(r"\(([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)\)\s*$")


def compile_form(xml: str | bytes, files: Mapping[str, bytes] | None = None) -> Definition:
    """The definition of a form; `files` are the lists it names (`villages.csv`).

    Raises:
        BadForm: the form cannot be used; the sentence says what to mend.
    """
    definition = _Compiler(xml, files or {}).definition()
    check(Program(definition))
    return definition


def language_code(name: str) -> str:
    """The code in `ລາວ (lo)`; a well-known name has one, any other stands for itself."""
    match = _CODE.search(name)
    plain = name.strip().lower()
    return match[1].lower().replace("_", "-") if match else NAMED_LANGUAGES.get(plain, plain)


class _Compiler:
    """Walks one form's document."""

    def __init__(self, xml: str | bytes, files: Mapping[str, bytes]) -> None:
        self._files = files
        top = _element(parse_document(xml))
        head, body = _local(top, "head"), _local(top, "body")
        model = _local(head, "model") if head else None
        if head is None or model is None:
            raise BadForm(N_("The document has no model: it is not an XForm."))
        self._head, self._model, self._body = head, model, body
        self._binds: dict[str, Bind] = {}
        self._default_language = ""

    def definition(self) -> Definition:
        instances = [node for node in _elements(self._model) if _short(node) == "instance"]
        if not instances or not list(_elements(instances[0])):
            raise BadForm(N_("The form has no instance: there is nowhere to put answers."))
        primary = next(_elements(instances[0]))
        root = _field(primary)
        for node in self._model.children:
            if _short(node) == "bind":
                bind = self._bind(node)
                self._binds[bind.path] = bind
        names, default, texts = self._translations()
        self._default_language = default
        title = _local(self._head, "title")
        return Definition(
            id=primary.attribute("id") or primary.name,
            version=primary.attribute("version") or primary.attribute("orx:version"),
            title=title.text().strip() if title else "",
            languages=tuple(names),
            default_language=default,
            language_names=names,
            root=root,
            binds=tuple(self._binds.values()),
            set_values=tuple(self._set_values()),
            body=tuple(self._items(self._body)) if self._body else (),
            texts=texts,
            lists={
                node.attribute("id"): self._list(node)
                for node in instances[1:]
                if node.attribute("id")
            },
        )

    def _expression(self, source: str, where: Said) -> Expression:
        try:
            return Expression(source.strip(), parse(source))
        except BadExpression as error:
            raise BadForm(N_("%(where)s: %(problem)s"), where=where, problem=error) from error

    def _bind(self, node: Node) -> Bind:
        path = node.attribute("nodeset") or node.attribute("ref")
        if not path.startswith("/"):
            raise BadForm(N_("The bind of %(path)r needs a path that starts with /."), path=path)
        rules = {
            rule: self._expression(source, Said(WHERE[rule], path=path))
            for rule in RULES
            if (source := node.attribute(rule).strip())
        }
        return Bind(
            path=path.strip(),
            type=node.attribute("type").removeprefix("xsd:") or "string",
            required_message=self._message(node.attribute("jr:requiredMsg")),
            constraint_message=self._message(node.attribute("jr:constraintMsg")),
            preload=node.attribute("jr:preload"),
            preload_parameters=node.attribute("jr:preloadParams"),
            facts=tuple(node.attribute("fact").split()),
            **rules,
        )

    @staticmethod
    def _message(source: str) -> Words | None:
        if not source:
            return None
        match = _ITEXT.fullmatch(source)
        return Words(itext=match[1] or match[2]) if match else Words(parts=(source,))

    # Texts

    def _translations(
        self,
    ) -> tuple[dict[str, str], str, dict[str, dict[str, dict[str, tuple[Part, ...]]]]]:
        names: dict[str, str] = {}
        texts: dict[str, dict[str, dict[str, tuple[Part, ...]]]] = {}
        default = ""
        itext = _local(self._model, "itext")
        for translation in _elements(itext) if itext else ():
            name = translation.attribute("lang")
            code = language_code(name)
            names[code] = name
            if not default or translation.attribute("default"):
                default = code
            held = texts.setdefault(code, {})
            for text in _elements(translation):
                shapes = {
                    value.attribute("form"): parts
                    for value in _elements(text)
                    if (parts := self._parts(value)) != (MISSING,)
                }
                if shapes:
                    held[text.attribute("id")] = shapes
        return names, default, texts

    def _parts(self, node: Node) -> tuple[Part, ...]:
        parts: list[Part] = []
        for child in node.children:
            if child.kind == NodeKind.TEXT:
                parts.append(child.value)
            elif _short(child) == "output":
                source = child.attribute("value") or child.attribute("ref")
                parts.append(self._expression(source, Said(N_("A text of the form"))))
        if parts and isinstance(parts[0], str):
            parts[0] = parts[0].lstrip()
        if parts and isinstance(parts[-1], str):
            parts[-1] = parts[-1].rstrip()
        return tuple(part for part in parts if part != "")

    def _words(self, node: Node | None) -> Words:
        if node is None:
            return Words()
        source = node.attribute("ref")
        if not source:
            return Words(parts=self._parts(node))
        match = _ITEXT.fullmatch(source)
        if match:
            return Words(itext=match[1] or match[2])
        return Words(parts=(self._expression(source, Said(N_("A text of the form"))),))

    # Lists

    def _list(self, node: Node) -> Table | Field:
        source = node.attribute("src")
        if not source:
            return _table_or_tree(_field(node))
        name = source.rpartition("/")[2]
        data = self._files.get(name)
        if data is None:
            raise BadForm(N_("The list %(name)s is not in the folder media."), name=name)
        return _with_plain_labels(read_list(data, name), self._default_language)

    # Body

    def _items(self, parent: Node) -> Iterator[Control | Section]:
        for node in _elements(parent):
            short = _short(node)
            if short == "group":
                yield self._group(node)
            elif short == "repeat":
                yield self._repeat(node, Words())
            elif node.name in PROMPT_CONTROLS or short in PROMPT_CONTROLS:
                yield self._control(node, short)

    def _group(self, node: Node) -> Section:
        label = self._words(_local(node, "label"))
        path = self._path(node)
        repeats = [child for child in _elements(node) if _short(child) == "repeat"]
        if len(repeats) == 1 and self._path(repeats[0]) == path:
            return self._repeat(repeats[0], label)
        return Section(
            path=path,
            label=label,
            appearance=tuple(node.attribute("appearance").split()),
            children=tuple(self._items(node)),
        )

    def _repeat(self, node: Node, label: Words) -> Section:
        count = node.attribute("jr:count").strip()
        path = self._path(node)
        return Section(
            path=path,
            label=label,
            appearance=tuple(node.attribute("appearance").split()),
            children=tuple(self._items(node)),
            repeats=True,
            count=self._expression(count, Said(N_("The count of %(path)s"), path=path))
            if count
            else None,
            fixed=node.attribute("jr:noAddRemove") not in ("", "false()"),
        )

    def _path(self, node: Node) -> str:
        ref = (node.attribute("ref") or node.attribute("nodeset")).strip()
        if ref:
            return ref
        bind = node.attribute("bind")
        for candidate in self._model.children:
            if bind and candidate.attribute("id") == bind and _short(candidate) == "bind":
                return candidate.attribute("nodeset")
        return ""

    def _control(self, node: Node, short: str) -> Control:
        path = self._path(node)
        bind = self._binds.get(path) or Bind(path)
        appearance = tuple(node.attribute("appearance").split())
        hint = _local(node, "hint")
        itemset = _local(node, "itemset")
        skipped = ("ref", "nodeset", "bind", "appearance", "mediatype")
        return Control(
            kind=self._kind(node, short, bind, appearance),
            path=path,
            label=self._words(_local(node, "label")),
            hint=self._words(hint) if hint else None,
            appearance=appearance,
            choices=tuple(
                FixedChoice(
                    value.text().strip() if (value := _local(item, "value")) else "",
                    self._words(_local(item, "label")),
                )
                for item in _elements(node)
                if _short(item) == "item"
            ),
            itemset=self._itemset(itemset, path) if itemset else None,
            media_type=node.attribute("mediatype"),
            parameters={
                attribute.name: attribute.value
                for attribute in node.attributes
                if attribute.name not in skipped
            },
        )

    @staticmethod
    def _kind(node: Node, short: str, bind: Bind, appearance: tuple[str, ...]) -> QuestionKind:
        if short in CONTROL_KINDS:
            return CONTROL_KINDS[short]
        if short == "upload":
            family = node.attribute("mediatype").partition("/")[0]
            kind = UPLOAD_KINDS.get(family, QuestionKind.FILE)
            return QuestionKind.SIGNATURE if "signature" in appearance else kind
        if bind.type in INPUT_KINDS:
            return INPUT_KINDS[bind.type]
        if "partial-date" in appearance:
            return QuestionKind.PARTIAL_DATE
        never_answered = bind.readonly is not None and bind.readonly.source == "true()"
        is_note = never_answered and bind.calculate is None
        return QuestionKind.NOTE if is_note else QuestionKind.TEXT

    def _itemset(self, node: Node, path: str) -> Itemset:
        value, label = _local(node, "value"), _local(node, "label")
        name = value.attribute("ref") if value else "name"
        source = (label.attribute("ref") if label else "") or name
        where = Said(N_("The choice filter of %(path)s"), path=path)
        return Itemset(
            rows=self._expression(node.attribute("nodeset"), where),
            name=name.strip(),
            label=self._expression(source, where),
        )

    # Actions

    def _set_values(self) -> Iterator[SetValue]:
        yield from (self._set_value(node, "") for node in self._actions(self._model))
        if self._body:
            for node in self._body.descendants():
                if node.kind == NodeKind.ELEMENT and node.name in PROMPT_CONTROLS | {"repeat"}:
                    source = self._path(node)
                    yield from (self._set_value(action, source) for action in self._actions(node))

    @staticmethod
    def _actions(node: Node) -> list[Node]:
        return [child for child in _elements(node) if _short(child) == "setvalue"]

    def _set_value(self, node: Node, source: str) -> SetValue:
        path = self._path(node)
        value = node.attribute("value").strip()
        return SetValue(
            path=path,
            events=tuple(node.attribute("event").split()),
            value=self._expression(value, Said(N_("The default of %(path)s"), path=path))
            if value
            else node.text().strip(),
            source=source,
        )


def read_list(data: bytes, name: str) -> Table | Field:
    """The rows of a list that comes as a file.

    Raises:
        BadForm: it is no CSV and no XML file, or not as those must be.
    """
    if name.lower().endswith(".csv"):
        return read_csv(data, name)
    if name.lower().endswith(".xml"):
        return _table_or_tree(_field(parse_document(data)))
    raise BadForm(N_("The list %(name)s must be a .csv or .xml file."), name=name)


def items_of(rows: Table | Field) -> Iterator[dict[str, str]]:
    """The rows of a list, each by its columns, whether they are alike or not."""
    if isinstance(rows, Table):
        yield from (dict(zip(rows.columns, row, strict=True)) for row in rows.rows)
        return
    for root in rows.children:
        if root.name == "root":
            for item in root.children:
                if item.name == "item":
                    yield {leaf.name: leaf.value for leaf in item.children}


def label_columns(columns: tuple[str, ...]) -> dict[str, str]:
    """Language code → the column of labels in it: `label::Lao (lo)`, `label::lo`, `label_lo`."""
    found: dict[str, str] = {}
    for column in columns:
        base, separator, language = column.partition("::")
        if not separator:
            base, separator, language = column.partition("_")
        if base == "label" and separator and language:
            found.setdefault(language_code(language), column)
    return found


def _with_plain_labels(rows: Table | Field, language: str) -> Table | Field:
    """Every list has a plain `label`, for programs that know no other: here of that language."""
    if not isinstance(rows, Table) or "label" in rows.columns:
        return rows
    held = label_columns(rows.columns)
    if not held:
        return rows
    at = rows.columns.index(held.get(language) or next(iter(held.values())))
    return Table((*rows.columns, "label"), tuple((*row, row[at]) for row in rows.rows))


def read_csv(data: bytes, name: str) -> Table:
    """The rows of a CSV list; the first line names the columns.

    Raises:
        BadForm: it is not UTF-8, has no rows, or a row does not fit.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadForm(N_("The list %(name)s is not saved as UTF-8."), name=name) from error
    delimiter = (
        ";" if ";" in text.partition("\n")[0] and "," not in text.partition("\n")[0] else ","
    )
    rows: list[tuple[str, ...]] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        columns = tuple(next(reader, ()))
        for row in reader:
            if not row:
                continue
            if len(row) > len(columns) or len(rows) >= ROWS_MAX:
                sentence = (
                    N_("Line %(row)s of the list %(name)s has more columns than the first.")
                    if len(row) > len(columns)
                    else N_("The list %(name)s has more than %(count)s rows.")
                )
                raise BadForm(sentence, row=reader.line_num, name=name, count=ROWS_MAX)
            rows.append((*row, *[""] * (len(columns) - len(row))))
    except csv.Error as error:
        sentence = N_("Line %(row)s of the list %(name)s cannot be read as CSV.")
        raise BadForm(sentence, row=reader.line_num, name=name) from error
    if not columns or len(set(columns)) < len(columns):
        sentence = N_("The first line of the list %(name)s must name each column once.")
        raise BadForm(sentence, name=name)
    return Table(columns, tuple(rows))


def _element(document: Node) -> Node:
    return next(_elements(document))


def _elements(node: Node) -> Iterator[Node]:
    return (child for child in node.children if child.kind == NodeKind.ELEMENT)


def _short(node: Node) -> str:
    return node.name.rpartition(":")[2] if node.kind == NodeKind.ELEMENT else ""


def _local(node: Node, name: str) -> Node | None:
    return next((child for child in _elements(node) if _short(child) == name), None)


def _field(node: Node) -> Field:
    children = list(_elements(node))
    return Field(
        name=node.name,
        value="" if children else node.text(),
        children=tuple(_field(child) for child in children),
        attributes={
            attribute.name: attribute.value
            for attribute in node.attributes
            if attribute.name != "jr:template"
        },
        template=any(attribute.name == "jr:template" for attribute in node.attributes),
    )


def _table_or_tree(instance: Field) -> Table | Field:
    """`root/item/...` with the same plain columns in every row is kept as a table."""
    if len(instance.children) != 1 or instance.children[0].name != "root":
        return instance
    items = instance.children[0].children
    columns = tuple(leaf.name for leaf in items[0].children) if items else ()
    for item in items:
        if (
            item.name != "item"
            or item.attributes
            or tuple(leaf.name for leaf in item.children) != columns
            or any(leaf.children or leaf.attributes for leaf in item.children)
            or len(set(columns)) < len(columns)
        ):
            return instance
    if not items:
        return instance
    return Table(columns, tuple(tuple(leaf.value for leaf in item.children) for item in items))
