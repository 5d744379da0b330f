"""A device that carries its log on under a new key: how an identity that lived twice parts.

A card was copied, or a disk put back from a backup: two logs grew under one identity. The first to
come holds the places, the other was kept beside it (`log`), and a person was told. She gives a
one-time code to the kiosk that is not the first; with it that kiosk becomes a device of its own,
and what it had sent is filed: each of its applications becomes a case, as its receipt promised.
"""

from datetime import datetime

from django.db import transaction
from nacl.utils import random

from sync.central.intake import numbers
from sync.central.intake.judgement import judge_all
from sync.central.intake.log import take_in
from sync.central.intake.models import DEVICE_HEX, Device, SetAside
from sync.central.intake.refusal import BAD_MESSAGE, BLOCKED_DEVICE, UNKNOWN_DEVICE, refused
from sync.central.keys import CentralKeys
from sync.enrolment import EnrolmentRequest
from sync.errors import BadRecord
from sync.protocol import Batch
from sync.records import FIRST_PREVIOUS, DeviceId, Envelope

_TOLD = ("told_recorded", "told_waiting", "told_files", "told_unread")
FORK = SetAside.Reason.FORK


def life_before(request: EnrolmentRequest) -> Device | None:
    """The identity that a request carries on; None: it is a new kiosk.

    Raises:
        Refused: it is not known, blocked, or its key did not say so.
    """
    continuing = request.continuing
    if continuing is None:
        return None
    before = Device.objects.select_for_update().filter(pk=continuing.device).first()
    if before is None:
        raise refused(UNKNOWN_DEVICE, "The kiosk that it was before is not known here.")
    if before.blocked_at is not None:
        raise refused(BLOCKED_DEVICE, "The kiosk that it was before was taken out of service.")
    if not continuing.holds(bytes(before.verify_key), request.verify_key):
        raise refused(BAD_MESSAGE, "The kiosk that it was before has not said so.")
    return before


def carry_on(
    device: Device, after: int, chain_hash: bytes, keys: CentralKeys, now: datetime
) -> int:
    """Let a new device's log end at that place, and file what was kept beside; how many."""
    before = device.continues
    assert before is not None
    branch = _branch(before, after, chain_hash)
    envelopes = tuple(_envelope(row) for row in branch)
    device.sequence, device.chain_hash = after, chain_hash
    if branch:
        device.sequence = branch[0].sequence - 1
        device.chain_hash = _previous(envelopes[0]) or FIRST_PREVIOUS
    device.save(update_fields=["sequence", "chain_hash"])
    if branch:
        start = Batch(DeviceId(device.pk), device.sequence, device.chain_hash, envelopes)
        take_in(start, judge_all(start, keys, names_of(device)), now)
        SetAside.objects.filter(pk__in=[row.pk for row in branch]).delete()
    # What the kiosk told of itself is forgotten: it may have been the other life that said so.
    changed: dict[str, object] = dict.fromkeys(_TOLD)
    if not before.set_aside.filter(reason=FORK).exists():
        changed["forked_at"] = None
    Device.objects.filter(pk=before.pk).update(**changed)
    return len(branch)


@transaction.atomic
def file_branches(before: Device, keys: CentralKeys, now: datetime) -> int:
    """File what was kept beside a log where the disk that sent it is gone; how many.

    Each branch becomes a device that nobody has: without a key, out of service from the start.
    """
    filed = 0
    while True:
        rows = before.set_aside.filter(reason=FORK, in_log=False)
        tip = rows.order_by("-sequence", "pk").first()  # nothing can follow it
        if tip is None:
            return filed
        device = Device.objects.create(
            pk=random(DEVICE_HEX // 2).hex(),
            kiosk_number=numbers.next_number(),
            name=before.name,
            office=before.office,
            verify_key=bytes(32),
            enrolled_at=now,
            blocked_at=now,
            chain_hash=FIRST_PREVIOUS,
            continues=before,
        )
        filed += carry_on(device, tip.sequence, bytes(tip.chain_hash), keys, now)


def names_of(device: Device) -> frozenset[str]:
    """Every identity that the envelopes of its log may name: its own and those before."""
    names = {device.pk}
    before = device.continues_id
    while before is not None and before not in names:
        names.add(before)
        before = Device.objects.values_list("continues", flat=True).get(pk=before)
    return frozenset(names)


def _branch(before: Device, after: int, chain_hash: bytes) -> list[SetAside]:
    """What was kept beside the log and ends at that place, from its parting on."""
    branch: list[SetAside] = []
    while True:
        row = before.set_aside.filter(
            reason=FORK, in_log=False, sequence=after, chain_hash=chain_hash
        ).first()
        if row is None:
            break
        branch.insert(0, row)
        previous = _previous(_envelope(row))
        if previous is None:
            break
        after, chain_hash = after - 1, previous
    return branch


def _envelope(row: SetAside) -> Envelope:
    return Envelope(bytes(row.header), bytes(row.body), bytes(row.sealed_secret))


def _previous(envelope: Envelope) -> bytes | None:
    try:
        return envelope.parsed.previous
    except BadRecord:
        return None
