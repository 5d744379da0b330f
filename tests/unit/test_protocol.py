"""Messages: what one end signs the other reads whole, and nothing else."""

import secrets
from dataclasses import replace

import pytest
import zstandard
from nacl.signing import SigningKey

from sync import cbor
from sync.enrolment import Enrolment, EnrolmentRequest
from sync.errors import BadAnswer, BadBatch, BadRecord
from sync.protocol import (
    Acknowledgement,
    Answer,
    Batch,
    EvidenceAnswer,
    EvidencePiece,
    EvidenceRequest,
    Report,
    signer_of,
)
from sync.records import (
    FIRST_PREVIOUS,
    NATION,
    ApplicationId,
    Change,
    ChangeKind,
    Envelope,
    Header,
    KeyNote,
    KeyPurpose,
    Kind,
    Outcome,
    Stamp,
    Status,
    StatusEvent,
    TimeQuality,
    device_audience,
    device_id,
    key_id,
)
from sync.signed import MessageKind, Signed, message_hash

KIOSK = SigningKey(bytes(range(32)))
CENTRAL = SigningKey(bytes(range(1, 33)))
OTHER = SigningKey(bytes(range(2, 34)))
DEVICE = device_id(bytes(KIOSK.verify_key))
KEYS = {key_id(bytes(CENTRAL.verify_key)): bytes(CENTRAL.verify_key)}
CENTRAL_ID = next(iter(KEYS))
NOW = Stamp(1_800_000_000_000, TimeQuality.TRUSTED)


def chained(count: int) -> tuple[Envelope, ...]:
    envelopes: list[Envelope] = []
    previous = FIRST_PREVIOUS
    for sequence in range(1, count + 1):
        header = Header(
            device=DEVICE,
            sequence=sequence,
            previous=previous,
            kind=Kind.APPLICATION,
            id=ApplicationId(f"{sequence:032x}"),
            reference=f"0001-0000-{sequence:04}",
            service="la.moha.residence-certificate",
            service_version="1",
            office="la-vte-xaythany",
            recorded=NOW,
            central_key=CENTRAL_ID,
        )
        body = sequence.to_bytes(4, "big") * 50
        envelopes.append(Envelope(header.to_bytes(), body, bytes(64)))
        previous = envelopes[-1].chain_hash
    return tuple(envelopes)


BATCH = Batch(
    device=DEVICE,
    envelopes=chained(5),
    epoch=bytes(16),
    cursor={NATION: 3, device_audience(DEVICE): 0},
    report=Report(CENTRAL_ID, 9, 5, 2, 0),
)
ANSWER = Answer(
    batch=bytes(32),
    at=NOW,
    epoch=bytes(16),
    through=5,
    acknowledgements=(Acknowledgement(ApplicationId("ab" * 16), 5, Outcome.CREATED),),
    changes=(Change(NATION, 4, ChangeKind.SERVICE, b"bundle"), Change(NATION, 5, 77, b"new")),
    more=True,
)


def test_central_reads_the_batch_that_the_device_signed() -> None:
    message = BATCH.signed(KIOSK)
    assert signer_of(message) == DEVICE
    assert Batch.from_bytes(message, bytes(KIOSK.verify_key)) == BATCH


def test_a_report_may_be_absent_and_may_grow() -> None:
    silent = Batch(device=DEVICE)
    assert Batch.from_bytes(silent.signed(KIOSK), bytes(KIOSK.verify_key)).report is None
    report = Report(CENTRAL_ID, 9, 5, 2, 0)
    assert Report.from_wire([*report.to_wire(), "of a later version"]) == report
    for bad in ([], [CENTRAL_ID, 9, 5, 2], [CENTRAL_ID, -1, 0, 0, 0, 0], [bytes(9), 1, 1, 1, 1, 1]):
        with pytest.raises(BadRecord):
            Report.from_wire(bad)


def test_the_very_bytes_of_the_headers_arrive() -> None:
    read = Batch.from_bytes(BATCH.signed(KIOSK), bytes(KIOSK.verify_key))
    assert [e.header for e in read.envelopes] == [e.header for e in BATCH.envelopes]


def test_envelopes_that_are_not_chained_arrive_as_they_are() -> None:
    odd = (Envelope(b"no header at all", b"body", bytes(64)), chained(3)[2])
    batch = Batch(device=DEVICE, envelopes=odd)
    assert Batch.from_bytes(batch.signed(KIOSK), bytes(KIOSK.verify_key)).envelopes == odd


def test_a_batch_signed_by_another_is_refused() -> None:
    with pytest.raises(BadBatch, match="signature"):
        Batch.from_bytes(BATCH.signed(OTHER), bytes(KIOSK.verify_key))


@pytest.mark.parametrize("place", range(0, 1000, 37))
def test_a_batch_with_one_altered_byte_is_refused(place: int) -> None:
    message = bytearray(BATCH.signed(KIOSK))
    message[place % len(message)] ^= 0x10
    with pytest.raises(BadBatch):
        Batch.from_bytes(bytes(message), bytes(KIOSK.verify_key))


def test_a_truncated_batch_is_refused() -> None:
    message = BATCH.signed(KIOSK)
    for length in range(0, len(message), 11):
        with pytest.raises(BadBatch):
            Batch.from_bytes(message[:length], bytes(KIOSK.verify_key))


def test_one_kind_of_message_is_never_taken_for_another() -> None:
    batch = Signed.from_bytes(BATCH.signed(KIOSK), MessageKind.BATCH, 100_000)
    passed_off = cbor.encode([2, batch.signer, batch.signature, batch.payload])
    keys = {batch.signer: bytes(KIOSK.verify_key)}
    with pytest.raises(BadAnswer):
        Answer.from_bytes(passed_off, keys)


