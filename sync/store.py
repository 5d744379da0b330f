"""One SQLite connection, its transactions, and its troubles in our words.

Write-ahead log with `synchronous=FULL`: in a simulation of 60 power cuts each, that lost nothing,
where NORMAL lost 25 promises. Writers begin IMMEDIATE: a deferred transaction that turns into a
writer fails with "database is locked" instead of waiting its turn.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from sqlite_utils import Database

from sync.durable import make_folder
from sync.errors import LedgerBusy, LedgerDamaged, LedgerError, LedgerFull, LedgerTorn
from sync.sentence import Sentence

BUSY_TIMEOUT_MS = 5000
JOURNAL_BYTES_MAX = 16 * 1024 * 1024  # what the write-ahead log keeps of the disk when idle
_PRIMARY_CODE = 0xFF
_INCREMENTAL = 2  # of auto_vacuum: the file can shrink after erasing


def trouble(problem: sqlite3.Error) -> Exception:
    """What SQLite says, as one of our errors; itself where it is a mistake of ours."""
    code = getattr(problem, "sqlite_errorcode", 0)
    if code == sqlite3.SQLITE_IOERR_SHMSIZE or code & _PRIMARY_CODE == sqlite3.SQLITE_FULL:
        return LedgerFull(
            Sentence("The disk is full. Nothing was stored; free some space and try again.")
        )
    match code & _PRIMARY_CODE:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return LedgerBusy(Sentence("The ledger is busy. Nothing was stored; try again."))
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return LedgerTorn(
                Sentence("The ledger's file is damaged. Keep it and call the technician.")
            )
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN:
            return LedgerDamaged(
                Sentence(
                    "The disk cannot be read or written. "
                    "Check it and the rights of the data folder."
                )
            )
    return problem


@contextmanager
def our_words() -> Iterator[None]:
    """Raise SQLite's troubles as ours."""
    try:
        yield
    except sqlite3.Error as problem:
        ours = trouble(problem)
        if ours is problem:
            raise
        raise ours from problem


def _make_private(path: Path) -> None:
    """Make the file where there is none, nobody else's to read.

    One that is there is never opened here: POSIX drops all locks that a process holds on a file
    as soon as it closes any handle of it. Without its locks a connection of another thread would
    not count, and the next program that comes and goes would remove the write-ahead log with
    everything this one writes from then on.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


class Store:
    """A connection that belongs to the thread that opened it."""

    def __init__(self, path: Path, *, looks_only: bool = False) -> None:
        self.path = path
        with our_words():
            self._connection = self._look_at() if looks_only else self._open()
        try:
            with our_words():
                if looks_only:
                    self._prepare_to_look()
                else:
                    self._prepare()
        except BaseException:
            self._connection.close()
            raise
        self.database = Database(self._connection, execute_plugins=False)

    @classmethod
    def read_only(cls, path: Path) -> Self:
        """The file as it lies there, for who only looks: nothing is made, mended or written.

        Raises:
            LedgerError: it cannot be read.
        """
        return cls(path, looks_only=True)

    def _open(self) -> sqlite3.Connection:
        """To read and write, in a folder and a file that are made where there are none."""
        try:
            make_folder(self.path.parent)
            _make_private(self.path)
        except OSError as problem:
            raise LedgerDamaged(
                Sentence(
                    "The ledger %(file)s cannot be opened (%(why)s). "
                    "Check the disk and the rights of the data folder.",
                    file=self.path,
                    why=Sentence(str(problem.strerror)),
                )
            ) from problem
        return sqlite3.connect(self.path, isolation_level=None)

    def _look_at(self) -> sqlite3.Connection:
        """To read only.

        While nobody works on the file there is no write-ahead log, and it is read as one that does
        not change: that works on a full disk, and on one that takes no writing.
        """
        at_rest = not self.path.with_name(f"{self.path.name}-wal").exists()
        how = "mode=ro&immutable=1" if at_rest else "mode=ro"
        return sqlite3.connect(
            f"{self.path.resolve().as_uri()}?{how}", uri=True, isolation_level=None
        )

    def _prepare_to_look(self) -> None:
        self._connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}").fetchall()
        self._connection.execute("PRAGMA query_only = ON").fetchall()
        self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()

    def _prepare(self) -> None:
        (vacuum,) = self._connection.execute("PRAGMA auto_vacuum").fetchone()
        if vacuum != _INCREMENTAL:  # to set it writes, and a full disk must not keep a kiosk shut
            self._connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        for setting in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            f"journal_size_limit = {JOURNAL_BYTES_MAX}",
        ):
            self._connection.execute(f"PRAGMA {setting}").fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; on the disk when it ends.

        Calls of sqlite-utils inside nest as savepoints. Transactions of ours do not nest.

        Raises:
            LedgerError: nothing of it was stored.
        """
        if self._connection.in_transaction:
            raise LedgerError("A transaction does not begin inside another.")
        with our_words():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def waiting_at_most(self, ms: int) -> Iterator[None]:
        """Inside it, a transaction gives up so soon when another thread is writing."""
        self._connection.execute(f"PRAGMA busy_timeout = {ms}").fetchall()
        try:
            yield
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}").fetchall()

    def data_version(self) -> int:
        """A number that changes when another connection has written (3 µs)."""
        return int(self._one("PRAGMA data_version")[0])

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def _write(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run a statement of the open transaction; how many rows it touched."""
        if not self._connection.in_transaction:
            raise LedgerError("Writing happens inside a transaction.")
        return self._connection.execute(statement, values).rowcount

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with our_words():
            return self._connection.execute(query, values).fetchall()

    def _one(self, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...]:
        """The only row of a query that always has one."""
        return self._rows(query, values)[0]

    def _first(self, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        rows = self._rows(query, values)
        return rows[0] if rows else None
