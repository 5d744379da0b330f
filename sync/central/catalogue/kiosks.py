"""Which kiosk stands in which ring: changed by those who publish, and written down as their act."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from sync.central.catalogue.acts import Doing, record
from sync.central.catalogue.models import Act
from sync.central.intake.models import Device
from sync.central.intake.rings import Ring


@transaction.atomic
def put_into_ring(numbers: Iterable[int], ring: Ring, actor: User | None = None) -> list[Device]:
    """Put the kiosks of these numbers into a ring; those that are known.

    What their new ring has comes with their next exchange.
    """
    devices = list(Device.objects.filter(kiosk_number__in=numbers).order_by("kiosk_number"))
    for device in devices:
        if device.ring != ring.value:
            device.ring = ring.value
            device.save(update_fields=["ring"])
            detail = f"{device.kiosk_number} {device.name}"
            record(actor, Doing(Act.Kind.RING, ring=ring, detail=detail))
    return devices
