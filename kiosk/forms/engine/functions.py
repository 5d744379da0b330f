"""The functions that expressions may call: text, numbers, conditions.

A function is registered under its name with how many arguments it takes. It gets the context and
its arguments' values; a `lazy` one gets closures instead and evaluates what it needs (`if`).
Functions of dates and of nodes register themselves here from their own modules.

Choices where engines differ (ODK XForms specification first, then JavaRosa):
`round` rounds halves away from zero (JavaRosa's HALF_UP); `regex` finds its pattern anywhere
(specification: "becomes /[0-9]+/"), so authors anchor with ^ and $; `sum` of nothing is 0 and of
anything empty is NaN (XPath 1.0); `max` and `min` of nothing are NaN; `substring-before(x, '')`
is empty; `concat` and `join` take every node of a list; `once` turns NaN into an empty string.
"""

import base64
import binascii
import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from kiosk.forms.engine.node import Node
from kiosk.forms.engine.regex import matches
from kiosk.forms.engine.values import NAN, Value, to_boolean, to_number, to_string
from kiosk.forms.errors import BadExpression

if TYPE_CHECKING:
    from kiosk.forms.engine.evaluate import Closure, Context

ANY = 1_000  # as many arguments as an expression can hold
PLACES_MAX = 300  # floats have no more digits in either direction


class Function(NamedTuple):
    """A function and how many arguments it takes."""

    name: str
    least: int
    most: int
    run: "Callable[..., Value]"
    lazy: bool = False


FUNCTIONS: dict[str, Function] = {}


def function(
    name: str, least: int, most: int | None = None, *, lazy: bool = False
) -> "Callable[[Callable[..., Value]], Callable[..., Value]]":
    """Register what is decorated under that name."""

    def register(run: "Callable[..., Value]") -> "Callable[..., Value]":
        FUNCTIONS[name] = Function(name, least, least if most is None else most, run, lazy)
        return run

    return register


def flat_strings(values: tuple[Value, ...]) -> list[str]:
    """Each value's string; a list of nodes gives one for each node."""
    strings: list[str] = []
    for value in values:
        if isinstance(value, list):
            strings.extend(node.text() for node in value)
        else:
            strings.append(to_string(value))
    return strings


def flat_numbers(c: "Context", values: tuple[Value, ...]) -> list[float]:
    """Each value's number; a list of nodes gives one for each node."""
    numbers: list[float] = []
    for value in values:
        if isinstance(value, list):
            numbers.extend(to_number(node.text(), c.scope.zone) for node in value)
        else:
            numbers.append(to_number(value, c.scope.zone))
    return numbers


def nodes_of(value: Value, name: str) -> list[Node]:
    """The value, which must be a list of nodes."""
    if not isinstance(value, list):
        raise BadExpression(f"{name}() needs a path.")
    return value


# Conditions


@function("if", 3, lazy=True)
def _if(c: "Context", condition: "Closure", then: "Closure", otherwise: "Closure") -> Value:
    return then(c) if to_boolean(condition(c)) else otherwise(c)


@function("coalesce", 1, ANY, lazy=True)
def _coalesce(c: "Context", *values: "Closure") -> Value:
    for value in values:
        text = to_string(value(c))
        if text not in ("", "NaN"):
            return text
    return ""


@function("once", 1, lazy=True)
def _once(c: "Context", value: "Closure") -> Value:
    kept = c.node.text()
    if kept:
        return kept
    text = to_string(value(c))
    return "" if text == "NaN" else text


@function("true", 0)
def _true(_c: "Context") -> Value:
    return True


@function("false", 0)
def _false(_c: "Context") -> Value:
    return False


@function("not", 1)
def _not(_c: "Context", value: Value) -> Value:
    return not to_boolean(value)


@function("boolean", 1)
def _boolean(_c: "Context", value: Value) -> Value:
    return to_boolean(value)


@function("boolean-from-string", 1)
def _boolean_from_string(_c: "Context", value: Value) -> Value:
    return to_string(value) in ("true", "1")


@function("checklist", 2, ANY)
def _checklist(c: "Context", least: Value, most: Value, *values: Value) -> Value:
    return _weighed(c, least, most, [(value, 1.0) for value in _flags(values)])


