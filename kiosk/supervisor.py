"""What started this program, where that is systemd: told when it serves, and that it still does.

A window that hangs tells nothing more, and systemd starts the kiosk again (`WatchdogSec` in
`assets/systemd/kiosk.service`). Where nobody supervises, nothing is told.
"""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress

VARIABLE = "NOTIFY_SOCKET"  # sd_notify(3)
READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"


class Supervisor:
    """The socket that systemd listens at.

    Args:
        environment: where it is named; it is taken out, so that no program we start speaks for us.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        given = os.environ.pop(VARIABLE, "") if environment is None else environment.get(VARIABLE)
        address = given or ""
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) if address else None

    def tell(self, word: str) -> None:
        """Say a word; who does not listen any more is no trouble of ours."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.sendto(word.encode(), socket.MSG_DONTWAIT, self._address)

    def close(self) -> None:
        """Say that it ends."""
        self.tell(STOPPING)
        if self._socket is not None:
            self._socket.close()
            self._socket = None
