"""The functions that expressions may call: text, numbers, conditions.

A function is registered under its name with how many arguments it takes. It gets the context and
its arguments' values; a `lazy` one gets closures instead and evaluates what it needs (`if`). What
is of strings or of numbers alone is registered as such and gets these, without the context.
Functions of dates and of nodes register themselves here from their own modules.

Choices where engines differ (ODK XForms specification first, then JavaRosa):

- `round` rounds halves up: -1.5 becomes -1 (XPath 1.0, which the specification names, and
  JavaRosa; Enketo and web-forms say -2).
- `regex` finds its pattern anywhere (specification: "becomes /[0-9]+/"): authors anchor with ^ $.
- `sum` of nothing is 0 and of anything empty is NaN (XPath 1.0); `max` and `min` of nothing, or of
  anything empty, are NaN (XPath 3.0). JavaRosa leaves out what is empty.
- What is not relevant is not counted, summed, compared by `max` and `min`, joined or shuffled.
  JavaRosa takes such nodes out of every list; here a single one still reads as empty, so that
  `${a} = ''` holds of it.
- `concat` and `join` take every node of a list; `substring-before(x, '')` is empty.
- `once` turns NaN into an empty string, and keeps what it gave also while its field is not
  relevant: it is there so that chance speaks only once.
- `selected('', '')` holds, as in all engines; but an item is one word (specification).
- `checklist` counts numbers above 0 (specification; JavaRosa takes any text for true); a minimum or
  maximum below 0 is none in `weighted-checklist` too (specification; JavaRosa reckons with it).
- `boolean-from-string` knows no TRUE (specification).
"""

import base64
import binascii
import math
from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from kiosk.forms.engine.node import Node
from kiosk.forms.engine.regex import matches
from kiosk.forms.engine.values import NAN, Moment, Value, to_boolean, to_number, to_string
from kiosk.forms.errors import N_, BadExpression

if TYPE_CHECKING:
    from kiosk.forms.engine.evaluate import Closure, Context

ANY = 1_000  # as many arguments as an expression can hold
PLACES_MAX = 300  # floats have no more digits in either direction
LENGTH_MAX = 10**9  # of any text

Run = Callable[..., Value]


class Function(NamedTuple):
    """A function and how many arguments it takes."""

    least: int
    most: int
    run: Run
    lazy: bool = False


FUNCTIONS: dict[str, Function] = {}


def function(
    name: str, least: int, most: int | None = None, *, lazy: bool = False
) -> Callable[[Run], Run]:
    """Register what is decorated under that name."""

    def register(run: Run) -> Run:
        FUNCTIONS[name] = Function(least, least if most is None else most, run, lazy)
        return run

    return register


def of_strings(name: str, least: int, most: int | None = None) -> Callable[[Run], Run]:
    """Register a function of strings alone; given none, it is of the text where it stands."""

    def register(run: Run) -> Run:
        @function(name, least, most)
        def _run(c: "Context", *values: Value) -> Value:
            return run(*map(to_string, values or (c.node.text(),)))

        return run

    return register


def of_numbers(name: str, least: int, most: int | None = None) -> Callable[[Run], Run]:
    """Register a function of numbers alone; outside its domain NaN, beyond floats infinity."""

    def register(run: Run) -> Run:
        @function(name, least, most)
        def _run(c: "Context", *values: Value) -> Value:
            try:
                return run(*[to_number(value, c.scope.zone) for value in values])
            except OverflowError:
                return math.inf
            except ValueError:
                return NAN

        return run

    return register


def flat(*values: Value, every: bool = False) -> list[Value]:
    """The values; a list of nodes gives the text of each relevant node, or of `every` one."""
    found: list[Value] = []
    for value in values:
        nodes = value if isinstance(value, list) else ()
        found.extend(node.text() for node in nodes if every or node.relevant)
        found.extend([] if isinstance(value, list) else [value])
    return found


def flat_numbers(c: "Context", *values: Value, every: bool = False) -> list[float]:
    """Each value's number; a list of nodes gives one for each of `flat`'s."""
    return [to_number(value, c.scope.zone) for value in flat(*values, every=every)]


def nodes_of(value: Value, name: str) -> list[Node]:
    """The value, which must be a list of nodes for the function or sign `name`."""
    if not isinstance(value, list):
        raise BadExpression(N_("%(name)s needs a path."), name=name)
    return value


def relevant_nodes(value: Value, name: str) -> list[Node]:
    """Those of a list of nodes that are relevant."""
    return [node for node in nodes_of(value, name) if node.relevant]


