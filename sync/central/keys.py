"""Central's own keys, and whose bundles it takes: files in `CENTRAL_DATA/keys`, never rows.

Three purposes: `answers` signs what central tells devices, `bundles` signs published services,
`sealing` opens the secrets that kiosks sealed. A file `<purpose>-<number>.key` is one private key,
32 bytes, readable by its owner only: the highest is in use, the others stay to read what is older.
**Whoever loses the sealing keys cannot open any application: keep a copy apart.**

`<id>.trusted` is the public key of a ministry that signs its services itself, `<id>.revoked` says
that a key is used no more. They are files too: a database that is restored from an older copy must
not bring a stolen key back. What kiosks are told of all this is made from here
(`catalogue.trust`). Running servers see a change at their next request.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey
from nacl.signing import SigningKey, VerifyKey
from nacl.utils import random

from sync.durable import sync_folder
from sync.records import KeyNote, KeyPurpose, key_id
from sync.sentence import Sentence

PURPOSES = (KeyPurpose.ANSWERS, KeyPurpose.BUNDLES, KeyPurpose.SEALING)
KEY_BYTES = 32
OWN_NAME = "central"
_FILE = re.compile(r"(?P<purpose>[a-z]+)-(?P<number>[0-9]+)\.key")


class KeysMissing(Exception):
    """Central has no keys yet."""


class BadKey(Exception):
    """A key that cannot be what it is said to be."""


@dataclass(frozen=True, slots=True)
class Ministry:
    """Somebody who signs services of her own: her public key, and whose services they may be."""

    id: bytes
    key: bytes
    name: str
    services: str  # how their ids begin

    @property
    def note(self) -> KeyNote:
        """The key as kiosks learn it."""
        return KeyNote(self.id, KeyPurpose.BUNDLES, self.key, self.name)


@dataclass(frozen=True, slots=True)
class CentralKeys:
    """What central signs and opens with. Mappings are by key id and hold the older keys too."""

    answering: Mapping[
        bytes, SigningKey
    ]  # the revoked too: kiosks that have not heard know no other
    bundles: SigningKey
    sealing: PrivateKey
    opening: Mapping[bytes, PrivateKey]
    bundle_checks: Mapping[bytes, bytes]  # the revoked too: what was once taken stays readable
    ministries: tuple[Ministry, ...]
    known: tuple[KeyNote, ...]  # the public halves, the oldest of each purpose first
    revoked: frozenset[bytes]

    @property
    def notes(self) -> tuple[KeyNote, ...]:
        """The public keys that a new device shall trust."""
        return tuple(note for note in self.known if note.id not in self.revoked)

    @property
    def revocations(self) -> tuple[KeyNote, ...]:
        """What devices are told of keys that are used no more."""
        return tuple(
            KeyNote(note.id, KeyPurpose.REVOKED, note.key, note.name)
            for note in self.known
            if note.id in self.revoked
        )

    @property
    def answers(self) -> SigningKey:
        """The key that answers are signed with, where the device knows it."""
        return self.answering[self.answers_id]

    @property
    def answers_id(self) -> bytes:
        """The id of that key."""
        return [id_ for id_ in self.answering if id_ not in self.revoked][-1]

    def answers_for(self, known: bytes | None) -> tuple[SigningKey, bytes]:
        """The key to answer a device with, and its id.

        Args:
            known: the newest that the device says to trust. None: its program does not say so; then
                the oldest that was not revoked, because it may know no other.
        """
        if known is None:
            known = next(id_ for id_ in self.answering if id_ not in self.revoked)
        id_ = known if known in self.answering else self.answers_id
        return self.answering[id_], id_

    @property
    def bundle_signers(self) -> Mapping[bytes, bytes]:
        """Whose bundles are taken onto the shelf."""
        return {id_: key for id_, key in self.bundle_checks.items() if id_ not in self.revoked}

    def may_sign(self, signer: bytes, service: str) -> bool:
        """Whether the service is one of those that the key's holder publishes."""
        ministry = next((one for one in self.ministries if one.id == signer), None)
        return ministry is None or service.startswith(ministry.services)


