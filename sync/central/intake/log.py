"""Central's copy of each device's log: every envelope in its place, once, whatever happens.

A batch is taken in by one transaction: envelopes, cases, news for the feed. What is here already is
recognised by its place and its hash; what cannot be filed is set aside in its place and
acknowledged all the same, so that nothing waits behind it.

Two envelopes for one place mean that the device's identity lives twice: a card was copied, a disk
restored. The first to come holds the place. The others are kept beside the log, branch and all;
the device is flagged and a person decides.

Where a damaged disk has lost an envelope, a note holds its place, so that what follows it is filed.
Is it here already, or does it come by another copy of the disk, the note gives way to it.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from sync.central import bulk
from sync.central.casework import intake as casework
from sync.central.intake.judgement import Fault, Judged, Reason
from sync.central.intake.models import Device, EvidenceFile, SetAside, StoredEnvelope
from sync.central.journeys import intake as journeys
from sync.central.voice import complaints, replies
from sync.central.voice import intake as voice
from sync.protocol import Acknowledgement, Batch
from sync.records import FIRST_PREVIOUS, Kind, Outcome
from sync.scrubbed import place_of

logger = logging.getLogger(__name__)

_OUTCOMES = {
    Reason.CONFLICT: Outcome.CONFLICT,
    Reason.FORK: Outcome.CONFLICT,
    Reason.REPLACED: Outcome.EXISTS,  # it was filed once, and stays acknowledged
}
_DETAIL_LENGTH = 300


class CannotFile(Exception):
    """What was set aside cannot be filed now either; it stays where it is."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.detail)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a batch: a word on each envelope, and how far central holds the log."""

    acknowledgements: tuple[Acknowledgement, ...]
    through: int


@dataclass(frozen=True, slots=True)
class _Place:
    """What holds a place of the log already."""

    chain_hash: bytes
    outcome: Outcome  # what is answered when it is sent again
    is_lost: bool = False  # a note holds it: the device's disk has lost what stood there


def outcome_of(reason: str) -> Outcome:
    """How an envelope that was set aside is acknowledged."""
    return _OUTCOMES.get(SetAside.Reason(reason), Outcome.UNREADABLE)


@transaction.atomic
def take_in(batch: Batch, judged: Sequence[Judged], now: datetime) -> TakenIn:
    """Store what is new of a batch; run again, it changes nothing and answers the same."""
    device = Device.objects.select_for_update().get(pk=batch.device)
    device.last_contact_at = now
    is_branch = _is_branch(device, batch)
    if batch.after > device.sequence and not is_branch:
        device.save(update_fields=["last_contact_at"])
        logger.warning(
            "Kiosk %d was told of %d envelopes and %d are here. If an older copy of this server "
            "was put back, run `python -m sync.central restored`.",
            device.kiosk_number,
            batch.after,
            device.sequence,
        )
        return TakenIn((), device.sequence)
    intake = _Intake(device, now)
    places = {} if is_branch else _places(device, batch)
    start = places.get(batch.after)
    on_log = start is not None and (start.is_lost or start.chain_hash == batch.previous)
    acknowledgements = []
    new: list[Judged] = []
    for item in judged:
        place = places.get(item.sequence)
        if on_log and place is None:
            new.append(item)
            continue
        on_log = on_log and place is not None and _fits(item, place)
        if on_log and place is not None:
            found = place.is_lost and not _is_lost(item)
            outcome = intake.put_back(item) if found else place.outcome
            acknowledgements.append(_word(item, outcome))
        else:
            acknowledgements.append(_word(item, intake.keep_branch(item)))
    acknowledgements += [
        _word(item, outcome) for item, outcome in zip(new, intake.file(new), strict=True)
    ]
    device.save(update_fields=["last_contact_at", "sequence", "chain_hash", "forked_at"])
    end = batch.after + len(judged)
    return TakenIn(tuple(acknowledgements), max(end, device.sequence) if on_log else end)


@transaction.atomic
def file_set_aside(row: SetAside, item: Judged) -> None:
    """File in its place of the log what was set aside there.

    Raises:
        CannotFile: casework or voice cannot take it up.
    """
    device = Device.objects.select_for_update().get(pk=row.device_id)
    faults = _Intake(device, row.received_at).hand_over([item])
    if faults:
        raise CannotFile(faults[item.sequence])
    row.delete()


