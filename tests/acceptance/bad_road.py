"""The road between kiosks and central, which a test can spoil while they drive on it.

It listens where kiosks believe central to be and hands on what it hears, or loses it, doubles it,
cuts it, keeps it waiting, or answers itself as a hotel's network does. What central heard is kept,
so that a request can come again long afterwards.

    with BadRoad(central.base_url) as road:
        machine.provision(road.url, central.enrolment_code())
        road.way = Way.LOSES_REPLIES
        road.next_ways += [Way.DOUBLES, Way.OPEN]     # for single requests, before `way`
"""

import http.client
import socket
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

from tests.papers import until
from tests.stand_ins.web_server import Request, WebServer

CENTRAL_S_MAX = 60.0
LOGIN_PAGE = "<!doctype html><title>Guest network</title><form>Room <input name=room></form>"
SLOW_S = 0.3


class Way(StrEnum):
    """What happens to a request."""

    OPEN = "open"
    LOSES_REQUESTS = "loses requests"  # hung up before central hears anything
    LOSES_REPLIES = "loses replies"  # central hears, the kiosk does not
    CUTS_REPLIES = "cuts replies"  # half of the answer, then hung up
    GARBLES_REPLIES = "garbles replies"  # one bit is another
    DOUBLES = "doubles"  # central hears everything twice
    IS_SLOW = "is slow"  # but gets there
    IS_SILENT = "is silent"  # takes the request and says nothing more
    FAILS = "fails"  # 500, as a broken server's
    SHOWS_LOGIN = "shows a log-in page"  # 200 and HTML, as a guest network does


class HungUp(OSError):
    """The connection is ended without another word."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A request that central has heard."""

    path: str
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What central said to it."""

    status: int
    content_type: str
    body: bytes


class BadRoad:
    """A proxy that is as good or bad as it is told to be, while it is entered."""

    def __init__(self, central_url: str) -> None:
        self.way = Way.OPEN
        self.next_ways: deque[Way] = deque()
        self.heard: list[Heard] = []
        self._address = urlsplit(central_url).netloc
        self._server: WebServer | None = None
        self._port = 0
        self._connections: set[socket.socket] = set()

    @property
    def url(self) -> str:
        """Where kiosks believe central to be."""
        return f"http://127.0.0.1:{self._port}"

    def wash_out(self) -> None:
        """Nobody listens any more: connections end, and new ones are refused."""
        if self._server is not None:
            self._server.__exit__()
            self._server = None
        for connection in self._connections:
            with suppress(OSError):  # it has ended by itself
                connection.shutdown(socket.SHUT_RDWR)
        self._connections.clear()

    def mend(self) -> None:
        """It is open again, at the same place, and does what `way` says."""
        if self._server is None:
            self._server = WebServer(self._treat, port=self._port).__enter__()
            self._port = self._server.server_port

    def __enter__(self) -> Self:
        self.mend()
        return self

    def __exit__(self, *_: object) -> None:
        self.wash_out()

    def brings_again(self, heard: Heard) -> Reply:
        """An old request comes to central once more."""
        connection = http.client.HTTPConnection(self._address, timeout=CENTRAL_S_MAX)
        try:
            headers = {"Content-Type": heard.content_type}
            connection.request("POST", heard.path, heard.body, headers)
            answer = connection.getresponse()
            return Reply(answer.status, answer.headers.get("Content-Type", ""), answer.read())
        finally:
            connection.close()

    def hears(self, count: int) -> bool:
        """Whether so many requests have gone by, now or soon."""
        return until(lambda: len(self.heard) >= count, CENTRAL_S_MAX)

    def _hands_on(self, request: Request) -> Reply:
        kind = request.headers.get("Content-Type", "")
        self.heard.append(Heard(request.path, request.body, kind))
        return self.brings_again(self.heard[-1])

    def _way_of_the_next(self) -> Way:
        if self._server is None:  # it was on its way when the road was washed out
            return Way.LOSES_REQUESTS
        return self.next_ways.popleft() if self.next_ways else self.way

    def _treat(self, request: Request) -> None:
        self._connections.add(request.connection)
        match self._way_of_the_next():
            case Way.LOSES_REQUESTS:
                _hang_up(request)
            case Way.LOSES_REPLIES:
                self._hands_on(request)
                _hang_up(request)
            case Way.IS_SILENT:
                _say_nothing(request)
            case Way.FAILS:
                request.answer(b"<h1>Internal Server Error</h1>", status=500, kind="text/html")
            case Way.SHOWS_LOGIN:
                request.answer(LOGIN_PAGE.encode(), kind="text/html; charset=utf-8")
            case Way.DOUBLES:
                self._hands_on(request)
                _answer(request, self._hands_on(request))
            case Way.IS_SLOW:
                time.sleep(SLOW_S)
                _answer(request, self._hands_on(request))
                time.sleep(SLOW_S)
            case Way.CUTS_REPLIES:
                reply = self._hands_on(request)
                _answer(request, reply, cut_after=len(reply.body) // 2)
            case Way.GARBLES_REPLIES:
                reply = self._hands_on(request)
                garbled = bytearray(reply.body)
                garbled[-1] ^= 1
                _answer(request, Reply(reply.status, reply.content_type, bytes(garbled)))
            case _:
                _answer(request, self._hands_on(request))


def _answer(request: Request, reply: Reply, cut_after: int | None = None) -> None:
    request.send_response(reply.status)
    request.send_header("Content-Type", reply.content_type)
    request.send_header("Content-Length", str(len(reply.body)))
    request.end_headers()
    request.wfile.write(reply.body[:cut_after])
    if cut_after is not None:
        _hang_up(request)


def _hang_up(request: Request) -> None:
    request.wfile.flush()
    request.connection.shutdown(socket.SHUT_RDWR)
    raise HungUp


def _say_nothing(request: Request) -> None:
    """Until the kiosk has had enough."""
    request.connection.settimeout(0.05)
    while not request.server.over.is_set():
        with suppress(TimeoutError):
            if not request.connection.recv(1, socket.MSG_PEEK):
                raise HungUp
