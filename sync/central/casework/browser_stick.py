"""A stick that is handed in by a browser: its files come in, central's answers lie ready.

The files are laid out as on a stick and handed in by the same code as one that is plugged into the
server (`courier`): who signed what, each envelope once, in its place. So the same files may come
twice, in parts, in any order, or of several kiosks. A stick larger than one upload comes in
several; its answers are kept together until they were taken home, for a day at most.
"""

import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Sum

from sync import carried
from sync.central.casework.models import Officer, StickAnswer, StickVisit
from sync.central.intake.exchange import CentralServer
from sync.courier import hand_in
from sync.errors import BadBatch, CentralFault
from sync.protocol import BATCH_BYTES_MAX, signer_of
from sync.records import DeviceId
from sync.signed import MessageKind

KEPT_FOR: Final = timedelta(days=1)
VISITS_MAX: Final = 5  # of one officer at a time
ANSWERS_BYTES_MAX: Final = 64 * 2**20  # of one visit: the news of many kiosks
IN_MEMORY_BYTES: Final = 4 * 2**20  # a larger zip lies in a temporary file that has no name
_FRAME_BYTES: Final = 256
_KINDS: Final = {
    carried.BATCH: MessageKind.BATCH,
    carried.PIECE: MessageKind.EVIDENCE_PIECE,
    carried.ENROLMENT: MessageKind.ENROLMENT_REQUEST,
}


class TooMuch(CentralFault):
    """The answers must be taken home before more comes in."""


class _Bounded(CentralServer):
    """Central that writes no more answers than a visit may keep: a small file may ask for much."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def exchange(self, batch: bytes) -> bytes:
        """As ever; raises TooMuch."""
        if self._room <= 0:
            raise TooMuch("The answers must be taken home first.")
        answer = super().exchange(batch)
        self._room -= len(answer)
        return answer


@dataclass(frozen=True, slots=True)
class Kiosk:
    """What one kiosk's messages became."""

    device: str
    batches: int
    pieces: int


def begin(officer: Officer, now: datetime) -> StickVisit:
    """A new stick; what was forgotten of older ones goes."""
    StickVisit.objects.filter(at__lt=now - KEPT_FOR).delete()
    hers = StickVisit.objects.filter(officer=officer).order_by("-pk")
    older = list(hers.values_list("pk", flat=True)[VISITS_MAX - 1 :])
    StickVisit.objects.filter(pk__in=older).delete()
    return StickVisit.objects.create(officer=officer, at=now)


def take_in(visit: StickVisit, uploads: "Iterable[UploadedFile[bytes]]") -> None:
    """Hand files of a stick in, and keep the answers.

    Raises:
        TooMuch: there are too many answers already.
        ExchangeError: central cannot take it in now; what was answered is kept.
    """
    with tempfile.TemporaryDirectory(prefix="stick-") as name:
        stick = Path(name)
        passed_over, torn = _lay_out(stick, uploads)
        refused = torn
        try:
            if (stick / carried.ROOT).exists():
                central = _Bounded(ANSWERS_BYTES_MAX - size_of(visit))
                refused += sum(kiosk.refused for kiosk in hand_in(stick, central))
        finally:
            _keep_answers(visit, stick)
            StickVisit.objects.filter(pk=visit.pk).update(
                refused=F("refused") + refused, passed_over=F("passed_over") + passed_over
            )


def size_of(visit: StickVisit) -> int:
    """How large the answers are together."""
    return visit.answers.aggregate(size=Sum("size"))["size"] or 0


def kiosks_of(visit: StickVisit) -> list[Kiosk]:
    """Whose messages were on it."""
    found: dict[str, list[int]] = {}
    for device, name in visit.answers.order_by("device").values_list("device", "name"):
        counts = found.setdefault(device, [0, 0])
        counts[name.endswith(carried.PIECE + carried.ANSWER)] += 1
    return [Kiosk(device, *counts) for device, counts in found.items()]


def zipped(visit: StickVisit) -> IO[Any]:
    """The answers as they must lie on the stick."""
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - FileResponse closes it
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for answer in visit.answers.order_by("device", "name").iterator(chunk_size=4):
            place = carried.folder(Path(), carried.DOWN, DeviceId(answer.device))
            archive.writestr(str(place / answer.name), bytes(answer.data))
    target.seek(0)
    return target


def _lay_out(stick: Path, uploads: "Iterable[UploadedFile[bytes]]") -> tuple[int, int]:
    """Put files where a stick has them; how many are no messages, and how many are not whole."""
    passed_over = torn = 0
    for upload in uploads:
        name = upload.name or ""
        if not carried.is_message(name):
            passed_over += 1
            continue
        message = upload.read(BATCH_BYTES_MAX + _FRAME_BYTES)
        try:
            device = signer_of(message, _KINDS[Path(name).suffix])
        except BadBatch:
            torn += 1
            continue
        place = carried.folder(stick, carried.UP, device)
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(message)
    return passed_over, torn


def _keep_answers(visit: StickVisit, stick: Path) -> None:
    """Beside the visit; the newest answer to a message is the one that counts."""
    if not (stick / carried.ROOT).exists():
        return
    with transaction.atomic():
        for device in carried.devices(stick, carried.DOWN):
            place = carried.folder(stick, carried.DOWN, device)
            for name in carried.names(place, carried.ANSWER):
                data = (place / name).read_bytes()
                StickAnswer.objects.update_or_create(
                    visit=visit,
                    device=device,
                    name=name,
                    defaults={"data": data, "size": len(data)},
                )
