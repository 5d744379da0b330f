"""An entry's answers as the record that is sealed and sent, and back.

Relevant answers only, nested as the form is, a list for each repeat: nothing that the applicant
was not asked or took back by another answer. Reading is forgiving: what the form does not know is
left out, because a record may be older than the form.
"""

from collections.abc import Mapping
from typing import Any

from kiosk.forms.answers import clean
from kiosk.forms.model import Model
from kiosk.forms.node import Node

DEPTH_MAX = 50
META = "meta"  # instanceID and the like: about the form, not about the applicant

Answers = dict[str, Any]  # text, answers of a group, or a list of answers for a repeat


def answers_of(model: Model) -> Answers:
    """The relevant answers."""
    (top,) = model.root.children
    return _group(model, top)


def _group(model: Model, node: Node) -> Answers:
    answers: Answers = {}
    for child in node.children:
        if not child.relevant or child.name.rpartition(":")[2] == META:
            continue
        if child.path in model.program.repeats:
            answers.setdefault(child.name, []).append(_group(model, child))
        elif held := _group(model, child) if child.children else child.value.strip():
            answers[child.name] = held
    return answers


def fill(model: Model, answers: Mapping[str, Any]) -> None:
    """Put recorded answers into a model, without working anything out."""
    (top,) = model.root.children
    _fill(model, top, answers, 0)


def _fill(model: Model, node: Node, answers: Mapping[str, Any], depth: int) -> None:
    for path in model.program.repeats:
        above, _slash, name = path.rpartition("/")
        if above == node.path:
            _fill_repeat(model, node, path, answers.get(name), depth)
    for child in node.children:
        held = answers.get(child.name)
        if child.path in model.program.repeats or child.name.rpartition(":")[2] == META:
            continue
        if child.children:
            if depth < DEPTH_MAX:
                _fill(model, child, held if isinstance(held, Mapping) else {}, depth + 1)
        else:
            model.put_back(child, clean(held) if isinstance(held, str) else "")


def _fill_repeat(model: Model, node: Node, path: str, held: object, depth: int) -> None:
    rows = held if isinstance(held, list) else []
    instances = model.resize_repeat(path, node, len(rows))
    for instance, answers in zip(instances, rows, strict=False):
        if depth < DEPTH_MAX:
            _fill(model, instance, answers if isinstance(answers, Mapping) else {}, depth + 1)
