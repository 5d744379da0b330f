"""Central as a running server: gunicorn with threads, on a socket that we open ourselves.

Opening the socket first lets `--port 0` work and lets the line `Listening on http://...` say an
address that already takes connections. One process by default: SQLite has one writer anyway.
"""

import os
import socket
from pathlib import Path
from typing import Any

from django.db import connections
from gunicorn.app.base import BaseApplication

BACKLOG = 512
KEEP_ALIVE_S = 75  # longer than a kiosk pauses between two slices on a slow line
STOP_TIMEOUT_S = 2  # a cut request is simply sent again
REQUEST_TIMEOUT_S = 120  # a worker that is silent for so long is replaced
MEMORY = Path("/dev/shm")  # noqa: S108 - heartbeats go to memory: no disk may delay them


class _Central(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn, told what to run and where."""

    def __init__(self, door: socket.socket, workers: int, threads: int) -> None:
        self._address = address(door)
        self._door = door.detach()  # gunicorn takes the descriptor over and closes it
        self._workers = workers
        self._threads = threads
        super().__init__()

    def load_config(self) -> None:
        """What differs from gunicorn's defaults."""
        settings = {
            "bind": f"fd://{self._door}",
            "workers": self._workers,
            "threads": self._threads,
            "worker_class": "gthread",
            "preload_app": True,
            "keepalive": KEEP_ALIVE_S,
            "timeout": REQUEST_TIMEOUT_S,
            "graceful_timeout": STOP_TIMEOUT_S,
            "control_socket_disable": True,  # nothing to leave behind
            "worker_tmp_dir": str(MEMORY) if MEMORY.is_dir() else None,
            "loglevel": "warning",
            "when_ready": self._say_ready,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - whatever WSGI calls an application
        """The application; each worker opens its own connections after the fork."""
        from sync.central.wsgi import application  # noqa: PLC0415 - this reads the settings

        connections.close_all()
        return application

    def _say_ready(self, _arbiter: object) -> None:
        print(f"Listening on {self._address}", flush=True)


def open_door(host: str, port: int) -> socket.socket:
    """A listening socket; without another word its address is the public one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.create_server((host, port), family=family, backlog=BACKLOG)
    os.environ.setdefault("CENTRAL_PUBLIC_URL", address(door))
    return door


def address(door: socket.socket) -> str:
    """Where a browser finds that socket."""
    host, port = door.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(door: socket.socket, workers: int, threads: int) -> None:
    """Answer until stopped."""
    _Central(door, workers, threads).run()
