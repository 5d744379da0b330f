"""Hears from the kernel that a line has come back, so that nobody waits for the backoff to end.

After a month without a road the pause between attempts is at its longest. When the modem dials in
or a cable is plugged, Linux tells whoever listens (rtnetlink): a new address, a new route. Then the
exchange is nudged, after a moment of its own for each kiosk, because the line of a whole district
returns at once. Where nobody tells, the backoff alone decides.
"""

import logging
import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from math import inf

MOMENT_S_MIN, MOMENT_S_MAX = 1.0, 10.0  # over so long kiosks spread when their line returns
SPREAD = 1 / 60  # of the silence: after a short one the line is one kiosk's, else a district's
STOP_S_MAX = 2.0
_READ_BYTES = 65536
_LOOK_S = 0.5  # how soon a stop is noticed
_HEADER = struct.Struct(
    "=IHHII"
)  # nlmsghdr: length, type, flags, sequence, sender (linux/netlink.h)
_NEW_ADDRESS, _NEW_ROUTE = 20, 24  # RTM_NEWADDR, RTM_NEWROUTE (linux/rtnetlink.h)
_GROUPS = 0x10 | 0x40 | 0x100 | 0x400  # addresses and routes, IPv4 and IPv6 (RTMGRP_*)
_log = logging.getLogger(__name__)


def kernel_news() -> socket.socket | None:
    """A socket on which the kernel tells of addresses and routes; None where it does not."""
    family = getattr(socket, "AF_NETLINK", None)
    if family is None:
        return None
    try:
        news = socket.socket(family, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        news.bind((0, _GROUPS))
    except OSError:
        return None
    return news


class LinkWatch:
    """A thread that nudges when a line may have come back.

    Args:
        nudge: called then; it may be called for nothing.
        news: the kernel's socket, or None where there is none.
        silent_s: how long central was not heard.
        chance: a number from 0 to 1 for the moment of its own.
    """

    def __init__(
        self,
        nudge: Callable[[], None],
        *,
        news: socket.socket | None = None,
        silent_s: Callable[[], float] = lambda: inf,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._nudge = nudge
        self._news = news
        self._silent_s = silent_s
        self._chance = chance
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)

    def start(self) -> None:
        """Begin to listen, where there is anything to hear."""
        if self._news is not None:
            self._news.settimeout(_LOOK_S)
            self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        self._stopping.set()
        if self._news is not None:
            if self._thread.ident is not None:  # it was started
                self._thread.join(STOP_S_MAX)
            self._news.close()

    def _run(self) -> None:
        assert self._news is not None
        while not self._stopping.is_set():
            try:
                told = self._news.recv(_READ_BYTES)
            except TimeoutError:
                continue
            except OSError as problem:  # too much news at once (ENOBUFS): something did change
                _log.info("news of the line was lost: %s", problem)
                told = _HEADER.pack(_HEADER.size, _NEW_ROUTE, 0, 0, 0)
            if any(kind in (_NEW_ADDRESS, _NEW_ROUTE) for kind in kinds_of(told)):
                self._stopping.wait(self._chance() * spread_s(self._silent_s()))
                self._nudge()


def spread_s(silent_s: float) -> float:
    """Over how long kiosks spread that hear of a line after so long a silence."""
    return min(max(silent_s * SPREAD, MOMENT_S_MIN), MOMENT_S_MAX)


def kinds_of(told: bytes) -> Iterator[int]:
    """The kinds of the messages in what the kernel told; nothing of what is not whole."""
    place = 0
    while place + _HEADER.size <= len(told):
        length, kind, *_ = _HEADER.unpack_from(told, place)
        if length < _HEADER.size or place + length > len(told):
            return
        yield kind
        place += (length + 3) & ~3  # messages are aligned to 4 bytes
