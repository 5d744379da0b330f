"""How answers are written for an officer: dates and numbers of her language (CLDR by Babel)."""

from datetime import date

from babel.dates import format_skeleton
from babel.numbers import format_decimal

from sync.central.casework.dates import babel_locale, day_in_words


class FormFormats:
    """The form engine's `Formats` in the language of whoever reads the page."""

    def date(self, day: date) -> str:
        """A day in words."""
        return day_in_words(day)

    def partial_date(self, text: str) -> str:
        """A year, a month of a year, or a day."""
        match [int(part) for part in text.split("-")]:
            case [year, month]:
                return format_skeleton("yMMMM", date(year, month, 1), locale=babel_locale())
            case [year, month, day]:
                return day_in_words(date(year, month, day))
        return text

    def number(self, text: str) -> str:
        """A number with its thousands set apart and every digit that was given."""
        return format_decimal(text, locale=babel_locale(), decimal_quantization=False)

    def joined(self, labels: list[str]) -> str:
        """Several choices in one line."""
        return ", ".join(labels)
