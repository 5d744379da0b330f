"""The device's ledger: promises kept in a real SQLite file."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sync.errors import (
    BadRecord,
    NotEnrolled,
)
from sync.ledger import Ledger
from sync.records import (
    BODY_BYTES_MAX,
    FIRST_PREVIOUS,
    ApplicationId,
    KeyPurpose,
    Kind,
    Outcome,
    Stamp,
    Status,
    StatusEvent,
    TimeQuality,
)
from sync.store import Store
from sync.tables import MIGRATIONS
from tests.ledgers import accept, acknowledgement, reopened
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import enrolled, make, submit


@pytest.fixture
def central() -> StandInCentral:
    return StandInCentral()


@pytest.fixture
def ledger(tmp_path: Path, central: StandInCentral) -> Iterator[Ledger]:
    opened = enrolled(tmp_path, central)
    yield opened
    opened.close()


def test_an_application_is_there_after_reopening(ledger: Ledger) -> None:
    envelope = submit(ledger)
    with reopened(ledger) as again:
        assert again.outbox(10, 10**6).envelopes == (envelope,)
        assert again.exchange_state().waiting_count == 1


def test_envelopes_are_numbered_and_chained(ledger: Ledger) -> None:
    first, second = submit(ledger), submit(ledger)
    assert (first.parsed.sequence, first.parsed.previous) == (1, FIRST_PREVIOUS)
    assert (second.parsed.sequence, second.parsed.previous) == (2, first.chain_hash)


def test_an_envelope_that_central_would_never_take_is_not_promised(ledger: Ledger) -> None:
    with ledger.transaction():
        made, _secret = make(ledger)
        with pytest.raises(BadRecord, match="larger"):
            ledger.add(replace(made, body=bytes(BODY_BYTES_MAX + 1)))
    assert ledger.waiting_count() == 0


def test_an_envelope_for_another_place_is_refused(ledger: Ledger) -> None:
    with pytest.raises(BadRecord), ledger.transaction():
        ledger.add(make(ledger, sequence=2)[0])
    with pytest.raises(BadRecord), ledger.transaction():
        ledger.add(make(ledger, previous=b"x" * 32)[0])
    assert ledger.waiting_count() == 0


def test_a_reference_is_given_once(ledger: Ledger) -> None:
    submit(ledger, reference="0001-AAAA-AAAA")
    with pytest.raises(sqlite3.IntegrityError):
        submit(ledger, reference="0001-AAAA-AAAA")


def test_feedback_carries_the_reference_of_its_application(ledger: Ledger) -> None:
    taken = submit(ledger, reference="0001-AAAA-AAAA")
    submit(ledger, reference="0001-AAAA-AAAA", kind=Kind.FEEDBACK)
    submit(ledger, reference="", kind=Kind.FEEDBACK)
    submit(ledger, reference="", kind=Kind.FEEDBACK)
    found = ledger.find_by_reference("0001-AAAA-AAAA")
    assert found
    assert found.application == taken.parsed.id


def test_the_outbox_keeps_to_its_limits_but_always_moves(ledger: Ledger) -> None:
    for _ in range(5):
        submit(ledger)
    assert len(ledger.outbox(3, 10**6).envelopes) == 3
    assert len(ledger.outbox(100, 1).envelopes) == 1
    size = sum(map(len, vars(ledger.outbox(1, 1).envelopes[0]).values()))
    assert len(ledger.outbox(100, size * 2 + 10).envelopes) == 2


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_lets_the_next_one_through(ledger: Ledger, outcome: Outcome) -> None:
    first, second = submit(ledger), submit(ledger)
    accept(ledger, through=1, acknowledgements=(acknowledgement(ledger, 1, outcome),))
    waiting = ledger.outbox(10, 10**6)
    assert (waiting.after, waiting.previous) == (1, first.chain_hash)
    assert waiting.envelopes == (second,)
    entry = ledger.find_by_id(first.parsed.id)
    assert entry
    assert entry.outcome is outcome


def test_what_central_lost_is_offered_again(ledger: Ledger) -> None:
    envelopes = [submit(ledger, evidence=(b"photo",)) for _ in range(3)]
    done = tuple(acknowledgement(ledger, n, Outcome.CREATED) for n in (1, 2, 3))
    accept(ledger, through=3, acknowledgements=done)
    for row in ledger.evidence_waiting():
        ledger.evidence_sent(row.sha256, row.size)
    accept(ledger, through=1)
    assert ledger.outbox(10, 10**6).envelopes == tuple(envelopes[1:])
    accept(ledger, through=3, acknowledgements=done[1:])
    assert len(ledger.evidence_waiting()) == 2


def test_what_nobody_heard_of_is_not_found(ledger: Ledger) -> None:
    assert ledger.find_by_id(ApplicationId("cd" * 16)) is None
    assert ledger.find_by_reference("0001-0000-0000") is None


def test_enrolment_gives_an_identity_that_lasts(ledger: Ledger, central: StandInCentral) -> None:
    identity = ledger.enrolled_identity()
    assert identity.kiosk_number == 1
    assert identity.office_name["en"] == "Xaythany District"
    own = bytes(identity.signing_key.verify_key)
    assert ledger.keys(KeyPurpose.RECEIPTS) == {bytes.fromhex(identity.device): own}
    with reopened(ledger) as again:
        assert again.enrolled_identity() == identity
        assert again.sealing_key()[1] == bytes(central.box.public_key)


def test_before_enrolment_nothing_is_sealed_or_sent(tmp_path: Path) -> None:
    fresh = Ledger.open(tmp_path / "ledger.sqlite3")
    assert fresh.identity() is None
    with pytest.raises(NotEnrolled):
        fresh.sealing_key()
    with pytest.raises(NotEnrolled):
        fresh.next_batch(1, 1, 1)
    fresh.close()


def test_evidence_lies_on_the_disk_under_its_hash(ledger: Ledger) -> None:
    envelope = submit(ledger, evidence=(b"photo", b"map"))
    for note in envelope.parsed.evidence:
        assert (ledger.evidence_folder / note.sha256.hex()).stat().st_size == note.size


def test_unpromised_files_are_swept_and_promised_ones_stay(ledger: Ledger) -> None:
    submit(ledger, evidence=(b"photo",))
    ledger.store_evidence(b"never submitted")
    (ledger.evidence_folder / ".unfinished-1").write_bytes(b"cut off")
    assert ledger.sweep_evidence() == 2
    assert len(list(ledger.evidence_folder.iterdir())) == 1


def test_nothing_on_the_disk_opens_the_answers(ledger: Ledger) -> None:
    with ledger.transaction():
        made, secret = make(ledger, answers={"name": "CANARY"}, evidence=(b"CANARY",))
        ledger.add(made)
    ledger.close()
    for path in ledger.path.parent.rglob("*"):
        if path.is_file():
            assert secret not in path.read_bytes()
            assert b"CANARY" not in path.read_bytes()


def test_a_ledger_of_the_first_release_is_kept_and_learns_of_corrections(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    old = Store(path)
    MIGRATIONS.apply(old.database, stop_before="m002_complaints_and_corrections")
    event = StatusEvent(
        ApplicationId("0" * 32), 1, Status.RECEIVED, Stamp(1, TimeQuality.TRUSTED), "office"
    )
    with old.transaction():
        old.database.execute(
            "INSERT INTO status_event (application, number, reference, event) VALUES (?, 1, ?, ?)",
            (event.application, "0001-0000-07AB", event.to_bytes()),
        )
    old.close()
    ledger = Ledger.open(path)
    assert ledger.status_events(event.application) == (event,)
    assert ledger.find_correction(event.application) is None
    ledger.close()
