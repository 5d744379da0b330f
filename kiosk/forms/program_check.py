"""What is known of a form before it travels: nothing in it that a kiosk would stumble over.

A kiosk opens what is signed without asking again, so every expression is looked at here once: its
functions exist, its paths lead somewhere, its patterns can be read, and no rule waits for itself.
"""

from collections.abc import Iterator

from kiosk.forms.definition import Bind, Expression
from kiosk.forms.engine.evaluate import find_function
from kiosk.forms.engine.program import Aspect, Program
from kiosk.forms.engine.regex import Pattern
from kiosk.forms.engines_check import constant, nodes_of
from kiosk.forms.errors import N_, BadExpression, BadForm, Circle, NoSuchField, Said

RULES = ("relevant", "required", "readonly", "constraint", "calculate")
LOST_MAX = 20  # paths that lead nowhere: who mends those has seen what is wrong with the rest
WHERE = {
    "relevant": N_("The rule 'relevant' of %(path)s"),
    "required": N_("The rule 'required' of %(path)s"),
    "readonly": N_("The rule 'readonly' of %(path)s"),
    "constraint": N_("The rule 'constraint' of %(path)s"),
    "calculate": N_("The rule 'calculate' of %(path)s"),
    Aspect.CHOICES.value: N_("The choice filter of %(path)s"),
    Aspect.COUNT.value: N_("The count of %(path)s"),
    "default": N_("The default of %(path)s"),
    "text": N_("A text of %(path)s"),
}


def check(program: Program) -> None:
    """Refuse what a kiosk would stumble over.

    Raises:
        BadForm: with the place and what to mend.
    """
    lost: list[NoSuchField] = []
    for rule, path, expression in _expressions(program):
        where = WHERE[rule]
        program.closure(expression)  # first: it refuses a broken tree
        _check_calls(expression, Said(where, path=path))
        for reads in sorted({reading.path for reading in program.readings(expression, path)}):
            if reads not in program.paths and not reads.startswith("/#"):
                sentence = N_("%(where)s names %(reads)s, which the form does not have.")
                said = Said(where, path=path)
                lost.append(NoSuchField(sentence, path, rule, where=said, reads=reads))
    if lost:
        lost[0].others = tuple(lost[1:LOST_MAX])
        raise lost[0]
    for bind in program.definition.binds:
        if bind.path not in program.paths:
            sentence = N_("A bind is for %(path)s, which the form does not have.")
            raise BadForm(sentence, path=bind.path)
        _check_circle(program, bind)
    for path in (*program.controls, *program.repeats):
        if path not in program.paths:
            sentence = N_("A question is for %(path)s, which the form does not have.")
            raise BadForm(sentence, path=path)


def _check_calls(expression: Expression, where: Said) -> None:
    for node in nodes_of(expression.tree):
        if node[0] != "call":
            continue
        name, arguments = node[1], node[2]
        function = find_function(name)
        if function is None:
            sentence = N_("%(where)s calls %(name)s(), which is not a function of ODK forms.")
            raise BadForm(sentence, where=where, name=name)
        if not function.least <= len(arguments) <= function.most:
            sentence = N_("%(where)s gives %(name)s() %(count)s arguments, which do not fit.")
            raise BadForm(sentence, where=where, name=name, count=len(arguments))
        source = constant(arguments[1]) if name == "regex" else None
        if source is not None:
            try:
                Pattern(source)
            except BadExpression as error:
                sentence = N_("%(where)s: %(problem)s")
                raise BadForm(sentence, where=where, problem=error) from error


def _check_circle(program: Program, bind: Bind) -> None:
    if bind.relevant is not None:
        paths = [reading.path for reading in program.readings(bind.relevant, bind.path)]
        if any(path == bind.path or path.startswith(bind.path + "/") for path in paths):
            sentence = N_("Whether %(path)s is relevant depends on %(path)s itself.")
            raise Circle(sentence, (bind.path, Aspect.RELEVANT.value), path=bind.path)
    if bind.calculate is not None:
        for reading in program.readings(bind.calculate, bind.path):
            # Its own value it may read, as once() does; but not a group that it is in.
            if bind.path.startswith(reading.path + "/") and not reading.counted:
                sentence = N_("The calculation of %(path)s reads %(around)s, which it is part of.")
                step = (bind.path, Aspect.CALCULATE.value)
                raise Circle(sentence, step, path=bind.path, around=reading.path)


def _expressions(program: Program) -> Iterator[tuple[str, str, Expression]]:
    """Every expression: which rule of what field it is, and itself."""
    for bind in program.definition.binds:
        for rule in RULES:
            expression: Expression | None = getattr(bind, rule)
            if expression is not None:
                yield rule, bind.path, expression
    for control in program.controls.values():
        if control.itemset is not None:
            yield Aspect.CHOICES.value, control.path, control.itemset.rows
    for section in program.repeats.values():
        if section.count is not None:
            yield Aspect.COUNT.value, section.path, section.count
    for value in program.definition.set_values:
        if isinstance(value.value, Expression):
            yield "default", value.path, value.value
    yield from _outputs(program)


def _outputs(program: Program) -> Iterator[tuple[str, str, Expression]]:
    for texts in program.definition.texts.values():
        for name, shapes in texts.items():
            path = name.partition(":")[0]
            for part in (part for parts in shapes.values() for part in parts):
                if isinstance(part, Expression) and path in program.paths:
                    yield "text", path, part
