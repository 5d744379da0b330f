"""What each contact tells of a kiosk: when it was, how the kiosk stands, how far it reads the feed.

A kiosk reports what it has recorded and what waits there (`protocol.Report`), so central can hold
its books against the kiosk's: what was recorded is here, or waits there. Anything else is a loss
and somebody must look. An idle kiosk costs no write more often than once a minute.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from sync.central.insight import heard
from sync.central.intake.models import Device
from sync.protocol import Answer, Batch

logger = logging.getLogger(__name__)

NOTED_EVERY = timedelta(minutes=1)
_BOOKS = ("told_recorded", "told_waiting", "sequence")


def note_contact(device: Device, batch: Batch, answer: Answer, now: datetime) -> None:
    """Write down what a contact told, where it is news."""
    facts = _told(device, batch, answer, now)
    changed = {name: value for name, value in facts.items() if getattr(device, name) != value}
    is_due = device.last_contact_at is None or now - device.last_contact_at > NOTED_EVERY
    if changed or is_due:
        Device.objects.filter(pk=device.pk).update(last_contact_at=now, **changed)
    heard.note(device.pk, device.last_contact_at, now)
    if "told_recorded" in changed or "told_waiting" in changed:
        _compare_books(device)


def _compare_books(device: Device) -> None:
    now = Device.objects.only("kiosk_number", *_BOOKS).get(pk=device.pk)
    if loss := loss_of(now):
        logger.error(
            "The books of kiosk %d differ by %d: it recorded %d, %d wait there, %d are here.",
            now.kiosk_number,
            loss,
            now.told_recorded,
            now.told_waiting,
            now.sequence,
        )


def _told(device: Device, batch: Batch, answer: Answer, now: datetime) -> Mapping[str, object]:
    positions = dict(batch.cursor) if batch.epoch == answer.epoch else {}
    positions |= {change.audience: change.position for change in answer.changes}
    facts: dict[str, object] = {"read_total": sum(positions.values())}
    report = batch.report
    if report is None:
        return facts
    if report.lives_twice and device.forked_at is None:
        logger.warning("Kiosk %d says that it lives twice.", device.kiosk_number)
        facts["forked_at"] = now
    if bytes(device.answers_key or b"") != report.answers_key:
        facts["answers_key"] = report.answers_key
    if report.recorded >= (device.told_recorded or 0):  # not a stick that was long on its way
        waiting = max(0, report.waiting - len(answer.acknowledgements))
        facts |= {
            "told_recorded": report.recorded,
            "told_waiting": waiting,
            "told_files": report.files_waiting,
            "told_unread": report.unread,
        }
    return facts


def loss_of(device: Device) -> int:
    """What it recorded, less what is here, less what waits there: 0 where the books agree."""
    if device.told_recorded is None or device.told_waiting is None:
        return 0  # it has not said
    return device.told_recorded - device.sequence - device.told_waiting


def in_doubt(devices: QuerySet[Device]) -> QuerySet[Device]:
    """The kiosks whose books do not agree with central's."""
    told = devices.filter(told_recorded__isnull=False)
    return told.exclude(told_recorded=F("sequence") + F("told_waiting"))
