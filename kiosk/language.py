"""The current language: sentences, dates, numbers and where Lao text may break.

One language at a time is current for the whole program, because one person at a time stands at
the screen. The catalogues are `locales/<language>/LC_MESSAGES/kiosk.po`, and no build step stands
between a translator and the kiosk. English is the source of every message, so a sentence without a
translation still appears, in English.

Numbers and dates follow CLDR through Babel, which no kiosk needs for its first frame and so waits
for when the first of them is said. A date may be known to the year or the month only.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from gettext import NullTranslations

from kiosk.resources import locales
from sync.messages import messages, read_all
from sync.records import Stamp

LANGUAGES = ("lo", "en")
NAMES = {"lo": "ພາສາລາວ", "en": "English"}
VIENTIANE = timezone(timedelta(hours=7), "Asia/Vientiane")  # no daylight saving since 1920 (tzdata)
BUDDHIST_ERA_OFFSET = 543  # Buddhist era year = common era year + 543


class _Current:
    """The one thing here that changes."""

    code = LANGUAGES[0]


@cache
def _catalogue(language: str) -> NullTranslations:
    return messages(locales(), language, "kiosk")


@cache
def _messages(language: str) -> Mapping[str, str]:
    """The English of the language's messages by what they say."""
    read = read_all(locales(), language, "kiosk")
    return {said: message for message, said in read.items()}


@cache
def _all_english() -> frozenset[str]:
    """The English of every message that some language has."""
    return frozenset(message for code in LANGUAGES for message in _messages(code).values())


def find_message(said: str) -> str:
    """The English of a sentence in the current language; empty where it is none of our messages.

    A message with places was filled in, and is not found either.
    """
    message = _messages(_Current.code).get(said, said)
    return message if message in _all_english() else ""


def set_language(language: str) -> None:
    """Make `language` current; an unknown one is refused.

    Raises:
        ValueError: no such language is shipped.
    """
    if language not in LANGUAGES:
        raise ValueError(f"There is no language {language!r}; there are {', '.join(LANGUAGES)}.")
    _Current.code = language


def language() -> str:
    """The current language's code, such as "lo"."""
    return _Current.code


def _(message: str, /, **places: object) -> str:
    """The message in the current language with its places filled in."""
    return in_language(_Current.code, message, **places)


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools know
    """Mark a message for the catalogues; it is translated where it is shown."""
    return message


KIP = N_("%(amount)s kip")
DOUBTFUL = N_("about %(time)s (the clock may be wrong)")


def in_language(language: str, message: str, /, **places: object) -> str:
    """The message in that language: receipts carry two at once."""
    translated = _catalogue(language).gettext(message) if message else ""  # "" is its preface
    return translated % places if places else translated


def format_number(number: float, language: str | None = None) -> str:
    """12500 as people of that language write it, with every digit."""
    from babel.numbers import format_decimal  # noqa: PLC0415 - see above

    return format_decimal(number, locale=language or _Current.code, decimal_quantization=False)


def format_money(amount_lak: int, language: str | None = None) -> str:
    """An amount of kip with its unit's word."""
    code = language or _Current.code
    return in_language(code, KIP, amount=format_number(amount_lak, code))


def format_date(day: date | str, language: str | None = None) -> str:
    """A date in words; of "1990" or "1990-05" only what is known."""
    from babel.dates import format_date as babel_date  # noqa: PLC0415 - see above
    from babel.dates import format_skeleton  # noqa: PLC0415

    code = language or _Current.code
    if isinstance(day, date):
        return babel_date(day, "long", locale=code)
    match [int(part) for part in day.split("-")]:
        case [year]:
            return str(year)
        case [year, month]:
            return format_skeleton("yMMMM", datetime(year, month, 1, tzinfo=UTC), locale=code)
        case [year, month, number]:
            return babel_date(date(year, month, number), "long", locale=code)
    raise ValueError(f"{day!r} is no date.")


def format_day_and_time(at: Stamp, language: str | None = None) -> str:
    """The local day and time of a stamp; a doubtful clock is said to be one."""
    code = language or _Current.code
    local = datetime.fromtimestamp(at.at_ms / 1000, VIENTIANE)
    words = f"{format_date(local.date(), code)}, {local:%H:%M}"
    if at.quality == "unknown":
        return in_language(code, DOUBTFUL, time=words)
    return words


def local_date(at: Stamp) -> date:
    """The calendar day in Vientiane at that moment."""
    return datetime.fromtimestamp(at.at_ms / 1000, VIENTIANE).date()


@cache
def _line_breaks() -> Callable[[str], list[str]] | None:
    """ICU's dictionary line breaker, or None where it is missing."""
    try:
        from icu4py import breakers  # noqa: PLC0415 - not every machine has a wheel
        from icu4py import locale as icu_locale  # noqa: PLC0415
    except ImportError:  # lines break at spaces, still readable
        return None
    lao = icu_locale.Locale("lo")
    return lambda text: list(breakers.LineBreaker(text, lao))


def line_pieces(text: str) -> list[str]:
    """The text cut where a line may break, nothing lost: "".join(words(t)) == t.

    Lao has no spaces between words: ICU's dictionary finds them. Without ICU a line breaks
    at spaces and zero-width spaces only.
    """
    breaks = _line_breaks()
    if breaks is not None:
        return breaks(text)
    pieces: list[str] = []
    for character in text:
        if pieces and not pieces[-1].endswith((" ", "\u200b", "\n")):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces
