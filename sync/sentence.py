"""A sentence for a person, in English, that can still be said in another language.

What goes wrong here is told where somebody stands with a screwdriver, and she may read Lao. This
package speaks no language and translates nothing; it keeps the words and what stands in their
places apart, so that the program which shows the sentence can look the words up in its catalogue.
Everywhere else it is the English text: in logs, in tests, at central.
"""

from typing import Self


class Sentence(str):
    """The English text, which remembers its words with named places and what fills them."""

    __slots__ = ("places", "words")

    words: str
    places: dict[str, object]

    def __new__(cls, words: str, /, **places: object) -> Self:
        """The words with their places filled in."""
        sentence = super().__new__(cls, words % places if places else words)
        sentence.words, sentence.places = words, places
        return sentence


def N_(words: str) -> str:  # noqa: N802 - the name that gettext tools know
    """Mark words for the catalogues whose places are filled later."""
    return words
