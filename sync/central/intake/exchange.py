"""What central answers to a device, by whatever road the bytes came.

`CentralServer` is the server side of `sync.protocol.Central`: the web addresses call it, a stick
will, and tests do so directly. Bytes in, signed bytes out; everything that must last is in the
database before the answer is signed.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.utils import timezone

from sync.central.casework.events import tell_about
from sync.central.intake import enrolment, evidence, feed, lives
from sync.central.intake.contact import note_contact
from sync.central.intake.judgement import judge_all
from sync.central.intake.log import TakenIn, is_in_log, take_in
from sync.central.intake.models import Device
from sync.central.intake.refusal import BAD_MESSAGE, BLOCKED_DEVICE, UNKNOWN_DEVICE, refused
from sync.central.keys import CentralKeys, central_keys
from sync.errors import BadBatch
from sync.protocol import (
    Answer,
    Batch,
    EvidenceAnswer,
    EvidencePiece,
    EvidenceRequest,
    Report,
    message_hash,
    signer_of,
)
from sync.records import Stamp, TimeQuality
from sync.signed import MessageKind

Message = TypeVar("Message")


class CentralServer:
    """Central as a device sees it.

    Args:
        keys: what to sign with; this server's own by default.
        now: the clock.
    """

    def __init__(
        self, keys: CentralKeys | None = None, now: Callable[[], datetime] = timezone.now
    ) -> None:
        self._given_keys = keys
        self._now = now

    @property
    def _keys(self) -> CentralKeys:
        return self._given_keys or central_keys()

    def exchange(self, batch: bytes) -> bytes:
        """Take in a slice of a device's log; answer with a word on each envelope and the news.

        Raises:
            Refused: unknown or blocked device, or not what that device signed.
        """
        device, read = self._verified(batch, MessageKind.BATCH, Batch.from_bytes)
        now = self._now()
        taken = self._taken_in(device, read, now)
        if read.asked:
            tell_about(device, read.asked, now)
        epoch = feed.current_epoch()
        cursor = read.cursor if read.epoch == epoch else {}
        news = feed.after(enrolment.audiences_of(device), cursor, read.room_bytes)
        answer = Answer(
            batch=message_hash(batch),
            at=Stamp(int(now.timestamp() * 1000), TimeQuality.TRUSTED),
            epoch=epoch,
            through=taken.through,
            acknowledgements=taken.acknowledgements,
            changes=news.changes,
            more=news.more,
        )
        note_contact(device, read, answer, now)
        key = self._keys.answers_for(_known_key(read.report))
        return answer.signed(*key, packed=read.reads_packed)

    def evidence_offset(self, request: bytes) -> bytes:
        """Say how much of a file is here; raises Refused."""
        device, read = self._verified(
            request, MessageKind.EVIDENCE_REQUEST, EvidenceRequest.from_bytes
        )
        return self._evidence_answer(device, request, evidence.offset_of(read.sha256))

    def send_evidence(self, piece: bytes) -> bytes:
        """Add a piece of a file; raises Refused."""
        device, read = self._verified(piece, MessageKind.EVIDENCE_PIECE, EvidencePiece.from_bytes)
        return self._evidence_answer(device, piece, evidence.append(read))

    def enrol(self, request: bytes) -> bytes:
        """Let a new device in; raises Refused."""
        try:
            return enrolment.enrol(request, self._keys, self._now())
        except BadBatch as problem:
            raise refused(BAD_MESSAGE, str(problem)) from problem

    def _verified(
        self, message: bytes, kind: MessageKind, read: Callable[[bytes, bytes], Message]
    ) -> tuple[Device, Message]:
        """The sender and what it really signed."""
        try:
            device = Device.objects.filter(pk=signer_of(message, kind)).first()
            if device is None:
                raise refused(UNKNOWN_DEVICE, "This kiosk is not enrolled here. Enrol it first.")
            content = read(message, bytes(device.verify_key))
        except BadBatch as problem:
            raise refused(BAD_MESSAGE, str(problem)) from problem
        if device.blocked_at is not None:
            raise refused(BLOCKED_DEVICE, "This kiosk was taken out of service.")
        return device, content

    def _taken_in(self, device: Device, batch: Batch, now: datetime) -> TakenIn:
        """Write only when there is something to write."""
        if batch.envelopes or batch.after > device.sequence:
            return take_in(batch, judge_all(batch, self._keys, lives.names_of(device)), now)
        return TakenIn((), _held_through(device, batch))

    def _evidence_answer(self, device: Device, message: bytes, offset: int) -> bytes:
        answer = EvidenceAnswer(message_hash(message), offset, feed.current_epoch())
        known = None if device.answers_key is None else bytes(device.answers_key)
        return answer.signed(*self._keys.answers_for(known))


def _held_through(device: Device, batch: Batch) -> int:
    """How far the device's log is here, as long as it is the one that the device holds."""
    on_log = batch.after == 0 or is_in_log(device, batch.after, batch.previous)
    return device.sequence if on_log else batch.after


def _known_key(report: Report | None) -> bytes | None:
    """The newest of our answering keys that a device says to know."""
    return report.answers_key if report else None