@function("weighted-checklist", 4, ANY)
def _weighted_checklist(c: "Context", least: Value, most: Value, *values: Value) -> Value:
    flags = _flags(values[::2])
    weights = flat_numbers(c, values[1::2])
    return _weighed(c, least, most, list(zip(flags, weights, strict=False)))


def _flags(values: tuple[Value, ...]) -> list[bool]:
    flags: list[bool] = []
    for value in values:
        if isinstance(value, list):
            flags.extend(to_boolean(to_number(node.text())) for node in value)
        else:
            flags.append(to_boolean(value))
    return flags


def _weighed(c: "Context", least: Value, most: Value, flags: list[tuple[bool, float]]) -> bool:
    total = sum(weight for held, weight in flags if held)
    low, high = to_number(least, c.scope.zone), to_number(most, c.scope.zone)
    return (low < 0 or total >= low) and (high < 0 or total <= high)


# Text


@function("string", 0, 1)
def _string(c: "Context", *value: Value) -> Value:
    return to_string(value[0]) if value else c.node.text()


@function("concat", 0, ANY)
def _concat(_c: "Context", *values: Value) -> Value:
    return "".join(flat_strings(values))


@function("join", 1, ANY)
def _join(_c: "Context", separator: Value, *values: Value) -> Value:
    return to_string(separator).join(flat_strings(values))


@function("contains", 2)
def _contains(_c: "Context", text: Value, part: Value) -> Value:
    return to_string(part) in to_string(text)


@function("starts-with", 2)
def _starts_with(_c: "Context", text: Value, part: Value) -> Value:
    return to_string(text).startswith(to_string(part))


@function("ends-with", 2)
def _ends_with(_c: "Context", text: Value, part: Value) -> Value:
    return to_string(text).endswith(to_string(part))


@function("substr", 2, 3)
def _substr(c: "Context", text: Value, start: Value, *end: Value) -> Value:
    whole = to_string(text)
    return whole[_place(c, start) : _place(c, end[0]) if end else None]


def _place(c: "Context", value: Value) -> int:
    number = to_number(value, c.scope.zone)
    return int(number) if math.isfinite(number) else 0


@function("substring", 2, 3)
def _substring(c: "Context", text: Value, start: Value, *length: Value) -> Value:
    whole = to_string(text)
    first = _rounded(to_number(start, c.scope.zone))
    end = first + _rounded(to_number(length[0], c.scope.zone)) if length else math.inf
    if math.isnan(first) or math.isnan(end):
        return ""
    low = int(max(first, 1)) if first != math.inf else len(whole) + 1
    high = int(max(end, 1)) if end != math.inf else len(whole) + 1
    return whole[low - 1 : max(low, high) - 1]


def _rounded(number: float) -> float:
    return math.floor(number + 0.5) if math.isfinite(number) else number


@function("substring-before", 2)
def _substring_before(_c: "Context", text: Value, part: Value) -> Value:
    before, found, _after = _partition(text, part)
    return before if found else ""


@function("substring-after", 2)
def _substring_after(_c: "Context", text: Value, part: Value) -> Value:
    return _partition(text, part)[2]


def _partition(text: Value, part: Value) -> tuple[str, str, str]:
    whole, piece = to_string(text), to_string(part)
    return whole.partition(piece) if piece else ("", "", whole)


@function("string-length", 0, 1)
def _string_length(c: "Context", *text: Value) -> Value:
    return float(len(to_string(text[0]) if text else c.node.text()))


@function("normalize-space", 0, 1)
def _normalize_space(c: "Context", *text: Value) -> Value:
    whole = to_string(text[0]) if text else c.node.text()
    return " ".join(word for word in whole.replace("\t", " ").split() if word)


@function("translate", 3)
def _translate(_c: "Context", text: Value, old: Value, new: Value) -> Value:
    after = to_string(new)
    table: dict[int, str | None] = {}
    for place, character in enumerate(to_string(old)):
        table.setdefault(ord(character), after[place] if place < len(after) else None)
    return to_string(text).translate(table)


@function("regex", 2)
def _regex(_c: "Context", text: Value, pattern: Value) -> Value:
    return matches(to_string(pattern), to_string(text))


