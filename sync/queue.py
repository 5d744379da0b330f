"""The queue as a technician looks at it: what waits, what was set aside, and whether it is whole.

Nothing of it can be opened here: numbers, references, sizes and hashes are all there is to see.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sync.errors import BadRecord, EvidenceMissing
from sync.evidence import Evidence, EvidenceRow, check_whole
from sync.records import FIRST_PREVIOUS, Envelope, Outcome, Stamp, TimeQuality
from sync.sentence import Sentence

_TAKEN_UP = """(
    EXISTS (SELECT 1 FROM status_event WHERE application = log.application)
    OR EXISTS (
        SELECT 1 FROM log again
        WHERE again.replaces = log.application AND again.outcome IN ('created', 'exists')
    )
)"""  # by central's people, or handed in again by its holder
_READ_AT_ONCE = 200  # envelopes: a body may have a megabyte
SET_ASIDE = (Outcome.CONFLICT, Outcome.UNREADABLE)


@dataclass(frozen=True, slots=True)
class Queued:
    """An envelope of the log as it is seen from outside."""

    sequence: int
    kind: str
    reference: str
    service: str
    recorded: Stamp
    outcome: Outcome | None  # None: it waits
    is_released: bool  # set aside, and then taken up or handed in again
    bytes: int
    documents: int  # that central does not have whole
    document_bytes: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """How much waits."""

    envelopes: int  # of people; the counts of their journeys go along uncounted
    documents: int
    document_bytes: int  # that central does not have yet
    set_aside: int


@dataclass(frozen=True, slots=True)
class Books:
    """What this device accepted, and where it is now: nothing may be missing."""

    accepted: int  # every number that the log has given
    delivered: int  # central has said a word on it
    waiting: int

    @property
    def missing(self) -> int:
        """How many are neither delivered nor waiting: 0, or something was lost."""
        return self.accepted - self.delivered - self.waiting


class Queue(Evidence):
    """The log and its documents from outside."""

    def queue(self, *, everything: bool = False) -> Iterator[Queued]:
        """What waits and what was set aside, in order; or all that the log ever held."""
        waits = "outcome IS NULL OR outcome IN ('conflict', 'unreadable')"
        return self._queued("1" if everything else waits)

    def set_aside(self) -> Iterator[Queued]:
        """What central set aside and nobody has released, in order."""
        return self._queued(f"outcome IN ('conflict', 'unreadable') AND NOT {_TAKEN_UP}")

    def _queued(self, chosen: str) -> Iterator[Queued]:
        rows = self._rows(
            f"""
            SELECT sequence, kind, coalesce(reference, ''), service || ' ' || service_version,
                recorded_ms, recorded_quality, outcome,
                {_TAKEN_UP},
                length(header) + length(body) + length(sealed_secret),
                (SELECT count(*) FROM evidence e WHERE e.sequence = log.sequence AND done = 0),
                (
                    SELECT coalesce(sum(size - sent), 0) FROM evidence e
                    WHERE e.sequence = log.sequence AND done = 0
                )
            FROM log WHERE {chosen} ORDER BY sequence
            """  # noqa: S608 - of words of ours
        )
        for sequence, kind, reference, service, at_ms, quality, outcome, released, *sizes in rows:
            yield Queued(
                sequence,
                kind,
                reference,
                service,
                Stamp(at_ms, TimeQuality(quality)),
                Outcome(outcome) if outcome else None,
                bool(released),
                *sizes,
            )

    def documents_waiting(self) -> int:
        """How many documents central does not have whole."""
        return int(self._one("SELECT count(*) FROM evidence WHERE done = 0")[0])

    def oldest_waiting(self) -> Stamp | None:
        """When the oldest of what people handed in and still waits was recorded."""
        row = self._first(
            """
            SELECT recorded_ms, recorded_quality FROM log
            WHERE outcome IS NULL AND kind != 'journey' ORDER BY sequence LIMIT 1
            """
        )
        return Stamp(row[0], TimeQuality(row[1])) if row else None

    def documents_gone(self) -> int:
        """How many documents that were promised are missing on the disk, or have another size."""
        return sum(
            not self._is_there(sha256, size)
            for sha256, size in self._rows("SELECT sha256, size FROM evidence")
        )

    def _is_there(self, sha256: bytes, size: int) -> bool:
        try:
            return (self.evidence_folder / sha256.hex()).stat().st_size == size
        except OSError:
            return False

    def numbers(self) -> Numbers:
        """How much waits and how much was set aside."""
        waiting = self._one("SELECT count(*) FROM log WHERE outcome IS NULL AND kind != 'journey'")[
            0
        ]
        documents, document_bytes = self._one(
            "SELECT count(*), coalesce(sum(size - sent), 0) FROM evidence WHERE done = 0"
        )
        aside = self._one(
            f"""
            SELECT count(*) FROM log WHERE outcome IN ('conflict', 'unreadable')
            AND NOT {_TAKEN_UP}
            """  # noqa: S608 - of words of ours
        )[0]
        return Numbers(waiting, documents, document_bytes, aside)

    def books(self) -> Books:
        """What was accepted, against what was delivered and what waits; of one moment."""
        row = self._one(
            """
            SELECT coalesce(max(sequence), 0), count(outcome), count(*) - count(outcome) FROM log
            """
        )
        return Books(*row)

    def faults(self) -> Iterator[str]:
        """What is not as it was promised: the file, the chain, the documents; a sentence each."""
        for (said,) in self._rows("PRAGMA integrity_check"):
            if said != "ok":
                yield Sentence("The ledger's file is damaged: %(why)s.", why=said)
        yield from self.broken_links()
        for row in self._rows("SELECT sha256, size, sent FROM evidence ORDER BY sequence"):
            try:
                check_whole(self.evidence_folder, EvidenceRow(*row))
            except EvidenceMissing as problem:
                if self._first("SELECT 1 FROM evidence WHERE sha256 = ?", (row[0],)):
                    yield problem.args[0]  # not erased in this very moment

    def broken_links(self) -> Iterator[str]:
        """Where the log is not the chain that it was; a sentence each."""
        previous, expected = FIRST_PREVIOUS, 1
        while True:
            rows = self._rows(
                """
                SELECT sequence, header, body, sealed_secret, erased, hash, application FROM log
                WHERE sequence >= ? ORDER BY sequence LIMIT ?
                """,
                (expected, _READ_AT_ONCE),
            )
            for sequence, header, body, sealed_secret, erased, hash_, application in rows:
                envelope = (
                    Envelope.hollow(header, hash_)
                    if erased
                    else Envelope(header, body, sealed_secret)
                )
                if sequence != expected:
                    yield Sentence("Envelope %(number)s is missing.", number=expected)
                yield from _faults_of(envelope, sequence, previous, hash_, application)
                previous, expected = hash_, sequence + 1
            if len(rows) < _READ_AT_ONCE:
                return


def _faults_of(
    envelope: Envelope, sequence: int, previous: bytes, hash_: bytes, application: str
) -> Iterator[str]:
    try:
        header = envelope.parsed
    except BadRecord as problem:
        yield Sentence("Envelope %(number)s cannot be read: %(why)s", number=sequence, why=problem)
        return
    if (header.sequence, header.previous) != (sequence, previous):
        yield Sentence("Envelope %(number)s does not follow the one before it.", number=sequence)
    if envelope.chain_hash != hash_ or header.id != application:
        yield Sentence("Envelope %(number)s is not what it was.", number=sequence)