def text_of(closure: "Closure", c: "Context") -> str:
    """The value as it is stored in an answer: NaN is nothing."""
    value = to_string(closure(c))
    return "" if value == "NaN" else value


# What one line says, with how many arguments it takes at least and at most

_SHORT: dict[str, tuple[int, int, Run]] = {
    "true": (0, 0, lambda _c: True),
    "false": (0, 0, lambda _c: False),
    "pi": (0, 0, lambda _c: math.pi),
    "today": (0, 0, lambda c: c.scope.today()),
    "now": (0, 0, lambda c: Moment(c.scope.now())),
    "random": (0, 0, lambda c: c.scope.random()),
    "current": (0, 0, lambda c: [c.current]),
    "last": (0, 0, lambda c: float(c.size)),
    "not": (1, 1, lambda _c, value: not to_boolean(value)),
    "boolean": (1, 1, lambda _c, value: to_boolean(value)),
    "concat": (0, ANY, lambda _c, *values: "".join(map(to_string, flat(*values)))),
    "max": (1, ANY, lambda c, *values: _extreme(max, flat_numbers(c, *values))),
    "min": (1, ANY, lambda c, *values: _extreme(min, flat_numbers(c, *values))),
}
for _name, (_least, _most, _run) in _SHORT.items():
    function(_name, _least, _most)(_run)


# Conditions


@function("if", 3, lazy=True)
def _if(c: "Context", condition: "Closure", then: "Closure", otherwise: "Closure") -> Value:
    return then(c) if to_boolean(condition(c)) else otherwise(c)


@function("coalesce", 1, ANY, lazy=True)
def _coalesce(c: "Context", *values: "Closure") -> Value:
    return next((text for value in values if (text := text_of(value, c))), "")


@function("once", 1, lazy=True)
def _once(c: "Context", value: "Closure") -> Value:
    return (c.node.text() if c.node.children else c.node.kept) or text_of(value, c)


@function("checklist", 2, ANY)
def _checklist(c: "Context", least: Value, most: Value, *values: Value) -> Value:
    return _is_between(c, least, most, sum(number > 0 for number in flat_numbers(c, *values)))


@function("weighted-checklist", 2, ANY)
def _weighted_checklist(c: "Context", least: Value, most: Value, *values: Value) -> Value:
    numbers = flat_numbers(c, *values[::2], every=True)
    weights = flat_numbers(c, *values[1::2], every=True)
    if len(numbers) != len(weights):
        raise BadExpression(N_("weighted-checklist() needs a weight for each answer."))
    weighed = zip(numbers, weights, strict=True)
    return _is_between(c, least, most, sum(weight for number, weight in weighed if number > 0))


def _is_between(c: "Context", least: Value, most: Value, total: float) -> bool:
    low, high = to_number(least, c.scope.zone), to_number(most, c.scope.zone)
    return (low < 0 or total >= low) and (high < 0 or total <= high)


# Text


@function("join", 1, ANY)
def _join(_c: "Context", separator: Value, *values: Value) -> Value:
    texts = flat(*values, every=len(values) > 1)
    return to_string(separator).join(map(to_string, texts))


@function("substr", 2, 3)
def _substr(c: "Context", text: Value, start: Value, *end: Value) -> Value:
    whole = to_string(text)
    return whole[_place(c, start) : _place(c, end[0]) if end else None]


def _place(c: "Context", value: Value) -> int:
    number = to_number(value, c.scope.zone)
    return 0 if math.isnan(number) else int(max(-LENGTH_MAX, min(LENGTH_MAX, number)))


@function("substring", 2, 3)
def _substring(c: "Context", text: Value, start: Value, *length: Value) -> Value:
    whole = to_string(text)
    first = _rounded(to_number(start, c.scope.zone))
    end = first + _rounded(to_number(length[0], c.scope.zone)) if length else math.inf
    if math.isnan(first) or math.isnan(end):
        return ""
    low, high = (int(min(max(bound, 1), len(whole) + 1)) for bound in (first, end))
    return whole[low - 1 : high - 1]


def _rounded(number: float) -> float:
    return math.floor(number + 0.5) if math.isfinite(number) else number


@of_strings("translate", 3)
def _translate(text: str, old: str, new: str) -> str:
    table: dict[int, str] = {}
    for place, character in enumerate(old):
        table.setdefault(ord(character), new[place : place + 1])
    return text.translate(table)


