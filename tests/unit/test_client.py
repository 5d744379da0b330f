"""The road to central by HTTP: whatever answers, it is named rightly and never believed."""

import datetime as dt
import socket
import ssl
import threading
from contextlib import closing
from email.utils import format_datetime
from pathlib import Path

import cbor2
import pytest

from sync.client import EVIDENCE_ANSWER_BYTES_MAX, HttpCentral
from sync.errors import (
    BadAddress,
    BadAnswer,
    CentralFault,
    ExchangeError,
    NotCentral,
    Refused,
    TooSlow,
    Unreachable,
)
from sync.exchange import sync_once
from tests.certificates import make_certificate
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import enrolled, submit
from tests.stand_ins.web_server import Behaviour, Request, WebServer


def failure_of(behaviour: Behaviour, **settings: float) -> ExchangeError:
    with (
        WebServer(behaviour) as server,
        HttpCentral(server.url, **settings) as central,  # type: ignore[arg-type]  # seconds
        pytest.raises(ExchangeError) as failure,
    ):
        central.evidence_offset(b"question")
    return failure.value


def serve(central: StandInCentral, request: Request) -> None:
    roads = {
        "/v1/exchange": central.exchange,
        "/v1/evidence/offset": central.evidence_offset,
        "/v1/evidence": central.send_evidence,
        "/v1/enrol": central.enrol,
    }
    request.answer(roads[request.path](request.body))


def test_a_whole_exchange_goes_over_one_connection(tmp_path: Path) -> None:
    stand_in = StandInCentral()
    ports = set()

    def behave(request: Request) -> None:
        ports.add(request.client_address)
        serve(stand_in, request)

    with WebServer(behave) as server, HttpCentral(server.url) as central:
        ledger = enrolled(tmp_path, central)
        made = submit(ledger, evidence=(b"photo" * 50_000,))
        exchanged = sync_once(ledger, central)
        ledger.close()
    assert exchanged.sent == 1
    assert list(stand_in.memory.applications) == [made.parsed.id]
    assert len(next(iter(stand_in.memory.files.values()))) == made.parsed.evidence[0].size
    assert len(ports) == 1


def test_an_answer_is_handed_on_as_it_is() -> None:
    with (
        WebServer(lambda request: request.answer(b"reply")) as server,
        HttpCentral(server.url) as central,
    ):
        assert central.exchange(b"question") == b"reply"
    assert server.requests == [("/v1/exchange", b"question")]


def test_a_login_page_with_200_is_not_central() -> None:
    page = b"<html><title>Wi-Fi log-in</title></html>"
    failure = failure_of(lambda request: request.answer(page, kind="text/html; charset=utf-8"))
    assert isinstance(failure, NotCentral)


def test_a_redirect_is_not_followed() -> None:
    with WebServer(lambda request: request.answer(b"gotcha")) as elsewhere:
        failure = failure_of(
            lambda request: request.answer(b"", status=302, Location=elsewhere.url)
        )
        assert elsewhere.requests == []
    assert isinstance(failure, NotCentral)


@pytest.mark.parametrize("status", [407, 511])
def test_a_network_that_wants_a_login_is_not_central(status: int) -> None:
    failure = failure_of(lambda request: request.answer(b"", status=status))
    assert isinstance(failure, NotCentral)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_a_fault_of_central_says_so_and_when_to_come_back(status: int) -> None:
    failure = failure_of(
        lambda request: request.answer(b"<h1>no</h1>", status=status, Retry_After="17")
    )
    assert isinstance(failure, CentralFault)
    assert failure.retry_after_s == 17


def test_a_time_to_come_back_may_be_a_date_or_nonsense() -> None:
    then = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=100)
    date = format_datetime(then, usegmt=True)
    failure = failure_of(lambda request: request.answer(b"", status=503, Retry_After=date))
    assert failure.retry_after_s is not None
    assert 60 < failure.retry_after_s <= 100
    failure = failure_of(lambda request: request.answer(b"", status=503, Retry_After="soon"))
    assert failure.retry_after_s is None
    never = "Wed, 21 Oct 99999999999999 07:28:00 GMT"
    failure = failure_of(lambda request: request.answer(b"", status=503, Retry_After=never))
    assert failure.retry_after_s is None


def test_a_refusal_carries_the_reason() -> None:
    said = cbor2.dumps({0: "unknown device\x1b[2J"})
    failure = failure_of(lambda request: request.answer(said, status=403))
    assert isinstance(failure, Refused)
    assert failure.reason == "unknown device[2J"
    failure = failure_of(lambda r: r.answer(b"code used", status=409, kind="text/plain"))
    assert isinstance(failure, Refused)
    assert failure.reason == "code used"


def test_a_page_with_404_is_not_central() -> None:
    failure = failure_of(lambda request: request.answer(b"<p>?", status=404, kind="text/html"))
    assert isinstance(failure, NotCentral)


