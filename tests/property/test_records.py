"""Records for any content: what is written reads back, and hostile bytes have one way to fail."""

from contextlib import suppress
from dataclasses import replace
from datetime import date

import cbor2
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from sync import envelope, slices
from sync.enrolment import Enrolment, EnrolmentRequest
from sync.errors import BadAnswer, BadBatch, BadRecord, CannotOpen
from sync.protocol import Answer, Batch, EvidencePiece, EvidenceRequest
from sync.records import (
    ApplicationId,
    Channel,
    ClerkNote,
    DeviceId,
    Envelope,
    EvidenceNote,
    Header,
    KeyNote,
    KeyPurpose,
    Kind,
    OfficeNote,
    ServiceNote,
    Stamp,
    Status,
    StatusEvent,
    TimeQuality,
    device_id,
    key_id,
)
from sync.signed import MessageKind, Signed

KEY = SigningKey(bytes(range(32)))
VERIFY = bytes(KEY.verify_key)
DEVICE = device_id(VERIFY)
ANSWER_KEYS = {key_id(VERIFY): VERIFY}

names = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=40).filter(
    str.isprintable
)
ids = st.binary(min_size=16, max_size=16).map(lambda b: ApplicationId(b.hex()))
counts = st.integers(0, 2**63 - 1)
wire_integers = st.integers(-(2**64), 2**64 - 1)  # larger ones need a tag: never in records
stamps = st.builds(Stamp, counts, st.sampled_from(TimeQuality))
hashes = st.binary(min_size=32, max_size=32)
key_ids = st.binary(min_size=8, max_size=8)

headers = st.builds(
    Header,
    device=key_ids.map(lambda b: DeviceId(b.hex())),
    sequence=st.integers(1, 2**63 - 1),
    previous=hashes,
    kind=st.sampled_from(Kind),
    id=ids,
    reference=st.sampled_from(["", "0001-0000-07AB"]),
    service=names,
    service_version=names,
    office=names,
    recorded=stamps,
    central_key=key_ids,
    channel=st.sampled_from(Channel),
    replaces=st.none() | ids,
    proof=st.none() | st.binary(min_size=16, max_size=16),
    assisted_by=st.none() | counts,
    evidence=st.lists(st.builds(EvidenceNote, hashes, st.integers(1, 1_000_000)), max_size=3).map(
        tuple
    ),
)
events = st.builds(
    StatusEvent,
    application=ids,
    number=st.integers(1, 2**63 - 1),
    status=st.sampled_from(Status),
    at=stamps,
    office=names,
    due=st.none() | st.dates(),
    reason=st.none() | names,
    words=st.none() | st.binary(min_size=1, max_size=100),
    reference=st.just("") | st.just("0001-0000-07AB"),
    service=st.just("") | names,
    step=st.just("") | names,
    law=st.just("") | names,
    deciders=st.lists(names, max_size=2).map(tuple),
    asked=st.none() | st.binary(min_size=1, max_size=100),
    replaces=st.none() | ids,
)
key_notes = st.builds(
    KeyNote,
    key_ids,
    st.sampled_from(KeyPurpose),
    hashes,
    names,
    st.none() | st.integers(0, 99),
    st.none() | st.integers(0, 2**40),
)
office_notes = st.builds(
    OfficeNote,
    id=names,
    name=st.dictionaries(st.sampled_from(["lo", "en"]), names),
    phone=st.just("") | names,
    opening_hours=st.just("") | names,
    holidays=st.lists(st.dates(date(2020, 1, 1)), max_size=5).map(tuple),
    portal_url=st.just("") | names,
    sample=st.booleans(),
)
plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.binary()
    | st.text()
    | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.integers(0, 20) | st.text(max_size=3), inner, max_size=6)
    ),
    max_leaves=12,
)
hostile = st.binary(max_size=300) | plain.map(cbor2.dumps)


@given(headers)
def test_a_header_reads_back(header: Header) -> None:
    assert Header.from_bytes(header.to_bytes()) == header


@given(events)
def test_a_status_event_reads_back(event: StatusEvent) -> None:
    assert StatusEvent.from_bytes(event.to_bytes()) == event


@given(key_notes)
def test_a_key_note_reads_back(note: KeyNote) -> None:
    assert KeyNote.from_bytes(note.to_bytes()) == note


@given(office_notes)
def test_an_office_note_reads_back(note: OfficeNote) -> None:
    assert OfficeNote.from_bytes(note.to_bytes()) == note


@given(hostile)
def test_hostile_bytes_are_a_bad_record_and_nothing_else(data: bytes) -> None:
    for record in (Header, StatusEvent, KeyNote, ServiceNote, OfficeNote, ClerkNote):
        try:
            read = record.from_bytes(data)
        except BadRecord:
            continue
        assert record.from_bytes(read.to_bytes()) == read


@given(headers, st.data())
def test_a_header_with_a_changed_field_still_fails_in_one_way(
    header: Header, data: st.DataObject
) -> None:
    fields = cbor2.loads(header.to_bytes())
    fields[data.draw(st.integers(0, 17))] = data.draw(plain)
    with suppress(BadRecord):
        Header.from_bytes(cbor2.dumps(fields, canonical=True))


