"""A kiosk machine as a test holds it: provisioned by the real command line, started, killed.

machine = KioskMachine(tmp_path / "kiosk")
machine.provision(central.base_url, central.enrolment_code())
machine.start()
promise = machine.submit()
machine.kill()                       # SIGKILL: whatever it was doing
machine.start()
machine.settles(lambda state: state.waiting_count == 0)
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kiosk.config import FILE_NAME
from kiosk.printing.jobs import JobState, PrintJobs
from kiosk.printing.tables import MIGRATIONS as KIOSK_TABLES
from kiosk.printing.vault import Vault
from sync.facts import ExchangeState
from sync.ledger import Ledger
from tests.central import ROOT

ANSWER_S_MAX = 60.0  # on a busy machine; nothing is measured by it
READ_BYTES = 65536


class KioskFell(AssertionError):
    """The kiosk ended where it should not; the message holds its log."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What a person took home."""

    reference: str
    application: str
    job: int
    due: str  # empty: no day was promised


@dataclass(frozen=True, slots=True)
class Done:
    """A command of the command line, ended."""

    code: int
    out: str
    err: str


class Nursery:
    """The process that kiosks are forked from; one in a test run, with this test's environment.

    Args:
        environment: what else stands in its environment.
    """

    def __init__(self, environment: Mapping[str, str] = MappingProxyType({})) -> None:
        self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        number = theirs.fileno()
        module = (sys.executable, "-m", "tests.acceptance.kiosk_program", str(number))
        all_of_it = os.environ | environment
        self._process = subprocess.Popen(module, cwd=ROOT, pass_fds=[number], env=all_of_it)
        theirs.close()

    def start(self, arguments: list[str], machine: dict[str, Any], pipes: list[int]) -> int:
        """A new child; its process id."""
        request = json.dumps({"start": arguments, "machine": machine}).encode()
        socket.send_fds(self._door, [request], pipes)
        return int(self._door.recv(100))

    def wait(self, pid: int) -> int:
        """How a child ended."""
        self._door.send(json.dumps({"wait": pid}).encode())
        return int(self._door.recv(100))

    def close(self) -> None:
        """No more children."""
        self._door.close()
        self._process.wait()


@lru_cache(maxsize=1)
def nursery() -> Nursery:
    """The nursery of this test run."""
    made = Nursery()
    atexit.register(made.close)
    return made


