"""What need not lie on this device any longer: sealed content that central has and nobody corrects.

A stolen kiosk reads nothing, and what is not there cannot even be tried. So the sealed answers and
documents of an application are erased some days after central acknowledged it, and only when:

- central has said once more, so many days later, that it holds everything it acknowledged: a server
  restored from a backup of these days would have lost it and been offered it again;
- its documents have all arrived, so many days ago as well: a photo may follow its application by
  a week;
- it is decided, or a correction has replaced it: until then it may come back to be corrected, and
  only what lies here opens with the receipt. But not for ever: half a year after the last news
  of it nobody is waited for any longer, and who still comes is asked everything anew.

What central set aside stays until it was released or handed in again: a person may have to send it
again. The header stays in any case, so that the log remains one chain; so do receipt and status.
All days are counted by central's clock.
"""

from collections.abc import Callable
from contextlib import suppress

from sync.evidence import Evidence
from sync.keeping import KEEPING, Keeping
from sync.records import Kind, Outcome, Status, StatusEvent

DAY_MS = 24 * 3600 * 1000
FINAL = (Status.APPROVED, Status.REJECTED, Status.ANSWERED)
_AT_ONCE = 50  # in one transaction: whoever submits meanwhile does not notice
_PAGES_AT_ONCE = 256  # that the file gives back at a time
_TAKEN_IN = (Outcome.CREATED, Outcome.EXISTS)
_WITHOUT_RETURN = (Kind.FEEDBACK, Kind.REPLY, Kind.JOURNEY)  # nobody corrects these


class Retention(Evidence):
    """The content of the log that is erased in time."""

    def note_confirmed(self, through: int, at_ms: int) -> None:
        """Central holds the log so far; inside a transaction."""
        self._write(
            """
            UPDATE evidence SET done_ms = ?
            WHERE done = 1 AND done_ms IS NULL
                AND ? > (SELECT coalesce(max(confirmed_ms), 0) FROM exchange)
            """,
            (at_ms, at_ms),
        )
        self._write(
            """
            UPDATE exchange SET confirmed_ms = max(coalesce(confirmed_ms, 0), ?)
            WHERE ? >= (SELECT coalesce(max(sequence), 0) FROM log WHERE outcome IS NOT NULL)
            """,
            (at_ms, through),
        )

    def erase_settled(
        self, keeping: Keeping = KEEPING, proceed: Callable[[], bool] = lambda: True
    ) -> int:
        """Erase what need not lie here any longer, and give its room back to the disk.

        Args:
            keeping: how long content stays after central's acknowledgement.
            proceed: asked between small steps; False ends it early.

        Returns:
            How many envelopes were emptied.
        """
        settled = self._settled(keeping.settled_days * DAY_MS, keeping.open_days * DAY_MS)
        for start in range(0, len(settled), _AT_ONCE):
            if not proceed():
                return start
            self._erase(settled[start : start + _AT_ONCE])
        if settled:
            self.give_room_back(proceed)
        return len(settled)

    def overdue_count(self, keeping: Keeping = KEEPING, grace_days: int = 2) -> int:
        """How many envelopes should have been emptied so many days ago, and were not."""
        settled_days, open_days = keeping.settled_days + grace_days, keeping.open_days + grace_days
        return len(self._settled(settled_days * DAY_MS, open_days * DAY_MS))

    def give_room_back(self, proceed: Callable[[], bool] = lambda: True) -> None:
        """After erasing: the file shrinks by what nothing needs any longer."""
        while proceed() and self._one("PRAGMA freelist_count")[0]:
            before = self._one("PRAGMA freelist_count")[0]
            self._rows(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})")
            if self._one("PRAGMA freelist_count")[0] >= before:
                break  # somebody else holds the file: next time

    def _settled(self, keep_ms: int, open_ms: int) -> list[int]:
        """Places in the log whose content may go."""
        rows = self._rows(
            """
            SELECT sequence, kind, outcome,
                EXISTS (SELECT 1 FROM status_event WHERE replaces = log.application),
                (
                    SELECT event FROM status_event WHERE application = log.application
                    ORDER BY number DESC LIMIT 1
                ),
                acknowledged_ms, (SELECT confirmed_ms FROM exchange)
            FROM log
            WHERE erased = 0 AND acknowledged_ms <= (SELECT confirmed_ms FROM exchange) - ?
                AND (
                    NOT EXISTS (
                        SELECT 1 FROM evidence WHERE evidence.sequence = log.sequence AND (
                            done_ms IS NULL OR done_ms > (SELECT confirmed_ms FROM exchange) - ?
                        )
                    )
                    OR (  -- its documents were never sent, and those of the other one count
                        outcome IN ('conflict', 'unreadable')
                        AND EXISTS (SELECT 1 FROM status_event WHERE replaces = log.application)
                    )
                )
            """,
            (keep_ms, keep_ms),
        )
        settled = []
        for sequence, kind, outcome, replaced, payload, since_ms, now_ms in rows:
            event = StatusEvent.from_bytes(payload) if payload is not None else None
            if event is not None:
                since_ms = max(since_ms, event.at.at_ms)  # noqa: PLW2901 - the last news of it
            is_over = kind in _WITHOUT_RETURN or since_ms <= now_ms - open_ms
            is_decided = event is not None and event.status in FINAL
            if replaced or is_decided or (is_over and outcome in _TAKEN_IN):
                settled.append(sequence)
        return settled

    def _erase(self, sequences: list[int]) -> None:
        files: list[bytes] = []
        with self.transaction():
            for sequence in sequences:
                self._write(
                    """
                    UPDATE log SET body = x'', sealed_secret = x'', erased = 1
                    WHERE sequence = ? AND outcome IS NOT NULL
                    """,
                    (sequence,),
                )
                files += [
                    row[0]
                    for row in self._rows(
                        "SELECT sha256 FROM evidence WHERE sequence = ?", (sequence,)
                    )
                ]
                self._write("DELETE FROM evidence WHERE sequence = ?", (sequence,))
        for sha256 in files:
            with suppress(OSError):  # swept when the program starts
                (self.evidence_folder / sha256.hex()).unlink(missing_ok=True)
