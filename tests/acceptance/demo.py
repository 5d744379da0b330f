"""`make demo`: a central server, a virtual printer and a kiosk, at once, with sample data only.

Where there is a screen, the kiosk's window opens and everything may be touched. Where there is
none, a guided journey runs off-screen, in Lao and then in English, and leaves pictures of every
screen and of the receipts. Ending it, by Ctrl-C too, leaves nothing running.
"""

import argparse
import logging
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import tty
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import cast

from kiosk.config import FILE_NAME, NO_CAMERA, read_config
from kiosk.field.provision import write_settings
from kiosk.language import NAMES
from kiosk.panels import PANELS
from kiosk.printing.profile import load_profile
from kiosk.printing.virtual import VirtualPrinter
from tests.acceptance.paper import read_paper
from tests.central import RunningCentral, running_central

SAMPLES = Path("assets/samples")
PROFILE = "generic-58"
HEARTBEAT_S = 2  # a kiosk in the field asks central once a minute; nobody wants to wait for that


def main(arguments: list[str] | None = None) -> int:
    """Show the whole road."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__.splitlines()[0])
    parser.add_argument("--journey", action="store_true", help="guided, even where a screen is")
    parser.add_argument("--out", type=Path, default=Path("build/demo"), help="where to leave it")
    parser.add_argument("--no-history", action="store_true", help="central begins empty")
    given = parser.parse_args(arguments)
    out: Path = given.out
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, _stop)
    has_screen = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    logging.basicConfig(filename=out / "kiosk.log", level=logging.INFO)
    try:
        with surroundings(out, with_history=not given.no_history) as around:
            if has_screen and not given.journey:
                return in_a_window(around)
            return guided(around)
    except KeyboardInterrupt:
        print("\nStopped. Nothing is left running.")
        return 130


class Around:
    """What stands around the kiosk: central, printer, scanner, a folder of pictures."""

    def __init__(self, out: Path, central: RunningCentral, printer: VirtualPrinter) -> None:
        self.out, self.central, self.printer = out, central, printer
        self.scanner, self._scanner_end = pty.openpty()
        tty.setraw(self._scanner_end)
        self.folder = (out / "kiosk").resolve()

    def close(self) -> None:
        """Unplug the scanner."""
        os.close(self.scanner)
        os.close(self._scanner_end)

    def provision(self) -> None:
        """Make the folder a kiosk by the technician's own command."""
        command = [
            *(sys.executable, "-m", "kiosk", "--folder", str(self.folder), "provision"),
            *("--central", self.central.base_url, "--code", self.central.enrolment_code()),
            *("--name", "Demo kiosk", "--printer-port", self.printer.path),
            *("--printer-profile", PROFILE, "--scanner-port", os.ttyname(self._scanner_end)),
            *("--photo-folder", str(SAMPLES)),
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        settings = read_config(self.folder / FILE_NAME)
        write_settings(self.folder, replace(settings, exchange_every_s=HEARTBEAT_S))

    def hold_receipt_under_scanner(self) -> None:
        """The scanner reads the newest paper, from its picture."""
        text = read_paper(self.printer.papers[-1]) if self.printer.papers else None
        if text is None:
            say("There is no receipt yet. Apply for something first.")
        else:
            os.write(self.scanner, text.encode() + b"\r")


@contextmanager
def surroundings(out: Path, *, with_history: bool = False) -> Iterator[Around]:
    """Central with sample data, a printer and a scanner; all gone afterwards."""
    with ExitStack() as stack:
        say("Starting a central server with sample data ...")
        central = stack.enter_context(running_central(out, started=False))
        if with_history:
            say("Living through months of made-up applications, for the pages with figures ...")
            central.run("sample-history")
        central.start()
        receipts = (out / "receipts").resolve()
        printer = VirtualPrinter(
            load_profile(PROFILE), link=out.resolve() / "printer", out=receipts, paced=True
        )
        stack.enter_context(printer)
        around = Around(out, central, printer)
        stack.callback(around.close)
        say("Enrolling a kiosk with a one-time code ...")
        around.provision()
        yield around


_stopped = Event()  # by Ctrl-C


def _stop(*_: object) -> None:
    _stopped.set()
    raise KeyboardInterrupt


def say(words: str) -> None:
    """Tell whoever watches, unless she has pressed Ctrl-C.

    An exception that is raised while a library calls back may be swallowed there.
    """
    if _stopped.is_set():
        raise KeyboardInterrupt
    print(words, flush=True)


def tell_where_to_look(around: Around) -> None:
    """Addresses, accounts and folders, in plain words."""
    say(f"\nThe officer's page:   {around.central.base_url}/office/")
    for name, password in around.central.officers.items():
        say(f"    sample account   {name}   password   {password}")
    say(f"The catalogue:        {around.central.base_url}/office/catalogue/   (sample-publisher)")
    say(f"How it goes:          {around.central.base_url}/office/insight/   (sample-analyst)")
    say(f"The public page:      {around.central.base_url}/")
    say(f"Public figures:       {around.central.base_url}/statistics")
    say(f"Printed receipts:     {around.out / 'receipts'}/")


def in_a_window(around: Around) -> int:
    """Open the kiosk's window; the terminal plays scanner, printer and line."""
    tell_where_to_look(around)
    say("\nThe kiosk's window is open. Here you may type:")
    commands = {
        "scan": around.hold_receipt_under_scanner,
        "paper out": lambda: around.printer.end_paper_after(0),
        "paper in": around.printer.load_paper,
        "central down": around.central.stop,
        "central up": around.central.start,
    }
    say(f"    {', '.join(commands)}     (close the window or press Ctrl-C to end)")
    command = [sys.executable, "-m", "kiosk", "--folder", str(around.folder), "run", "--window"]
    log_path = around.out / "kiosk.log"
    with log_path.open("a") as log, subprocess.Popen(command, stdout=log, stderr=log) as kiosk:
        try:
            while kiosk.poll() is None:
                ready, _, _ = select.select([sys.stdin], [], [], 0.5)
                line = sys.stdin.readline() if ready else None
                if line == "":  # no terminal: only wait
                    kiosk.wait()
                elif line is not None:
                    commands.get(line.strip(), lambda: say("There is no such command."))()
        finally:
            kiosk.terminate()
    return kiosk.returncode


def guided(around: Around) -> int:
    """Walk the road off-screen, in Lao, then in English."""
    config = replace(read_config(around.folder / FILE_NAME), camera_device=NO_CAMERA)
    from kiosk.screens import bootstrap  # noqa: PLC0415 - Kivy is prepared before it is imported

    panel = PANELS[config.panel]
    bootstrap.prepare(panel, config.data_dir / "kivy", off_screen=True, limited=False)
    from tests.acceptance.journey import Journey, Surroundings  # noqa: PLC0415
    from tests.acceptance.kiosk_world import kiosk_world  # noqa: PLC0415
    from tests.acceptance.visitors import VISITORS  # noqa: PLC0415
    from tests.screens.driver import Driver, start_event_loop  # noqa: PLC0415
    from tests.screens.world import World  # noqa: PLC0415

    start_event_loop()
    tell_where_to_look(around)
    pictures = around.out / "pictures"
    say(f"Pictures of screens:  {pictures}/")
    say("No screen is here: a guided visit runs off-screen. The pages are there meanwhile.")
    with (
        kiosk_world(config) as world,
        Driver.before(cast(World, world), panel) as person,  # it needs shell and clock only
    ):
        for visitor in VISITORS:
            say(f"\n--- A visit in {NAMES[visitor.language]} " + "-" * 40)
            around.central.stop()
            surroundings_ = Surroundings(
                person, around.central, around.printer, around.scanner, pictures, say
            )
            journey = Journey(visitor, surroundings_)
            journey.apply()
            around.central.start()
            journey.reaches_central()
            journey.officer_approves()
            journey.reads_the_answer()
    say(f"\nDone. Pictures of every screen and of the paper: {pictures}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
