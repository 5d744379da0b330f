"""The functions of dates and times.

`date()` of a date and time is that day in the local calendar; as a number it keeps the time, as
ODK's engines do. Of a number it is the local day at that many days since 1970 in UTC (web-forms;
JavaRosa cuts the fraction off first, and so loses a day east of Greenwich). `number()` of a whole
day counts calendar days, of a moment whole days in UTC. Months and days of one digit are read
(`2012-1-5`), and what is no date gives nothing, where JavaRosa gives an error.

Names of months and weekdays are English. The specification has them in the form's language or,
where none can be told, in the client's; but what `format-date` gives is stored, and a record may
not depend on the language its reader has on. What people read is formatted by the screen. Besides
the specification's codes `%W` is the week (JavaRosa), `%%` is a per cent sign; others give nothing.
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
    moment_of_days,
    to_number,
    to_string,
)

if TYPE_CHECKING:
    from kiosk.forms.engine.evaluate import Context

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
FORMAT_LENGTH_MAX = 1_000
DAY = timedelta(days=1)
_PART = re.compile("%(.?)", re.DOTALL)
_UNPADDED = re.compile(r"(?<=[0-9])-([0-9]{1,2})(?![0-9])")


def _moment(c: "Context", value: Value) -> Moment | None:
    if isinstance(value, Moment):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return moment_of_days(value, c.scope.zone) if math.isfinite(value) else None
    text = _UNPADDED.sub(lambda found: f"-{found[1]:>02}", to_string(value).strip(), count=2)
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
    moment = _moment(c, value)
    if moment is None:  # a time alone; with a zone of its own it is another time here
        moment = find_moment(f"1970-01-01T{to_string(value).strip()}", c.scope.zone)
    if moment is None:
        return NAN
    return (moment.when - datetime.combine(moment.when, time(), moment.when.tzinfo)) / DAY


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
