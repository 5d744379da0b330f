"""The command line of the kiosk: what a technician types, on site or at the bench.

    kiosk provision --central URL --code CODE   make this machine a kiosk
    kiosk run                                   start the screen, the printer and the line
    kiosk sync once | status                    exchange with central now; how it stands
    kiosk sync --stick DIR                      the same by a USB stick, where no line goes
    kiosk queue list | verify                   what waits, and whether it is whole
    kiosk queue export | import DIR             carry what a dead or distant kiosk holds
    kiosk printer detect | set | test | status  find the printer, set it, test it, how it is
    kiosk technician-pin                        choose the PIN of the technician's page on screen
    kiosk forms check | publish | show | export look after services (for ministries)

Each command works in a kiosk's folder (`--folder`), where its `kiosk.toml` and its data lie. It
ends with 0 when all went well, 1 when something must be mended, 2 when it was called wrongly.
"""

import argparse
import logging
import shlex
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from getpass import getpass
from multiprocessing import freeze_support
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk import VERSION
from kiosk.config import FILE_NAME, PANELS, KioskConfig, read_config
from kiosk.trouble import Trouble
from sync.durable import UNFINISHED
from sync.errors import BadAnswer, CentralFault, LedgerTorn, NotEnrolled, SyncError, Unreachable
from sync.scrubbed import Scrubbed

if TYPE_CHECKING:
    from sync.salvage import Salvage

