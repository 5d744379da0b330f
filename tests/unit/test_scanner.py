"""A serial scanner: what it reads is given once, and nasty bytes do no harm."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.devices import scanner as scanners
from kiosk.devices.scanner import LINE_BYTES_MAX, Scanner
from kiosk.devices.virtual_scanner import VirtualScanner
from tests.papers import until


class Desk:
    """A scanner plugged into a kiosk."""

    def __init__(self, link: Path) -> None:
        self.device = VirtualScanner(link)
        self.scanner = Scanner(self.device.path)
        self.scanner.start()
        assert until(lambda: self.scanner.connected)

    def reads(self) -> str | None:
        """The next scan, or None when none comes."""
        found: list[str] = []

        def polled() -> bool:
            text = self.scanner.poll()
            found.extend([text] if text is not None else [])
            return bool(found)

        return found[0] if until(polled) else None


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(scanners, "RETRY_S", 0.05)
    desk = Desk(tmp_path / "scanner")
    yield desk
    desk.scanner.stop()
    desk.device.unplug()


def test_a_scan_is_given_once(desk: Desk) -> None:
    desk.device.scan("https://kiosk.gov.la/r#123")
    assert desk.reads() == "https://kiosk.gov.la/r#123"
    assert desk.scanner.poll() is None


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_a_scan_may_end_as_scanners_end(desk: Desk, end: bytes) -> None:
    desk.device.scan("1234", end)
    assert desk.reads() == "1234"


def test_a_scan_may_come_in_pieces(desk: Desk) -> None:
    desk.device.send(b"12")
    time.sleep(0.05)
    desk.device.send(b"34\r")
    assert desk.reads() == "1234"


def test_only_the_last_scan_is_held(desk: Desk) -> None:
    desk.device.send(b"first\rsecond\r\r\n")
    assert until(lambda: desk.scanner._last is not None and desk.scanner._last[0] == "second")
    assert desk.reads() == "second"


def test_an_endless_line_is_dropped_and_the_next_is_read(desk: Desk) -> None:
    desk.device.send(b"9" * (LINE_BYTES_MAX + 1) + b"\r")
    desk.device.scan("1234")
    assert desk.reads() == "1234"


def test_what_is_no_text_is_dropped(desk: Desk) -> None:
    desk.device.send(b"\xff\xfe\x80\r")
    desk.device.scan("1234")
    assert desk.reads() == "1234"


def test_a_scan_that_nobody_asked_for_is_forgotten(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.device.scan("1234")
    assert until(lambda: desk.scanner._last is not None)
    monkeypatch.setattr(scanners, "STALE_S", 0.0)
    assert desk.scanner.poll() is None


def test_a_scanner_that_was_unplugged_is_found_again(desk: Desk) -> None:
    desk.device.send(b"half a li")
    desk.device.unplug()
    assert until(lambda: not desk.scanner.connected)
    desk.device.plug()
    assert until(lambda: desk.scanner.connected)
    desk.device.scan("1234")
    assert desk.reads() == "1234"
