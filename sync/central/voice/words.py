"""A complaint's codes in the reader's language: the form's own words, else the code."""

from django.utils.translation import gettext_lazy as _

from kiosk.forms.bundle import DEFINITION
from kiosk.forms.definition import Definition
from kiosk.forms.entry import Entry
from kiosk.forms.voice import CATEGORY, path_of
from sync.central.casework.due_dates import vientiane_day
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
    """What the complaint is about, as the form says it."""
    return choice_in_words(case, CATEGORY, case.complaint.category)


def choice_in_words(case: Case, question: str, code: str) -> str:
    """The label of a choice in the form the complaint was made with."""
    try:
        bundle = shelf.find(case.service, case.service_version)
    except shelf.NotPublished:
        return code
    definition = Definition.from_json(bundle.file(DEFINITION))
    entry = Entry(definition, language=reader_language(), today=vientiane_day(case.received_at))
    labels = {choice.name: choice.label for choice in entry.question(path_of(question)).choices}
    return labels.get(code, code)


def service_in_words(service: str) -> str:
    """The name of the service that is complained about."""
    try:
        return shelf.find_current(service).descriptor.name.of(reader_language())
    except shelf.NotPublished:
        return service
