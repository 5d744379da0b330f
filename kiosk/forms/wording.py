"""What words in a form or a service sheet must keep to: both languages, short, nothing hidden.

Sentences are counted in Lao words (requirement INC-21): Lao has no blanks between words, so ICU's
dictionary finds them. A ministry's machine may lack ICU; there the words are estimated from the
letters, with a margin, because a wrong blame is worse than a missed one: of 716 of our own
sentences that found 17 of the 29 long ones and blamed one wrongly.

Characters that turn the direction of text or take no room can make a label read as something else
(SEC-08), so they are refused; only the zero-width space stays, which Lao writers use to mark where
a line may break.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

from kiosk.forms.finding import N_, Finding, Place, error, warning

WORDS_MAX = 12  # INC-21
ESTIMATE_MARGIN = 2  # words
LETTERS_A_WORD = 3.9  # Lao letters and signs, the mean of our own sentences
ZERO_WIDTH_SPACE = "\u200b"
_SENTENCE_END = re.compile(r"[.?!;\n]+(?:\s|$)|\s·\s")
_LAO_LETTER = re.compile(r"[\u0e81-\u0edf]")
_OTHER_WORD = re.compile(r"[^\W\u0e81-\u0edf]+")
_MARK = re.compile(r"</?[A-Za-z][^<>]*>|\*\*|__(?=\w)|^#+(?= )", re.MULTILINE)
_PLACE = re.compile(r"\$\{[^}]*\}")


def hidden_characters(text: str) -> list[str]:
    """The characters that turn direction, take no room or control a device, named once each."""
    found = {
        character
        for character in text
        if character not in ("\n", "\t", ZERO_WIDTH_SPACE)
        and unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
    }
    return [f"U+{ord(character):04X}" for character in sorted(found)]


def check_hidden(place: Place, text: str) -> Iterator[Finding]:
    """Hidden characters in a text."""
    hidden = hidden_characters(text)
    if hidden:
        sentence = N_("Hidden characters that could mislead: %(characters)s. Type the text anew.")
        yield error(place, sentence, characters=", ".join(hidden))


def check_plain(place: Place, text: str) -> Iterator[Finding]:
    """Marks of a web page or of Markdown, which other programs draw and people here would read."""
    mark = _MARK.search(text)
    if mark:
        sentence = N_("A kiosk shows plain words: leave out %(mark)s.")
        yield warning(place, sentence, mark=mark[0][:20])


def check_length(
    place: Place, language: str, text: str, *, exact: bool = True
) -> Iterator[Finding]:
    """A Lao sentence of more than twelve words; `exact` asks ICU, where there is one."""
    if language != "lo":
        return
    words = _word_counter() if exact else None
    most = WORDS_MAX + (ESTIMATE_MARGIN if words is None else 0)
    for sentence in _SENTENCE_END.split(_PLACE.sub(" 1 ", text)):
        count = estimated_words(sentence) if words is None else words(sentence)
        if count > most:
            said = (
                N_("The sentence has about %(count)s words; people follow at most %(most)s.")
                if words is None
                else N_("The sentence has %(count)s words; people follow at most %(most)s.")
            )
            yield warning(place, said, count=count, most=WORDS_MAX)


def estimated_words(text: str) -> int:
    """About how many words a Lao text has, from its letters."""
    others = len(_OTHER_WORD.findall(text))
    return others + round(len(_LAO_LETTER.findall(text)) / LETTERS_A_WORD)


@cache
def _word_counter() -> Callable[[str], int] | None:
    """How many Lao words a text has, or None without ICU."""
    try:
        from icu4py.breakers import WordBreaker  # noqa: PLC0415 - there is not a wheel everywhere
        from icu4py.locale import Locale  # noqa: PLC0415
    except ImportError:
        return None
    locale = Locale("lo")
    return lambda text: sum(
        any(character.isalnum() for character in word) for word in WordBreaker(text, locale)
    )
