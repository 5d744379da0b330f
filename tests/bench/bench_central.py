"""How fast central takes in applications, on both databases, and what bounds it.

One process, one thread, every commit on the disk; the kiosk's own work is not counted. *Verified*
is the batch's signature and the chain; *opened* each secret and each application; *stored* are the
envelopes alone, which is all that an acknowledgement needs; *taken in* is all of it with what the
office needs at once: a case, its first event and the news for the kiosks, four rows each.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec

from tests.bench.row import Row
from tests.postgresql.server import NoPostgresql, running_postgresql

BATCH = 100
GOALS = {  # applications a second
    ("SQLite", "stored"): 5000,
    ("PostgreSQL", "stored"): 10_000,
    ("SQLite", "opened_core"): 3000,
    ("PostgreSQL", "opened_core"): 3000,
}
WORDS = {
    "verified": "batches of 100 verified, signature and chain",
    "opened": "opened",
    "stored": "stored, durably",
    "taken_in": "taken in as cases",
    "recognised": "the same again, recognised",
}


def rows() -> Iterator[Row]:
    """Central's own half of the exchange, on SQLite and on PostgreSQL."""
    yield from _rows("SQLite", {})
    if find_spec("psycopg") is None:
        return
    with ExitStack() as stack:
        try:
            url = stack.enter_context(running_postgresql(durable=True))
        except NoPostgresql as problem:
            print(problem, file=sys.stderr)
            return
        yield from _rows("PostgreSQL", {"TEST_DATABASE_URL": url})


def _rows(database: str, told: dict[str, str]) -> Iterator[Row]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.central_stages"],
        env=os.environ | told,
        capture_output=True,
        text=True,
        check=True,
    )
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    for name, words in WORDS.items():
        for stage, how in ((name, ""), (f"{name}_core", ", of one core's time")):
            goal = GOALS.get((database, stage))
            what = f"{database}: {words}{how}"
            yield Row(what, figures[stage], "/s", goal, at_least=True)
    yield Row(f"{database}: an exchange without news, p95", figures["idle_p95_ms"], "ms")
    what = f"{database}: exchanges without news, of one core's time"
    yield Row(what, figures["idle_core"], "/s")
    what = f"{database}: size of an application, envelope, case, event and news"
    yield Row(what, figures["bytes_an_application"], "B")
