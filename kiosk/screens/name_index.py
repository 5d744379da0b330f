"""A long list of names: the letters they begin with, and which of them somebody means.

Lao names are looked up under their first consonant: a vowel written before it is passed over, and
the alphabet's order is not that of Unicode. Whoever types a name leaves out tone marks, confuses
ຣ with ລ, writes ຫມ for ໝ, or types only a part: both the names and what is typed are folded to
what such spellings have in common before they are compared.
"""

import unicodedata
from collections.abc import Iterable

from kiosk.forms.entry import Choice

LAO_ORDER = "ກຂຄງຈສຊຍດຕຖທນບປຜຝພຟມຢຣລວຫອຮ"  # of the Lao dictionary; ສ stands after ຈ
VOWELS_BEFORE = "ເແໂໃໄ"  # written before the consonant that Lao words are found under
CONFUSED = {"ຣ": "ລ", "ຼ": "ລ", "ໄ": "ໃ"}  # letters that sound alike
FIGURES = "0–9"  # where names without any letter are found
LATIN = "A–Z"  # all other letters than Lao, where there would be too many


def first_letter(label: str) -> str:
    """The letter that a reader looks the name up under; empty where it has none."""
    letters = [character for character in label if character.isalpha()]
    if not letters:
        return ""
    first = letters[1] if len(letters) > 1 and letters[0] in VOWELS_BEFORE else letters[0]
    first = {"ໜ": "ຫ", "ໝ": "ຫ"}.get(first, first)  # the dictionary has both under ຫ
    plain = unicodedata.normalize("NFD", first)[0]  # É is found under E
    return plain.upper() if len(plain.upper()) == 1 else plain


def letter_place(letter: str) -> tuple[int, int, str]:
    """Where a letter stands: Lao first, in its alphabet's order, then all others, figures last."""
    if letter and letter in LAO_ORDER:
        return 0, LAO_ORDER.index(letter), letter
    return (2 if letter in (FIGURES, "") else 1), 0, letter


def folded(text: str) -> str:
    """What different spellings of a name have in common."""
    text = unicodedata.normalize("NFKC", text)  # takes ໝ, ໜ and ຳ apart
    for written, plain in CONFUSED.items():
        text = text.replace(written, plain)
    marked = unicodedata.normalize("NFD", text.casefold())
    return "".join(
        character
        for character in marked
        if character.isalnum() or (unicodedata.category(character) == "Mn" and _is_vowel(character))
    )


def _is_vowel(mark: str) -> bool:
    """A mark that makes another word of it: a Lao vowel, not a tone or an accent."""
    return "\u0eb1" <= mark <= "\u0ebd" or (mark == "\u0ecd")


def sorting_key(label: str) -> tuple[tuple[int, int, str], str]:
    """Names under one letter stand in this order: the vowel before the consonant comes after it."""
    plain = folded(label)
    if len(plain) > 1 and plain[0] in VOWELS_BEFORE:
        plain = plain[1] + plain[0] + plain[2:]
    return letter_place(first_letter(label)), plain


class NameIndex:
    """The choices of one question, by letter and by what is typed."""

    def __init__(self, choices: tuple[Choice, ...], *, letters_max: int = 100) -> None:
        self.choices = choices
        self._under: dict[str, list[Choice]] = {}
        self._folded: list[str] | None = None
        for choice in choices:
            self._under.setdefault(first_letter(choice.label) or FIGURES, []).append(choice)
        if len(self._under) > letters_max:
            others = [letter for letter in self._under if letter not in LAO_ORDER]
            self._under[LATIN] = [one for letter in others for one in self._under.pop(letter)]
        self.letters = sorted(self._under, key=letter_place)

    def under(self, letter: str) -> tuple[Choice, ...]:
        """The names under that letter, in the alphabet's order."""
        return tuple(sorted(self._under.get(letter, ()), key=lambda one: sorting_key(one.label)))

    def matching(self, typed: str) -> tuple[Choice, ...]:
        """The names that begin with what is typed, then those that hold it."""
        sought = folded(typed)
        if not sought:
            return self.choices
        if self._folded is None:
            self._folded = [folded(choice.label) for choice in self.choices]
        pairs = list(zip(self._folded, self.choices, strict=True))
        begin = [choice for name, choice in pairs if name.startswith(sought)]
        hold = [choice for name, choice in pairs if sought in name and not name.startswith(sought)]
        return (*begin, *hold)

    def first_of(self, names: Iterable[str]) -> tuple[Choice, ...]:
        """All names, those of `names` before the others."""
        wanted = set(names)
        ahead = tuple(choice for choice in self.choices if choice.name in wanted)
        rest = tuple(choice for choice in self.choices if choice.name not in wanted)
        return (*ahead, *rest) if ahead else self.choices
