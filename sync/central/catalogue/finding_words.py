"""What is to be mended, in the reader's language.

The sentences belong to the form's tools and their translations to the kiosk's catalogue, because
an author meets the same ones at her own machine. It is read as it is: `locales/*/kiosk.po`.
"""

import gettext
import io
from dataclasses import dataclass
from functools import cache

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import gettext as own

from kiosk.forms.finding import Finding, Level
from sync.central.casework.service_words import reader_language


@dataclass(frozen=True, slots=True)
class ToMend:
    """One finding as a page shows it."""

    sheet: str
    row: int | None
    column: str
    sentence: str
    is_error: bool


def in_words(finding: Finding) -> ToMend:
    """The finding for the reader of this page."""
    return ToMend(
        sheet=finding.sheet,
        row=finding.row,
        column=finding.column or "",
        sentence=finding.words(_translated),
        is_error=finding.level is Level.ERROR,
    )


def _translated(sentence: str, **places: object) -> str:
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
