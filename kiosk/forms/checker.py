"""What is wrong with an answer, in the order a person would mend it.

First that it is missing, then that it is not of its kind, then that it breaks the form's own
rule. The form's own message is said where it has one.
"""

from collections.abc import Callable, Mapping

from kiosk.forms.answers import wrong_kind
from kiosk.forms.definition import ATTACHING, CHOOSING, Control, QuestionKind
from kiosk.forms.engine.model import Model, answer_at
from kiosk.forms.engine.node import Node
from kiosk.forms.engine.values import to_number
from kiosk.forms.labels import Labels
from kiosk.forms.question import MESSAGES, Violation
from kiosk.forms.route import Asked


class Checker:
    """Checks one entry's answers.

    `is_held` says whether a field's attachment is at hand, `is_excused` whether a required one
    may stay empty.
    """

    def __init__(
        self,
        model: Model,
        labels: Labels,
        messages: Mapping[str, str],
        is_held: Callable[[Node], bool],
        is_excused: Callable[[Node], bool],
    ) -> None:
        self._model = model
        self._labels = labels
        self._messages = messages
        self._is_held = is_held
        self._is_excused = is_excused

    def violations(self, asked: tuple[Asked, ...]) -> tuple[Violation, ...]:
        """What is wrong with the answers to these questions."""
        found = (self.violation(question) for question in asked)
        return tuple(violation for violation in found if violation is not None)

    def violation(self, asked: Asked) -> Violation | None:
        """The first thing that is wrong with an answer, or None."""
        control, node = asked.control, asked.node
        if control.kind is QuestionKind.NOTE:
            return None
        bind = self._model.program.bind(control.path)
        path = self._model.path_of(node)
        answer = answer_at(control, node)
        if not answer.strip():
            required = self._model.holds(bind.required, node, default=False)
            if not required or self._is_excused(node):
                return None
            own = self._labels.words(bind.required_message, node) if bind.required_message else ""
            return Violation(path, own or self._message("required"), "required")
        wrong = wrong_kind(control.kind, answer) or self._wrong_among(control, node)
        if wrong:
            return Violation(path, self._message(wrong), "type")
        if self._model.holds(bind.constraint, node, default=True):
            return None
        own = self._labels.words(bind.constraint_message, node) if bind.constraint_message else ""
        return Violation(path, own or self._message("constraint"), "constraint")

    def _wrong_among(self, control: Control, node: Node) -> str | None:
        """What is wrong with an answer that must be one of some."""
        if control.kind in CHOOSING:
            offered = self._labels.offered(control, node)
            words = [node.value] if control.kind is QuestionKind.SELECT_ONE else node.value.split()
            return None if all(word in offered for word in words) else "choice"
        if control.kind is QuestionKind.RANGE:
            start, end = (to_number(control.parameters.get(name, "")) for name in ("start", "end"))
            value = to_number(node.value)
            return "range" if value < min(start, end) or value > max(start, end) else None
        if control.kind in ATTACHING and not self._model.frozen and not self._is_held(node):
            return "no_file"
        return None

    def _message(self, name: str) -> str:
        return self._messages.get(name) or MESSAGES[name]
