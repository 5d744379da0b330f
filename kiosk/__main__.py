"""The command line of the kiosk: what a technician types, on site or at the bench.

    kiosk provision SITE                        make this machine a kiosk, as a site file says
    kiosk provision --central URL --code CODE   the same by hand
    kiosk run                                   start the screen, the printer and the line
    kiosk sync once | status                    exchange with central now; how it stands
    kiosk sync --stick DIR                      the same by a USB stick, where no line goes
    kiosk queue list | verify                   what waits, and whether it is whole
    kiosk queue export | import DIR             carry what a dead or distant kiosk holds
    kiosk printer detect | set | test | status  find the printer, set it, test it, how it is
    kiosk doctor [--json] [--print]             what is wrong here, and how it is mended
    kiosk support                               a sealed file for those who help from afar
    kiosk technician-pin                        choose the PIN of the technician's page on screen
    kiosk reset                                 erase it all, once central has everything
    kiosk forms check | publish | show | export look after services (for ministries)

Each command works in a kiosk's folder (`--folder`), where its `kiosk.toml` and its data lie, and
speaks Lao or English (`--language`, see `kiosk.speech`). It ends with 0 when all went well,
1 when something must be mended, 2 when it was called wrongly (`doctor`: when people cannot be
served).
"""

import argparse
import gc
import logging
import os
import shlex
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from getpass import getpass
from multiprocessing import freeze_support
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk import VERSION, speech
from kiosk.config import FILE_NAME, KioskConfig, read_config
from kiosk.field.running import BEGUN, check_whole
from kiosk.panels import PANELS
from kiosk.speech import Parser, _, add_language_option, complain, said, said_of, say
from kiosk.trouble import Trouble
from sync.durable import UNFINISHED
from sync.errors import BadAnswer, CentralFault, LedgerTorn, NotEnrolled, SyncError, Unreachable
from sync.scrubbed import Allowed
from sync.sentence import Sentence

if TYPE_CHECKING:
    from sync.identity import Identity
    from sync.ledger import Ledger
    from sync.salvage import Salvage

