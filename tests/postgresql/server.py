"""A real PostgreSQL of this run's own: a new cluster in a temporary folder, on a free port.

PostgreSQL refuses to run as root; where the tests do (in a container), it runs as the user that
Debian's package made for it. `durable=False` leaves out waiting for the disk: for tests, not for
figures.

    with running_postgresql() as url:
        ... CENTRAL_DATABASE_URL=url ...
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "central"
START_TIMEOUT_S = 60
DEBIAN = Path("/usr/lib/postgresql")  # Debian keeps each version's programs apart


class NoPostgresql(Exception):
    """There is no PostgreSQL server on this machine; the sentence says what to install."""


@contextmanager
def running_postgresql(*, durable: bool = False) -> Iterator[str]:
    """A server for as long as the context lasts; the address of its database `postgres`."""
    programs = _programs()
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="postgresql-", dir="/tmp"))
    if owner is not None:
        shutil.chown(folder, owner)
    password = secrets.token_hex(8)
    word = folder / "password"
    word.write_text(password)
    word.chmod(0o644)
    try:
        making = ["initdb", "-D", f"{folder}/data", "-U", USER, "-A", "scram-sha-256"]
        _run(programs, owner, folder, *making, f"--pwfile={word}", "--no-sync", "-E", "UTF8")
        port = _free_port()
        settings = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": folder,
            "fsync": "on" if durable else "off",
            "max_connections": 60,
        }
        told = " ".join(f"-c {name}={value}" for name, value in settings.items())
        starting = ["pg_ctl", "start", "-D", f"{folder}/data", "-l", f"{folder}/log"]
        _run(programs, owner, folder, *starting, "-w", "-t", str(START_TIMEOUT_S), "-o", told)
        try:
            yield f"postgresql://{USER}:{password}@127.0.0.1:{port}/postgres"
        finally:
            _run(
                programs, owner, folder, "pg_ctl", "stop", "-D", f"{folder}/data", "-m", "immediate"
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """Where `initdb` and `pg_ctl` lie, of the newest version."""
    installed = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if installed:
        return installed[-1].parent
    found = shutil.which("initdb")
    if found is None:
        raise NoPostgresql("There is no PostgreSQL server. On Debian: apt-get install postgresql")
    return Path(found).resolve().parent


def _owner() -> str | None:
    """Who runs it; None: whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return pwd.getpwnam("nobody").pw_name


def _run(programs: Path, owner: str | None, folder: Path, program: str, *arguments: str) -> None:
    group = pwd.getpwnam(owner).pw_gid if owner else None
    said = folder / f"{program}.said"
    with said.open("w") as output:  # a pipe would stay open as long as the server lives
        done = subprocess.run(
            [programs / program, *arguments],
            check=False,
            cwd=folder,
            user=owner,
            group=group,
            extra_groups=[] if owner else None,
            env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        log = folder / "log"
        raise AssertionError(said.read_text() + (log.read_text() if log.exists() else ""))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])
