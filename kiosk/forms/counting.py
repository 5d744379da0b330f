"""Which question says how many there are of something: where a number too great is mended.

A repeat's count is a question's answer, or is worked out from several. What is too much is then
said once, at the last of those that were answered: whoever mends it there, or goes back from there
to an earlier one, is never held where the mistake is not.
"""

from collections.abc import Iterator

from kiosk.forms.definition import QuestionKind
from kiosk.forms.engine.model import Model
from kiosk.forms.engine.node import Node
from kiosk.forms.engine.program import Aspect, Program

NUMBERS = (QuestionKind.INTEGER, QuestionKind.DECIMAL, QuestionKind.RANGE)


class Counting:
    """The repeats of one form whose counts come from questions."""

    def __init__(self, program: Program) -> None:
        order = {control.path: at for at, control in enumerate(program.definition.controls())}
        self._questions: dict[str, list[str]] = {}  # repeat → what its count comes from, last first
        for trigger in program.triggers:
            if trigger.aspect is Aspect.COUNT:
                asked = [path for path in _sources(program, trigger.path) if path in order]
                numbers = [path for path in asked if program.controls[path].kind in NUMBERS]
                last_first = sorted(numbers or asked, key=order.__getitem__, reverse=True)
                self._questions[trigger.path] = last_first

    def most(self, model: Model, node: Node) -> int | None:
        """How many there may be at most, where the answer to that question asks for more."""
        for repeat, questions in self._questions.items():
            if node.path not in questions:
                continue
            above, _slash, name = repeat.rpartition("/")
            for parent in model.nodes(above):
                here = parent.named(name)
                is_asked = any(instance.relevant for instance in here)
                is_mended_here = is_asked and _last(model, questions, parent) is node
                if is_mended_here and model.wanted(repeat, parent) >= len(here) + 1:
                    return len(here)
        return None


def _sources(program: Program, repeat: str) -> set[str]:
    """The fields that a repeat's count is worked out from, by way of calculations too."""
    rules = {
        (trigger.aspect, trigger.path): trigger
        for trigger in program.triggers
        if trigger.aspect in (Aspect.COUNT, Aspect.CALCULATE)
    }
    found: set[str] = set()
    ahead = [rules[Aspect.COUNT, repeat]]
    while ahead:
        for path in {reading.path for reading in ahead.pop().readings} - found:
            found.add(path)
            if (Aspect.CALCULATE, path) in rules:
                ahead.append(rules[Aspect.CALCULATE, path])
    return found


def _last(model: Model, questions: list[str], parent: Node) -> Node | None:
    answered: Iterator[Node] = (
        node
        for path in questions
        for node in reversed(model.near(path, parent))
        if node.relevant and node.value
    )
    return next(answered, None)
