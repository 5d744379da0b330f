"""The ledger's file: all or nothing, whoever writes beside, whatever becomes of the disk."""

import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from sync.errors import (
    LedgerBusy,
    LedgerDamaged,
    LedgerError,
    LedgerFull,
    LedgerNewer,
)
from sync.ledger import Ledger
from sync.protocol import Acknowledgement
from sync.records import (
    ApplicationId,
    Outcome,
)
from tests.ledgers import reopened
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import enrolled, make, submit


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = enrolled(tmp_path, StandInCentral())
    yield opened
    opened.close()


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
        ledger.acknowledge((Acknowledgement(ApplicationId("ab" * 16), 1, Outcome.CREATED),), 1)
    with (
        pytest.raises(LedgerError, match="inside another"),
        ledger.transaction(),
        ledger.transaction(),
    ):
        pass


def test_two_writers_take_turns(ledger: Ledger) -> None:
    def write() -> None:
        with reopened(ledger) as other:
            for _ in range(50):
                submit(other)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert ledger.waiting_count() == 100


def test_a_writer_that_never_ends_is_said_to_be_busy(ledger: Ledger) -> None:
    with reopened(ledger) as other:
        other.database.execute("PRAGMA busy_timeout = 10")
        with ledger.transaction(), pytest.raises(LedgerBusy), other.transaction():
            pass


def test_data_version_tells_of_other_writers_only(ledger: Ledger) -> None:
    before = ledger.data_version()
    submit(ledger)
    assert ledger.data_version() == before
    with reopened(ledger) as other:
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
