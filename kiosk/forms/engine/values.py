"""The values of expressions and how each becomes another: XPath 1.0's rules with ODK's dates.

A value is a number (float), a string, a boolean, a list of nodes, or a `Moment`. A moment is what
`date()`, `today()` and `now()` give: as a string it is an ISO date, as a number it is the days
since 1970 in UTC, so that a date at midnight in Vientiane has a fraction (-7/24). ODK's own
engines count so, and differences are right. A string that looks like a date becomes a number in
the same way. JavaRosa counts whole local days instead; date() and number() of them agree.

Two answers are compared as the strings they are stored as, so that 1 and 1.0 differ (specification:
"node values are always stored and obtained as strings"; JavaRosa compares what their types make of
them), and numbers exactly (XPath 1.0; JavaRosa takes what is nearer than 1e-12 for equal).
"""

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import NamedTuple

from kiosk.forms.engine.node import Node

VIENTIANE = timezone(timedelta(hours=7))  # no daylight saving
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NAN = math.nan

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(
    r"(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?", re.ASCII
)


class Moment(NamedTuple):
    """A point in time, or a whole day of the local calendar."""

    when: datetime  # with its zone
    whole_day: bool = False

    @property
    def days(self) -> float:
        """Days since 1970 in UTC, with the fraction."""
        return (self.when - EPOCH) / timedelta(days=1)

    def __str__(self) -> str:
        if self.whole_day:
            return self.when.date().isoformat()
        return self.when.isoformat(timespec="milliseconds")


Value = float | str | bool | Moment | list[Node]


def zone_of(text: str | None, default: tzinfo) -> tzinfo:
    """The zone written as `Z`, `+07`, `+0700` or `+07:00`."""
    if not text:
        return default
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[3:].lstrip(":") or 0)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def find_moment(text: str, zone: tzinfo) -> Moment | None:
    """The date or date and time that `text` is, or None; impossible dates are None."""
    written, has_time, clock = text.partition("T")
    if not _DATE.fullmatch(written):
        return None
    try:
        day = date.fromisoformat(written)
        if not has_time:
            return Moment(datetime.combine(day, time(), zone), whole_day=True)
        return Moment(datetime.combine(day, _time(clock, zone)).astimezone(zone))
    except (ValueError, OverflowError):
        return None


def find_time(text: str) -> time | None:
    """The time of day that `text` is, or None."""
    try:
        return _time(text, UTC).replace(tzinfo=None)
    except ValueError:
        return None


def _time(text: str, zone: tzinfo) -> time:
    """The time with its zone, or a ValueError."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(text)
    hour, minute, second, fraction, written = match.groups()
    microsecond = int((fraction or "").ljust(6, "0")[:6])
    return time(int(hour), int(minute), int(second or 0), microsecond, zone_of(written, zone))


def moment_of_days(days: float, zone: tzinfo) -> Moment | None:
    """The moment that many days after 1970, or None where no calendar reaches."""
    try:
        return Moment((EPOCH + timedelta(days=days)).astimezone(zone))
    except (ValueError, OverflowError):
        return None


def first_of(nodes: list[Node]) -> Node:
    """The first node in document order."""
    return nodes[0] if len(nodes) == 1 else min(nodes, key=Node.place)


def to_string(value: Value) -> str:
    """The value as a string."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return value[0].text() if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Moment):
        return str(value)
    return number_text(value)


def number_text(value: float) -> str:
    """A number as XPath writes it: no exponent, no needless zeros."""
    if value != value:  # noqa: PLR0124 (this is what NaN is)
        return "NaN"
    if value in (math.inf, -math.inf):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < 1e16:  # noqa: PLR2004 (beyond, floats have gaps)
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def to_number(value: Value, zone: tzinfo = VIENTIANE) -> float:
    """The value as a number; what is none is NaN."""
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, float):
        return value
    if isinstance(value, Moment):
        return value.days
    text = (value if isinstance(value, str) else to_string(value)).strip(" \t\r\n")
    if _NUMBER.fullmatch(text):
        return float(text)
    if len(text) > 9 and text[4] == "-":  # noqa: PLR2004 (a date has ten characters)
        moment = find_moment(text, zone)
        if moment:
            return moment.days
    return NAN


def to_boolean(value: Value) -> bool:
    """The value as a condition: nothing, NaN and zero are false.

    A list of nodes holds where there is a node, answered or not (XPath 1.0, which predicates need);
    JavaRosa asks whether it is answered. The publisher warns of an answer alone as a condition.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value == value and value != 0  # noqa: PLR0124 (NaN is false)
    if isinstance(value, Moment):
        return True
    return bool(value)


def equal(left: Value, right: Value, zone: tzinfo) -> bool:  # noqa: PLR0911 (XPath's table)
    """`left = right`: with lists of nodes, whether any pair is equal."""
    if isinstance(left, list):
        if isinstance(right, bool):
            return bool(left) == right
        if isinstance(right, list):
            texts = {node.text() for node in right}
            return any(node.text() in texts for node in left)
        return any(equal(node.text(), right, zone) for node in left)
    if isinstance(right, list):
        return equal(right, left, zone)
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) == to_boolean(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return to_number(left, zone) == to_number(right, zone)


def unequal(left: Value, right: Value, zone: tzinfo) -> bool:
    """`left != right`: with lists of nodes, whether any pair differs."""
    if isinstance(left, list):
        if isinstance(right, bool):
            return bool(left) != right
        if isinstance(right, list):
            texts = {node.text() for node in right}
            return any(texts - {node.text()} for node in left)
        return any(unequal(node.text(), right, zone) for node in left)
    if isinstance(right, list):
        return unequal(right, left, zone)
    return not equal(left, right, zone)


def ordered(holds: Callable[[float, float], bool], left: Value, right: Value, zone: tzinfo) -> bool:
    """`left < right` or what else `holds`: always by number, any pair of nodes will do."""
    if isinstance(left, list) and not isinstance(right, bool):
        return any(ordered(holds, node.text(), right, zone) for node in left)
    if isinstance(right, list) and not isinstance(left, bool):
        return any(ordered(holds, left, node.text(), zone) for node in right)
    first = bool(left) if isinstance(left, list) else left
    second = bool(right) if isinstance(right, list) else right
    return holds(to_number(first, zone), to_number(second, zone))
