"""The key that signs sessions and form tokens: made once by `init`, kept beside the database."""

import os
import secrets
from pathlib import Path

_NAME = "secret_key"


def make_secret_key(folder: Path) -> None:
    """Write a new key, readable by the owner only; an existing one stays."""
    path = folder / _NAME
    if path.exists():
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as target:
        target.write(secrets.token_urlsafe(48))


def read_secret_key(folder: Path) -> str:
    """The key; before `init` one that holds for this process only."""
    try:
        return (folder / _NAME).read_text("ascii").strip()
    except FileNotFoundError:
        return secrets.token_urlsafe(48)
