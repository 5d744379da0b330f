"""The device's ledger: promises kept in a real SQLite file."""

import resource
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from sync.clock import Steady
from sync.errors import (
    BadAnswer,
    BadRecord,
    LedgerBusy,
    LedgerDamaged,
    LedgerError,
    LedgerFull,
    LedgerNewer,
    NotEnrolled,
)
from sync.ledger import Ledger
from sync.protocol import Acknowledgement, Answer
from sync.records import (
    BODY_BYTES_MAX,
    FIRST_PREVIOUS,
    NATION,
    ApplicationId,
    Change,
    ChangeKind,
    KeyNote,
    KeyPurpose,
    Kind,
    Outcome,
    ServiceNote,
    Stamp,
    Status,
    StatusEvent,
    TimeQuality,
)
from tests.stand_ins.central import OFFICE, StandInCentral
from tests.stand_ins.kiosk import enrolled, make, submit

AT = Stamp(1_800_000_000_000, TimeQuality.TRUSTED)
HEARD = Steady(1000, "boot")


@pytest.fixture
def central() -> StandInCentral:
    return StandInCentral()


@pytest.fixture
def ledger(tmp_path: Path, central: StandInCentral) -> Iterator[Ledger]:
    opened = enrolled(tmp_path, central)
    yield opened
    opened.close()


def answer_to(ledger: Ledger, **fields: object) -> Answer:
    given = {"batch": bytes(32), "at": AT, "epoch": ledger.epoch(), "through": 0} | fields
    return Answer(**given)  # type: ignore[arg-type]  # built from named parts


def accept(ledger: Ledger, **fields: object) -> None:
    ledger.accept(ledger.next_batch(100, 10**6, 10**6), answer_to(ledger, **fields), HEARD)


def acknowledgement(ledger: Ledger, sequence: int, outcome: Outcome) -> Acknowledgement:
    envelope = ledger.outbox(100, 10**6).envelopes[sequence - 1]
    return Acknowledgement(envelope.parsed.id, sequence, outcome)


def test_an_application_is_there_after_reopening(ledger: Ledger) -> None:
    envelope = submit(ledger)
    with Ledger_reopened(ledger) as again:
        assert again.envelope(envelope.parsed.id) == envelope
        assert again.outbox(10, 10**6).envelopes == (envelope,)
        assert again.exchange_state().waiting_count == 1


class Ledger_reopened:  # noqa: N801 - reads as a phrase
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = Ledger.open(ledger.path)

    def __enter__(self) -> Ledger:
        return self.ledger

    def __exit__(self, *_: object) -> None:
        self.ledger.close()


def test_it_writes_ahead_and_waits_for_the_disk(ledger: Ledger) -> None:
    query = ledger.database.query
    assert next(iter(query("PRAGMA journal_mode")))["journal_mode"] == "wal"
    assert next(iter(query("PRAGMA synchronous")))["synchronous"] == 2
    assert next(iter(query("PRAGMA foreign_keys")))["foreign_keys"] == 1


def test_every_table_is_strict(ledger: Ledger) -> None:
    tables = {row["name"]: row["strict"] for row in ledger.database.query("PRAGMA table_list")}
    ours = {"device", "clock", "log", "evidence", "cursor", "service", "exchange", "status_event"}
    assert ours <= tables.keys()
    assert all(tables[name] for name in ours)


def test_nobody_else_may_read_the_file(ledger: Ledger) -> None:
    assert ledger.path.stat().st_mode & 0o077 == 0


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


