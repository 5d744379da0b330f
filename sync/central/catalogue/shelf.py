"""The shelf of published services: put one on it, find the one an application was made with.

A bundle never changes once published, so an opened one is kept in memory. Kiosks learn of a new
one by a single row of the feed, however many they are: the row of the ring it is released to.

**A version never goes back.** To roll a service back, the content of an earlier version is signed
again under a version higher than all others, and released to every ring that has the one taken
back. A kiosk needs to know nothing of it: it takes the newest, as always.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kiosk.forms import bundle
from kiosk.forms.bundle import DESCRIPTOR, Bundle
from kiosk.forms.version import Version, is_older
from sync.central.catalogue.acts import Doing, record, take_turn
from sync.central.catalogue.models import Act, PublishedService, Release
from sync.central.intake import feed
from sync.central.intake.rings import RINGS, Ring, around, audience_of
from sync.central.keys import central_keys
from sync.records import ChangeKind, ServiceNote

BUNDLES_IN_MEMORY = 64
NUMBER_MAX = 10**9 - 1  # kiosk.forms.version reads nine digits


class CatalogueError(Exception):
    """What can go wrong on the shelf.

    CatalogueError
    ├── BadFolder      what should be published has errors (publishing.py)
    ├── NotYours       whoever signed it publishes other services
    ├── NotNewer       the version does not come after what is published, or the ring has it
    └── NotPublished   there is no such service or version
    """


class NotNewer(CatalogueError):
    """The version does not come after what is published already."""


class NotYours(CatalogueError):
    """Whoever signed it publishes other services."""


class NotPublished(CatalogueError):
    """There is no such service, or not in that version."""


@transaction.atomic
def put(
    data: bytes, ring: Ring = Ring.ALL, signer: User | None = None, content_of: str = ""
) -> Bundle:
    """Place a signed bundle on the shelf and release it; the same one again changes nothing.

    Args:
        data: the bundle, signed with this server's key or that of a ministry.
        ring: which kiosks get it, at once.
        signer: who had it signed; None at the command line.
        content_of: the version it goes back to.

    Raises:
        NotNewer: this version, or a later one, is there with other content.
        NotYours: the service is not one of those that the signer publishes.
        BundleError: it is not a bundle of ours.
    """
    kind = Act.Kind.ROLLED_BACK if content_of else Act.Kind.SIGNED
    return _put(data, ring, signer, Signing(kind, content_of))


@dataclass(frozen=True, slots=True)
class Signing:
    """Why a version was signed."""

    kind: Act.Kind
    content_of: str = ""  # the version whose content it is


def _put(data: bytes, ring: Ring, signer: User | None, signing: Signing) -> Bundle:
    keys = central_keys()
    made = bundle.open(data, keys.bundle_signers)
    if not keys.may_sign(made.key_id, made.service):
        raise NotYours(f"The service {made.service} is not one that this key may sign.")
    take_turn()
    held = newest(made.service)
    if held is not None and (held.version, bytes(held.bundle)) == (made.version, data):
        return made
    if held is not None and not is_older(held.version, made.version):
        raise NotNewer(
            f"Version {held.version} of {made.service} is published already. "
            f"Give this one a higher version than {held.version}."
        )
    row = PublishedService.objects.create(
        service=made.service,
        version=made.version,
        bundle=data,
        published_at=timezone.now(),
        signed_by=signer,
        content_of=signing.content_of if signing.kind is Act.Kind.ROLLED_BACK else "",
    )
    detail = f"content of {signing.content_of}" if signing.content_of else ""
    record(signer, Doing(signing.kind, row.service, row.version, detail=detail))
    _release(row, ring, signer)
    return made


@transaction.atomic
def release(service: str, version: str, ring: Ring, actor: User | None = None) -> None:
    """Give a version that is on the shelf to a ring as well.

    Raises:
        NotPublished: there is no such version.
        NotNewer: the ring has this version, or a later one.
    """
    take_turn()
    row = _row(service, version)
    held = in_force(service, ring)
    if held is not None and not is_older(held.version, version):
        raise NotNewer(f"These kiosks have version {held.version} of {service} already.")
    _release(row, ring, actor)


def sign_again(data: Bundle, version: str) -> bytes:
    """The content of a bundle under another version, signed with this server's key.

    Only the description names the version of the service. The form keeps the version that its
    author gave it: it is the same form.

    Raises:
        BundleError: the version is not written as one.
    """
    described = json.loads(data.file(DESCRIPTOR)) | {"version": version}
    text = json.dumps(described, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    files: Mapping[str, bytes] = {**data.files, DESCRIPTOR: text.encode()}
    return bundle.pack(files, data.service, version, central_keys().bundles)


@transaction.atomic
def roll_back(service: str, version: str, actor: User | None = None) -> Bundle:
    """Put the content of an earlier version into force again, as a new version.

    It is released as far as any of the versions that it takes back was.

    Raises:
        NotPublished: there is no such version.
        NotNewer: it is the newest itself; there is nothing to go back from.
    """
    take_turn()
    row = _row(service, version)
    reached = taken_back_from(row)
    if reached is None:
        raise NotNewer(f"Version {version} of {service} is the newest already.")
    data = sign_again(find(service, version), next_version(service))
    return put(data, reached, actor, content_of=version)


@transaction.atomic
def sign_anew() -> list[Bundle]:
    """Sign again what still serves under a revoked key, for the very kiosks that have it.

    The outermost ring comes first and each ring after it gets a higher version, so that nobody
    goes back to what the others have.
    """
    take_turn()
    revoked = central_keys().revoked
    made = []
    for service in PublishedService.objects.values_list("service", flat=True).distinct():
        held = {ring: in_force(service, ring) for ring in RINGS}
        done: dict[int, bool] = {}
        for ring, row in reversed(held.items()):
            if row is None or row.pk in done:
                continue
            old = find(service, row.version)
            done[row.pk] = old.key_id in revoked or any(done.values())
            if done[row.pk]:
                signing = Signing(Act.Kind.SIGNED_AGAIN, row.version)
                data = sign_again(old, next_version(service))
                made.append(_put(data, ring, None, signing))
    return made


def taken_back_from(row: PublishedService) -> Ring | None:
    """How far going back to a version reaches: as far as any later one; None at the newest."""
    later = Release.objects.filter(published__service=row.service, published__pk__gt=row.pk)
    return _outermost(later)


def next_version(service: str, wished: str = "") -> str:
    """A version above all that were published: the one wished where it is, or the next number."""
    held = newest(service)
    if held is None:
        return wished or "1"
    if wished and is_older(held.version, wished):
        return wished
    *first, last = held.version.split(".")
    if int(last) == NUMBER_MAX:
        raise NotNewer(f"There is no number after version {held.version}. Give one yourself.")
    return ".".join((*first, str(int(last) + 1)))


def find(service: str, version: str) -> Bundle:
    """The bundle an application was made with.

    Raises:
        NotPublished: there is no such service or version.
    """
    return _opened(service, version)


def current() -> list[Bundle]:
    """The bundle of each service that is in force in the whole nation."""
    everywhere = Release.objects.filter(ring=Ring.ALL.value)
    services = everywhere.values_list("published__service", flat=True).distinct()
    rows = (in_force(service, Ring.ALL) for service in sorted(services))
    return [find(row.service, row.version) for row in rows if row is not None]


def find_current(service: str) -> Bundle:
    """The bundle of a service that is in force in the whole nation.

    Raises:
        NotPublished: there is no such service, or only some kiosks have it.
    """
    row = in_force(service, Ring.ALL)
    if row is None:
        raise NotPublished(f"No service {service} is published here.")
    return find(row.service, row.version)


def in_force(service: str, ring: Ring) -> PublishedService | None:
    """What the kiosks of a ring offer: the newest released to it or to a ring around it."""
    rings = [reached.value for reached in around(ring)]
    rows = PublishedService.objects.filter(service=service, releases__ring__in=rings).distinct()
    rows = rows.defer("bundle")
    return max(rows, key=lambda row: Version.parse(row.version), default=None)


def is_published(service: str, version: str) -> bool:
    """Whether there is that very version."""
    return PublishedService.objects.filter(service=service, version=version).exists()


def was_everywhere(service: str, version: str) -> bool:
    """Whether a version was ever released to the whole nation."""
    released = Release.objects.filter(published__service=service, published__version=version)
    return released.filter(ring=Ring.ALL.value).exists()


def newest(service: str) -> PublishedService | None:
    """The last one signed, whoever has it: a version never comes before an older one."""
    return PublishedService.objects.filter(service=service).order_by("-pk").first()


def rings_without(row: PublishedService) -> tuple[Ring, ...]:
    """The rings that have an earlier version, or none: where this one may be released."""
    held = ((ring, in_force(row.service, ring)) for ring in RINGS)
    return tuple(
        ring for ring, other in held if other is None or is_older(other.version, row.version)
    )


def forget_opened() -> None:
    """Drop the bundles kept in memory: after another database was put in place."""
    _opened.cache_clear()


def _outermost(releases: QuerySet[Release]) -> Ring | None:
    rings = (Ring(ring) for ring in releases.values_list("ring", flat=True))
    return max(rings, key=RINGS.index, default=None)


def _release(row: PublishedService, ring: Ring, actor: User | None) -> None:
    """One row of the feed, for every kiosk of the ring and of those inside it."""
    Release.objects.create(published=row, ring=ring.value, released_at=timezone.now())
    note = ServiceNote(row.service, row.version, bytes(row.bundle))
    feed.append(audience_of(ring), ChangeKind.SERVICE, note.to_bytes())
    record(actor, Doing(Act.Kind.RELEASED, row.service, row.version, ring))


def _row(service: str, version: str) -> PublishedService:
    row = PublishedService.objects.filter(service=service, version=version).first()
    if row is None:
        raise NotPublished(f"The service {service} is not published here in version {version}.")
    return row


@lru_cache(maxsize=BUNDLES_IN_MEMORY)
def _opened(service: str, version: str) -> Bundle:
    return bundle.open(bytes(_row(service, version).bundle), central_keys().bundle_checks)
