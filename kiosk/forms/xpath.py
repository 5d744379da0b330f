"""Expressions as trees: from `${a} > 3 and selected(...)` to lists that JSON can hold.

The publisher reads each expression once and keeps its tree in the bundle, so that a kiosk never
parses text from outside; `evaluate` makes closures of the trees. The grammar is XPath 1.0's with
two freedoms that ODK's engines share: an operator's name needs no blank behind it (`1 and1`), and
function names may have prefixes (`jr:itext`). What a tree is stands in `definition`.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from kiosk.forms.definition import Tree
from kiosk.forms.engine.evaluate import AXES
from kiosk.forms.errors import N_, BadExpression

SOURCE_LENGTH_MAX = 20_000
DEPTH_MAX = 60  # of brackets, calls and predicates within each other
CHAIN_MAX = 200  # of a + b + c ..., each of which is one level of the tree
TREE_DEPTH_MAX = 250  # of lists in lists: long sums within long sums; Python nests about 1,000
NODE_TYPES = frozenset(("node", "text", "comment", "processing-instruction"))
LEVELS: tuple[tuple[str, ...], ...] = (
    ("or",),
    ("and",),
    ("=", "!="),
    ("<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "div", "mod"),
)
ANY_NODE: Tree = ["descendant-or-self", "node()", []]  # what // stands for

_NAME = r"[^\W\d][\w.\-]*"
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<number>\d+(?:\.\d*)?|\.\d+)
    |(?P<string>"[^"]*"|'[^']*')
    |(?P<symbol>//|::|\.\.|!=|<=|>=|[()\[\].@,/|+\-=<>*$])
    |(?P<name>{_NAME}(?::(?!:)(?:{_NAME}|\*))?)
    )""",
    re.VERBOSE,
)
_OPERATOR_NAME = re.compile(r"\s*(and|or|div|mod)")
_OPERATORS = frozenset((*(name for level in LEVELS for name in level), "|"))
_BEFORE_OPERAND = _OPERATORS | {"@", "::", "(", "[", ",", "/", "//"}


class Token(NamedTuple):
    """A word of an expression: `kind` is number, string, name, operator or symbol."""

    kind: str
    text: str
    at: int


def tokens_of(source: str) -> list[Token]:
    """The words of an expression.

    Raises:
        BadExpression: it is too long or has a character no expression can have.
    """
    if len(source) > SOURCE_LENGTH_MAX:
        raise BadExpression(
            N_("The expression is longer than %(most)s characters."), most=SOURCE_LENGTH_MAX
        )
    tokens: list[Token] = []
    at, end = 0, len(source.rstrip())
    while at < end:
        operand_ended = bool(tokens) and not (
            tokens[-1].kind in ("symbol", "operator") and tokens[-1].text in _BEFORE_OPERAND
        )
        word = _OPERATOR_NAME.match(source, at) if operand_ended else None
        if word:
            tokens.append(Token("operator", word[1], at))
            at = word.end()
            continue
        match = _TOKEN.match(source, at)
        if match is None:
            at += len(source[at:]) - len(source[at:].lstrip())
            raise BadExpression(
                N_("Character %(at)s of the expression cannot be read: %(text)r."),
                at=at + 1,
                text=source[at : at + 20],
            )
        kind = str(match.lastgroup)
        text, start = match[kind], match.start(kind)
        if kind == "symbol" and text in _OPERATORS and (text != "*" or operand_ended):
            kind = "operator"
        tokens.append(Token(kind, text, start))
        at = match.end()
    return tokens


def _depth_of(tree: Tree) -> int:
    """How deep lists lie in lists, measured level by level: what is too deep cannot be recursed."""
    depth, level = 0, [tree]
    while level:
        depth += 1
        level = [item for above in level for item in above if isinstance(item, list)]
    return depth


def parse(source: str) -> Tree:
    """The tree of an expression.

    Raises:
        BadExpression: it cannot be read; the sentence says where.
    """
    return _Parser(source).whole()


