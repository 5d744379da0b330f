"""Kiosks and centrals of different versions, and ledgers that a new version takes over."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from sync.errors import LedgerDamaged, LedgerError, LedgerFull, LedgerNewer
from sync.exchange import sync_once
from sync.ledger import Ledger
from sync.records import NATION, Envelope, ServiceNote, Stamp, Status, StatusEvent, TimeQuality
from sync.slices import pack, unpack
from sync.store import Store
from sync.tables import MIGRATIONS
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import enrolled, submit

SECOND = "m003_messages_given_to_carriers"  # the first step after the first release


@pytest.fixture
def central() -> StandInCentral:
    return StandInCentral()


@pytest.fixture
def ledger(tmp_path: Path, central: StandInCentral) -> Iterator[Ledger]:
    opened = enrolled(tmp_path, central)
    yield opened
    opened.close()


def from_next_year(statement: str) -> Migrations:
    """An update that the next version brings."""
    update = Migrations("next")

    @update()
    def m001(database: Database) -> None:
        database.execute(statement)

    return update


def is_as_it_was(ledger: Ledger, made: list[Envelope]) -> bool:
    return (
        list(ledger.outbox(100, 10**6).envelopes) == made
        and "tomorrow" not in ledger.database.table_names()
        and [path.name for path in ledger.path.parent.glob(".rehearsal*")] == []
    )


def test_a_ledger_of_the_first_release_goes_on_with_its_queue(tmp_path: Path) -> None:
    old = Store(tmp_path / "ledger.sqlite3")
    MIGRATIONS.apply(old.database, stop_before=SECOND)
    old.close()
    central = StandInCentral()
    ledger = enrolled(tmp_path, central)
    with closing(ledger):
        made = submit(ledger, evidence=(b"photo",))
        sync_once(ledger, central)
        assert list(central.memory.applications.values()) == [made]
        assert list(ledger.faults()) == []


def test_what_central_had_before_the_update_is_erased_in_time(tmp_path: Path) -> None:
    old = Store(tmp_path / "ledger.sqlite3")
    MIGRATIONS.apply(old.database, stop_before=SECOND)
    with old.transaction():
        old.database.execute("UPDATE exchange SET success_ms = 5")
        old.database.execute(
            """
            INSERT INTO log VALUES
            (1, 'a', 'feedback', NULL, 's', '1', 'o', NULL, 1, 'trusted', x'00', x'00', x'00',
             x'00', 'created')
            """
        )
    old.close()
    with closing(Ledger.open(tmp_path / "ledger.sqlite3")) as ledger:
        with ledger.transaction():
            ledger.note_confirmed(1, 5 + 7 * 24 * 3600 * 1000 - 1)
        assert ledger.erase_settled() == 0
        with ledger.transaction():
            ledger.note_confirmed(1, 5 + 7 * 24 * 3600 * 1000)
        assert ledger.erase_settled() == 1


def test_an_update_is_made_when_it_went_well_on_a_copy(ledger: Ledger) -> None:
    made = [submit(ledger) for _ in range(3)]
    update = from_next_year("CREATE TABLE tomorrow (id INTEGER) STRICT")
    with closing(Ledger.open(ledger.path, update)) as again:
        assert "tomorrow" in again.database.table_names()
        assert list(again.outbox(100, 10**6).envelopes) == made
    assert list(ledger.path.parent.glob(".rehearsal*")) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("ALTER TABLE nobody ADD COLUMN x", "does not fit"),
        ("DELETE FROM log WHERE sequence = 3", "would lose"),
        ("UPDATE log SET body = x'00'", "would lose"),
    ],
)
def test_an_update_that_fails_on_the_copy_touches_nothing(
    ledger: Ledger, statement: str, said: str
) -> None:
    made = [submit(ledger) for _ in range(3)]
    with pytest.raises(LedgerError, match=said):
        Ledger.open(ledger.path, from_next_year(statement))
    assert is_as_it_was(ledger, made)


def test_a_damaged_ledger_is_not_updated(ledger: Ledger) -> None:
    submit(ledger)
    ledger.database.execute("PRAGMA foreign_keys = OFF")
    ledger.database.execute("INSERT INTO evidence (sha256, sequence, size) VALUES (x'00', 77, 1)")
    with pytest.raises(LedgerDamaged):
        Ledger.open(ledger.path, from_next_year("CREATE TABLE tomorrow (id INTEGER)"))
    assert "tomorrow" not in ledger.database.table_names()


def test_without_room_for_a_copy_nothing_is_changed(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [submit(ledger)]

    def full(_ledger: Store, _copy: Path) -> None:
        raise LedgerFull("There is no room.")

    monkeypatch.setattr("sync.rehearsal._copy", full)
    with pytest.raises(LedgerFull):
        Ledger.open(ledger.path, from_next_year("CREATE TABLE tomorrow (id INTEGER)"))
    assert is_as_it_was(ledger, made)


def test_a_downgrade_changes_no_other_table_either(ledger: Ledger) -> None:
    made = [submit(ledger)]
    first = from_next_year("CREATE TABLE tomorrow (id INTEGER) STRICT")
    later = Migrations("kiosk")

    @later()
    def m999_of_a_newer_program(database: Database) -> None:
        database.execute("CREATE TABLE day_after (id INTEGER) STRICT")

    later.apply(ledger.database)
    with pytest.raises(LedgerNewer, match="Install that version again"):
        Ledger.open(ledger.path, first, Migrations("kiosk"))
    assert is_as_it_was(ledger, made)


def test_a_central_of_last_year_is_served(ledger: Ledger, central: StandInCentral) -> None:
    central.is_old = True
    made = [submit(ledger, evidence=(b"photo",)) for _ in range(3)]
    sync_once(ledger, central)
    assert list(central.memory.applications.values()) == made
    assert ledger.evidence_waiting() == ()


def test_news_of_next_year_is_kept_and_read_after_the_update(
    ledger: Ledger, central: StandInCentral
) -> None:
    service = ServiceNote("la.test", "1", b"bundle")
    central.publish(NATION, 77, b"what this version does not know")
    central.publish(NATION, 78, b"nor this")
    submit(ledger)
    sync_once(ledger, central)
    assert ledger.unread_count() == 2
    assert ledger.cursor()[NATION] == 2
    with ledger.transaction():  # as an older program kept what this one knows by number
        ledger.database.execute(
            "UPDATE unread_change SET kind = '1', payload = ? WHERE position = 2",
            [service.to_bytes()],
        )
    with closing(Ledger.open(ledger.path)) as updated:
        assert updated.service_versions() == {"la.test": ("1",)}
        assert updated.unread_count() == 1


def test_a_word_of_next_year_inside_a_known_kind_is_kept_too(
    ledger: Ledger, central: StandInCentral
) -> None:
    made = submit(ledger)
    sync_once(ledger, central)
    event = StatusEvent(made.parsed.id, 2, Status.APPROVED, Stamp(1, TimeQuality.TRUSTED), "office")
    central.publish(NATION, 0, event.to_bytes().replace(b"\x02\x03", b"\x02\x18\x63", 1))
    sync_once(ledger, central)
    assert ledger.unread_count() == 1
    assert len(ledger.status_events(made.parsed.id)) == 1


def test_what_follows_an_erased_envelope_reaches_an_older_central_as_it_was(
    ledger: Ledger,
) -> None:
    first, second = submit(ledger), submit(ledger)
    hollow = Envelope.hollow(first.header, first.chain_hash)
    packed = pack(first.parsed.previous, (hollow, second))
    assert unpack(first.parsed.previous, packed) == (hollow, second)
    import zstandard  # noqa: PLC0415 - only here the wire is looked at

    from sync import cbor  # noqa: PLC0415

    rows = cbor.decode(zstandard.decompress(packed[0]), 10**6)  # type: ignore[arg-type]  # bytes
    assert rows[1] == [-1, second.header]
