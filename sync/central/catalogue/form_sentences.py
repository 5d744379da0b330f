"""The sentences that forms and sheets bring with them, in the reader's language.

They belong to what the kiosk and central share, and their translations to the kiosk's catalogue:
an author meets the same ones at her own machine, a citizen at the kiosk. It is read as it is:
`locales/*/kiosk.po`.
"""

import gettext
import io
from functools import cache

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import gettext as own

from sync.central.casework.service_words import reader_language


def translated(sentence: str, **places: object) -> str:
    """The sentence in the language of whoever reads this page."""
    words = _sentences(reader_language()).gettext(sentence)
    if words == sentence:
        words = own(sentence)  # central's own, such as that it took too long
    return words % places if places else words


@cache
def _sentences(language: str) -> gettext.NullTranslations:
    path = settings.ROOT / "locales" / language / "LC_MESSAGES" / "kiosk.po"
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
