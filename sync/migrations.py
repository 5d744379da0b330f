"""The steps that bring the tables of a ledger up to date, each taken once and in order.

    MIGRATIONS = Migrations("sync")

    @MIGRATIONS()
    def first(database: sqlite3.Connection) -> None: ...

sqlite-utils takes them and keeps a list of them in the file. A kiosk starts a thousand times
between two updates, so what the list says is read here: that library takes a twentieth of a start
to load, and is loaded when a step is to be taken.
"""

import sqlite3
from collections.abc import Callable

Step = Callable[[sqlite3.Connection], None]

_LIST = "_sqlite_migrations"  # the table's name in sqlite-utils
_TAKEN = f"SELECT name FROM {_LIST} WHERE migration_set = ? ORDER BY rowid"  # noqa: S608 - ours


class Migrations:
    """The steps of some tables, by name; a file may hold tables of several such sets."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._steps: dict[str, Step] = {}

    def __call__(self) -> Callable[[Step], Step]:
        """Append the function that follows as a step of its name."""

        def appended(step: Step) -> Step:
            name = step.__name__
            if name in self._steps:
                raise ValueError(f"There is a step {name} already among those of {self.name}.")
            self._steps[name] = step
            return step

        return appended

    def applied(self, database: sqlite3.Connection) -> list[str]:
        """The steps that the file has been through, also those that only a newer program knows."""
        there = database.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (_LIST,)).fetchone()
        if there is None:
            return []
        return [name for (name,) in database.execute(_TAKEN, (self.name,))]

    def pending(self, database: sqlite3.Connection) -> list[str]:
        """The steps that are still to be taken."""
        applied = set(self.applied(database))
        return [name for name in self._steps if name not in applied]

    def find_newer(self, database: sqlite3.Connection) -> str | None:
        """The first step that this program does not know: a newer one made it."""
        return next((name for name in self.applied(database) if name not in self._steps), None)

    def apply(self, database: sqlite3.Connection, *, stop_before: str | None = None) -> None:
        """Take the steps that are still to be taken."""
        import sqlite_utils  # noqa: PLC0415 - see above

        library = sqlite_utils.Migrations(self.name)
        for name, step in self._steps.items():
            library(name=name)(_of_connection(step))
        library.apply(
            sqlite_utils.Database(database, execute_plugins=False), stop_before=stop_before
        )


def _of_connection(step: Step) -> Callable[..., None]:
    return lambda database: step(database.conn)
