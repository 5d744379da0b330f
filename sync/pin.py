"""A PIN: what makes one hard to guess, and the one form in which it is kept.

Only a hash of it is kept (Argon2id, which takes memory and time to try). The technician's is made
on the kiosk; a clerk's at central, and the kiosks of her office learn the hash by the feed.
"""

import secrets
from itertools import pairwise

from nacl.exceptions import InvalidkeyError
from nacl.pwhash import argon2id

from sync.errors import SyncError
from sync.sentence import Sentence

DIGITS_MIN, DIGITS_MAX = 6, 12
COMMON = frozenset({"123123", "112233", "102030", "159753", "147258", "258369", "696969"})
OPERATIONS, MEMORY_BYTES = argon2id.OPSLIMIT_INTERACTIVE, argon2id.MEMLIMIT_INTERACTIVE
HASH_LENGTH_MAX = 127  # libsodium: crypto_pwhash_STRBYTES, without its last nought


class WeakPin(SyncError):
    """Somebody would guess it; the sentence says what to choose."""


class PinTooShort(WeakPin):
    """It is no number of 6 to 12 figures."""


def check_strong(pin: str) -> None:
    """Refuse what is guessed first.

    Raises:
        PinTooShort: it is no number of 6 to 12 figures.
        WeakPin: it is one that many people choose.
    """
    if not (pin.isascii() and pin.isdecimal() and DIGITS_MIN <= len(pin) <= DIGITS_MAX):
        raise PinTooShort(
            Sentence(
                "A PIN has %(least)s to %(most)s figures and nothing else.",
                least=DIGITS_MIN,
                most=DIGITS_MAX,
            )
        )
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    repeats = any(pin == (pin[:size] * len(pin))[: len(pin)] for size in (1, 2, 3))
    if repeats or (len(steps) == 1 and steps <= {1, 9}) or pin in COMMON:
        raise WeakPin(
            Sentence("Many people choose this PIN. Take figures that do not follow each other.")
        )


def draw() -> str:
    """A PIN that nobody chose and nobody guesses first."""
    while True:
        pin = f"{secrets.randbelow(10**DIGITS_MIN):0{DIGITS_MIN}}"
        try:
            check_strong(pin)
        except WeakPin:
            continue
        return pin


def hash_of(pin: str) -> str:
    """What is kept of a PIN.

    Raises:
        WeakPin: somebody would guess it.
    """
    check_strong(pin)
    return argon2id.str(pin.encode("ascii"), OPERATIONS, MEMORY_BYTES).decode("ascii")


def is_it(pin: str, hash_: str) -> bool:
    """Whether the hash is of this PIN."""
    try:
        return argon2id.verify(hash_.encode("ascii"), pin.encode())
    except (InvalidkeyError, ValueError):
        return False
