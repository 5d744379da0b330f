"""What the ledger knows of itself: who the device is, the time, and how the last exchange went."""

import json
from dataclasses import dataclass
from enum import StrEnum

from nacl.signing import SigningKey

from sync.clock import KnownTime, Steady
from sync.enrolment import Enrolment
from sync.errors import LedgerDamaged, NotEnrolled
from sync.feed import Feed
from sync.identity import Identity
from sync.log import Log
from sync.records import DeviceId, KeyNote, KeyPurpose, Outcome, Stamp, TimeQuality
from sync.sentence import Sentence


class Problem(StrEnum):
    """Why the last exchange did not happen; each has its sentence on the screen."""

    UNREACHABLE = "unreachable"
    TOO_SLOW = "too-slow"
    NOT_CENTRAL = "not-central"
    CENTRAL_FAULT = "central-fault"
    REFUSED = "refused"
    BAD_ANSWER = "bad-answer"
    NOT_ENROLLED = "not-enrolled"
    DISK_FULL = "disk-full"
    LEDGER = "ledger"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True)
class ProblemNote:
    """A problem, in a few words for the technician, and since when."""

    problem: Problem
    detail: str
    at: Stamp


@dataclass(frozen=True, slots=True)
class ExchangeState:
    """How it stands between this device and central."""

    last_success: Stamp | None
    last_problem: ProblemNote | None  # None: the last exchange went well, or there was none
    waiting_count: int


