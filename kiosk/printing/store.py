"""Pictures that a printer keeps: what stands on every receipt is sent once, then only named.

Headings, names of services and offices, where to go: most of a receipt is the same each time. A
printer with a memory of its own (`GS ( L`, "NV graphics") keeps these lines; a receipt then sends
its own lines only, and at 9600 baud takes a third of the time. Which pictures the printer holds is
asked, never remembered: five marks among its keys spell the version of the whole set, and they are
written last, so a set that was cut off in the middle, or another kiosk's, is not taken for ours.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

from kiosk.printing.escpos import ACKNOWLEDGE_BYTES, REAL_TIME, WINDOW, Block, raster_of
from kiosk.printing.layout import Band, lay_out
from kiosk.printing.port import Port
from kiosk.printing.profile import PrinterProfile
from kiosk.printing.slip import Slip
from sync.ledger import Ledger

GRAPHICS = b"\x1d(L"
ASK_KEYS = GRAPHICS + b"\x04\x00\x30\x40KC"  # function 64
FORGET_ALL = GRAPHICS + b"\x05\x00\x30\x41CLR"  # function 65
DEFINE, ONE_COLOUR, FIRST_COLOUR = b"\x30\x43\x30", b"\x01", b"\x31"  # function 67
PRINT = GRAPHICS + b"\x06\x00\x30\x45"  # function 69
DEFINE_BYTES = 11  # of a definition, before its dots
ANSWER_BEGINS, ANSWER_ENDS, MORE_FOLLOW, SEND_MORE = b"\x37\x72", 0x00, 0x41, b"\x06"
ANSWER_S_MAX = 1.0
KEY_FIRST, KEY_LAST = 33, 126  # of both bytes of a key
KEY_RANGE = KEY_LAST - KEY_FIRST + 1
MARKS = "vwxyz"  # keys that begin so spell the version, a digit each
PICTURES_MAX = (ord(MARKS[0]) - KEY_FIRST) * KEY_RANGE
WRITES_MAX = 3  # while the program runs: flash wears, and a printer that fails at it is left alone
WORTH_BYTES = 64  # a picture not much longer than its name need not be kept

Fingerprint = tuple[bool, int, int, bytes]


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture and the two bytes that it is called by."""

    key: bytes
    width: int
    height: int
    dots: bytes


class Store:
    """A set of pictures that belong together.

    Args:
        bands: what is printed again and again; what does not fit is left out.
        profile: the printer that is to keep them.
    """

    def __init__(self, bands: Iterable[Band], profile: PrinterProfile) -> None:
        wanted = sorted({_fingerprint(band): band for band in bands}.items())
        self._kept: dict[Fingerprint, Kept] = {}
        room = profile.store_bytes
        most = int(profile.buffer_bytes * WINDOW) - ACKNOWLEDGE_BYTES  # a definition goes alone
        for fingerprint, band in wanted:
            width, height, dots = raster_of(band)
            fits = DEFINE_BYTES + 5 + len(dots) <= most
            if fits and WORTH_BYTES < len(dots) <= room and len(self._kept) < PICTURES_MAX:
                kept = Kept(_key(len(self._kept)), width, height, dots)
                if not any(command in _definition(kept) for command in REAL_TIME):
                    room -= len(dots)
                    self._kept[fingerprint] = kept
        told = blake2b(digest_size=16)
        for kept in self._kept.values():
            told.update(kept.key + kept.width.to_bytes(2) + kept.height.to_bytes(2) + kept.dots)
        number = int.from_bytes(told.digest())
        self._marks = []
        for mark in MARKS:
            number, digit = divmod(number, KEY_RANGE)
            self._marks.append(mark.encode() + bytes([KEY_FIRST + digit]))

    @property
    def keys(self) -> frozenset[bytes]:
        """What the printer answers when it holds exactly this set."""
        return frozenset({kept.key for kept in self._kept.values()} | set(self._marks))

    @property
    def size_bytes(self) -> int:
        """How much memory its dots take."""
        return sum(len(kept.dots) for kept in self._kept.values())

    def find(self, band: Band) -> bytes | None:
        """The command that prints this band, where it is kept."""
        kept = self._kept.get(_fingerprint(band))
        if kept is None:
            return None
        scale = 2 if band.doubled else 1
        return PRINT + kept.key + bytes([scale, scale])

    def written(self) -> Iterator[Block]:
        """The commands that make the printer forget what it held and keep this set."""
        yield Block(FORGET_ALL, 0)
        for kept in self._kept.values():
            yield Block(_definition(kept), 0)
        for mark in self._marks:
            yield Block(_definition(Kept(mark, 8, 1, b"\x80")), 0)