FOLDER = Path("kiosk-data")  # where a kiosk lives unless it is said otherwise
RUN_AGAIN = Sentence("Run it again.")
AGAIN = Sentence(
    "Run it again when there is a line, or carry what waits on a stick: kiosk sync --stick DIR"
)
NO_KIOSK = Sentence(
    "This machine is not enrolled as a kiosk. Ask central for a one-time code and run: "
    "kiosk provision --code CODE"
)
TORN = Sentence(
    "The ledger's file is damaged. Close the kiosk where it runs, and save what is whole onto a "
    "stick: kiosk queue export DIR. Then put a new card in, and run kiosk provision with a new "
    "code from central."
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code."""
    typed = sys.argv[1:] if arguments is None else arguments
    settings = speech.folder_in(typed, FOLDER) / FILE_NAME
    wanted = speech.wanted_at_a_kiosk(os.environ, settings)
    rest = speech.without_language(typed, wanted, os.environ)
    parser = _parser()
    given = parser.parse_args(rest)
    if "command" not in given:  # none was named: these are the ones there are
        parser.print_help(sys.stderr)
        return 2
    _log_scrubbed()
    logging.getLogger("kivy").setLevel(logging.WARNING)  # it reports every library it finds
    return _told(given)


def _log_scrubbed() -> None:
    """Write down what and where, never what anybody wrote; uncaught errors too."""
    handler = logging.StreamHandler()
    handler.setFormatter(Allowed("%(asctime)s %(levelname)s %(name)s: %(message)s"))
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
        complain(_sentence(problem))
        return 1
    except OSError as problem:
        if problem.filename is None:  # not about a folder: a mistake of ours
            raise
        path = Path(problem.filename)
        named = path.parent if path.name.startswith(UNFINISHED) else path
        complain(
            Sentence(
                "%(file)s: %(why)s. Check the folder and its rights.",
                file=named,
                why=speech.why(problem),
            )
        )
        return 1
    except KeyboardInterrupt:
        return 130  # as shells count an interrupt
    return code


def _sentence(problem: Exception) -> str:
    """What is wrong and the next step, for who stands before the machine with the means to mend."""
    match problem:
        case Unreachable(cause=str(cause)) if cause:
            return f"{said_of(problem)} ({said(cause)}) {said(AGAIN)}"
        case Unreachable():
            return f"{said_of(problem)} {said(AGAIN)}"
        case CentralFault() | BadAnswer():
            return f"{said_of(problem)} {said(RUN_AGAIN)}"
        case NotEnrolled():
            return NO_KIOSK
        case LedgerTorn():
            return TORN
    return said_of(problem)


def _parser() -> argparse.ArgumentParser:
    """The commands. What each needs is imported when it runs: help must be instant."""
    parser: argparse.ArgumentParser = Parser(
        prog="kiosk",
        description=_("An offline-first kiosk for one-stop government service points."),
        epilog=_("Each command says more, such as: kiosk provision --help"),
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=FOLDER,
        help=_("the kiosk's folder with kiosk.toml and its data (default: %(default)s)"),
    )
    add_language_option(parser)
    parser.add_argument(
        "--version", action="version", version=f"kiosk {VERSION}", help=_("say the version and end")
    )
    commands = parser.add_subparsers(title=_("commands"), metavar="command")
    _add_run(commands.add_parser("run", help=_("start the kiosk: screen, printer and line")))
    _add_provision(
        commands.add_parser("provision", help=_("make this machine a kiosk; may be run again"))
    )
    _add_sync(commands.add_parser("sync", help=_("exchange with central, or say how it stands")))
    _add_queue(commands.add_parser("queue", help=_("see, check, carry what waits to be sent")))
    _add_printer(
        commands.add_parser("printer", help=_("find the printer, set it, test it, say how it is"))
    )
    _add_doctor(
        commands.add_parser(
            "doctor", help=_("say what is wrong with this kiosk, and how to mend it")
        )
    )
    _add_support(
        commands.add_parser("support", help=_("write a sealed file for those who help from afar"))
    )
    _add_pin(
        commands.add_parser(
            "technician-pin", help=_("choose the PIN of the technician's page on the screen")
        )
    )
    _add_reset(commands.add_parser("reset", help=_("erase this kiosk: a bare machine again")))
    from kiosk.field.forms import add_forms_commands  # noqa: PLC0415 - imports nothing heavy

    add_forms_commands(commands)
    return parser


def _config(given: argparse.Namespace) -> KioskConfig:
    config = read_config(given.folder / FILE_NAME)
    check_whole(config)
    return config


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--window", action="store_true", help=_("in a window, whatever kiosk.toml says")
    )
    parser.set_defaults(command=_run)


def _run(given: argparse.Namespace) -> int:
    gc.disable()  # all that is made until the first frame stays: see kiosk.tidier
    from kiosk.app import run  # noqa: PLC0415 - opens the window

    return run(_config(given), in_window=given.window)


def _add_provision(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "site",
        type=Path,
        nargs="?",
        metavar="SITE",
        help=_("a site file with all of this, such as site.yaml; what is typed counts more"),
    )
    parser.add_argument("--central", metavar="URL", help=_("address of the central server"))
    parser.add_argument(
        "--central-ca", type=Path, metavar="FILE", help=_("its authority's certificate")
    )
    parser.add_argument("--code", help=_("one-time enrolment code, from central"))
    parser.add_argument(
        "--stick",
        type=Path,
        metavar="DIR",
        help=_("enrol by a USB stick that goes to central and comes back, without a line"),
    )
    parser.add_argument(
        "--central-key", metavar="KEY", help=_("central's key, for --stick, as central prints it")
    )
    parser.add_argument("--name", help=_("what the staff call this kiosk"))
    parser.add_argument("--panel", help=_("the screen, one of: %(known)s", known=", ".join(PANELS)))
    parser.add_argument("--printer-port", metavar="DEVICE", help=_("such as /dev/ttyUSB0"))
    parser.add_argument("--printer-profile", metavar="NAME", help=_("see: kiosk printer profiles"))
    parser.add_argument(
        "--scanner-port",
        metavar="DEVICE",
        help=_("barcode scanner: serial, or a keyboard under /dev/input"),
    )
    parser.add_argument(
        "--camera-device",
        metavar="DEVICE",
        help=_("such as /dev/video0, or none (default: the first that works)"),
    )
    parser.add_argument(
        "--microphone-device",
        metavar="DEVICE",
        help=_("such as plughw:1, or none (default: the one that ALSA calls default)"),
    )
    parser.add_argument(
        "--photo-folder", type=Path, metavar="FOLDER", help=_("pictures and files to choose from")
    )
    parser.add_argument(
        "--fullscreen",
        action="store_true",
        default=None,
        help=_("cover the screen, hide the pointer"),
    )
    parser.set_defaults(command=_provision)


def _provision(given: argparse.Namespace) -> int:
    from kiosk.app import central_of, open_ledger  # noqa: PLC0415
    from kiosk.field.provision import check, provision, settings_for, write_settings  # noqa: PLC0415

    folder = given.folder.resolve()
    typed = {
        "name": given.name,
        "central_url": given.central,
        "central_ca": given.central_ca and given.central_ca.resolve(),
        "panel": given.panel,
        "printer_port": given.printer_port,
        "printer_profile": given.printer_profile,
        "scanner_port": given.scanner_port,
        "camera_device": given.camera_device,
        "microphone_device": given.microphone_device,
        "photo_folder": given.photo_folder and given.photo_folder.resolve(),
        "fullscreen": given.fullscreen,
    }
    if given.site is not None:
        return _provision_site(given, folder, typed)
    settings = settings_for(folder, **typed)
    check(settings)
    with central_of(settings) as central:
        _tell_written(folder, changed=write_settings(folder, settings))
        with closing(open_ledger(settings, anew=given.code is not None)) as ledger:
            if given.stick is None:
                provision(ledger, central, given.code, settings.name or "kiosk", say)
            else:
                _enrol_by_stick(given, settings, ledger, given.code, given.central_key)
    _tell_ready(given)
    return 0


def _provision_site(given: argparse.Namespace, folder: Path, typed: dict[str, object]) -> int:
    """The same with what stands in a site file; at the end the test page, once."""
    from kiosk.app import central_of, open_ledger  # noqa: PLC0415
    from kiosk.field import provision, site  # noqa: PLC0415

    read = site.read_site(given.site.resolve())
    wanted = read.settings | {name: value for name, value in typed.items() if value is not None}
    settings = provision.settings_for(folder, **wanted)
    provision.check(settings)
    changed = False
    if "central_ca" in wanted and settings.central_ca is not None:
        own, changed = site.keep_certificate(folder, settings.central_ca)
        settings = replace(settings, central_ca=own)
    code = given.code or read.code
    with central_of(settings) as central:
        written = provision.write_settings(folder, settings)
        _tell_written(folder, changed=written)
        with closing(open_ledger(settings, anew=given.code is not None)) as ledger:
            before = ledger.identity()
            needed = code if before is None or ledger.lives_twice() else given.code
            if given.stick is None:
                name = settings.name or "kiosk"
                identity = provision.provision(ledger, central, needed, name, say)
            else:
                key = given.central_key or read.central_key
                identity = _enrol_by_stick(given, settings, ledger, needed, key)
            read.check_office(identity)
    if not changed and not written and before == identity:
        say(Sentence("Nothing is changed: this kiosk is as the site file says."))
    elif settings.printer_port:
        from kiosk.field.printers import print_page  # noqa: PLC0415 - sets letters: Pillow

        print_page(given)
    else:
        say(Sentence("No printer is set: no test page is printed."))
    _tell_ready(given)
    return 0


def _enrol_by_stick(
    given: argparse.Namespace,
    settings: KioskConfig,
    ledger: "Ledger",
    code: str | None,
    central_key: str | None,
) -> "Identity":
    """Enrol by the stick, then ask on it for the services."""
    from kiosk.field.provision import enrol_by_stick  # noqa: PLC0415
    from kiosk.field.road import carry  # noqa: PLC0415

    name = settings.name or "kiosk"
    identity = enrol_by_stick(
        ledger, given.stick, central_key=central_key, code=code, name=name, say=say
    )
    carry(ledger, given.stick, say)
    return identity


def _tell_written(folder: Path, *, changed: bool) -> None:
    path = folder / FILE_NAME
    say(
        Sentence("Written: %(file)s", file=path)
        if changed
        else Sentence("Unchanged: %(file)s", file=path)
    )


def _tell_ready(given: argparse.Namespace) -> None:
    elsewhere = "" if given.folder == FOLDER else f"--folder {shlex.quote(str(given.folder))} "
    say(Sentence("Ready. Start it with: kiosk %(folder)srun", folder=elsewhere))


def _add_sync(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--stick",
        type=Path,
        metavar="DIR",
        help=_("take in the answers on a USB stick, and write what waits onto it"),
    )
    parser.set_defaults(command=_sync_stick)
    actions = parser.add_subparsers(title=_("actions"), metavar="action")
    actions.add_parser("once", help=_("exchange until both sides have all")).set_defaults(
        command=_sync_once
    )
    actions.add_parser(
        "status", help=_("what waits, and when central was last heard")
    ).set_defaults(command=_sync_status)


def _sync_once(given: argparse.Namespace) -> int:
    from kiosk.app import central_of, open_ledger  # noqa: PLC0415
    from sync.worker import sync_once  # noqa: PLC0415

    config = _config(given)
    with closing(open_ledger(config)) as ledger, central_of(config) as central:
        sync_once(ledger, central, budget=config.budget)
        ledger.erase_settled(config.keeping)
        say(Sentence("Done: %(count)s waiting.", count=ledger.waiting_count()))
    return 0


def _sync_stick(given: argparse.Namespace) -> int:
    from kiosk.app import open_ledger  # noqa: PLC0415
    from kiosk.field.road import carry  # noqa: PLC0415

    if given.stick is None:
        complain(Sentence("Say how: kiosk sync once, status or --stick DIR."))
        return 2
    config = _config(given)
    with closing(open_ledger(config)) as ledger:
        carry(ledger, given.stick, say)
        ledger.erase_settled(config.keeping)
    return 0


def _sync_status(given: argparse.Namespace) -> int:
    from kiosk.app import open_ledger  # noqa: PLC0415
    from kiosk.field.road import tell_room, tell_status  # noqa: PLC0415
    from kiosk.room import Disk, Room  # noqa: PLC0415
    from sync.clock import DeviceClock  # noqa: PLC0415

    config = _config(given)
    with closing(open_ledger(config)) as ledger:
        ledger.enrolled_identity()
        disk = partial(Disk.of, config.data_dir, config.disk_reserve_percent)
        room = Room(ledger, DeviceClock(ledger), disk, config.keep_unfinished_days)
        is_well = tell_status(ledger, config.budget, say)
        return 0 if tell_room(room, say) and is_well else 1


def _add_queue(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title=_("actions"), required=True, metavar="action")
    listing = actions.add_parser("list", help=_("what waits to be sent, and what was set aside"))
    listing.add_argument("--all", action="store_true", help=_("also what central has"))
    listing.set_defaults(command=_queue_list)
    actions.add_parser(
        "verify", help=_("hold every envelope and document against its hash")
    ).set_defaults(command=_queue_verify)
    export = actions.add_parser(
        "export", help=_("write what waits into a folder, also from a dead kiosk's disk (--folder)")
    )
    export.add_argument("directory", type=Path, metavar="DIR", help=_("such as a USB stick"))
    export.add_argument("--all", action="store_true", help=_("the whole log, from its beginning"))
    export.set_defaults(command=_queue_export)
    importing = actions.add_parser(
        "import", help=_("hand in by this kiosk's line what other kiosks wrote into a folder")
    )
    importing.add_argument("directory", type=Path, metavar="DIR", help=_("such as a USB stick"))
    importing.set_defaults(command=_queue_import)


def _queue_list(given: argparse.Namespace) -> int:
    from kiosk.app import open_ledger  # noqa: PLC0415
    from kiosk.field.road import list_queue  # noqa: PLC0415

    with closing(open_ledger(_config(given))) as ledger:
        ledger.enrolled_identity()
        list_queue(ledger, say, everything=given.all)
    return 0


def _queue_verify(given: argparse.Namespace) -> int:
    from kiosk.app import open_ledger  # noqa: PLC0415
    from kiosk.field.road import tell_salvage, verify_queue  # noqa: PLC0415

    config = _config(given)
    with _salvage(config) as salvage:
        if salvage is not None:
            tell_salvage(salvage, say)
            return 1
    with closing(open_ledger(config)) as ledger:
        ledger.enrolled_identity()
        return 0 if verify_queue(ledger, say) else 1


def _queue_export(given: argparse.Namespace) -> int:
    from kiosk.app import open_ledger  # noqa: PLC0415
    from kiosk.field.road import export_queue, export_salvaged  # noqa: PLC0415

    config = _config(given)
    with _salvage(config) as salvage:
        if salvage is not None:
            done = export_salvaged(salvage, given.directory, say, everything=given.all)
            return 0 if done else 1
    with closing(open_ledger(config)) as ledger:
        export_queue(ledger, given.directory, say, everything=given.all)
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
        return 0 if import_queue(given.directory, central, say) else 1


def _add_doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json",
        action="store_true",
        help=_("in a form for other programs"),
    )
    parser.add_argument("--print", action="store_true", help=_("also on the kiosk's printer"))
    parser.set_defaults(command=_doctor)


def _doctor(given: argparse.Namespace) -> int:
    from kiosk.field import doctor  # noqa: PLC0415 - opens fonts, printers, a line

    _choose_language()
    diagnosis = doctor.examine(given.folder)
    print(doctor.to_json(diagnosis) if given.json else "\n".join(doctor.told(diagnosis)))
    if given.print:
        trouble = doctor.print_slip(given.folder, doctor.slip(diagnosis))
        if trouble:
            complain(trouble)
            return max(diagnosis.code, 1)
    return diagnosis.code


def _choose_language() -> None:
    """What the doctor says is the technician's; the screens choose their own."""
    from kiosk.language import set_language  # noqa: PLC0415 - reads catalogues

    set_language(speech.language())


def _add_support(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to", type=Path, default=Path(), metavar="DIR", help=_("where, such as a USB stick")
    )
    parser.set_defaults(command=_support)


def _support(given: argparse.Namespace) -> int:
    from kiosk.field import doctor, support  # noqa: PLC0415 - as above

    _choose_language()
    diagnosis = doctor.examine(given.folder)
    for line in support.qr_lines(doctor.summary(diagnosis)):
        print(line)
    print(doctor.summary(diagnosis))
    path = support.write_for_support(given.folder, diagnosis, given.to)
    size = f"{path.stat().st_size:,}"
    say(
        Sentence(
            "Written: %(file)s, %(size)s bytes. Only central can open it.", file=path, size=size
        )
    )
    return 0


def _add_pin(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--none", action="store_true", help=_("let there be none: nobody reaches the page")
    )
    parser.set_defaults(command=_technician_pin)


def _technician_pin(given: argparse.Namespace) -> int:
    from kiosk.app import open_ledger  # noqa: PLC0415
    from kiosk.technician_pin import TechnicianPin  # noqa: PLC0415

    with closing(open_ledger(_config(given))) as ledger:
        pin = TechnicianPin(ledger)
        if given.none:
            pin.take_away()
            say(Sentence("There is no PIN any more: nobody reaches the technician's page."))
            return 0
        chosen = _typed_pin()
        if chosen is None:
            complain(Sentence("The two PINs differ. Nothing is changed."))
            return 1
        pin.choose(chosen)
    say(
        Sentence(
            "The PIN counts from now on. On the language page, hold the word Welcome for five "
            "seconds."
        )
    )
    return 0


def _typed_pin() -> str | None:
    """Typed twice unseen, or one line of what is piped in; None when the two differ."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    typed = getpass(_("New PIN, 6 to 12 figures: "))
    return typed if getpass(_("The same again: ")) == typed else None


def _add_reset(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--yes", metavar="NAME", help=_("the kiosk's name, else it is asked for; to be sure")
    )
    parser.set_defaults(command=_reset)


def _reset(given: argparse.Namespace) -> int:
    from kiosk.app import alone, open_ledger  # noqa: PLC0415
    from kiosk.field import reset  # noqa: PLC0415

    config = read_config(given.folder / FILE_NAME)
    if not reset.is_there(config):
        raise NotEnrolled(NO_KIOSK)
    with alone(config):
        number = None
        if (config.data_dir / BEGUN).exists():
            say(Sentence("A reset was cut off here. It is finished now."))
        else:
            with closing(open_ledger(config)) as ledger:
                number = ledger.enrolled_identity().kiosk_number
                if reset.tell_waiting(ledger, say):
                    complain(Sentence("Nothing is erased."))
                    return 1
                reset.tell_erased(config, ledger, say)
                if not _is_sure(reset.name_of(config, ledger), given.yes):
                    complain(Sentence("The name is another one. Nothing is erased."))
                    return 1
        for _path in reset.erasing(config.data_dir):
            pass
        return _told_reset(config, number, reset.left_in(config.data_dir))


def _is_sure(name: str, typed: str | None) -> bool:
    """Whether the kiosk's name was typed."""
    if typed is None:
        print(_("Type its name to erase it: %(name)s", name=name), end=" ", flush=True)
        typed = sys.stdin.readline()
    return typed.strip() == name


def _told_reset(config: KioskConfig, number: int | None, left: list[str]) -> int:
    say(Sentence("Erased: %(folder)s is no kiosk any more.", folder=config.data_dir))
    if left:
        files = ", ".join(left)
        say(Sentence("Not of the kiosk, and left there: %(files)s", files=files))
    if number is not None:
        say(
            Sentence(
                "Tell central's operators that it is gone: python -m sync.central kiosk block "
                "%(number)s",
                number=number,
            )
        )
    say(Sentence("To put it up again: kiosk provision --code CODE"))
    return 0


def _whole_number(typed: str) -> int:
    try:
        return int(typed)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(
            _("%(typed)s is no whole number", typed=repr(typed))
        ) from problem


def _add_printer(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title=_("actions"), required=True, metavar="action")
    finds = actions.add_parser("detect", help=_("look for a printer at every serial port"))
    finds.add_argument(
        "--keep", action="store_true", help=_("write what was found into kiosk.toml")
    )
    finds.add_argument("ports", nargs="*", metavar="DEVICE", help=_("only these ports"))
    finds.set_defaults(command=_printer("detect"))
    sets = actions.add_parser("set", help=_("change the printer's settings"))
    sets.add_argument("--port", metavar="DEVICE", help=_("such as /dev/ttyUSB0; none: no printer"))
    sets.add_argument("--profile", metavar="NAME", help=_("see: kiosk printer profiles"))
    sets.add_argument(
        "--baud", type=_whole_number, metavar="SPEED", help=_("0: as the profile says")
    )
    sets.add_argument(
        "--dead-dots",
        metavar="NUMBERS",
        help=_("such as 133,200, from the test page; none: all print"),
    )
    sets.add_argument(
        "--new-roll",
        action="store_true",
        help=_("a new roll was put in: its paper is counted anew"),
    )
    sets.set_defaults(command=_printer("change"))
    for action, command, helps in (
        ("test", "print_page", _("print the self-test page")),
        ("status", "status", _("how printer and paper are")),
        ("profiles", "profiles", _("the kinds of printer that are known")),
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
