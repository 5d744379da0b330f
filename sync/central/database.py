"""Where central's rows live: one SQLite file by default, PostgreSQL by one address.

SQLite runs as the kiosks' ledger does (WAL, every commit on the disk before it is acknowledged,
writers queue up at BEGIN): an acknowledgement is a promise as well.
"""

from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from sync.sentence import Sentence

BUSY_TIMEOUT_S = 5


class BadDatabase(Exception):
    """The database that was asked for cannot be had; the sentence says what to mend."""


def sqlite_database(folder: Path) -> dict[str, object]:
    """One file in that folder."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": folder / "central.sqlite3",
        "CONN_MAX_AGE": None,  # closing the last connection would write the whole WAL back
        "OPTIONS": {
            "timeout": BUSY_TIMEOUT_S,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


def database_from_url(url: str) -> dict[str, object]:
    """The database at `postgresql://user:password@host:port/name?option=value`.

    Raises:
        BadDatabase: the address is not one of PostgreSQL.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise BadDatabase(
            Sentence("CENTRAL_DATABASE_URL must read postgresql://user:password@host:port/name.")
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def check_driver() -> None:
    """See whether Python can speak to PostgreSQL here.

    Raises:
        BadDatabase: it cannot.
    """
    if find_spec("psycopg") is None:
        raise BadDatabase(
            Sentence(
                "CENTRAL_DATABASE_URL asks for PostgreSQL, which needs one package more. "
                "Run: python -m pip install 'psycopg[binary]>=3.2'"
            )
        )