@given(events, headers)
def test_a_reader_without_corrections_reads_what_it_knows(
    event: StatusEvent, header: Header
) -> None:
    # What an earlier release keeps of it is what these records say without the newer fields.
    older = cbor2.loads(event.to_bytes())
    without = {key: value for key, value in older.items() if key not in (10, 11)}
    known = replace(event, asked=None, replaces=None)
    assert StatusEvent.from_bytes(cbor2.dumps(without, canonical=True)) == known
    fields = cbor2.loads(header.to_bytes())
    fields.pop(16, None)
    assert Header.from_bytes(cbor2.dumps(fields, canonical=True)) == replace(header, proof=None)


@given(headers, st.dictionaries(st.integers(100, 200), wire_integers, max_size=3))
def test_fields_of_a_newer_writer_are_left_alone(header: Header, more: dict[int, int]) -> None:
    fields = cbor2.loads(header.to_bytes()) | more
    assert Header.from_bytes(cbor2.dumps(fields, canonical=True)) == header


@given(hostile)
def test_hostile_messages_are_bad_and_nothing_else(data: bytes) -> None:
    for message in (data, signed(MessageKind.BATCH, data)):
        expect_bad_batch(message)
        for read in (
            lambda m: Answer.from_bytes(m, ANSWER_KEYS),
            Enrolment.from_bytes,
        ):
            with suppress(BadAnswer):
                read(message)


def expect_bad_batch(message: bytes) -> None:
    for read in (
        lambda m: Batch.from_bytes(m, VERIFY),
        lambda m: EvidenceRequest.from_bytes(m, VERIFY),
        lambda m: EvidencePiece.from_bytes(m, VERIFY),
        EnrolmentRequest.from_bytes,
    ):
        with suppress(BadBatch):
            read(message)


def signed(kind: MessageKind, payload: bytes, signer: bytes = bytes.fromhex(DEVICE)) -> bytes:
    return Signed.by(KEY, signer, kind, payload).to_bytes()


@given(hostile)
def test_hostile_content_under_a_good_signature_is_bad_and_nothing_else(data: bytes) -> None:
    for kind in (MessageKind.BATCH, MessageKind.EVIDENCE_PIECE, MessageKind.EVIDENCE_REQUEST):
        expect_bad_batch(signed(kind, data))
    with suppress(BadAnswer):
        Answer.from_bytes(signed(MessageKind.ANSWER, data, key_id(VERIFY)), ANSWER_KEYS)


@given(st.data())
def test_a_changed_field_of_a_batch_under_a_good_signature_fails_in_one_way(
    data: st.DataObject,
) -> None:
    whole = Signed.from_bytes(Batch(DEVICE).signed(KEY), MessageKind.BATCH, 10_000)
    fields = cbor2.loads(whole.payload)
    fields[data.draw(st.integers(0, 7))] = data.draw(plain)
    expect_bad_batch(signed(MessageKind.BATCH, cbor2.dumps(fields, canonical=True)))


@given(st.lists(st.tuples(headers, st.binary(max_size=50)), max_size=5), hashes, st.booleans())
def test_a_slice_brings_the_very_bytes(
    content: list[tuple[Header, bytes]],
    previous: bytes,
    chained: bool,  # noqa: FBT001
) -> None:
    made: list[Envelope] = []
    before = previous
    for header, body in content:
        raw = header.to_bytes()
        if chained:
            raw = raw.replace(header.previous, before, 1)
        made.append(Envelope(raw, body, bytes(64)))
        before = made[-1].chain_hash
    assert slices.unpack(previous, slices.pack(previous, made)) == tuple(made)


@given(
    st.dictionaries(st.text(max_size=10), st.text(max_size=200) | st.integers(-9, 9), max_size=8),
    st.binary(min_size=16, max_size=16),
)
def test_any_answers_come_back(record: dict[str, object], secret: bytes) -> None:
    body = envelope.seal_answers(record, b"header", secret)
    assert envelope.open_answers(Envelope(b"header", body, b""), secret) == record


SECRET = bytes(range(16))
BODY = envelope.seal_answers({"name": "ນາງ ຄຳປຸ້ຍ"}, b"header", SECRET)


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_an_altered_byte_never_opens(place: int, flip: int) -> None:
    altered = BODY[:place] + bytes([BODY[place] ^ flip]) + BODY[place + 1 :]
    for changed in (Envelope(b"header", altered, b""), Envelope(b"headeR", BODY, b"")):
        try:
            envelope.open_answers(changed, SECRET)
        except CannotOpen:
            continue
        raise AssertionError("it opened")


@given(st.binary(max_size=200))
def test_whatever_lies_in_a_well_sealed_body_is_answers_or_cannot_be_opened(data: bytes) -> None:
    sealed = envelope._seal(envelope.key_for(SECRET, b"answers"), data, b"header", None)
    with suppress(CannotOpen):
        envelope.open_answers(Envelope(b"header", sealed, b""), SECRET)
