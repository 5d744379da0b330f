"""Central by HTTPS: the only road that waits for the network.

An address is checked at once; the libraries that call it are loaded with the first call, in the
thread that waits for it (see `session`): they take a tenth of a second, and the glass comes first.
"""

import ipaddress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from sync.enrolment import ENROLMENT_BYTES_MAX
from sync.errors import BadAddress, NotCentral
from sync.protocol import ANSWER_BYTES_MAX
from sync.sentence import Sentence

if TYPE_CHECKING:
    from sync.session import Session

CONTENT_TYPE = "application/cbor"
EVIDENCE_ANSWER_BYTES_MAX = 4096


class HttpCentral:
    """`Central` over HTTPS, of one thread; `cut` may be called from any.

    Args:
        base_url: where central is, such as "https://one-door.example.la".
        ca: the certificate of the authority that signed central's; the system's list without.
        allow_http: whether an unprotected address is allowed that is not this machine.
        connect_s: how long a connection may take.
        read_s: how long central may be silent.
        deadline_s: how long one request may take altogether.
    """

    def __init__(
        self,
        base_url: str,
        *,
        ca: Path | None = None,
        allow_http: bool = False,
        connect_s: float = 10.0,
        read_s: float = 30.0,
        deadline_s: float = 120.0,
    ) -> None:
        self._base_url = _checked_address(base_url, allow_http=allow_http)
        self._timeouts_s = (connect_s, read_s)
        self._deadline_s = deadline_s
        self._ca = ca
        self._session: Session | None = None

    def exchange(self, batch: bytes) -> bytes:
        """Hand over a batch for central's answer."""
        return self._post("/v1/exchange", batch, ANSWER_BYTES_MAX)

    def evidence_offset(self, request: bytes) -> bytes:
        """Ask how much of a file central has."""
        return self._post("/v1/evidence/offset", request, EVIDENCE_ANSWER_BYTES_MAX)

    def send_evidence(self, piece: bytes) -> bytes:
        """Hand over a piece of a file."""
        return self._post("/v1/evidence", piece, EVIDENCE_ANSWER_BYTES_MAX)

    def enrol(self, request: bytes) -> bytes:
        """Ask to become known."""
        return self._post("/v1/enrol", request, ENROLMENT_BYTES_MAX)

    def cut(self) -> None:
        """Give up the request under way."""
        if self._session is not None:
            self._session.cut()

    def close(self) -> None:
        """Give the connection back."""
        if self._session is not None:
            self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _post(self, path: str, message: bytes, most_bytes: int) -> bytes:
        if self._ca is not None and not self._ca.is_file():
            raise NotCentral(
                Sentence(
                    "The certificate %(file)s that tells central from others is gone. "
                    "Put it back, or name another in the settings.",
                    file=self._ca,
                )
            )
        if self._session is None:
            from sync.session import Session  # noqa: PLC0415 - see above

            self._session = Session(self._ca, self._timeouts_s, self._deadline_s)
        return self._session.post(self._base_url + path, message, most_bytes)


def _checked_address(base_url: str, *, allow_http: bool) -> str:
    parts = urlsplit(base_url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise BadAddress(
            Sentence(
                "%(url)s is not central's address. Write https://and-a-name.", url=repr(base_url)
            )
        )
    if parts.scheme == "http" and not (allow_http or _is_this_machine(parts.hostname)):
        raise BadAddress(
            Sentence(
                "%(url)s is not protected. Write https:// instead of http://.", url=repr(base_url)
            )
        )
    return base_url.rstrip("/")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
