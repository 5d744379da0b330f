"""The device's log: every envelope it promised to deliver, numbered and hash-chained.

The part that central has not acknowledged is the outbox. It is always the log's end: central
acknowledges in order, and what it cannot read it sets aside *and* acknowledges.
"""

from dataclasses import dataclass

from sync.errors import BadRecord
from sync.protocol import Acknowledgement
from sync.records import (
    BODY_BYTES_MAX,
    FIRST_PREVIOUS,
    SEALED_SECRET_BYTES,
    ApplicationId,
    Envelope,
    Kind,
    Outcome,
    Stamp,
    StatusEvent,
    TimeQuality,
)
from sync.store import Store


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next envelope stands in the log."""

    sequence: int
    previous: bytes


@dataclass(frozen=True, slots=True)
class Slice:
    """Envelopes of the outbox in order, and the place they follow."""

    after: int
    previous: bytes
    envelopes: tuple[Envelope, ...]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """What this device knows of an application without opening it.

    Of one that another kiosk took only what central's first event says is known.
    """

    application: ApplicationId
    kind: Kind = Kind.APPLICATION
    sequence: int | None = None
    reference: str | None = None
    service: str | None = None
    service_version: str | None = None
    office: str | None = None
    replaces: ApplicationId | None = None
    recorded: Stamp | None = None
    outcome: Outcome | None = None  # None while it waits to be sent

    @property
    def taken_here(self) -> bool:
        """Whether this device took it."""
        return self.sequence is not None


_ENTRY = """
    SELECT application, kind, sequence, reference, service, service_version, office, replaces,
        recorded_ms, recorded_quality, outcome
    FROM log
