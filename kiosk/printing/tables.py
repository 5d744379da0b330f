"""The kiosk's own tables in the ledger's file, as the migration set "kiosk".

Open the ledger with it: `Ledger.open(path, MIGRATIONS)`. A step is never edited once released: a
new one is appended. All tables are STRICT.
"""

from sqlite_utils import Database, Migrations

MIGRATIONS = Migrations("kiosk")

_PRINTING = (
    # What is to be printed, was printed, or may have been. Never a secret in clear, never a token.
    """
    CREATE TABLE print_jobs (
        id INTEGER PRIMARY KEY,
        application TEXT NOT NULL,
        state TEXT NOT NULL
            CHECK (state IN ('queued', 'sending', 'printed', 'unknown', 'declined')),
        receipt BLOB NOT NULL,
        sealed_secret BLOB,                -- under a key that only the process had
        again INTEGER NOT NULL DEFAULT 0,  -- 1: an earlier paper is known to have broken off
        proof TEXT                         -- how well it is known that it was printed
    ) STRICT
    """,
    "CREATE INDEX print_jobs_application ON print_jobs (application)",
    "CREATE INDEX print_jobs_open ON print_jobs (id) WHERE state IN ('queued', 'sending')",
    """
    CREATE TABLE printer_state (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        code TEXT NOT NULL,
        since_ms INTEGER NOT NULL
    ) STRICT
    """,
    "INSERT INTO printer_state (id, code, since_ms) VALUES (1, 'none', 0)",
)


@MIGRATIONS()
def printing(database: Database) -> None:
    """Print jobs and the printer's state."""
    for statement in _PRINTING:
        database.execute(statement)


@MIGRATIONS()
def asked(database: Database) -> None:
    """Of which news somebody was asked her opinion: an id and an event's number, nothing else."""
    database.execute(
        """
        CREATE TABLE asked (
            application TEXT NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (application, number)
        ) STRICT, WITHOUT ROWID
        """
    )


@MIGRATIONS()
def retracted(database: Database) -> None:
    """Papers that nobody took: the presenter pulled them back into the kiosk, and when."""
    database.execute("ALTER TABLE print_jobs ADD COLUMN retracted_ms INTEGER")


@MIGRATIONS()
def slips(database: Database) -> None:
    """Papers that are no receipt.

    Such a job has no application and an empty receipt. What is private in it lies sealed, like a
    receipt's secret: after a power cut it is gone, and nobody's words are left on the disk.
    """
    database.execute("ALTER TABLE print_jobs ADD COLUMN slip BLOB")
    database.execute("ALTER TABLE print_jobs ADD COLUMN sealed_slip BLOB")


@MIGRATIONS()
def paper(database: Database) -> None:
    """How much paper went through the printer, of this roll and on which days."""
    for statement in (
        """
        CREATE TABLE paper_roll (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            used_mm INTEGER NOT NULL,         -- since the roll was changed
            length_mm INTEGER,                -- of the last roll that was seen to its end
            nearly_over INTEGER NOT NULL,     -- 1: the printer has said so of this roll
            is_over INTEGER NOT NULL          -- 1: there was no paper left
        ) STRICT
        """,
        "INSERT INTO paper_roll VALUES (1, 0, NULL, 0, 0)",
        "CREATE TABLE paper_days (day TEXT PRIMARY KEY, mm INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    ):
        database.execute(statement)


@MIGRATIONS()
def unfinished(database: Database) -> None:
    """Entries that wait for their resume slips, sealed: nothing on this disk opens them.

    Of one that is over only its fate stays, so that its slip can be told what became of it.
    """
    for statement in (
        """
        CREATE TABLE unfinished (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,          -- a hash of the secret, which is on the slip alone
            reference TEXT NOT NULL UNIQUE,
            fate TEXT NOT NULL
                CHECK (fate IN ('kept', 'continued', 'handed-in', 'erased', 'expired')),
            job INTEGER,                      -- prints the slip
            photographed INTEGER NOT NULL,    -- 1: she has a photograph instead of the paper
            takes_place_of TEXT,              -- id of the entry that was gone on with
            until_ms INTEGER NOT NULL,        -- as the slip says
            heard_ms INTEGER NOT NULL,        -- central's last word of the time at that moment
            counted_ms INTEGER,               -- central's first word of it afterwards
            size INTEGER NOT NULL,
            body BLOB NOT NULL                -- sealed
        ) STRICT
        """,
        """
        CREATE TABLE unfinished_file (
            unfinished INTEGER NOT NULL REFERENCES unfinished (number) ON DELETE CASCADE,
            place INTEGER NOT NULL,
            body BLOB NOT NULL,               -- sealed
            PRIMARY KEY (unfinished, place)
        ) STRICT
        """,
    ):
        database.execute(statement)


@MIGRATIONS()
def technician(database: Database) -> None:
    """The technician's PIN, hashed, and how often it was wrong: see `kiosk.technician_pin`."""
    for statement in (
        """
        CREATE TABLE technician (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            pin_hash TEXT NOT NULL,           -- empty: there is none
            wrong INTEGER NOT NULL,           -- tries since it was last right
            boot TEXT NOT NULL,               -- of the last try: the start of the machine ...
            steady_ms INTEGER NOT NULL        -- ... and the moment after it
        ) STRICT
        """,
        "INSERT INTO technician VALUES (1, '', 0, '', 0)",
    ):
        database.execute(statement)


@MIGRATIONS()
def clerk_tries(database: Database) -> None:
    """How often a clerk's PIN was wrong here since it was last right: see `kiosk.clerks`."""
    database.execute(
        """
        CREATE TABLE clerk_tries (
            number INTEGER PRIMARY KEY,
            pin_hash TEXT NOT NULL,           -- of the PIN that was tried: a new one begins anew
            wrong INTEGER NOT NULL,
            boot TEXT NOT NULL,               -- of the last try, as in `technician`
            steady_ms INTEGER NOT NULL
        ) STRICT
        """
    )
