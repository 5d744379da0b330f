"""Talking to a printer: never faster than it can print, and asking how it is.

Flow control cannot be trusted: cheap converters have none and buffers overflow silently. So bytes
go on credit. A printer that answers says after each block that it is done with it (`GS r`), and no
more than a share of its buffer is ever on its way. A mute one is sent what it can have printed by
now. Either way the person is told what is wrong within half a second, where the printer tells us:
it is asked between blocks, and little is ever on the wire, so that no question stands behind much.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable
from enum import StrEnum
from itertools import count
from secrets import randbelow

from kiosk.printing.errors import KnifeStuck, PrinterCode, PrinterHot, PrinterSilent
from kiosk.printing.escpos import WINDOW, Block, block_bytes_max
from kiosk.printing.port import Port
from kiosk.printing.profile import BITS_PER_BYTE, Presenter, PrinterProfile, Proof
from kiosk.printing.status import (
    ASK_ONLINE,
    ASK_PROCESSED,
    ASK_STATUS,
    ASK_TICKET,
    CITIZEN_END,
    CITIZEN_TICKET,
    OFFLINE,
    PAPER_NUMBERS,
    RECOVER,
    RETRACT,
    STATUS_REPLIES,
    TICKET_LIES,
    Replies,
    Reply,
    ask_printed,
    judged,
)
from sync.sentence import Sentence

__all__ = ["Dialogue", "Progress", "Proof"]

WRITE_S_MAX = 5.0  # for one block, which is less than the buffer
ASK_EVERY_S = 0.05  # while printing: with a block on the wire and its patience still half a second
WIRE_AHEAD_S = 0.03  # before the wire is free the next block is handed over
PROCESSED_S_MAX = 8.0  # no block prints as long as that
COOL_S_MAX = 120.0  # hot heads pause
QUIET_S = 0.4  # after which no late answer is expected: a block prints in less
PATIENCE_S = 1.5  # with a printer that is named silent: no paper is given up for a slow answer
SILENCE_S = 0.05  # within one answer no printer pauses so long
CUT_OFF_S = 1.0  # without an answer: the question was swallowed by a picture
PACE = 0.8  # of the mechanical speed, towards a mute printer
RECOVER_EVERY_S = 5.0  # a stuck knife is not tried all the time


class Progress(StrEnum):
    """How far a paper has come when something goes wrong."""

    NOTHING = "nothing"  # no byte has gone
    PART = "part"  # some has, and some has not: it cannot be complete
    ALL = "all"  # every byte has gone; whether it came out is not known
    PROCESSED = "processed"  # the printer is done with it, and something is wrong now


class Dialogue:
    """One printer at one port.

    Args:
        port: the way to it.
        profile: what it is.
        now_s: a clock that goes on.
    """

    def __init__(
        self, port: Port, profile: PrinterProfile, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._port = port
        self._now_s = now_s
        self._profile = profile
        self._window_bytes = int(profile.buffer_bytes * WINDOW)
        self._replies = Replies()
        self._statuses: list[int] = []
        self._printed: int | None = None  # the number that was called last
        self._ticket: int | None = None
        self._numbers = count(randbelow(PAPER_NUMBERS))  # not those of an earlier program
        self._on_their_way: deque[int] = deque()  # sizes of blocks not yet answered
        self._printing: deque[tuple[float, int]] = deque()  # paced: done when, and their sizes
        self._free_at_s = 0.0  # paced: when all of them are printed
        self._wire_free_at_s = 0.0
        self._ask_at_s = 0.0
        self._answer_due_s: float | None = None  # of the question that is on its way
        self._is_overdue = False  # the silence was told
        self._tell: Callable[[PrinterCode], None] = _nobody
        self._recover_at_s = 0.0
        self._settled = False  # an earlier program may have been cut off
        self.progress = Progress.NOTHING

    def check(self) -> PrinterCode:
        """How the printer is: ready, or low on paper. Of a mute one: whether it is plugged in.

        Raises:
            PrinterError: it cannot print.
        """
        try:
            code = self._status()
        except KnifeStuck:
            self._try_the_knife_again()
            raise
        if not self._settled:
            self._settle()
        return code

    def send(
        self, blocks: Iterable[Block], tell: Callable[[PrinterCode], None] | None = None
    ) -> Proof:
        """Print these blocks; `progress` says how far it came.

        Args:
            blocks: each ends where a command ends.
            tell: is told how the printer is where it pauses and goes on by itself.

        Raises:
            PrinterError: it broke off.
        """
        self.progress = Progress.NOTHING
        self._settled = False  # until it is through
        self._tell = tell or _nobody
        self._printing.clear()
        self._free_at_s = self._now_s()
        for block in blocks:
            if self._profile.acknowledges:
                self._send_on_credit(block)
            else:
                self._send_paced(block)
        self.progress = Progress.ALL
        self._wait_for_the_end()
        self._settled = True
        return self._profile.proof if self._profile.acknowledges else Proof.SENT

    def ticket_lies(self) -> bool:
        """Whether the presenter holds a paper that nobody has taken.

        Raises:
            PrinterError: it does not say.
        """
        presenter = self._profile.presenter
        self._listen(0)
        self._ticket = None
        self._statuses.clear()
        self._put(ASK_TICKET[presenter], self._profile.reply_s_max)
        deadline = self._wire_free_at_s + self._profile.reply_s_max
        if presenter is Presenter.CITIZEN:
            while not self._statuses:
                self._listen_until(deadline, "no word of the presenter")
            # Where the roll has ended both bits are set, so that nothing is known of the mouth.
            return self._statuses[0] & (CITIZEN_TICKET | CITIZEN_END) == CITIZEN_TICKET
        while self._ticket is None:
            self._listen_until(deadline, "no word of the presenter")
        return bool(self._ticket & TICKET_LIES)

    def retract(self) -> None:
        """Have the presenter take its paper back into the kiosk."""
        self._put(RETRACT[self._profile.presenter], WRITE_S_MAX)

    def _status(self, patience_s: float = 0.0) -> PrinterCode:
        self._listen(0)
        self._answer_due_s, self._is_overdue = None, False
        if not self._profile.answers_status:
            return PrinterCode.READY
        self._statuses.clear()
        self._put(ASK_STATUS, self._profile.reply_s_max)
        deadline = self._wire_free_at_s + self._profile.reply_s_max + patience_s
        while len(self._statuses) < STATUS_REPLIES:
            self._listen_until(deadline, "no status")
        self._ask_at_s = self._now_s() + ASK_EVERY_S
        first, second, third, fourth = self._statuses[:STATUS_REPLIES]
        return judged(first, second, third, fourth, self._profile.presenter)

    def _try_the_knife_again(self) -> None:
        """What the printer holds is given up with it: its paper is printed again anyway."""
        if self._now_s() >= self._recover_at_s:
            self._recover_at_s = self._now_s() + RECOVER_EVERY_S
            self._put(RECOVER, WRITE_S_MAX)
            self._on_their_way.clear()
            self._settled = False

    def _settle(self) -> None:
        """Bring the printer to where a command begins, whatever was cut off before.

        On the same connection every block went whole: the printer finishes what it holds. On a
        new one a picture may be cut off; it waits for its last bytes and would swallow what comes
        next. So many zeros end it, in pieces that fit beside what the buffer may hold; between
        commands they mean nothing. Late answers are let pass.
        """
        if not self._profile.acknowledges:
            self._put(bytes(block_bytes_max(self._profile)), WRITE_S_MAX)
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
            self._put(piece + ASK_PROCESSED, WRITE_S_MAX)
            deadline = self._wire_free_at_s + CUT_OFF_S
            while self._on_their_way and self._now_s() < deadline:
                self._listen(ASK_EVERY_S)
            if not self._on_their_way:
                self._wait_for_quiet()
                return
        self._on_their_way.clear()
        raise PrinterSilent(Sentence("does not answer commands"))

    def _wait_for_quiet(self) -> None:
        deadline = self._now_s() + PROCESSED_S_MAX
        while self._listen(QUIET_S) and self._now_s() < deadline:
            pass

    def _send_on_credit(self, block: Block) -> None:
        data = block.data + ASK_PROCESSED
        while self._on_their_way and sum(self._on_their_way) + len(data) > self._window_bytes:
            self._wait_until_one_is_done()
        self._wait_for_the_wire()
        self._on_their_way.append(len(data))
        self._write(data)

    def _wait_until_one_is_done(self) -> None:
        waiting = len(self._on_their_way)
        deadline = self._wire_free_at_s + PROCESSED_S_MAX
        while len(self._on_their_way) == waiting:
            self._listen(ASK_EVERY_S)
            if len(self._on_their_way) < waiting:
                return
            paused_s = self._ask_how_it_is()
            deadline += paused_s
            if self._now_s() > deadline:
                raise PrinterSilent(Sentence("does not go on"))

    def _send_paced(self, block: Block) -> None:
        printing, size = self._printing, len(block.data)
        dots_per_s = self._profile.mechanical_mm_s * self._profile.dots_per_mm * PACE
        while printing and (
            printing[0][0] <= self._now_s()
            or sum(sent for _, sent in printing) + size > self._window_bytes
        ):
            done_at_s, _size = printing.popleft()
            self._pause_until(done_at_s)
        self._wait_for_the_wire()
        self._write(block.data)
        took_s = max(size * BITS_PER_BYTE / self._profile.baud, block.dots / dots_per_s)
        self._free_at_s = max(self._free_at_s, self._now_s()) + took_s
        printing.append((self._free_at_s, size))

    def _wait_for_the_end(self) -> None:
        """Until the printer is done with everything, and is well; or must be, if it is mute."""
        if not self._profile.acknowledges:
            self._pause_until(self._free_at_s)
            self._status(PATIENCE_S)
            return
        while self._on_their_way:
            self._wait_until_one_is_done()
        if self._profile.proof is Proof.PRINTED:
            self._wait_until_it_is_called()
        self.progress = Progress.PROCESSED
        self._status(PATIENCE_S)

    def _wait_until_it_is_called(self) -> None:
        number = next(self._numbers) % PAPER_NUMBERS
        self._printed = None
        self._put(ask_printed(number), WRITE_S_MAX)
        deadline = self._wire_free_at_s + PROCESSED_S_MAX
        while self._printed != number:
            self._listen(ASK_EVERY_S)
            if self._printed != number:
                deadline += self._ask_how_it_is()
                if self._now_s() > deadline:
                    raise PrinterSilent(Sentence("does not call the paper's number"))

    def _pause_until(self, at_s: float) -> None:
        """Wait, but notice an unplugged printer, and what it says."""
        while (left_s := at_s - self._now_s()) > 0:
            self._listen(min(left_s, ASK_EVERY_S))
            self._ask_how_it_is()

    def _wait_for_the_wire(self) -> None:
        self._ask_how_it_is()
        while (left_s := self._wire_free_at_s - self._now_s() - WIRE_AHEAD_S) > 0:
            self._listen(left_s)
            self._ask_how_it_is()

    def _ask_how_it_is(self) -> float:
        """Between blocks: ask whether it goes on, and heed the answer; how long it had to cool.

        Raises:
            PrinterError: it does not go on.
        """
        if not self._profile.answers_status:
            return 0.0
        now_s = self._now_s()
        if self._answer_due_s is None:
            if now_s >= self._ask_at_s:
                self._statuses.clear()
                self._put(ASK_ONLINE, WRITE_S_MAX)
                self._answer_due_s = self._wire_free_at_s + self._profile.reply_s_max
        elif self._statuses:
            self._answer_due_s = None
            self._ask_at_s = now_s + ASK_EVERY_S
            if self._statuses[0] & OFFLINE or self._is_overdue:
                return self._named()
        elif now_s > self._answer_due_s + PATIENCE_S:
            raise PrinterSilent(Sentence("no status"))
        elif now_s > self._answer_due_s and not self._is_overdue:
            self._is_overdue = True
            self._tell(PrinterCode.SILENT)
        return 0.0

    def _named(self) -> float:
        """Name how it is; where its head is hot, wait until it goes on. How long that took."""
        begun_s = self._now_s()
        while True:
            try:
                code = self._status(PATIENCE_S)
            except PrinterHot:
                if self._now_s() - begun_s > COOL_S_MAX:
                    raise
                self._tell(PrinterCode.COOLING)
                self._listen(ASK_EVERY_S)
            else:
                self._tell(code)
                return self._now_s() - begun_s

    def _write(self, data: bytes) -> None:
        self.progress = Progress.PART
        self._put(data, WRITE_S_MAX)

    def _put(self, data: bytes, timeout_s: float) -> None:
        """Hand bytes over, and reckon how long the wire has to do with them."""
        self._port.write(data, timeout_s)
        wire_s = len(data) * BITS_PER_BYTE / self._profile.baud
        self._wire_free_at_s = max(self._wire_free_at_s, self._now_s()) + wire_s

    def _listen_until(self, deadline: float, otherwise: str) -> None:
        """Take in what the printer says, once.

        Raises:
            PrinterSilent: its time is over.
        """
        left_s = deadline - self._now_s()
        said = self._listen(max(0.0, left_s))  # it may have spoken while we were held up
        if left_s <= 0 and (not said or left_s < -PATIENCE_S):
            raise PrinterSilent(otherwise)

    def _listen(self, timeout_s: float) -> bool:
        """Take in what the printer says, once; whether it said anything."""
        said = self._port.read(timeout_s)
        if not said and timeout_s >= SILENCE_S:
            self._replies.forget()
        for reply, value in self._replies.read(said):
            match reply:
                case Reply.STATUS:
                    self._statuses.append(value)
                case Reply.PRINTED:
                    self._printed = value
                case Reply.TICKET:
                    self._ticket = value
                case Reply.PROCESSED if self._on_their_way:
                    self._on_their_way.popleft()
                    self._came_off_the_wire()
        return bool(said)

    def _came_off_the_wire(self) -> None:
        """What is done is not on the wire: a link quicker than its baud is not held up."""
        wire_s = sum(self._on_their_way) * BITS_PER_BYTE / self._profile.baud
        self._wire_free_at_s = min(self._wire_free_at_s, self._now_s() + wire_s)


def _nobody(_code: PrinterCode) -> None:
    """Nobody wants to be told."""
