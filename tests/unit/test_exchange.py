"""The exchange: cut off anywhere and run again, nothing is lost and nothing comes twice."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.errors import BadAnswer, BadBatch, ExchangeError, NotEnrolled, Refused
from sync.exchange import check_answer, sync_once
from sync.identity import enrol
from sync.ledger import Ledger
from sync.pace import Limits
from sync.protocol import Answer, EvidenceRequest
from sync.records import (
    NATION,
    ApplicationId,
    Change,
    ChangeKind,
    Outcome,
    ServiceNote,
    Stamp,
    Status,
    TimeQuality,
)
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import enrolled, make, submit
from tests.stand_ins.wire import FAULTS, FaultyWire


@pytest.fixture
def central() -> StandInCentral:
    return StandInCentral()


@pytest.fixture
def wire(central: StandInCentral) -> FaultyWire:
    return FaultyWire(central)


@pytest.fixture
def ledger(tmp_path: Path, central: StandInCentral) -> Iterator[Ledger]:
    opened = enrolled(tmp_path, central)
    yield opened
    opened.close()


def statuses(ledger: Ledger, application: ApplicationId) -> list[Status]:
    return [event.status for event in ledger.status_events(application)]


def test_everything_goes_up_and_the_answers_come_home(
    ledger: Ledger, central: StandInCentral
) -> None:
    made = [submit(ledger) for _ in range(5)]
    exchanged = sync_once(ledger, central)
    assert exchanged.sent == 5
    assert list(central.memory.applications.values()) == made
    assert ledger.waiting_count() == 0
    central.decide(made[2].parsed.id, Status.APPROVED)
    sync_once(ledger, central)
    assert statuses(ledger, made[2].parsed.id) == [Status.RECEIVED, Status.APPROVED]


def test_a_quiet_exchange_is_one_request(ledger: Ledger, wire: FaultyWire) -> None:
    sync_once(ledger, wire)
    wire.requests = 0
    assert sync_once(ledger, wire).received == 0
    assert wire.requests == 1


def test_a_backlog_goes_in_slices(ledger: Ledger, wire: FaultyWire) -> None:
    for _ in range(25):
        submit(ledger)
    sync_once(ledger, wire, limits=Limits(envelopes_max=10))
    assert wire.requests == 3
    assert ledger.waiting_count() == 0


@pytest.mark.parametrize("fault", FAULTS)
def test_after_a_fault_the_same_exchange_is_run_again(
    ledger: Ledger, central: StandInCentral, wire: FaultyWire, fault: str
) -> None:
    made = submit(ledger)
    wire.next_faults = [fault]
    if fault == "double":
        sync_once(ledger, wire)
    else:
        with pytest.raises(ExchangeError):
            sync_once(ledger, wire)
        assert ledger.waiting_count() == 1
        sync_once(ledger, wire)
    assert list(central.memory.applications.values()) == [made]
    assert statuses(ledger, made.parsed.id) == [Status.RECEIVED]
    assert ledger.waiting_count() == 0


def test_what_central_cannot_read_does_not_block_what_follows(
    ledger: Ledger, central: StandInCentral
) -> None:
    made = [submit(ledger) for _ in range(3)]
    central.unreadable = lambda envelope: envelope == made[1]
    sync_once(ledger, central)
    entry = ledger.find_by_id(made[1].parsed.id)
    assert entry
    assert entry.outcome is Outcome.UNREADABLE
    assert list(central.memory.applications.values()) == [made[0], made[2]]


def test_what_was_set_aside_and_released_sends_its_documents_after_all(
    ledger: Ledger, central: StandInCentral
) -> None:
    central.unreadable = lambda _envelope: True
    made = submit(ledger, evidence=(b"photo",))
    sync_once(ledger, central)
    assert central.memory.files == {}
    central.decide(made.parsed.id, Status.RECEIVED)  # two people released it
    sync_once(ledger, central)
    assert set(central.memory.files) == {made.parsed.evidence[0].sha256}


def test_a_place_that_central_holds_otherwise_is_set_aside_and_acknowledged(
    ledger: Ledger, central: StandInCentral, tmp_path: Path
) -> None:
    (tmp_path / "clone").mkdir()
    ledger.database.execute("VACUUM INTO ?", [str(tmp_path / "clone" / "ledger.sqlite3")])
    clone = Ledger.open(tmp_path / "clone" / "ledger.sqlite3")
    first, forked = submit(ledger), submit(clone)
    sync_once(ledger, central)
    sync_once(clone, central)
    assert central.memory.set_aside == [forked]
    assert list(central.memory.applications.values()) == [first]
    entry = clone.find_by_id(forked.parsed.id)
    assert entry
    assert entry.outcome is Outcome.CONFLICT
    clone.close()


def test_central_restored_from_a_backup_gets_what_it_lost(
    ledger: Ledger, central: StandInCentral
) -> None:
    made = [submit(ledger, evidence=(b"photo",)) for _ in range(2)]
    sync_once(ledger, central)
    backup = central.snapshot()
    made += [submit(ledger, evidence=(b"photo",)) for _ in range(3)]
    sync_once(ledger, central)
    central.restore(backup)
    exchanged = sync_once(ledger, central)
    assert exchanged.sent == 3
    assert list(central.memory.applications.values()) == made
    assert len(central.memory.files) == 5
    central.decide(made[4].parsed.id, Status.REJECTED)
    sync_once(ledger, central)
    assert statuses(ledger, made[4].parsed.id) == [Status.RECEIVED, Status.REJECTED]


def test_central_acknowledging_part_of_a_batch_gets_the_rest(
    ledger: Ledger, central: StandInCentral
) -> None:
    central.acknowledge_at_most = 2
    made = [submit(ledger) for _ in range(5)]
    sync_once(ledger, central)
    assert list(central.memory.applications.values()) == made


def test_services_come_home_within_the_room(ledger: Ledger, central: StandInCentral) -> None:
    for number in range(6):
        note = ServiceNote(f"la.test.{number}", "1", bytes(50_000))
        central.publish(NATION, ChangeKind.SERVICE, note.to_bytes())
    exchanged = sync_once(ledger, central, limits=Limits(room_bytes=120_000))
    assert len(ledger.service_versions()) == 6
    assert exchanged.requests == 3
    assert exchanged.received == 6


def test_documents_follow_in_pieces_smallest_first(ledger: Ledger, central: StandInCentral) -> None:
    submit(ledger, evidence=(b"b" * 300_000, b"s" * 1000))
    order: list[int] = []
    send = central.send_evidence

    def watch(piece: bytes) -> bytes:
        order.append(len(piece))
        return send(piece)

    central.send_evidence = watch  # type: ignore[method-assign]  # looks over its shoulder
    exchanged = sync_once(ledger, central, limits=Limits())
    assert order[0] < 2000
    assert len(order) == 1 + 5
    assert sorted(map(len, central.memory.files.values())) == [1040, 300_040]
    assert exchanged.evidence_bytes == 301_080
    assert ledger.evidence_waiting() == ()


def test_a_document_that_was_cut_off_goes_on_where_it_stopped(
    ledger: Ledger, central: StandInCentral, wire: FaultyWire
) -> None:
    submit(ledger, evidence=(b"b" * 300_000,))
    wire.next_faults = ["", "", "", "", "lose request"]  # log, offset, two pieces, cut off
    with pytest.raises(ExchangeError):
        sync_once(ledger, wire, limits=Limits())
    assert ledger.evidence_waiting()[0].sent == 2 * 64 * 1024
    wire.bytes_up = 0
    sync_once(ledger, wire)
    assert wire.bytes_up < 200_000
    assert len(next(iter(central.memory.files.values()))) == 300_040


def test_a_document_that_was_spoiled_on_the_way_is_sent_again(
    ledger: Ledger, central: StandInCentral
) -> None:
    made = submit(ledger, evidence=(b"b" * 100_000,))
    sha256 = made.parsed.evidence[0].sha256
    central.memory.files[sha256] = bytearray(b"spoiled" * 1000)
    sync_once(ledger, central)
    assert ledger.evidence_waiting() == ()
    sealed = (ledger.evidence_folder / sha256.hex()).read_bytes()
    assert central.memory.files[sha256] == sealed


def test_a_central_that_keeps_no_document_is_not_sent_it_for_ever(
    ledger: Ledger, central: StandInCentral, wire: FaultyWire
) -> None:
    submit(ledger, evidence=(b"b" * 300_000,))
    send = central.send_evidence

    def forget(piece: bytes) -> bytes:
        central.memory.files.clear()
        return send(piece)

    central.send_evidence = forget  # type: ignore[method-assign]  # its disk is broken
    exchanged = sync_once(ledger, wire, limits=Limits())
    assert exchanged.evidence_left == 1
    assert wire.requests < 10


def test_a_word_on_a_document_from_before_a_loss_is_not_believed(
    ledger: Ledger, central: StandInCentral
) -> None:
    made = submit(ledger, evidence=(b"photo",))
    backup = central.snapshot()
    replies: list[bytes] = []
    send = central.send_evidence

    def watch(piece: bytes) -> bytes:
        replies.append(send(piece))
        return replies[0]  # on a bad line, or from somebody who kept it

    central.send_evidence = watch  # type: ignore[method-assign]  # looks over its shoulder
    sync_once(ledger, central)
    central.restore(backup)
    with pytest.raises(BadAnswer, match="another life"):
        sync_once(ledger, central)
    assert [row.sha256 for row in ledger.evidence_waiting()] == [made.parsed.evidence[0].sha256]


def test_a_missing_document_does_not_hold_up_the_others(
    ledger: Ledger, central: StandInCentral
) -> None:
    made = submit(ledger, evidence=(b"small", b"larger document"))
    (ledger.evidence_folder / made.parsed.evidence[0].sha256.hex()).unlink()
    exchanged = sync_once(ledger, central)
    assert exchanged.evidence_left == 1
    assert set(central.memory.files) == {made.parsed.evidence[1].sha256}


def test_a_document_altered_on_the_disk_burdens_no_line(
    ledger: Ledger, central: StandInCentral
) -> None:
    made = submit(ledger, evidence=(b"a photo" * 1000,))
    path = ledger.evidence_folder / made.parsed.evidence[0].sha256.hex()
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    exchanged = sync_once(ledger, central)
    assert (exchanged.sent, exchanged.evidence_left, exchanged.evidence_bytes) == (1, 1, 0)


def test_what_is_submitted_meanwhile_goes_before_the_next_piece(
    ledger: Ledger, central: StandInCentral
) -> None:
    submit(ledger, evidence=(b"b" * 300_000,))
    send = central.send_evidence
    seen: list[int] = []

    def meanwhile(piece: bytes) -> bytes:
        seen.append(len(central.memory.applications))
        if len(seen) == 1:
            submit(ledger)
        return send(piece)

    central.send_evidence = meanwhile  # type: ignore[method-assign]  # a citizen comes by
    sync_once(ledger, central)
    assert seen[:2] == [1, 2]


def test_an_exchange_may_be_told_to_stop(ledger: Ledger, wire: FaultyWire) -> None:
    submit(ledger)
    sync_once(ledger, wire, proceed=lambda: False)
    assert wire.requests == 0


def test_the_time_that_central_signed_becomes_the_floor(
    ledger: Ledger, central: StandInCentral
) -> None:
    central.now_ms = lambda: 1_900_000_000_000
    sync_once(ledger, central)
    assert ledger.known_time().floor_ms == 1_900_000_000_000
    last = ledger.exchange_state().last_success
    assert last == Stamp(1_900_000_000_000, TimeQuality.TRUSTED)


def batch_and_answer(ledger: Ledger, central: StandInCentral) -> tuple[object, bytes, Answer]:
    batch = ledger.next_batch(100, 10**6, 10**6)
    message = batch.signed(ledger.enrolled_identity().signing_key)
    keys = {central.key_id: bytes(central.key.verify_key)}
    return batch, message, Answer.from_bytes(central.exchange(message), keys)


def test_an_answer_that_does_not_fit_its_batch_is_refused(
    ledger: Ledger, central: StandInCentral
) -> None:
    submit(ledger)
    submit(ledger)
    batch, message, good = batch_and_answer(ledger, central)
    check_answer(batch, message, good)  # type: ignore[arg-type]  # it is a batch
    done = good.acknowledgements
    hole = (Change(NATION, 2, ChangeKind.SERVICE, b"x"),)
    for bad in (
        {"batch": bytes(32)},
        {"acknowledgements": (*done, done[0])},
        {"acknowledgements": done[::-1]},
        {"acknowledgements": done[1:]},
        {"through": 1},
        {"changes": hole},
        {"changes": good.changes[:1] * 2},
    ):
        answer = dataclasses.replace(good, **bad)
        with pytest.raises(BadAnswer):
            check_answer(batch, message, answer)  # type: ignore[arg-type]  # it is a batch


def test_a_central_that_takes_nothing_is_not_asked_for_ever(
    ledger: Ledger, central: StandInCentral, wire: FaultyWire
) -> None:
    submit(ledger)
    central.acknowledge_at_most = 0
    with pytest.raises(BadAnswer, match="took nothing"):
        sync_once(ledger, wire)
    assert wire.requests == 1


def test_a_central_that_forgets_again_and_again_is_not_asked_for_ever(
    ledger: Ledger, central: StandInCentral, wire: FaultyWire
) -> None:
    empty = central.snapshot()
    submit(ledger)
    exchange = central.exchange

    def forget(batch: bytes) -> bytes:
        central.restore(empty)
        return exchange(batch)

    central.exchange = forget  # type: ignore[method-assign]  # a broken server
    with pytest.raises(BadAnswer, match="forgets"):
        sync_once(ledger, wire)
    assert wire.requests <= 4


def test_before_enrolment_nothing_is_sent(tmp_path: Path, wire: FaultyWire) -> None:
    fresh = Ledger.open(tmp_path / "other.sqlite3")
    with pytest.raises(NotEnrolled):
        sync_once(fresh, wire)
    assert wire.requests == 0
    fresh.close()


def test_an_enrolment_whose_reply_was_lost_is_asked_for_again(
    tmp_path: Path, central: StandInCentral, wire: FaultyWire
) -> None:
    fresh = Ledger.open(tmp_path / "other.sqlite3")
    wire.next_faults = ["lose reply", "cut reply"]
    for _ in range(2):
        with pytest.raises(ExchangeError):
            enrol(fresh, wire, "CODE-2", "Kiosk 2")
    identity = enrol(fresh, wire, "CODE-2", "Kiosk 2")
    assert identity.kiosk_number == 1
    assert len(central.memory.devices) == 1
    fresh.close()


def test_a_code_serves_one_device(tmp_path: Path, ledger: Ledger, central: StandInCentral) -> None:
    (tmp_path / "other").mkdir()
    fresh = Ledger.open(tmp_path / "other" / "ledger.sqlite3")
    with pytest.raises(Refused):
        enrol(fresh, central, "CODE-1", "Kiosk 2")
    assert fresh.identity() is None
    assert ledger.enrolled_identity().kiosk_number == 1
    fresh.close()


def test_central_takes_no_message_of_another_device(
    ledger: Ledger, central: StandInCentral
) -> None:
    identity = ledger.enrolled_identity()
    forged = EvidenceRequest(identity.device, bytes(32)).signed(central.key)
    with pytest.raises(BadBatch):
        central.evidence_offset(forged)


def test_a_correction_replaces_by_name(ledger: Ledger, central: StandInCentral) -> None:
    first = submit(ledger)
    with ledger.transaction():
        correction, _secret = make(ledger, replaces=first.parsed.id)
        ledger.add(correction)
    sync_once(ledger, central)
    entry = ledger.find_by_id(correction.parsed.id)
    assert entry
    assert entry.replaces == first.parsed.id
