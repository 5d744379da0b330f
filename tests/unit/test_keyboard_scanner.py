"""A scanner that types: its keys become the text of a receipt, and nothing else."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.devices import scanner as scanners
from kiosk.devices.keyboard_scanner import (
    EV_KEY,
    EVENT,
    KEYS,
    PRESSED,
    RELEASED,
    KeyboardScanner,
    is_keyboard,
)
from tests.papers import sample_receipt, until

LEFT_SHIFT, ENTER, EV_SYN, HELD = 42, 28, 0, 2


def typed(text: str) -> bytes:
    """The kernel's events when a scanner types this."""
    events = []
    for letter in text:
        key, pair = next((key, pair) for key, pair in KEYS.items() if letter in pair)
        strokes = [(key, PRESSED), (key, RELEASED)]
        if pair[0] != letter:
            strokes = [(LEFT_SHIFT, PRESSED), *strokes, (LEFT_SHIFT, RELEASED)]
        events += strokes
    events += [(ENTER, PRESSED), (ENTER, RELEASED)]
    return b"".join(
        EVENT.pack(0, 0, EV_KEY, key, value) + EVENT.pack(0, 0, EV_SYN, 0, 0)
        for key, value in events
    )


class Desk:
    """A pipe in the place of a keyboard's file: it carries the same bytes."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.scanner = KeyboardScanner(str(path))
        self.scanner.start()
        self._pipe = os.open(path, os.O_WRONLY)
        assert until(lambda: self.scanner.connected)

    def send(self, data: bytes) -> None:
        os.write(self._pipe, data)

    def reads(self) -> str | None:
        found: list[str] = []

        def polled() -> bool:
            text = self.scanner.poll()
            found.extend([text] if text is not None else [])
            return bool(found)

        return found[0] if until(polled) else None

    def close(self) -> None:
        os.close(self._pipe)
        self.scanner.stop()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(scanners, "RETRY_S", 0.05)
    desk = Desk(tmp_path / "event7")
    yield desk
    desk.close()


def test_a_receipt_is_typed_into_its_address(desk: Desk) -> None:
    url = sample_receipt().url
    desk.send(typed(url))
    assert desk.reads() == url


def test_events_may_come_in_pieces(desk: Desk) -> None:
    data, chance = typed("04K7-3NQK-8NZ6"), random.Random(4)
    while data:
        size = chance.randint(1, 50)
        desk.send(data[:size])
        data = data[size:]
    assert desk.reads() == "04K7-3NQK-8NZ6"


def test_every_character_that_can_be_typed_is_told_apart(desk: Desk) -> None:
    characters = "".join(sorted({letter for pair in KEYS.values() for letter in pair} - {" "}))
    assert len(characters) == 94  # all that can be seen in ASCII
    desk.send(typed(characters))
    assert desk.reads() == characters


def test_other_keys_and_held_ones_are_nothing(desk: Desk) -> None:
    noise = [(EV_KEY, 1, PRESSED), (EV_KEY, 59, PRESSED), (EV_KEY, 3, HELD), (4, 4, 458_756)]
    desk.send(b"".join(EVENT.pack(0, 0, *event) for event in noise) + typed("1"))
    assert desk.reads() == "1"


def test_a_keyboard_is_known_by_its_place() -> None:
    assert is_keyboard("/dev/input/by-id/usb-Scanner-event-kbd")
    assert not is_keyboard("/dev/ttyACM0")
