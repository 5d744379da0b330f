"""What an envelope looks like before it is stored: readable, ours, openable, for an office of ours.

Judging costs microseconds of arithmetic and no write, so it happens before the transaction begins.
A fault is a value: the envelope is set aside with it, a person is told, and what is behind flows.
The answers are opened to see that they can be, and forgotten again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import cbor2

from sync.central.casework.models import Office
from sync.central.catalogue import shelf
from sync.central.intake.models import SetAside
from sync.central.keys import CentralKeys
from sync.envelope import SECRET_BYTES, application_id, open_answers, open_secret
from sync.errors import BadRecord, CannotOpen
from sync.protocol import Batch
from sync.records import ApplicationId, Envelope, Header, Kind

Reason = SetAside.Reason
UNKNOWN_APPLICATION = ApplicationId("0" * 32)  # stands where no id can be read
FILED = (Kind.APPLICATION, Kind.COMPLAINT)  # each becomes a case of its service
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an envelope waits for a person."""

    reason: SetAside.Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """An envelope at its place in the log; with a header and an office, or with a fault."""

    envelope: Envelope
    sequence: int
    application: ApplicationId
    header: Header | None
    office: Office | None
    fault: Fault | None


def judge_all(batch: Batch, keys: CentralKeys, names: Collection[str] = ()) -> list[Judged]:
    """Every envelope of a batch, in its order.

    Args:
        batch: as the device signed it.
        keys: what to open with.
        names: the devices that its envelopes may name; none given: the sender alone.
    """
    names = names or (batch.device,)
    headers = [_header(envelope) for envelope in batch.envelopes]
    offices = _offices(headers)
    judged = []
    previous = batch.previous
    for place, (envelope, header) in enumerate(zip(batch.envelopes, headers, strict=True), 1):
        sequence = batch.after + place
        if isinstance(header, Fault):
            application = _claimed_id(envelope.header)
            judged.append(Judged(envelope, sequence, application, None, None, header))
        else:
            office = offices.get(header.office)
            fault = (
                _misplaced(header, names, sequence, previous)
                or _homeless(header, office)
                or _sealed_for_others(envelope, header, keys)
            )
            judged.append(Judged(envelope, sequence, header.id, header, office, fault))
        previous = envelope.chain_hash
    return judged


def judge_again(row: SetAside, keys: CentralKeys) -> Judged:
    """What was set aside, as it looks now that people answer for its place and its office.

    A key, an office or a service may have come since; and where it stands in the log, or which
    device or office it names, keeps nobody from reading it.
    """
    envelope = Envelope(bytes(row.header), bytes(row.body), bytes(row.sealed_secret))
    header = _header(envelope)
    if isinstance(header, Fault):
        return Judged(envelope, row.sequence, ApplicationId(row.application), None, None, header)
    office = _offices([header]).get(header.office, row.device.office)
    fault = _homeless(header, office) or _sealed_for_others(envelope, header, keys)
    return Judged(envelope, row.sequence, header.id, header, office, fault)


def _header(envelope: Envelope) -> Header | Fault:
    lost = envelope.lost_note
    if lost is not None:
        return Fault(Reason.LOST, lost.reference)
    try:
        return envelope.parsed
    except BadRecord as problem:
        return Fault(Reason.UNREADABLE, str(problem))


def _offices(headers: Sequence[Header | Fault]) -> dict[str, Office]:
    named = {header.office for header in headers if isinstance(header, Header)}
    return Office.objects.in_bulk(named)


def _claimed_id(header: bytes) -> ApplicationId:
    """The id in a header that cannot be read otherwise, perhaps of a later version."""
    try:
        fields = cbor2.loads(header)
    except Exception:  # noqa: BLE001 - hostile bytes make the decoder stumble over anything
        return UNKNOWN_APPLICATION
    match fields:
        case {5: bytes(id_)} if len(id_) == _ID_BYTES:
            return ApplicationId(id_.hex())
    return UNKNOWN_APPLICATION


def _misplaced(
    header: Header, names: Collection[str], sequence: int, previous: bytes
) -> Fault | None:
    if header.device not in names:
        return Fault(Reason.OTHER_DEVICE, f"It names the device {header.device}.")
    if header.sequence != sequence:
        return Fault(Reason.CHAIN, f"It names the place {header.sequence}, not {sequence}.")
    if header.previous != previous:
        return Fault(Reason.CHAIN, "It names another envelope before it.")
    return None


def _homeless(header: Header, office: Office | None) -> Fault | None:
    if office is None:
        return Fault(Reason.OFFICE, f"It is addressed to the office {header.office}.")
    if header.kind in FILED:
        try:
            shelf.find(header.service, header.service_version)
        except shelf.NotPublished as problem:
            return Fault(Reason.SERVICE, str(problem))
    return None


def _sealed_for_others(envelope: Envelope, header: Header, keys: CentralKeys) -> Fault | None:
    if envelope.is_hollow:
        return Fault(Reason.CANNOT_OPEN, "The kiosk has erased its content: it was here before.")
    private_key = keys.opening.get(header.central_key)
    if private_key is None:
        return Fault(Reason.CANNOT_OPEN, f"It is sealed to the key {header.central_key.hex()}.")
    try:
        secret = open_secret(envelope.sealed_secret, bytes(private_key))
        if len(secret) != SECRET_BYTES or application_id(secret) != header.id:
            return Fault(Reason.CANNOT_OPEN, "Its secret belongs to another application.")
        if header.kind in FILED:
            dictionary = shelf.find(header.service, header.service_version).dictionary
            open_answers(envelope, secret, dictionary)
    except CannotOpen as problem:
        return Fault(Reason.CANNOT_OPEN, str(problem))
    return None
