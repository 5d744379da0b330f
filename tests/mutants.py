"""Altered receipts for the tests and the benchmark: what a forger or a bad scanner would try."""

import random
from collections.abc import Callable, Iterator

CURVE_ORDER = 2**252 + 27742317777372353535851937790883648493  # RFC 8032, section 5.1


def _octets(digits: str) -> bytes:
    number = int(digits)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _digit(good: str, chance: random.Random) -> str:
    place = chance.randrange(len(good))
    return good[:place] + str(chance.randrange(10)) + good[place + 1 :]


def _swapped(good: str, chance: random.Random) -> str:
    place = chance.randrange(len(good) - 1)
    return good[:place] + good[place + 1] + good[place] + good[place + 2 :]


def _shorter(good: str, chance: random.Random) -> str:
    return good[: chance.randrange(len(good))]


def _longer(good: str, chance: random.Random) -> str:
    place = chance.randrange(len(good) + 1)
    return good[:place] + str(chance.randrange(10**6)) + good[place:]


def _bits(good: str, chance: random.Random) -> str:
    token = bytearray(_octets(good))
    for _ in range(chance.randint(1, 3)):
        token[chance.randrange(len(token))] ^= 1 << chance.randrange(8)
    return str(int.from_bytes(token, "big"))


def _bytes(good: str, chance: random.Random) -> str:
    token = bytearray(_octets(good))
    start = chance.randrange(len(token))
    token[start : start + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
    return str(int.from_bytes(token, "big"))


def _same_signature_again(good: str, chance: random.Random) -> str:
    """S + L is the same scalar: a verifier that does not check its range accepts it."""
    token = _octets(good)
    scalar = int.from_bytes(token[-32:], "little") + CURVE_ORDER * chance.randint(1, 3)
    return str(int.from_bytes(token[:-32] + (scalar % (1 << 256)).to_bytes(32, "little"), "big"))


def _other_signature(good: str, chance: random.Random) -> str:
    return str(int.from_bytes(_octets(good)[:-64] + chance.randbytes(64), "big"))


KINDS: tuple[Callable[[str, random.Random], str], ...] = (
    _digit,
    _swapped,
    _shorter,
    _longer,
    _bits,
    _bytes,
    _same_signature_again,
    _other_signature,
)


def mutants(good: str, count: int, chance: random.Random) -> Iterator[str]:
    """So many texts that differ from the good token, of every kind in turn."""
    made = 0
    while made < count:
        mutant = KINDS[made % len(KINDS)](good, chance)
        if mutant != good:
            made += 1
            yield mutant
