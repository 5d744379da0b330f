"""A process of its own in which pictures are decoded, with bounded memory and time.

Decoders are where hostile files bite. What goes wrong in here (a crash, a bomb, an endless loop)
costs one small process and becomes a sentence; the kiosk goes on. The process is started when a
photo is asked for and ended with the page, and it answers by being polled: the screen never waits.
"""

import multiprocessing
import resource
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from time import monotonic
from typing import TYPE_CHECKING

from kiosk.devices.code import find_code
from kiosk.devices.picture import (
    LONG_SIDE_PX,
    NotAPicture,
    Picture,
    PictureError,
    decoded,
    develop,
)

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

MEMORY_BYTES_MAX = (
    768 * 2**20
)  # address space: 25 megapixels decoded, turned and shrunk need 400 MB
PATIENCE_S = 10.0  # a 25 megapixel picture takes 2 s on a small machine
ENDING_S = 1.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a picture cannot be used: an English message of the catalogue."""

    message: str


@dataclass(frozen=True, slots=True)
class CodeRead:
    """What came of looking for a code in a picture; it may be a receipt's: in no log."""

    text: str | None = field(repr=False)


Developed = Picture | Refusal
READ_CODE = 0  # in the place of a size: no picture is wanted, only what its code says


def _work(orders: Connection) -> None:
    """Develop what comes in until the door closes. Runs in the other process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold the picture
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it has no file to write
    while True:
        try:
            long_side_px, data = orders.recv()
        except (EOFError, OSError):
            return
        try:
            if long_side_px == READ_CODE:
                orders.send(CodeRead(find_code(decoded(data))))
            else:
                orders.send(develop(data, long_side_px))
        except PictureError as problem:
            orders.send(Refusal(str(problem)))


class Darkroom:
    """Develops one picture at a time: `ask`, then `poll` until it answers."""

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._door: Connection | None = None
        self._asked_s: float | None = None

    @property
    def busy(self) -> bool:
        """Whether an answer is owed."""
        return self._asked_s is not None

    def ask(self, data: bytes, long_side_px: int = LONG_SIDE_PX) -> None:
        """Begin to develop; what was asked before and is not finished is dropped."""
        if self.busy:
            self.close()
        door = self._opened()
        self._asked_s = monotonic()
        try:
            door.send((long_side_px, data))
        except OSError:  # the process died at once: poll finds it so
            return

    def ask_code(self, data: bytes) -> None:
        """Begin to look for a code in the picture, in the place of developing it."""
        self.ask(data, READ_CODE)

    def poll_code(self) -> CodeRead | None:
        """What was found, once; None while it is not ready."""
        answer = self._answer()
        if answer is None or isinstance(answer, CodeRead):
            return answer
        return CodeRead(None)

    def poll(self) -> Developed | None:
        """The picture or the refusal, once; None while it is not ready."""
        answer = self._answer()
        return None if isinstance(answer, CodeRead) else answer

    def _answer(self) -> Developed | CodeRead | None:
        if self._asked_s is None or self._door is None:
            return None
        try:
            if self._door.poll():
                answer: Developed | CodeRead = self._door.recv()
                self._asked_s = None
                return answer
        except (EOFError, OSError):  # it crashed, or ran out of memory beyond rescue
            return self._given_up()
        if monotonic() - self._asked_s > PATIENCE_S:
            return self._given_up()
        return None

    def close(self) -> None:
        """End the process and forget what it was doing."""
        self._asked_s = None
        if self._door is not None:
            self._door.close()
            self._door = None
        if self._process is not None:
            self._process.kill()
            self._process.join(ENDING_S)
            self._process = None

    def _given_up(self) -> Refusal:
        self.close()
        return Refusal(str(NotAPicture()))

    def _opened(self) -> Connection:
        if self._door is None:
            spawning = multiprocessing.get_context("spawn")  # fork would copy window and ledger
            self._door, theirs = spawning.Pipe()
            self._process = spawning.Process(target=_work, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()
        return self._door