"""


class Log(Store):
    """The tables `log` and `evidence` as a log."""

    def next_place(self) -> Place:
        """Where the next envelope will stand; ask inside the transaction that adds it."""
        last = self._first("SELECT sequence, hash FROM log ORDER BY sequence DESC LIMIT 1")
        return Place(last[0] + 1, last[1]) if last else Place(1, FIRST_PREVIOUS)

    def add(self, envelope: Envelope) -> None:
        """Promise to deliver this envelope; inside a transaction.

        Raises:
            BadRecord: it is not made for the log's next place, or larger than central takes.
        """
        header = envelope.parsed
        if len(envelope.body) > BODY_BYTES_MAX:  # it would stand in the way of all that follow
            raise BadRecord("The envelope is larger than central takes.")
        place = self.next_place()
        if (header.sequence, header.previous) != (place.sequence, place.previous):
            raise BadRecord("The envelope is not made for the next place in the log.")
        self._write(
            """
            INSERT INTO log (sequence, application, kind, reference, service, service_version,
                office, replaces, recorded_ms, recorded_quality, header, body, sealed_secret, hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                header.sequence,
                header.id,
                header.kind,
                header.reference or None,
                header.service,
                header.service_version,
                header.office,
                header.replaces,
                header.recorded.at_ms,
                header.recorded.quality,
                envelope.header,
                envelope.body,
                envelope.sealed_secret,
                envelope.chain_hash,
            ),
        )
        for note in header.evidence:
            self._write(
                "INSERT INTO evidence (sha256, sequence, size) VALUES (?, ?, ?)",
                (note.sha256, header.sequence, note.size),
            )
        if header.recorded.quality is not TimeQuality.UNKNOWN:
            self._write("UPDATE clock SET floor_ms = max(floor_ms, ?)", (header.recorded.at_ms,))

    def log_end(self) -> tuple[int, bytes]:
        """The last place of the log, and the chain hash there."""
        place = self.next_place()
        return place.sequence - 1, place.previous

    def acknowledged_through(self) -> int:
        """The last sequence that central has acknowledged."""
        waiting = self._one("SELECT min(sequence) FROM log WHERE outcome IS NULL")[0]
        if waiting is not None:
            return int(waiting) - 1
        return self.next_place().sequence - 1

    def waiting_count(self) -> int:
        """How much of what people handed in central has not acknowledged.

        The counts of their journeys are nobody's: who asks what waits here need not hear of them.
        """
        return int(
            self._one("SELECT count(*) FROM log WHERE outcome IS NULL AND kind != 'journey'")[0]
        )

    def has_waiting(self) -> bool:
        """Whether anything waits to be sent."""
        return self._first("SELECT 1 FROM log WHERE outcome IS NULL LIMIT 1") is not None

    def has_after(self, sequence: int) -> bool:
        """Whether the log goes on after that place."""
        return self._first("SELECT 1 FROM log WHERE sequence > ? LIMIT 1", (sequence,)) is not None

    def outbox(self, limit_count: int, limit_bytes: int, after: int | None = None) -> Slice:
        """The oldest envelopes that wait, within the limits but at least one of them.

        Args:
            limit_count: how many at most.
            limit_bytes: how much at most.
            after: what they follow instead of the last acknowledged one.
        """
        after = self.acknowledged_through() if after is None else after
        rows = self._rows(
            """
            SELECT header, body, sealed_secret, erased, hash FROM log
            WHERE sequence > ? ORDER BY sequence LIMIT ?
            """,
            (after, limit_count),
        )
        envelopes: list[Envelope] = []
        size_bytes = 0
        for header, body, sealed_secret, erased, hash_ in rows:
            size_bytes += len(header) + len(body) + SEALED_SECRET_BYTES
            if envelopes and size_bytes > limit_bytes:
                break
            envelopes.append(
                Envelope.hollow(header, hash_) if erased else Envelope(header, body, sealed_secret)
            )
        return Slice(after, self._hash_at(after), tuple(envelopes))

    def _hash_at(self, sequence: int) -> bytes:
        if sequence == 0:
            return FIRST_PREVIOUS
        return bytes(self._one("SELECT hash FROM log WHERE sequence = ?", (sequence,))[0])

    def acknowledge(self, acknowledgements: tuple[Acknowledgement, ...], at_ms: int) -> int:
        """Note what central keeps, and since when; inside a transaction. How many were news."""
        return sum(
            self._write(
                """
                UPDATE log SET outcome = ?, acknowledged_ms = ?
                WHERE sequence = ? AND application = ? AND outcome IS NULL
                """,
                (item.outcome, at_ms, item.sequence, item.application),
            )
            for item in acknowledgements
        )

    def offer_again(self, through: int) -> int:
        """Central holds the log only so far: the rest waits again; inside a transaction."""
        return self._write(
            """
            UPDATE log SET outcome = NULL, acknowledged_ms = NULL
            WHERE sequence > ? AND outcome IS NOT NULL
            """,
            (through,),
        )

    def taken_counts(self, begin_ms: int, end_ms: int) -> dict[tuple[Kind, str], int]:
        """How many envelopes of each kind and service this device recorded in that time."""
        rows = self._rows(
            "SELECT kind, service, count(*) FROM log WHERE recorded_ms >= ? AND recorded_ms < ? "
            "GROUP BY kind, service ORDER BY count(*) DESC, service",
            (begin_ms, end_ms),
        )
        return {(Kind(kind), service or ""): count for kind, service, count in rows}

    def find_by_id(self, application: ApplicationId) -> LogEntry | None:
        """What is known of an application, taken here or heard of from central."""
        row = self._first(f"{_ENTRY} WHERE application = ?", (application,))
        if row:
            return _entry(row)
        heard = self._first(
            "SELECT event FROM status_event WHERE application = ? ORDER BY number LIMIT 1",
            (application,),
        )
        return _heard(StatusEvent.from_bytes(heard[0])) if heard else None

    def find_by_reference(self, reference: str) -> LogEntry | None:
        """The application or complaint of that reference, taken here or heard of from central."""
        for kind in ("application", "complaint"):  # each with an index of its own
            row = self._first(f"{_ENTRY} WHERE reference = ? AND kind = '{kind}'", (reference,))
            if row:
                return _entry(row)
        heard = self._first("SELECT event FROM status_event WHERE reference = ?", (reference,))
        return _heard(StatusEvent.from_bytes(heard[0])) if heard else None

    def find_correction(self, application: ApplicationId) -> LogEntry | None:
        """The application that replaced this one, the newest that is known here.

        One that central set aside replaced nothing: the old one may be corrected again.
        """
        row = self._first(
            f"""{_ENTRY} WHERE replaces = ? AND kind = 'application'
            AND coalesce(outcome, '') NOT IN (?, ?) ORDER BY sequence DESC LIMIT 1""",
            (application, Outcome.CONFLICT, Outcome.UNREADABLE),
        )
        if row:
            return _entry(row)
        heard = self._first(
            "SELECT event FROM status_event WHERE replaces = ? LIMIT 1", (application,)
        )
        return _heard(StatusEvent.from_bytes(heard[0])) if heard else None

    def find_envelope(self, application: ApplicationId) -> Envelope | None:
        """The sealed application itself, where this device took it and still holds it."""
        row = self._first(
            """
            SELECT header, body, sealed_secret FROM log WHERE application = ? AND erased = 0
            """,
            (application,),
        )
        return Envelope(*row) if row else None


def _heard(event: StatusEvent) -> LogEntry:
    """What central's first word says of an application that another kiosk took."""
    return LogEntry(
        event.application,
        reference=event.reference or None,
        service=event.service or None,
        office=event.office,
        replaces=event.replaces,
    )


def _entry(row: tuple[object, ...]) -> LogEntry:
    match row:
        case (
            str(application),
            str(kind),
            int(sequence),
            reference,
            str(service),
            str(service_version),
            str(office),
            replaces,
            int(recorded_ms),
            str(quality),
            outcome,
        ):
            return LogEntry(
                application=ApplicationId(application),
                kind=Kind(kind),
                sequence=sequence,
                reference=str(reference) if reference else None,
                service=service,
                service_version=service_version,
                office=office,
                replaces=ApplicationId(str(replaces)) if replaces else None,
                recorded=Stamp(recorded_ms, TimeQuality(quality)),
                outcome=Outcome(str(outcome)) if outcome else None,
            )
    raise BadRecord("A row of the log is not what it should be.")
