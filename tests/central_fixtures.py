"""Central in this process: a fresh database for each test that asks for `central`.

A prepared database is copied, which takes a millisecond; commits are real commits. On PostgreSQL,
where to copy one takes a second, the rows are put back instead.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.utils import timezone

from sync.central import commands
from sync.central.catalogue import shelf
from sync.central.intake import offices
from tests.officers import NOW
from tests.sample_service import put_on_shelf

ON_SQLITE = connection.vendor == "sqlite"


def prepare() -> Path:
    """Make a database with the sample offices and one published service; central's folder."""
    data: Path = settings.DATA
    data.mkdir()
    commands.initialise()
    read = offices.read_file(settings.ROOT / "assets" / "services" / "offices.yaml")
    for facts in read:
        offices.save(facts)
    offices.route_complaints(read)
    put_on_shelf()
    if not ON_SQLITE:
        _keep_rows()
    connections.close_all()
    return data


def _keep_rows() -> None:
    """Remember every row and every sequence of the prepared database, in a schema beside it."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA prepared")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"CREATE TABLE prepared.{table} AS TABLE public.{table}")
        cursor.execute(
            "CREATE TABLE prepared._sequences AS SELECT sequencename, last_value FROM pg_sequences"
        )


def _put_rows_back() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # in any order
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DELETE FROM public.{table}")
            cursor.execute(f"INSERT INTO public.{table} SELECT * FROM prepared.{table}")
        cursor.execute(
            "SELECT setval(quote_ident(sequencename), coalesce(last_value, 1),"
            " last_value IS NOT NULL) FROM prepared._sequences"
        )


@pytest.fixture(scope="session")
def prepared_database() -> Path:
    """The database that each test gets a copy of."""
    data = prepare()
    if not ON_SQLITE:
        return data
    return (data / "central.sqlite3").rename(data / "prepared.sqlite3")


@pytest.fixture
def in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Central's clock stands while what the kiosks of these tests recorded is not late yet."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def central(prepared_database: Path) -> Iterator[Path]:
    """Central's folder, with a fresh database and no evidence."""
    data: Path = settings.DATA
    if ON_SQLITE:
        shutil.copy(prepared_database, data / "central.sqlite3")
    else:
        _put_rows_back()
    yield data
    connections.close_all()
    shelf.forget_opened()
    for leftover in data.glob("central.sqlite3*"):
        leftover.unlink()
    shutil.rmtree(data / "evidence")
    (data / "evidence").mkdir()
    (data / "shed").unlink(missing_ok=True)
