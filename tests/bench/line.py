"""A slow, lossy line on this machine: a relay between a kiosk and its central.

Each way has its own bit rate, shared by all connections, and its own delay. A lost segment takes
its time on the line twice and comes one round trip late, and whatever follows it waits: as TCP
without luck. A new connection costs a round trip first. Losses come from a seed.
"""

import queue
import socket
import threading
import time
from dataclasses import dataclass
from random import Random
from types import TracebackType
from typing import Self

SEGMENT_BYTES = 1400  # of payload
HEADER_BYTES = 40  # TCP and IPv4
_AHEAD_S = 0.5  # what a sender may have in the modem's buffer


@dataclass(frozen=True, slots=True)
class LineProfile:
    """What a line is like."""

    bits_per_s: int = 50_000
    delay_s: float = 0.3  # each way
    loss: float = 0.02
    seed: int = 1

    @property
    def words(self) -> str:
        """For the table."""
        return (
            f"{self.bits_per_s // 1000} kbit/s, {self.delay_s * 1000:.0f} ms each way, "
            f"{self.loss:.0%} loss"
        )


class _Way:
    """One direction."""

    def __init__(self, profile: LineProfile, seed: int) -> None:
        self._profile = profile
        self._random = Random(seed)
        self._lock = threading.Lock()
        self._free_at = 0.0
        self.bytes = 0

    def arrival_of(self, size_bytes: int) -> tuple[float, float]:
        """When a segment that is sent now is off this end of the line, and at the other."""
        profile = self._profile
        with self._lock:
            self.bytes += size_bytes
            takes_s = (size_bytes + HEADER_BYTES) * 8 / profile.bits_per_s
            self._free_at = max(time.monotonic(), self._free_at) + takes_s
            late_s = 0.0
            if self._random.random() < profile.loss:
                self._free_at += takes_s
                late_s = 2 * profile.delay_s
            return self._free_at, self._free_at + profile.delay_s + late_s


class SlowLine:
    """Relays to a port of this machine while it is entered."""

    def __init__(self, port: int, profile: LineProfile) -> None:
        self._target = port
        self._profile = profile
        self.up, self.down = _Way(profile, profile.seed), _Way(profile, profile.seed + 1)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.connections = 0

    @property
    def url(self) -> str:
        """What the kiosk calls central."""
        return f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for used in (self._door, *self._open):
            used.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            self.connections += 1
            self._open += [near, far]
            ready_at = time.monotonic() + 2 * self._profile.delay_s
            for source, target, way in ((near, far, self.up), (far, near, self.down)):
                self._relay(source, target, way, ready_at)

    def _relay(
        self, source: socket.socket, target: socket.socket, way: _Way, ready_at: float
    ) -> None:
        on_the_way: queue.Queue[tuple[float, bytes]] = queue.Queue()

        def take_in() -> None:
            time.sleep(max(0.0, ready_at - time.monotonic()))
            while True:
                try:
                    segment = source.recv(SEGMENT_BYTES)
                except OSError:
                    segment = b""
                sent_at, arrives_at = way.arrival_of(len(segment))
                on_the_way.put((arrives_at, segment))
                if not segment:
                    return
                time.sleep(max(0.0, sent_at - time.monotonic() - _AHEAD_S))

        def hand_out() -> None:
            while True:
                arrives_at, segment = on_the_way.get()
                time.sleep(max(0.0, arrives_at - time.monotonic()))
                try:
                    if not segment:
                        target.shutdown(socket.SHUT_WR)
                        return
                    target.sendall(segment)
                except OSError:
                    return

        for work in (take_in, hand_out):
            threading.Thread(target=work, daemon=True).start()
