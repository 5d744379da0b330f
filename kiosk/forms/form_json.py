"""A form as the bytes of `form.json`, the heart of a service's bundle, and back.

Reading takes in what somebody else wrote: sizes are capped, what only a newer program knows is
refused by its name, and a wrong shape is one sentence, not a crash.
"""

import json
from collections.abc import Mapping
from typing import Any

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
from kiosk.forms.engine.evaluate import find_function
from kiosk.forms.errors import N_, BadForm, NewerForm, Said

FORMAT = 1  # a kiosk refuses a newer one and keeps the last good bundle
JSON_BYTES_MAX = 16 * 2**20
FIELDS_MAX = 5_000
ROWS_MAX = 100_000
TREE_DEPTH_MAX = 500

Plain = Any  # what JSON holds


class WrongShape(Said, TypeError):
    """Something in the JSON is not what its place needs."""


def json_of(definition: Definition) -> bytes:
    """The form as the bytes of `form.json`."""
    plain = {"format": FORMAT, **_plain_definition(definition)}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()


def definition_of(data: bytes) -> Definition:
    """The form of a `form.json`.

    Raises:
        NewerForm: it needs a newer program than this one.
        BadForm: it is too large, or not a form.
    """
    if len(data) > JSON_BYTES_MAX:
        raise BadForm(N_("The form is larger than %(size)s MB."), size=JSON_BYTES_MAX // 2**20)
    try:
        plain = json.loads(data)
        if int(plain["format"]) > FORMAT:
            raise _newer(Said(N_("format %(number)s"), number=int(plain["format"])))
        return _definition(plain)
    except (
        KeyError,
        TypeError,
        ValueError,
        IndexError,
        AttributeError,
        RecursionError,
    ) as error:
        sentence = N_("The form's data has the wrong shape: %(problem)s.")
        raise BadForm(sentence, problem=_what_is_wrong(error)) from error


def _what_is_wrong(error: Exception) -> Said:
    """Said by us, or what Python met where something is missing or of another kind."""
    if isinstance(error, Said):
        return error
    if isinstance(error, KeyError):
        return Said(N_("%(name)r is missing"), name=str(error.args[0]))
    return Said(N_("something in it is not what its place needs"))


# To JSON. Absent and empty values are left out: most fields have few rules.


def _plain_definition(form: Definition) -> dict[str, Plain]:
    return {
        "id": form.id,
        "version": form.version,
        "title": form.title,
        "languages": list(form.languages),
        "default_language": form.default_language,
        "language_names": dict(form.language_names),
        "root": _plain_field(form.root),
        "binds": [_plain(bind) for bind in form.binds],
        "set_values": [_plain(value) for value in form.set_values],
        "body": [_plain(item) for item in form.body],
        "texts": {
            language: {
                name: {shape: _plain(parts) for shape, parts in shapes.items()}
                for name, shapes in texts.items()
            }
            for language, texts in form.texts.items()
        },
        "lists": {
            name: {"columns": list(rows.columns), "rows": [list(row) for row in rows.rows]}
            if isinstance(rows, Table)
            else {"tree": _plain_field(rows)}
            for name, rows in form.lists.items()
        },
    }


def _plain_field(item: Field) -> list[Plain]:
    plain: list[Plain] = [
        item.name,
        item.value,
        [_plain_field(child) for child in item.children],
        dict(item.attributes),
        item.template,
    ]
    while len(plain) > 1 and not plain[-1]:
        plain.pop()
    return plain


def _plain(value: object) -> Plain:
    if isinstance(value, Expression):
        return {"source": value.source, "tree": value.tree}
    if isinstance(value, Bind | SetValue | FixedChoice | Itemset | Control | Section | Words):
        pairs = ((name, getattr(value, name)) for name in value._fields)
        return {name: _plain(held) for name, held in pairs if held not in ("", (), None, False, {})}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return dict(value)
    return str(value) if isinstance(value, str) else value


# From JSON.


def _definition(plain: Plain) -> Definition:
    root = _field(plain["root"])
    if sum(1 for _ in root.below()) > FIELDS_MAX:
        raise BadForm(N_("The form has more than %(most)s fields."), most=FIELDS_MAX)
    return Definition(
        id=_text(plain["id"]),
        version=_text(plain["version"]),
        title=_text(plain["title"]),
        languages=tuple(_text(code) for code in plain["languages"]),
        default_language=_text(plain["default_language"]),
        language_names={_text(code): _text(name) for code, name in plain["language_names"].items()},
        root=root,
        binds=tuple(_bind(bind) for bind in plain["binds"]),
        set_values=tuple(_set_value(value) for value in plain["set_values"]),
        body=tuple(_item(item) for item in plain["body"]),
        texts={
            _text(language): {
                name: {shape: _parts(parts) for shape, parts in shapes.items()}
                for name, shapes in texts.items()
            }
            for language, texts in plain["texts"].items()
        },
        lists={_text(name): _list(rows) for name, rows in plain["lists"].items()},
    )


def _text(value: Plain) -> str:
    if not isinstance(value, str):
        raise WrongShape(N_("%(value)r should be text"), value=str(value)[:40])
    return value


def _field(plain: Plain) -> Field:
    absent: list[Plain] = ["", [], {}, False]
    parts = [*list(plain), *absent[max(len(plain) - 1, 0) :]]
    name, value, children, attributes, template = parts
    return Field(
        name=_text(name),
        value=_text(value),
        children=tuple(_field(child) for child in children),
        attributes={_text(key): _text(held) for key, held in attributes.items()},
        template=bool(template),
    )


def _list(plain: Plain) -> Table | Field:
    if "tree" in plain:
        return _field(plain["tree"])
    columns = tuple(_text(name) for name in plain["columns"])
    rows = tuple(tuple(row) for row in plain["rows"])
    if len(rows) > ROWS_MAX:
        raise BadForm(N_("A list of the form has more than %(count)s rows."), count=ROWS_MAX)
    if not all(len(row) == len(columns) and set(map(type, row)) <= {str} for row in rows):
        raise WrongShape(N_("a row of a list is not texts for its columns"))
    return Table(columns, rows)


def _expression(plain: Plain) -> Expression | None:
    if plain is None:
        return None
    tree = plain["tree"]
    if not isinstance(tree, list):
        raise WrongShape(N_("an expression's tree is no list"))
    _check_tree(tree, TREE_DEPTH_MAX)
    return Expression(_text(plain["source"]), tree)


def _needed(plain: Plain) -> Expression:
    expression = _expression(plain)
    if expression is None:
        raise WrongShape(N_("an expression is missing"))
    return expression


def _check_tree(tree: Plain, left: int) -> None:
    if left == 0:
        raise WrongShape(N_("an expression is nested too deep"))
    if tree and tree[0] == "call" and find_function(tree[1]) is None:
        raise _newer(Said(N_("the function %(name)s()"), name=_text(tree[1])[:60]))
    for item in tree:
        if isinstance(item, list):
            _check_tree(item, left - 1)


def _kind(name: Plain) -> QuestionKind:
    try:
        return QuestionKind(name)
    except ValueError:
        feature = Said(N_("questions of the kind %(name)r"), name=_text(name)[:60])
        raise _newer(feature) from None


def _newer(feature: Said) -> NewerForm:
    return NewerForm(
        N_("The form needs %(feature)s, which this program does not have."), feature=feature
    )


def _parts(plain: Plain) -> tuple[Part, ...]:
    return tuple(part if isinstance(part, str) else _needed(part) for part in plain)


def _words(plain: Plain) -> Words | None:
    return None if plain is None else Words(plain.get("itext"), _parts(plain.get("parts", ())))


def _bind(plain: Plain) -> Bind:
    return Bind(
        path=_text(plain["path"]),
        type=_text(plain.get("type", "string")),
        relevant=_expression(plain.get("relevant")),
        required=_expression(plain.get("required")),
        readonly=_expression(plain.get("readonly")),
        constraint=_expression(plain.get("constraint")),
        calculate=_expression(plain.get("calculate")),
        required_message=_words(plain.get("required_message")),
        constraint_message=_words(plain.get("constraint_message")),
        preload=_text(plain.get("preload", "")),
        preload_parameters=_text(plain.get("preload_parameters", "")),
        facts=tuple(_text(name) for name in plain.get("facts", ())),
    )


def _set_value(plain: Plain) -> SetValue:
    value = plain.get("value", "")
    return SetValue(
        path=_text(plain["path"]),
        events=tuple(_text(event) for event in plain["events"]),
        value=value if isinstance(value, str) else _needed(value),
        source=_text(plain.get("source", "")),
    )


def _item(plain: Plain) -> Control | Section:
    appearance = tuple(_text(word) for word in plain.get("appearance", ()))
    label = _words(plain.get("label")) or Words()
    if "kind" not in plain:
        return Section(
            path=_text(plain.get("path", "")),
            label=label,
            appearance=appearance,
            children=tuple(_item(child) for child in plain.get("children", ())),
            repeats=bool(plain.get("repeats")),
            count=_expression(plain.get("count")),
            fixed=bool(plain.get("fixed")),
        )
    rows = plain.get("itemset")
    return Control(
        kind=_kind(plain["kind"]),
        path=_text(plain["path"]),
        label=label,
        hint=_words(plain.get("hint")),
        appearance=appearance,
        choices=tuple(
            FixedChoice(_text(choice.get("name", "")), _words(choice.get("label")) or Words())
            for choice in plain.get("choices", ())
        ),
        itemset=Itemset(_needed(rows["rows"]), _text(rows["name"]), _needed(rows["label"]))
        if rows
        else None,
        media_type=_text(plain.get("media_type", "")),
        parameters={_text(key): _text(held) for key, held in plain.get("parameters", {}).items()},
    )