def test_headers_that_unpack_to_gigabytes_are_refused() -> None:
    bomb = zstandard.compress(bytes(200_000_000))
    fields = {1: {}, 2: 0, 3: bytes(32), 4: [bomb, [], b""], 5: 0, 6: bytes(16)}
    message = Signed.by(KIOSK, bytes.fromhex(DEVICE), MessageKind.BATCH, cbor.encode(fields))
    with pytest.raises(BadBatch, match="unpack"):
        Batch.from_bytes(message.to_bytes(), bytes(KIOSK.verify_key))


def test_the_device_reads_the_answer_that_central_signed() -> None:
    assert Answer.from_bytes(ANSWER.signed(CENTRAL, CENTRAL_ID), KEYS) == ANSWER
    assert Answer.from_bytes(ANSWER.signed(CENTRAL, CENTRAL_ID, packed=True), KEYS) == ANSWER


def test_an_application_that_is_named_twice_costs_its_bytes_once() -> None:
    words = tuple(
        Acknowledgement(ApplicationId(secrets.token_hex(16)), number, Outcome.CREATED)
        for number in range(1, 101)
    )
    news = tuple(
        Change(
            NATION,
            word.sequence,
            ChangeKind.STATUS,
            StatusEvent(word.application, 1, Status.RECEIVED, NOW, "office").to_bytes(),
        )
        for word in words
    )
    answer = replace(ANSWER, acknowledgements=words, changes=news)
    plain, packed = (answer.signed(CENTRAL, CENTRAL_ID, packed=packed) for packed in (False, True))
    assert len(packed) < len(plain) / 2
    assert Answer.from_bytes(packed, KEYS) == answer


@pytest.mark.parametrize(
    "packed",
    [
        zstandard.compress(bytes(200_000_000)),
        zstandard.compress(cbor.encode([[], [], []])),
        b"not packed at all",
    ],
    ids=["gigabytes", "three lists", "noise"],
)
def test_an_answer_that_is_packed_otherwise_is_refused(packed: bytes) -> None:
    fields = {0: bytes(32), 1: NOW.to_wire(), 2: bytes(16), 3: 0, 6: 0, 7: packed}
    message = Signed.by(CENTRAL, CENTRAL_ID, MessageKind.ANSWER, cbor.encode(fields))
    with pytest.raises(BadAnswer):
        Answer.from_bytes(message.to_bytes(), KEYS)


def test_a_device_that_does_not_say_so_gets_plain_answers() -> None:
    assert not Batch.from_bytes(BATCH.signed(KIOSK), bytes(KIOSK.verify_key)).reads_packed
    said = replace(BATCH, reads_packed=True).signed(KIOSK)
    assert Batch.from_bytes(said, bytes(KIOSK.verify_key)).reads_packed


def test_an_answer_signed_with_an_unknown_key_is_refused() -> None:
    with pytest.raises(BadAnswer, match="does not know"):
        Answer.from_bytes(ANSWER.signed(OTHER, bytes(8)), KEYS)
    with pytest.raises(BadAnswer, match="signature"):
        Answer.from_bytes(ANSWER.signed(OTHER, CENTRAL_ID), KEYS)


def test_evidence_messages_come_back() -> None:
    key = bytes(KIOSK.verify_key)
    request = EvidenceRequest(DEVICE, bytes(32))
    assert EvidenceRequest.from_bytes(request.signed(KIOSK), key) == request
    piece = EvidencePiece(DEVICE, bytes(32), 10, 20, b"0123456789")
    assert EvidencePiece.from_bytes(piece.signed(KIOSK), key) == piece
    answer = EvidenceAnswer(message_hash(b"x"), 20)
    assert EvidenceAnswer.from_bytes(answer.signed(CENTRAL, CENTRAL_ID), KEYS) == answer


def test_a_piece_beyond_the_end_of_its_file_is_refused() -> None:
    piece = EvidencePiece(DEVICE, bytes(32), 11, 20, b"0123456789")
    with pytest.raises(BadBatch):
        EvidencePiece.from_bytes(piece.signed(KIOSK), bytes(KIOSK.verify_key))


def test_an_enrolment_request_proves_that_the_device_has_the_key() -> None:
    request = EnrolmentRequest("ABCD-EFGH", bytes(KIOSK.verify_key), "Kiosk 1")
    assert EnrolmentRequest.from_bytes(request.signed(KIOSK)) == request
    with pytest.raises(BadBatch):
        EnrolmentRequest.from_bytes(request.signed(OTHER))


def enrolment() -> Enrolment:
    key = bytes(CENTRAL.verify_key)
    return Enrolment(
        request=bytes(32),
        at=NOW,
        device=DEVICE,
        kiosk_number=12,
        office="la-vte-xaythany",
        office_name={"lo": "ໄຊທານີ", "en": "Xaythany"},
        epoch=bytes(16),
        keys=(KeyNote(CENTRAL_ID, KeyPurpose.ANSWERS, key, "central"),),
        audiences=(NATION, device_audience(DEVICE)),
        portal_url="https://example.la",
    )


def test_an_enrolment_comes_back() -> None:
    assert Enrolment.from_bytes(enrolment().signed(CENTRAL, CENTRAL_ID)) == enrolment()


def test_an_enrolment_signed_with_a_key_that_it_does_not_bring_is_refused() -> None:
    with pytest.raises(BadAnswer):
        Enrolment.from_bytes(enrolment().signed(OTHER, CENTRAL_ID))
    with pytest.raises(BadAnswer):
        Enrolment.from_bytes(enrolment().signed(OTHER, bytes(8)))
