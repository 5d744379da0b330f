"""Talking to a printer: never faster than it can print, and asking how it is.

Flow control cannot be trusted: cheap converters have none and buffers overflow silently. So bytes
go on credit. A printer that answers says after each block that it is done with it (`GS r`), and no
more than a share of its buffer is ever on its way. A mute one is sent what it can have printed by
now. Either way the person is told what is wrong within half a second, where the printer tells us.
"""

import time
from collections import deque
from collections.abc import Iterable
from enum import StrEnum

from kiosk.printing.errors import PrinterCode, PrinterSilent
from kiosk.printing.escpos import WINDOW, Block, block_bytes_max
from kiosk.printing.port import Port
from kiosk.printing.profile import PrinterProfile
from kiosk.printing.status import (
    ASK_PROCESSED,
    ASK_STATUS,
    STATUS_REPLIES,
    Replies,
    Reply,
    judged,
)

REPLY_S_MAX = 0.5  # a status answer takes 3 ms; clones are slower
WRITE_S_MAX = 5.0  # for one block, which is less than the buffer
ASK_EVERY_S = 0.25  # while waiting: a fault is named within half a second
PROCESSED_S_MAX = 8.0  # hot heads pause; no block prints as long as that
QUIET_S = 0.4  # after which no late answer is expected: a block prints in less
CUT_OFF_S = 1.0  # without an answer: the question was swallowed by a picture
PACE = 0.8  # of the mechanical speed, towards a mute printer
BITS_PER_BYTE = 10  # on the wire: start, eight, stop


class Proof(StrEnum):
    """How well it is known that a paper came out."""

    SENT = "sent"  # everything was sent, to a printer that says nothing
    PROCESSED = "processed"  # the printer said that it is done, the cut included


class Progress(StrEnum):
    """How far a paper has come when something goes wrong."""

    NOTHING = "nothing"  # no byte has gone
    PART = "part"  # some has, and some has not: it cannot be complete
    ALL = "all"  # every byte has gone; whether it came out is not known


class Dialogue:
    """One printer at one port."""

    def __init__(self, port: Port, profile: PrinterProfile) -> None:
        self._port = port
        self._profile = profile
        self._window_bytes = int(profile.buffer_bytes * WINDOW)
        self._replies = Replies()
        self._statuses: list[int] = []
        self._on_their_way: deque[int] = deque()  # sizes of blocks not yet answered
        self._settled = False  # an earlier program may have been cut off
        self.progress = Progress.NOTHING

    def check(self) -> PrinterCode:
        """How the printer is: ready, or low on paper. Of a mute one: whether it is plugged in.

        Raises:
            PrinterError: it cannot print.
        """
        code = self._status()
        if not self._settled:
            self._settle()
        return code

    def _status(self) -> PrinterCode:
        self._listen(0)
        if not self._profile.answers_status:
            return PrinterCode.READY
        self._statuses.clear()
        self._port.write(ASK_STATUS, REPLY_S_MAX)
        deadline = time.monotonic() + REPLY_S_MAX
        while len(self._statuses) < STATUS_REPLIES:
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                raise PrinterSilent("no status")
            self._listen(left_s)
        first, second, third, fourth = self._statuses[:STATUS_REPLIES]
        return judged(first, second, third, fourth)

    def send(self, blocks: Iterable[Block]) -> Proof:
        """Print these blocks; `progress` says how far it came.

        Raises:
            PrinterError: it broke off.
        """
        self.progress = Progress.NOTHING
        self._settled = False  # until it is through
        if self._profile.answers_status:
            self._send_on_credit(blocks)
        else:
            self._send_paced(blocks)
        self._settled = True
        return Proof.PROCESSED if self._profile.answers_status else Proof.SENT

    def _settle(self) -> None:
        """Bring the printer to where a command begins, whatever was cut off before.

        On the same connection every block went whole: the printer finishes what it holds. On a
        new one a picture may be cut off; it waits for its last bytes and would swallow what comes
        next. So many zeros end it, in pieces that fit beside what the buffer may hold; between
        commands they mean nothing. Late answers are let pass.
        """
        if not self._profile.answers_status:
            self._port.write(bytes(block_bytes_max(self._profile)), WRITE_S_MAX)
        elif self._on_their_way:
            while self._on_their_way:
                self._wait_until_one_is_done()
        else:
            self._end_what_was_cut_off()
        self._settled = True

    def _end_what_was_cut_off(self) -> None:
        self._wait_for_quiet()
        piece = bytes(self._profile.buffer_bytes - self._window_bytes - len(ASK_PROCESSED))
        zeros_left = block_bytes_max(self._profile) + len(piece)
        while zeros_left > 0:
            zeros_left -= len(piece)
            self._on_their_way = deque([len(piece)])
            self._port.write(piece + ASK_PROCESSED, WRITE_S_MAX)
            deadline = time.monotonic() + CUT_OFF_S
            while self._on_their_way and time.monotonic() < deadline:
                self._listen(ASK_EVERY_S)
            if not self._on_their_way:
                self._wait_for_quiet()
                return
        self._on_their_way.clear()
        raise PrinterSilent("does not answer commands")

    def _wait_for_quiet(self) -> None:
        deadline = time.monotonic() + PROCESSED_S_MAX
        while self._listen(QUIET_S) and time.monotonic() < deadline:
            pass

    def _write(self, data: bytes) -> None:
        self.progress = Progress.PART
        self._port.write(data, WRITE_S_MAX)

    def _send_on_credit(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            data = block.data + ASK_PROCESSED
            while self._on_their_way and sum(self._on_their_way) + len(data) > self._window_bytes:
                self._wait_until_one_is_done()
            self._on_their_way.append(len(data))
            self._write(data)
        self.progress = Progress.ALL
        while self._on_their_way:
            self._wait_until_one_is_done()

    def _wait_until_one_is_done(self) -> None:
        waiting = len(self._on_their_way)
        deadline = time.monotonic() + PROCESSED_S_MAX
        while len(self._on_their_way) == waiting:
            self._listen(ASK_EVERY_S)
            if len(self._on_their_way) < waiting:
                return
            self._status()
            if time.monotonic() > deadline:
                raise PrinterSilent("does not go on")

    def _send_paced(self, blocks: Iterable[Block]) -> None:
        printing: deque[tuple[float, int]] = deque()  # when each is printed, and its size
        free_at_s = time.monotonic()
        dots_per_s = self._profile.mechanical_mm_s * self._profile.dots_per_mm * PACE
        for block in blocks:
            while printing and (
                printing[0][0] <= time.monotonic()
                or sum(size for _, size in printing) + len(block.data) > self._window_bytes
            ):
                done_at_s, _size = printing.popleft()
                self._pause_until(done_at_s)
            self._write(block.data)
            wire_s = len(block.data) * BITS_PER_BYTE / self._profile.baud
            free_at_s = max(free_at_s, time.monotonic()) + max(wire_s, block.dots / dots_per_s)
            printing.append((free_at_s, len(block.data)))
        self.progress = Progress.ALL
        self._pause_until(free_at_s)

    def _pause_until(self, at_s: float) -> None:
        """Wait, but notice an unplugged printer."""
        while (left_s := at_s - time.monotonic()) > 0:
            self._listen(min(left_s, ASK_EVERY_S))

    def _listen(self, timeout_s: float) -> bool:
        """Take in what the printer says, once; whether it said anything."""
        said = self._port.read(timeout_s)
        for reply, value in self._replies.read(said):
            if reply is Reply.STATUS:
                self._statuses.append(value)
            elif self._on_their_way:
                self._on_their_way.popleft()
        return bool(said)
