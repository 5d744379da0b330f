"""What can still be read of a ledger whose file is damaged, to be carried to central.

One broken page keeps SQLite from most of what a ledger does, though all other pages are whole. So
the file is copied, for nothing is written to a disk that dies, and the log is read place by place
by its key; what SQLite does not reach is looked for on the pages themselves (`pages`). Whatever is
not what its hash says is passed over. In its place goes a note (`records.LostNote`) with the hash
that the next envelope names: so central files what follows, and a person there learns which
receipts have nothing behind them.
"""

import errno
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

from nacl.signing import SigningKey

from sync import marker, pages
from sync.errors import BadRecord, LedgerDamaged, LedgerFull
from sync.evidence import FOLDER, EvidenceRow
from sync.identity import Identity
from sync.log import Slice
from sync.records import (
    FIRST_PREVIOUS,
    SEALED_SECRET_BYTES,
    ApplicationId,
    Audience,
    DeviceId,
    Envelope,
    LostNote,
    Outcome,
    device_id,
)
from sync.sentence import Sentence

_BLOCK_BYTES = 4096  # what a dying card gives or refuses at once
_COPY = "ledger"
_KEY_BYTES = 32
_APPLICATION = re.compile(r"[0-9a-f]{32}")
_REFERENCE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
_IN_LOG = (
    ("SELECT sequence, NULL, NULL FROM log NOT INDEXED", "sequence"),
    (
        "SELECT sequence, application, NULL FROM log INDEXED BY sqlite_autoindex_log_1",
        "application",
    ),
    (
        """
        SELECT sequence, NULL, reference FROM log INDEXED BY log_reference
        WHERE kind = 'application'
        """,
        "reference",
    ),
)  # each way to learn which places there are: its query and its order


@dataclass(frozen=True, slots=True)
class _Whole:
    """An envelope that is what its hash says."""

    envelope: Envelope
    outcome: Outcome | None = None  # as far as is known


@contextmanager
def salvaged(path: Path) -> Iterator["Salvage"]:
    """What is left of the ledger in that file, read from a copy of it.

    Raises:
        LedgerFull: there is no room for a copy.
        OSError: it may not be read.
    """
    with TemporaryDirectory(prefix="salvage-") as folder:
        copy = Path(folder) / _COPY
        try:
            _copy(path, copy)
            _copy(path.with_name(f"{path.name}-wal"), copy.with_name(f"{_COPY}-wal"))
        except OSError as problem:
            if problem.errno != errno.ENOSPC:
                raise
            raise LedgerFull(
                Sentence(
                    "There is no room in %(folder)s for a copy of the ledger. Name a folder on "
                    "another disk that has room in TMPDIR.",
                    folder=gettempdir(),
                )
            ) from problem
        salvage = Salvage(copy, path.parent / FOLDER)
        try:
            yield salvage
        finally:
            salvage.close()


def _copy(path: Path, copy: Path) -> None:
    """As much of a file as the disk still gives; zeros stand for the rest."""
    with copy.open("wb") as target:
        if not path.exists():
            return
        with path.open("rb", buffering=0) as source:
            for start in range(0, path.stat().st_size, _BLOCK_BYTES):
                block = b""
                with suppress(OSError):
                    source.seek(start)
                    block = source.read(_BLOCK_BYTES)
                target.seek(start)
                target.write(block)


