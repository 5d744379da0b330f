"""A serial line and a printer in simulated time: hours of printing in seconds, always the same.

The dialogue is the real one, and so is the printer's machine; only the clock is not. Each byte
arrives when the wire at that baud has carried it, finds the buffer as the motor has left it by
then, and is lost where there is no room.
"""

from collections import deque
from math import inf

from kiosk.printing.profile import BITS_PER_BYTE, PrinterProfile
from kiosk.printing.virtual_machine import Machine


class SimulatedPort:
    """The port of a printer that is not there, in a time that is not real.

    Args:
        printer: what the printer truly is; what the kiosk believes may differ.
        baud: of the line.
    """

    def __init__(self, printer: PrinterProfile, baud: int) -> None:
        self.now_s = 1_000.0
        self.byte_s = BITS_PER_BYTE / baud
        self.backlog_s_max = 0.0  # how long a byte stood behind others at most
        self.machine = Machine(printer, self._say, paced=True, clock=self.clock)
        self._wire: deque[tuple[float, bytes]] = deque()
        self._wire_free_s = self.now_s
        self._said: deque[tuple[float, bytes]] = deque()

    def clock(self) -> float:
        return self.now_s

    def write(self, data: bytes, timeout_s: float) -> None:
        del timeout_s  # a serial line always takes bytes
        at_s = max(self.now_s, self._wire_free_s)
        self.backlog_s_max = max(self.backlog_s_max, at_s - self.now_s)
        for value in data:
            at_s += self.byte_s
            self._wire.append((at_s, bytes([value])))
        self._wire_free_s = at_s

    def read(self, timeout_s: float) -> bytes:
        deadline = self.now_s + timeout_s
        while not (self._said and self._said[0][0] <= self.now_s):
            if self.now_s >= deadline:
                return b""
            self._go_on(deadline)
        heard = b""
        while self._said and self._said[0][0] <= self.now_s:
            heard += self._said.popleft()[1]
        return heard

    def close(self) -> None:
        """Nothing is open."""

    def settles(self, seconds: float) -> None:
        """Let so much time pass."""
        until_s = self.now_s + seconds
        while self.now_s < until_s:
            self._go_on(until_s)

    def _say(self, data: bytes) -> None:
        self._said.append((self.now_s + len(data) * self.byte_s, data))

    def _go_on(self, until_s: float) -> None:
        """To whatever happens next, and no further than that moment."""
        machine = self.machine
        arrives_s = self._wire[0][0] if self._wire else inf
        motor_s = machine.free_at_s if machine.free_at_s > self.now_s else inf
        heard_s = next((at_s for at_s, _ in self._said if at_s > self.now_s), inf)
        next_s = min(arrives_s, motor_s, heard_s, machine.speaks_at_s, until_s)
        self.now_s = max(self.now_s, next_s)
        while self._wire and self._wire[0][0] <= self.now_s:
            machine.hear(self._wire.popleft()[1])
        if machine.free_at_s <= self.now_s:
            machine.work()
        machine.speak()
