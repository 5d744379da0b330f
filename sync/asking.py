"""What people ask this kiosk after and it has not heard of: other kiosks took it, elsewhere.

The kiosk asks central with its next exchange and then hears of it as of its own. A reference is
kept only until it was asked; whoever comes back before the answer has come asks once more.
"""

from sync.store import Store

WAITING_MAX = 1000  # somebody plays with the keys: the newest are dropped


class Asking(Store):
    """The references to ask after."""

    def ask_after(self, reference: str) -> None:
        """Remember it until the next exchange."""
        with self.transaction():
            self._write(
                """
                INSERT INTO asked_after (reference)
                SELECT ? WHERE (SELECT count(*) FROM asked_after) < ? ON CONFLICT DO NOTHING
                """,
                (reference, WAITING_MAX),
            )

    def asked_after(self, most: int) -> tuple[str, ...]:
        """What has not been asked yet."""
        rows = self._rows("SELECT reference FROM asked_after ORDER BY 1 LIMIT ?", (most,))
        return tuple(reference for (reference,) in rows)

    def forget_asked(self, references: tuple[str, ...]) -> None:
        """Central was asked; inside a transaction."""
        for reference in references:
            self._write("DELETE FROM asked_after WHERE reference = ?", (reference,))
