"""Central's own half of the exchange, stage by stage, on the database that the environment names.

Prints one JSON object; `bench_central` runs it in a process of its own for each database, because
Django reads its settings once. Rates are per second of the wall clock, and per second of one core's
time (`_core`): on a busy machine only the latter say anything.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from tests import conftest  # isort: skip - gives Django its folder before a model is imported

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from sync.central import bulk
from sync.central.intake.exchange import CentralServer
from sync.central.intake.judgement import Judged, judge_all
from sync.central.intake.log import _Intake
from sync.central.intake.models import Device, StoredEnvelope
from sync.central.keys import central_keys
from sync.protocol import Batch
from tests.bench.row import percentile
from tests.central_fixtures import prepare
from tests.paper_kiosk import PaperKiosk

APPLICATIONS = 2000
BATCH = 100
IDLE_EXCHANGES = 300

Item = TypeVar("Item")


def main() -> int:
    """Measure every stage."""
    prepare()
    figures = dict(_stages())
    print(json.dumps(figures))
    conftest.pytest_unconfigure()
    return 0


def _stages() -> Iterator[tuple[str, float]]:
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
    key, keys = bytes(kiosk.key.verify_key), central_keys()
    read: list[Batch] = []
    yield from _rate("verified", lambda one: read.append(Batch.from_bytes(one, key)), batches)
    judged: list[list[Judged]] = []
    yield from _rate("opened", lambda one: judged.append(judge_all(one, keys)), read)
    yield from _rate("stored", _stores(kiosk), judged)
    StoredEnvelope.objects.all().delete()
    before = _size_bytes()
    yield from _rate("taken_in", kiosk.server.exchange, batches)
    yield "bytes_an_application", (_size_bytes() - before) / APPLICATIONS
    yield from _rate("recognised", kiosk.server.exchange, batches)
    idle = kiosk.batch(APPLICATIONS, epoch=first.epoch, cursor=cursor).signed(kiosk.key)
    started, times_ms = time.process_time(), []
    for _ in range(IDLE_EXCHANGES):
        begun = time.perf_counter()
        kiosk.server.exchange(idle)
        times_ms.append((time.perf_counter() - begun) * 1000)
    yield "idle_core", IDLE_EXCHANGES / (time.process_time() - started)
    yield "idle_p95_ms", percentile(times_ms, 0.95)


def _stores(kiosk: PaperKiosk) -> Callable[[list[Judged]], None]:
    """Only the envelopes, durably, without a case: the least that an acknowledgement needs."""
    intake = _Intake(Device.objects.get(pk=kiosk.id), timezone.now())

    def store(items: list[Judged]) -> None:
        with transaction.atomic():
            bulk.insert([intake._stored(item) for item in items])

    return store


def _rate(
    name: str, work: Callable[[Item], object], items: list[Item]
) -> Iterator[tuple[str, float]]:
    wall, core = time.perf_counter(), time.process_time()
    for item in items:
        work(item)
    yield name, APPLICATIONS / (time.perf_counter() - wall)
    yield f"{name}_core", APPLICATIONS / (time.process_time() - core)


def _size_bytes() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return int((settings.DATA / "central.sqlite3").stat().st_size)
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    sys.exit(main())