FOLDER = Path("kiosk-data")  # where a kiosk lives unless it is said otherwise
AGAIN = "Run it again when there is a line, or carry what waits on a stick: kiosk sync --stick DIR"
NO_KIOSK = (
    "This machine is not enrolled as a kiosk. Ask central for a one-time code and run: "
    "kiosk provision --code CODE"
)
TORN = (
    "The ledger's file is damaged. Close the kiosk where it runs, and save what is whole onto a "
    "stick: kiosk queue export DIR. Then put a new card in, and run kiosk provision with a new "
    "code from central."
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if "command" not in given:  # none was named: these are the ones there are
        parser.print_help(sys.stderr)
        return 2
    _log_scrubbed()
    logging.getLogger("kivy").setLevel(logging.WARNING)  # it reports every library it finds
    return _told(given)


def _log_scrubbed() -> None:
    """Write down what and where, never what anybody wrote; uncaught errors too."""
    handler = logging.StreamHandler()
    handler.setFormatter(Scrubbed("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    log = logging.getLogger("kiosk")
    sys.excepthook = lambda *problem: log.critical("The program failed.", exc_info=problem)
    threading.excepthook = lambda told: log.critical(
        "A worker failed.", exc_info=told.exc_value or True
    )


def _told(given: argparse.Namespace) -> int:
    """The command's exit code; a known trouble is a sentence, not a traceback."""
    try:
        code: int = given.command(given)
    except (Trouble, SyncError) as problem:
        print(f"kiosk: {_sentence(problem)}", file=sys.stderr)
        return 1
    except OSError as problem:
        if problem.filename is None:  # not about a folder: a mistake of ours
            raise
        path = Path(problem.filename)
        named = path.parent if path.name.startswith(UNFINISHED) else path
        print(
            f"kiosk: {named}: {problem.strerror}. Check the folder and its rights.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return 130  # as shells count an interrupt
    return code


def _sentence(problem: Exception) -> str:
    """What is wrong and the next step, for who stands before the machine with the means to mend."""
    match problem:
        case Unreachable(cause=str(cause)) if cause:
            return f"{problem} ({cause}) {AGAIN}"
        case Unreachable():
            return f"{problem} {AGAIN}"
        case CentralFault() | BadAnswer():
            return f"{problem} Run it again."
        case NotEnrolled():
            return NO_KIOSK
        case LedgerTorn():
            return TORN
    return str(problem)


def _parser() -> argparse.ArgumentParser:
    """The commands. What each needs is imported when it runs: help must be instant."""
    parser = argparse.ArgumentParser(
        prog="kiosk",
        description="An offline-first kiosk for one-stop government service points.",
        epilog="Each command says more, such as: kiosk provision --help",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=FOLDER,
        help="the kiosk's folder with kiosk.toml and its data (default: %(default)s)",
    )
    parser.add_argument(
        "--version", action="version", version=f"kiosk {VERSION}", help="say the version and end"
    )
    commands = parser.add_subparsers(title="commands", metavar="command")
    _add_run(commands.add_parser("run", help="start the kiosk: screen, printer and line"))
    _add_provision(
        commands.add_parser("provision", help="make this machine a kiosk; may be run again")
    )
    _add_sync(commands.add_parser("sync", help="exchange with central, or say how it stands"))
    _add_queue(commands.add_parser("queue", help="see, check, carry what waits to be sent"))
    _add_printer(
        commands.add_parser("printer", help="find the printer, set it, test it, say how it is")
    )
    _add_pin(
        commands.add_parser(
            "technician-pin", help="choose the PIN of the technician's page on the screen"
        )
    )
    from kiosk.field.forms import add_forms_commands  # noqa: PLC0415 - imports nothing heavy

    add_forms_commands(commands)
    return parser


def _config(given: argparse.Namespace) -> KioskConfig:
    return read_config(given.folder / FILE_NAME)


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--window", action="store_true", help="in a window, whatever kiosk.toml says"
    )
    parser.set_defaults(command=_run)


def _run(given: argparse.Namespace) -> int:
    from kiosk.app import run  # noqa: PLC0415 - opens the window

    return run(_config(given), in_window=given.window)


def _add_provision(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--central", metavar="URL", help="address of the central server")
    parser.add_argument(
        "--central-ca", type=Path, metavar="FILE", help="its authority's certificate"
    )
    parser.add_argument("--code", help="one-time enrolment code, from central")
    parser.add_argument("--name", default="kiosk", help="what the staff call this kiosk")
    parser.add_argument("--panel", help=f"the screen: {', '.join(PANELS)}")
    parser.add_argument("--printer-port", metavar="DEVICE", help="such as /dev/ttyUSB0")
    parser.add_argument("--printer-profile", metavar="NAME", help="see: kiosk printer profiles")
    parser.add_argument(
        "--scanner-port",
        metavar="DEVICE",
        help="barcode scanner: serial, or a keyboard under /dev/input",
    )
    parser.add_argument(
        "--camera-device",
        metavar="DEVICE",
        help="such as /dev/video0, or none (default: the first that works)",
    )
    parser.add_argument(
        "--microphone-device",
        metavar="DEVICE",
        help="such as plughw:1, or none (default: the one that ALSA calls default)",
    )
    parser.add_argument(
        "--photo-folder", type=Path, metavar="FOLDER", help="pictures and files to choose from"
    )
    parser.add_argument(
        "--fullscreen", action="store_true", default=None, help="cover the screen, hide the pointer"
    )
    parser.set_defaults(command=_provision)


def _provision(given: argparse.Namespace) -> int:
    from kiosk.app import central_of, open_ledger  # noqa: PLC0415
    from kiosk.field.provision import check, provision, settings_for, write_settings  # noqa: PLC0415

    folder = given.folder.resolve()
    settings = settings_for(
        folder,
        central_url=given.central,
        central_ca=given.central_ca and given.central_ca.resolve(),
        panel=given.panel,
        printer_port=given.printer_port,
        printer_profile=given.printer_profile,
        scanner_port=given.scanner_port,
        camera_device=given.camera_device,
        microphone_device=given.microphone_device,
        photo_folder=given.photo_folder and given.photo_folder.resolve(),
        fullscreen=given.fullscreen,
    )
    check(settings)
    with central_of(settings) as central:
        changed = write_settings(folder, settings)
        print(f"{'Written' if changed else 'Unchanged'}: {folder / FILE_NAME}")
        with closing(open_ledger(settings, anew=given.code is not None)) as ledger:
            provision(ledger, central, given.code, given.name, print)
    elsewhere = "" if given.folder == FOLDER else f"--folder {shlex.quote(str(given.folder))} "
    print(f"Ready. Start it with: kiosk {elsewhere}run")
    return 0


def _add_sync(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--stick",
        type=Path,
        metavar="DIR",
        help="take in the answers on a USB stick, and write what waits onto it",
    )
    parser.set_defaults(command=_sync_stick)
    actions = parser.add_subparsers(title="actions", metavar="action")
    actions.add_parser("once", help="exchange until both sides have all").set_defaults(
        command=_sync_once
    )
    actions.add_parser("status", help="what waits, and when central was last heard").set_defaults(
        command=_sync_status
    )


def _sync_once(given: argparse.Namespace) -> int:
    from kiosk.app import central_of, open_ledger  # noqa: PLC0415
    from sync.worker import sync_once  # noqa: PLC0415

    config = _config(given)
    with closing(open_ledger(config)) as ledger, central_of(config) as central:
        sync_once(ledger, central, budget=config.budget)
        ledger.erase_settled(config.keeping)
        print(f"Done: {ledger.waiting_count()} waiting.")
    return 0


def _sync_stick(given: argparse.Namespace) -> int:
    from kiosk.app import open_ledger  # noqa: PLC0415
    from kiosk.field.road import carry  # noqa: PLC0415

    if given.stick is None:
        print("kiosk: Say how: kiosk sync once, status or --stick DIR.", file=sys.stderr)
        return 2
    config = _config(given)
    with closing(open_ledger(config)) as ledger:
        carry(ledger, given.stick, print)
        ledger.erase_settled(config.keeping)
    return 0


def _sync_status(given: argparse.Namespace) -> int:
    from kiosk.app import open_ledger  # noqa: PLC0415
    from kiosk.field.road import tell_status  # noqa: PLC0415

    config = _config(given)
    with closing(open_ledger(config)) as ledger:
        ledger.enrolled_identity()
        return 0 if tell_status(ledger, config.budget, print) else 1


def _add_queue(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", required=True, metavar="action")
    listing = actions.add_parser("list", help="what waits to be sent, and what was set aside")
    listing.add_argument("--all", action="store_true", help="also what central has")
    listing.set_defaults(command=_queue_list)
    actions.add_parser(
        "verify", help="hold every envelope and document against its hash"
    ).set_defaults(command=_queue_verify)
    export = actions.add_parser(
        "export", help="write what waits into a folder, also from a dead kiosk's disk (--folder)"
    )
    export.add_argument("directory", type=Path, metavar="DIR", help="such as a USB stick")
    export.add_argument("--all", action="store_true", help="the whole log, from its beginning")
    export.set_defaults(command=_queue_export)
    importing = actions.add_parser(
        "import", help="hand in by this kiosk's line what other kiosks wrote into a folder"
    )
    importing.add_argument("directory", type=Path, metavar="DIR", help="such as a USB stick")
    importing.set_defaults(command=_queue_import)


def _queue_list(given: argparse.Namespace) -> int:
    from kiosk.app import open_ledger  # noqa: PLC0415
    from kiosk.field.road import list_queue  # noqa: PLC0415

    with closing(open_ledger(_config(given))) as ledger:
        ledger.enrolled_identity()
        list_queue(ledger, print, everything=given.all)
    return 0


def _queue_verify(given: argparse.Namespace) -> int:
    from kiosk.app import open_ledger  # noqa: PLC0415
    from kiosk.field.road import tell_salvage, verify_queue  # noqa: PLC0415

    config = _config(given)
    with _salvage(config) as salvage:
        if salvage is not None:
            tell_salvage(salvage, print)
            return 1
    with closing(open_ledger(config)) as ledger:
        ledger.enrolled_identity()
        return 0 if verify_queue(ledger, print) else 1


def _queue_export(given: argparse.Namespace) -> int:
    from kiosk.app import open_ledger  # noqa: PLC0415
    from kiosk.field.road import export_queue, export_salvaged  # noqa: PLC0415

    config = _config(given)
    with _salvage(config) as salvage:
        if salvage is not None:
            done = export_salvaged(salvage, given.directory, print, everything=given.all)
            return 0 if done else 1
    with closing(open_ledger(config)) as ledger:
        export_queue(ledger, given.directory, print, everything=given.all)
    return 0


@contextmanager
def _salvage(config: KioskConfig) -> "Iterator[Salvage | None]":
    """What is left of a damaged ledger; None where it is whole, or in use, or no kiosk's.

    It is looked at before it is opened: to open it writes to its disk.
    """
    from kiosk.field.running import is_running  # noqa: PLC0415
    from sync.salvage import salvaged  # noqa: PLC0415

    if is_running(config):
        yield None
        return
    with salvaged(config.ledger_path) as salvage:
        yield salvage if salvage.is_needed and salvage.is_kiosks else None


def _queue_import(given: argparse.Namespace) -> int:
    from kiosk.app import central_of  # noqa: PLC0415
    from kiosk.field.road import import_queue  # noqa: PLC0415

    with central_of(_config(given)) as central:
        return 0 if import_queue(given.directory, central, print) else 1


def _add_pin(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--none", action="store_true", help="let there be none: nobody reaches the page"
    )
    parser.set_defaults(command=_technician_pin)


def _technician_pin(given: argparse.Namespace) -> int:
    from kiosk.app import open_ledger  # noqa: PLC0415
    from kiosk.technician_pin import TechnicianPin  # noqa: PLC0415

    with closing(open_ledger(_config(given))) as ledger:
        pin = TechnicianPin(ledger)
        if given.none:
            pin.take_away()
            print("There is no PIN any more: nobody reaches the technician's page.")
            return 0
        chosen = _typed_pin()
        if chosen is None:
            print("kiosk: The two PINs differ. Nothing is changed.", file=sys.stderr)
            return 1
        pin.choose(chosen)
    print(
        "The PIN counts from now on. On the language page, hold the word Welcome for five seconds."
    )
    return 0


def _typed_pin() -> str | None:
    """Typed twice unseen, or one line of what is piped in; None when the two differ."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    typed = getpass("New PIN, 6 to 12 figures: ")
    return typed if getpass("The same again: ") == typed else None


def _whole_number(typed: str) -> int:
    try:
        return int(typed)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(f"{typed!r} is no whole number") from problem


def _add_printer(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", required=True, metavar="action")
    finds = actions.add_parser("detect", help="look for a printer at every serial port")
    finds.add_argument("--keep", action="store_true", help="write what was found into kiosk.toml")
    finds.add_argument("ports", nargs="*", metavar="DEVICE", help="only these ports")
    finds.set_defaults(command=_printer("detect"))
    sets = actions.add_parser("set", help="change the printer's settings")
    sets.add_argument("--port", metavar="DEVICE", help="such as /dev/ttyUSB0; none: no printer")
    sets.add_argument("--profile", metavar="NAME", help="see: kiosk printer profiles")
    sets.add_argument("--baud", type=_whole_number, metavar="SPEED", help="0: as the profile says")
    sets.add_argument(
        "--dead-dots",
        metavar="NUMBERS",
        help="such as 133,200, from the test page; none: all print",
    )
    sets.add_argument(
        "--new-roll", action="store_true", help="a new roll was put in: its paper is counted anew"
    )
    sets.set_defaults(command=_printer("change"))
    for action, command, helps in (
        ("test", "print_page", "print the self-test page"),
        ("status", "status", "how printer and paper are"),
        ("profiles", "profiles", "the kinds of printer that are known"),
    ):
        actions.add_parser(action, help=helps).set_defaults(command=_printer(command))


def _printer(action: str) -> Callable[[argparse.Namespace], int]:
    """The command of that name."""

    def command(given: argparse.Namespace) -> int:
        from kiosk.field import printers  # noqa: PLC0415 - sets letters: Pillow

        code: int = getattr(printers, action)(given)
        return code

    return command


if __name__ == "__main__":
    freeze_support()  # in the frozen program the darkroom's process starts here too
    sys.exit(main())