class KioskMachine:
    """One machine with its folder; at most one kiosk process runs on it.

    Args:
        folder: where `kiosk.toml` and the data lie.
        from_nursery: whose children its processes are; those of the test run where not given.
    """

    def __init__(self, folder: Path, from_nursery: Nursery | None = None) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.log_path = folder.parent / f"{folder.name}.log"
        self.promised: list[Promise] = []
        self.refused: list[str] = []  # sentences, in the order they were said
        self._nursery = from_nursery or nursery()
        self._pid = 0
        self._ask = self._tell = -1
        self._unread = b""

    # --- the technician ---------------------------------------------------------------------------

    def command(self, *words: str, **machine: Any) -> Done:
        """Type a command of the kiosk in its folder."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            nothing = os.open(os.devnull, os.O_RDONLY)
            arguments = ["--folder", str(self.folder), *words]
            pid = self._nursery.start(arguments, machine, [nothing, out.fileno(), err.fileno()])
            os.close(nothing)
            code = self._nursery.wait(pid)
            out.seek(0)
            err.seek(0)
            return Done(code, out.read().decode(), err.read().decode())

    def provision(self, central_url: str, code: str, **settings: str) -> None:
        """Make the machine a kiosk."""
        words = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
        done = self.command("provision", "--central", central_url, "--code", code, *words)
        assert done.code == 0, done.err
        self.set(exchange_every_s=1, disk_reserve_percent=0)  # however full the test machine is

    def set(self, **settings: object) -> None:
        """Write settings into `kiosk.toml`, as with an editor."""
        path = self.folder / FILE_NAME
        kept = [
            line
            for line in path.read_text("utf-8").splitlines()
            if line.partition(" ")[0] not in settings
        ]
        written = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
        path.write_text("\n".join([*kept, *written]) + "\n", "utf-8")

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """Its real ledger, opened beside it."""
        opened = Ledger.open(self.data / "ledger.sqlite3", KIOSK_TABLES)
        try:
            yield opened
        finally:
            opened.close()

    def exchange_state(self) -> ExchangeState:
        """How it stands with central, as its ledger says."""
        with self.ledger() as ledger:
            return ledger.exchange_state()

    # --- power ------------------------------------------------------------------------------------

    def start(self, *, until_ready: bool = True, **machine: Any) -> None:
        """Switch it on; what is odd about the machine stands in `kiosk_program.Machine`."""
        assert not self._pid, "It runs already."
        stdin, self._ask = os.pipe()
        self._tell, stdout = os.pipe()
        log = os.open(self.log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        pipes = [stdin, stdout, log]
        self._pid = self._nursery.start(["serve", str(self.folder)], machine, pipes)
        for pipe in pipes:
            os.close(pipe)
        self._unread = b""
        if until_ready:
            self._hear_until("ready")

    def kill(self) -> None:
        """Cut its power, now; what it had promised until then counts."""
        os.kill(self._pid, signal.SIGKILL)
        self._nursery.wait(self._pid)
        while line := self._line():
            self._note(line)
        self._forget_process()

    def stop(self) -> None:
        """Let it end by itself."""
        os.close(self._ask)
        self._ask = -1
        code = self._nursery.wait(self._pid)
        while line := self._line():
            self._note(line)
        self._forget_process()
        if code:
            raise KioskFell(self.log_path.read_text())

    def close(self) -> None:
        """Whatever it does, it ends."""
        if self._pid:
            self.kill()

    @property
    def runs(self) -> bool:
        """Whether its process was started and not ended by us."""
        return bool(self._pid)

    # --- the person -------------------------------------------------------------------------------

    def submit(self, count: int = 1, **order: Any) -> list[Promise]:
        """Hand in applications; what was promised (see `kiosk_program.Order`)."""
        before = len(self.promised)
        self.says(f"submit {count} {json.dumps(order)}")
        self._hear_until("done")
        return self.promised[before:]

    def set_aside(self, **order: Any) -> str:
        """Leave before the end (see `kiosk_program.Order`); what the resume slip's code says."""
        self.says(f"aside {json.dumps(order)}")
        code = self._hear_until("aside")
        self._hear_until("done")
        return code

    def status(self) -> dict[str, Any]:
        """What the desk says of the kiosk's health."""
        state: dict[str, Any] = self._asked("status")
        return state

    def find(self, reference: str) -> list[str]:
        """Look an application up: where it stands, and what happens next."""
        words: list[str] = self._asked(f"find {reference}", "found")
        return words

    def does(self, line: str) -> None:
        """Any other line of `kiosk_program`."""
        self.says(line)
        self._hear_until("done")

    def says(self, line: str) -> None:
        """Begin something and do not wait for it."""
        os.write(self._ask, line.encode() + b"\n")

    def settles(self, true: Callable[[ExchangeState], bool]) -> ExchangeState:
        """Wait until the ledger says so."""
        with self.ledger() as ledger:
            deadline = time.monotonic() + ANSWER_S_MAX
            while not true(state := ledger.exchange_state()):
                if time.monotonic() > deadline:
                    raise AssertionError(f"It never came to that: {state}\n{self._confession()}")
                time.sleep(0.01)
        return state

    def sees(self, true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until the desk says so."""
        deadline = time.monotonic() + ANSWER_S_MAX
        while not true(state := self.status()):
            if time.monotonic() > deadline:
                raise AssertionError(f"It never came to that: {state}\n{self._confession()}")
            time.sleep(0.02)
        return state

    def job_state(self, promise: Promise) -> JobState:
        """How far its paper is."""
        with self.ledger() as ledger:
            job = PrintJobs(ledger, Vault()).find(promise.job)
        assert job is not None
        return job.state

    def _asked(self, line: str, word: str = "status") -> Any:
        self.says(line)
        answer = self._hear_until(word)
        self._hear_until("done")
        return json.loads(answer)

    def _hear_until(self, word: str) -> str:
        """Take note of what it says until it says that word; what follows the word."""
        while line := self._line():
            said, _, rest = line.partition(" ")
            if said == word:
                return rest
            self._note(line)
        raise KioskFell(self.log_path.read_text())

    def _note(self, line: str) -> None:
        word, *rest = line.split(" ")
        if word == "promised":
            reference, application, job, due = rest
            self.promised.append(Promise(reference, application, int(job), due))
        elif word == "refused":
            self.refused.append(" ".join(rest))

    def _line(self) -> str:
        """The next whole line; empty when the process is gone."""
        while b"\n" not in self._unread:
            readable, _, _ = select.select([self._tell], [], [], ANSWER_S_MAX)
            if not readable:
                raise KioskFell(f"It says nothing.\n{self.log_path.read_text()}")
            data = os.read(self._tell, READ_BYTES)
            if not data:
                return ""
            self._unread += data
        line, _, self._unread = self._unread.partition(b"\n")
        return line.decode()

    def _confession(self) -> str:
        """Its log, and what its threads are doing now."""
        if self._pid:
            os.kill(self._pid, signal.SIGUSR1)
            time.sleep(1)
        return self.log_path.read_text() if self.log_path.exists() else ""

    def _forget_process(self) -> None:
        for pipe in (self._ask, self._tell):
            if pipe >= 0:
                os.close(pipe)
        self._ask = self._tell = -1
        self._pid = 0
