"""What services and the reasons of their returns are called, in the reader's language."""

from django.utils.translation import gettext as _

from kiosk.forms.descriptor import ServiceDescriptor
from sync.central.casework.service_words import reader_language
from sync.central.catalogue import shelf
from sync.central.catalogue.models import PublishedService


class ServiceNames:
    """Looks the newest version of each service up, all by one query."""

    def __init__(self) -> None:
        rows = PublishedService.objects.order_by("pk").values_list("service", "version")
        self._newest = dict(rows)

    def name(self, service: str, language: str = "") -> str:
        """The service's name; its id where it is not published here."""
        if not service:
            return _("No service named")
        descriptor = self._find(service)
        return descriptor.name.of(language or reader_language()) if descriptor else service

    def reason(self, service: str, code: str) -> str:
        """The name of a reason for returning; its code where the service has it no more."""
        if not code:
            return _("No reason given")
        descriptor = self._find(service)
        reasons = descriptor.reasons if descriptor else ()
        names = {one.id: one.name.of(reader_language()) for one in reasons}
        return names.get(code, code)

    def is_sample(self, service: str) -> bool:
        """Whether no office has confirmed it."""
        descriptor = self._find(service)
        return descriptor is not None and descriptor.sample

    def _find(self, service: str) -> ServiceDescriptor | None:
        version = self._newest.get(service)
        return shelf.find(service, version).descriptor if version else None
