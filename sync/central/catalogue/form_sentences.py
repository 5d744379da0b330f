"""The sentences that forms and sheets bring with them, in the reader's language.

They belong to what the kiosk and central share, and their translations to the kiosk's catalogue:
an author meets the same ones at her own machine, a citizen at the kiosk.
"""

from django.utils.translation import gettext as own

from kiosk.language import in_language
from sync.central.casework.service_words import reader_language


def translated(sentence: str, **places: object) -> str:
    """The sentence in the language of whoever reads this page."""
    words = in_language(reader_language(), sentence)
    if words == sentence:
        words = own(sentence)  # central's own, such as that it took too long
    return words % places if places else words
