"""An operator's machine that lacks something: each is a sentence that says what to do."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
NO_DRIVERS = """
import sys
sys.modules["psycopg"] = sys.modules["storages"] = None
from sync.central.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def typed(data: Path, *words: str, **environment: str) -> str:
    """What a command that failed said: one line."""
    done = subprocess.run(
        [sys.executable, "-c", NO_DRIVERS, *words],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "CENTRAL_DATA": str(data), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_postgresql_without_its_package_says_what_to_install(tmp_path: Path) -> None:
    said = typed(tmp_path, "init", CENTRAL_DATABASE_URL="postgresql://a:secret@db.example/central")
    assert "pip install 'psycopg[binary]" in said
    assert "secret" not in said


def test_another_database_than_postgresql_is_named(tmp_path: Path) -> None:
    said = typed(tmp_path, "init", CENTRAL_DATABASE_URL="mysql://a/b")
    assert said.startswith("CENTRAL_DATABASE_URL must read postgresql://")


def test_a_storage_without_its_package_says_what_to_install(tmp_path: Path) -> None:
    said = typed(tmp_path, "init", CENTRAL_EVIDENCE="s3://documents")
    assert "pip install 'django-storages[s3]" in said


def test_keys_in_the_address_of_a_storage_are_not_shown(tmp_path: Path) -> None:
    said = typed(tmp_path, "init", CENTRAL_EVIDENCE="s3://key:secret@documents")
    assert said.startswith("Keys do not belong into CENTRAL_EVIDENCE")
    assert "secret@" not in said


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = typed(tmp_path / "file" / "central", "init")
    assert said == f"{tmp_path / 'file' / 'central'}: Not a directory\n"


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = typed(tmp_path, "serve", "--port", str(port))
    assert said.startswith("Address already in use")
    assert str(port) in said


@pytest.mark.parametrize("words", [("kiosk", "list"), ("set-aside",)])
def test_a_database_that_nobody_has_made_says_so(tmp_path: Path, words: tuple[str, ...]) -> None:
    said = typed(tmp_path, *words)
    assert said.startswith("The database cannot be used: ")
    assert "python -m sync.central init" in said


def test_half_an_address_is_refused_before_receipts_show_it(tmp_path: Path) -> None:
    environment = {"CENTRAL_DATA": str(tmp_path), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "sync.central", "init"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    said = typed(tmp_path, "serve", "--port", "0", CENTRAL_PUBLIC_URL="one-door.example")
    assert said.startswith("CENTRAL_PUBLIC_URL must read https://")
