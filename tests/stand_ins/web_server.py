"""A real HTTP server on this machine that behaves as badly as a test asks for."""

import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

Behaviour = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One request; the behaviour answers it as it likes."""

    protocol_version = "HTTP/1.1"
    server: "WebServer"

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append((self.path, self.body))
        try:
            self.server.behaviour(self)
        except OSError:
            self.close_connection = True  # the client had enough

    def answer(
        self, body: bytes, *, status: int = 200, kind: str = "application/cbor", **headers: str
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
        """Keep the test's output clean."""


class WebServer(ThreadingHTTPServer):
    """Serves while it is entered."""

    daemon_threads = True
    block_on_close = False

    def __init__(
        self, behaviour: Behaviour, context: ssl.SSLContext | None = None, port: int = 0
    ) -> None:
        super().__init__(("127.0.0.1", port), Request)
        self.behaviour = behaviour
        self.requests: list[tuple[str, bytes]] = []
        self.scheme = "http"
        if context is not None:
            self.scheme = "https"
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.over = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients of these tests hang up: no news."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.shutdown()
        self._thread.join()
        self.server_close()
