"""The right to see the figures of the whole nation; every figure comes from others' tables."""

from typing import ClassVar

from django.db import models


class Nation(models.Model):
    """No table: what the right is about."""

    class Meta:
        """Only the right."""

        managed = False
        default_permissions = ()
        permissions: ClassVar = [("see_nation", "Can see the figures of every office")]

    def __str__(self) -> str:
        return "nation"
