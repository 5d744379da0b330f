"""The services that this kiosk offers: signed bundles from the ledger, opened once.

A bundle is believed only when its signature holds under a key that central gave at enrolment. One
that does not open is passed over and the version before keeps serving: a broken publication never
closes the counter.
"""

import logging
from dataclasses import dataclass

from kiosk.forms.bundle import Bundle, BundleError
from kiosk.forms.bundle import open as open_bundle
from kiosk.forms.definition import Definition
from kiosk.forms.descriptor import ServiceDescriptor, ServiceKind
from kiosk.forms.errors import N_
from kiosk.language import language, local_date
from sync.ledger import Ledger
from sync.records import KeyPurpose, Stamp, TimeQuality
from sync.scrubbed import Plain

_log = logging.getLogger(__name__)


class NoSuchService(Exception):
    """The service is not published at this kiosk (any more)."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service as the screens show it and the desk fills it in."""

    bundle: Bundle

    @property
    def descriptor(self) -> ServiceDescriptor:
        """What the service is."""
        return self.bundle.descriptor

    @property
    def definition(self) -> Definition:
        """Its form."""
        return self.bundle.definition

    @property
    def id(self) -> str:
        """Its lasting name."""
        return self.bundle.service

    @property
    def version(self) -> str:
        """Which edition of it."""
        return self.bundle.version

    @property
    def is_complaint(self) -> bool:
        """Whether one complains with it."""
        return self.descriptor.kind is ServiceKind.COMPLAINT

    @property
    def icon(self) -> bytes | None:
        """Its picture, a PNG."""
        return self.bundle.icon

    def recording(self, part: str, language: str) -> bytes | None:
        """What was recorded of a part of its sheet, in that very language."""
        name = self.descriptor.recording(part, language)
        return None if name is None else self.bundle.files.get(name)


class Services:
    """Opens each version of each service at most once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._opened: dict[tuple[str, str], Service | None] = {}

    def all(self) -> tuple[Service, ...]:
        """Every service in its newest version that opens, in the order of their ids."""
        offered = []
        for service, versions in self._ledger.service_versions().items():
            opened = (self._open(service, version) for version in versions)
            newest = next((one for one in opened if one is not None), None)
            if newest is not None and newest.descriptor.status == "published":
                offered.append(newest)
        return tuple(offered)

    def of_kind(self, kind: ServiceKind) -> tuple[Service, ...]:
        """Those of one kind, in the order of their ids."""
        return tuple(one for one in self.all() if one.descriptor.kind is kind)

    def outdated(self, now: Stamp) -> tuple[str, ...]:
        """The names of those that somebody should have looked at again by now; all go on."""
        if now.quality is TimeQuality.UNKNOWN:
            return ()
        today = local_date(now)
        return tuple(
            one.descriptor.name.of(language())
            for one in self.all()
            if one.descriptor.review_by is not None and one.descriptor.review_by < today
        )

    def newest(self, service_id: str) -> Service:
        """The service in its newest version that opens.

        Raises:
            NoSuchService: it is not offered here.
        """
        for service in self.all():
            if service.id == service_id:
                return service
        raise NoSuchService(f"The service {service_id} is not offered at this kiosk.")

    def made_with(self, definition: Definition) -> Service:
        """The very version that a form was begun with: a newer one may have come meanwhile."""
        opened = (service for service in self._opened.values() if service is not None)
        return next(service for service in opened if service.definition is definition)

    def find(self, service_id: str, version: str) -> Service | None:
        """That very version, for an application that was made with it."""
        return self._open(service_id, version)

    def _open(self, service_id: str, version: str) -> Service | None:
        if (service_id, version) not in self._opened:
            self._opened[service_id, version] = self._read(service_id, version)
        service = self._opened[service_id, version]
        if service and service.bundle.key_id not in self._ledger.keys(KeyPurpose.BUNDLES):
            return None  # its key was revoked since
        return service

    def _read(self, service_id: str, version: str) -> Service | None:
        data = self._ledger.service_bundle(service_id, version)
        if data is None:
            return None
        try:
            bundle = open_bundle(data, self._ledger.keys(KeyPurpose.BUNDLES))
            if (bundle.service, bundle.version) != (service_id, version):
                raise BundleError(N_("It says to be another service."))  # noqa: TRY301 - one road out
        except BundleError as problem:
            _log.warning(
                "The service %s %s cannot be used: %s", Plain(service_id), Plain(version), problem
            )
            return None
        return Service(bundle)