@function("digest", 2, 3)
def _digest(_c: "Context", text: Value, algorithm: Value, *encoding: Value) -> Value:
    name = to_string(algorithm).lower().replace("-", "")
    if name not in ("md5", "sha1", "sha256", "sha384", "sha512"):
        raise BadExpression(f"digest() does not know {to_string(algorithm)!r}.")
    import hashlib  # noqa: PLC0415 (few forms hash; every kiosk start would pay for the import)

    data = hashlib.new(name, to_string(text).encode(), usedforsecurity=False).digest()
    if encoding and to_string(encoding[0]).lower() == "hex":
        return data.hex()
    return base64.b64encode(data).decode()


@function("base64-decode", 1)
def _base64_decode(_c: "Context", text: Value) -> Value:
    try:
        return base64.b64decode(to_string(text), validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


# Numbers


@function("int", 1)
def _int(c: "Context", value: Value) -> Value:
    number = to_number(value, c.scope.zone)
    return float(int(number)) if math.isfinite(number) else number


@function("floor", 1)
def _floor(c: "Context", value: Value) -> Value:
    number = to_number(value, c.scope.zone)
    return float(math.floor(number)) if math.isfinite(number) else number


@function("ceiling", 1)
def _ceiling(c: "Context", value: Value) -> Value:
    number = to_number(value, c.scope.zone)
    return float(math.ceil(number)) if math.isfinite(number) else number


@function("round", 1, 2)
def _round(c: "Context", value: Value, *places: Value) -> Value:
    number = to_number(value, c.scope.zone)
    digits = to_number(places[0], c.scope.zone) if places else 0.0
    if not math.isfinite(number) or math.isnan(digits):
        return number if places == () else NAN
    step = Decimal(1).scaleb(-int(max(-PLACES_MAX, min(PLACES_MAX, digits))))
    try:
        return float((Decimal(repr(number)) / step).to_integral_value(ROUND_HALF_UP) * step)
    except InvalidOperation:  # pragma: no cover (floats have fewer digits than Decimal)
        return number


@function("abs", 1)
def _abs(c: "Context", value: Value) -> Value:
    return abs(to_number(value, c.scope.zone))


@function("pow", 2)
def _pow(c: "Context", base: Value, exponent: Value) -> Value:
    return _real(math.pow, c, base, exponent)


@function("sum", 1)
def _sum(c: "Context", nodes: Value) -> Value:
    return (
        math.fsum(numbers)
        if _finite(numbers := flat_numbers(c, (nodes_of(nodes, "sum"),)))
        else sum(numbers)
    )


def _finite(numbers: list[float]) -> bool:
    return all(math.isfinite(number) for number in numbers)


@function("max", 1, ANY)
def _max(c: "Context", *values: Value) -> Value:
    return _extreme(max, flat_numbers(c, values))


@function("min", 1, ANY)
def _min(c: "Context", *values: Value) -> Value:
    return _extreme(min, flat_numbers(c, values))


def _extreme(pick: Callable[[list[float]], float], numbers: list[float]) -> float:
    if not numbers or any(math.isnan(number) for number in numbers):
        return NAN
    return pick(numbers)


def _real(run: Callable[..., float], c: "Context", *values: Value) -> float:
    """A real function's value; outside its domain NaN, beyond floats infinity."""
    try:
        return run(*(to_number(value, c.scope.zone) for value in values))
    except OverflowError:
        return math.inf
    except ValueError:
        return NAN


def _log(number: float) -> float:
    return -math.inf if number == 0 else math.log(number)


def _log10(number: float) -> float:
    return -math.inf if number == 0 else math.log10(number)


_REALS: dict[str, Callable[..., float]] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "exp10": lambda number: math.pow(10.0, number),
    "log": _log,
    "log10": _log10,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
}


def _register_real(name: str, run: Callable[..., float]) -> None:
    @function(name, 1)
    def _run(c: "Context", value: Value) -> Value:
        return _real(run, c, value)


for _name, _run_real in _REALS.items():
    _register_real(_name, _run_real)


@function("atan2", 2)
def _atan2(c: "Context", y: Value, x: Value) -> Value:
    return _real(math.atan2, c, y, x)


@function("pi", 0)
def _pi(_c: "Context") -> Value:
    return math.pi