class Facts(Log, Feed):
    """The tables `device`, `clock` and `exchange`."""

    def device_key(self) -> SigningKey:
        """The device's key; made when there is none yet."""
        with self.transaction():
            self._write(
                "INSERT INTO device (id, signing_key) VALUES (1, ?) ON CONFLICT DO NOTHING",
                (bytes(SigningKey.generate()),),
            )
        return SigningKey(self._one("SELECT signing_key FROM device")[0])

    def next_life_key(self) -> SigningKey:
        """The key of this device's next life, on the disk before central hears of it."""
        with self.transaction():
            self._write(
                """
                INSERT INTO life (signing_key)
                SELECT ? WHERE NOT EXISTS (SELECT 1 FROM life WHERE after IS NULL)
                """,
                (bytes(SigningKey.generate()),),
            )
        return SigningKey(self._one("SELECT signing_key FROM life WHERE after IS NULL")[0])

    def begin_life(self, enrolment: Enrolment, after: int) -> Identity:
        """Be the identity of the next life, from that place of the log on."""
        return self._be(enrolment, self.next_life_key(), after)

    def forget_next_life(self) -> None:
        """Another disk has taken that key: this one was copied meanwhile."""
        with self.transaction():
            self._write("DELETE FROM life WHERE after IS NULL")

    def note_held(self, through: int) -> None:
        """Central holds more of this log than this disk does; inside a transaction."""
        self._write(
            """
            UPDATE device SET held = ?
            WHERE ? > (SELECT coalesce(max(sequence), 0) FROM log) AND held IS NOT ?
            """,
            (through, through, through),
        )

    def lives_twice(self) -> bool:
        """Whether central holds another log under this identity: see `identity.take_new_life`."""
        return bool(
            self._one(
                """
                SELECT EXISTS (SELECT 1 FROM device WHERE held IS NOT NULL)
                    OR EXISTS (SELECT 1 FROM log INDEXED BY log_set_aside
                        WHERE outcome IN ('conflict', 'unreadable') AND outcome = ?
                        AND sequence > (SELECT coalesce(max(after), 0) FROM life))
                """,
                (Outcome.CONFLICT,),
            )[0]
        )

    def enrolled(self, enrolment: Enrolment) -> Identity:
        """Keep what central said at enrolment: office, keys, feed, time."""
        return self._be(enrolment, self.device_key())

    def _be(self, enrolment: Enrolment, key: SigningKey, after: int | None = None) -> Identity:
        own = KeyNote(
            id=bytes.fromhex(enrolment.device),
            purpose=KeyPurpose.RECEIPTS,
            key=bytes(key.verify_key),
            name=enrolment.device,
            kiosk_number=enrolment.kiosk_number,
        )
        with self.transaction():
            if self.epoch() not in (None, enrolment.epoch):
                self.restart_feed(enrolment.epoch)
            self._write(
                """
                UPDATE device SET signing_key = ?, device = ?, kiosk_number = ?, office = ?,
                    office_names = ?, portal_url = ?, epoch = ?
                """,
                (
                    bytes(key),
                    enrolment.device,
                    enrolment.kiosk_number,
                    enrolment.office,
                    json.dumps(dict(enrolment.office_name), ensure_ascii=False),
                    enrolment.portal_url,
                    enrolment.epoch,
                ),
            )
            for note in (*enrolment.keys, own):
                self.trust(note)
            for audience in enrolment.audiences:
                self._write("INSERT INTO cursor VALUES (?, 0) ON CONFLICT DO NOTHING", (audience,))
            self._write("UPDATE clock SET floor_ms = ?", (enrolment.at.at_ms,))
            if after is not None:  # the key of a life that has begun stands in `device`
                self._write("UPDATE life SET after = ?, signing_key = x''", (after,))
                self._write("UPDATE device SET held = NULL")
        return self.enrolled_identity()

    def identity(self) -> Identity | None:
        """Who this device is; None before enrolment."""
        row = self._first(
            """
            SELECT device, signing_key, kiosk_number, office, office_names, portal_url
            FROM device WHERE device IS NOT NULL
            """
        )
        if row is None:
            return None
        device, key, kiosk_number, office, names, portal_url = row
        return Identity(
            device=DeviceId(device),
            signing_key=SigningKey(key),
            kiosk_number=kiosk_number,
            office=office,
            office_name=json.loads(names),
            portal_url=portal_url,
        )

    def enrolled_identity(self) -> Identity:
        """Who this device is.

        Raises:
            NotEnrolled: nobody yet.
        """
        identity = self.identity()
        if identity is None:
            raise NotEnrolled(
                Sentence("This kiosk is not enrolled. Enrol it with a code from central.")
            )
        return identity

    def sealing_key(self) -> tuple[bytes, bytes]:
        """The id and the key that new secrets are sealed to: the newest that is known.

        Raises:
            NotEnrolled: none is known yet.
        """
        newest = self.newest_sealing_key()
        if newest is None:
            raise NotEnrolled(Sentence("This kiosk has no key of central. Enrol it with a code."))
        return newest

    def newest_sealing_key(self) -> tuple[bytes, bytes] | None:
        """The same, or None where none is known."""
        keys = self.keys(KeyPurpose.SEALING)
        return list(keys.items())[-1] if keys else None

    def known_time(self) -> KnownTime:
        """What is known of the time."""
        row = self._first("SELECT floor_ms, signed_ms, steady_ms, boot FROM clock")
        if row is None:
            raise LedgerDamaged(
                Sentence("The ledger has lost its clock. Keep the file and call for help.")
            )
        floor_ms, signed_ms, steady_ms, boot = row
        return KnownTime(floor_ms, signed_ms, None if boot is None else Steady(steady_ms, boot))

    def hear_time(self, signed: Stamp, heard: Steady) -> None:
        """Central said what time it is; inside a transaction."""
        self._write(
            "UPDATE clock SET floor_ms = ?, signed_ms = ?, steady_ms = ?, boot = ?",
            (signed.at_ms, signed.at_ms, heard.at_ms, heard.boot),
        )
        self._write("UPDATE exchange SET success_ms = ?", (signed.at_ms,))

    def hear_late(self, signed: Stamp) -> None:
        """Central said some time ago what time it was then; inside a transaction."""
        self._write("UPDATE clock SET floor_ms = max(floor_ms, ?)", (signed.at_ms,))
        self._write(
            "UPDATE exchange SET success_ms = max(coalesce(success_ms, 0), ?)", (signed.at_ms,)
        )

    def exchange_state(self) -> ExchangeState:
        """How it stands between this device and central."""
        row = self._one(
            """
            SELECT success_ms, problem, problem_detail, problem_ms, problem_quality FROM exchange
            """
        )
        success_ms, problem, detail, problem_ms, quality = row
        note = None
        if problem is not None:
            stamp = Stamp(problem_ms, TimeQuality(quality))
            note = ProblemNote(Problem(problem), detail, stamp)
        success = None if success_ms is None else Stamp(success_ms, TimeQuality.TRUSTED)
        return ExchangeState(success, note, self.waiting_count())

    def note_problem(self, note: ProblemNote | None) -> None:
        """Keep why the last exchange did not happen, or that it went well."""
        with self.transaction():
            self._write(
                """
                UPDATE exchange
                SET problem = ?, problem_detail = ?, problem_ms = ?, problem_quality = ?
                """,
                (note.problem, note.detail, note.at.at_ms, note.at.quality)
                if note
                else (None, None, None, None),
            )
