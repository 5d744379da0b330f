"""What a kiosk erases, when, and what it never does: with real files, by central's clock."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from sync.exchange import sync_once
from sync.keeping import Keeping
from sync.ledger import Ledger
from sync.records import Envelope, Kind, Outcome, Status
from sync.retention import DAY_MS
from sync.worker import SyncWorker
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import enrolled, submit

START_MS = 1_800_000_000_000


class Calendar:
    """Central's clock."""

    def __init__(self) -> None:
        self.now_ms = START_MS

    def after(self, days: float) -> None:
        self.now_ms = START_MS + int(days * DAY_MS)


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def central(calendar: Calendar) -> StandInCentral:
    return StandInCentral(lambda: calendar.now_ms)


@pytest.fixture
def ledger(tmp_path: Path, central: StandInCentral) -> Iterator[Ledger]:
    opened = enrolled(tmp_path, central)
    yield opened
    opened.close()


def is_here(ledger: Ledger, envelope: Envelope) -> bool:
    return ledger.find_envelope(envelope.parsed.id) == envelope


def decided(ledger: Ledger, central: StandInCentral, status: Status, **given: object) -> Envelope:
    envelope = submit(ledger, **given)
    sync_once(ledger, central)
    central.decide(envelope.parsed.id, status)
    sync_once(ledger, central)
    return envelope


def test_what_is_decided_is_erased_a_week_after_central_has_it(
    ledger: Ledger, central: StandInCentral, calendar: Calendar
) -> None:
    envelope = decided(ledger, central, Status.APPROVED, evidence=(b"photo",))
    calendar.after(0.001)
    sync_once(ledger, central)
    calendar.after(7)
    sync_once(ledger, central)
    assert ledger.erase_settled() == 0
    calendar.after(7.001)
    assert ledger.erase_settled() == 0, "central has not said again that it holds it"
    sync_once(ledger, central)
    assert ledger.erase_settled() == 1
    assert not is_here(ledger, envelope)
    assert list(ledger.evidence_folder.iterdir()) == []
    assert ledger.erase_settled() == 0


def test_receipt_and_status_stay(
    ledger: Ledger, central: StandInCentral, calendar: Calendar
) -> None:
    envelope = decided(ledger, central, Status.REJECTED)
    before = ledger.find_by_reference(envelope.parsed.reference)
    calendar.after(8)
    sync_once(ledger, central)
    assert ledger.erase_settled() == 1
    assert ledger.find_by_reference(envelope.parsed.reference) == before
    assert ledger.status_events(envelope.parsed.id)[-1].status is Status.REJECTED


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.TAKEN_UP, Status.RETURNED])
def test_what_may_still_come_back_for_correction_stays(
    ledger: Ledger, central: StandInCentral, calendar: Calendar, status: Status
) -> None:
    envelope = decided(ledger, central, status, evidence=(b"photo",))
    calendar.after(179)
    sync_once(ledger, central)
    assert ledger.erase_settled() == 0
    assert is_here(ledger, envelope)
    assert ledger.read_evidence(envelope.parsed.evidence[0].sha256)


def test_nobody_is_waited_for_longer_than_half_a_year_after_the_last_news(
    ledger: Ledger, central: StandInCentral, calendar: Calendar
) -> None:
    envelope = submit(ledger, evidence=(b"photo",))
    sync_once(ledger, central)
    calendar.after(170)
    central.decide(envelope.parsed.id, Status.RETURNED)
    sync_once(ledger, central)
    calendar.after(170 + 179)
    sync_once(ledger, central)
    assert ledger.erase_settled() == 0, "she has had its news for less than half a year"
    assert ledger.erase_settled(Keeping(open_days=178)) == 1
    assert not is_here(ledger, envelope)
    assert list(ledger.evidence_folder.iterdir()) == []
    assert ledger.status_events(envelope.parsed.id)[-1].status is Status.RETURNED


def test_what_was_set_aside_is_waited_for_without_end(
    ledger: Ledger, central: StandInCentral, calendar: Calendar
) -> None:
    central.unreadable = lambda _envelope: True
    aside = submit(ledger)
    sync_once(ledger, central)
    calendar.after(1000)
    sync_once(ledger, central)
    assert ledger.erase_settled() == 0
    assert is_here(ledger, aside)


def test_what_central_says_is_replaced_goes(
    ledger: Ledger, central: StandInCentral, calendar: Calendar
) -> None:
    old = decided(ledger, central, Status.RETURNED)
    new = submit(ledger, replaces=old.parsed.id)
    calendar.after(8)
    sync_once(ledger, central)
    assert ledger.erase_settled() == 0, "central has not said that the correction replaces it"
    central.decide(new.parsed.id, Status.RECEIVED, replaces=old.parsed.id)
    sync_once(ledger, central)
    assert ledger.erase_settled() == 1
    assert is_here(ledger, new)


def test_what_is_said_without_a_receipt_goes_without_a_decision(
    ledger: Ledger, central: StandInCentral, calendar: Calendar
) -> None:
    submit(ledger, kind=Kind.FEEDBACK, reference="")
    sync_once(ledger, central)
    calendar.after(7)
    sync_once(ledger, central)
    assert ledger.erase_settled() == 1


