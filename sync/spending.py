"""What documents have cost so far, by hour.

It is counted when it is sent, also when the answer never came: it was paid for.
"""

from sync.budget import HOURS, Budget
from sync.records import Stamp, TimeQuality
from sync.store import Store

HOUR_MS = 3600 * 1000
UTC_OFFSET_HOURS = 7  # of Lao PDR; no daylight saving
_KEPT_HOURS = 48


def hour_of(at: Stamp) -> int:
    """The hour at that moment, counted since 1970 in local time."""
    return at.at_ms // HOUR_MS + UTC_OFFSET_HOURS


class Spending(Store):
    """The table `evidence_spent`."""

    def spend(self, at: Stamp, bytes_: int) -> None:
        """So much of documents is about to be sent."""
        hour = hour_of(at)
        with self.transaction():
            self._write(
                """
                INSERT INTO evidence_spent (hour, bytes) VALUES (?, ?)
                ON CONFLICT (hour) DO UPDATE SET bytes = bytes + excluded.bytes
                """,
                (hour, bytes_),
            )
            self._write("DELETE FROM evidence_spent WHERE hour < ?", (hour - _KEPT_HOURS,))

    def spent(self, at: Stamp) -> tuple[int, int]:
        """Bytes of documents that were sent in the day and in the hour of that moment."""
        hour = hour_of(at)
        today, this_hour = self._one(
            """
            SELECT coalesce(sum(bytes), 0), coalesce(sum(bytes) FILTER (WHERE hour = ?), 0)
            FROM evidence_spent WHERE hour BETWEEN ? AND ?
            """,
            (hour, hour - hour % HOURS, hour - hour % HOURS + HOURS - 1),
        )
        return today, this_hour

    def may_spend(self, budget: Budget, at: Stamp) -> int | None:
        """How many bytes of documents may go now; None: as many as there are."""
        today, this_hour = self.spent(at)
        limits = []
        if budget.day_bytes is not None:
            limits.append(budget.day_bytes - today)
        hour_bytes = budget.hour_bytes.get(hour_of(at) % HOURS)
        if hour_bytes is not None and at.quality is not TimeQuality.UNKNOWN:
            limits.append(hour_bytes - this_hour)  # who knows what hour it is otherwise
        return max(0, min(limits)) if limits else None