class _Parser:
    """Recursive descent over the tokens: a method for each rule of the grammar."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = tokens_of(source)
        self._at = 0
        self._depth = 0

    def whole(self) -> Tree:
        tree = self._expression()
        if self._at < len(self._tokens):
            raise self._unexpected()
        if _depth_of(tree) > TREE_DEPTH_MAX:
            raise BadExpression(
                N_("The expression is nested more than %(most)s levels deep."), most=TREE_DEPTH_MAX
            )
        return tree

    def _unexpected(self) -> BadExpression:
        if self._at >= len(self._tokens):
            return BadExpression(
                N_("The expression ends too early: %(text)r."), text=self._source[-40:]
            )
        token = self._tokens[self._at]
        return BadExpression(
            N_("%(text)r at character %(at)s of the expression is out of place."),
            text=token.text,
            at=token.at + 1,
        )

    def _peek(self, *texts: str, ahead: int = 0) -> bool:
        if self._at + ahead >= len(self._tokens):
            return False
        token = self._tokens[self._at + ahead]
        return token.kind in ("symbol", "operator") and token.text in texts

    def _take(self, *texts: str) -> str | None:
        if self._peek(*texts):
            self._at += 1
            return self._tokens[self._at - 1].text
        return None

    def _expect(self, text: str) -> None:
        if self._take(text) is None:
            raise self._unexpected()

    def _kind(self, ahead: int = 0) -> str:
        place = self._at + ahead
        return self._tokens[place].kind if place < len(self._tokens) else ""

    def _nested(self, rule: Callable[[], Tree]) -> Tree:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise BadExpression(
                N_("The expression is nested more than %(most)s levels deep."), most=DEPTH_MAX
            )
        tree = rule()
        self._depth -= 1
        return tree

    def _expression(self) -> Tree:
        return self._nested(lambda: self._binary(0))

    def _binary(self, level: int) -> Tree:
        if level == len(LEVELS):
            return self._negative()
        tree = self._binary(level + 1)
        chain = 0
        while operator := self._take(*LEVELS[level]):
            chain += 1
            if chain > CHAIN_MAX and operator not in ("or", "and"):
                raise BadExpression(
                    N_("More than %(most)s operators follow each other."), most=CHAIN_MAX
                )
            tree = self._join(operator, tree, self._binary(level + 1))
        return tree

    @staticmethod
    def _join(operator: str, left: Tree, right: Tree) -> Tree:
        # `a and b and c` is one flat list: a hundred of them are no deeper than two
        if operator in ("or", "and") and left[0] == operator:
            return [*left, right]
        return [operator, left, right]

    def _negative(self) -> Tree:
        if self._take("-"):
            return ["negative", self._nested(self._negative)]
        tree = self._path()
        while self._take("|"):
            tree = [*tree, self._path()] if tree[0] == "|" else ["|", tree, self._path()]
        return tree

    def _path(self) -> Tree:
        if self._take("/"):
            return ["path", "/", self._steps() if self._step_follows() else []]
        if self._take("//"):
            return ["path", "/", [ANY_NODE, *self._steps()]]
        if self._step_follows():
            return ["path", None, self._steps()]
        tree = self._primary()
        predicates = self._predicates()
        if predicates:
            tree = ["filter", tree, predicates]
        if self._take("/"):
            return ["path", tree, self._steps()]
        if self._take("//"):
            return ["path", tree, [ANY_NODE, *self._steps()]]
        return tree

    def _step_follows(self) -> bool:
        if self._kind() == "name":
            called = self._peek("(", ahead=1)
            return not called or self._tokens[self._at].text in NODE_TYPES
        return self._kind() == "symbol" and self._peek(".", "..", "@", "*")

    def _steps(self) -> list[Tree]:
        steps = [self._step()]
        while separator := self._take("/", "//"):
            if separator == "//":
                steps.append(ANY_NODE)
            steps.append(self._step())
        return steps

    def _step(self) -> Tree:
        if self._take("."):
            return ["self", "node()", self._predicates()]
        if self._take(".."):
            return ["parent", "node()", self._predicates()]
        axis = "child"
        if self._take("@"):
            axis = "attribute"
        elif self._kind() == "name" and self._peek("::", ahead=1):
            axis = self._tokens[self._at].text
            if axis not in AXES:
                raise BadExpression(N_("%(axis)r is not an axis that XPath knows."), axis=axis)
            self._at += 2
        return [axis, self._test(), self._predicates()]

    def _test(self) -> str:
        if self._take("*"):
            return "*"
        if self._kind() != "name":
            raise self._unexpected()
        name = self._tokens[self._at].text
        self._at += 1
        if name in NODE_TYPES and self._take("("):
            target = ""
            if name == "processing-instruction" and self._kind() == "string":
                target = self._tokens[self._at].text[1:-1]
                self._at += 1
            self._expect(")")
            return f"{name}({target})"
        return name

    def _predicates(self) -> list[Tree]:
        predicates: list[Tree] = []
        while self._take("["):
            predicates.append(self._expression())
            self._expect("]")
        return predicates

    def _primary(self) -> Tree:
        kind = self._kind()
        if kind == "number":
            self._at += 1
            return ["number", float(self._tokens[self._at - 1].text)]
        if kind == "string":
            self._at += 1
            return ["string", self._tokens[self._at - 1].text[1:-1]]
        if kind == "name":
            return self._call()
        self._expect("(")
        tree = self._expression()
        self._expect(")")
        return tree

    def _call(self) -> Tree:
        name = self._tokens[self._at].text
        self._at += 1
        self._expect("(")
        arguments: list[Tree] = []
        if not self._peek(")"):
            arguments.append(self._expression())
            while self._take(","):
                arguments.append(self._expression())
        self._expect(")")
        return ["call", name, arguments]
