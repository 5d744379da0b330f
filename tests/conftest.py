"""Gives Django a folder of its own for this run, before any test module imports a model.

Django reads its settings once in a process; the fixtures are in `tests/central_fixtures.py`.
Hypothesis gets no deadline: a busy machine is slow, not wrong.

Rings of objects are found between the tests, as the kiosk finds them between its visits: left to
its own moments, Python looks at every object of every library there is, again and again, which was
a third of what the screens' tests took.
"""

import gc
import os
import shutil
import tempfile
from pathlib import Path

import django
from django.test.utils import setup_test_environment
from hypothesis import settings

_FOLDER = Path(tempfile.mkdtemp(prefix="central-"))
os.environ["CENTRAL_DATA"] = str(_FOLDER / "data")
os.environ["CENTRAL_PUBLIC_URL"] = "http://127.0.0.1:8000"
os.environ["DJANGO_SETTINGS_MODULE"] = "sync.central.settings"
os.environ.pop("CENTRAL_DATABASE_URL", None)
os.environ.pop("CENTRAL_EVIDENCE", None)
if os.environ.get("TEST_DATABASE_URL"):  # of a PostgreSQL of the tests' own: tests/postgresql
    os.environ["CENTRAL_DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
django.setup()
setup_test_environment()  # Django's own test client calls the server "testserver"
settings.register_profile("project", deadline=None)
settings.load_profile("project")

from tests.central_fixtures import central, in_time, prepared_database  # noqa: E402, F401 - after setup

COLLECTED_AFTER = (20_000, 50, 1_000)  # as in `kiosk.tidier`, with more room
LEFT_MAX = 100_000  # objects that tests may leave before all are looked at


def pytest_collection_finish() -> None:
    gc.set_threshold(*COLLECTED_AFTER)
    _collect()


def pytest_runtest_logfinish() -> None:
    young, looks, whole_looks = gc.get_count()
    if young + COLLECTED_AFTER[0] * (looks + COLLECTED_AFTER[1] * whole_looks) > LEFT_MAX:
        _collect()


def _collect() -> None:
    """What a test left goes; what stays then (libraries, what is kept for the next test) stays."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    shutil.rmtree(_FOLDER, ignore_errors=True)