def ask_keys(port: Port) -> frozenset[bytes] | None:
    """The keys of the pictures that the printer holds; None where it does not answer that.

    Raises:
        PrinterError: the printer is gone.
    """
    keys, said = set[bytes](), b""
    port.write(ASK_KEYS, ANSWER_S_MAX)
    deadline = time.monotonic() + ANSWER_S_MAX
    while (left_s := deadline - time.monotonic()) > 0:
        said += port.read(left_s)
        begin = said.find(ANSWER_BEGINS)
        end = said.find(ANSWER_ENDS, begin + 3)
        if begin < 0 or end < 0:
            continue
        status, listed, said = said[begin + 2], said[begin + 3 : end], said[end + 1 :]
        keys.update(listed[place : place + 2] for place in range(0, len(listed), 2))
        if status != MORE_FOLLOW:
            return frozenset(keys)
        port.write(SEND_MORE, ANSWER_S_MAX)
        deadline = time.monotonic() + ANSWER_S_MAX
    return None


class Standing(Protocol):
    """What stands on every receipt of a kiosk, as its ledger has it now."""

    def version(self, ledger: Ledger) -> object:
        """Another value whenever the slips have changed; quickly told."""
        ...

    def slips(self, ledger: Ledger) -> Iterable[Slip]:
        """The lines that are worth keeping."""
        ...


class Shelf:
    """What the printer at this connection is known to keep; the printing thread's own.

    Args:
        profile: the printer.
        standing: what is worth keeping; None: nothing.
    """

    def __init__(self, profile: PrinterProfile, standing: Standing | None) -> None:
        self._profile = profile
        self._standing = standing if profile.store_bytes else None
        self._store: Store | None = None
        self._asked: tuple[Port, object] | None = None
        self._writes = 0

    def find(self, band: Band) -> bytes | None:
        """The command that prints this band, where the printer keeps it."""
        return self._store.find(band) if self._store is not None else None

    def forget(self) -> None:
        """The connection is gone: another printer may be at its end next time."""
        self._store = self._asked = None

    def stock(self, ledger: Ledger, port: Port, send: Callable[[Iterable[Block]], object]) -> None:
        """Make sure that the printer keeps what is worth it; asked once a connection and version.

        A printer that cannot keep pictures prints everything as it did before.

        Raises:
            PrinterError: the printer is gone, or cannot print now.
        """
        if self._standing is None or self._asked == (
            port,
            version := self._standing.version(ledger),
        ):
            return
        self._store = None
        slips = self._standing.slips(ledger)
        store = Store(
            (band for slip in slips for band in lay_out(slip, self._profile)), self._profile
        )
        held = ask_keys(port)
        if held is not None and held != store.keys and self._writes < WRITES_MAX:
            self._writes += 1
            send(store.written())
            held = ask_keys(port)
        if held == store.keys:
            self._store = store
        self._asked = port, version


def _fingerprint(band: Band) -> Fingerprint:
    return band.doubled, band.image.width, band.image.height, band.image.tobytes()


def _key(number: int) -> bytes:
    first, second = divmod(number, KEY_RANGE)
    return bytes([KEY_FIRST + first, KEY_FIRST + second])


def _definition(kept: Kept) -> bytes:
    length = (DEFINE_BYTES + len(kept.dots)).to_bytes(2, "little")
    size = kept.width.to_bytes(2, "little") + kept.height.to_bytes(2, "little")
    head = GRAPHICS + length + DEFINE + kept.key + ONE_COLOUR + size + FIRST_COLOUR
    return head + kept.dots
