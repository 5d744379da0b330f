"""Whether central still holds each device's log as it came: every place, digest for digest.

After a copy was put back, or a disk was repaired, an operator asks once (`audit`). Each envelope is
hashed again, must be the one whose hash was acknowledged, and must name the one before it; a device
whose log has a hole, or an altered byte, is named with the place. A kiosk that holds a place which
is lost here has not erased it yet, or its receipt's holder has the reference.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sync.central.casework.models import Release
from sync.central.intake.models import Device, SetAside, StoredEnvelope
from sync.errors import BadRecord
from sync.records import FIRST_PREVIOUS, Envelope
from sync.sentence import N_

ROWS_AT_ONCE = 200
_MISSING = N_("Kiosk %(kiosk)d: place %(place)d is missing.")
_ALTERED = N_("Kiosk %(kiosk)d: place %(place)d is not what came.")
_ASTRAY = N_("Kiosk %(kiosk)d: place %(place)d does not follow the one before it.")


@dataclass(frozen=True, slots=True)
class Flaw:
    """A place of a log that is not as it came; its words name the kiosk and the place."""

    kiosk_number: int
    sequence: int
    words: str


def flaws() -> Iterator[Flaw]:
    """The first flaw of each device's log."""
    for device in Device.objects.order_by("kiosk_number"):
        flaw = first_flaw(device)
        if flaw is not None:
            yield flaw


def first_flaw(device: Device) -> Flaw | None:
    """The first place that is missing or altered; None where all are whole."""
    place, previous = 0, FIRST_PREVIOUS
    for row in _rows(device):
        if place == 0 and device.continues_id is not None:  # it carries an older log on
            place, previous = row.sequence - 1, b""
        if row.sequence != place + 1:
            return Flaw(device.kiosk_number, place + 1, _MISSING)
        envelope = Envelope(bytes(row.header), bytes(row.body), bytes(row.sealed_secret))
        if envelope.chain_hash != bytes(row.chain_hash):
            return Flaw(device.kiosk_number, row.sequence, _ALTERED)
        follows = isinstance(row, SetAside) or not previous or _follows(envelope, previous)
        if not follows and not _was_released(row):
            return Flaw(device.kiosk_number, row.sequence, _ASTRAY)
        place, previous = row.sequence, envelope.chain_hash
        if envelope.lost_note is not None and place < device.sequence:
            previous = b""  # what was lost had another hash, or this one
    if place and (place, previous) != (device.sequence, bytes(device.chain_hash)):
        return Flaw(device.kiosk_number, place + 1, _MISSING)
    if not place and device.sequence and device.continues_id is None:
        return Flaw(device.kiosk_number, 1, _MISSING)
    return None


def _follows(envelope: Envelope, previous: bytes) -> bool:
    try:
        return envelope.parsed.previous == previous
    except BadRecord:
        return False


def _was_released(row: StoredEnvelope | SetAside) -> bool:
    """Whether two people answer for its place: it was set aside for that, and then filed."""
    place = {"device": row.device_id, "sequence": row.sequence, "chain_hash": row.chain_hash}
    return Release.objects.filter(confirmed_by__isnull=False, **place).exists()


def _rows(device: Device) -> Iterator[StoredEnvelope | SetAside]:
    """What holds the places of its log, in order."""
    stored = StoredEnvelope.objects.filter(device=device).order_by("sequence")
    aside = SetAside.objects.filter(device=device, in_log=True).order_by("sequence")
    others = aside.iterator(chunk_size=ROWS_AT_ONCE)
    other = next(others, None)
    for row in stored.iterator(chunk_size=ROWS_AT_ONCE):
        while other is not None and other.sequence < row.sequence:
            yield other
            other = next(others, None)
        yield row
    while other is not None:
        yield other
        other = next(others, None)
