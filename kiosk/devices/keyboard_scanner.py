"""A barcode scanner that pretends to be a keyboard, as most USB scanners come out of their box.

Its keys are read from the kernel and taken for this program alone (`EVIOCGRAB`): what it types can
neither press a button nor land in a field, and a receipt's secret passes through no window. A real
keyboard is another device and goes on. The scanner must keep the layout that it comes with, that of
the United States.
"""

import fcntl
import logging
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.devices.scanner import Scanner

INPUT_FOLDER = "/dev/input/"
EVENT = struct.Struct("llHHi")  # struct input_event of linux/input.h: time, type, code, value
GRAB = 0x40044590  # EVIOCGRAB of linux/input.h
EV_KEY = 1
RELEASED, PRESSED = 0, 1  # 2: held down, which no scanner does
SHIFTS = (42, 54)
ENTERS = (28, 96)
# The characters of each key, plain and with shift, by the kernel's numbers of keys.
ROWS = {
    2: ("1234567890-=", "!@#$%^&*()_+"),
    16: ("qwertyuiop[]", "QWERTYUIOP{}"),
    30: ("asdfghjkl;'`", 'ASDFGHJKL:"~'),
    43: ("\\zxcvbnm,./", "|ZXCVBNM<>?"),
    57: (" ", " "),
}
KEYS = {
    first + place: pair
    for first, (plain, shifted) in ROWS.items()
    for place, pair in enumerate(zip(plain, shifted, strict=True))
}

log = logging.getLogger(__name__)


def is_keyboard(path: str) -> bool:
    """Whether the path is that of a keyboard and not of a serial port."""
    return path.startswith(INPUT_FOLDER)


class KeyboardScanner(Scanner):
    """Listens to a keyboard that nobody types on."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._shift = False
        self._rest = b""  # of an event that was cut in two

    @contextmanager
    def _opened(self) -> Iterator[int]:
        self._shift, self._rest = False, b""
        fd = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            try:
                fcntl.ioctl(fd, GRAB, 1)
            except OSError as problem:  # it still reads, and its keys reach the window too
                log.warning("The scanner cannot be had alone (%s).", problem)
            yield fd
        finally:
            os.close(fd)

    def _values(self, data: bytes) -> Iterator[int]:
        self._rest += data
        whole = len(self._rest) // EVENT.size * EVENT.size
        events, self._rest = self._rest[:whole], self._rest[whole:]
        for _seconds, _microseconds, kind, key, value in EVENT.iter_unpack(events):
            if kind != EV_KEY:
                continue
            if key in SHIFTS:
                self._shift = value != RELEASED
            elif value == PRESSED and key in ENTERS:
                yield ord("\r")
            elif value == PRESSED and key in KEYS:
                yield ord(KEYS[key][self._shift])
