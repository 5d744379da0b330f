"""The tests of central that touch the database in earnest, once more on a real PostgreSQL.

Django reads its settings once in a process, so they run in a process of their own.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.postgresql.server import NoPostgresql, running_postgresql

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = (
    "tests/postgresql/feed_locks.py",
    "tests/unit/test_central_bulk.py",
    "tests/unit/test_central_exchange.py",
    "tests/unit/test_central_enrolment.py",
    "tests/unit/test_central_feed.py",
    "tests/unit/test_central_road.py",
    "tests/unit/test_casework_decisions.py",
    "tests/unit/test_casework_corrections.py",
    "tests/unit/test_insight_measures.py",
    "tests/unit/test_releases.py",
)
OPTIONS = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist")


def test_central_keeps_its_promises_on_postgresql() -> None:
    if find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed: python -m pip install 'psycopg[binary]'")
    try:
        with running_postgresql() as url:
            done = subprocess.run(
                [sys.executable, "-m", "pytest", *OPTIONS, *FILES],
                env=os.environ | {"TEST_DATABASE_URL": url, "PYTEST_ADDOPTS": ""},
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
                timeout=800,
            )
    except NoPostgresql as problem:
        pytest.skip(str(problem))
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout
