"""What citizens say: marks for a service without a name, and complaints with what routes them.

What a complaint tells stays sealed in its envelope; here is only what it is sent and counted by.
"""

from typing import ClassVar

from django.db import models

from kiosk.forms.voice import AFTER_SERVICE
from sync.central.casework.models import Case, Office


class Feedback(models.Model):
    """The marks of one visit. No reference, no kiosk, no hour: only what is counted by."""

    office = models.ForeignKey("casework.Office", on_delete=models.PROTECT, related_name="feedback")
    service = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=16)
    language = models.CharField(max_length=8, blank=True)
    day = models.DateField()
    moment = models.CharField(max_length=16, default=AFTER_SERVICE)
    marks = models.JSONField()  # question -> 1 (worst) to 4 (best)

    class Meta:
        """Satisfaction is counted by office, service and time."""

        indexes: ClassVar = [
            models.Index(fields=["office", "service", "day"], name="feedback_counted_by"),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.service} {self.day}"


class Complaint(models.Model):
    """What is known of a complaint without reading it, beside its case."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="complaint")
    accused = models.ForeignKey(  # none: an office that is not in our list
        Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    about = models.CharField(max_length=32, blank=True)  # the reference of an application
    service = models.CharField(max_length=120, blank=True)  # the service complained about
    category = models.CharField(max_length=40)  # a complaint code of the form
    answered_on = models.DateField(null=True, blank=True)  # the first answer
    on_time = models.BooleanField(null=True, blank=True)  # whether that was by the promised day
    reopened = models.PositiveSmallIntegerField(default=0)
    verdict = models.CharField(max_length=16, blank=True)  # on the last answer
    verdict_on = models.PositiveIntegerField(default=0)  # the number of that answer's event

    class Meta:
        """Complaints are counted by the office they are about."""

        indexes: ClassVar = [
            models.Index(fields=["accused", "category"], name="complaint_counted_by"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.category}"