def test_what_fails_half_way_leaves_nothing(ledger: Ledger) -> None:
    def cut_off() -> None:
        with ledger.transaction():
            ledger.add(make(ledger)[0])
            ledger.database.table("jobs").insert({"name": "print"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        cut_off()
    assert ledger.waiting_count() == 0
    assert "jobs" not in ledger.database.table_names()


def test_writing_outside_a_transaction_is_refused(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="inside a transaction"):
        ledger.acknowledge((Acknowledgement(ApplicationId("ab" * 16), 1, Outcome.CREATED),))
    with (
        pytest.raises(LedgerError, match="inside another"),
        ledger.transaction(),
        ledger.transaction(),
    ):
        pass


def test_two_writers_take_turns(ledger: Ledger) -> None:
    def write() -> None:
        with Ledger_reopened(ledger) as other:
            for _ in range(50):
                submit(other)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert ledger.waiting_count() == 100


def test_a_writer_that_never_ends_is_said_to_be_busy(ledger: Ledger) -> None:
    with Ledger_reopened(ledger) as other:
        other.database.execute("PRAGMA busy_timeout = 10")
        with ledger.transaction(), pytest.raises(LedgerBusy), other.transaction():
            pass


def test_data_version_tells_of_other_writers_only(ledger: Ledger) -> None:
    before = ledger.data_version()
    submit(ledger)
    assert ledger.data_version() == before
    with Ledger_reopened(ledger) as other:
        submit(other)
    assert ledger.data_version() != before


def test_a_full_database_stores_nothing_half(ledger: Ledger) -> None:
    submit(ledger)
    pages = next(iter(ledger.database.query("PRAGMA page_count")))["page_count"]
    ledger.database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LedgerFull, match="disk is full"):
        submit(ledger, answers={"data": {str(n): n * "x" for n in range(1000)}})
    assert ledger.waiting_count() == 1
    ledger.database.execute("PRAGMA max_page_count = 1000000")
    submit(ledger)
    assert ledger.waiting_count() == 2


def on_a_small_disk(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    mount = f'mount -t tmpfs -o size=1m tmpfs "{folder}" && exec "{sys.executable}" -c "$1"'
    return subprocess.run(
        ["unshare", "-rm", "sh", "-c", mount, "sh", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent.parent.parent,
        timeout=60,
    )


def test_on_a_disk_that_fills_up_promises_are_kept_and_no_half_ones_made(tmp_path: Path) -> None:
    if "yes" not in on_a_small_disk(tmp_path, "print('yes')").stdout:
        pytest.skip("this machine allows no small disk")
    script = f"""
import sqlite3
from pathlib import Path
from sync.errors import LedgerFull
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import enrolled, submit
ledger = enrolled(Path({str(tmp_path)!r}), StandInCentral())
promised, full = [], 0
for number in range(2000):
    try:
        promised.append(submit(ledger, evidence=(bytes(1000),) if number % 2 else ()).parsed.id)
    except LedgerFull:
        full += 1
    if full == 20:
        break
from sync.ledger import Ledger
again = Ledger.open(ledger.path)
assert [again.find_by_id(id) is not None for id in promised] == [True] * len(promised)
assert again.waiting_count() == len(promised), (again.waiting_count(), len(promised))
assert again.database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
print("kept", len(promised), "full", full)
"""
    done = on_a_small_disk(tmp_path, script)
    assert done.returncode == 0, done.stderr
    kept = int(done.stdout.split()[1])
    assert kept > 5
    assert done.stdout.endswith("full 20\n")


def test_a_document_that_does_not_fit_leaves_nothing_behind(tmp_path: Path) -> None:
    script = f"""
import resource, signal
from pathlib import Path
from sync.errors import LedgerFull
from sync.evidence import write_evidence
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_evidence(Path({str(tmp_path)!r}), bytes(5000))
except LedgerFull as problem:
    print(problem)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent.parent,
    )
    assert "disk is full" in done.stdout
    assert list(tmp_path.iterdir()) == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 1000


def test_a_program_that_looks_in_takes_nothing_away(ledger: Ledger) -> None:
    """A technician's command opens and closes the ledger while the kiosk's threads have it open."""
    look_in = f"""
from pathlib import Path
from sync.ledger import Ledger
ledger = Ledger.open(Path({str(ledger.path)!r}))
print(ledger.waiting_count())
ledger.close()
"""

    def seen_from_outside() -> str:
        command = [sys.executable, "-c", look_in]
        root = Path(__file__).parent.parent.parent
        return subprocess.run(
            command, capture_output=True, text=True, check=True, cwd=root
        ).stdout.strip()

    worker = Ledger.open(ledger.path)  # the connection of another thread
    assert seen_from_outside() == "0"
    submit(ledger)
    assert worker.waiting_count() == 1
    assert seen_from_outside() == "1"
    worker.close()
    assert seen_from_outside() == "1"


def test_the_ledger_is_its_owners_only(ledger: Ledger) -> None:
    submit(ledger)
    for path in ledger.path.parent.glob("ledger.sqlite3*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_newer_ledger_is_refused_with_a_sentence_and_left_alone(ledger: Ledger) -> None:
    newer = Migrations("sync")

    @newer()
    def m999_from_next_year(database: Database) -> None:
        database.execute("CREATE TABLE tomorrow (id INTEGER) STRICT")

    newer.apply(ledger.database)
    before = ledger.path.read_bytes()
    with pytest.raises(LedgerNewer, match="newer program"):
        Ledger.open(ledger.path)
    assert ledger.path.read_bytes() == before


def test_other_tables_live_in_the_same_file(tmp_path: Path) -> None:
    kiosk = Migrations("kiosk")

    @kiosk()
    def m001(database: Database) -> None:
        database.execute("CREATE TABLE print_job (id INTEGER PRIMARY KEY) STRICT")

    for _ in range(2):
        opened = Ledger.open(tmp_path / "ledger.sqlite3", kiosk)
        assert {"log", "print_job"} <= set(opened.database.table_names())
        opened.close()


def test_a_file_that_is_no_ledger_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    path.write_bytes(b"not a database at all" * 1000)
    with pytest.raises(LedgerDamaged):
        Ledger.open(path)
    with pytest.raises(LedgerDamaged):
        Ledger.open(tmp_path)


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


def test_another_life_of_the_feed_is_read_from_its_start(ledger: Ledger) -> None:
    accept(ledger, changes=(change(NATION, 1), change(NATION, 2)))
    assert ledger.cursor()[NATION] == 2
    accept(ledger, epoch=b"e" * 16, changes=(change(NATION, 1),))
    assert ledger.epoch() == b"e" * 16
    assert ledger.cursor()[NATION] == 1


def change(audience: str, position: int, version: str = "1") -> Change:
    note = ServiceNote("la.test", version, f"bundle {version}".encode())
    return Change(audience, position, ChangeKind.SERVICE, note.to_bytes())  # type: ignore[arg-type]


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


def test_what_nobody_heard_of_is_not_found(ledger: Ledger) -> None:
    assert ledger.find_by_id(ApplicationId("cd" * 16)) is None
    assert ledger.find_by_reference("0001-0000-0000") is None
    assert ledger.envelope(ApplicationId("cd" * 16)) is None


def test_a_key_once_known_never_changes_and_the_newest_seals(ledger: Ledger) -> None:
    def note(identity: bytes, key: bytes) -> Change:
        content = KeyNote(identity, KeyPurpose.SEALING, key, "central").to_bytes()
        return Change(NATION, 1 + ledger.cursor()[NATION], ChangeKind.CENTRAL_KEY, content)

    accept(ledger, changes=(note(b"newer-id", b"n" * 32),))
    accept(ledger, changes=(note(b"newer-id", b"x" * 32),))
    assert ledger.sealing_key() == (b"newer-id", b"n" * 32)


def test_another_kiosk_cannot_bring_a_key_of_central(ledger: Ledger) -> None:
    note = KeyNote(b"attacker", KeyPurpose.ANSWERS, b"x" * 32, "kiosk", 7)
    accept(ledger, changes=(Change(NATION, 1, ChangeKind.DEVICE_KEY, note.to_bytes()),))
    assert b"attacker" not in ledger.keys(KeyPurpose.ANSWERS)
    assert ledger.unread_count() == 1


def test_enrolment_gives_an_identity_that_lasts(ledger: Ledger, central: StandInCentral) -> None:
    identity = ledger.enrolled_identity()
    assert identity.kiosk_number == 1
    assert identity.office_name["en"] == "Xaythany District"
    own = bytes(identity.signing_key.verify_key)
    assert ledger.keys(KeyPurpose.RECEIPTS) == {bytes.fromhex(identity.device): own}
    with Ledger_reopened(ledger) as again:
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
