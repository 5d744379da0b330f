"""The wire to a printer: bytes out, bytes in, each with a deadline.

It knows nothing of receipts or ESC/POS. pyserial opens and configures the port; the bytes go by
`os.write` and `select`, because pyserial's time-out hides how many bytes went, and no call may ever
wait without an end: with its cover open a printer stops taking bytes for good.
"""

import errno
import os
import select
import termios
import time
from contextlib import suppress
from enum import StrEnum
from typing import Protocol

import serial

from kiosk.printing.errors import PrinterMissing, PrinterSilent
from sync.sentence import N_, Sentence

READ_BYTES = 256


class Hindrance(StrEnum):
    """Why a port cannot be used, for the technician."""

    ABSENT = N_("there is no such port")
    FORBIDDEN = N_("this user may not use it; add the user to the port's group, mostly dialout")
    HELD = N_("another program holds it")
    NO_PORT = N_("it is no serial port")
    BROKEN = N_("the port does not work")


class Port(Protocol):
    """A way to a printer."""

    def write(self, data: bytes, timeout_s: float) -> None:
        """Hand over all of it.

        Raises:
            PrinterMissing: the printer was unplugged.
            PrinterSilent: it did not take it in time.
        """
        ...

    def read(self, timeout_s: float) -> bytes:
        """What the printer has said, waiting no longer than that; empty: nothing.

        Raises:
            PrinterMissing: the printer was unplugged.
        """
        ...

    def close(self) -> None:
        """Give the port back."""
        ...


class SerialPort:
    """A serial port, real or a pseudo-terminal.

    Raises:
        PrinterMissing: there is no such port, or another program holds it.
    """

    def __init__(self, path: str, baud: int) -> None:
        try:
            self._serial = serial.Serial(path, baudrate=baud, timeout=0, exclusive=True)
        except (serial.SerialException, OSError, ValueError, termios.error) as problem:
            raise PrinterMissing(Sentence(_hindrance(path, problem).value)) from problem
        self._fd: int = self._serial.fileno()

    def write(self, data: bytes, timeout_s: float) -> None:
        """Hand over all of it (see `Port`)."""
        deadline = time.monotonic() + timeout_s
        rest = memoryview(data)
        while rest:
            self._wait_until_writable(deadline)
            try:
                rest = rest[os.write(self._fd, rest) :]
            except BlockingIOError:
                continue
            except OSError as problem:
                raise PrinterMissing(_broken(problem)) from problem

    def read(self, timeout_s: float) -> bytes:
        """What the printer has said (see `Port`)."""
        try:
            readable, _, _ = select.select([self._fd], [], [], timeout_s)
            if not readable:
                return b""
            data = os.read(self._fd, READ_BYTES)
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as problem:
            raise PrinterMissing(_broken(problem)) from problem
        if not data:  # ready to read, and nothing there: the line was hung up
            raise PrinterMissing(Sentence("hung up"))
        return data

    def close(self) -> None:
        """Give the port back; what is not yet sent is dropped, or closing would wait for it."""
        with suppress(OSError, termios.error):
            self._serial.reset_output_buffer()
        self._serial.close()

    def _wait_until_writable(self, deadline: float) -> None:
        try:
            left_s = max(0.0, deadline - time.monotonic())
            _, writable, _ = select.select([], [self._fd], [], left_s)
        except (OSError, ValueError) as problem:
            raise PrinterMissing(_broken(problem)) from problem
        if not writable:
            raise PrinterSilent(Sentence("takes no bytes"))


def _hindrance(path: str, problem: BaseException) -> Hindrance:
    """Why it cannot be opened: pyserial says it in many ways."""
    if not os.path.exists(path):  # noqa: PTH110 - a str, as pyserial takes it
        return Hindrance.ABSENT
    if not os.access(path, os.R_OK | os.W_OK):
        return Hindrance.FORBIDDEN
    causes = {
        value
        for cause in (problem, problem.__cause__, problem.__context__)
        if cause is not None
        for value in (getattr(cause, "errno", None), *cause.args[:1])
    }
    if causes & {errno.EBUSY, errno.EAGAIN}:
        return Hindrance.HELD
    return (
        Hindrance.NO_PORT
        if causes & {errno.ENOTTY, errno.ENODEV, errno.EISDIR}
        else Hindrance.BROKEN
    )


def _broken(problem: Exception) -> str:
    """What the system says of a port that was open."""
    said = getattr(problem, "strerror", None)
    return Sentence(said) if said else Sentence("the port was closed")
