"""What the form engine says to people, in the current language.

The engine is pure and knows English only; here its sentences, dates and numbers become those of
whoever stands at the screen. They are looked up when they are shown, so that a change of language
in the middle of a form changes these too.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from kiosk.forms.question import MESSAGES
from kiosk.language import _, format_date, format_number


class FormMessages(Mapping[str, str]):
    """The engine's sentences by their names."""

    def __getitem__(self, name: str) -> str:
        return _(MESSAGES[name])

    def __iter__(self) -> Iterator[str]:
        return iter(MESSAGES)

    def __len__(self) -> int:
        return len(MESSAGES)


class FormFormats:
    """Dates and numbers as answers are shown back."""

    def date(self, day: date) -> str:
        """A day in words."""
        return format_date(day)

    def partial_date(self, text: str) -> str:
        """A year, a month of a year, or a day."""
        return format_date(text)

    def number(self, text: str) -> str:
        """A number with its thousands set apart."""
        try:
            return format_number(int(text) if text.lstrip("-").isdigit() else float(text))
        except ValueError:
            return text

    def joined(self, labels: list[str]) -> str:
        """Several choices in one line."""
        return ", ".join(labels)
