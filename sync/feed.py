"""What has come home from central: status events, services, keys, clerks; how far it is read.

Changes and cursor move in one transaction, so the feed is read without a hole and nothing twice.
What this version cannot read is kept aside: one odd item never blocks what follows it.
"""

import re

from sync.errors import BadRecord
from sync.records import (
    ApplicationId,
    Audience,
    Change,
    ChangeKind,
    ClerkNote,
    KeyNote,
    KeyPurpose,
    OfficeNote,
    ServiceNote,
    StatusEvent,
)
from sync.store import Store


def version_order(version: str) -> tuple[int, ...]:
    """A version's numbers, to compare: 1.10 comes after 1.9."""
    return tuple(int(digits) for digits in re.findall(r"\d+", version))


def _kind(kept: str) -> ChangeKind | int:
    """The kind of a change that was kept unread: by its number then, or by its name."""
    kinds = list(ChangeKind)
    if kept.isdecimal():
        number = int(kept)
        return kinds[number] if number < len(kinds) else number
    return ChangeKind(kept)


class Feed(Store):
    """The tables that the feed fills."""

    def epoch(self) -> bytes | None:
        """Which life of central's feed the cursors count."""
        row = self._first("SELECT epoch FROM device")
        return row[0] if row else None

    def cursor(self) -> dict[Audience, int]:
        """How far each part of the feed has been read."""
        return dict(self._rows("SELECT audience, position FROM cursor"))

    def restart_feed(self, epoch: bytes) -> None:
        """Central's feed began another life: read it from its start; inside a transaction."""
        self._write("UPDATE device SET epoch = ?", (epoch,))
        self._write("UPDATE cursor SET position = 0")

    def take(self, changes: tuple[Change, ...]) -> int:
        """Take in what is new and move the cursors; inside a transaction. How many were news."""
        cursor = self.cursor()
        moved: dict[Audience, int] = {}
        taken = 0
        for change in changes:
            if change.position <= cursor.get(change.audience, 0):
                continue
            if change.position != cursor.get(change.audience, 0) + 1:
                raise BadRecord("The feed has a hole.")
            self._apply(change)
            cursor[change.audience] = moved[change.audience] = change.position
            taken += 1
        for audience, position in moved.items():
            self._write(
                """
                INSERT INTO cursor (audience, position) VALUES (?, ?)
                ON CONFLICT (audience) DO UPDATE SET position = excluded.position
                """,
                (audience, position),
            )
        return taken

    def following(self, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        """Those of the changes that follow the cursors without a hole, or are known already."""
        cursor = self.cursor()
        fitting = []
        for change in changes:
            if change.position <= cursor.get(change.audience, 0) + 1:
                cursor[change.audience] = max(change.position, cursor.get(change.audience, 0))
                fitting.append(change)
        return tuple(fitting)

    def read_again(self) -> int:
        """Take in what an older program could not read, and this one can. How many were news."""
        if not self.unread_count():
            return 0
        before = self.unread_count()
        with self.transaction():
            rows = self._rows(
                "SELECT audience, position, kind, payload FROM unread_change ORDER BY 1, 2"
            )
            self._write("DELETE FROM unread_change")
            for audience, position, kind, payload in rows:
                self._apply(Change(audience, position, _kind(kind), payload))
        return before - self.unread_count()

    def _apply(self, change: Change) -> None:
        try:
            match change.kind:
                case ChangeKind.STATUS:
                    self._take_status(StatusEvent.from_bytes(change.payload))
                case ChangeKind.SERVICE:
                    self._take_service(ServiceNote.from_bytes(change.payload))
                case ChangeKind.DEVICE_KEY:
                    self._take_device_key(KeyNote.from_bytes(change.payload))
                case ChangeKind.CENTRAL_KEY:
                    self.trust(KeyNote.from_bytes(change.payload))
                case ChangeKind.OFFICE:
                    self._take_office(OfficeNote.from_bytes(change.payload))
                case ChangeKind.CLERK:
                    self._take_clerk(ClerkNote.from_bytes(change.payload))
                case _:
                    raise BadRecord("A kind of change that this version does not know.")  # noqa: TRY301 - one road to the shelf
        except BadRecord:
            self._write(
                "INSERT OR REPLACE INTO unread_change VALUES (?, ?, ?, ?)",
                (change.audience, change.position, str(change.kind), change.payload),
            )

    def _take_status(self, event: StatusEvent) -> None:
        # After central was restored a number may come again: its last word holds.
        self._write(
            """
            INSERT OR REPLACE INTO status_event (application, number, reference, replaces, event)
            VALUES (?, ?, ?, ?, ?)
            """,
            (
                event.application,
                event.number,
                event.reference or None,
                event.replaces,
                event.to_bytes(),
            ),
        )

    def _take_service(self, note: ServiceNote) -> None:
        self._write(
            # A version once here stays as it came: a second one of its number may be a broken one.
            """
            INSERT INTO service (service, version, bundle) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
            """,
            (note.service, note.version, note.bundle),
        )

    def _take_office(self, note: OfficeNote) -> None:
        self._write(
            """
            UPDATE device SET office_note = ?, portal_url = coalesce(?, portal_url) WHERE office = ?
            """,
            (note.to_bytes(), note.portal_url or None, note.id),
        )

    def _take_clerk(self, note: ClerkNote) -> None:
        self._write(
            "INSERT OR REPLACE INTO clerk (number, office, name, pin_hash) VALUES (?, ?, ?, ?)",
            (note.number, note.office, note.name, note.pin_hash),
        )

    def _take_device_key(self, note: KeyNote) -> None:
        if note.purpose is not KeyPurpose.RECEIPTS:
            raise BadRecord("A kiosk's key checks receipts and nothing else.")
        self.trust(note)
        self._write(  # the last word counts: a kiosk may be let in again
            "UPDATE trusted_key SET until_s = ? WHERE purpose = ? AND id = ?",
            (note.until_s, note.purpose, note.id),
        )

    def out_of_service(self) -> dict[bytes, int]:
        """The kiosks whose receipts prove nothing from a moment on: Unix seconds by key id."""
        return dict(
            self._rows(
                "SELECT id, until_s FROM trusted_key WHERE purpose = ? AND until_s IS NOT NULL",
                (KeyPurpose.RECEIPTS,),
            )
        )

    def trust(self, note: KeyNote) -> None:
        """Remember a key; a key once known never changes. Inside a transaction."""
        self._write(
            """
            INSERT INTO trusted_key (id, purpose, key, name, kiosk_number) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            (note.id, note.purpose, note.key, note.name, note.kiosk_number),
        )

    def keys(self, purpose: KeyPurpose) -> dict[bytes, bytes]:
        """The keys for a purpose by their id, in the order they were learned: the last is new.

        A revoked key is none of them, for good.
        """
        return dict(
            self._rows(
                """
                SELECT id, key FROM trusted_key WHERE purpose = ?
                AND id NOT IN (SELECT id FROM trusted_key WHERE purpose = ?) ORDER BY learned
                """,
                (purpose, KeyPurpose.REVOKED),
            )
        )

    def kiosk_name(self, kiosk_number: int) -> str:
        """What central calls the kiosk that gives references of that number; empty: not known."""
        row = self._first(
            "SELECT name FROM trusted_key WHERE purpose = ? AND kiosk_number = ? ORDER BY learned",
            (KeyPurpose.RECEIPTS, kiosk_number),
        )
        return str(row[0]) if row else ""

    def status_events(self, application: ApplicationId) -> tuple[StatusEvent, ...]:
        """What happened to an application at central, in order."""
        rows = self._rows(
            "SELECT event FROM status_event WHERE application = ? ORDER BY number", (application,)
        )
        return tuple(StatusEvent.from_bytes(row[0]) for row in rows)

    def service_versions(self) -> dict[str, tuple[str, ...]]:
        """The versions of each service, newest first."""
        versions: dict[str, list[str]] = {}
        for service, version in self._rows("SELECT service, version FROM service"):
            versions.setdefault(service, []).append(version)
        return {
            service: tuple(sorted(known, key=version_order, reverse=True))
            for service, known in sorted(versions.items())
        }

    def service_bundle(self, service: str, version: str) -> bytes | None:
        """The bundle of that version as it came; `kiosk.forms.bundle` opens it."""
        row = self._first(
            "SELECT bundle FROM service WHERE service = ? AND version = ?", (service, version)
        )
        return bytes(row[0]) if row else None

    def office(self) -> OfficeNote | None:
        """This kiosk's office: hours, telephone, holidays; None until the feed has said it."""
        row = self._first("SELECT office_note FROM device WHERE office_note IS NOT NULL")
        return OfficeNote.from_bytes(row[0]) if row else None

    def find_clerk(self, number: int) -> ClerkNote | None:
        """The clerk of this kiosk's office with that number, while she may sign in."""
        row = self._first(
            """
            SELECT number, office, name, pin_hash FROM clerk
            WHERE number = ? AND pin_hash != '' AND office = (SELECT office FROM device)
            """,
            (number,),
        )
        return ClerkNote(*row) if row else None

    def has_clerks(self) -> bool:
        """Whether anybody may sign in here to help."""
        return bool(
            self._first(
                """
                SELECT 1 FROM clerk
                WHERE pin_hash != '' AND office = (SELECT office FROM device) LIMIT 1
                """
            )
        )

    def unread_count(self) -> int:
        """How many items of the feed this version could not read."""
        return int(self._one("SELECT count(*) FROM unread_change")[0])
