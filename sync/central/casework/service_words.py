"""A service's own words about a case: its name, its reasons, its laws, in the reader's language.

Always of the version the application was made with. The codes are shown when a version is no
longer on the shelf: a page about a case opens whatever else is missing.
"""

from collections.abc import Iterable

from django.utils.translation import get_language

from kiosk.forms.descriptor import ANY_DELAY, Named, Reason, ServiceDescriptor
from sync.central.casework.models import Case
from sync.central.catalogue import shelf


def find_descriptor(case: Case) -> ServiceDescriptor | None:
    """The description of the case's service; None when it is no longer published."""
    try:
        return shelf.find(case.service, case.service_version).descriptor
    except shelf.NotPublished:
        return None


def service_name(case: Case) -> str:
    """The service's name."""
    descriptor = find_descriptor(case)
    return case.service if descriptor is None else descriptor.name.of(reader_language())


def is_sample(case: Case) -> bool:
    """Whether no office has confirmed the service."""
    descriptor = find_descriptor(case)
    return descriptor is not None and descriptor.sample


def reason_in_words(case: Case, reason: str) -> str:
    """The name of a reason."""
    descriptor = find_descriptor(case)
    return _name_of(reason, (ANY_DELAY, *(descriptor.reasons if descriptor else ())))


def law_in_words(case: Case, law: str) -> str:
    """The name of a legal basis."""
    descriptor = find_descriptor(case)
    return _name_of(law, descriptor.legal if descriptor else ())


def reader_language() -> str:
    """The language of whoever reads this page."""
    return get_language() or "lo"


def _name_of(code: str, known: Iterable[Reason | Named]) -> str:
    names = {named.id: named.name.of(reader_language()) for named in known}
    return names.get(code, code)
