"""What an application costs: bytes on the wire, sealing, the durable commit, one exchange.

The applications are made-up ones of the sample services, by another seed than the one that trained
their dictionaries but by the same generator: real answers vary more and compress less. Each header
carries the note of one document; the document itself is not counted. Bytes are those of the signed
batch with its HTTP request line and headers, without TLS. The goal of 330 B was set for answers of
about 2 kB as JSON; these are shorter, so it is held against the mean of the services and each is
shown. The slow line is `tests/bench/line.py`, with a real central at its end.
"""

import json
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from nacl.signing import SigningKey

from kiosk.desk import Desk
from kiosk.forms import bundle
from kiosk.forms.entry import Entry
from kiosk.forms.form_json import definition_of
from kiosk.forms.publish import publish
from kiosk.forms.samples import sample_records
from kiosk.printing.jobs import PrintJobs
from kiosk.printing.tables import MIGRATIONS as KIOSK_TABLES
from kiosk.printing.vault import Vault
from kiosk.resources import assets
from sync import envelope
from sync.client import HttpCentral
from sync.clock import DeviceClock
from sync.exchange import sync_once
from sync.ledger import Ledger
from sync.protocol import Acknowledgement
from sync.records import Envelope, EvidenceNote, Header, KeyPurpose, Kind, Outcome
from sync.worker import SyncWorker
from tests.bench.line import LineProfile, SlowLine
from tests.bench.row import Row, percentile
from tests.central import RunningCentral, running_central
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import NOW, enrolled, submit
from tests.stand_ins.web_server import Request, WebServer

BATCH = 100
SEED = 7  # not the one that trains dictionaries
SERVICES = (
    "birth-registration",
    "construction-permit",
    "document-certification",
    "family-book-change",
    "household-business",
    "residence-certificate",
)
ON_THE_WIRE_BYTES = 330
SLOW = LineProfile()
ON_SLOW_LINE = 200  # applications
BACKLOG = 5000
MANY = 100_000
PLAIN = bytes(150)  # a sealed body in the places where nobody opens it
COMMITS = 200


