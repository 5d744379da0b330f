"""The packaged kiosk, as `make program` makes it; built again when its sources have changed."""

import fcntl
import hashlib
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from tests.central import ROOT

PROGRAM = ROOT / "build" / "dist" / "kiosk" / "kiosk"
WORK = ROOT / "build" / "work"
MADE_OF = WORK / "made-of"  # the digest of what the program there was made of
SOURCES = (
    *("kiosk", "sync", "assets", "locales", "kiosk.spec"),
    *("requirements-dev.lock", "requirements.lock", "tests/materials.py"),
)


@lru_cache(maxsize=1)
def packaged_program() -> Path:
    """The program's path; a minute is needed to build it, nothing to find it built."""
    digest = _made_of()
    WORK.mkdir(parents=True, exist_ok=True)
    with (WORK / "building").open("w") as turn:  # tests may run in several processes
        fcntl.flock(turn, fcntl.LOCK_EX)
        _build(digest)
    return PROGRAM


def _build(digest: str) -> None:
    if not (PROGRAM.exists() and MADE_OF.exists() and MADE_OF.read_text() == digest):
        MADE_OF.unlink(missing_ok=True)
        folders = ("--distpath", str(PROGRAM.parent.parent), "--workpath", str(WORK))
        built = subprocess.run(
            [sys.executable, "-m", "PyInstaller", "--noconfirm", *folders, "kiosk.spec"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert built.returncode == 0, built.stderr[-4000:]
        MADE_OF.write_text(digest)


def _made_of() -> str:
    digest = hashlib.sha256(f"{sys.executable} {sys.version}".encode())
    for source in SOURCES:
        start = ROOT / source
        for path in [start] if start.is_file() else sorted(start.rglob("*")):
            if path.is_file() and path.suffix not in (".pyc", ".mo"):  # those are made of others
                digest.update(f"{path.relative_to(ROOT)}\n".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
