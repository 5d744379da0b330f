"""What is wrong with an answer, in the order a person would mend it.

First that it is missing, then that it is not of its kind, then that it breaks the form's own
rule, then that it asks for more of something than there may be. The form's own message is said
where it has one.
"""

from collections.abc import Callable, Mapping

from kiosk.forms.answers import wrong_kind, wrong_type
from kiosk.forms.counting import Counting
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
        self._counting = Counting(model.program)

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
        said = self._wrong_type(control, node, answer)
        if said:
            return Violation(path, said, "type")
        if not self._model.holds(bind.constraint, node, default=True):
            words = bind.constraint_message
            own = self._labels.words(words, node) if words else ""
            return Violation(path, own or self._message("constraint"), "constraint")
        return self._too_many(path, node)

    def _too_many(self, path: str, node: Node) -> Violation | None:
        most = None if self._model.frozen else self._counting.most(self._model, node)
        if most is None:
            return None
        return Violation(path, self._message("too_many", most=str(most)), "constraint")

    def _wrong_type(self, control: Control, node: Node, answer: str) -> str:
        """What says that the answer is not one to this question, whatever the form's own rule."""
        bind = self._model.program.bind(control.path)
        wrong = wrong_kind(control.kind, answer) or wrong_type(bind.type, answer)
        wrong = wrong or self._wrong_among(control, node)
        if wrong:
            return self._message(wrong)
        missing = self._labels.unranked(control, node) if control.kind is QuestionKind.RANK else ""
        return self._message("rank", missing=missing) if missing else ""

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

    def _message(self, name: str, **places: str) -> str:
        message = self._messages.get(name) or MESSAGES[name]
        return message % places if places else message
