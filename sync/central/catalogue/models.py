"""The services that were published, in every version: an application names the one it used."""

from typing import ClassVar

from django.db import models


class PublishedService(models.Model):
    """One version of a service, as the signed bundle that kiosks run."""

    service = models.CharField(max_length=120)
    version = models.CharField(max_length=120)
    bundle = models.BinaryField()
    published_at = models.DateTimeField()

    class Meta:
        """A version is published once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "version"], name="one_bundle_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.version}"