def make_keys(folder: Path) -> None:
    """Make the keys that are not there yet."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    present = {purpose for purpose, _number, _key in _files(folder)}
    for purpose in PURPOSES:
        if purpose not in present:
            make_next(folder, purpose)


def make_next(folder: Path, purpose: KeyPurpose) -> bytes:
    """Make the key of that purpose that is used from now on; its id."""
    numbers = [number for of, number, _key in _files(folder) if of is purpose]
    seed = random(KEY_BYTES)
    _write(folder / f"{purpose.value}-{max(numbers, default=0) + 1}.key", seed)
    return key_id(_public(purpose, seed))


def trust(folder: Path, key: bytes, name: str, services: str) -> Ministry:
    """Take bundles of services of that beginning from the holder of a key.

    Raises:
        BadKey: it is no public key, or known already.
    """
    try:
        VerifyKey(key)
    except (CryptoError, ValueError, TypeError) as problem:
        raise BadKey(Sentence("A public key is 64 hexadecimal digits.")) from problem
    made = Ministry(key_id(key), key, name, services)
    content = {"key": key.hex(), "name": name, "services": services}
    try:
        _write(
            folder / f"{made.id.hex()}.trusted", json.dumps(content, ensure_ascii=False).encode()
        )
    except FileExistsError as problem:
        raise BadKey(Sentence("The key %(key)s is known already.", key=made.id.hex())) from problem
    return made


def revoke(folder: Path, id_: bytes, why: str) -> None:
    """Use a key no more; once more changes nothing."""
    path = folder / f"{id_.hex()}.revoked"
    if not path.exists():
        _write(path, why.encode())


def read_keys(folder: Path) -> CentralKeys:
    """Every key of the folder.

    Raises:
        KeysMissing: there is not one in force for each purpose.
    """
    seeds: dict[KeyPurpose, list[bytes]] = {purpose: [] for purpose in PURPOSES}
    for purpose, _number, seed in _files(folder):
        seeds[purpose].append(seed)
    revoked = frozenset(bytes.fromhex(path.stem) for path in folder.glob("*.revoked"))
    ministries = tuple(_ministries(folder))
    own = [
        KeyNote(key_id(public), purpose, public, OWN_NAME)
        for purpose in PURPOSES
        for public in (_public(purpose, seed) for seed in seeds[purpose])
    ]
    in_force = {note.purpose for note in own if note.id not in revoked}
    if in_force != set(PURPOSES):
        raise KeysMissing(
            Sentence("Central has no keys yet. Run `python -m sync.central init` first.")
        )
    known = (*own, *(one.note for one in ministries))
    sealing = [PrivateKey(seed) for seed in seeds[KeyPurpose.SEALING]]
    bundles = [SigningKey(seed) for seed in seeds[KeyPurpose.BUNDLES]]
    return CentralKeys(
        answering={
            key_id(bytes(key.verify_key)): key for key in map(SigningKey, seeds[KeyPurpose.ANSWERS])
        },
        bundles=[key for key in bundles if key_id(bytes(key.verify_key)) not in revoked][-1],
        sealing=[key for key in sealing if key_id(bytes(key.public_key)) not in revoked][-1],
        opening={key_id(bytes(key.public_key)): key for key in sealing},
        bundle_checks={note.id: note.key for note in known if note.purpose is KeyPurpose.BUNDLES},
        ministries=ministries,
        known=known,
        revoked=revoked,
    )


def central_keys() -> CentralKeys:
    """This server's keys, read again when a file has come or gone."""
    folder = keys_folder()
    names = frozenset(os.listdir(folder)) if folder.is_dir() else frozenset[str]()  # noqa: PTH208 - names only, at each request
    return _read_once(folder, names)


def keys_folder() -> Path:
    """Where this server keeps them."""
    return Path(settings.DATA) / "keys"


@lru_cache(maxsize=1)
def _read_once(folder: Path, _names: frozenset[str]) -> CentralKeys:
    return read_keys(folder)


def _public(purpose: KeyPurpose, seed: bytes) -> bytes:
    if purpose is KeyPurpose.SEALING:
        return bytes(PrivateKey(seed).public_key)
    return bytes(SigningKey(seed).verify_key)


def _ministries(folder: Path) -> Iterator[Ministry]:
    for path in sorted(folder.glob("*.trusted")):
        content = json.loads(path.read_text("utf-8"))
        key = bytes.fromhex(content["key"])
        yield Ministry(key_id(key), key, content["name"], content["services"])


def _files(folder: Path) -> list[tuple[KeyPurpose, int, bytes]]:
    """Purpose, number and content of each key file; the oldest first."""
    found = []
    for path in folder.glob("*.key"):
        match = _FILE.fullmatch(path.name)
        if match and match["purpose"] in PURPOSES:
            found.append((KeyPurpose(match["purpose"]), int(match["number"]), path.read_bytes()))
    return sorted(found, key=lambda file: file[:2])


def _write(path: Path, content: bytes) -> None:
    """A file of that name, whole and on the disk before anything is sealed to it."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(descriptor)
    try:
        os.link(
            part, path
        )  # a running server never sees half a key, nor one that takes another's place
    finally:
        part.unlink()
    sync_folder(path.parent)
