"""The device's ledger: everything that crosses the wire, in one SQLite file.

A receipt is a promise, so a transaction ends only when the disk has it, and from then on the
application is sent until central has acknowledged it. Each thread opens the ledger for itself; the
threads meet only here. Other tables of the program live in the same file, through `database`, so
that what belongs together commits together.

    with ledger.transaction():
        ledger.add(envelope)
        print_jobs.add(job)
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from nacl.signing import SigningKey
from sqlite_utils import Database, Migrations

from sync import marker
from sync.asking import Asking
from sync.carriage import Carriage, CarriedBatch, CarriedPiece
from sync.clock import Steady
from sync.enrolment import Enrolment
from sync.errors import BadAnswer, BadRecord, LedgerGone, LedgerNewer
from sync.facts import Facts
from sync.identity import Identity
from sync.journeys import JourneyCounts
from sync.protocol import ASKED_MAX, Answer, Batch, EvidenceAnswer, Report
from sync.queue import Queue
from sync.records import KeyPurpose
from sync.rehearsal import rehearse
from sync.retention import Retention
from sync.sentence import Sentence
from sync.spending import Spending
from sync.store import our_words
from sync.tables import MIGRATIONS

FILE_NAME = "ledger.sqlite3"


@dataclass(frozen=True, slots=True)
class Progress:
    """What one answer brought."""

    acknowledged: int
    changes: int
    restarted: bool  # central lost something, or its feed began another life


class Ledger(Facts, Retention, Queue, Carriage, Spending, JourneyCounts, Asking):
    """The whole ledger, of the thread that opened it."""

    @classmethod
    def open(cls, path: Path, *others: Migrations, anew: bool = False) -> Self:
        """Open the ledger and bring its tables up to date; make it where there is none.

        Args:
            path: the file, usually `ledger.sqlite3` in the data folder.
            others: migration sets of other tables that live in the same file.
            anew: also where the ledger of a kiosk that was enrolled here is gone.

        Raises:
            LedgerGone: a kiosk was enrolled here, and its ledger is missing or empty.
            LedgerNewer: a newer program has written it.
            LedgerFull: there is no room to try an update on a copy; nothing was changed.
            LedgerError: it cannot be opened, or this program's update does not fit it.
        """
        before = marker.find(path.parent)
        if before is not None and not _holds_anything(path):
            if not anew:
                raise _gone(path, before)
            _keep_wal(path)
        ledger = cls(path)
        try:
            with our_words():
                ledger._migrate((MIGRATIONS, *others))
                ledger.read_again()
                identity = ledger.identity()
        except BaseException:
            ledger.close()
            raise
        if identity is not None:
            marker.mark(path.parent, identity, ledger.newest_sealing_key())
        elif before is not None and not anew:
            ledger.close()
            raise _gone(path, before)
        return ledger

    def _migrate(self, sets: Sequence[Migrations]) -> None:
        """Bring every table up to date, all of it or nothing, after it went well on a copy."""
        for migrations in sets:
            _refuse_newer(self.database, migrations)
        if not any(migrations.pending(self.database) for migrations in sets):
            return
        if MIGRATIONS.applied(self.database):  # it is not a new one
            rehearse(self, sets)
        with self.transaction():
            for migrations in sets:
                migrations.apply(self.database)

    def _be(self, enrolment: Enrolment, key: SigningKey, after: int | None = None) -> Identity:
        identity = super()._be(enrolment, key, after)
        marker.mark(self.path.parent, identity, self.newest_sealing_key())
        return identity

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
            reads_packed=True,
            report=self.report(),
            asked=self.asked_after(ASKED_MAX),
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
                raise BadAnswer(Sentence("Another exchange went first."))
            restarted = answer.epoch != batch.epoch or answer.through < batch.after
            if answer.epoch != batch.epoch:
                self.restart_feed(answer.epoch)
                self.offer_evidence_again()
            self.note_held(answer.through)
            if answer.through < batch.after:
                self.offer_again(answer.through)
                self.offer_evidence_again(answer.through)
            acknowledged = self.acknowledge(answer.acknowledgements, answer.at.at_ms)
            try:
                changes = self.take(answer.changes)
            except BadRecord as problem:
                raise BadAnswer(
                    Sentence("Central's answer cannot be used: %(why)s", why=problem)
                ) from problem
            self.forget_asked(batch.asked)
            self.hear_time(answer.at, heard)
            self.note_confirmed(answer.through, answer.at.at_ms)
        return Progress(acknowledged, changes, restarted)

    def accept_late(self, answer: Answer) -> Progress | None:
        """Take in an answer that was carried home, whatever has happened since.

        It is taken once, and never undoes what is known by now: an acknowledged envelope stays so,
        known news stay, and news that do not follow on come again by the next road. An answer from
        an earlier life of central's feed is from before a loss: what it acknowledges is sent again.

        Returns:
            What it brought; None where it answers nothing of ours, or was taken in before.
        """
        with self.transaction():
            carried = self.find_carried(answer.batch)
            if not isinstance(carried, CarriedBatch):
                return None
            self.answered(carried)
            if self.epoch() not in (carried.epoch, answer.epoch):
                return Progress(0, 0, restarted=False)
            restarted = self.epoch() != answer.epoch
            if restarted:
                self.restart_feed(answer.epoch)
                self.offer_evidence_again()
            # Of a life of central that began meanwhile, a quicker road has told what it lacked.
            lost = carried.epoch == answer.epoch and answer.through < carried.acknowledged
            if restarted or lost:
                self.offer_again(answer.through)
                self.offer_evidence_again(answer.through)
            acknowledged = self.acknowledge(
                tuple(
                    word
                    for word in answer.acknowledgements
                    if carried.after < word.sequence <= carried.through
                ),
                answer.at.at_ms,
            )
            changes = self.take(self.following(answer.changes))
            self.hear_late(answer.at)
            self.note_confirmed(answer.through, answer.at.at_ms)
        return Progress(acknowledged, changes, restarted or lost)

    def accept_piece_late(self, answer: EvidenceAnswer) -> bool:
        """Take in the answer to a piece that was carried; whether it is one to believe."""
        with self.transaction():
            carried = self.find_carried(answer.request)
            if not isinstance(carried, CarriedPiece) or answer.epoch != self.epoch():
                return False
            self.answered(carried)
            self._note_sent(carried.sha256, answer.offset)
        return True


def _holds_anything(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _gone(path: Path, before: Identity) -> LedgerGone:
    return LedgerGone(
        Sentence(
            "The ledger of kiosk number %(number)s is gone: %(file)s is missing or empty. "
            "What it held and had not sent is nowhere else: look for the file, or its card, and "
            "put it back. Where it is lost, ask central for a one-time code and run: "
            "kiosk provision --code CODE",
            number=before.kiosk_number,
            file=path,
        )
    )


def _keep_wal(path: Path) -> None:
    """SQLite removes a write-ahead log whose file is new: somebody may still read it."""
    wal = path.with_name(f"{path.name}-wal")
    with suppress(OSError):
        wal.rename(wal.with_name(f"{wal.name}.kept"))


def find_newer(database: Database, migrations: Migrations) -> str | None:
    """The first step of these tables that this program does not know: a newer one made it."""
    empty = Database(memory=True, execute_plugins=False)
    known = {step.name for step in migrations.pending(empty)}
    empty.close()
    applied = (step.name for step in migrations.applied(database))
    return next((name for name in applied if name not in known), None)


def _refuse_newer(database: Database, migrations: Migrations) -> None:
    newer = find_newer(database, migrations)
    if newer is not None:
        raise LedgerNewer(
            Sentence(
                "This ledger was written by a newer program (%(step)s). "
                "Install that version again; nothing was changed.",
                step=newer,
            )
        )
