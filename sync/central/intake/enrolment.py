"""Enrolment: how a new kiosk becomes known, by a code that lets one device in, once.

An operator makes the code for an office; a technician types it at the kiosk. Only its hash is kept.
The same code with the same key gets the same answer again, because answers get lost; with another
key it is refused.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sync.central.casework.models import Office
from sync.central.intake import feed, lives, numbers, offices
from sync.central.intake.models import Device, EnrolmentCode
from sync.central.intake.refusal import ALREADY_ENROLLED, BAD_CODE, BLOCKED_DEVICE, refused
from sync.central.intake.rings import Ring, around, audience_of
from sync.central.keys import CentralKeys
from sync.enrolment import Enrolment, EnrolmentRequest
from sync.records import (
    FIRST_PREVIOUS,
    NATION,
    Audience,
    ChangeKind,
    DeviceId,
    KeyNote,
    KeyPurpose,
    Stamp,
    TimeQuality,
    device_audience,
    office_audience,
)
from sync.signed import message_hash

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
CODE_SYMBOLS = 12  # 60 bits: nobody guesses one within its hours
GROUP = 4
KEYS_MAX = 60  # of central, in an enrolment; others come by the feed


def new_code(office: Office, kiosk_name: str, valid_for: timedelta, ring: Ring = Ring.ALL) -> str:
    """A code for one new kiosk of an office, to be read out or typed."""
    symbols = "".join(secrets.choice(ALPHABET) for _ in range(CODE_SYMBOLS))
    EnrolmentCode.objects.create(
        code_hash=code_hash(symbols),
        office=office,
        kiosk_name=kiosk_name,
        expires_at=timezone.now() + valid_for,
        ring=ring.value,
    )
    return "-".join(symbols[at : at + GROUP] for at in range(0, CODE_SYMBOLS, GROUP))


def code_hash(code: str) -> str:
    """What is kept of a code; spaces, dashes, case and look-alikes do not matter."""
    symbols = "".join(character for character in code.upper() if character.isalnum())
    symbols = symbols.translate(LOOKALIKES)
    return hashlib.blake2b(symbols.encode(), digest_size=32, person=b"enrolment-code").hexdigest()


def audiences_of(device: Device) -> tuple[Audience, ...]:
    """The parts of the feed that a device reads, the smallest first."""
    return (
        device_audience(DeviceId(device.pk)),
        office_audience(device.office_id),
        *(audience_of(ring) for ring in around(Ring(device.ring))),
    )


def enrol(message: bytes, keys: CentralKeys, now: datetime) -> bytes:
    """Let a device in.

    Raises:
        BadBatch: it is no enrolment request, or not signed with the key it shows.
        Refused: the code is wrong, used or too old, or the device is known already.
    """
    request = EnrolmentRequest.from_bytes(message)
    device = _admit(request, keys, now)
    office = device.office
    return Enrolment(
        request=message_hash(message),
        at=Stamp(int(now.timestamp() * 1000), TimeQuality.TRUSTED),
        device=request.device,
        kiosk_number=device.kiosk_number,
        office=office.pk,
        office_name=offices.names_of(office),
        epoch=feed.current_epoch(),
        keys=(*keys.notes[:KEYS_MAX], receipt_key(device)),
        audiences=audiences_of(device),
        portal_url=settings.PUBLIC_URL,
    ).signed(keys.answers, keys.answers_id)


def receipt_key(device: Device) -> KeyNote:
    """The key that checks a kiosk's receipts, named by the device as in its receipts."""
    return KeyNote(
        id=bytes.fromhex(device.pk),
        purpose=KeyPurpose.RECEIPTS,
        key=bytes(device.verify_key),
        name=device.name,
        kiosk_number=device.kiosk_number,
        until_s=int(device.blocked_at.timestamp()) if device.blocked_at is not None else None,
    )


@transaction.atomic
def block(device: Device, since: datetime | None) -> None:
    """Refuse a kiosk that was stolen, and tell the others: what its key signs from now on is void.

    Args:
        device: the kiosk.
        since: when it was taken out of service; None lets it in again.
    """
    device.blocked_at = since
    device.save(update_fields=["blocked_at"])
    feed.append(NATION, ChangeKind.DEVICE_KEY, receipt_key(device).to_bytes())


@transaction.atomic
def _admit(request: EnrolmentRequest, keys: CentralKeys, now: datetime) -> Device:
    code = EnrolmentCode.objects.select_for_update().filter(pk=code_hash(request.code)).first()
    known = Device.objects.filter(pk=request.device).first()
    if known is not None and known.blocked_at is not None:
        raise refused(BLOCKED_DEVICE, "This kiosk was taken out of service.")
    if known is not None and code is not None and code.device_id == known.pk:
        return known
    if code is None or code.device_id is not None or code.expires_at <= now:
        raise refused(BAD_CODE, "This enrolment code is wrong, used or too old. Ask for a new one.")
    if known is not None:
        raise refused(ALREADY_ENROLLED, "This kiosk is enrolled already, by another code.")
    before = lives.life_before(request)
    device = Device.objects.create(
        pk=request.device,
        kiosk_number=numbers.next_number(),
        name=code.kiosk_name,
        office=code.office,
        verify_key=request.verify_key,
        enrolled_at=now,
        chain_hash=FIRST_PREVIOUS,
        ring=code.ring,
        continues=before,
    )
    code.device = device
    code.save(update_fields=["device"])
    feed.append(NATION, ChangeKind.DEVICE_KEY, receipt_key(device).to_bytes())
    offices.announce(device.office)
    if request.continuing is not None:
        end = request.continuing
        lives.carry_on(device, end.after, end.previous, keys, now)
    return device
