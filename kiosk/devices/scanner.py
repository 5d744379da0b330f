"""A barcode scanner on a serial port: the last thing that was scanned, in memory only.

A scanned receipt is its holder's key, so a scan touches no disk and no log: it waits in memory for
the screen that asks, is wiped when read, and is dropped when it grows old. Scanners end what they
read with CR, LF or both; bytes are taken as hostile: a line has a longest length and is ASCII.
"""

import os
import select
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import serial

LINE_BYTES_MAX = 1200  # as long as the longest address that a token may have
READ_BYTES = 512
WAIT_S = 0.25
RETRY_S = 1.0
STALE_S = 20.0  # nobody asked for it: it belongs to somebody who has left
STOP_S_MAX = 3.0
ENDS = b"\r\n"


class Scanner:
    """Listens at a serial port, and looks for it again when it is unplugged.

    Args:
        path: the port.
        baud: its speed; USB scanners take any.
    """

    def __init__(self, path: str, baud: int = 9600) -> None:
        self._path = path
        self._baud = baud
        self._lock = threading.Lock()
        self._last: tuple[str, float] | None = None
        self._line = bytearray()
        self._too_long = False
        self._connected = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scanner", daemon=True)

    @property
    def connected(self) -> bool:
        """Whether a scanner is plugged in."""
        return self._connected.is_set()

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and forget."""
        self._stopping.set()
        if self._thread.ident is not None:  # it was started
            self._thread.join(STOP_S_MAX)
        self.poll()

    def poll(self) -> str | None:
        """What was scanned since the last call, if it is fresh; it is forgotten here."""
        with self._lock:
            last, self._last = self._last, None
        if last is None or time.monotonic() - last[1] > STALE_S:
            return None
        return last[0]

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """The file to read from."""
        with serial.Serial(self._path, self._baud, timeout=0, exclusive=True) as port:
            yield port.fileno()

    def _values(self, data: bytes) -> Iterable[int]:
        """The characters in what was read."""
        return data

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._opened() as fd:
                    self._connected.set()
                    self._listen(fd)
            except (serial.SerialException, OSError, ValueError):
                self._stopping.wait(RETRY_S)  # not there, or unplugged: look again
            finally:
                self._connected.clear()
                self._line.clear()
                self._too_long = False

    def _listen(self, fd: int) -> None:
        """Take in lines until the port is gone."""
        while not self._stopping.is_set():
            readable, _, _ = select.select([fd], [], [], WAIT_S)
            if not readable:
                continue
            data = os.read(fd, READ_BYTES)
            if not data:
                raise OSError("hung up")
            for value in self._values(data):
                self._hear(value)

    def _hear(self, value: int) -> None:
        if value not in ENDS:
            self._too_long = self._too_long or len(self._line) >= LINE_BYTES_MAX
            if not self._too_long:
                self._line.append(value)
            return
        line, whole = bytes(self._line), not self._too_long
        self._line.clear()
        self._too_long = False
        if line and whole and line.isascii():
            with self._lock:
                self._last = (line.decode("ascii").strip(), time.monotonic())
