"""What the command line of central says, in the operator's language: Lao or English.

It says it as the kiosk's commands do (`kiosk.speech`), from central's own catalogue first and then
from the kiosk's, to which the sentences of forms, sticks and errors on the wire belong. The words
are there before Django is: help must not wait for a database.
"""

import gettext
import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from kiosk import speech
from kiosk.language import in_language
from sync.central.translations import DOMAIN
from sync.messages import messages

VARIABLE = "CENTRAL_LANGUAGE"
LOCALES = Path(__file__).resolve().parent.parent.parent / "locales"


def without_language(arguments: Sequence[str]) -> list[str]:
    """The arguments without the language; from now on it is the operator's."""
    speech.speak_from(look_up)
    return speech.without_language(arguments, os.environ.get(VARIABLE, ""), os.environ)


def look_up(language: str, message: str) -> str:
    """The message in that language, its places unfilled."""
    words = _own(language).gettext(message)
    return in_language(language, message) if words == message else words


def complain(sentence: str) -> None:
    """Tell what is wrong, where errors go."""
    print(speech.said(sentence), file=sys.stderr)


@cache
def _own(language: str) -> gettext.NullTranslations:
    return messages(LOCALES, language, DOMAIN)
