"""What a person waits for at the kiosk, what it takes while nobody comes, and when central hears.

First frame, idle share and hand-in are those of the real program (`kiosk run`), off-screen, with a
virtual printer and a real central server (see `kiosk_window`). A machine without a graphics chip
draws by its processor, four samples a dot: the figures contain that. The waiting times are those
of a wall clock and suffer from whatever else runs; the processor's time beside them does not.

Central's return: the kiosk has tried in vain for some seconds (the real process, one exchange a
minute). Either the kernel tells that a line is there (here: an address is added to the loopback),
or somebody hands in. Where neither happens the pause decides, at most the exchange's interval.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from kiosk.printing.profile import load_profile
from kiosk.printing.virtual import VirtualPrinter
from tests.acceptance.kiosk_machine import KioskMachine
from tests.bench.row import Row, percentile
from tests.bench.starts import with_bytecode
from tests.central import ROOT, RunningCentral, running_central

PRINTER = "generic-58"
STARTS = 5
IDLE_S = 15
HAND_INS = 30
RETURNS = 5
IN_VAIN_S = 6.0
WATCH_S_MAX = 300.0
PROBE = "127.86.75.30/32"


def rows() -> Iterator[Row]:
    """The table's lines."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            running_central(folder) as central,
            VirtualPrinter(load_profile(PRINTER), link=folder / "printer") as printer,
        ):
            machine = KioskMachine(folder / "kiosk")
            code = central.enrolment_code()
            settings = {"printer_port": printer.path, "printer_profile": PRINTER}
            machine.provision(central.base_url, code, **settings)
            machine.set(exchange_every_s=60)
            yield from _program(machine.folder)
            yield from _hand_in(machine.folder)
            yield from _central_returns(machine, central)


def _watched(folder: Path, what: str, number: int = 0) -> list[list[float]]:
    """The figures that a measurement in a process of its own printed, line by line."""
    command = [sys.executable, "-m", "tests.bench.kiosk_window", str(folder), what, str(number)]
    off_screen = {"SDL_VIDEODRIVER": "offscreen", "SDL_AUDIODRIVER": "dummy"}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=with_bytecode(folder.parent / "bytecode") | off_screen,
        capture_output=True,
        text=True,
        check=False,
        timeout=WATCH_S_MAX,
    )
    lines = [line.split() for line in done.stdout.splitlines()]
    figures = [[float(word) for word in words] for first, *words in lines if first == what]
    assert figures, done.stderr
    assert done.returncode == 0, done.stderr
    return figures


def _program(folder: Path) -> Iterator[Row]:
    taken, used = [], []
    for _ in range(STARTS + 1):  # the first one writes Python's caches
        started_s = time.monotonic()
        ((shown_s, used_s),) = _watched(folder, "first-frame")
        taken.append(shown_s - started_s)
        used.append(used_s)
    what = "process start to first frame of the entrance"
    yield Row(f"{what}, median of {STARTS}", percentile(taken[1:], 0.5), "s", 1.0)
    yield Row(f"{what}: processor, all threads, median", percentile(used[1:], 0.5), "s")
    ((idle,),) = _watched(folder, "idle", IDLE_S)
    yield Row("share of a core while nobody comes", idle * 100, "%", 2.0)


def _hand_in(folder: Path) -> Iterator[Row]:
    taken = _watched(folder, "hand-in", HAND_INS)
    waited_ms, used_ms = zip(*((1e3 * waited, 1e3 * used) for waited, used in taken), strict=True)
    what = "touch on hand in to receipt on the glass"
    yield Row(f"{what}, p50", percentile(waited_ms, 0.5), "ms")
    yield Row(f"{what}, p95", percentile(waited_ms, 0.95), "ms", 150.0)
    yield Row(f"{what}: processor, all threads, p50", percentile(used_ms, 0.5), "ms")
    yield Row(f"{what}: processor, all threads, p95", percentile(used_ms, 0.95), "ms")


def _central_returns(machine: KioskMachine, central: RunningCentral) -> Iterator[Row]:
    machine.start()
    try:
        if _line_comes():
            told = [_return_s(machine, central, _line_comes) for _ in range(RETURNS)]
            what = "central back and the kernel tells of a line, to acknowledged"
            yield Row(f"{what}, p50", percentile(told, 0.5), "s")
            yield Row(f"{what}, worst of {RETURNS}", max(told), "s", 2.0)
        asked = [_return_s(machine, central, lambda: machine.submit(1)) for _ in range(RETURNS)]
        what = f"central back and somebody hands in, to acknowledged, worst of {RETURNS}"
        yield Row(what, max(asked), "s", 2.0)
    finally:
        machine.close()


def _return_s(
    machine: KioskMachine, central: RunningCentral, happens: Callable[[], object]
) -> float:
    central.stop()
    machine.submit(3)
    time.sleep(IN_VAIN_S)
    central.start()
    since_s = time.monotonic()
    happens()
    machine.settles(lambda state: state.waiting_count == 0)
    return time.monotonic() - since_s


def _line_comes() -> bool:
    """The kernel tells of a new address; False where we may not add one."""
    added = subprocess.run(
        ["ip", "address", "add", PROBE, "dev", "lo"], check=False, capture_output=True
    )
    if added.returncode:
        return False
    subprocess.run(["ip", "address", "del", PROBE, "dev", "lo"], check=True)
    return True
