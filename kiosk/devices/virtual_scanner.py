"""A barcode scanner that is not there: a pseudo-terminal at which tests and the demo scan."""

import contextlib
import os
import tty
from pathlib import Path


class VirtualScanner:
    """A serial scanner without a beam.

    Args:
        link: a path that always leads to its port, which has another name each time.
    """

    def __init__(self, link: Path | None = None) -> None:
        self._link = link
        self._master = self._slave = -1
        self.plug()

    @property
    def path(self) -> str:
        """The port to listen at."""
        return str(self._link) if self._link else os.ttyname(self._slave)

    def scan(self, text: str, end: bytes = b"\r") -> None:
        """Read a code: its text and a carriage return go down the wire."""
        self.send(text.encode() + end)

    def send(self, data: bytes) -> None:
        """Send any bytes, as a broken scanner might."""
        os.write(self._master, data)

    def plug(self) -> None:
        """Connect it."""
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        if self._link is not None:
            self._link.parent.mkdir(parents=True, exist_ok=True)
            self._link.unlink(missing_ok=True)
            self._link.symlink_to(os.ttyname(self._slave))

    def unplug(self) -> None:
        """Pull the cable."""
        if self._link is not None:
            self._link.unlink(missing_ok=True)
        for end in (self._slave, self._master):
            with contextlib.suppress(OSError):
                os.close(end)
