"""Lines of a slip that say the same in each of its languages, and each wording once."""

from collections.abc import Callable, Iterator, Sequence

from kiosk.language import in_language
from kiosk.printing.slip import Item, Size, Words


def on_one_line(languages: Sequence[str], message: str, **places: object) -> str:
    """The message in each language, side by side."""
    wordings = (in_language(language, message, **places) for language in languages)
    return " · ".join(dict.fromkeys(wordings))


def in_each(
    languages: Sequence[str], told: Callable[[str], str], *, bold: bool = False, icon: str = ""
) -> Iterator[Item]:
    """A line in each language: the first large, the others small.

    Args:
        languages: in their order on the paper.
        told: what is said in a language.
        bold: whether the first line is.
        icon: before the first line.
    """
    for place, wording in enumerate(dict.fromkeys(map(told, languages))):
        size = Size.SMALL if place else Size.BODY
        yield Words(wording, size, bold=bold and not place, icon="" if place else icon)


def said(message: str, **places: object) -> Callable[[str], str]:
    """The message in whatever language."""
    return lambda language: in_language(language, message, **places)