@transaction.atomic
def file_instead(row: SetAside, item: Judged, now: datetime) -> StoredEnvelope:
    """Let what was set aside be the application of its number, and set aside the one that was."""
    before = StoredEnvelope.objects.select_for_update().get(pk=item.application)
    SetAside.objects.create(
        device_id=before.device_id,
        sequence=before.sequence,
        chain_hash=before.chain_hash,
        application=before.application,
        reason=Reason.REPLACED,
        received_at=before.received_at,
        in_log=True,
        closed_at=now,
        header=before.header,
        body=before.body,
        sealed_secret=before.sealed_secret,
    )
    before.delete()
    (stored,) = _Intake(row.device, row.received_at).keep([item])
    row.delete()
    return stored


def is_in_log(device: Device, sequence: int, chain_hash: bytes) -> bool:
    """Whether the envelope of that hash holds that place of the log."""
    if sequence == device.sequence:
        return chain_hash == bytes(device.chain_hash)
    place = {"device": device, "sequence": sequence, "chain_hash": chain_hash}
    return (
        StoredEnvelope.objects.filter(**place).exists()
        or SetAside.objects.filter(in_log=True, **place).exists()
    )


def _fault_of(problem: Exception) -> Fault:
    """Why one envelope could not be filed; nothing of what it says."""
    if isinstance(problem, IntegrityError):  # the same id came by another device at this moment
        return Fault(Reason.CONFLICT)
    return Fault(Reason.UNREADABLE, f"It could not be filed: {type(problem).__name__}.")


def _word(item: Judged, outcome: Outcome) -> Acknowledgement:
    return Acknowledgement(item.application, item.sequence, outcome)


def _is_lost(item: Judged) -> bool:
    return item.fault is not None and item.fault.reason is Reason.LOST


def _fits(item: Judged, place: _Place) -> bool:
    """Whether it is what holds the place; of what is lost nobody can say more."""
    is_same = place.chain_hash == item.envelope.chain_hash
    return is_same or place.is_lost or _is_lost(item)


def _is_branch(device: Device, batch: Batch) -> bool:
    """Whether the batch goes on from an envelope that is kept beside the log."""
    return SetAside.objects.filter(
        device=device, sequence=batch.after, chain_hash=batch.previous, in_log=False
    ).exists()


def _places(device: Device, batch: Batch) -> dict[int, _Place]:
    """What holds the places from `after` to the end of the batch."""
    span = (batch.after, batch.after + len(batch.envelopes))
    if batch.after == device.sequence:
        return {batch.after: _Place(bytes(device.chain_hash), Outcome.EXISTS)}
    places = {
        sequence: _Place(bytes(chain_hash), Outcome.EXISTS)
        for sequence, chain_hash in StoredEnvelope.objects.filter(
            device=device, sequence__range=span
        ).values_list("sequence", "chain_hash")
    }
    for sequence, chain_hash, reason in SetAside.objects.filter(
        device=device, sequence__range=span, in_log=True
    ).values_list("sequence", "chain_hash", "reason"):
        is_lost = reason == Reason.LOST
        places[sequence] = _Place(bytes(chain_hash), outcome_of(reason), is_lost)
    if batch.after == 0:
        places[0] = _Place(FIRST_PREVIOUS, Outcome.EXISTS)
    return places


