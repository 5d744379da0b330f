"""Central in this process: a fresh database for each test that asks for `central`.

A prepared database is copied, which takes a millisecond; commits are real commits.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from sync.central import commands
from sync.central.catalogue import shelf
from sync.central.intake import offices
from tests.sample_service import put_on_shelf


def prepare() -> Path:
    """Make a database with the sample offices and one published service; its file."""
    data: Path = settings.DATA
    data.mkdir()
    commands.initialise()
    read = offices.read_file(settings.ROOT / "assets" / "services" / "offices.yaml")
    for facts in read:
        offices.save(facts)
    offices.route_complaints(read)
    put_on_shelf()
    connections.close_all()
    return data / "central.sqlite3"


@pytest.fixture(scope="session")
def prepared_database() -> Path:
    """The database that each test gets a copy of."""
    made = prepare()
    return made.rename(made.with_name("prepared.sqlite3"))


@pytest.fixture
def central(prepared_database: Path) -> Iterator[Path]:
    """Central's folder, with a fresh database and no evidence."""
    data: Path = settings.DATA
    shutil.copy(prepared_database, data / "central.sqlite3")
    yield data
    connections.close_all()
    shelf.forget_opened()
    for leftover in data.glob("central.sqlite3*"):
        leftover.unlink()
    shutil.rmtree(data / "evidence")
    (data / "evidence").mkdir()
    (data / "shed").unlink(missing_ok=True)
