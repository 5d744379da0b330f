"""A draft's life: files come in, are checked, are handed in again, and at last are signed.

A draft is a row and not a session: it survives a restart, and what one person hands in another may
look at and sign. The files it was made of stay with the version that it became.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kiosk.forms.bundle import CONTENT_SIZE_MAX, Bundle, BundleError
from kiosk.forms.finding import Finding
from kiosk.forms.folder import (
    DESCRIPTOR_BYTES_MAX,
    ICON_BYTES_MAX,
    MEDIA_FILES_MAX,
    medium_bytes_max,
)
from kiosk.forms.workbook import WORKBOOK_BYTES_MAX
from sync.central.catalogue import acts, shelf
from sync.central.catalogue.models import Act, Draft, DraftFile, PublishedService
from sync.central.catalogue.packed_folder import BadZip, read_packed
from sync.central.catalogue.plain_findings import from_plain, to_plain
from sync.central.catalogue.workshop import (
    DESCRIPTOR,
    ICON,
    MEDIA,
    WORKBOOK,
    open_trial,
    try_out,
)
from sync.central.intake.rings import Ring

DRAFTS_MAX: Final = 50  # waiting at a time: a forgotten heap of them helps nobody
FIELDS: Final = {  # of the page, and what they are called in a service's folder
    "workbook": (WORKBOOK, WORKBOOK_BYTES_MAX),
    "descriptor": (DESCRIPTOR, DESCRIPTOR_BYTES_MAX),
    "icon": (ICON, ICON_BYTES_MAX),
}
PACKED: Final = "folder"  # the whole folder, or its media, as one zip
MEDIA_FIELDS: Final = ("lists", "recordings", "pictures")
KILOBYTE: Final = 1024


class CannotHandIn(Exception):
    """The files cannot be taken; the sentence is for the person who chose them."""


class NotSignable(Exception):
    """The draft has errors, or was signed or handed in again meanwhile."""


@dataclass(frozen=True, slots=True)
class Signing:
    """How a draft becomes a version."""

    version: str
    ring: Ring
    seen: str  # of `state_of`: what the person looked at before she signed


def read_uploads(files: Mapping[str, "list[UploadedFile[bytes]]"]) -> dict[str, bytes]:
    """The chosen files by their names in a service's folder.

    Raises:
        CannotHandIn: one is too large, or has a name that is none of a list, recording or picture.
    """
    read = _unpacked(files)
    for field, (name, most) in FIELDS.items():
        for upload in files.get(field, ())[-1:]:
            read[name] = _read(upload, name, most)
    media = [upload for field in MEDIA_FIELDS for upload in files.get(field, [])]
    if len(media) > MEDIA_FILES_MAX:
        raise CannotHandIn(
            _("There are more than %(count)s lists, recordings and pictures.")
            % {"count": MEDIA_FILES_MAX}
        )
    for upload in media:
        name = upload.name or ""
        medium_max = medium_bytes_max(name)
        if medium_max is None:
            raise CannotHandIn(
                _(
                    "A list must have a name such as villages.csv, a recording one such as "
                    "name_lo.ogg (or .mp3, .wav), a picture one such as house.png (or .jpg), with "
                    "Latin letters and digits. This one has another: %(name)s."
                )
                % {"name": name[:80]}
            )
        read[MEDIA + name] = _read(upload, name, medium_max)
    return read


def _unpacked(files: Mapping[str, "list[UploadedFile[bytes]]"]) -> dict[str, bytes]:
    """What is in a zip of the folder; a file that is chosen by itself takes its place."""
    read: dict[str, bytes] = {}
    for upload in files.get(PACKED, ())[-1:]:
        try:
            read |= read_packed(upload.read())
        except BadZip as bad:
            raise CannotHandIn(str(bad)) from bad
    return read


def begin(actor: User, files: Mapping[str, bytes]) -> Draft:
    """A new draft of these files, checked.

    Raises:
        CannotHandIn: too many drafts wait already.
        workshop.Busy: too many are being checked.
    """
    if Draft.objects.filter(published=None).count() >= DRAFTS_MAX:
        raise CannotHandIn(_("Too many drafts wait already. Remove one that nobody needs."))
    now = timezone.now()
    return _checked(Draft(created_by=actor, created_at=now), actor, files)


def hand_in_again(draft: Draft, actor: User, files: Mapping[str, bytes]) -> Draft:
    """The draft with some of its files replaced, checked; raises workshop.Busy."""
    held = {file.name: bytes(file.data) for file in draft.files.all()}
    return _checked(draft, actor, {**held, **files})


def _checked(draft: Draft, actor: User, files: Mapping[str, bytes]) -> Draft:
    """Check first, then keep all at once: a draft never holds files that nobody looked at."""
    if sum(map(len, files.values())) > CONTENT_SIZE_MAX:
        raise CannotHandIn(
            _("All files of the service together are larger than %(size)s MB.")
            % {"size": CONTENT_SIZE_MAX // KILOBYTE**2}
        )
    tried = try_out(files)
    with transaction.atomic():
        acts.take_turn()
        if draft.pk is not None and not _waiting(draft):
            raise CannotHandIn(_("This draft was signed or removed meanwhile."))
        draft.checked_at = timezone.now()
        draft.findings = [to_plain(finding) for finding in tried.findings]
        draft.made = tried.made
        draft.service = _service_of(tried.made) or draft.service
        draft.save()
        draft.files.all().delete()
        DraftFile.objects.bulk_create(
            DraftFile(draft=draft, name=name, data=data) for name, data in sorted(files.items())
        )
        detail = f"draft {draft.pk}: {', '.join(sorted(files))}"
        acts.record(actor, acts.Doing(Act.Kind.UPLOADED, draft.service, detail=detail))
    return draft


def findings_of(draft: Draft) -> list[Finding]:
    """What is to be mended, the errors first."""
    return [from_plain(plain) for plain in draft.findings]


def trial_of(draft: Draft) -> Bundle | None:
    """The service as it would be signed; None while the draft has errors."""
    if draft.made is None:
        return None
    try:
        return open_trial(bytes(draft.made))
    except BundleError:  # made by an older program, say
        return None


def state_of(draft: Draft) -> str:
    """Changes whenever the draft is handed in again: what was looked at is what is signed."""
    return draft.checked_at.isoformat(timespec="microseconds")


@transaction.atomic
def sign(draft: Draft, signing: Signing, actor: User) -> PublishedService:
    """Make the draft a version, signed with this server's key, and release it to a ring.

    Raises:
        NotSignable: it has errors, or changed since it was looked at.
        shelf.NotNewer: the version does not come after what is published.
        BundleError: the version is not written as one.
    """
    acts.take_turn()
    fresh = Draft.objects.filter(pk=draft.pk, published=None).first()
    trial = trial_of(fresh) if fresh else None
    if fresh is None or trial is None or state_of(fresh) != signing.seen:
        raise NotSignable
    if shelf.is_published(trial.service, signing.version):
        raise shelf.NotNewer(f"Version {signing.version} is published already.")
    made = shelf.put(shelf.sign_again(trial, signing.version), signing.ring, actor)
    fresh.published = PublishedService.objects.get(service=made.service, version=made.version)
    fresh.save(update_fields=["published"])
    return fresh.published


@transaction.atomic
def remove(draft: Draft, actor: User) -> None:
    """Throw a draft away that was never signed."""
    acts.take_turn()
    if _waiting(draft):
        detail = f"draft {draft.pk}"
        acts.record(actor, acts.Doing(Act.Kind.REMOVED, draft.service, detail=detail))
        draft.delete()


def _waiting(draft: Draft) -> bool:
    return Draft.objects.filter(pk=draft.pk, published=None).exists()


def _service_of(made: bytes | None) -> str:
    return open_trial(made).service if made else ""


def _read(upload: "UploadedFile[bytes]", name: str, most: int) -> bytes:
    if (upload.size or 0) > most:
        raise CannotHandIn(
            _("The file %(name)s is larger than %(size)s kB.")
            % {"name": name, "size": most // KILOBYTE}
        )
    data: bytes = upload.read()
    return data
