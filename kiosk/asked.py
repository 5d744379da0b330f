"""Of which news somebody was asked what she thinks: once is enough.

The table holds an application's id and the number of the event, and nothing of what was said: that
travels without a name, so nothing joins the two.
"""

from sync.ledger import Ledger
from sync.records import ApplicationId
from sync.store import our_words


class Asked:
    """The table `asked` of a ledger opened with `kiosk.printing.tables.MIGRATIONS`."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def has(self, application: ApplicationId, number: int) -> bool:
        """Whether somebody was asked after that event."""
        with our_words():
            found = self._ledger.database.execute(
                "SELECT 1 FROM asked WHERE application = ? AND number = ?", (application, number)
            ).fetchone()
        return found is not None

    def note(self, application: ApplicationId, number: int) -> None:
        """Somebody is asked now; inside a transaction."""
        self._ledger.database.execute(
            "INSERT INTO asked VALUES (?, ?) ON CONFLICT DO NOTHING", (application, number)
        )
