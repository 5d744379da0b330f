"""The shelf of published services: put one on it, find the one an application was made with.

A bundle never changes once published, so an opened one is kept in memory. Kiosks learn of a new
one by a single row of the feed, however many they are.
"""

from functools import lru_cache

from django.db import transaction
from django.utils import timezone

from kiosk.forms import bundle
from kiosk.forms.bundle import Bundle
from kiosk.forms.version import is_older
from sync.central.catalogue.models import PublishedService
from sync.central.intake import feed
from sync.central.keys import central_keys
from sync.records import NATION, ChangeKind, ServiceNote

BUNDLES_IN_MEMORY = 64


class CatalogueError(Exception):
    """What can go wrong on the shelf.

    CatalogueError
    ├── BadFolder      what should be published has errors (publishing.py)
    ├── NotNewer       the version does not come after what is published
    └── NotPublished   there is no such service or version
    """


class NotNewer(CatalogueError):
    """The version does not come after what is published already."""


class NotPublished(CatalogueError):
    """There is no such service, or not in that version."""


def put(data: bytes) -> Bundle:
    """Place a signed bundle on the shelf; the same one again changes nothing.

    Raises:
        NotNewer: this version, or a later one, is there with other content.
        BundleError: it is not a bundle of ours.
    """
    made = bundle.open(data, central_keys().bundle_checks)
    with transaction.atomic():
        held = _newest(made.service)
        if held is not None and (held.version, bytes(held.bundle)) == (made.version, data):
            return made
        if held is not None and not is_older(held.version, made.version):
            raise NotNewer(
                f"Version {held.version} of {made.service} is published already. "
                f"Give this one a higher version than {held.version}."
            )
        PublishedService.objects.create(
            service=made.service, version=made.version, bundle=data, published_at=timezone.now()
        )
        note = ServiceNote(made.service, made.version, data)
        feed.append(NATION, ChangeKind.SERVICE, note.to_bytes())
    return made


def find(service: str, version: str) -> Bundle:
    """The bundle an application was made with.

    Raises:
        NotPublished: there is no such service or version.
    """
    return _opened(service, version)


def current() -> list[Bundle]:
    """The newest bundle of each service."""
    services = PublishedService.objects.values_list("service", flat=True).order_by("service")
    newest = (_newest(service) for service in services.distinct())
    return [find(row.service, row.version) for row in newest if row is not None]


def find_current(service: str) -> Bundle:
    """The newest bundle of a service.

    Raises:
        NotPublished: there is no such service.
    """
    newest = _newest(service)
    if newest is None:
        raise NotPublished(f"No service {service} is published here.")
    return find(newest.service, newest.version)


def forget_opened() -> None:
    """Drop the bundles kept in memory: after another database was put in place."""
    _opened.cache_clear()


def _newest(service: str) -> PublishedService | None:
    """The last one published: a version never comes before an older one."""
    return PublishedService.objects.filter(service=service).order_by("-pk").first()


@lru_cache(maxsize=BUNDLES_IN_MEMORY)
def _opened(service: str, version: str) -> Bundle:
    row = PublishedService.objects.filter(service=service, version=version).first()
    if row is None:
        raise NotPublished(f"The service {service} is not published here in version {version}.")
    return bundle.open(bytes(row.bundle), central_keys().bundle_checks)
