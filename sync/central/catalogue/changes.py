"""What a new version changes against the one in force: question by question, field by field.

Two people look at a form of forty questions of which three were touched: they should see three.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from kiosk.forms.bundle import DEFINITION, DESCRIPTOR, DICTIONARY, XFORM, Bundle
from kiosk.forms.definition import CHOOSING, Control
from sync.central.casework.service_words import reader_language
from sync.central.catalogue.form_view import FormView
from sync.central.catalogue.preview import KIND_WORDS, LANGUAGE_NAMES, Rule, rule_words, rules_of

ROWS_MAX: Final = 300
WORDS_LENGTH: Final = 300
MADE_BY_US: Final = frozenset((DESCRIPTOR, DEFINITION, XFORM, DICTIONARY))
NO_CHANGE: Final = ("version", "form")  # fields of the description that tell of the publication


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that reads otherwise than before; empty where there was, or is, nothing."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question that came, went or reads otherwise."""

    name: str
    label: str
    kind: str  # added, removed, changed, moved
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs."""

    version: str  # of the one in force
    questions: tuple[QuestionChange, ...]
    fields: tuple[Difference, ...]
    files: tuple[Difference, ...]

    @property
    def none(self) -> bool:
        """Whether both are the same to people."""
        return not (self.questions or self.fields or self.files)


def changes_between(before: Bundle, after: Bundle) -> Changes:
    """What `after` changes, in the reader's language."""
    return Changes(
        version=before.version,
        questions=tuple(_questions(FormView(before.definition), FormView(after.definition))),
        fields=tuple(_fields(before, after))[:ROWS_MAX],
        files=tuple(_files(before, after)),
    )


def _questions(before: FormView, after: FormView) -> Iterator[QuestionChange]:
    old, new = before.controls, after.controls
    kept_before = [path for path in old if path in new]
    kept_after = [path for path in new if path in old]
    moved = _moved(kept_before, kept_after)
    for path, control in new.items():
        if path not in old:
            yield QuestionChange(_name(path), _label(after, control), "added")
            continue
        found = tuple(_differences(before, old[path], after, control))
        if found:
            yield QuestionChange(_name(path), _label(after, control), "changed", found)
        elif path in moved:
            yield QuestionChange(_name(path), _label(after, control), "moved")
    for path, control in old.items():
        if path not in new:
            yield QuestionChange(_name(path), _label(before, control), "removed")


def _moved(before: list[str], after: list[str]) -> set[str]:
    """The questions that stand behind another one than before, of those in both."""
    follows = dict(zip(before[1:], before, strict=False))
    followed = dict(zip(after[1:], after, strict=False))
    return {path for path in after if follows.get(path) != followed.get(path)}


def _differences(
    before: FormView, old: Control, after: FormView, new: Control
) -> Iterator[Difference]:
    pairs = [(_("Kind of question"), str(KIND_WORDS[old.kind]), str(KIND_WORDS[new.kind]))]
    for code in dict.fromkeys((*before.languages, *after.languages)):
        language = LANGUAGE_NAMES.get(code, code)
        question, hint = _("Question (%(language)s)"), _("Hint (%(language)s)")
        where = {"language": language}
        pairs.append(
            (question % where, before.words(old.label, code), after.words(new.label, code))
        )
        pairs.append((hint % where, before.words(old.hint, code), after.words(new.hint, code)))
    pairs += _rules(before, old, after, new)
    pairs.append((_("How it looks"), " ".join(old.appearance), " ".join(new.appearance)))
    if CHOOSING.count(old.kind) or CHOOSING.count(new.kind):
        pairs += _choices(before, old, after, new)
    yield from (Difference(what, _short(a), _short(b)) for what, a, b in pairs if a != b)


def _rules(
    before: FormView, old: Control, after: FormView, new: Control
) -> list[tuple[str, str, str]]:
    """The rules that were rewritten: another label in the same rule is no other rule."""
    held = {rule.name: rule for rule in rules_of(before, old, rule_words(before))}
    given = {rule.name: rule for rule in rules_of(after, new, rule_words(after))}
    return [
        (name, _said(held.get(name)), _said(given.get(name)))
        for name in dict.fromkeys((*held, *given))
        if _source(held.get(name)) != _source(given.get(name))
    ]


def _source(rule: Rule | None) -> str:
    return rule.source if rule else ""


def _said(rule: Rule | None) -> str:
    return (rule.words or rule.source) if rule else ""


def _choices(
    before: FormView, old: Control, after: FormView, new: Control
) -> list[tuple[str, str, str]]:
    """Only the choices that differ: a list may have thousands."""
    held = {choice.name: " / ".join(choice.words) for choice in before.choices(old)}
    given = {choice.name: " / ".join(choice.words) for choice in after.choices(new)}
    differing = [
        name for name in dict.fromkeys((*held, *given)) if held.get(name) != given.get(name)
    ]
    pairs = [
        (_("Choice %(name)s") % {"name": name}, held.get(name, ""), given.get(name, ""))
        for name in differing[:ROWS_MAX]
    ]
    if not differing and list(held) != list(given):
        pairs.append((_("Order of the choices"), ", ".join(held), ", ".join(given)))
    return pairs


def _fields(before: Bundle, after: Bundle) -> Iterator[Difference]:
    old = dict(_leaves("", json.loads(before.file(DESCRIPTOR))))
    new = dict(_leaves("", json.loads(after.file(DESCRIPTOR))))
    for name in dict.fromkeys((*old, *new)):
        if name.partition(".")[0] not in NO_CHANGE and old.get(name) != new.get(name):
            yield Difference(name, _short(old.get(name, "")), _short(new.get(name, "")))


def _leaves(where: str, value: object) -> Iterator[tuple[str, str]]:
    """Every plain value of the description with its place, such as `costs[1].value`."""
    if isinstance(value, Mapping):
        for name, held in value.items():
            yield from _leaves(f"{where}.{name}".lstrip("."), held)
    elif isinstance(value, list):
        for number, held in enumerate(value, 1):
            yield from _leaves(f"{where}[{number}]", held)
    else:
        yield where, value if isinstance(value, str) else json.dumps(value)


def _files(before: Bundle, after: Bundle) -> Iterator[Difference]:
    """The icon and the lists that came with the form."""
    for name in sorted({*before.files, *after.files} - MADE_BY_US):
        old, new = before.files.get(name), after.files.get(name)
        if old != new:
            yield Difference(name, _told(old), _told(new))


def _told(data: bytes | None) -> str:
    if data is None:
        return ""
    digest = hashlib.sha256(data).hexdigest()[:8]
    return _("%(size)s bytes, %(digest)s") % {"size": len(data), "digest": digest}


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _label(form: FormView, control: Control) -> str:
    return form.label(control, reader_language())


def _short(words: str) -> str:
    return words if len(words) <= WORDS_LENGTH else words[:WORDS_LENGTH] + "…"
