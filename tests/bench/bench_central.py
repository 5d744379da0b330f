"""How fast central takes in applications: verified, opened once, filed as cases, on the disk.

In this process, one thread, SQLite with synchronous=FULL; the kiosk's own work is not counted. Each
application becomes an envelope, a case, its first event and a change in the feed: four rows.
"""

import time
from collections.abc import Iterator

from tests import conftest  # isort: skip - gives Django its folder before a model is imported

from sync.central.intake.exchange import CentralServer
from tests.bench.row import Row, percentile
from tests.central_fixtures import prepare
from tests.paper_kiosk import PaperKiosk

APPLICATIONS = 2000
BATCH = 100
IDLE_EXCHANGES = 300


def rows() -> Iterator[Row]:
    """Central's own half of the exchange."""
    prepare()
    kiosk = PaperKiosk(CentralServer())
    for _ in range(APPLICATIONS):
        kiosk.files()
    first = kiosk.sends(kiosk.batch(until=0))
    cursor = {change.audience: change.position for change in first.changes}
    batches = []
    for after in range(0, APPLICATIONS, BATCH):
        batch = kiosk.batch(after, after + BATCH, epoch=first.epoch, cursor=dict(cursor))
        batches.append(batch.signed(kiosk.key))
        cursor[first.changes[0].audience] += BATCH  # the news of the batch before was read
    took_s = sum(timed_s(kiosk, batch) for batch in batches)
    yield Row(f"applications taken in, batches of {BATCH}", APPLICATIONS / took_s, "/s")
    again_s = sum(timed_s(kiosk, batch) for batch in batches)
    yield Row("the same again, recognised", APPLICATIONS / again_s, "/s")
    idle = kiosk.batch(APPLICATIONS, epoch=first.epoch, cursor=cursor).signed(kiosk.key)
    times_ms = [timed_s(kiosk, idle) * 1000 for _ in range(IDLE_EXCHANGES)]
    yield Row("an exchange without news, p95", percentile(times_ms, 0.95), "ms")
    conftest.pytest_unconfigure()


def timed_s(kiosk: PaperKiosk, message: bytes) -> float:
    """How long central takes to answer."""
    start = time.perf_counter()
    kiosk.server.exchange(message)
    return time.perf_counter() - start