class Salvage:
    """A damaged ledger as the sender of a stick: see `sync.stick.Sender`.

    Args:
        copy: of its file, with its write-ahead log beside it.
        evidence_folder: where its encrypted files lie.
    """

    def __init__(self, copy: Path, evidence_folder: Path) -> None:
        self.evidence_folder = evidence_folder
        wal = copy.with_name(f"{copy.name}-wal")
        self._raw = (copy.read_bytes(), wal.read_bytes())  # before SQLite mends it in its way
        self._connection = sqlite3.connect(copy, isolation_level=None)
        self.fault = self._find_fault()
        self._notes = self._read_notes()
        self._log = self._read_log()
        reached = len(self._log)
        if self.fault or self._raw[1] or self.lost:
            self._search_pages()
        self._is_hidden = len(self._log) > reached
        self._through = max(
            (place for place, whole in self._log.items() if whole.outcome), default=0
        )
        self._end = max(self._log, default=0)

    @property
    def is_needed(self) -> bool:
        """Whether the ledger itself does not give away all that is whole in it."""
        return bool(self.fault or self.lost or self._is_hidden)

    @property
    def whole(self) -> list[int]:
        """The places whose envelopes are whole, in order."""
        return sorted(self._log)

    @property
    def lost(self) -> list[LostNote]:
        """The envelopes that are lost on this disk, in order."""
        last = max([*self._log, *self._notes], default=0)
        return [self._note(place) for place in range(1, last + 1) if place not in self._log]

    def close(self) -> None:
        """Give the copy back."""
        self._connection.close()

    @property
    def is_kiosks(self) -> bool:
        """Whether anything of a kiosk is there."""
        return bool(self._log or (self._raw[0] and self._find_identity()))

    def enrolled_identity(self) -> Identity:
        """Who signs.

        Raises:
            LedgerDamaged: its key is lost.
        """
        identity = self._find_identity()
        if identity is None:
            raise LedgerDamaged(
                Sentence(
                    "The page with this kiosk's key is damaged: nothing can be signed for central. "
                    "Keep the card for a workshop that reads damaged ones."
                )
            )
        return identity

    def epoch(self) -> bytes | None:
        """Which life of central's feed was read, where that is known."""
        found = self._rows("SELECT epoch FROM device")
        return found[0][0] if found else None

    def cursor(self) -> Mapping[Audience, int]:
        """How far the feed was read, where that is known."""
        return dict(self._rows("SELECT audience, position FROM cursor"))

    def acknowledged_through(self) -> int:
        """The last place that central is known to have acknowledged."""
        return self._through

    def has_after(self, sequence: int) -> bool:
        """Whether anything whole follows that place."""
        return sequence < self._end

    def outbox(self, limit_count: int, limit_bytes: int, after: int | None = None) -> Slice:
        """Envelopes that follow a place, with a note for each that is lost before another."""
        after = self._through if after is None else after
        envelopes: list[Envelope] = []
        size_bytes = 0
        for place in range(after + 1, min(after + limit_count, self._end) + 1):
            envelope = self._envelope(place)
            size_bytes += len(envelope.header) + len(envelope.body) + SEALED_SECRET_BYTES
            if envelopes and size_bytes > limit_bytes:
                break
            envelopes.append(envelope)
        previous = self._envelope(after).chain_hash if after else FIRST_PREVIOUS
        return Slice(after, previous, tuple(envelopes))

    def evidence_to_carry(self) -> tuple[EvidenceRow, ...]:
        """Documents of whole envelopes that central may lack, smallest first."""
        known = {
            sha256: (sent, bool(done))
            for sha256, sent, done in self._from_both_ends(
                "SELECT sha256, sent, done FROM evidence NOT INDEXED", "rowid"
            )
        }
        carried = []
        for whole in self._log.values():
            for note in whole.envelope.parsed.evidence:
                sent, is_done = known.get(note.sha256, (0, False))
                is_here = (self.evidence_folder / note.sha256.hex()).is_file()
                is_aside = whole.outcome in (Outcome.CONFLICT, Outcome.UNREADABLE)
                if not is_done and not is_aside and (is_here or not whole.outcome):
                    carried.append(EvidenceRow(note.sha256, note.size, sent))
        return tuple(sorted(carried, key=lambda row: row.size))

    def transaction(self) -> AbstractContextManager[None]:
        """Nothing is noted in a damaged ledger."""
        return nullcontext()

    def note_batch(
        self, message: bytes, epoch: bytes | None, *, after: int, through: int, acknowledged: int
    ) -> None:
        """Its answer has nobody to come home to."""

    def note_piece(self, message: bytes, sha256: bytes) -> None:
        """Likewise."""

    def _envelope(self, place: int) -> Envelope:
        """What stands there, or a note that it is lost."""
        if place in self._log:
            return self._log[place].envelope
        following = self._log.get(place + 1)
        named = following.envelope.parsed.previous if following else None
        return Envelope.lost(self._note(place), named)

    def _note(self, place: int) -> LostNote:
        application, reference = self._notes.get(place, (None, None))
        id_ = ApplicationId(application) if application else None
        return LostNote(place, id_, reference or "")

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query; those before the fault where it meets one."""
        found: list[tuple[Any, ...]] = []
        with suppress(sqlite3.Error):
            found.extend(self._connection.execute(query, values))
        return found

    def _from_both_ends(self, query: str, key: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query up to a fault, from its beginning and from its end."""
        yield from self._rows(f"{query} ORDER BY {key}")
        if self.fault:
            yield from self._rows(f"{query} ORDER BY {key} DESC")

    def _find_fault(self) -> str:
        """What is wrong with the file, in SQLite's words; empty where nothing is."""
        try:
            (said,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
            is_log = self._connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'log'")
            return said if said != "ok" else "" if is_log.fetchone() else "it has no log"
        except sqlite3.Error as problem:
            return str(problem)

    def _read_notes(self) -> dict[int, tuple[str | None, str | None]]:
        """Application and reference, as far as an index knows them, by place."""
        notes: dict[int, tuple[str | None, str | None]] = {}
        for query, key in _IN_LOG:
            for place, application, reference in self._from_both_ends(query, key):
                before = notes.get(place, (None, None))
                notes[place] = (application or before[0], reference or before[1])
        if self.fault:
            self._read_entries(notes)
        return notes

    def _read_entries(self, notes: dict[int, tuple[str | None, str | None]]) -> None:
        """The same from what lies on pages of an index that SQLite does not reach."""
        for values in pages.entries(*self._raw):
            match values:
                case (bytes(name), int(place)) if place > 0:
                    application, reference = notes.get(place, (None, None))
                    text = name.decode("ascii", "replace")
                    if _APPLICATION.fullmatch(text):
                        notes[place] = (application or text, reference)
                    elif _REFERENCE.fullmatch(text):
                        notes[place] = (application, reference or text)

    def _read_log(self) -> dict[int, _Whole]:
        log = {}
        for place in sorted(self._notes):
            for *content, outcome in self._rows(
                """
                SELECT application, header, body, sealed_secret, hash, erased, outcome
                FROM log NOT INDEXED WHERE sequence = ?
                """,
                (place,),
            ):
                envelope = _checked(place, content)
                if envelope is not None:
                    log[place] = _Whole(envelope, Outcome(outcome) if outcome else None)
        return log

    def _search_pages(self) -> None:
        """Add what lies on whole pages that SQLite does not reach."""
        found: dict[int, list[Envelope]] = {}
        for row in pages.rows(*self._raw):
            if row.key not in self._log:
                envelope = _checked(row.key, _log_row(row.values))
                if envelope is not None:
                    found.setdefault(row.key, []).append(envelope)
        for place in sorted(found, reverse=True):
            chosen = self._chosen(place, found[place])
            if chosen is not None:
                self._log[place] = _Whole(chosen)

    def _chosen(self, place: int, candidates: list[Envelope]) -> Envelope | None:
        """The one that its neighbours name; the newest where neither is there."""
        before, following = self._log.get(place - 1), self._log.get(place + 1)
        for envelope in reversed(candidates):
            is_named = not following or following.envelope.parsed.previous == envelope.chain_hash
            names = not before or envelope.parsed.previous == before.envelope.chain_hash
            if is_named and names:
                return envelope
        return None

    def _find_identity(self) -> Identity | None:
        for row in self._rows(
            """
            SELECT device, signing_key, kiosk_number, office, portal_url
            FROM device WHERE device IS NOT NULL
            """
        ):
            device, key, number, office, url = row
            return Identity(DeviceId(device), SigningKey(key), number, office, {}, url or "")
        found = [_identity_of(row) for row in pages.rows(*self._raw)] if self.fault else []
        last = next((identity for identity in reversed(found) if identity), None)
        return last or marker.find(self.evidence_folder.parent)


def _checked(place: int, content: Sequence[object]) -> Envelope | None:
    """The envelope in a row of the log; None where it is not what was promised.

    Args:
        place: its key.
        content: its application, header, body, sealed secret, hash, and whether it was erased.
    """
    match content:
        case (application, bytes(header), bytes(body), bytes(sealed_secret), bytes(hash_), erased):
            pass
        case _:
            return None
    if erased:
        envelope = Envelope.hollow(header, hash_)
    elif body and len(sealed_secret) == SEALED_SECRET_BYTES:
        envelope = Envelope(header, body, sealed_secret)
    else:
        return None
    try:
        read = envelope.parsed
    except BadRecord:
        return None
    is_it = (read.sequence, read.id, envelope.chain_hash) == (place, application, hash_)
    return envelope if is_it else None


def _log_row(values: Sequence[pages.Value]) -> Sequence[object]:
    """What `_checked` wants of a row as it lies on its page; empty where it is no log's."""
    match values:
        case (None, bytes(application), _, _, _, _, _, _, _, _, *content) if len(content) > 3:  # noqa: PLR2004 - header, body, sealed secret, hash
            erased = content[6] if len(content) > 6 else 0  # noqa: PLR2004 - since m004
            return (application.decode("ascii", "replace"), *content[:4], erased)
    return ()


def _identity_of(row: pages.Row) -> Identity | None:
    """Who the device is, where it is its row."""
    match row.values:
        case (None, bytes(key), bytes(name), int(number), bytes(office), *_) if (
            row.key == 1 and len(key) == _KEY_BYTES
        ):
            signing_key = SigningKey(key)
            device = device_id(bytes(signing_key.verify_key))
            if name == device.encode():
                return Identity(device, signing_key, number, office.decode(), {}, "")
    return None
