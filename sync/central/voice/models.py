"""What a citizen said about a service: a few marks, and nothing that says who she is."""

from typing import ClassVar

from django.db import models


class Feedback(models.Model):
    """The marks of one visit. No reference, no kiosk, no hour: only what is counted by."""

    office = models.ForeignKey("casework.Office", on_delete=models.PROTECT, related_name="feedback")
    service = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=16)
    language = models.CharField(max_length=8, blank=True)
    day = models.DateField()
    marks = models.JSONField()  # question -> 1 (worst) to 4 (best)

    class Meta:
        """Satisfaction is counted by office, service and time."""

        indexes: ClassVar = [
            models.Index(fields=["office", "service", "day"], name="feedback_counted_by"),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.service} {self.day}"
