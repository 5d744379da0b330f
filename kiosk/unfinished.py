"""Unfinished entries that wait on this disk for their resume slips, sealed, and for a time only.

Nothing here opens one: the secret is on the slip, and until the paper is out in the print job under
the vault's key. So after a power cut before the paper came out nobody can ever open the entry, and
it is erased. None leaves the kiosk: the log, the exchange and central never hear of them.

An entry is kept for its days by central's clock: they are counted from the first word of central
after it was set aside, because the machine's own clock may lie and must not erase what a paper
promises. Only when there are more of them than a kiosk can have must the oldest go before.

What is erased is overwritten in the file, and the file gives its room back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sync.ledger import Ledger
from sync.records import Stamp, TimeQuality
from sync.retention import DAY_MS
from sync.store import our_words

COUNT_MAX = 200  # far more than come back
BYTES_MAX = 256 * 2**20
FATES_MAX = 5_000  # of entries that are over: a slip in a drawer is still told what became of it


class Fate(StrEnum):
    """What became of an unfinished entry."""

    KEPT = "kept"
    CONTINUED = "continued"  # and set aside anew: another slip counts
    HANDED_IN = "handed-in"
    ERASED = "erased"  # she said so, or no paper ever came out
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class UnfinishedEntry:
    """One of them, as the disk has it."""

    number: int
    id: str
    reference: str
    fate: Fate
    takes_place_of: str | None
    body: bytes


class UnfinishedEntries:
    """The tables `unfinished` and `unfinished_file`, of the thread that opened the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        with our_words():
            ledger.database.execute("PRAGMA secure_delete = ON").fetchall()

    def find(self, id_: str) -> UnfinishedEntry | None:
        """The entry of that id, whatever became of it."""
        return self._find("id", id_)

    def find_by_reference(self, reference: str) -> UnfinishedEntry | None:
        """The entry whose slip has that reference."""
        return self._find("reference", reference)

    def _find(self, column: str, value: str) -> UnfinishedEntry | None:
        rows = self._rows(
            "SELECT number, id, reference, fate, takes_place_of, body FROM unfinished "  # noqa: S608 - our own words
            f"WHERE {column} = ?",
            value,
        )
        if not rows:
            return None
        number, id_, reference, fate, takes_place_of, body = rows[0]
        return UnfinishedEntry(number, id_, reference, Fate(fate), takes_place_of, body)

    def files(self, number: int) -> list[bytes]:
        """The sealed photos and files of an entry, in their order."""
        query = "SELECT body FROM unfinished_file WHERE unfinished = ? ORDER BY place"
        return [row[0] for row in self._rows(query, number)]

    def keep(
        self,
        id_: str,
        reference: str,
        body: bytes,
        files: Sequence[bytes],
        *,
        now: Stamp,
        until_ms: int,
        job: int | None,
        takes_place_of: str | None,
    ) -> int:
        """Keep a sealed entry; inside the transaction that has its slip printed. Its number."""
        counted_ms = now.at_ms if now.quality is TimeQuality.TRUSTED else None
        size = len(body) + sum(map(len, files))
        number = self._rows(
            "INSERT INTO unfinished (id, reference, fate, job, photographed, takes_place_of, "
            "until_ms, heard_ms, counted_ms, size, body) "
            "VALUES (?, ?, 'kept', ?, 0, ?, ?, ?, ?, ?, ?) RETURNING number",
            id_,
            reference,
            job,
            takes_place_of,
            until_ms,
            self._heard_ms(),
            counted_ms,
            size,
            body,
        )[0][0]
        for place, file in enumerate(files):
            self._run("INSERT INTO unfinished_file VALUES (?, ?, ?)", number, place, file)
        self._keep_within_bounds()
        return int(number)

    def _keep_within_bounds(self) -> None:
        kept = self._rows(
            "SELECT id, size FROM unfinished WHERE fate = 'kept' ORDER BY number DESC"
        )
        count = bytes_ = 0
        for id_, size in kept:
            count, bytes_ = count + 1, bytes_ + size
            if count > COUNT_MAX or bytes_ > BYTES_MAX:
                self.end(id_, Fate.EXPIRED)
        self._run(
            "DELETE FROM unfinished WHERE fate != 'kept' AND number NOT IN "
            "(SELECT number FROM unfinished ORDER BY number DESC LIMIT ?)",
            FATES_MAX,
        )

    def end(self, id_: str, fate: Fate) -> None:
        """Erase what lies here of an entry; inside a transaction. Only its fate stays."""
        self._run(
            "DELETE FROM unfinished_file WHERE unfinished = "
            "(SELECT number FROM unfinished WHERE id = ? AND fate = 'kept')",
            id_,
        )
        self._run(
            "UPDATE unfinished SET fate = ?, body = x'', size = 0 WHERE id = ? AND fate = 'kept'",
            fate.value,
            id_,
        )

    def end_with_earlier(self, id_: str, fate: Fate) -> None:
        """Erase an entry and those that it was the continuation of; inside a transaction."""
        following: str | None = id_
        while following is not None:
            self.end(following, fate)
            entry = self.find(following)
            following = entry.takes_place_of if entry is not None else None

    def note_photographed(self, id_: str) -> None:
        """She has the code without a paper; inside a transaction."""
        self._run("UPDATE unfinished SET photographed = 1 WHERE id = ?", id_)

    def recover(self) -> int:
        """After a start: erase what no paper in anybody's hand can open. How many those are."""
        with self._ledger.transaction():
            lost = self._rows(
                """
                SELECT id FROM unfinished WHERE fate = 'kept' AND photographed = 0 AND NOT EXISTS (
                    SELECT 1 FROM print_jobs WHERE print_jobs.id = unfinished.job
                        AND print_jobs.state IN ('sending', 'unknown', 'printed')
                )
                """
            )
            for (id_,) in lost:
                self.end(id_, Fate.ERASED)
            for (before,) in self._rows(
                "SELECT takes_place_of FROM unfinished "
                "WHERE fate = 'kept' AND takes_place_of IS NOT NULL"
            ):
                self.end_with_earlier(before, Fate.CONTINUED)
        return len(lost)

    def erase_old(self, keep_days: int) -> int:
        """Erase those whose days are over, and those whose paper nobody took. How many."""
        heard_ms = self._heard_ms()
        with self._ledger.transaction():
            self._run(
                "UPDATE unfinished SET counted_ms = ? WHERE counted_ms IS NULL AND heard_ms < ?",
                heard_ms,
                heard_ms,
            )
            over = self._rows(
                """
                SELECT id, 'expired' FROM unfinished
                WHERE fate = 'kept' AND counted_ms + ? <= ? AND until_ms + ? <= ?
                UNION
                SELECT id, 'erased' FROM unfinished WHERE fate = 'kept' AND photographed = 0
                    AND job IN (SELECT id FROM print_jobs WHERE retracted_ms IS NOT NULL)
                """,
                keep_days * DAY_MS,
                heard_ms,
                DAY_MS,  # the day that the slip names belongs to it
                heard_ms,
            )
            for id_, fate in over:
                self.end(id_, Fate(fate))
        if over:
            self._ledger.give_room_back()
        return len(over)

    def count(self) -> int:
        """How many wait."""
        return int(self._rows("SELECT count(*) FROM unfinished WHERE fate = 'kept'")[0][0])

    def bytes_waiting_until(self, first_ms: int, end_ms: int) -> int:
        """The size of those whose slips name a day from that moment on and before that one."""
        query = (
            "SELECT coalesce(sum(size), 0) FROM unfinished "
            "WHERE fate = 'kept' AND until_ms >= ? AND until_ms < ?"
        )
        return int(self._rows(query, first_ms, end_ms)[0][0])

    def _heard_ms(self) -> int:
        """The last that central said of the time."""
        return self._ledger.known_time().floor_ms

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with our_words():
            return list(self._ledger.database.execute(query, values).fetchall())

    def _run(self, statement: str, *values: object) -> None:
        with our_words():
            self._ledger.database.execute(statement, values)
