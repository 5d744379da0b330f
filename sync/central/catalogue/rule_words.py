"""A form's rules as sentences: `/data/place = 'market'` as “Where will you sell?” is “Market”.

Whoever signs a form should not have to read expressions. The shapes that nearly all rules have are
put into words; of any other shape the expression itself is shown: a half-understood rule would be
worse than one that asks for help.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kiosk.forms.definition import Control, Expression, Tree
from sync.central.casework.dates import babel_locale

THIS = ["path", None, [["self", "node()", []]]]
COMPARED = {
    "=": gettext_lazy("%(left)s is %(right)s"),
    "!=": gettext_lazy("%(left)s is not %(right)s"),
    "<": gettext_lazy("%(left)s is less than %(right)s"),
    "<=": gettext_lazy("%(left)s is at most %(right)s"),
    ">": gettext_lazy("%(left)s is more than %(right)s"),
    ">=": gettext_lazy("%(left)s is at least %(right)s"),
}
JOINED = {
    "and": gettext_lazy("%(left)s, and %(right)s"),
    "or": gettext_lazy("%(left)s, or %(right)s"),
}
DEPTH_MAX = 12  # a sentence deeper than that is none


class _NoWords(Exception):
    """The rule has a shape that has no words."""


@dataclass(frozen=True, slots=True)
class RuleWords:
    """Puts the rules of one form into words.

    `label_of` gives a question's words, `choice_of` those of one of its choices.
    """

    controls: Mapping[str, Control]
    label_of: Callable[[Control], str]
    choice_of: Callable[[Control, str], str]

    def of(self, rule: Expression) -> str | None:
        """The rule as a sentence; None where only its expression can be shown."""
        try:
            return self._condition(rule.tree, 0)
        except _NoWords:
            return None

    def _condition(self, tree: Tree, depth: int) -> str:
        if depth > DEPTH_MAX:
            raise _NoWords
        match tree:
            case ["and" | "or" as word, first, *others]:
                said = self._condition(first, depth + 1)
                for other in others:
                    right = self._condition(other, depth + 1)
                    said = str(JOINED[word]) % {"left": said, "right": right}
                return said
            case ["=" | "!=" as sign, left, ["string", ""]]:
                what = {"what": self._operand(left, depth)}
                return (
                    _("%(what)s is not answered") % what
                    if sign == "="
                    else _("%(what)s is answered") % what
                )
            case ["=" | "!=" | "<" | "<=" | ">" | ">=" as sign, left, right]:
                words = {
                    "left": self._operand(left, depth, beside=right),
                    "right": self._operand(right, depth, beside=left),
                }
                return str(COMPARED[sign]) % words
            case ["call", name, arguments]:
                return self._called(str(name), list(arguments), depth)
        raise _NoWords

    def _called(self, name: str, arguments: list[Tree], depth: int) -> str:
        match name, arguments:
            case "selected", [question, choice]:
                words = {
                    "question": self._operand(question, depth),
                    "choice": self._operand(choice, depth, beside=question),
                }
                return _("%(choice)s is chosen in %(question)s") % words
            case "not", [what]:
                return _("it is not so that: %(what)s") % {"what": self._condition(what, depth + 1)}
            case "regex", [what, ["string", pattern]]:
                words = {"what": self._operand(what, depth), "pattern": pattern}
                return _("%(what)s is written like the pattern %(pattern)s") % words
            case "true", []:
                return _("always")
            case "false", []:
                return _("never")
        raise _NoWords

    def _operand(self, tree: Tree, depth: int, beside: Tree | None = None) -> str:
        """What is compared: a number, a choice, a question, or something counted of one."""
        words: str | None = None
        match tree:
            case _ if tree == THIS:
                words = _("the answer")
            case ["number", float() | int() as number]:
                words = format_decimal(number, locale=babel_locale(), decimal_quantization=False)
            case ["string", str(text)]:
                control = None if beside is None else self._question(beside)
                words = f"“{self.choice_of(control, text) if control else text}”"
            case ["negative", what]:
                words = f"−{self._operand(what, depth + 1)}"
            case ["path", *_rest] if (control := self._question(tree)) is not None:
                words = f"“{self.label_of(control)}”"
            case ["call", name, arguments] if depth <= DEPTH_MAX:
                words = self._counted(str(name), list(arguments), depth + 1)
        if words is None:
            raise _NoWords
        return words

    def _counted(self, name: str, arguments: list[Tree], depth: int) -> str | None:
        """A value that is worked out in a way that people know."""
        match name, arguments:
            case "number" | "int" | "string" | "normalize-space", [what]:
                return self._operand(what, depth)
            case "string-length", [what]:
                return _("the number of letters in %(what)s") % {"what": self._operand(what, depth)}
            case "count-selected", [what]:
                return _("the number of choices in %(what)s") % {"what": self._operand(what, depth)}
            case "today", []:
                return _("today")
        return None

    def _question(self, tree: Tree) -> Control | None:
        """The question that an absolute path names."""
        match tree:
            case ["path", "/", [*steps]]:
                names = [step[1] for step in steps if step[0] == "child" and not step[2]]
                if len(names) == len(steps):
                    return self.controls.get("/" + "/".join(names))
        return None
