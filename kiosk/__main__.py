"""The command line of the kiosk: what a technician types, on site or at the bench.

    kiosk provision --central URL --code CODE   make this machine a kiosk
    kiosk run                                   start the screen, the printer and the line
    kiosk sync once | status                    exchange with central now; how it stands
    kiosk printer test                          print a test page
    kiosk forms check | publish | show | export look after services (for ministries)

Each command works in a kiosk's folder (`--folder`), where its `kiosk.toml` and its data lie. It
ends with 0 when all went well, 1 when something must be mended, 2 when it was called wrongly.
"""

import argparse
import logging
import shlex
import sys
import threading
from contextlib import closing
from multiprocessing import freeze_support
from pathlib import Path

from kiosk.config import FILE_NAME, ConfigError, KioskConfig, read_config
from kiosk.trouble import Trouble
from sync.errors import BadAnswer, CentralFault, SyncError, Unreachable
from sync.scrubbed import Scrubbed

FOLDER = Path("kiosk-data")  # where a kiosk lives unless it is said otherwise


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
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
    except (Unreachable, CentralFault, BadAnswer) as problem:
        print(f"kiosk: {problem} Run it again.", file=sys.stderr)
        return 1
    except (Trouble, SyncError) as problem:
        print(f"kiosk: {problem}", file=sys.stderr)
        return 1
    except OSError as problem:
        if problem.filename is None:  # not about a folder: a mistake of ours
            raise
        print(
            f"kiosk: {problem.filename}: {problem.strerror}. Check the folder and its rights.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return 130  # as shells count an interrupt
    return code


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
    commands = parser.add_subparsers(title="commands", required=True, metavar="command")
    _add_run(commands.add_parser("run", help="start the kiosk: screen, printer and line"))
    _add_provision(
        commands.add_parser("provision", help="make this machine a kiosk; may be run again")
    )
    _add_sync(commands.add_parser("sync", help="exchange with central, or say how it stands"))
    _add_printer(commands.add_parser("printer", help="print a test page, or name the profiles"))
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
    parser.add_argument("--panel", help="the screen: 10in-1280x800 or 10in-1024x600")
    parser.add_argument("--printer-port", metavar="DEVICE", help="such as /dev/ttyUSB0")
    parser.add_argument("--printer-profile", metavar="NAME", help="see: kiosk printer profiles")
    parser.add_argument("--scanner-port", metavar="DEVICE", help="serial barcode scanner")
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
        with closing(open_ledger(settings)) as ledger:
            provision(ledger, central, given.code, given.name, print)
    elsewhere = "" if given.folder == FOLDER else f"--folder {shlex.quote(str(given.folder))} "
    print(f"Ready. Start it with: kiosk {elsewhere}run")
    return 0


def _add_sync(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", required=True, metavar="action")
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
        sync_once(ledger, central)
        print(f"Done: {ledger.waiting_count()} waiting.")
    return 0


def _sync_status(given: argparse.Namespace) -> int:
    from kiosk.app import open_ledger  # noqa: PLC0415
    from kiosk.language import format_day_and_time  # noqa: PLC0415

    with closing(open_ledger(_config(given))) as ledger:
        state, unread_count = ledger.exchange_state(), ledger.unread_count()
        lives_twice = ledger.lives_twice()
    heard = format_day_and_time(state.last_success, "en") if state.last_success else "never yet"
    print(f"Waiting to be sent: {state.waiting_count}")
    print(f"Central was last heard: {heard}")
    if unread_count:
        print(f"Sent by central and not understood: {unread_count}. A newer program reads them.")
    if lives_twice:
        from kiosk.field.provision import LIVES_TWICE  # noqa: PLC0415

        print(LIVES_TWICE)
    if state.last_problem is not None:
        print(f"Last problem: {state.last_problem.problem} ({state.last_problem.detail})")
    return 1 if state.last_problem or lives_twice else 0


def _add_printer(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", required=True, metavar="action")
    actions.add_parser("test", help="print a test page").set_defaults(command=_printer_test)
    actions.add_parser("profiles", help="the kinds of printer that are known").set_defaults(
        command=_printer_profiles
    )


def _printer_test(given: argparse.Namespace) -> int:
    from kiosk.field.test_page import print_test_page  # noqa: PLC0415
    from kiosk.printing.dialogue import Proof  # noqa: PLC0415

    config = _config(given)
    if not config.printer_port:
        raise ConfigError("No printer is set. Run: kiosk provision --printer-port DEVICE")
    proof = print_test_page(config.printer_port, config.printer_profile)
    said = "It says that it is done." if proof is Proof.PROCESSED else "It cannot say more."
    print(f"The printer took the test page. {said} Read on the page what to look for.")
    return 0


def _printer_profiles(_given: argparse.Namespace) -> int:
    from kiosk.printing.profile import load_profile, profile_names  # noqa: PLC0415

    for name in profile_names():
        print(f"{name:<20} {load_profile(name).title}")
    return 0


if __name__ == "__main__":
    freeze_support()  # in the frozen program the darkroom's process starts here too
    sys.exit(main())