class _Intake:
    """The writing half of one batch of one device."""

    def __init__(self, device: Device, now: datetime) -> None:
        self._device = device
        self._now = now

    def file(self, items: Sequence[Judged]) -> list[Outcome]:
        """Give each envelope the next place in the log."""
        outcomes = self._outcomes(items)
        if items:
            self._device.sequence = items[-1].sequence
            self._device.chain_hash = items[-1].envelope.chain_hash
        return outcomes

    def put_back(self, item: Judged) -> Outcome:
        """Give an envelope its place where a note says that it was lost.

        Have two people closed the case meanwhile, its holder was asked to apply again: then it is
        kept there, and it takes two people to file it.
        """
        note = SetAside.objects.get(device=self._device, sequence=item.sequence, in_log=True)
        if note.closed_at is None:
            note.delete()
            return self._outcomes([item])[0]
        if not note.body:
            found = self._set_aside(item, Fault(Reason.LOST, note.detail), in_log=True)
            found.pk, found.closed_at = note.pk, note.closed_at
            found.save(force_update=True)
        return outcome_of(Reason.LOST)

    def _outcomes(self, items: Sequence[Judged]) -> list[Outcome]:
        known = set(
            StoredEnvelope.objects.filter(
                application__in=[item.application for item in items]
            ).values_list("application", flat=True)
        )
        faults: dict[int, Fault] = {}
        good: list[Judged] = []
        for item in items:
            if item.fault is not None:
                faults[item.sequence] = item.fault
            elif item.application in known:
                faults[item.sequence] = Fault(Reason.CONFLICT)
            else:
                known.add(item.application)
                good.append(item)
        self._keep_aside(items, faults)  # first: one behind it may hand the same in again
        stumbled = self.hand_over(good)
        self._keep_aside(items, stumbled)
        faults |= stumbled
        return [
            outcome_of(faults[item.sequence].reason) if item.sequence in faults else Outcome.CREATED
            for item in items
        ]

    def _keep_aside(self, items: Sequence[Judged], faults: Mapping[int, Fault]) -> None:
        SetAside.objects.bulk_create(
            self._set_aside(item, faults[item.sequence], in_log=True)
            for item in items
            if item.sequence in faults
        )

    def keep_branch(self, item: Judged) -> Outcome:
        """Keep an envelope beside the log, once, and flag the device."""
        if self._device.forked_at is None:
            self._device.forked_at = self._now
            logger.warning("Device %s lives twice.", self._device.pk)
        kept = SetAside.objects.filter(
            device=self._device, sequence=item.sequence, chain_hash=item.envelope.chain_hash
        )
        if not kept.exists():
            self._set_aside(item, Fault(Reason.FORK), in_log=False).save(force_insert=True)
        return Outcome.CONFLICT

    def hand_over(self, items: Sequence[Judged]) -> dict[int, Fault]:
        """Store envelopes and let casework and voice take them up; what they cannot is a fault.

        One that makes them stumble must not take its neighbours down: then each goes by itself.
        """
        if not items:
            return {}
        try:
            with transaction.atomic():
                self._store(items)
        except (OperationalError, InterfaceError):
            raise  # the database's trouble is not the envelope's: the device sends it again
        except Exception as problem:  # noqa: BLE001 - whatever one envelope does, the others go on
            if len(items) == 1:
                place = (items[0].sequence, self._device.pk, place_of(problem))
                logger.error("The envelope %d of %s could not be filed: %s.", *place)  # noqa: TRY400 - its message may quote an answer
                return {items[0].sequence: _fault_of(problem)}
            faults: dict[int, Fault] = {}
            for item in items:
                faults |= self.hand_over([item])
            return faults
        return {}

    def keep(self, items: Sequence[Judged]) -> list[StoredEnvelope]:
        """Give envelopes their places in the log, and take their documents from now on."""
        rows = [self._stored(item) for item in items]
        bulk.insert(rows)
        EvidenceFile.objects.bulk_create(
            (
                EvidenceFile(sha256=note.sha256.hex(), size=note.size, announced_at=self._now)
                for item in items
                if item.header
                for note in item.header.evidence
            ),
            ignore_conflicts=True,
        )
        return rows

    def _store(self, items: Sequence[Judged]) -> None:
        rows = self.keep(items)
        for receive, chosen in (
            (casework.receive, [row for row in rows if voice.is_application(row)]),
            (complaints.receive, [row for row in rows if voice.is_complaint(row)]),
            (voice.receive, [row for row in rows if row.kind == Kind.FEEDBACK.value]),
            (replies.receive, [row for row in rows if row.kind == Kind.REPLY.value]),
            (journeys.receive, [row for row in rows if row.kind == Kind.JOURNEY.value]),
        ):
            if chosen:
                receive(chosen)

    def _stored(self, item: Judged) -> StoredEnvelope:
        header = item.header
        assert header is not None
        row = StoredEnvelope(
            application=header.id,
            device=self._device,
            sequence=item.sequence,
            chain_hash=item.envelope.chain_hash,
            kind=header.kind.value,
            reference=header.reference,
            service=header.service,
            service_version=header.service_version,
            office=item.office,
            received_at=self._now,
            header=item.envelope.header,
            body=item.envelope.body,
            sealed_secret=item.envelope.sealed_secret,
        )
        row.__dict__["parsed"] = header  # read once
        return row

    def _set_aside(self, item: Judged, fault: Fault, *, in_log: bool) -> SetAside:
        return SetAside(
            device=self._device,
            sequence=item.sequence,
            chain_hash=item.envelope.chain_hash,
            application=item.application,
            reason=fault.reason,
            detail=fault.detail[:_DETAIL_LENGTH],
            received_at=self._now,
            in_log=in_log,
            header=item.envelope.header,
            body=item.envelope.body,
            sealed_secret=item.envelope.sealed_secret,
        )
