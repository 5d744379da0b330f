"""What an application costs: bytes on the wire, sealing, the durable commit, one exchange.

The applications are made-up ones of the sample services, by another seed than the one that trained
their dictionaries but by the same generator: real answers vary more and compress less. Each header
carries the note of one document; the document itself is not counted. Bytes are those of the signed
batch with its HTTP request line and headers, without TLS. No goal is held against them: the known
goal of 330 B is for answers of about 2 kB as JSON, and these are less than a third of that.
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

from kiosk.forms import bundle
from kiosk.forms.definition import Definition
from kiosk.forms.publish import publish
from kiosk.forms.samples import sample_records
from kiosk.resources import assets
from sync import envelope
from sync.client import HttpCentral
from sync.exchange import sync_once
from sync.ledger import Ledger
from sync.records import Envelope, EvidenceNote, Header, Kind
from tests.bench.row import Row, percentile
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import NOW, enrolled, submit
from tests.stand_ins.web_server import Request, WebServer

BATCH = 100
SEED = 7  # not the one that trains dictionaries
SERVICES = ("residence-certificate", "household-business")
COMMITS = 200


def rows() -> Iterator[Row]:
    """The table's lines."""
    for service in SERVICES:
        yield from _on_the_wire(service)
    with tempfile.TemporaryDirectory() as folder:
        yield from _commit(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        yield from _loopback(Path(folder))


def _published(service: str) -> tuple[bytes | None, list[dict[str, Any]]]:
    """A sample service's dictionary, and applications that it was not trained on."""
    key = SigningKey.generate()
    folder = assets() / "services" / service
    data = publish(folder, "1", signing_key=key)
    opened = bundle.open(data, {bundle.key_id(bytes(key.verify_key)): bytes(key.verify_key)})
    definition = Definition.from_json(opened.file(bundle.DEFINITION))
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
    ledger: Ledger, service: str, record: dict[str, Any], dictionary: bytes | None
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
        service=f"la.sample.{service}",
        service_version="1",
        office=identity.office,
        recorded=NOW,
        central_key=key_id,
        evidence=(EvidenceNote(secrets.token_bytes(32), 150_000),),
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
