"""A service's version: numbers between dots, `2026.11.1`, compared as numbers.

A kiosk never goes back to an older version of a service, whoever signed it: an old form with a
known mistake would otherwise be a way in. So versions must be comparable, and are only that.
"""

import re
from dataclasses import dataclass

from kiosk.forms.errors import N_, Said

_PATTERN = re.compile(r"\d{1,9}(?:\.\d{1,9}){0,4}", re.ASCII)


class BadVersion(Said, ValueError):
    """It is not written as one."""


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """`2026.11.1` as something that knows which comes later."""

    numbers: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> "Version":
        """The version written as `text`; trailing zeros do not count (`1.0` is `1`).

        Raises:
            BadVersion: it is not written as one to five numbers between dots.
        """
        if not _PATTERN.fullmatch(text):
            raise BadVersion(
                N_("The version %(text)r is not written as numbers between dots, as 2026.11.1 is."),
                text=text[:40],
            )
        numbers = [int(number) for number in text.split(".")]
        while len(numbers) > 1 and numbers[-1] == 0:
            numbers.pop()
        return cls(tuple(numbers))

    def __str__(self) -> str:
        return ".".join(str(number) for number in self.numbers)


def is_older(version: str, held: str) -> bool:
    """Whether taking `version` would be going back behind `held`."""
    return Version.parse(version) < Version.parse(held)
