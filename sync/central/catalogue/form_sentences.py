"""The sentences that forms and sheets bring with them, in the reader's language.

They belong to what the kiosk and central share, and their translations to the kiosk's catalogue:
an author meets the same ones at her own machine, a citizen at the kiosk.
"""

import gettext
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as own

from sync.central.casework.service_words import reader_language
from sync.messages import messages


def translated(sentence: str, **places: object) -> str:
    """The sentence in the language of whoever reads this page."""
    words = _sentences(reader_language()).gettext(sentence)
    if words == sentence:
        words = own(sentence)  # central's own, such as that it took too long
    return words % places if places else words


@cache
def _sentences(language: str) -> gettext.NullTranslations:
    return messages(settings.ROOT / "locales", language, "kiosk")
