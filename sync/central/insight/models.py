"""The right to see the figures of the nation, and the hours in which kiosks were heard.

Every other figure comes from tables that are there for something else.
"""

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


class HeardDay(models.Model):
    """In which hours of a day a kiosk was heard; no other table tells how long it served."""

    kiosk = models.ForeignKey("intake.Device", on_delete=models.PROTECT, related_name="heard_days")
    day = models.DateField()  # Vientiane's
    hours = models.PositiveIntegerField()  # a bit for each hour, the lowest from midnight to one

    class Meta:
        """One row a day."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kiosk", "day"], name="heard_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kiosk_id} {self.day}"
