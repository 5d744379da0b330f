"""A kiosk with a line passes on what its neighbour without one sends: over real sockets."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from kiosk import app
from kiosk.config import ConfigError, KioskConfig
from sync.budget import Budget
from sync.client import HttpCentral
from sync.clock import DeviceClock
from sync.errors import CentralFault, Refused, Unreachable
from sync.exchange import sync_once
from sync.ledger import Ledger
from sync.relay import BY_RELAY_S, OwnOrRelay, Relay
from sync.thrift import Thrift
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import enrolled, submit
from tests.stand_ins.web_server import Request, WebServer

NOWHERE = "http://127.0.0.1:9"  # the port of `discard`: nothing listens


@pytest.fixture
def central() -> StandInCentral:
    return StandInCentral()


@pytest.fixture
def ledger(tmp_path: Path, central: StandInCentral) -> Iterator[Ledger]:
    opened = enrolled(tmp_path, central)
    yield opened
    opened.close()


@pytest.fixture
def server(central: StandInCentral) -> Iterator[WebServer]:
    roads: dict[str, Callable[[bytes], bytes]] = {
        "/v1/exchange": central.exchange,
        "/v1/evidence": central.send_evidence,
        "/v1/evidence/offset": central.evidence_offset,
    }

    def behave(request: Request) -> None:
        try:
            request.answer(roads[request.path](request.body))
        except Refused as problem:
            request.answer(problem.reason.encode(), status=401, kind="text/plain")

    with WebServer(behave) as serving:
        yield serving


@pytest.fixture
def relay(server: WebServer) -> Iterator[Relay]:
    with HttpCentral(server.url) as line, Relay(line, 0, "127.0.0.1") as listening:
        yield listening


@pytest.fixture
def neighbour(relay: Relay) -> Iterator[HttpCentral]:
    with HttpCentral(f"http://127.0.0.1:{relay.port}") as road:
        yield road


def test_a_kiosk_without_a_line_exchanges_over_its_neighbours(
    ledger: Ledger, central: StandInCentral, server: WebServer, neighbour: HttpCentral
) -> None:
    made = submit(ledger, answers={"name": "CANARY"}, evidence=(bytes(200_000),))
    with HttpCentral(NOWHERE) as own:
        exchanged = sync_once(ledger, OwnOrRelay(own, neighbour))
    assert exchanged.sent == 1
    assert list(central.memory.applications.values()) == [made]
    assert ledger.evidence_waiting() == ()
    assert not any(b"CANARY" in body for _path, body in server.requests)


def test_the_own_line_is_asked_first_and_again_after_a_while(
    ledger: Ledger, server: WebServer, neighbour: HttpCentral
) -> None:
    now_s = 0.0
    with HttpCentral(server.url) as own:
        roads = OwnOrRelay(own, neighbour, lambda: now_s)
        asked: list[str] = []
        for road, name in ((own, "own"), (neighbour, "relay")):
            setattr(road, "exchange", _watched(road.exchange, asked, name))  # noqa: B010 - looks over its shoulder
        sync_once(ledger, roads)
        good, own._base_url = own._base_url, NOWHERE
        sync_once(ledger, roads)
        own._base_url = good
        sync_once(ledger, roads)
        now_s = BY_RELAY_S + 1
        sync_once(ledger, roads)
    assert asked == ["own", "own", "relay", "relay", "own"]


def _watched(
    road: Callable[[bytes], bytes], asked: list[str], name: str
) -> Callable[[bytes], bytes]:
    def watch(message: bytes) -> bytes:
        asked.append(name)
        return road(message)

    return watch


def test_a_neighbours_documents_wait_when_the_relays_budget_is_spent(
    ledger: Ledger, central: StandInCentral, server: WebServer, tmp_path: Path
) -> None:
    made = submit(ledger, evidence=(bytes(20_000), bytes(50_000)))
    own_path = tmp_path / "relay" / "ledger.sqlite3"
    own_path.parent.mkdir()
    budget = Budget(day_bytes=40_000)
    with HttpCentral(server.url) as line, closing(Ledger.open(own_path)) as own:
        thrift = Thrift(line, lambda: Ledger.open(own_path), budget)
        with (
            Relay(thrift, 0, "127.0.0.1") as relay,
            HttpCentral(f"http://127.0.0.1:{relay.port}") as neighbour,
        ):
            exchanged = sync_once(ledger, neighbour)
            assert (exchanged.sent, exchanged.is_over_budget) == (1, True)
            assert list(central.memory.applications.values()) == [made]
            (waiting,) = ledger.evidence_waiting()
            assert waiting.size > 50_000
            spent = own.spent(DeviceClock(own).now())[0]
            assert 20_000 < spent < 40_000
            assert ledger.spent(DeviceClock(ledger).now())[0] == spent  # what was refused is free
    assert sync_once(ledger, central).evidence_bytes > 0
    assert ledger.evidence_waiting() == ()


def test_without_any_line_it_says_when_to_come_back(ledger: Ledger) -> None:
    with (
        HttpCentral(NOWHERE) as line,
        Relay(line, 0, "127.0.0.1") as relay,
        HttpCentral(f"http://127.0.0.1:{relay.port}") as neighbour,
        HttpCentral(NOWHERE) as own,
        pytest.raises(CentralFault) as away,
    ):
        sync_once(ledger, OwnOrRelay(own, neighbour))
    assert away.value.retry_after_s == 30


def test_without_own_line_and_neighbour_it_is_unreachable(ledger: Ledger) -> None:
    with HttpCentral(NOWHERE) as own, HttpCentral(NOWHERE) as neighbour, pytest.raises(Unreachable):
        sync_once(ledger, OwnOrRelay(own, neighbour))


def test_centrals_no_is_passed_on_with_its_reason(
    ledger: Ledger, central: StandInCentral, neighbour: HttpCentral
) -> None:
    central.memory.devices.clear()
    with pytest.raises(Refused) as refusal:
        sync_once(ledger, neighbour)
    assert refusal.value.reason == "unknown device"


@pytest.mark.parametrize(
    ("path", "length"), [("/v1/enrol", "5"), ("/office/", "5"), ("/v1/evidence", str(2 * 2**20))]
)
def test_nothing_else_goes_this_way(
    relay: Relay, server: WebServer, path: str, length: str
) -> None:
    neighbour = HTTPConnection("127.0.0.1", relay.port, timeout=60)
    neighbour.putrequest("POST", path)
    neighbour.putheader("Content-Length", length)
    neighbour.endheaders()
    assert neighbour.getresponse().status == 404
    neighbour.close()
    assert server.requests == []


def test_the_settings_make_a_kiosk_pass_on_and_another_ask_it(
    ledger: Ledger, server: WebServer, tmp_path: Path
) -> None:
    submit(ledger)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with ExitStack() as stack:
        app._relay(KioskConfig(tmp_path, central_url=server.url, relay_port=port), stack)
        distant = KioskConfig(tmp_path, NOWHERE, relay_url=f"http://127.0.0.1:{port}")
        with app.central_of(distant) as road:
            assert sync_once(ledger, road).sent == 1
        with pytest.raises(ConfigError, match="relay_port"):
            app._relay(KioskConfig(tmp_path, central_url=server.url, relay_port=port), stack)
