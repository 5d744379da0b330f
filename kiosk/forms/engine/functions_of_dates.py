"""The functions of dates and times.

`date()` of a date and time is that day in the local calendar; as a number it keeps the time, as
ODK's engines do. `number()` of a whole day counts calendar days, of a moment whole days in UTC.
Names of months and weekdays are English: `format-date` is for reckoning and file names; what
people read is formatted by the screen.
"""

import math
from datetime import date, timedelta
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


@function("today", 0)
def _today(c: "Context") -> Value:
    return c.scope.today()


@function("now", 0)
def _now(c: "Context") -> Value:
    return Moment(c.scope.now())


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
        text = to_string(value).strip()
        clock = find_time(text)
        if clock:
            since = timedelta(
                hours=clock.hour,
                minutes=clock.minute,
                seconds=clock.second,
                microseconds=clock.microsecond,
            )
            return since / timedelta(days=1)
    moment = _moment(c, value)
    if moment is None:
        return NAN
    midnight = moment.when.replace(hour=0, minute=0, second=0, microsecond=0)
    return (moment.when - midnight) / timedelta(days=1)


@function("format-date", 2)
def _format_date(c: "Context", value: Value, pattern: Value) -> Value:
    return _formatted(c, value, to_string(pattern))


@function("format-date-time", 2)
def _format_date_time(c: "Context", value: Value, pattern: Value) -> Value:
    return _formatted(c, value, to_string(pattern))


def _formatted(c: "Context", value: Value, pattern: str) -> str:
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
    pieces = pattern[:FORMAT_LENGTH_MAX].split("%")
    text = pieces[0]
    place = 1
    while place < len(pieces):
        piece = pieces[place]
        if not piece and place + 1 < len(pieces):  # %% is a percent sign
            text += "%" + pieces[place + 1]
            place += 2
            continue
        text += parts.get(piece[:1], "") + piece[1:]
        place += 1
    return text