def test_what_waits_or_was_set_aside_stays(
    ledger: Ledger, central: StandInCentral, calendar: Calendar
) -> None:
    central.unreadable = lambda _envelope: True
    aside = submit(ledger, kind=Kind.FEEDBACK, reference="")
    sync_once(ledger, central)
    waiting = submit(ledger, kind=Kind.FEEDBACK, reference="")
    calendar.after(100)
    central.acknowledge_at_most = 0
    with pytest.raises(Exception, match="took nothing"):
        sync_once(ledger, central)
    assert ledger.erase_settled() == 0
    assert is_here(ledger, aside)
    assert is_here(ledger, waiting)


def test_what_was_set_aside_goes_when_it_was_handed_in_again(
    ledger: Ledger, central: StandInCentral, calendar: Calendar
) -> None:
    """Its photo was never sent, and need not be: the new one has its own."""
    central.unreadable = lambda _envelope: True
    aside = submit(ledger, evidence=(b"photo",))
    sync_once(ledger, central)
    central.unreadable = lambda _envelope: False
    again = submit(ledger, replaces=aside.parsed.id, evidence=(b"photo again",))
    sync_once(ledger, central)
    calendar.after(100)
    sync_once(ledger, central)
    assert ledger.erase_settled() == 0, "central has not said that the new one replaces it"
    central.decide(again.parsed.id, Status.TAKEN_UP, replaces=aside.parsed.id)
    sync_once(ledger, central)
    assert ledger.erase_settled() == 1
    assert not is_here(ledger, aside)
    assert is_here(ledger, again)


def test_nothing_goes_before_its_documents_have_arrived(
    ledger: Ledger, central: StandInCentral, calendar: Calendar
) -> None:
    envelope = decided(ledger, central, Status.APPROVED, evidence=(b"photo",))
    with ledger.transaction():
        ledger.offer_evidence_again()
    calendar.after(8)
    with ledger.transaction():
        ledger.note_confirmed(1, calendar.now_ms)
    assert ledger.erase_settled() == 0
    sync_once(ledger, central)
    calendar.after(8.001)
    sync_once(ledger, central)
    assert ledger.erase_settled() == 0, "the photo has not been there for a week"
    calendar.after(15.001)
    sync_once(ledger, central)
    assert ledger.erase_settled() == 1
    assert not is_here(ledger, envelope)


def test_a_photo_that_came_late_is_offered_again_to_a_restored_central(
    ledger: Ledger, central: StandInCentral, calendar: Calendar
) -> None:
    """Its application had been there for a week, and the backup is of the night before it came."""
    envelope = decided(ledger, central, Status.APPROVED, evidence=(b"photo",))
    backup = central.snapshot()
    backup.files.clear()
    with ledger.transaction():
        ledger.offer_evidence_again()  # as if it had not come until now
    calendar.after(7.5)
    sync_once(ledger, central)
    calendar.after(7.6)
    sync_once(ledger, central)
    ledger.erase_settled()
    central.restore(backup)
    sync_once(ledger, central)
    assert set(central.memory.files) == {note.sha256 for note in envelope.parsed.evidence}


def test_central_restored_from_last_night_is_offered_first_what_it_lost(
    ledger: Ledger, central: StandInCentral, calendar: Calendar
) -> None:
    backup = central.snapshot()
    envelope = decided(ledger, central, Status.APPROVED)
    calendar.after(6)
    central.restore(backup)
    calendar.after(8)
    sync_once(ledger, central)
    assert ledger.erase_settled() == 0
    assert central.memory.applications == {envelope.parsed.id: envelope}
    assert is_here(ledger, envelope)


def test_the_log_flows_on_past_what_central_lost_too_late(
    ledger: Ledger, central: StandInCentral, calendar: Calendar
) -> None:
    backup = central.snapshot()
    old = [decided(ledger, central, Status.APPROVED) for _ in range(2)]
    kept = submit(ledger)
    sync_once(ledger, central)
    calendar.after(8)
    sync_once(ledger, central)
    assert ledger.erase_settled() == 2
    central.restore(backup)  # a backup of last month
    central.unreadable = lambda envelope: envelope.is_hollow
    new = submit(ledger)
    sync_once(ledger, central)
    assert list(central.memory.applications) == [kept.parsed.id, new.parsed.id]
    assert [lost.chain_hash for lost in central.memory.set_aside] == [
        envelope.chain_hash for envelope in old
    ]
    entry = ledger.find_by_id(old[0].parsed.id)
    assert entry
    assert entry.outcome is Outcome.UNREADABLE


def test_the_file_gives_its_room_back(
    ledger: Ledger, central: StandInCentral, calendar: Calendar
) -> None:
    long = Random(4)
    for _ in range(200):
        submit(ledger, answers={"data": long.randbytes(4000)})
    sync_once(ledger, central)
    for application in list(central.memory.applications):
        central.decide(application, Status.APPROVED)
    calendar.after(8)
    sync_once(ledger, central)
    ledger.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = ledger.path.stat().st_size
    assert ledger.erase_settled() == 200
    ledger.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert ledger.database.execute("PRAGMA freelist_count").fetchone() == (0,)
    assert ledger.path.stat().st_size < before - 200 * 4000
    assert ledger.database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_the_networks_thread_erases_once_an_hour(
    ledger: Ledger, central: StandInCentral, calendar: Calendar
) -> None:
    first = decided(ledger, central, Status.APPROVED)
    worker = SyncWorker(lambda: Ledger.open(ledger.path), central, keeping=Keeping(1))
    calendar.after(1)
    worker.run_once(ledger)
    assert not is_here(ledger, first)
    second = decided(ledger, central, Status.APPROVED)
    calendar.after(3)
    worker.run_once(ledger)
    assert is_here(ledger, second)