def test_a_truncated_answer_is_not_used() -> None:
    def behave(request: Request) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "application/cbor")
        request.send_header("Content-Length", "1000")
        request.end_headers()
        request.wfile.write(b"half of it")
        request.close_connection = True

    assert isinstance(failure_of(behave), BadAnswer)


def test_a_huge_body_is_not_read_to_its_end() -> None:
    written = []

    def behave(request: Request) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "application/cbor")
        request.end_headers()
        request.close_connection = True
        for _ in range(10_000):
            request.wfile.write(bytes(100_000))
            written.append(100_000)

    assert isinstance(failure_of(behave), BadAnswer)
    assert sum(written) < 1000 * EVIDENCE_ANSWER_BYTES_MAX


def test_a_compressed_body_is_not_unpacked() -> None:
    failure = failure_of(lambda request: request.answer(b"x", Content_Encoding="gzip"))
    assert isinstance(failure, NotCentral)


def drip_body(request: Request) -> None:
    request.send_response(200)
    request.send_header("Content-Type", "application/cbor")
    request.send_header("Content-Length", "100000")
    request.end_headers()
    while not request.server.over.wait(0.02):
        request.wfile.write(b"x")


def drip_body_without_end(request: Request) -> None:
    request.send_response(200)
    request.send_header("Content-Type", "application/cbor")
    request.end_headers()
    request.close_connection = True
    while not request.server.over.wait(0.02):
        request.wfile.write(b"x")


def drip_headers(request: Request) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while not request.server.over.wait(0.02):
        request.wfile.write(b"x")


@pytest.mark.parametrize("drip", [drip_body, drip_body_without_end, drip_headers])
def test_a_slow_drip_ends_at_the_deadline(drip: Behaviour) -> None:
    assert isinstance(failure_of(drip, deadline_s=0.3), TooSlow)


def test_a_silent_server_is_too_slow() -> None:
    def behave(request: Request) -> None:
        request.server.over.wait(60)

    assert isinstance(failure_of(behave, read_s=0.2), TooSlow)


def test_after_a_cut_the_next_request_has_a_new_line() -> None:
    def behave(request: Request) -> None:
        if len(request.server.requests) == 1:
            drip_headers(request)
        request.answer(b"reply")

    with (
        WebServer(behave) as server,
        HttpCentral(server.url, deadline_s=0.3) as central,
    ):
        with pytest.raises(TooSlow):
            central.exchange(b"question")
        assert central._session is not None
        central._session._deadline_s = 60.0  # now the machine may be busy
        assert central.exchange(b"question") == b"reply"


def test_a_closed_port_is_unreachable() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with HttpCentral(f"http://127.0.0.1:{port}") as central, pytest.raises(Unreachable):
            central.exchange(b"question")


def test_a_server_that_hangs_up_is_unreachable() -> None:
    def behave(request: Request) -> None:
        request.close_connection = True

    assert isinstance(failure_of(behave), Unreachable)


def test_another_thread_can_cut_the_request_under_way() -> None:
    started = threading.Event()

    def behave(request: Request) -> None:
        started.set()
        request.server.over.wait(60)

    with WebServer(behave) as server, HttpCentral(server.url) as central:
        failures: list[ExchangeError] = []

        def ask() -> None:
            try:
                central.exchange(b"question")
            except ExchangeError as failure:
                failures.append(failure)

        asking = threading.Thread(target=ask)
        asking.start()
        started.wait(60)
        central.cut()
        asking.join(60)
        assert not asking.is_alive()
        assert isinstance(failures[0], Unreachable)


@pytest.mark.parametrize(
    "address",
    ["", "central.example", "ftp://central.example", "http://central.example", "https://"],
)
def test_an_unprotected_or_odd_address_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        HttpCentral(address)


def test_an_unprotected_address_may_be_allowed_or_be_this_machine() -> None:
    HttpCentral("http://central.example", allow_http=True).close()
    for host in ("localhost:8000", "127.0.0.1:1", "[::1]:8000"):
        HttpCentral(f"http://{host}").close()


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    return make_certificate(tmp_path)


def test_the_authority_in_the_settings_vouches_for_central(
    certificate: tuple[Path, ssl.SSLContext],
) -> None:
    path, context = certificate
    with (
        WebServer(lambda request: request.answer(b"reply"), context) as server,
        HttpCentral(server.url, ca=path) as central,
    ):
        assert central.exchange(b"question") == b"reply"


def test_a_server_with_another_certificate_hears_nothing(
    certificate: tuple[Path, ssl.SSLContext],
) -> None:
    with (
        WebServer(lambda request: request.answer(b"reply"), certificate[1]) as server,
        HttpCentral(server.url) as central,
    ):
        with pytest.raises(NotCentral):
            central.exchange(b"question")
        assert server.requests == []
