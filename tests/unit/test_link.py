"""The kernel's word that a line came back nudges the exchange."""

import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from sync.link import MOMENT_S_MAX, LinkWatch, kernel_news, kinds_of, spread_s

NEW_ADDRESS, DELETED_ADDRESS, NEW_ROUTE = 20, 21, 24


def message(kind: int, payload: bytes = b"") -> bytes:
    return struct.pack("=IHHII", 16 + len(payload), kind, 0, 0, 0) + payload


@pytest.fixture
def kernel() -> Iterator[tuple[socket.socket, threading.Event]]:
    """The kernel's end of a socket, and whether the exchange was nudged."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    nudged = threading.Event()
    watch = LinkWatch(nudged.set, news=theirs, chance=lambda: 0.0)
    watch.start()
    yield ours, nudged
    watch.stop()
    ours.close()


@pytest.mark.parametrize("kind", [NEW_ADDRESS, NEW_ROUTE])
def test_a_new_address_or_route_nudges(
    kernel: tuple[socket.socket, threading.Event], kind: int
) -> None:
    ours, nudged = kernel
    ours.send(message(DELETED_ADDRESS, b"abcd") + message(kind, b"xyz1"))
    assert nudged.wait(60)


def test_an_address_that_goes_nudges_nobody(
    kernel: tuple[socket.socket, threading.Event],
) -> None:
    ours, nudged = kernel
    ours.send(message(DELETED_ADDRESS))
    assert not nudged.wait(0.3)


def test_news_that_is_not_whole_is_left_alone() -> None:
    whole = message(NEW_ROUTE, b"12345")
    assert list(kinds_of(whole)) == [NEW_ROUTE]
    assert list(kinds_of(whole[:-1])) == []
    assert list(kinds_of(b"\0" * 64)) == []


def test_a_pulled_cable_is_one_kiosk_s_and_a_long_silence_a_district_s() -> None:
    assert spread_s(6) == 1
    assert 1 < spread_s(300) < MOMENT_S_MAX
    assert spread_s(86_400) == MOMENT_S_MAX


def test_this_machine_tells_or_the_watch_stays_quiet() -> None:
    watch = LinkWatch(lambda: None, news=kernel_news())
    watch.start()
    watch.stop()
