"""A line that can be cut: the socket under HTTP, with a deadline for everything together.

HTTP libraries bound each read, not their sum: whoever sends a byte every few seconds, in the
headers already, holds the reader for ever. So the line keeps a second handle on its socket, and a
timer, or another thread, shuts it down.
"""

import socket
import threading
from contextlib import suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection


class Line:
    """The socket in use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None

    def opened(self, used: socket.socket) -> None:
        """A new connection is in use."""
        with self._lock:
            self._forget()
            self._handle = used.dup()

    def cut(self) -> None:
        """End whatever goes on, from any thread."""
        with self._lock:
            if self._handle is not None:
                with suppress(OSError):  # it has ended by itself
                    self._handle.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Give the handle back."""
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None


class LineAdapter(HTTPAdapter):
    """Makes the connections of a `requests` session known to a line."""

    def __init__(self, line: Line) -> None:
        self._line = line
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as inherited
        """Use connections that tell the line of their socket."""
        super().init_poolmanager(*args, **kwargs)
        line = self._line

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                used = super()._new_conn()
                line.opened(used)
                return used

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                used = super()._new_conn()
                line.opened(used)
                return used

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
