"""A printer that is not there: a pseudo-terminal that behaves like one and draws its papers.

`python -m kiosk.printing.virtual --link build/printer --out build/receipts` gives the kiosk a port
to print to and leaves a PNG of each paper. It has a receive buffer that overflows silently, takes
bytes no faster than the wire and paper no faster than the motor, answers `DLE EOT`, `GS r` and
`GS I`, and on command it runs out of paper, opens its cover, falls mute or is unplugged.
"""

import argparse
import contextlib
import os
import select
import signal
import sys
import termios
import threading
import time
import tty
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from PIL import Image

from kiosk.printing.profile import Cut, PrinterProfile, load_profile, profile_names
from kiosk.printing.virtual_press import Press

TICK_S = 0.002
READ_BYTES = 4096
TORN_OFF_AFTER_S = 0.4  # a paper without a knife, once nothing more comes
BITS_PER_BYTE = 10
DLE_EOT = b"\x10\x04"
ALWAYS = 0x12  # the fixed bits of a status answer
OFFLINE, COVER, STOPPED, NEAR_END, END = 0x08, 0x04, 0x20, 0x0C, 0x60


class VirtualPrinter:
    """A printer at a pseudo-terminal, until it is stopped.

    Args:
        profile: which printer to be.
        link: a path that always leads to its port; the port's own name changes when replugged.
        out: a folder for the papers' pictures.
        paced: takes bytes and moves paper as slowly as the real one; else at once.
    """

    def __init__(
        self,
        profile: PrinterProfile,
        *,
        link: Path | None = None,
        out: Path | None = None,
        paced: bool = False,
    ) -> None:
        self.profile = profile
        self.papers: list[Image.Image] = []
        self.received_bytes = 0
        self.lost_bytes = 0
        self.first_byte_at_s: float | None = None  # to print; None: measure again
        self.mute = False
        self.cover_open = False
        self.paper_near_end = False
        self.paper_left_dots: int | None = None  # None: plenty
        self.unplug_after_bytes: int | None = None
        self._link, self._out, self._paced = link, out, paced
        self._press = Press(profile, self._answer, self._keep, paper_status=self._paper_bits)
        self._master = self._slave = -1
        self._tail = b""  # of what was read: a command cut in two
        self._free_at_s = self._last_byte_at_s = self._wire_until_s = time.monotonic()
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="virtual printer", daemon=True)
        self.plug()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def path(self) -> str:
        """Where to print to."""
        return str(self._link) if self._link else os.ttyname(self._slave)

    @property
    def problems(self) -> list[str]:
        """What it was sent and should not have been."""
        return self._press.problems

    @property
    def paper_is_out(self) -> bool:
        """Whether the last millimetre is used up."""
        return self.paper_left_dots is not None and self.paper_left_dots <= 0

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Switch it off and take it away."""
        self._stopping.set()
        self._thread.join()
        self.unplug()

    def plug(self) -> None:
        """Connect it; as with USB, under a new name."""
        with self._lock:
            self._master, self._slave = os.openpty()
            tty.setraw(self._slave)
            os.set_blocking(self._master, False)
            if self._link is not None:
                self._link.parent.mkdir(parents=True, exist_ok=True)
                self._link.unlink(missing_ok=True)
                self._link.symlink_to(os.ttyname(self._slave))

    def unplug(self) -> None:
        """Pull the cable: the port is gone; what the buffer holds is still printed."""
        with self._lock:
            if self._link is not None:
                self._link.unlink(missing_ok=True)
            for end in (self._slave, self._master):
                if end >= 0:
                    os.close(end)
            self._master = self._slave = -1
            for value in self._tail:
                self._store(value)
            self._tail = b""
            self._press.cut_off()

    def load_paper(self) -> None:
        """Put in a new roll; printing goes on where it stopped, as real printers do."""
        self.paper_left_dots = None

    def end_paper_after(self, length_mm: float) -> None:
        """Let the roll end after so much more paper."""
        self.paper_left_dots = self.profile.dots(length_mm)

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self._lock:
                plugged = self._master >= 0
                if plugged:
                    self._receive()
                self._work()
            if not plugged:
                time.sleep(TICK_S)

    def _receive(self) -> None:
        readable, _, _ = select.select([self._master], [], [], TICK_S)
        now_s = time.monotonic()
        if not readable:
            self._wire_until_s = now_s
            return
        room = READ_BYTES
        if self._paced:
            baud = _BAUD.get(termios.tcgetattr(self._master)[5], self.profile.baud)
            room = min(READ_BYTES, int((now_s - self._wire_until_s) * baud / BITS_PER_BYTE))
            self._wire_until_s += room * BITS_PER_BYTE / baud
            if room == 0:
                time.sleep(TICK_S)
                return
        with contextlib.suppress(OSError):
            self._take_in(os.read(self._master, room), now_s)

    def _take_in(self, data: bytes, now_s: float) -> None:
        self._last_byte_at_s = now_s
        for place in range(len(data)):
            self.received_bytes += 1
            if (
                self.unplug_after_bytes is not None
                and self.received_bytes > self.unplug_after_bytes
            ):
                self.unplug_after_bytes = None
                self.unplug()
                return
            self._hear(data[place : place + 1])

    def _hear(self, byte: bytes) -> None:
        """One byte off the wire. Real-time commands are obeyed wherever they stand."""
        self._tail += byte
        if DLE_EOT.startswith(self._tail):
            return
        if self._tail.startswith(DLE_EOT):
            self._answer(bytes([self._status(self._tail[2])]))
            self._tail = b""
            return
        kept = byte if byte == DLE_EOT[:1] else b""
        for value in self._tail.removesuffix(kept):
            self._store(value)
        self._tail = kept

    def _store(self, value: int) -> None:
        self.first_byte_at_s = self.first_byte_at_s or time.monotonic()
        if len(self._press.buffer) >= self.profile.buffer_bytes:
            self._work()
        if len(self._press.buffer) >= self.profile.buffer_bytes:
            self.lost_bytes += 1
            return
        self._press.buffer.append(value)

    def _work(self) -> None:
        """Print what is there, as far as paper, cover and motor allow."""
        now_s = time.monotonic()
        dots_per_s = self.profile.mechanical_mm_s * self.profile.dots_per_mm
        try:
            while not (self.cover_open or self.paper_is_out):
                if self._paced and self._free_at_s > now_s:
                    break
                dots = self._press.step()
                self._free_at_s += dots / dots_per_s
                if self.paper_left_dots is not None:
                    self.paper_left_dots -= dots
            else:
                self._free_at_s = now_s
        except IndexError:  # nothing to do: the motor stands, and time passes
            self._free_at_s = max(self._free_at_s, now_s)
        torn_off = now_s - self._last_byte_at_s > TORN_OFF_AFTER_S
        if self.profile.cut is Cut.NONE and torn_off and not self._press.buffer:
            self._press.finish()

    def _answer(self, data: bytes) -> None:
        if not self.mute and self._master >= 0:
            with contextlib.suppress(OSError):
                os.write(self._master, data)

    def _status(self, which: int) -> int:
        offline = self.cover_open or self.paper_is_out
        match which:
            case 1:
                return ALWAYS | (OFFLINE if offline else 0)
            case 2:
                cover, stopped = self.cover_open, self.paper_is_out
                return ALWAYS | (COVER if cover else 0) | (STOPPED if stopped else 0)
            case 4:
                return ALWAYS | self._paper_bits()
            case _:
                return ALWAYS

    def _paper_bits(self) -> int:
        if self.paper_is_out:
            return NEAR_END | END
        return NEAR_END if self.paper_near_end else 0

    def _keep(self, paper: Image.Image) -> None:
        if self._out is not None:
            self._out.mkdir(parents=True, exist_ok=True)
            name = self._out / f"receipt-{len(self.papers) + 1:03}.png"
            paper.save(name)
            print(f"Printed {name}", flush=True)
        self.papers.append(paper)


_BAUD: Mapping[int, int] = {
    getattr(termios, f"B{baud}"): baud for baud in (9600, 19200, 38400, 57600, 115200)
}


def _commands(printer: VirtualPrinter) -> dict[str, Callable[[], None]]:
    """What a person may type to make it a bad day."""
    return {
        "paper out": lambda: printer.end_paper_after(0),
        "paper in": printer.load_paper,
        "paper low": lambda: setattr(printer, "paper_near_end", True),
        "cover open": lambda: setattr(printer, "cover_open", True),
        "cover closed": lambda: setattr(printer, "cover_open", False),
        "mute": lambda: setattr(printer, "mute", True),
        "speak": lambda: setattr(printer, "mute", False),
        "unplug": printer.unplug,
        "plug": printer.plug,
    }


def main(arguments: list[str] | None = None) -> int:
    """Be a printer until the end of input or an interrupt."""
    parser = argparse.ArgumentParser(
        prog="python -m kiosk.printing.virtual",
        description="A serial receipt printer that is not there: prints into PNG files.",
    )
    parser.add_argument("--link", type=Path, required=True, help="path that leads to its port")
    parser.add_argument("--out", type=Path, required=True, help="folder for the receipts")
    parser.add_argument("--profile", default="generic-58", choices=profile_names())
    parser.add_argument("--fast", action="store_true", help="print at once, not at paper speed")
    chosen = parser.parse_args(arguments)
    profile = load_profile(chosen.profile)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with VirtualPrinter(
        profile, link=chosen.link, out=chosen.out, paced=not chosen.fast
    ) as printer:
        commands = _commands(printer)
        print(f"Printer at {chosen.link}, receipts in {chosen.out}", flush=True)
        print(f"Type one of: {', '.join(commands)}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            for line in sys.stdin:
                command = commands.get(line.strip())
                if command is None:
                    print(f"There is no {line.strip()!r}.", flush=True)
                else:
                    command()
            threading.Event().wait()  # without a keyboard: until it is ended
    return 0


if __name__ == "__main__":
    sys.exit(main())
