"""An update of the tables is tried on a copy before it touches the ledger.

A ledger in the field holds promises, and no two are alike: years old, from half a dozen versions,
perhaps with damage that nobody has noticed. So the copy is brought up to date first, held against
the original and checked; only then the ledger itself, in one transaction. Should the copy fail, the
ledger is as it was, and the program before this one goes on with it.
"""

import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlite_utils import Migrations

from sync.errors import LedgerDamaged, LedgerError, LedgerFull
from sync.sentence import Sentence
from sync.store import Store, trouble

_NAME = ".rehearsal-"
_PROMISES = """
    SELECT count(*), coalesce(max(sequence), 0), coalesce(sum(length(header) + length(body)), 0),
        count(outcome)
    FROM log
"""


def rehearse(ledger: Store, sets: Sequence[Migrations]) -> None:
    """Bring a copy of the ledger up to date and look whether all promises are in it.

    Raises:
        LedgerFull: there is no room for a copy.
        LedgerDamaged: the ledger is damaged already.
        LedgerError: the update does not fit this ledger.
    """
    _remove(ledger.path.parent, f"{_NAME}*")  # of one that was cut off
    copy = ledger.path.with_name(f"{_NAME}{secrets.token_hex(4)}")
    try:
        _copy(ledger, copy)
        with closing(Store(copy)) as tried:
            before = tried.database.execute(_PROMISES).fetchone()
            with tried.transaction():
                for migrations in sets:
                    migrations.apply(tried.database)
            _check(tried, before)
    except sqlite3.Error as problem:
        if isinstance(trouble(problem), LedgerError):
            raise
        raise LedgerError(
            Sentence(
                "This version does not fit the ledger of this kiosk. Nothing was changed: install "
                "the version before it again, and tell its makers."
            )
        ) from problem
    finally:
        _remove(ledger.path.parent, f"{copy.name}*")


def _remove(folder: Path, pattern: str) -> None:
    for leftover in folder.glob(pattern):
        leftover.unlink(missing_ok=True)


def _copy(ledger: Store, copy: Path) -> None:
    try:
        ledger.database.execute("VACUUM INTO ?", [str(copy)])
    except sqlite3.Error as problem:
        if isinstance(trouble(problem), LedgerFull):
            megabytes = ledger.path.stat().st_size // 1_000_000 + 1
            raise LedgerFull(
                Sentence(
                    "There is no room to try this version on a copy of the ledger. Nothing was "
                    "changed: free %(megabytes)s MB, or install the version before it again.",
                    megabytes=2 * megabytes,
                )
            ) from problem
        raise


def _check(tried: Store, before: tuple[int, ...]) -> None:
    said = tried.database.execute("PRAGMA integrity_check").fetchone()
    broken = tried.database.execute("PRAGMA foreign_key_check").fetchone()
    if said != ("ok",) or broken is not None:
        raise LedgerDamaged(
            Sentence("The ledger is damaged. Nothing was changed; call the technician.")
        )
    if tried.database.execute(_PROMISES).fetchone() != before:
        raise LedgerError(
            Sentence(
                "This version would lose something of the ledger. Nothing was changed: install the "
                "version before it again."
            )
        )
