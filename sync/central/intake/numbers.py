"""Kiosks' numbers: one after another, and none twice."""

from django.db.models import Max

from sync.central.intake.models import Device, Epoch


def next_number() -> int:
    """A number that no kiosk has; inside a transaction, one at a time.

    Two that looked at the highest at the same moment would take the same. They queue up at the row
    of the epoch, which every central has.
    """
    Epoch.objects.select_for_update().earliest("pk")
    highest = Device.objects.aggregate(Max("kiosk_number"))["kiosk_number__max"] or 0
    return int(highest) + 1
