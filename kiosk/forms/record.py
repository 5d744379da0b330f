"""An entry's answers as the record that is sealed and sent, and back.

Relevant answers only, nested as the form is, a list for each repeat: nothing that the applicant
was not asked or took back by another answer. Reading is forgiving: what the form does not know is
left out, because a record may be older than the form. Where the form is a later version, only the
questions that were asked then are filled: everything else keeps the newer form's own values.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from kiosk.forms.answers import clean
from kiosk.forms.engine.model import Model
from kiosk.forms.engine.node import Node

DEPTH_MAX = 50
CONFIRMED = "confirmed"  # beside the answers: she was helped, and said that they are right
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


def fill(
    model: Model, answers: Mapping[str, Any], asked_before: frozenset[str] | None = None
) -> None:
    """Put recorded answers into a model, without working anything out.

    Args:
        model: the form's answers.
        answers: as `answers_of` wrote them.
        asked_before: the paths of the questions that the record's form asked, if it is another.
    """
    (top,) = model.root.children
    _Filling(model, asked_before).fill(top, answers, 0)


class _Filling(NamedTuple):
    model: Model
    asked_before: frozenset[str] | None

    def fill(self, node: Node, answers: Mapping[str, Any], depth: int) -> None:
        repeats = self.model.program.repeats
        for path in repeats:
            above, _slash, name = path.rpartition("/")
            if above == node.path and self._was_there(path):
                self._fill_repeat(node, path, answers.get(name), depth)
        for child in node.children:
            held = answers.get(child.name)
            if child.path in repeats or child.name.rpartition(":")[2] == META:
                continue
            if child.children:
                if depth < DEPTH_MAX:
                    self.fill(child, held if isinstance(held, Mapping) else {}, depth + 1)
            elif self._was_asked(child.path):
                self.model.put(child, clean(held) if isinstance(held, str) else "")

    def _fill_repeat(self, node: Node, path: str, held: object, depth: int) -> None:
        rows = held if isinstance(held, list) else []
        instances = self.model.resize_repeat(path, node, len(rows))
        for instance, answers in zip(instances, rows, strict=False):
            if depth < DEPTH_MAX:
                self.fill(instance, answers if isinstance(answers, Mapping) else {}, depth + 1)

    def _was_there(self, repeat: str) -> bool:
        return self.asked_before is None or any(
            path.startswith(f"{repeat}/") for path in self.asked_before
        )

    def _was_asked(self, path: str) -> bool:
        if self.asked_before is None:
            return True
        return path in self.asked_before and path in self.model.program.controls
