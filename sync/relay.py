"""From kiosk to kiosk: one that has a line passes on what another one without sends over the LAN.

    kiosk without a line ── LAN ── kiosk with a line ── HTTPS ── central

The messages are signed and sealed as ever: whoever passes them on can neither read nor alter them,
and central's answers are signed to the device that asked. Enrolment does not go this way, because
it is where a device learns central's keys. One request at a time, of bounded size: this kiosk's own
line comes first.
"""

import logging
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from sync.client import CONTENT_TYPE, HttpCentral
from sync.errors import BadAnswer, CentralFault, ExchangeError, Refused, TooSlow, Unreachable
from sync.protocol import BATCH_BYTES_MAX, PIECE_BYTES_MAX, Central
from sync.sentence import Sentence

log = logging.getLogger(__name__)

BY_RELAY_S = 600.0  # so long the relay is asked first, then the own line is tried again
RETRY_AFTER_S = 30  # when the line of the relay is away, too
_QUEUE_S_MAX = 60.0  # how long a neighbour waits for its turn
_SILENCE_S_MAX = 30.0
_FRAME_BYTES = 256
_SMALL_BYTES_MAX = 4096


class Relay:
    """Listens on the LAN and passes on to central.

    Args:
        central: a road of its own, used by one request at a time.
        port: where to listen; 0 takes a free one.
        host: on which of the machine's addresses.
    """

    def __init__(self, central: Central, port: int, host: str = "") -> None:
        self._central = central
        self._turn = threading.Lock()
        self._server = _Server((host, port), self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.2,), name="relay", daemon=True
        )

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; what is under way is asked for again by the neighbour."""
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def find_road(self, path: str) -> tuple[Callable[[bytes], bytes], int] | None:
        """What central is asked at that address, and how long a message may be."""
        return {
            "/v1/exchange": (self._central.exchange, BATCH_BYTES_MAX + _FRAME_BYTES),
            "/v1/evidence": (self._central.send_evidence, PIECE_BYTES_MAX + _FRAME_BYTES),
            "/v1/evidence/offset": (self._central.evidence_offset, _SMALL_BYTES_MAX),
        }.get(path)

    def pass_on(self, road: Callable[[bytes], bytes], message: bytes) -> bytes:
        """Central's reply, when it is this message's turn.

        Raises:
            ExchangeError: there is none now.
        """
        if not self._turn.acquire(timeout=_QUEUE_S_MAX):
            raise CentralFault(Sentence("Others are before you."), retry_after_s=RETRY_AFTER_S)
        try:
            return road(message)
        finally:
            self._turn.release()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], relay: Relay) -> None:
        super().__init__(address, _Handler)
        self.relay = relay

    def handle_error(self, request: object, client_address: object) -> None:
        """A neighbour hung up: no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _SILENCE_S_MAX
    server: _Server

    def do_POST(self) -> None:
        """One message of a neighbour."""
        found = self.server.relay.find_road(self.path)
        length = self.headers.get("Content-Length", "")
        if found is None or not length.isdecimal() or int(length) > found[1]:
            self._answer(HTTPStatus.NOT_FOUND, b"not passed on", "text/plain")
            self.close_connection = True
            return
        road, _most = found
        message = self.rfile.read(int(length))
        try:
            reply = self.server.relay.pass_on(road, message)
        except Refused as problem:
            self._answer(HTTPStatus.FORBIDDEN, problem.reason.encode(), "text/plain")
        except ExchangeError as problem:
            wait_s = int(problem.retry_after_s or RETRY_AFTER_S)
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, b"no line", "text/plain", str(wait_s))
        else:
            self._answer(HTTPStatus.OK, reply, CONTENT_TYPE)

    def _answer(
        self, status: HTTPStatus, body: bytes, kind: str, retry_after: str | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if retry_after is not None:
            self.send_header("Retry-After", retry_after)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
        """Addresses and paths are nobody's business."""


class OwnOrRelay:
    """`Central` by the own line, or by a neighbour while there is none.

    Args:
        own: the road that the settings name.
        relay: the neighbour's.
        steady_s: a clock that only goes forward.
    """

    def __init__(
        self,
        own: HttpCentral,
        relay: HttpCentral,
        steady_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._own = own
        self._relay = relay
        self._steady_s = steady_s
        self._own_again_s = 0.0

    def exchange(self, batch: bytes) -> bytes:
        """Hand over a batch for central's answer."""
        return self._by_either(self._own.exchange, self._relay.exchange, batch)

    def evidence_offset(self, request: bytes) -> bytes:
        """Ask how much of a file central has."""
        return self._by_either(self._own.evidence_offset, self._relay.evidence_offset, request)

    def send_evidence(self, piece: bytes) -> bytes:
        """Hand over a piece of a file."""
        return self._by_either(self._own.send_evidence, self._relay.send_evidence, piece)

    def enrol(self, request: bytes) -> bytes:
        """Ask to become known: by the own line only."""
        return self._own.enrol(request)

    def cut(self) -> None:
        """Give up the request under way."""
        self._own.cut()
        self._relay.cut()

    def close(self) -> None:
        """Give the connections back."""
        self._own.close()
        self._relay.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _by_either(
        self,
        own: Callable[[bytes], bytes],
        relay: Callable[[bytes], bytes],
        message: bytes,
    ) -> bytes:
        if self._steady_s() < self._own_again_s:
            try:
                return relay(message)
            except (Unreachable, BadAnswer, CentralFault):
                self._own_again_s = 0.0  # the own line may be back
        try:
            return own(message)
        except TooSlow:
            raise
        except Unreachable:
            reply = relay(message)
            self._own_again_s = self._steady_s() + BY_RELAY_S
            return reply
