"""The services that were published, in every version: an application names the one it used.

Beside each version stands where it was released to. What is not signed yet is a draft, kept here
and not in a session, so that it survives a restart and a second person can go on with it. Every
act is a row of one hash chain (`acts`).
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.central.intake.models import RING_CHOICES, RING_LENGTH

NAME_LENGTH = 120


class PublishedService(models.Model):
    """One version of a service, as the signed bundle that kiosks run."""

    service = models.CharField(max_length=NAME_LENGTH)
    version = models.CharField(max_length=NAME_LENGTH)
    bundle = models.BinaryField()
    published_at = models.DateTimeField()
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # none: by the command line
    content_of = models.CharField(max_length=NAME_LENGTH, blank=True)  # the version rolled back to

    class Meta:
        """A version is published once; who may do that has a right of its own."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "version"], name="one_bundle_a_version"),
        ]
        permissions: ClassVar = [("publish_service", "Can sign, release and roll back services")]

    def __str__(self) -> str:
        return f"{self.service} {self.version}"


class Release(models.Model):
    """A version that was given to the kiosks of a ring and of those inside it."""

    published = models.ForeignKey(
        PublishedService, on_delete=models.PROTECT, related_name="releases"
    )
    ring = models.CharField(max_length=RING_LENGTH, choices=RING_CHOICES)
    released_at = models.DateTimeField()

    class Meta:
        """Once a ring."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["published", "ring"], name="released_once_a_ring"),
        ]

    def __str__(self) -> str:
        return f"{self.published} → {self.ring}"


class Draft(models.Model):
    """What a ministry has handed in and nobody has signed: its files, and what was found."""

    service = models.CharField(max_length=NAME_LENGTH, blank=True)  # where it can be read
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField()
    findings = models.JSONField(default=list)
    made = models.BinaryField(null=True, blank=True)  # the bundle on trial; none: it has errors
    published = models.OneToOneField(
        PublishedService, null=True, blank=True, on_delete=models.PROTECT, related_name="draft"
    )  # what it became: the sources stay with it

    def __str__(self) -> str:
        return f"{self.pk} {self.service}"


class DraftFile(models.Model):
    """One file of a draft, under the name that it has in a service's folder."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=NAME_LENGTH)
    data = models.BinaryField()

    class Meta:
        """A name once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "name"], name="one_draft_file_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Act(models.Model):
    """One thing that somebody did to the catalogue; never changed, never removed."""

    class Kind(models.TextChoices):
        """What was done."""

        UPLOADED = "uploaded", _("Handed in files")
        REMOVED = "removed", _("Removed a draft")
        SIGNED = "signed", _("Signed")
        RELEASED = "released", _("Released")
        ROLLED_BACK = "rolled-back", _("Rolled back")
        RING = "ring", _("Put a kiosk into a ring")
        SIGNED_AGAIN = "signed-again", _("Signed again with another key")
        KEY_NEW = "key-new", _("Trusted a key")
        KEY_REVOKED = "key-revoked", _("Revoked a key")

    number = models.PositiveBigIntegerField(unique=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # none: the command line
    at = models.DateTimeField()
    service = models.CharField(max_length=NAME_LENGTH, blank=True)
    version = models.CharField(max_length=NAME_LENGTH, blank=True)
    ring = models.CharField(max_length=RING_LENGTH, choices=RING_CHOICES, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.service} {self.version}"
