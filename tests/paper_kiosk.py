"""A kiosk that has keys and a log and nothing else: it makes the very bytes that kiosks send."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from nacl.signing import SigningKey

from sync import envelope as envelopes
from sync.central.casework.models import Office
from sync.central.intake import enrolment
from sync.central.intake.exchange import CentralServer
from sync.enrolment import Enrolment, EnrolmentRequest
from sync.protocol import Answer, Batch, EvidencePiece
from sync.records import (
    FIRST_PREVIOUS,
    Envelope,
    EvidenceNote,
    Header,
    KeyPurpose,
    Kind,
    Stamp,
    TimeQuality,
    device_id,
)
from sync.reference import compose
from tests.sample_service import OFFICE, SERVICE, VERSION

RECORDED = Stamp(1_795_000_000_000, TimeQuality.TRUSTED)


def new_code(office: str = OFFICE, *, hours: float = 24 * 365 * 100) -> str:
    """An enrolment code of the central in this process, good whatever its clock says."""
    return enrolment.new_code(Office.objects.get(pk=office), "Test kiosk", timedelta(hours=hours))


class PaperKiosk:
    """One device of a central in this process."""

    def __init__(self, server: CentralServer, office: str = OFFICE) -> None:
        self.server = server
        self.key = SigningKey.generate()
        self.id = device_id(bytes(self.key.verify_key))
        self.enrolment = Enrolment.from_bytes(server.enrol(self.request(new_code(office))))
        self.log: list[Envelope] = []
        self.secrets: list[bytes] = []

    def request(self, code: str) -> bytes:
        return EnrolmentRequest(code, bytes(self.key.verify_key), "Test kiosk").signed(self.key)

    @property
    def answer_keys(self) -> dict[bytes, bytes]:
        return self._keys(KeyPurpose.ANSWERS)

    def _keys(self, purpose: KeyPurpose) -> dict[bytes, bytes]:
        return {note.id: note.key for note in self.enrolment.keys if note.purpose is purpose}

    def files(
        self,
        record: Mapping[str, Any] | None = None,
        *,
        secret: bytes | None = None,
        evidence: tuple[EvidenceNote, ...] = (),
        dictionary: bytes | None = None,
        **changed: Any,
    ) -> Envelope:
        """Seal an application and put it into the log; header fields may be changed."""
        secret = secret or envelopes.new_secret()
        ((key_id, sealing_key),) = self._keys(KeyPurpose.SEALING).items()
        header = Header(
            device=self.id,
            sequence=len(self.log) + 1,
            previous=self.log[-1].chain_hash if self.log else FIRST_PREVIOUS,
            kind=Kind.APPLICATION,
            id=envelopes.application_id(secret),
            reference=compose(self.enrolment.kiosk_number, len(self.log) + 1),
            service=SERVICE,
            service_version=VERSION,
            office=self.enrolment.office,
            recorded=RECORDED,
            central_key=key_id,
            evidence=evidence,
        )
        data = replace(header, **changed).to_bytes()
        record = record or {"data": {"name": "ສົມພອນ"}}
        body = envelopes.seal_answers(record, data, secret, dictionary)
        self.secrets.append(secret)
        return self.append(Envelope(data, body, envelopes.seal_secret(secret, sealing_key)))

    def append(self, envelope: Envelope) -> Envelope:
        """Put any envelope into the log."""
        self.log.append(envelope)
        return envelope

    def batch(self, after: int = 0, until: int | None = None, **changed: Any) -> Batch:
        """A slice of the log."""
        slice_ = Batch(
            device=self.id,
            after=after,
            previous=self.log[after - 1].chain_hash if after else FIRST_PREVIOUS,
            envelopes=tuple(self.log[after:until]),
        )
        return replace(slice_, **changed)

    def sends(self, batch: Batch | None = None) -> Answer:
        """Exchange a batch, the whole log by default; central's answer, verified."""
        message = (batch or self.batch()).signed(self.key)
        return Answer.from_bytes(self.server.exchange(message), self.answer_keys)

    def piece(self, sha256: bytes, data: bytes, offset: int, total: int) -> bytes:
        """A signed piece of evidence."""
        return EvidencePiece(self.id, sha256, offset, total, data).signed(self.key)
