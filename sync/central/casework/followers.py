"""Kiosks that ask after an application of elsewhere: somebody showed its receipt there.

A kiosk hears of what its own office took; a citizen may ask at any. What happened to her case is
told to the kiosk that asked, in its own part of the feed, and so is what happens next.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from sync.central.casework.models import Case, Follower
from sync.central.intake.models import Device


def follow(device: Device, references: Sequence[str], now: datetime) -> list[Case]:
    """The cases that this kiosk has not heard of, and hears of from now on.

    Call it inside the transaction in which it is told what happened so far.
    """
    asked = Case.everything.select_for_update().filter(reference__in=references)
    own = Q(heard_at=device.office_id) | Q(heard_at="", office=device.office_id)
    unheard = asked.exclude(own).exclude(followers__device=device)
    cases = list(unheard.order_by("pk"))
    Follower.objects.bulk_create(
        [Follower(case=case, device=device, since=now) for case in cases], ignore_conflicts=True
    )
    return cases


def followed_by(case: Case) -> list[str]:
    """The kiosks that hear of it beside those of its office; in one order for all writers."""
    return list(case.followers.order_by("device").values_list("device", flat=True))


@transaction.atomic
def follow_on(case: Case, now: datetime) -> list[str]:
    """A correction is followed by whoever follows what it corrects; those kiosks."""
    before = Case.objects.filter(application=case.replaces).first()
    devices = followed_by(before) if before is not None else []
    Follower.objects.bulk_create(
        [Follower(case=case, device_id=device, since=now) for device in devices],
        ignore_conflicts=True,
    )
    return devices
