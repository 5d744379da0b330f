"""Central's own keys: files in `CENTRAL_DATA/keys`, never rows of the database.

Three purposes: `answers` signs what central tells devices, `bundles` signs published services,
`sealing` opens the secrets that kiosks sealed. A file is one private key, 32 bytes, readable by
its owner only, named by its purpose and a number: the highest is in use, the others stay to read
what is older. **Whoever loses the sealing keys cannot open any application: keep a copy apart.**
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from nacl.public import PrivateKey
from nacl.signing import SigningKey
from nacl.utils import random

from sync.records import KeyNote, KeyPurpose, key_id

PURPOSES = (KeyPurpose.ANSWERS, KeyPurpose.BUNDLES, KeyPurpose.SEALING)
KEY_BYTES = 32
_FILE = re.compile(r"(?P<purpose>[a-z]+)-(?P<number>[0-9]+)\.key")


class KeysMissing(Exception):
    """Central has no keys yet."""


@dataclass(frozen=True, slots=True)
class CentralKeys:
    """What central signs and opens with. Mappings are by key id and hold the older keys too."""

    answers: SigningKey
    bundles: SigningKey
    sealing: PrivateKey
    opening: Mapping[bytes, PrivateKey]
    bundle_checks: Mapping[bytes, bytes]
    notes: tuple[KeyNote, ...]  # the public halves, as devices learn them

    @property
    def answers_id(self) -> bytes:
        """The id of the key that answers are signed with."""
        return key_id(bytes(self.answers.verify_key))


def make_keys(folder: Path) -> None:
    """Make the keys that are not there yet."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    present = {purpose for purpose, _number, _key in _files(folder)}
    for purpose in PURPOSES:
        if purpose not in present:
            _write(folder / f"{purpose.value}-1.key", random(KEY_BYTES))


def read_keys(folder: Path) -> CentralKeys:
    """Every key of the folder.

    Raises:
        KeysMissing: there is not one for each purpose.
    """
    seeds: dict[KeyPurpose, list[bytes]] = {purpose: [] for purpose in PURPOSES}
    for purpose, _number, seed in _files(folder):
        seeds[purpose].append(seed)
    if not all(seeds.values()):
        raise KeysMissing("Central has no keys yet. Run `python -m sync.central init` first.")
    answers = [SigningKey(seed) for seed in seeds[KeyPurpose.ANSWERS]]
    bundles = [SigningKey(seed) for seed in seeds[KeyPurpose.BUNDLES]]
    sealing = [PrivateKey(seed) for seed in seeds[KeyPurpose.SEALING]]
    notes = [
        *(_note(KeyPurpose.ANSWERS, bytes(key.verify_key)) for key in answers),
        *(_note(KeyPurpose.BUNDLES, bytes(key.verify_key)) for key in bundles),
        *(_note(KeyPurpose.SEALING, bytes(key.public_key)) for key in sealing),
    ]
    return CentralKeys(
        answers=answers[-1],
        bundles=bundles[-1],
        sealing=sealing[-1],
        opening={key_id(bytes(key.public_key)): key for key in sealing},
        bundle_checks={note.id: note.key for note in notes if note.purpose is KeyPurpose.BUNDLES},
        notes=tuple(notes),
    )


@lru_cache(maxsize=1)
def central_keys() -> CentralKeys:
    """This server's keys, read once."""
    return read_keys(settings.DATA / "keys")


def _files(folder: Path) -> list[tuple[KeyPurpose, int, bytes]]:
    """Purpose, number and content of each key file; the oldest first."""
    found = []
    for path in folder.glob("*.key"):
        match = _FILE.fullmatch(path.name)
        if match and match["purpose"] in PURPOSES:
            found.append((KeyPurpose(match["purpose"]), int(match["number"]), path.read_bytes()))
    return sorted(found, key=lambda file: file[:2])


def _write(path: Path, seed: bytes) -> None:
    """The key reaches the disk before anything is sealed to it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        target.write(seed)
        target.flush()
        os.fsync(descriptor)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _note(purpose: KeyPurpose, public: bytes) -> KeyNote:
    return KeyNote(key_id(public), purpose, public, "central")