def rows() -> Iterator[Row]:
    """The table's lines."""
    on_the_wire = []
    for service in SERVICES:
        for row in _on_the_wire(service):
            on_the_wire += [row.value] if "on the wire" in row.what else []
            yield row
    mean = sum(on_the_wire) / len(on_the_wire)
    what = f"an application on the wire, mean of {len(SERVICES)} services"
    yield Row(what, mean, "B", goal=ON_THE_WIRE_BYTES)
    with tempfile.TemporaryDirectory() as folder:
        yield from _commit(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        yield from _loopback(Path(folder))
    with tempfile.TemporaryDirectory() as folder, running_central(Path(folder)) as central:
        yield from _slow_line(Path(folder), central)
        yield from _submit_meanwhile(Path(folder), central)
    with tempfile.TemporaryDirectory() as folder:
        yield from _many(Path(folder))


def _published(service: str) -> tuple[bytes | None, list[dict[str, Any]]]:
    """A sample service's dictionary, and applications that it was not trained on."""
    key = SigningKey.generate()
    folder = assets() / "services" / service
    data = publish(folder, "1", signing_key=key)
    opened = bundle.open(data, {bundle.key_id(bytes(key.verify_key)): bytes(key.verify_key)})
    definition = definition_of(opened.file(bundle.DEFINITION))
    return opened.dictionary, sample_records(definition, count=BATCH, seed=SEED)


def _on_the_wire(service: str) -> Iterator[Row]:
    dictionary, records = _published(service)
    with tempfile.TemporaryDirectory() as folder:
        ledger = enrolled(Path(folder), StandInCentral())
        for record in records:
            with ledger.transaction():
                ledger.add(_sealed(ledger, service, record, dictionary))
        batch = ledger.next_batch(BATCH, 10**7, 10**6)
        message = batch.signed(ledger.enrolled_identity().signing_key)
        plain = [len(json.dumps(record, ensure_ascii=False).encode()) for record in records]
        bodies = sum(len(made.body) for made in batch.envelopes)
        headers = sum(len(made.header) for made in batch.envelopes)
        on_the_wire = len(message) + _http_overhead()
        count = len(batch.envelopes)
        ledger.close()
    yield Row(f"{service}: answers as JSON", sum(plain) / len(plain), "B")
    yield Row(f"{service}: header", headers / count, "B")
    yield Row(f"{service}: sealed body", bodies / count, "B")
    what = f"{service}: an application on the wire, batch of {count}"
    yield Row(what, on_the_wire / count, "B")
    yield from _sealing(service, records[0], dictionary)


def _sealing(service: str, record: dict[str, Any], dictionary: bytes | None) -> Iterator[Row]:
    secret = envelope.new_secret()
    box = StandInCentral().box
    public, private = bytes(box.public_key), bytes(box)
    header = bytes(200)
    seal = partial(envelope.seal_answers, record, header, secret, dictionary)
    made = Envelope(header, seal(), envelope.seal_secret(secret, public))
    for what, work in (
        ("seal answers", seal),
        ("open answers", partial(envelope.open_answers, made, secret, dictionary)),
        ("seal the secret", partial(envelope.seal_secret, secret, public)),
        ("open the secret", partial(envelope.open_secret, made.sealed_secret, private)),
    ):
        yield Row(f"{service}: {what}", _median_us(work), "µs")


def _median_us(work: Callable[[], object], times: int = 300) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return percentile(taken, 0.5) * 1e6


def _sealed(
    ledger: Ledger,
    service: str,
    record: dict[str, Any],
    dictionary: bytes | None,
    evidence: tuple[EvidenceNote, ...] | None = None,
) -> Envelope:
    """As the desk does it, with the sample service's own dictionary."""
    identity = ledger.enrolled_identity()
    place = ledger.next_place()
    secret = envelope.new_secret()
    key_id, key = ledger.sealing_key()
    header = Header(
        device=identity.device,
        sequence=place.sequence,
        previous=place.previous,
        kind=Kind.APPLICATION,
        id=envelope.application_id(secret),
        reference=f"0001-0000-{place.sequence:04}",
        service=service if "." in service else f"la.sample.{service}",
        service_version="1",
        office=identity.office,
        recorded=NOW,
        central_key=key_id,
        evidence=(EvidenceNote(secrets.token_bytes(32), 150_000),)
        if evidence is None
        else evidence,
    ).to_bytes()
    body = envelope.seal_answers(record, header, secret, dictionary)
    return Envelope(header, body, envelope.seal_secret(secret, key))


def _http_overhead() -> int:
    """Bytes of the request line and headers, as this client sends them."""
    seen: list[int] = []

    def measure(request: Request) -> None:
        seen.append(len(request.requestline) + len("\r\n") + len(bytes(request.headers)))
        request.answer(b"ok")

    with WebServer(measure) as server, HttpCentral(server.url) as central:
        central.exchange(bytes(40_000))
    return seen[0]


def _commit(folder: Path) -> Iterator[Row]:
    ledger = enrolled(folder, StandInCentral())
    taken = []
    for _ in range(COMMITS):
        started = time.perf_counter()
        submit(ledger)
        taken.append((time.perf_counter() - started) * 1e3)
    ledger.close()
    yield Row(
        "seal and commit one application (synchronous=FULL), p50", percentile(taken, 0.5), "ms"
    )
    yield Row(
        "seal and commit one application (synchronous=FULL), p95", percentile(taken, 0.95), "ms"
    )


def _loopback(folder: Path) -> Iterator[Row]:
    """1,000 applications to a central in memory over HTTP on this machine."""
    stand_in = StandInCentral()

    def serve(request: Request) -> None:
        road = stand_in.enrol if request.path == "/v1/enrol" else stand_in.exchange
        request.answer(road(request.body))

    with WebServer(serve) as server, HttpCentral(server.url) as central:
        ledger = enrolled(folder, central)
        for _ in range(1000):
            submit(ledger)
        started = time.perf_counter()
        exchanged = sync_once(ledger, central)
        taken_s = time.perf_counter() - started
        ledger.close()
    yield Row("1,000 applications over loopback, acknowledged", taken_s, "s")
    yield Row("1,000 applications over loopback, requests", exchanged.requests, "requests")


def _slow_line(folder: Path, central: RunningCentral) -> Iterator[Row]:
    """A district's backlog over a 2G line, to a real central."""
    service = "la.moha.residence-certificate"
    with HttpCentral(central.base_url) as direct:
        ledger = enrolled(folder / "slow", direct, central.enrolment_code())
        sync_once(ledger, direct)
    for record, dictionary in _records(ledger, service, ON_SLOW_LINE):
        with ledger.transaction():
            ledger.add(_sealed(ledger, service, record, dictionary, evidence=()))
    with SlowLine(central.port, SLOW) as line, HttpCentral(line.url) as slow:
        started = time.perf_counter()
        exchanged = sync_once(ledger, slow)
        taken_s = time.perf_counter() - started
    waiting = ledger.waiting_count()
    ledger.close()
    what = f"{ON_SLOW_LINE} applications, {SLOW.words}"
    yield Row(f"{what}: acknowledged", taken_s, "s", goal=12)
    yield Row(f"{what}: requests", exchanged.requests, "requests", goal=3)
    yield Row(f"{what}: connections", line.connections, "connections", goal=1)
    yield Row(f"{what}: left waiting", waiting, "applications", goal=0)
    yield Row(f"{what}: bytes up", line.up.bytes / ON_SLOW_LINE, "B each")
    yield Row(f"{what}: bytes down", line.down.bytes / ON_SLOW_LINE, "B each")


def _records(
    ledger: Ledger, service: str, count: int
) -> Iterator[tuple[dict[str, Any], bytes | None]]:
    """Applications of a service as the kiosk got it, with its dictionary."""
    (version,) = ledger.service_versions()[service]
    data = ledger.service_bundle(service, version)
    assert data is not None
    opened = bundle.open(data, ledger.keys(KeyPurpose.BUNDLES))
    definition = definition_of(opened.file(bundle.DEFINITION))
    for record in sample_records(definition, count=count, seed=SEED):
        yield record, opened.dictionary


def _submit_meanwhile(folder: Path, central: RunningCentral) -> Iterator[Row]:
    """A citizen hands in while a backlog is being sent by the network's thread."""
    service = "la.moha.residence-certificate"
    with HttpCentral(central.base_url) as direct:
        ledger = enrolled(folder / "busy", direct, central.enrolment_code())
        sync_once(ledger, direct)
        records = list(_records(ledger, service, 50))
        with ledger.transaction():
            for number in range(BACKLOG):
                record, dictionary = records[number % len(records)]
                ledger.add(_sealed(ledger, service, record, dictionary, evidence=()))
        ledger.close()
        ledger = Ledger.open(ledger.path, KIOSK_TABLES)
        desk = Desk(ledger, PrintJobs(ledger, Vault()), DeviceClock(ledger))
        worker = SyncWorker(lambda: Ledger.open(ledger.path, KIOSK_TABLES), direct)
        worker.start()
        taken = []
        while ledger.waiting_count() > BACKLOG / 10:
            entry = Entry.from_record(
                desk.service(service).definition, records[0][0], language="lo"
            )
            started = time.perf_counter()
            desk.submit(entry)
            taken.append((time.perf_counter() - started) * 1e3)
            time.sleep(0.05)
        worker.stop()
    ledger.close()
    what = f"receipt while {BACKLOG:,} applications are being sent"
    yield Row(f"{what}, p50 of {len(taken)}", percentile(taken, 0.5), "ms")
    yield Row(f"{what}, p95 of {len(taken)}", percentile(taken, 0.95), "ms", goal=150)


def _many(folder: Path) -> Iterator[Row]:
    """One ledger with as many applications as a busy kiosk takes in a life."""
    ledger = enrolled(folder, StandInCentral())
    before = _costs(ledger)
    central_key, _key = ledger.sealing_key()
    identity = ledger.enrolled_identity()
    previous = ledger.next_place()
    sequence, chained = previous.sequence, previous.previous
    while sequence < MANY:
        with ledger.transaction():
            for _ in range(1000):
                header = Header(
                    device=identity.device,
                    sequence=sequence,
                    previous=chained,
                    kind=Kind.APPLICATION,
                    id=envelope.application_id(secrets.token_bytes(16)),
                    reference=f"9999-{sequence:06}",
                    service="la.moha.residence-certificate",
                    service_version="1",
                    office=identity.office,
                    recorded=NOW,
                    central_key=central_key,
                ).to_bytes()
                made = Envelope(header, PLAIN, bytes(64))
                ledger.add(made)
                word = Acknowledgement(made.parsed.id, sequence, Outcome.CREATED)
                ledger.acknowledge((word,), NOW.at_ms)
                sequence, chained = sequence + 1, made.chain_hash
    after = _costs(ledger)
    size_mb = ledger.path.stat().st_size / 1e6
    ledger.close()
    for name, cost_ms in after.items():
        yield Row(f"{name}, {MANY:,} applications in the ledger", cost_ms, "ms")
        yield Row(f"{name}, times what it cost with none", cost_ms / before[name], "times", goal=3)
    yield Row(f"the ledger's file with {MANY:,} applications", size_mb, "MB")


def _costs(ledger: Ledger) -> dict[str, float]:
    """What one step costs, at this size of the ledger."""
    submitted = submit(ledger)
    return {
        "submit": _median_us(lambda: submit(ledger), 50) / 1e3,
        "find by reference": _median_us(
            lambda: ledger.find_by_reference(submitted.parsed.reference), 50
        )
        / 1e3,
        "next batch": _median_us(lambda: ledger.next_batch(100, 10**6, 10**6), 20) / 1e3,
        "how it stands": _median_us(lambda: (ledger.exchange_state(), ledger.numbers()), 50) / 1e3,
    }
