"""The time of day on a device that may believe it is 1970.

Order never comes from clocks; each time carries its quality instead, and nobody is locked out.
Three sources, from good to poor: central's signed time carried on by the machine's steady clock
(which the wall clock's jumps do not move); the wall clock, where it does not contradict what is
known; and the last time that was known, which the wall clock must not fall behind.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sync.records import Stamp, TimeQuality

TRUSTED_MS = 24 * 3600 * 1000  # a crystal drifts up to 9 s a day (100 ppm)
AHEAD_MS_MAX = 366 * 24 * 3600 * 1000  # further ahead of the last known time is not believed
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Steady:
    """A moment on the clock that only goes forward, and the start of the machine it counts from."""

    at_ms: int
    boot: str


@dataclass(frozen=True, slots=True)
class KnownTime:
    """What the ledger knows of the time."""

    floor_ms: int  # it is not earlier than this
    signed_ms: int | None = None  # central's time ...
    heard: Steady | None = None  # ... and when it was heard


class Clock(Protocol):
    """Tells the time with its quality."""

    def now(self) -> Stamp:
        """This moment."""
        ...


class KeepsTime(Protocol):
    """What the clock needs of the ledger."""

    def known_time(self) -> KnownTime:
        """What is known of the time."""
        ...


def steady_now() -> Steady:
    """The steady clock of this machine, the same in every process since it started."""
    try:
        boot = _BOOT_ID.read_text("ascii").strip()
    except OSError:
        boot = ""  # not Linux: never equal to a start that is known
    at_s = time.clock_gettime(time.CLOCK_BOOTTIME) if boot else time.monotonic()
    return Steady(int(at_s * 1000), boot)


def wall_now_ms() -> int:
    """What the machine believes, Unix time."""
    return time.time_ns() // 1_000_000


class DeviceClock:
    """The time as this device best knows it.

    Args:
        ledger: keeps the known time; of the thread that asks.
        wall_ms: the machine's wall clock.
        steady: the machine's steady clock.
    """

    def __init__(
        self,
        ledger: KeepsTime,
        *,
        wall_ms: Callable[[], int] = wall_now_ms,
        steady: Callable[[], Steady] = steady_now,
    ) -> None:
        self._ledger = ledger
        self._wall_ms = wall_ms
        self._steady = steady

    def now(self) -> Stamp:
        """This moment, with its quality."""
        known = self._ledger.known_time()
        steady = self._steady()
        if known.signed_ms is not None and known.heard and known.heard.boot == steady.boot != "":
            return _carried_on(known.signed_ms, steady.at_ms - known.heard.at_ms)
        return _judged(self._wall_ms(), known.floor_ms)


def _carried_on(signed_ms: int, since_ms: int) -> Stamp:
    quality = TimeQuality.TRUSTED if since_ms <= TRUSTED_MS else TimeQuality.ESTIMATED
    return Stamp(signed_ms + max(0, since_ms), quality)


def _judged(wall_ms: int, floor_ms: int) -> Stamp:
    if wall_ms < floor_ms or floor_ms == 0:
        return Stamp(max(wall_ms, floor_ms, 0), TimeQuality.UNKNOWN)
    if wall_ms > floor_ms + AHEAD_MS_MAX:
        return Stamp(wall_ms, TimeQuality.UNKNOWN)
    return Stamp(wall_ms, TimeQuality.ESTIMATED)
