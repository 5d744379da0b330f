"""What stands in central's own database, read beside the running server.

Counting there, and not by asking the server, is the only way to see that nothing was filed twice.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any


class CentralBooks:
    """The books in a central's folder."""

    def __init__(self, data: Path) -> None:
        self._path = data / "central.sqlite3"

    def filed(self) -> Counter[str]:
        """How many cases each application has; what has none is not there."""
        return Counter(row[0] for row in self._rows("SELECT application FROM casework_case"))

    def references(self) -> list[str]:
        """The references of all cases."""
        return [row[0] for row in self._rows("SELECT reference FROM casework_case")]

    def logs(self) -> dict[str, list[str]]:
        """The applications of each device, in the order of its log."""
        logs: dict[str, list[str]] = {}
        query = "SELECT device_id, application FROM intake_storedenvelope ORDER BY 1, sequence"
        for device, application in self._rows(query):
            logs.setdefault(device, []).append(application)
        return logs

    def received_events(self) -> Counter[str]:
        """How often central told that it received each application."""
        query = """
            SELECT application FROM casework_caseevent JOIN casework_case
            ON casework_case.id = case_id WHERE casework_caseevent.status = 'received'
            """
        return Counter(row[0] for row in self._rows(query))

    def set_aside(self) -> list[tuple[Any, ...]]:
        """What central could not take as it came."""
        return self._rows("SELECT application, reason, detail FROM intake_setaside")

    def forked(self) -> int:
        """How many identities are said to live twice."""
        return int(self._rows("SELECT count(*) FROM intake_device WHERE forked_at NOT NULL")[0][0])

    def documents(self) -> tuple[int, int]:
        """How many documents were announced, and how many are here whole."""
        query = "SELECT count(*), count(complete_at) FROM intake_evidencefile"
        announced, complete = self._rows(query)[0]
        return announced, complete

    def case(self, application: str) -> dict[str, Any]:
        """The row of a case."""
        with self._opened() as database:
            database.row_factory = sqlite3.Row
            query = "SELECT * FROM casework_case WHERE application = ?"
            return dict(database.execute(query, (application,)).fetchone())

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        with self._opened() as database:
            return database.execute(query).fetchall()

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=60)) as database:
            database.execute("PRAGMA query_only = ON")
            yield database
