"""What central tells is taken in once, in order, and nothing of it stops the rest."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.errors import BadAnswer
from sync.ledger import Ledger
from sync.records import (
    NATION,
    ApplicationId,
    Change,
    ChangeKind,
    KeyNote,
    KeyPurpose,
    OfficeNote,
    Outcome,
    ServiceNote,
    Status,
    StatusEvent,
)
from tests.ledgers import AT, HEARD, accept, acknowledgement, answer_to
from tests.stand_ins.central import OFFICE, StandInCentral
from tests.stand_ins.kiosk import enrolled, submit


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = enrolled(tmp_path, StandInCentral())
    yield opened
    opened.close()


def change(audience: str, position: int, version: str = "1") -> Change:
    note = ServiceNote("la.test", version, f"bundle {version}".encode())
    return Change(audience, position, ChangeKind.SERVICE, note.to_bytes())  # type: ignore[arg-type]


def test_of_news_that_come_late_those_behind_a_hole_wait_for_the_next_road(ledger: Ledger) -> None:
    accept(ledger, changes=(change(NATION, 1),))
    late = tuple(change(NATION, position) for position in (1, 2, 4, 5))
    assert ledger.following(late) == late[:2]
    with ledger.transaction():
        assert ledger.take(ledger.following(late)) == 1
    assert ledger.cursor()[NATION] == 2


def test_another_life_of_the_feed_is_read_from_its_start(ledger: Ledger) -> None:
    accept(ledger, changes=(change(NATION, 1), change(NATION, 2)))
    assert ledger.cursor()[NATION] == 2
    accept(ledger, epoch=b"e" * 16, changes=(change(NATION, 1),))
    assert ledger.epoch() == b"e" * 16
    assert ledger.cursor()[NATION] == 1


def test_a_feed_with_a_hole_changes_nothing(ledger: Ledger) -> None:
    submit(ledger)
    with pytest.raises(BadAnswer):
        accept(
            ledger,
            through=1,
            acknowledgements=(acknowledgement(ledger, 1, Outcome.CREATED),),
            changes=(change(NATION, 1), change(NATION, 3)),
        )
    assert ledger.cursor()[NATION] == 0
    assert ledger.waiting_count() == 1
    assert ledger.service_versions() == {}


def test_an_answer_that_another_exchange_overtook_is_refused(ledger: Ledger) -> None:
    batch = ledger.next_batch(1, 1, 1)
    accept(ledger, epoch=b"e" * 16)
    with pytest.raises(BadAnswer, match="went first"):
        ledger.accept(batch, answer_to(ledger), HEARD)


def test_an_answer_that_comes_after_a_newer_one_changes_nothing(ledger: Ledger) -> None:
    early = ledger.next_batch(1, 1, 1)
    accept(ledger, changes=(change(NATION, 1, "1"), change(NATION, 2, "2")))
    progress = ledger.accept(early, answer_to(ledger, changes=(change(NATION, 1, "9"),)), HEARD)
    assert progress.changes == 0
    assert ledger.cursor()[NATION] == 2
    assert ledger.service_versions() == {"la.test": ("2", "1")}


def test_every_version_of_a_service_stays_and_the_newest_comes_first(ledger: Ledger) -> None:
    versions = ("1.9", "1.10", "1.2")
    changes = tuple(change(NATION, n, version) for n, version in enumerate(versions, 1))
    accept(ledger, changes=changes)
    assert ledger.service_versions() == {"la.test": ("1.10", "1.9", "1.2")}


def test_an_item_that_cannot_be_read_does_not_block_the_feed(ledger: Ledger) -> None:
    odd = (Change(NATION, 1, 77, b"new"), Change(NATION, 2, ChangeKind.STATUS, b"broken"))
    accept(ledger, changes=(*odd, change(NATION, 3)))
    assert ledger.unread_count() == 2
    assert ledger.cursor()[NATION] == 3
    assert ledger.service_bundle("la.test", "1") == b"bundle 1"


def test_status_events_come_back_in_order_and_the_last_word_holds(ledger: Ledger) -> None:
    application = ApplicationId("ab" * 16)

    def event(number: int, status: Status) -> StatusEvent:
        return StatusEvent(application, number, status, AT, OFFICE)

    events = [event(2, Status.APPROVED), event(1, Status.RECEIVED), event(2, Status.REJECTED)]
    accept(
        ledger,
        changes=tuple(
            Change(NATION, n, ChangeKind.STATUS, e.to_bytes()) for n, e in enumerate(events, 1)
        ),
    )
    assert ledger.status_events(application) == (events[1], events[2])
    known = ledger.find_by_id(application)
    assert known
    assert not known.taken_here


def test_a_key_once_known_never_changes_and_the_newest_seals(ledger: Ledger) -> None:
    def note(identity: bytes, key: bytes) -> Change:
        content = KeyNote(identity, KeyPurpose.SEALING, key, "central").to_bytes()
        return Change(NATION, 1 + ledger.cursor()[NATION], ChangeKind.CENTRAL_KEY, content)

    accept(ledger, changes=(note(b"newer-id", b"n" * 32),))
    accept(ledger, changes=(note(b"newer-id", b"x" * 32),))
    assert ledger.sealing_key() == (b"newer-id", b"n" * 32)


def test_a_revoked_key_is_trusted_no_more_even_when_it_is_told_again(ledger: Ledger) -> None:
    def note(purpose: KeyPurpose) -> Change:
        content = KeyNote(b"stolen-1", purpose, b"s" * 32, "central").to_bytes()
        return Change(NATION, 1 + ledger.cursor()[NATION], ChangeKind.CENTRAL_KEY, content)

    accept(ledger, changes=(note(KeyPurpose.BUNDLES),))
    assert b"stolen-1" in ledger.keys(KeyPurpose.BUNDLES)
    accept(ledger, changes=(note(KeyPurpose.REVOKED),))
    accept(ledger, changes=(note(KeyPurpose.BUNDLES),))
    assert b"stolen-1" not in ledger.keys(KeyPurpose.BUNDLES)


def test_another_kiosk_cannot_bring_a_key_of_central(ledger: Ledger) -> None:
    note = KeyNote(b"attacker", KeyPurpose.ANSWERS, b"x" * 32, "kiosk", 7)
    accept(ledger, changes=(Change(NATION, 1, ChangeKind.DEVICE_KEY, note.to_bytes()),))
    assert b"attacker" not in ledger.keys(KeyPurpose.ANSWERS)
    assert ledger.unread_count() == 1


def test_an_office_says_where_receipts_point_from_now_on(ledger: Ledger) -> None:
    def note(office: str, portal_url: str) -> Change:
        content = OfficeNote(office, {"lo": "ໄຊທານີ"}, "021", "", portal_url=portal_url).to_bytes()
        return Change(NATION, 1 + ledger.cursor()[NATION], ChangeKind.OFFICE, content)

    before = ledger.enrolled_identity()
    accept(ledger, changes=(note(OFFICE, ""),))  # as an older central writes it
    accept(ledger, changes=(note("another", "https://elsewhere.example"),))
    assert ledger.enrolled_identity() == before
    accept(ledger, changes=(note(OFFICE, "https://moved.example"),))
    assert ledger.enrolled_identity().portal_url == "https://moved.example"
