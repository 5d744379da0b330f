"""The works of a printer that is not there: its buffer, its motor and its voice.

Bytes come in one by one at a time that a clock tells, and overflow silently where the buffer is
full; real-time commands are obeyed wherever they stand; paper moves no faster than the motor. It
knows nothing of ports, so a simulation can drive it through hours in seconds.
"""

import math
import random
import time
from collections import deque
from collections.abc import Callable

from PIL import Image

from kiosk.printing.profile import Cut, Presenter, PrinterProfile
from kiosk.printing.virtual_body import Body
from kiosk.printing.virtual_foreign import ForeignHand
from kiosk.printing.virtual_press import Press

TORN_OFF_AFTER_S = 0.4  # a paper without a knife, once it has come past the tear bar
GIVEN_UP_AFTER_S = 5.0  # one that stopped halfway: a hand waits for the rest of it
DLE, EOT, ENQ, DC4 = 0x10, 0x04, 0x05, 0x14
REAL_TIME_BYTES = 3
PULSE_BYTES = 5  # DLE DC4 1 m t opens a drawer
TRY_AGAIN, GIVE_UP = 1, 2  # orders of DLE ENQ
EJECT_RETRACT, EJECT_PRESENT = 2, 3  # orders of GS e


class Machine(Body):
    """A printer without a cable.

    Args:
        profile: which printer to be.
        voice: takes what it says.
        paced: moves paper as slowly as the real one; else at once.
        foreign: also understands what only others send, such as letters.
        clock: seconds that go on.
    """

    def __init__(
        self,
        profile: PrinterProfile,
        voice: Callable[[bytes], None],
        *,
        paced: bool = False,
        foreign: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(profile, clock)
        self.papers: list[Image.Image] = []
        self.received_bytes = 0
        self.lost_bytes = 0
        self.first_byte_at_s: float | None = None  # to print; None: measure again
        self._voice, self._paced = voice, paced
        self._press = Press(
            profile,
            self._answer,
            self._keep,
            paper_status=self.paper_bits,
            cuts=self.cuts,
            ejector=self._eject,
            collector=self.collect,
        )
        self._hand = ForeignHand(self._press, self._watch) if foreign else None
        self._press.foreign = self._hand
        self._watched = b""  # the automatic status that was told last; empty: not wanted
        self._answers: deque[tuple[float, bytes]] = deque()  # from when on they may leave
        self._nonsense = random.Random(2026)  # noqa: S311 - noise, no secret
        self._tail = b""  # of what was heard: a command cut in two
        self.free_at_s = self._last_byte_at_s = self._moved_until_s = clock()

    @property
    def problems(self) -> list[str]:
        """What it was sent and should not have been."""
        return self._press.problems

    @property
    def said(self) -> list[str]:
        """The lines of letters that foreign programs printed."""
        return self._hand.said if self._hand else []

    @property
    def speaks_at_s(self) -> float:
        """When its next late answer leaves."""
        return self._answers[0][0] if self._answers else math.inf

    @property
    def busy_until_s(self) -> float:
        """When its last byte had come and its motor stood, by its clock; in future, or past."""
        return max(self._last_byte_at_s, self._moved_until_s)

    def watch(self) -> None:
        """Have it say unasked what changes, as if somebody had sent `GS a`."""
        self._watch(wanted=True)

    def hear(self, byte: bytes) -> None:
        """One byte off the wire. Real-time commands are obeyed wherever they stand."""
        self.received_bytes += 1
        self._tail += byte
        while self._tail:
            length = self._real_time_bytes(self._tail)
            if length > len(self._tail):
                return
            if length:
                command, self._tail = self._tail[:length], self._tail[length:]
                self._obey(command)
            else:
                value, self._tail = self._tail[0], self._tail[1:]
                self._store(value)

    def cut_off(self) -> None:
        """The cable was pulled: what is half heard stays half."""
        for value in self._tail:
            self._store(value)
        self._tail = b""
        self._press.cut_off()

    def _real_time_bytes(self, tail: bytes) -> int:
        """How long the real-time command is that begins here; 0: none does."""
        if tail[0] != DLE or (len(tail) > 1 and tail[1] not in {EOT, ENQ, DC4}):
            return 0
        if len(tail) < REAL_TIME_BYTES:
            return REAL_TIME_BYTES
        order = tail[2]
        if tail[1] == DC4:
            return PULSE_BYTES if order == 1 else 0
        known = self.knows(order) if tail[1] == EOT else order in {TRY_AGAIN, GIVE_UP}
        return REAL_TIME_BYTES if known else 0

    def _obey(self, command: bytes) -> None:
        """A real-time command. A knife is tried again only when nothing lies in its way."""
        if command[1] == EOT:
            self._answer(self.status(command[2]))
        elif command[1] == ENQ and self.knife_stuck:
            if command[2] == GIVE_UP:
                self._press.forget()
            self.knife_stuck = self.knife_blocked

    def _store(self, value: int) -> None:
        self._last_byte_at_s = self.clock()
        self.first_byte_at_s = self.first_byte_at_s or self._last_byte_at_s
        if len(self._press.buffer) >= self.profile.buffer_bytes:
            self.work()
        if len(self._press.buffer) >= self.profile.buffer_bytes:
            self.lost_bytes += 1
            return
        self._press.buffer.append(value)

    def work(self) -> None:
        """Print what is there, as far as paper, cover and motor allow."""
        now_s = self.clock()
        dots_per_s = self.profile.mechanical_mm_s * self.profile.dots_per_mm
        try:
            while not self.is_offline:
                if self._paced and self.free_at_s > now_s:
                    break
                dots = self._press.step()
                self.free_at_s += dots / dots_per_s
                self._moved_until_s = self.free_at_s
                if self.paper_left_dots is not None:
                    self.paper_left_dots -= dots
            else:
                self.free_at_s = now_s
        except IndexError:  # nothing to do: the motor stands, and time passes
            self.free_at_s = max(self.free_at_s, now_s)
        if self.profile.cut is Cut.NONE and not self._press.buffer:
            self._tear_off(now_s - max(self._last_byte_at_s, self._moved_until_s))

    def _tear_off(self, still_s: float) -> None:
        """A hand takes the paper, by the tear bar; nobody tears off an empty strip."""
        rows = self._press.rows
        past_the_bar = not any(rows[-self.profile.dots(self.profile.feed_before_cut_mm) :])
        patience_s = TORN_OFF_AFTER_S if past_the_bar else GIVEN_UP_AFTER_S
        if still_s > patience_s and any(rows):
            self._press.finish()

    def _answer(self, data: bytes) -> None:
        if self.mute:
            return
        if self.garbage:
            data = self._nonsense.randbytes(len(data))
        self._answers.append((self.clock() + self.late_s, data))
        self.speak()

    def speak(self) -> None:
        """Say what is due: late answers, and unasked what has changed."""
        if self._watched and self._watched != self.automatic_status():
            self._watched = self.automatic_status()
            self._answer(self._watched)
        while self._answers and self._answers[0][0] <= self.clock():
            _due_s, data = self._answers.popleft()
            self._voice(data)

    def _watch(self, wanted: bool) -> None:  # noqa: FBT001 - one word of a command
        self._watched = self.automatic_status() if wanted else b""
        if wanted:
            self._answer(self._watched)

    def _eject(self, order: int) -> None:
        if order == EJECT_RETRACT:
            self.retract()
        elif order == EJECT_PRESENT:
            self.present()
        else:
            self.take()

    def _keep(self, paper: Image.Image) -> None:
        self.papers.append(paper)
        if self.profile.presenter is Presenter.CITIZEN:
            self.present()
