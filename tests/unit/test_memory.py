"""What is kept anywhere is found: a search that finds nothing must mean that nothing is there."""

import random
from collections.abc import Callable
from io import BytesIO
from string import ascii_lowercase
from types import SimpleNamespace

from tests.memory import held_with, holders_of


class Plain:
    """Has a dict of its own."""


class Slotted:
    """Has none."""

    __slots__ = ("held",)

    def __init__(self, held: object) -> None:
        self.held = held


def as_attribute(value: object) -> object:
    plain = Plain()
    plain.held = value  # type: ignore[attr-defined]
    plain.__dict__["besides"] = 1  # makes it a dict that nothing tracks
    return plain


PLACES: list[tuple[str, Callable[[str], object]]] = [
    ("a dict of texts", lambda word: {"name": word}),
    ("a dict in a dict", lambda word: {"answers": {"name": word}}),
    ("a key", lambda word: {word: 1}),
    ("a tuple of tuples", lambda word: (1, (2, (3, word)))),
    ("a list", lambda word: [word]),
    ("a set", lambda word: {word}),
    ("an attribute", as_attribute),
    ("a slot", Slotted),
    ("a namespace", lambda word: SimpleNamespace(held=word)),
    ("bytes in a dict", lambda word: {"photo": word.encode()}),
    ("a bytearray", lambda word: [bytearray(word.encode())]),
    ("a view of bytes", lambda word: [memoryview(word.encode())]),
    ("a buffer", lambda word: BytesIO(word.encode())),
    ("an error", ValueError),
]


def test_what_is_kept_is_found_in_every_place() -> None:
    mark = "".join(random.choices(ascii_lowercase, k=16))
    kept = {place: hide(f"{mark} {number}.") for number, (place, hide) in enumerate(PLACES)}
    found = [text if isinstance(text, str) else text.decode() for _kind, text in held_with(mark)]
    for number, (place, _hide) in enumerate(PLACES):
        assert any(f"{mark} {number}." in text for text in found), place
    kept.clear()
    found.clear()
    assert holders_of(mark) == []
