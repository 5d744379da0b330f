"""Programs that others wrote for printers, in Node: they check the virtual printer, and it them.

Our own bytes on our own printer could share one mistake. Node is not needed to build or run the
kiosk; where it is missing these tests are skipped, but never silently in continuous integration.
"""

import base64
import contextlib
import fcntl
import hashlib
import io
import json
import os
import random
import select
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from PIL import Image

FOLDER = Path(__file__).with_name("foreign")
INSTALLED = Path(__file__).resolve().parent.parent / "build" / "foreign"
MISSING = (
    "Node with npm is missing: others' receipt programs cannot check the virtual printer. "
    "Install Node 20 or newer."
)
NOT_FETCHED = "npm could not fetch others' receipt programs, which check the virtual printer: "
PRINTER_PORT = 9100  # of network printers; receiptio knows no other
RUN_S_MAX = 60


def node_modules() -> Path:
    """The packages of `tests/foreign`, installed once for each state of their lock."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        _cannot(MISSING)
    lock = (FOLDER / "package-lock.json").read_bytes()
    folder = INSTALLED / hashlib.sha256(lock).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)  # several workers test at once
        if not (folder / "installed").exists():
            for name in ("package.json", "package-lock.json"):
                shutil.copy(FOLDER / name, folder)
            order = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(order, cwd=folder, capture_output=True, timeout=300, check=False)
            if done.returncode != 0:
                _cannot(NOT_FETCHED + done.stderr.decode()[-500:])
            (folder / "installed").touch()
    return folder / "node_modules"


def _cannot(sentence: str) -> NoReturn:
    """Skip; but in continuous integration a check that does not run has failed."""
    if os.environ.get("CI"):
        pytest.fail(sentence)
    pytest.skip(sentence)


def run_node(script: str, *arguments: str, given: bytes = b"") -> bytes:
    """What a script of `tests/foreign` says."""
    done = subprocess.run(
        ["node", str(FOLDER / script), *arguments],
        env={**os.environ, "NODE_PATH": str(node_modules())},
        input=given,
        capture_output=True,
        timeout=RUN_S_MAX,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def generated(generator: str, lines: list[str], code: str, picture: Image.Image) -> bytes:
    """The bytes that a generator makes of this."""
    png = io.BytesIO()
    picture.save(png, "PNG")
    job = {
        "lines": lines,
        "code": code,
        "columns": 32,
        "picture": base64.b64encode(png.getvalue()).decode(),
    }
    return run_node("generate.cjs", generator, given=json.dumps(job).encode())


@contextmanager
def network_printer(path: str) -> Iterator[str]:
    """The serial printer at that path as a network printer; its address.

    Any address that begins with 127 is this machine: each run takes another one, so that the fixed
    port is free.
    """
    chance = random.SystemRandom()
    address = f"127.{chance.randrange(1, 255)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"
    with socket.create_server((address, PRINTER_PORT)) as server:
        thread = threading.Thread(target=_serve, args=(server, path))
        thread.start()
        yield address
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def _serve(server: socket.socket, path: str) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _ = server.accept()
            with connection:
                _carry(connection, path)


def _carry(connection: socket.socket, path: str) -> None:
    """Bytes both ways until the other side has enough."""
    line = os.open(path, os.O_RDWR | os.O_NOCTTY)
    try:
        while True:
            readable, _, _ = select.select([connection.fileno(), line], [], [])
            if line in readable:
                connection.sendall(os.read(line, 4096))
            if connection.fileno() in readable:
                data = connection.recv(1024)
                if not data:
                    return
                while data:
                    data = data[os.write(line, data) :]
    finally:
        os.close(line)
