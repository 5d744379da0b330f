"""A printer that is not there: a pseudo-terminal that behaves like one and draws its papers.

`python -m kiosk.printing.virtual --link build/printer --out build/receipts` gives the kiosk a port
to print to and leaves a PNG of each paper. It has a receive buffer that overflows silently, takes
bytes no faster than the wire and paper no faster than the motor, answers `DLE EOT`, `GS r`,
`GS ( H` and `GS I`, says unasked what changes (`GS a`), and on command it runs out of paper, opens
its cover, jams its knife, gets hot, falls mute, talks nonsense, keeps its ticket or is unplugged.
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
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from PIL import Image

from kiosk.printing.profile import BITS_PER_BYTE, PrinterProfile, load_profile, profile_names
from kiosk.printing.virtual_body import faults
from kiosk.printing.virtual_machine import Machine

TICK_S = 0.002
READ_BYTES = 4096
LATE_S = 0.2


class VirtualPrinter(Machine):
    """A printer at a pseudo-terminal, until it is stopped.

    Args:
        profile: which printer to be.
        link: a path that always leads to its port; the port's own name changes when replugged.
        out: a folder for the papers' pictures.
        paced: takes bytes and moves paper as slowly as the real one; else at once.
        foreign: also understands what only others send, such as letters.
    """

    def __init__(
        self,
        profile: PrinterProfile,
        *,
        link: Path | None = None,
        out: Path | None = None,
        paced: bool = False,
        foreign: bool = False,
    ) -> None:
        super().__init__(profile, self._write, paced=paced, foreign=foreign)
        self.unplug_after_bytes: int | None = None
        self.at_bytes: tuple[int, Callable[[], None]] | None = None  # what happens after so many
        self._link, self._out = link, out
        self._master = self._slave = -1
        self._wire_until_s = time.monotonic()
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
            self.cut_off()

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self._lock:
                plugged = self._master >= 0
                if plugged:
                    self._receive()
                self.work()
                self.speak()
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
            for value in os.read(self._master, room):
                if self.received_bytes == self.unplug_after_bytes:
                    self.unplug_after_bytes = None
                    self.unplug()
                    return
                self.hear(bytes([value]))
                if self.at_bytes is not None and self.received_bytes >= self.at_bytes[0]:
                    happens, self.at_bytes = self.at_bytes[1], None
                    happens()

    def _write(self, data: bytes) -> None:
        """Say it, where somebody can hear it."""
        if self._master >= 0:
            with contextlib.suppress(OSError):
                os.write(self._master, data)

    def _keep(self, paper: Image.Image) -> None:
        if self._out is not None:
            self._out.mkdir(parents=True, exist_ok=True)
            name = self._out / f"receipt-{len(self.papers) + 1:03}.png"
            paper.save(name)
            print(f"Printed {name}", flush=True)
        super()._keep(paper)


_BAUD: Mapping[int, int] = {
    getattr(termios, f"B{baud}"): baud
    for baud in (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)
}


def _commands(printer: VirtualPrinter) -> dict[str, Callable[[], None]]:
    """What a person may type to make it a bad day, and a good one again."""
    commands: dict[str, Callable[[], None]] = {}
    for name, (spoil, mend) in faults(printer).items():
        commands[name] = spoil
        commands[f"not {name}"] = mend
    return commands | {
        "paper in": printer.load_paper,
        "cover closed": commands["not cover open"],
        "knife blocked": lambda: setattr(printer, "knife_blocked", True),
        "speak": commands["not mute"],
        "late": lambda: setattr(printer, "late_s", LATE_S),
        "not late": lambda: setattr(printer, "late_s", 0.0),
        "nobody takes": lambda: setattr(printer, "taken_after_s", None),
        "take": printer.take,
        "unplug": printer.unplug,
        "plug": printer.plug,
        "status": lambda: print(_told(printer), flush=True),
    }


def _told(printer: VirtualPrinter) -> str:
    """What happened so far."""
    return (
        f"{len(printer.papers)} papers, {printer.received_bytes} bytes received, "
        f"{printer.lost_bytes} lost, {printer.retracted_count} taken back, "
        f"{len(printer.problems)} commands not understood"
    )


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
    parser.add_argument(
        "--foreign", action="store_true", help="understand what other programs send, letters too"
    )
    parser.add_argument("--buffer", type=int, metavar="BYTES", help="another size of its buffer")
    chosen = parser.parse_args(arguments)
    profile = load_profile(chosen.profile)
    if chosen.buffer:
        profile = replace(profile, buffer_bytes=chosen.buffer)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with VirtualPrinter(
        profile,
        link=chosen.link,
        out=chosen.out,
        paced=not chosen.fast,
        foreign=chosen.foreign,
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
