"""What kiosks count of the way through a form: by office, day, service, version and language."""

from typing import ClassVar

from django.db import models


class Journey(models.Model):
    """One day of one edition of a form in one language. No kiosk, no hour, nobody."""

    office = models.ForeignKey("casework.Office", on_delete=models.PROTECT, related_name="journeys")
    day = models.DateField()  # by the kiosk's clock, where that can be
    service = models.CharField(max_length=120)
    version = models.CharField(max_length=120)
    language = models.CharField(max_length=8, blank=True)
    begun = models.PositiveIntegerField()
    handed_in = models.PositiveIntegerField()
    set_aside = models.PositiveIntegerField()
    questions = models.JSONField()  # path -> sync.journey.Steps.numbers()

    class Meta:
        """They are summed for an office since a day."""

        indexes: ClassVar = [
            models.Index(fields=["office", "day"], name="journey_counted_by"),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.service} {self.day}"
