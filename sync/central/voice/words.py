"""A complaint's codes in the reader's language: the form's own words, else the code."""

from datetime import date
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from kiosk.forms.bundle import DEFINITION
from kiosk.forms.entry import Entry
from kiosk.forms.form_json import definition_of
from kiosk.forms.voice import CATEGORY, path_of
from sync.central.casework.models import Case
from sync.central.casework.service_words import reader_language
from sync.central.catalogue import shelf
from sync.reply import Verdict

VERDICTS = {
    Verdict.SATISFIED.value: _("Satisfied with the answer"),
    Verdict.NOT_SATISFIED.value: _("Not satisfied, leaves it at that"),
    Verdict.AGAIN.value: _("Not satisfied, asks to look again"),
}


def category_in_words(case: Case) -> str:
    """What the complaint is about, as the form that it was made with says it."""
    code: str = case.complaint.category
    try:
        labels = _labels(case.service, case.service_version, reader_language())
    except shelf.NotPublished:
        return code
    return labels.get(code, code)


@lru_cache(maxsize=32)
def _labels(service: str, version: str, language: str) -> dict[str, str]:
    """The categories of one edition of the form, which never changes; raises NotPublished."""
    definition = definition_of(shelf.find(service, version).file(DEFINITION))
    entry = Entry(definition, language=language, today=date(2000, 1, 1))  # labels know no day
    choices = entry.question(path_of(CATEGORY)).choices
    return {choice.name: choice.label for choice in choices}


def service_in_words(service: str) -> str:
    """The name of the service that is complained about."""
    try:
        return shelf.find_current(service).descriptor.name.of(reader_language())
    except shelf.NotPublished:
        return service
