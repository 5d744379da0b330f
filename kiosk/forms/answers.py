"""An answer's text made clean, and whether it is of its kind.

What people, keyboards, scanners and clipboards deliver becomes the text that is kept: Unicode
NFC; no control characters but the line feed (C0, C1; a tab becomes a blank); none of the marks
that turn reading direction around (embeddings, overrides, isolates), nor tags, nor private or
unassigned-surrogate oddities. Zero-width space, word joiner and byte-order mark say nothing in an
answer and go; the kiosk finds Lao word breaks itself. Zero-width joiner and non-joiner stay only
between two letters, where some scripts need them. Lao AM written as two signs (NIGGAHITA and AA)
becomes the one sign that everybody else types, and more than eight marks on one letter are cut.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from kiosk.forms.definition import QuestionKind
from kiosk.forms.engine.values import VIENTIANE, find_moment, find_time

LENGTH_MAX = 10_000  # of anything that is kept at all
TEXT_LENGTH_MAX = 2_000  # of a text answer unless the form's constraint says less
DIGITS_MAX = 18  # more would not fit the 64 bits that other systems keep integers in
MARKS_MAX = 8
COUNTED = frozenset(
    (
        *(QuestionKind.INTEGER, QuestionKind.DECIMAL, QuestionKind.RANGE, QuestionKind.DATE),
        *(QuestionKind.PARTIAL_DATE, QuestionKind.TIME, QuestionKind.DATE_TIME),
    )
)
PLAIN_DIGITS = {  # Lao digits, and Thai ones from a neighbour's keyboard
    first + digit: str(digit) for first in (0x0ED0, 0x0E50) for digit in range(10)
}
TYPES = {  # of binds, with the kind of question that answers them
    "int": QuestionKind.INTEGER,
    "integer": QuestionKind.INTEGER,
    "decimal": QuestionKind.DECIMAL,
    "date": QuestionKind.DATE,
    "time": QuestionKind.TIME,
    "dateTime": QuestionKind.DATE_TIME,
}
DATE_LENGTH = len("2026-11-23")

_DROPPED = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e0fff]"
)
_LAO_AM = re.compile("\u0ecd([\u0ec8-\u0ecb]?)\u0eb2|([\u0ec8-\u0ecb])\u0ecd\u0eb2")
_JOINERS = re.compile("(?<![^\\W\\d_])[\u200c\u200d]|[\u200c\u200d](?![^\\W\\d_])")
_INTEGER = re.compile(r"-?\d+", re.ASCII)
_DECIMAL = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def clean(text: str) -> str:
    """The text as it is kept: see above. Never longer than `LENGTH_MAX`."""
    text = text[:LENGTH_MAX].replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    text = _DROPPED.sub("", text)
    text = unicodedata.normalize("NFC", _JOINERS.sub("", text))
    text = _LAO_AM.sub(lambda match: (match[1] or match[2] or "") + "\u0eb3", text)
    return _few_marks(text)[:LENGTH_MAX]


def clean_for(kind: QuestionKind, text: str, *, of_digits: bool = False) -> str:
    """The text as an answer of that kind is kept: numbers and dates in plain digits.

    `of_digits` says so of a text too, such as a telephone number.
    """
    if kind is QuestionKind.ACKNOWLEDGE:
        return "OK" if text in ("OK", "true", "1") else ""  # what ODK stores
    text = clean(text)
    if kind in (QuestionKind.SELECT_MULTIPLE, QuestionKind.RANK):
        return " ".join(dict.fromkeys(text.split()))  # chosen twice is chosen
    return text.strip().translate(PLAIN_DIGITS) if of_digits or kind in COUNTED else text


def _few_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= MARKS_MAX:
            kept.append(character)
    return "".join(kept)


def is_partial_date(text: str) -> bool:
    """Whether the text is a year, a month of a year, or a day, that exists."""
    match = _PARTIAL_DATE.fullmatch(text)
    if match is None:
        return False
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True


def wrong_kind(kind: QuestionKind, text: str) -> str | None:
    """The name of the message that says why the text is not of its kind, or None."""
    check = _CHECKS.get(kind)
    if not text or check is None:
        return None
    holds, message = check
    return None if holds(text) else message


def wrong_type(type_name: str, text: str) -> str | None:
    """The name of the message that says why the text is not of a bind's type, or None."""
    kind = TYPES.get(type_name)
    return None if kind is None else wrong_kind(kind, text)


def fits_type(type_name: str, text: str) -> bool:
    """Whether the text is a value of a bind's type; if not, expressions read it as empty."""
    return wrong_type(type_name, text) is None


def _is_short(text: str) -> bool:
    return len(text) <= TEXT_LENGTH_MAX


def _is_integer(text: str) -> bool:
    return len(text.lstrip("-")) <= DIGITS_MAX and _INTEGER.fullmatch(text) is not None


def _is_decimal(text: str) -> bool:
    return len(text.lstrip("-")) <= DIGITS_MAX and _DECIMAL.fullmatch(text) is not None


def _is_date(text: str) -> bool:
    return len(text) == DATE_LENGTH and find_moment(text, VIENTIANE) is not None


def _is_time(text: str) -> bool:
    return find_time(text) is not None


def _is_date_time(text: str) -> bool:
    return len(text) > DATE_LENGTH and find_moment(text, VIENTIANE) is not None


_CHECKS: dict[QuestionKind, tuple[Callable[[str], bool], str]] = {
    QuestionKind.TEXT: (_is_short, "too_long"),
    QuestionKind.BARCODE: (_is_short, "too_long"),
    QuestionKind.INTEGER: (_is_integer, "integer"),
    QuestionKind.DECIMAL: (_is_decimal, "decimal"),
    QuestionKind.RANGE: (_is_decimal, "decimal"),
    QuestionKind.DATE: (_is_date, "date"),
    QuestionKind.PARTIAL_DATE: (is_partial_date, "partial_date"),
    QuestionKind.TIME: (_is_time, "time"),
    QuestionKind.DATE_TIME: (_is_date_time, "date_time"),
}


def day_of(text: str) -> date | None:
    """The day that a date's text is, or None."""
    moment = find_moment(text, VIENTIANE) if len(text) == DATE_LENGTH else None
    return moment.when.date() if moment else None
