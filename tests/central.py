"""A central server as its own process: the real program, its own folder, a free port.

    with running_central(tmp_path) as central:
        code = central.enrolment_code()
        ... central.base_url, central.officers["sample-xaythany"] ...
        central.stop(); central.start()          # the same port, the same data

The sample data is prepared once in a test run and copied; `fresh_keys` makes another server that
shares nothing with the first (an impostor, say).
"""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
STOP_TIMEOUT_S = 60
OFFICE = "la-vte-xaythany"
_LISTENING = "Listening on "


class CentralDidNotStart(Exception):
    """The server ended or said nothing in time; the message holds what it printed."""


class RunningCentral:
    """One server with its data; stopped when the context ends, whatever happens."""

    def __init__(self, data: Path, officers: Mapping[str, str]) -> None:
        self.data = data
        self.officers = officers  # password by user name
        self.port = 0
        self.public_url = ""  # CENTRAL_PUBLIC_URL from the next start on; empty: not set
        self.environment: dict[str, str] = {}  # what else its process is told
        self._process: subprocess.Popen[str] | None = None

    @property
    def base_url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, on the port it had before; returns when it takes connections."""
        told = {"CENTRAL_PUBLIC_URL": self.public_url} if self.public_url else {}
        log = self.log_path.open("a")
        self._process = subprocess.Popen(
            [*_PROGRAM, "serve", "--port", str(self.port)],
            env=_environment(self.data) | told | self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        log.close()
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.startswith(_LISTENING):
            self.kill()
            raise CentralDidNotStart(self.log_path.read_text())
        self.port = int(line.rpartition(":")[2])

    def stop(self) -> None:
        """Ask it to stop, as an operator does, and wait until it has."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.kill()
                raise
            self._forget_process()

    def kill(self) -> None:
        """End it at once, with its workers, as a power cut does."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._forget_process()

    def _forget_process(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process = None

    @property
    def log_path(self) -> Path:
        """What it wrote to its standard error."""
        return self.data / "server.log"

    def run(self, *arguments: str) -> str:
        """Run another command of central on the same data; what it printed."""
        return _run(self.data, *arguments)

    def enrolment_code(self, office: str = OFFICE, kiosk_name: str = "Test kiosk") -> str:
        """A fresh one-time code."""
        words = ("--office", office, "--kiosk-name", kiosk_name)
        return self.run("enrolment-code", *words).splitlines()[0]

    def sign_in(self, username: str = "sample-xaythany") -> requests.Session:
        """A browser's session of a sample officer, by the real sign-in page."""
        session = requests.Session()
        page = f"{self.base_url}/office/sign-in"
        session.get(page, timeout=60).raise_for_status()
        answer = session.post(
            page,
            data={
                "username": username,
                "password": self.officers[username],
                "csrfmiddlewaretoken": session.cookies["csrftoken"],
            },
            timeout=60,
        )
        answer.raise_for_status()
        assert "sessionid" in session.cookies, "The sample officer could not sign in."
        return session


@contextmanager
def running_central(
    folder: Path, *, fresh_keys: bool = False, started: bool = True
) -> Iterator[RunningCentral]:
    """A central with sample data in `folder/central`, running until the context ends."""
    data = folder / "central"
    if fresh_keys:
        officers = _with_sample_data(data)
    else:
        prepared, officers = _prepared()
        shutil.copytree(prepared, data)
    central = RunningCentral(data, officers)
    try:
        if started:
            central.start()
        yield central
    finally:
        central.kill()


_PROGRAM = (sys.executable, "-m", "sync.central")


def _environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CENTRAL_")}
    return kept | {"CENTRAL_DATA": str(data), "PYTHONUNBUFFERED": "1"}


def _run(data: Path, *arguments: str) -> str:
    done = subprocess.run(
        [*_PROGRAM, *arguments],
        env=_environment(data),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,  # six services are published; on a busy machine that takes minutes
    )
    if done.returncode:
        raise AssertionError(f"{' '.join(arguments)} failed: {done.stderr}")
    return done.stdout


def _with_sample_data(data: Path) -> dict[str, str]:
    """Put sample data into a new folder; the officers' passwords."""
    printed = _run(data, "sample-data")
    lines = [line.split() for line in printed.splitlines() if line.startswith("  ")]
    return {words[0]: words[1] for words in lines}


@lru_cache(maxsize=1)
def _prepared() -> tuple[Path, dict[str, str]]:
    """A folder with sample data, made once in a run and removed at its end."""
    folder = Path(tempfile.mkdtemp(prefix="central-sample-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder / "data", _with_sample_data(folder / "data")
