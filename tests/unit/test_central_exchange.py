"""Central takes each envelope in once, in its place, whatever happens on the way."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sync.central.casework import intake as casework
from sync.central.casework.models import Case
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import Device, EnrolmentCode, SetAside, StoredEnvelope
from sync.errors import Refused
from sync.protocol import Batch
from sync.records import Channel, Envelope, Kind, Outcome, StatusEvent
from tests.paper_kiosk import PaperKiosk
from tests.sample_service import put_on_shelf

CREATED, EXISTS = Outcome.CREATED, Outcome.EXISTS
CONFLICT, UNREADABLE = Outcome.CONFLICT, Outcome.UNREADABLE


@pytest.fixture
def server(central: Path) -> CentralServer:
    assert central.is_dir()
    return CentralServer()


@pytest.fixture
def kiosk(server: CentralServer) -> PaperKiosk:
    return PaperKiosk(server)


def outcomes(kiosk: PaperKiosk, batch: Batch | None = None) -> list[Outcome]:
    return [item.outcome for item in kiosk.sends(batch).acknowledgements]


def applications() -> list[str]:
    return list(StoredEnvelope.objects.order_by("sequence").values_list("application", flat=True))


def test_an_application_becomes_a_case_and_news(kiosk: PaperKiosk) -> None:
    envelope = kiosk.files()
    answer = kiosk.sends()
    (word,) = answer.acknowledgements
    assert (word.application, word.sequence, word.outcome) == (envelope.parsed.id, 1, CREATED)
    assert answer.through == 1
    assert Case.objects.get().application == envelope.parsed.id
    stored = StoredEnvelope.objects.get()
    assert (bytes(stored.header), bytes(stored.body)) == (envelope.header, envelope.body)
    assert bytes(stored.sealed_secret) == envelope.sealed_secret
    news = [
        StatusEvent.from_bytes(item.payload) for item in answer.changes if item.kind == "status"
    ]
    assert [event.application for event in news] == [envelope.parsed.id]


def test_the_same_batch_twice_files_everything_once(kiosk: PaperKiosk) -> None:
    for _ in range(3):
        kiosk.files()
    assert outcomes(kiosk) == [CREATED] * 3
    assert outcomes(kiosk) == [EXISTS] * 3
    assert applications() == [envelope.parsed.id for envelope in kiosk.log]
    assert Case.objects.count() == 3


def test_after_a_lost_answer_a_longer_batch_brings_only_what_is_new(kiosk: PaperKiosk) -> None:
    kiosk.files()
    kiosk.sends()
    kiosk.files()
    assert outcomes(kiosk) == [EXISTS, CREATED]


def test_after_a_lost_answer_a_shorter_batch_is_answered_for_itself(kiosk: PaperKiosk) -> None:
    for _ in range(3):
        kiosk.files()
    kiosk.sends()
    answer = kiosk.sends(kiosk.batch(until=2))
    assert [item.outcome for item in answer.acknowledgements] == [EXISTS] * 2
    assert answer.through == 3  # it holds more of this log


def test_a_second_slice_follows_the_first(kiosk: PaperKiosk) -> None:
    for _ in range(4):
        kiosk.files()
    kiosk.sends(kiosk.batch(until=2))
    answer = kiosk.sends(kiosk.batch(after=2))
    assert [item.sequence for item in answer.acknowledgements] == [3, 4]
    assert answer.through == 4


def test_what_central_has_lost_is_asked_for_again(kiosk: PaperKiosk) -> None:
    for _ in range(3):
        kiosk.files()
    answer = kiosk.sends(kiosk.batch(after=2))
    assert (answer.acknowledgements, answer.through) == ((), 0)
    assert applications() == []


def test_an_altered_batch_is_refused_whole(kiosk: PaperKiosk) -> None:
    kiosk.files()
    message = bytearray(kiosk.batch().signed(kiosk.key))
    message[-1] ^= 1
    with pytest.raises(Refused):
        kiosk.server.exchange(bytes(message))
    assert applications() == []


def test_a_batch_signed_by_another_device_is_refused(server: CentralServer) -> None:
    honest, thief = PaperKiosk(server), PaperKiosk(server)
    honest.files()
    with pytest.raises(Refused) as problem:
        server.exchange(honest.batch().signed(thief.key))
    assert problem.value.reason == "bad-message"
    assert applications() == []


def test_a_device_that_never_enrolled_is_refused(kiosk: PaperKiosk) -> None:
    EnrolmentCode.objects.all().delete()
    Device.objects.all().delete()
    with pytest.raises(Refused) as problem:
        kiosk.sends()
    assert problem.value.reason == "unknown-device"


def test_a_blocked_device_is_refused(kiosk: PaperKiosk) -> None:
    Device.objects.update(blocked_at="2026-11-23T00:00Z")
    with pytest.raises(Refused) as problem:
        kiosk.sends()
    assert problem.value.reason == "blocked-device"


def test_envelopes_of_another_device_are_set_aside(server: CentralServer) -> None:
    honest, thief = PaperKiosk(server), PaperKiosk(server)
    thief.append(honest.files())
    assert outcomes(thief) == [UNREADABLE]
    assert SetAside.objects.get().reason == SetAside.Reason.OTHER_DEVICE
    assert applications() == []


def damaged_header(kiosk: PaperKiosk) -> None:
    envelope = kiosk.files()
    kiosk.log[-1] = replace(envelope, header=b"\xff" + envelope.header)


def damaged_body(kiosk: PaperKiosk) -> None:
    envelope = kiosk.files()
    kiosk.log[-1] = replace(envelope, body=envelope.body[:-1] + bytes([envelope.body[-1] ^ 1]))


def damaged_secret(kiosk: PaperKiosk) -> None:
    kiosk.log[-1] = replace(kiosk.files(), sealed_secret=bytes(64))


def foreign_secret(kiosk: PaperKiosk) -> None:
    kiosk.files(id="0" * 32)


def unknown_key(kiosk: PaperKiosk) -> None:
    kiosk.files(central_key=bytes(8))


def wrong_place(kiosk: PaperKiosk) -> None:
    kiosk.files(sequence=99)


def broken_chain(kiosk: PaperKiosk) -> None:
    kiosk.files(previous=b"\1" * 32)


def unknown_office(kiosk: PaperKiosk) -> None:
    kiosk.files(office="nowhere")


def unknown_service(kiosk: PaperKiosk) -> None:
    kiosk.files(service="la.example.unknown")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (damaged_header, SetAside.Reason.UNREADABLE),
        (damaged_body, SetAside.Reason.CANNOT_OPEN),
        (damaged_secret, SetAside.Reason.CANNOT_OPEN),
        (foreign_secret, SetAside.Reason.CANNOT_OPEN),
        (unknown_key, SetAside.Reason.CANNOT_OPEN),
        (wrong_place, SetAside.Reason.CHAIN),
        (broken_chain, SetAside.Reason.CHAIN),
        (unknown_office, SetAside.Reason.OFFICE),
        (unknown_service, SetAside.Reason.SERVICE),
    ],
)
def test_what_cannot_be_read_is_set_aside_and_blocks_nothing(
    kiosk: PaperKiosk, spoil: Callable[[PaperKiosk], None], reason: str
) -> None:
    kiosk.files()
    spoil(kiosk)
    kiosk.files()
    for expected in ([CREATED, UNREADABLE, CREATED], [EXISTS, UNREADABLE, EXISTS]):
        answer = kiosk.sends()
        assert [item.outcome for item in answer.acknowledgements] == expected
        assert answer.through == 3
    assert applications() == [kiosk.log[0].parsed.id, kiosk.log[2].parsed.id]
    row = SetAside.objects.get()
    assert (row.reason, row.sequence, row.in_log) == (reason, 2, True)
    kept = Envelope(bytes(row.header), bytes(row.body), bytes(row.sealed_secret))
    assert kept == kiosk.log[1]


def test_answers_packed_with_the_services_dictionary_are_read(kiosk: PaperKiosk) -> None:
    dictionary = b"the words that most applications to this service have in common" * 20
    put_on_shelf("2", dictionary)
    record = {"data": {"words": "the words that most applications to this service have"}}
    kiosk.files(record, service_version="2", dictionary=dictionary)
    kiosk.files(record, service_version="1", dictionary=dictionary)
    assert outcomes(kiosk) == [CREATED, UNREADABLE]


def test_after_an_unreadable_end_the_log_goes_on(kiosk: PaperKiosk) -> None:
    damaged_body(kiosk)
    kiosk.sends()
    kiosk.files()
    assert outcomes(kiosk, kiosk.batch(after=1)) == [CREATED]


def test_an_envelope_of_a_later_version_is_acknowledged_by_its_id(kiosk: PaperKiosk) -> None:
    envelope = kiosk.files(version=2)
    (word,) = kiosk.sends().acknowledgements
    assert word.outcome == UNREADABLE
    assert bytes.fromhex(word.application) in envelope.header


def test_one_id_for_two_applications_is_a_conflict(kiosk: PaperKiosk) -> None:
    secret = bytes(range(16))
    kiosk.files({"data": {"name": "A"}}, secret=secret)
    kiosk.files({"data": {"name": "B"}}, secret=secret)
    assert outcomes(kiosk) == [CREATED, CONFLICT]
    kiosk.files({"data": {"name": "C"}}, secret=secret)
    assert outcomes(kiosk) == [EXISTS, CONFLICT, CONFLICT]
    assert SetAside.objects.filter(reason=SetAside.Reason.CONFLICT).count() == 2


def test_an_id_of_another_device_is_a_conflict(server: CentralServer) -> None:
    one, two = PaperKiosk(server), PaperKiosk(server)
    one.files(secret=bytes(16))
    two.files(secret=bytes(16))
    assert outcomes(one) == [CREATED]
    assert outcomes(two) == [CONFLICT]


def a_copy_of(kiosk: PaperKiosk) -> PaperKiosk:
    copy = object.__new__(PaperKiosk)
    copy.__dict__ = {**kiosk.__dict__, "log": list(kiosk.log), "secrets": list(kiosk.secrets)}
    return copy


def test_a_copied_card_loses_nothing_and_is_flagged(kiosk: PaperKiosk) -> None:
    kiosk.files()
    kiosk.sends()
    clone = a_copy_of(kiosk)
    kiosk.files()
    first, second = clone.files(), clone.files()
    assert outcomes(kiosk, kiosk.batch(after=1)) == [CREATED]
    for _ in range(2):
        answer = clone.sends(clone.batch(after=1))
        assert [item.outcome for item in answer.acknowledgements] == [CONFLICT] * 2
        assert answer.through == 3
    kept = SetAside.objects.filter(reason=SetAside.Reason.FORK, in_log=False)
    assert [bytes(row.body) for row in kept.order_by("sequence")] == [first.body, second.body]
    assert Device.objects.get().forked_at is not None


def test_both_lives_of_a_copied_card_go_on(kiosk: PaperKiosk) -> None:
    kiosk.files()
    kiosk.sends()
    clone = a_copy_of(kiosk)
    kiosk.files()
    kiosk.sends()
    clone.files()
    clone.files()
    clone.sends(clone.batch(after=1))
    clone.files()
    answer = clone.sends(clone.batch(after=3))
    assert [item.outcome for item in answer.acknowledgements] == [CONFLICT]
    assert answer.through == 4
    kiosk.files()
    assert outcomes(kiosk, kiosk.batch(after=2)) == [CREATED]
    assert applications() == [envelope.parsed.id for envelope in kiosk.log]


def test_a_restored_disk_is_a_fork_even_where_nobody_knows_its_past(kiosk: PaperKiosk) -> None:
    for _ in range(3):
        kiosk.files()
    kiosk.sends()
    strange = kiosk.batch(after=2, previous=b"\2" * 32)
    assert outcomes(kiosk, strange) == [CONFLICT]
    assert Device.objects.get().forked_at is not None


def test_an_envelope_that_casework_stumbles_over_takes_no_other_down(
    kiosk: PaperKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = casework.receive

    def stumble(stored: list[StoredEnvelope]) -> None:
        if any(row.sequence == 2 for row in stored):
            raise ZeroDivisionError
        real(stored)

    monkeypatch.setattr(casework, "receive", stumble)
    for _ in range(3):
        kiosk.files()
    assert outcomes(kiosk) == [CREATED, UNREADABLE, CREATED]
    assert Case.objects.count() == 2
    assert SetAside.objects.get().detail == "It could not be filed: ZeroDivisionError."


def test_nothing_is_kept_of_a_batch_whose_transaction_fails(
    kiosk: PaperKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk.files()
    with monkeypatch.context() as patch:
        patch.setattr(Device, "save", lambda *_args, **_kwargs: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            kiosk.sends()
    assert (applications(), Case.objects.count()) == ([], 0)
    assert outcomes(kiosk) == [CREATED]


def test_an_exchange_without_news_of_the_kiosk_is_answered(kiosk: PaperKiosk) -> None:
    answer = kiosk.sends()
    assert (answer.acknowledgements, answer.through) == ((), 0)
    assert Device.objects.get().last_contact_at is not None


def test_feedback_is_taken_in_as_well(kiosk: PaperKiosk) -> None:
    marks = {"language": "lo", "marks": {"overall": 4}}
    kiosk.files(marks, kind=Kind.FEEDBACK, channel=Channel.KIOSK, reference="")
    assert outcomes(kiosk) == [CREATED]
    assert Case.objects.count() == 0
