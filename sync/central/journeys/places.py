"""The places of a form in its order: its questions, the ends of its repeats, the pages behind."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kiosk.forms.definition import Control, Definition, Section
from sync.central.casework.service_words import reader_language
from sync.central.catalogue import shelf
from sync.central.catalogue.form_view import FormView
from sync.journey import CHECK, CONFIRM


@dataclass(frozen=True, slots=True)
class Place:
    """One of them, as the reader calls it."""

    path: str
    label: str


def paths_of(service: str, version: str) -> frozenset[str]:
    """Everything that a kiosk may count of that edition; raises NotPublished."""
    definition = shelf.find(service, version).definition
    return frozenset((*(item.path for item in _items(definition)), CHECK, CONFIRM))


def places_of(service: str, version: str) -> Iterator[Place]:
    """The places of that edition in its order, in the reader's language; raises NotPublished."""
    form = FormView(shelf.find(service, version).definition)
    language = reader_language()
    if language not in form.languages:
        language = form.definition.default_language
    for item in _items(form.definition):
        name = item.path.rpartition("/")[2]
        label = form.words(item.label, language) or name
        if isinstance(item, Section):
            label = _("%(title)s: one more?") % {"title": label}
        yield Place(item.path, label)
    yield Place(CHECK, _("Check your answers"))
    yield Place(CONFIRM, _("What happens when you hand it in"))


def _items(definition: Definition) -> Iterator[Control | Section]:
    return _within(definition.body)


def _within(items: tuple[Control | Section, ...]) -> Iterator[Control | Section]:
    for item in items:
        if isinstance(item, Section):
            yield from _within(item.children)
            if item.repeats and not item.fixed and item.count is None:
                yield item  # where one more may be added
        else:
            yield item
