"""One connection to central over HTTP, and what may come back by it.

Nothing on the way is believed: a 200 may be the login page of a network, a 500 the page of a proxy,
an answer may be cut, drip for hours or never end. Each has its error; only bytes that say to be a
CBOR answer, whole and within limits, are handed on, and who called checks their signature.
"""

import errno
import io
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from sync import cbor
from sync.client import CONTENT_TYPE
from sync.errors import (
    BadAnswer,
    BadRecord,
    CentralFault,
    ExchangeError,
    NotCentral,
    Refused,
    TooSlow,
    Unreachable,
)
from sync.line import Line, LineAdapter
from sync.sentence import Sentence

USER_AGENT = "one-door-kiosk/1"
REASON_BYTES_MAX = 2000
_TOO_SLOW = Sentence("The line to central is too slow now.")
_READ_BYTES = 64 * 1024
_OK, _BAD_REQUEST, _FAULT = 200, 400, 500
_PROXY_LOGIN, _TOO_MANY, _NETWORK_LOGIN = 407, 429, 511


class Session:
    """A connection that is kept; of one thread, but `cut` may be called from any.

    Args:
        ca: the certificate of the authority that signed central's; the system's list without.
        timeouts_s: how long a connection may take, and how long central may be silent.
        deadline_s: how long one request may take altogether.
    """

    def __init__(self, ca: Path | None, timeouts_s: tuple[float, float], deadline_s: float) -> None:
        self._timeouts_s = timeouts_s
        self._deadline_s = deadline_s
        self._line = Line()
        self._session = requests.Session()
        self._session.trust_env = False  # no surprises from .netrc or the environment
        self._session.verify = str(ca) if ca else True
        self._session.headers.clear()
        self._session.headers.update(
            {
                "User-Agent": USER_AGENT,
                "Accept": CONTENT_TYPE,
                "Accept-Encoding": "identity",  # what is inside is compressed or random
                "Content-Type": CONTENT_TYPE,
                "Connection": "keep-alive",
            }
        )
        adapter = LineAdapter(self._line)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def post(self, url: str, message: bytes, most_bytes: int) -> bytes:
        """Central's answer to a message, at most so many bytes of it.

        Raises:
            ExchangeError: there was none, or none of central's.
        """
        deadline = _Deadline(self._deadline_s, self._line.cut)
        with (
            deadline,
            _explained(deadline, url),
            self._session.post(
                url,
                data=io.BytesIO(message),  # sent in blocks: each has its own time
                timeout=self._timeouts_s,
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            body = _read(response, most_bytes)
            if deadline.passed:
                raise TooSlow(_TOO_SLOW)
            return _judged(response, body)

    def cut(self) -> None:
        """Give up the request under way."""
        self._line.cut()

    def close(self) -> None:
        """Give the connection back."""
        self._session.close()
        self._line.close()


class _Deadline:
    """Cuts the line when the time is over."""

    def __init__(self, after_s: float, cut: Callable[[], None]) -> None:
        self._timer = threading.Timer(after_s, self._over)
        self._timer.daemon = True
        self._cut = cut
        self.passed = False

    def _over(self) -> None:
        self.passed = True
        self._cut()

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


@contextmanager
def _explained(deadline: _Deadline, url: str) -> Iterator[None]:
    """Say in our words what the libraries below report."""
    try:
        yield
    except ExchangeError:
        raise
    except (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError) as problem:
        raise TooSlow(_TOO_SLOW) from problem
    except (requests.exceptions.SSLError, urllib3.exceptions.SSLError) as problem:
        if deadline.passed:
            raise TooSlow(_TOO_SLOW) from problem
        raise NotCentral(
            Sentence(
                "Who answered cannot prove to be central. Log in to the network, or check the "
                "certificate in the settings."
            )
        ) from problem
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as problem:
        if deadline.passed:
            raise TooSlow(_TOO_SLOW) from problem
        if _cut_short(problem):
            raise BadAnswer(Sentence("Central's answer was cut off.")) from problem
        cause = _cause_of(url, problem)
        raise Unreachable(Sentence("Central cannot be reached now."), cause=cause) from problem


def _cause_of(url: str, problem: BaseException) -> str:
    """Where nobody was reached, and why, as far as the system says."""
    parts = urlsplit(url)
    why = Sentence("the connection broke")
    for cause in _causes(problem):
        if isinstance(cause, socket.gaierror | urllib3.exceptions.NameResolutionError):
            why = Sentence("no name server knows this name: is there a line, is the address right?")
        elif isinstance(cause, ConnectionRefusedError):
            why = Sentence("nothing listens there: is central running, is the address right?")
        elif isinstance(cause, OSError) and cause.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
            why = Sentence("no network leads there: is there a line?")
        else:
            continue
        break
    address = f"{parts.scheme}://{parts.netloc}"
    return Sentence("%(address)s: %(why)s", address=address, why=why)


def _causes(problem: BaseException | None) -> Iterator[object]:
    """A problem and what led to it: the libraries below wrap each other's."""
    seen: set[int] = set()
    while problem is not None and id(problem) not in seen:
        seen.add(id(problem))
        yield problem
        for inner in (*problem.args, getattr(problem, "reason", None)):
            if isinstance(inner, BaseException):
                yield inner
                yield getattr(inner, "reason", None)
        problem = problem.__cause__ or problem.__context__


def _cut_short(problem: BaseException) -> bool:
    causes: list[object] = [problem, *problem.args]
    return any(isinstance(cause, urllib3.exceptions.IncompleteRead) for cause in causes)


def _read(response: requests.Response, most_bytes: int) -> bytes:
    """The body, at most so much of it: more is refused before it is in memory."""
    body = bytearray()
    while len(body) <= most_bytes:
        piece = response.raw.read(_READ_BYTES, decode_content=False)
        if not piece:
            return bytes(body)
        body += piece
    raise BadAnswer(Sentence("Central's answer is longer than any answer may be."))


def _judged(response: requests.Response, body: bytes) -> bytes:
    """The answer of central, or why it is none."""
    status = response.status_code
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    encoded = response.headers.get("Content-Encoding", "identity").lower() != "identity"
    if status == _OK:
        if kind != CONTENT_TYPE or encoded:
            raise NotCentral(
                Sentence("Something else than central answered. This network may want a log-in.")
            )
        return body
    retry_after_s = _retry_after_s(response.headers.get("Retry-After", ""))
    if status in (_PROXY_LOGIN, _NETWORK_LOGIN) or status < _BAD_REQUEST:
        raise NotCentral(Sentence("This network sends elsewhere. It may want a log-in."))
    if status >= _FAULT or status == _TOO_MANY:
        raise CentralFault(
            Sentence("Central cannot work now (HTTP %(status)s).", status=status),
            retry_after_s=retry_after_s,
        )
    if kind == "text/html":
        raise NotCentral(
            Sentence("A page answered instead of central (HTTP %(status)s).", status=status)
        )
    reason = _reason(kind, body)
    raise Refused(
        Sentence("Central refused: %(reason)s", reason=reason),
        reason=reason,
        retry_after_s=retry_after_s,
    )


def _reason(kind: str, body: bytes) -> str:
    """Central's short reason, as printable text."""
    text = body[:REASON_BYTES_MAX].decode("utf-8", "replace")
    if kind == CONTENT_TYPE:
        try:
            said = cbor.decode(body, REASON_BYTES_MAX)
        except BadRecord:
            said = None
        reason = said.get(0) if isinstance(said, dict) else None
        text = reason if isinstance(reason, str) else ""
    return "".join(sign for sign in text if sign.isprintable())[:200] or "no reason given"


def _retry_after_s(value: str) -> float | None:
    """Seconds that central asks for, said as a number or as a date."""
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if until.tzinfo is None:
        return None
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
