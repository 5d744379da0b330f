"""What a thief looks for on a stolen disk: words that occur nowhere else, and keys that open."""

import base64
import json
import random
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from sync import envelope as envelopes
from sync.errors import CannotOpen
from sync.records import Envelope

CONSONANTS = "ກຂຄງຈສຊຍດຕຖທນບປຜພມລວຫອ"
SMALL_BLOB_BYTES = 512  # a key may hide in a record of that size, not in a service's bundle


def word_by(chance: random.Random) -> str:
    """A word that nobody says."""
    return "".join(chance.choices(CONSONANTS, k=14))


def traces_of(texts: Iterable[str]) -> Iterator[bytes]:
    """The words as they might lie on a disk."""
    for text in texts:
        plain = text.encode()
        yield from (plain, text.encode("utf-16-le"), text.encode("utf-16-be"))
        yield from (json.dumps(text)[1:-1].encode(), plain.hex().encode())
        yield from (middle_of_base64(plain, shift) for shift in range(3))


def middle_of_base64(data: bytes, shift: int) -> bytes:
    """What of it is the same whatever stands before and behind."""
    return base64.b64encode(bytes(shift) + data)[4 : -4 - len(data) % 3]


def key_material(ledger: Path, blob_bytes_max: int = SMALL_BLOB_BYTES) -> set[bytes]:
    """Every small value in a ledger, text in hex too."""
    found: set[bytes] = set()
    database = sqlite3.connect(ledger)
    tables = [row[0] for row in database.execute("SELECT name FROM sqlite_schema")]
    for table in tables:
        try:
            rows = database.execute(f'SELECT * FROM "{table}"').fetchall()
        except sqlite3.OperationalError:
            continue  # an index
        for value in (value for row in rows for value in row):
            if isinstance(value, bytes) and len(value) <= blob_bytes_max:
                found.add(value)
            elif isinstance(value, str) and _is_hex(value):
                found.add(bytes.fromhex(value))
    database.close()
    return found


def _is_hex(text: str) -> bool:
    return len(text) % 2 == 0 and all(sign in "0123456789abcdef" for sign in text)


def windows(values: set[bytes], size: int) -> set[bytes]:
    """Every run of so many bytes."""
    return {value[at : at + size] for value in values for at in range(len(value) - size + 1)}


def opens(key: bytes, made: Envelope) -> bool:
    """Whether a key opens an envelope's answers."""
    try:
        envelopes._open(key, made.body, made.header, len(made.body))
    except CannotOpen:
        return False
    return True
