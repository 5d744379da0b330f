"""A district comes back on the line: many kiosks at once against the real program, over HTTP.

Every kiosk has its own key, its own log and its own connection, and hands in what it gathered
while there was no road, in batches of 100; then it asks for news as kiosks do all day. The kiosks'
work is done before the clock starts, but they and the server share this machine's processors.

`python -m tests.bench.bench_load --kiosks 200 --applications 300` lives a larger one.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nacl.signing import SigningKey

from tests import conftest  # isort: skip - gives Django its folder before a model is imported

from kiosk.forms import bundle
from sync.client import HttpCentral
from sync.enrolment import Enrolment, EnrolmentRequest
from sync.errors import CentralFault, ExchangeError
from sync.protocol import Answer
from sync.records import DeviceId, device_id
from tests.bench.row import Row, percentile
from tests.central import RunningCentral, running_central
from tests.paper_kiosk import PaperKiosk
from tests.sample_service import SERVICE, VERSION, bundle_files

KIOSKS = 20
APPLICATIONS = 100  # of each, while there was no road
IDLE_EXCHANGES = 10
BATCH = 100
TRIES = 20
CODES = """
from datetime import timedelta
from sync.central.casework.models import Office
from sync.central.intake.enrolment import new_code
office = Office.objects.get(pk="la-vte-xaythany")
for number in range({count}):
    print("code", new_code(office, f"Load {{number}}", timedelta(hours=1)))
"""


class LoadKiosk(PaperKiosk):
    """A kiosk on a real line."""

    def __init__(self, url: str, code: str) -> None:
        self.line = HttpCentral(url)
        self.key = SigningKey.generate()
        self.id = device_id(bytes(self.key.verify_key))
        request = EnrolmentRequest(code, bytes(self.key.verify_key), "Load").signed(self.key)
        self.enrolment = Enrolment.from_bytes(self.line.enrol(request))
        self.log, self.secrets = [], []
        self.took_ms: list[float] = []
        self.refused = 0

    def asks(self, message: bytes) -> Answer:
        """One exchange; asked again where the server was busy."""
        for _try in range(TRIES):
            begun = time.perf_counter()
            try:
                reply = self.line.exchange(message)
            except CentralFault as problem:
                self.refused += 1
                time.sleep(min(problem.retry_after_s or 1.0, 2.0))
                continue
            self.took_ms.append((time.perf_counter() - begun) * 1000)
            return Answer.from_bytes(reply, self.answer_keys)
        raise ExchangeError("The server stayed busy.")


def rows(kiosks: int = KIOSKS, applications: int = APPLICATIONS) -> Iterator[Row]:
    """The table's lines."""
    with tempfile.TemporaryDirectory() as folder, running_central(Path(folder)) as central:
        _publish(central, Path(folder))
        told = central.run("manage", "shell", "-v", "0", "-c", CODES.format(count=kiosks))
        codes = [line.split()[1] for line in told.splitlines() if line.startswith("code ")]
        country = [LoadKiosk(central.base_url, code) for code in codes]
        batches = {kiosk.id: list(_batches(kiosk, applications)) for kiosk in country}
        with ThreadPoolExecutor(len(country)) as threads:
            yield from _at_once(threads, country, batches, applications)
            yield from _idle(threads, country)
        for kiosk in country:
            kiosk.line.close()
    conftest.pytest_unconfigure()


def _publish(central: RunningCentral, folder: Path) -> None:
    ministry = SigningKey.generate()
    public = bytes(ministry.verify_key).hex()
    central.run("keys", "add", public, "--name", "Load", "--services", "la.example.")
    file = folder / "smallest.bundle"
    file.write_bytes(bundle.pack(bundle_files(), SERVICE, VERSION, ministry))
    central.run("publish", str(file))


def _batches(kiosk: LoadKiosk, applications: int) -> Iterator[bytes]:
    for _ in range(applications):
        kiosk.files()
    for after in range(0, applications, BATCH):
        yield kiosk.batch(after, after + BATCH, room_bytes=0).signed(kiosk.key)


def _at_once(
    threads: ThreadPoolExecutor,
    country: list[LoadKiosk],
    batches: dict[DeviceId, list[bytes]],
    applications: int,
) -> Iterator[Row]:
    gate = threading.Barrier(len(country) + 1)

    def hands_in(kiosk: LoadKiosk) -> int:
        gate.wait()
        return max(kiosk.asks(batch).through for batch in batches[kiosk.id])

    running = [threads.submit(hands_in, kiosk) for kiosk in country]
    gate.wait()
    begun = time.perf_counter()
    done = [work.result() for work in running]
    took_s = time.perf_counter() - begun
    assert done == [applications] * len(country)  # everything is there, once
    took_ms = [one for kiosk in country for one in kiosk.took_ms]
    what = f"{len(country)} kiosks at once, {applications} applications each"
    yield Row(f"{what}: taken in", len(country) * applications / took_s, "/s")
    yield Row(f"{what}: a batch of {BATCH}, p95", percentile(took_ms, 0.95), "ms")
    yield Row(f"{what}: asked to come back", sum(kiosk.refused for kiosk in country), "times")


def _idle(threads: ThreadPoolExecutor, country: list[LoadKiosk]) -> Iterator[Row]:
    def calls(kiosk: LoadKiosk) -> None:
        end = len(kiosk.log)
        answer = kiosk.asks(kiosk.batch(end).signed(kiosk.key))
        cursor: dict[str, int] = {}
        while True:
            cursor |= {change.audience: change.position for change in answer.changes}
            asked = kiosk.batch(end, epoch=answer.epoch, cursor=cursor)
            if not answer.more:
                break
            answer = kiosk.asks(asked.signed(kiosk.key))
        kiosk.took_ms.clear()
        for _ in range(IDLE_EXCHANGES):
            kiosk.asks(asked.signed(kiosk.key))

    list(threads.map(calls, country))
    took_ms = [one for kiosk in country for one in kiosk.took_ms]
    yield Row(f"{len(country)} kiosks without news at once, p95", percentile(took_ms, 0.95), "ms")


def main() -> int:
    """A larger district than the benchmark's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kiosks", type=int, default=KIOSKS)
    parser.add_argument("--applications", type=int, default=APPLICATIONS)
    given = parser.parse_args()
    for row in rows(given.kiosks, given.applications):
        print(f"{row.what:<70} {row.shown:>16}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
