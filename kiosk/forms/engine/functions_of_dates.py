"""The functions of dates and times.

`date()` of a date and time is that day in the local calendar; as a number it keeps the time, as
ODK's engines do. `number()` of a whole day counts calendar days, of a moment whole days in UTC.
Names of months and weekdays are English: `format-date` is for reckoning and file names; what
people read is formatted by the screen.
"""

import math
import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from kiosk.forms.engine.functions import function
from kiosk.forms.engine.values import (
    NAN,
    Moment,
    Value,
    find_moment,
    find_time,
    moment_of_days,
    to_number,
    to_string,
)

if TYPE_CHECKING:
    from kiosk.forms.engine.evaluate import Context

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
FORMAT_LENGTH_MAX = 1_000
_PART = re.compile("%(.?)", re.DOTALL)


def _moment(c: "Context", value: Value) -> Moment | None:
    if isinstance(value, Moment):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return moment_of_days(value, c.scope.zone) if math.isfinite(value) else None
    text = to_string(value).strip()
    moment = find_moment(text, c.scope.zone)
    if moment:
        return moment
    number = to_number(text, c.scope.zone)
    return None if math.isnan(number) else moment_of_days(number, c.scope.zone)


@function("date", 1)
def _date(c: "Context", value: Value) -> Value:
    moment = _moment(c, value)
    return Moment(moment.when, whole_day=True) if moment else ""


@function("date-time", 1)
def _date_time(c: "Context", value: Value) -> Value:
    moment = _moment(c, value)
    return Moment(moment.when) if moment else ""


@function("number", 0, 1)
def _number(c: "Context", *values: Value) -> Value:
    value = values[0] if values else c.node.text()
    if isinstance(value, list):
        value = to_string(value)
    if isinstance(value, str):
        value = find_moment(value.strip(), c.scope.zone) or value
    if not isinstance(value, Moment):
        return to_number(value, c.scope.zone)
    if value.whole_day:
        return float((value.when.date() - date(1970, 1, 1)).days)
    return float(math.floor(value.days))


@function("decimal-date-time", 1)
def _decimal_date_time(c: "Context", value: Value) -> Value:
    moment = _moment(c, value)
    return moment.days if moment else NAN


@function("decimal-time", 1)
def _decimal_time(c: "Context", value: Value) -> Value:
    if not isinstance(value, Moment):
        clock = find_time(to_string(value).strip())
        if clock:
            return _share_of_day(clock)
    moment = _moment(c, value)
    return _share_of_day(moment.when.time()) if moment else NAN


def _share_of_day(clock: time) -> float:
    return (datetime.combine(date.min, clock) - datetime.min) / timedelta(days=1)  # noqa: DTZ901


@function("format-date", 2)
@function("format-date-time", 2)
def _format_date(c: "Context", value: Value, pattern: Value) -> Value:
    moment = _moment(c, value)
    if moment is None:
        return ""
    when = moment.when
    parts = {
        "%": "%",
        "Y": f"{when.year:04}",
        "y": f"{when.year % 100:02}",
        "m": f"{when.month:02}",
        "n": str(when.month),
        "b": MONTHS[when.month - 1],
        "d": f"{when.day:02}",
        "e": str(when.day),
        "H": f"{when.hour:02}",
        "h": str(when.hour),
        "M": f"{when.minute:02}",
        "S": f"{when.second:02}",
        "3": f"{when.microsecond // 1000:03}",
        "a": WEEKDAYS[when.weekday()],
        "W": f"{when.isocalendar().week:02}",
    }
    return _PART.sub(lambda found: parts.get(found[1], ""), to_string(pattern)[:FORMAT_LENGTH_MAX])
