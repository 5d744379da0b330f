"""The device's ledger: everything that crosses the wire, in one SQLite file.

A receipt is a promise, so a transaction ends only when the disk has it, and from then on the
application is sent until central has acknowledged it. Each thread opens the ledger for itself; the
threads meet only here. Other tables of the program live in the same file, through `database`, so
that what belongs together commits together.

    with ledger.transaction():
        ledger.add(envelope)
        print_jobs.add(job)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlite_utils import Database, Migrations

from sync.clock import Steady
from sync.errors import BadAnswer, BadRecord, LedgerNewer
from sync.evidence import Evidence
from sync.facts import Facts
from sync.protocol import Answer, Batch, Report
from sync.records import KeyPurpose
from sync.store import our_words
from sync.tables import MIGRATIONS

FILE_NAME = "ledger.sqlite3"


@dataclass(frozen=True, slots=True)
class Progress:
    """What one answer brought."""

    acknowledged: int
    changes: int
    restarted: bool  # central lost something, or its feed began another life


class Ledger(Facts, Evidence):
    """The whole ledger, of the thread that opened it."""

    @classmethod
    def open(cls, path: Path, *others: Migrations) -> Self:
        """Open the ledger and bring its tables up to date; make it where there is none.

        Args:
            path: the file, usually `ledger.sqlite3` in the data folder.
            others: migration sets of other tables that live in the same file.

        Raises:
            LedgerNewer: a newer program has written it.
            LedgerError: it cannot be opened.
        """
        ledger = cls(path)
        try:
            with our_words():
                ledger._migrate((MIGRATIONS, *others))
        except BaseException:
            ledger.close()
            raise
        return ledger

    def _migrate(self, sets: Iterable[Migrations]) -> None:
        for migrations in sets:
            _refuse_newer(self.database, migrations)
            if migrations.pending(self.database):
                with self.transaction():
                    migrations.apply(self.database)

    def next_batch(self, limit_count: int, limit_bytes: int, room_bytes: int) -> Batch:
        """What to send to central next: the oldest that waits, and how far the feed is read."""
        identity = self.enrolled_identity()
        waiting = self.outbox(limit_count, limit_bytes)
        return Batch(
            device=identity.device,
            epoch=self.epoch(),
            cursor=self.cursor(),
            after=waiting.after,
            previous=waiting.previous,
            envelopes=waiting.envelopes,
            room_bytes=room_bytes,
            report=self.report(),
        )

    def report(self) -> Report:
        """How this device stands, for central's operators; all of one moment."""
        known = list(self.keys(KeyPurpose.ANSWERS))
        counts = self._one(
            """
            SELECT (SELECT coalesce(max(sequence), 0) FROM log),
                (SELECT count(*) FROM log WHERE outcome IS NULL),
                (SELECT count(*) FROM evidence WHERE done = 0),
                (SELECT count(*) FROM unread_change)
            """
        )
        recorded, waiting, files, unread = counts
        newest = known[-1] if known else b""
        return Report(newest, recorded, waiting, files, unread, self.lives_twice())

    def accept(self, batch: Batch, answer: Answer, heard: Steady) -> Progress:
        """Take in central's answer to a batch, all of it or nothing.

        Args:
            batch: what was sent.
            answer: central's signed answer, found to belong to the batch (see `check_answer`).
            heard: when it came.

        Raises:
            BadAnswer: another exchange went first, or the answer does not follow on.
        """
        with self.transaction():
            if self.epoch() != batch.epoch:
                raise BadAnswer("Another exchange went first.")
            restarted = answer.epoch != batch.epoch or answer.through < batch.after
            if answer.epoch != batch.epoch:
                self.restart_feed(answer.epoch)
                self.offer_evidence_again()
            self.note_held(answer.through)
            if answer.through < batch.after:
                self.offer_again(answer.through)
            acknowledged = self.acknowledge(answer.acknowledgements)
            try:
                changes = self.take(answer.changes)
            except BadRecord as problem:
                raise BadAnswer(f"Central's answer cannot be used: {problem}") from problem
            self.hear_time(answer.at, heard)
        return Progress(acknowledged, changes, restarted)


def _refuse_newer(database: Database, migrations: Migrations) -> None:
    empty = Database(memory=True, execute_plugins=False)
    known = {step.name for step in migrations.pending(empty)}
    empty.close()
    newer = [step.name for step in migrations.applied(database) if step.name not in known]
    if newer:
        raise LedgerNewer(
            f"This ledger was written by a newer program ({newer[0]}). "
            "Install that version again; nothing was changed."
        )