@of_strings("digest", 2, 3)
def _digest(text: str, algorithm: str, encoding: str = "base64") -> str:
    name, coded = algorithm.lower().replace("-", ""), encoding.lower()
    if name not in ("md5", "sha1", "sha256", "sha384", "sha512") or coded not in ("hex", "base64"):
        unknown = f"{algorithm}, {encoding}"
        raise BadExpression(N_("digest() does not know %(name)r."), name=unknown)
    data = hashed(name, text)
    return data.hex() if coded == "hex" else base64.b64encode(data).decode()


def hashed(name: str, text: str) -> bytes:
    """The text's hash by that algorithm."""
    import hashlib  # noqa: PLC0415 (few forms hash; every kiosk start would pay for the import)

    return hashlib.new(name, text.encode("utf-8", "replace"), usedforsecurity=False).digest()


@of_strings("base64-decode", 1)
def _base64_decode(text: str) -> str:
    try:
        return base64.b64decode(text, validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


_OF_STRINGS: dict[str, tuple[int, int, Run]] = {
    "string": (0, 1, str),
    "string-length": (0, 1, lambda text: float(len(text))),
    "normalize-space": (0, 1, lambda text: " ".join(text.split())),
    "boolean-from-string": (1, 1, lambda text: text in ("true", "1")),
    "contains": (2, 2, lambda text, part: part in text),
    "starts-with": (2, 2, str.startswith),
    "ends-with": (2, 2, str.endswith),
    "substring-before": (2, 2, lambda text, part: text[: max(text.find(part), 0)]),
    "substring-after": (2, 2, lambda text, part: text.partition(part)[2] if part else text),
    "regex": (2, 2, lambda text, pattern: matches(pattern, text)),
    "selected": (2, 2, lambda words, word: word.strip() in (words.split() or [""])),
    "count-selected": (1, 1, lambda words: float(len(words.split()))),
}
for _name, (_least, _most, _run) in _OF_STRINGS.items():
    of_strings(_name, _least, _most)(_run)


# Numbers


@function("sum", 1)
def _sum(c: "Context", nodes: Value) -> Value:
    numbers = flat_numbers(c, relevant_nodes(nodes, "sum()"))
    try:
        return math.fsum(numbers)
    except (OverflowError, ValueError):  # beyond floats, or both infinities
        return sum(numbers)


def _extreme(pick: Callable[[list[float]], float], numbers: list[float]) -> float:
    return NAN if not numbers or any(map(math.isnan, numbers)) else pick(numbers)


@of_numbers("round", 1, 2)
def _round(number: float, places: float | None = None) -> float:
    if not math.isfinite(number) or math.isnan(places or 0):
        return number if places is None else NAN
    step = Decimal(1).scaleb(-int(max(-PLACES_MAX, min(PLACES_MAX, places or 0))))
    try:
        halves_up = Decimal(repr(number)) / step + Decimal("0.5")
        return float(halves_up.to_integral_value(ROUND_FLOOR) * step)
    except InvalidOperation:  # pragma: no cover (floats have fewer digits than Decimal)
        return number


def _whole(run: Callable[[float], int]) -> Run:
    return lambda number: float(run(number)) if math.isfinite(number) else number


def _logarithm(run: Callable[[float], float]) -> Run:
    return lambda number: -math.inf if number == 0 else run(number)


def _power(base: float, exponent: float) -> float:
    if base == 0 and exponent < 0:  # IEEE 754: as 1 div 0, and -0.0 keeps its sign for odd ones
        return math.copysign(math.inf, base if exponent % 2 == 1 else 1)
    return math.pow(base, exponent)


_OF_NUMBERS: dict[str, tuple[int, Run]] = {
    "int": (1, _whole(int)),
    "floor": (1, _whole(math.floor)),
    "ceiling": (1, _whole(math.ceil)),
    "abs": (1, abs),
    "pow": (2, _power),
    "sqrt": (1, math.sqrt),
    "exp": (1, math.exp),
    "exp10": (1, lambda number: math.pow(10.0, number)),
    "log": (1, _logarithm(math.log)),
    "log10": (1, _logarithm(math.log10)),
    "sin": (1, math.sin),
    "cos": (1, math.cos),
    "tan": (1, math.tan),
    "asin": (1, math.asin),
    "acos": (1, math.acos),
    "atan": (1, math.atan),
    "atan2": (2, math.atan2),
}
for _name, (_takes, _run) in _OF_NUMBERS.items():
    of_numbers(_name, _takes)(_run)
