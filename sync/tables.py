"""The ledger's tables that belong to the wire, as the migration set "sync".

A step is never edited once released: a new one is appended. All tables are STRICT, so that a value
of the wrong type is an error on the day it is written. Personal data stands only in sealed columns
(`body`, `words`); the secret that opens them is in no table.
"""

from sqlite_utils import Database, Migrations

MIGRATIONS = Migrations("sync")

_FIRST = (
    # This device: made on first opening, filled in by enrolment.
    """
    CREATE TABLE device (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        signing_key BLOB NOT NULL,
        device TEXT,
        kiosk_number INTEGER,
        office TEXT,
        office_names TEXT,  -- JSON: language -> name
        portal_url TEXT,
        office_note BLOB,   -- OfficeNote.to_bytes(): hours, holidays
        epoch BLOB          -- which life of central's feed the cursors count
    ) STRICT
    """,
    # What is known of the time: central's signed word, and the device's own steady clock then.
    """
    CREATE TABLE clock (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        floor_ms INTEGER NOT NULL,
        signed_ms INTEGER,
        steady_ms INTEGER,
        boot TEXT
    ) STRICT
    """,
    # Every envelope this device ever promised to deliver, in order.
    """
    CREATE TABLE log (
        sequence INTEGER PRIMARY KEY,
        application TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        reference TEXT,
        service TEXT NOT NULL,
        service_version TEXT NOT NULL,
        office TEXT NOT NULL,
        replaces TEXT,
        recorded_ms INTEGER NOT NULL,
        recorded_quality TEXT NOT NULL,
        header BLOB NOT NULL,
        body BLOB NOT NULL,
        sealed_secret BLOB NOT NULL,
        hash BLOB NOT NULL,  -- what the next envelope names as its previous
        outcome TEXT         -- central's acknowledgement; null while it waits
    ) STRICT
    """,
    "CREATE UNIQUE INDEX log_reference ON log (reference) WHERE kind = 'application'",
    "CREATE INDEX log_waiting ON log (sequence) WHERE outcome IS NULL",
    # Encrypted files of the applications in the log; the bytes lie in the folder `evidence`.
    """
    CREATE TABLE evidence (
        sha256 BLOB PRIMARY KEY,
        sequence INTEGER NOT NULL REFERENCES log (sequence),
        size INTEGER NOT NULL,
        sent INTEGER NOT NULL DEFAULT 0,
        done INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    "CREATE INDEX evidence_waiting ON evidence (size) WHERE done = 0",
    # How far each part of central's feed has been read.
    """
    CREATE TABLE cursor (
        audience TEXT PRIMARY KEY,
        position INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE status_event (
        application TEXT NOT NULL,
        number INTEGER NOT NULL,
        reference TEXT,       -- with the first event
        event BLOB NOT NULL,  -- StatusEvent.to_bytes()
        PRIMARY KEY (application, number)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX status_event_reference ON status_event (reference) WHERE reference IS NOT NULL",
    # Every version stays: should the newest not open, the last good one keeps serving.
    """
    CREATE TABLE service (
        service TEXT NOT NULL,
        version TEXT NOT NULL,
        bundle BLOB NOT NULL,
        PRIMARY KEY (service, version)
    ) STRICT
    """,
    # Public keys to trust, in the order they were learned.
    """
    CREATE TABLE trusted_key (
        learned INTEGER PRIMARY KEY,
        id BLOB NOT NULL,
        purpose TEXT NOT NULL,
        key BLOB NOT NULL,
        name TEXT NOT NULL,
        kiosk_number INTEGER,
        UNIQUE (purpose, id)
    ) STRICT
    """,
    # Items of the feed that this version cannot read: kept, so that they do not block the rest.
    """
    CREATE TABLE unread_change (
        audience TEXT NOT NULL,
        position INTEGER NOT NULL,
        kind TEXT NOT NULL,
        payload BLOB NOT NULL,
        PRIMARY KEY (audience, position)
    ) STRICT
    """,
    # How the last exchange went.
    """
    CREATE TABLE exchange (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        success_ms INTEGER,
        problem TEXT,
        problem_detail TEXT,
        problem_ms INTEGER,
        problem_quality TEXT
    ) STRICT
    """,
    "INSERT INTO clock (id, floor_ms) VALUES (1, 0)",
    "INSERT INTO exchange (id) VALUES (1)",
)


@MIGRATIONS()
def m001_the_first_tables(database: Database) -> None:
    """What the first release needs."""
    for statement in _FIRST:
        database.execute(statement)


@MIGRATIONS()
def m002_complaints_and_corrections(database: Database) -> None:
    """A complaint has a reference of its own; central's first word names what is replaced."""
    database.execute(
        "CREATE UNIQUE INDEX log_complaint_reference ON log (reference) WHERE kind = 'complaint'"
    )
    database.execute("ALTER TABLE status_event ADD COLUMN replaces TEXT")
    database.execute(
        "CREATE INDEX status_event_replaces ON status_event (replaces) WHERE replaces IS NOT NULL"
    )
    database.execute("CREATE INDEX log_replaces ON log (replaces) WHERE replaces IS NOT NULL")


@MIGRATIONS()
def m003_messages_given_to_carriers(database: Database) -> None:
    """What went out on a stick and waits for its answer."""
    database.execute(
        """
        CREATE TABLE carried (
            number INTEGER PRIMARY KEY,
            message BLOB NOT NULL UNIQUE,  -- its hash
            sha256 BLOB,                   -- of a piece: the document that it belongs to
            epoch BLOB,                    -- of a batch, as the next three: see carriage.py
            after INTEGER,
            through INTEGER,
            acknowledged INTEGER
        ) STRICT
        """
    )


@MIGRATIONS()
def m004_sealed_content_is_erased_in_time(database: Database) -> None:
    """Since when central has an envelope, and whether its content is still here."""
    database.execute("ALTER TABLE log ADD COLUMN acknowledged_ms INTEGER")
    database.execute("ALTER TABLE log ADD COLUMN erased INTEGER NOT NULL DEFAULT 0")
    database.execute("ALTER TABLE exchange ADD COLUMN confirmed_ms INTEGER")
    database.execute(
        """
        UPDATE log SET acknowledged_ms = (SELECT success_ms FROM exchange)
        WHERE outcome IS NOT NULL
        """
    )
    database.execute(
        "CREATE INDEX log_kept ON log (acknowledged_ms) "
        "WHERE erased = 0 AND acknowledged_ms IS NOT NULL"
    )
    database.execute(
        "CREATE INDEX log_set_aside ON log (sequence) WHERE outcome IN ('conflict', 'unreadable')"
    )
    database.execute("CREATE INDEX evidence_sequence ON evidence (sequence)")


@MIGRATIONS()
def m005_what_documents_have_cost(database: Database) -> None:
    """Bytes of documents that were sent, by hour since 1970 in local time."""
    database.execute(
        """
        CREATE TABLE evidence_spent (hour INTEGER PRIMARY KEY, bytes INTEGER NOT NULL) STRICT
        """
    )


@MIGRATIONS()
def m006_lives(database: Database) -> None:
    """An identity that lived twice parts: a later life has its own key from a place of the log."""
    database.execute(
        """
        CREATE TABLE life (
            id INTEGER PRIMARY KEY,
            after INTEGER,             -- the log's last place before it; null: it has not begun
            signing_key BLOB NOT NULL  -- of one that has not begun
        ) STRICT
        """
    )
    database.execute("ALTER TABLE device ADD COLUMN held INTEGER")  # of this log, by central alone


@MIGRATIONS()
def m007_kiosks_out_of_service(database: Database) -> None:
    """Since when a kiosk's key makes no receipts any more: it was stolen, or taken away."""
    database.execute("ALTER TABLE trusted_key ADD COLUMN until_s INTEGER")


@MIGRATIONS()
def m008_documents_stay_as_long(database: Database) -> None:
    """When central was heard after it had the whole document."""
    database.execute("ALTER TABLE evidence ADD COLUMN done_ms INTEGER")
    database.execute(
        "CREATE INDEX evidence_unconfirmed ON evidence (sequence) "
        "WHERE done = 1 AND done_ms IS NULL"
    )


@MIGRATIONS()
def m009_clerks(database: Database) -> None:
    """Who may sign in here to help; news of them that came before this program are read now."""
    database.execute(
        """
        CREATE TABLE clerk (
            number INTEGER PRIMARY KEY,
            office TEXT NOT NULL,
            name TEXT NOT NULL,
            pin_hash TEXT NOT NULL  -- empty: she signs in no more
        ) STRICT
        """
    )


@MIGRATIONS()
def m010_where_people_stop(database: Database) -> None:
    """Journeys through the forms by day, in numbers only, until they leave for central."""
    key = "day TEXT NOT NULL, service TEXT NOT NULL, version TEXT NOT NULL, language TEXT NOT NULL"
    database.execute(
        f"""
        CREATE TABLE journey (
            {key},
            begun INTEGER NOT NULL,
            handed_in INTEGER NOT NULL,
            set_aside INTEGER NOT NULL,
            PRIMARY KEY (day, service, version, language)
        ) STRICT, WITHOUT ROWID
        """
    )
    database.execute(
        f"""
        CREATE TABLE journey_question (
            {key},
            question TEXT NOT NULL,      -- its path in the form
            shown INTEGER NOT NULL,
            wrong INTEGER NOT NULL,
            left_here INTEGER NOT NULL,
            quick INTEGER NOT NULL,      -- took less than 10 seconds
            steady INTEGER NOT NULL,     -- less than 30
            slow INTEGER NOT NULL,       -- less than 60
            long INTEGER NOT NULL,       -- more
            PRIMARY KEY (day, service, version, language, question)
        ) STRICT, WITHOUT ROWID
        """
    )


@MIGRATIONS()
def m011_asked_after(database: Database) -> None:
    """References that somebody asked after and this kiosk has not heard of, until it asks."""
    database.execute("CREATE TABLE asked_after (reference TEXT PRIMARY KEY) STRICT, WITHOUT ROWID")
