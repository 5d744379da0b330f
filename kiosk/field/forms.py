"""The command line of `kiosk forms`: what an author types; what it does is in `service_tools`.

Apart from it because the spreadsheet tools take a second to load, and `kiosk --help` must not.
"""

import argparse
from pathlib import Path
from types import ModuleType

from kiosk.speech import _, language, said
from sync.sentence import Sentence


def add_forms_commands(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Put `forms` with its commands into the program's command line."""
    parser = subparsers.add_parser(
        "forms", help=_("begin, check, publish, show and export services")
    )
    commands = parser.add_subparsers(title=_("commands"), required=True, metavar="command")

    new = commands.add_parser(
        "new",
        help=_("make a folder with an example to begin with"),
        description=_(
            "Makes a folder with an example service in which nothing is to be mended: a workbook, "
            "a description, a list and a picture. Change it row by row, and check it as often as "
            "you like."
        ),
    )
    new.add_argument("folder", type=Path, metavar="FOLDER", help=_("the folder to make"))
    new.add_argument(
        "--id",
        dest="service",
        help=_("the service's id, such as la.moj.marriage; small Latin letters and dots"),
    )
    new.set_defaults(command=_new)

    check = commands.add_parser(
        "check",
        help=_("say what is to be mended, with sheet and row"),
        description=_(
            "Says what is to be mended in a service's folder, with sheet, row and column. An error "
            "stops publishing; a warning asks you to look again; a note lists what has no "
            "recording yet. It ends with 1 where there is an error."
        ),
    )
    check.add_argument(
        "folders",
        nargs="+",
        type=Path,
        metavar="FOLDER",
        help=_("with form.xlsx and descriptor.yaml"),
    )
    check.set_defaults(command=_check)

    publish = commands.add_parser(
        "publish",
        help=_("make a signed bundle of a service's folder"),
        description=_(
            "Makes one signed file of a service's folder, for a ministry that has no server. "
            "Nothing is written while there is an error. A version never goes back: what was "
            "signed is remembered beside the key (KEY.published.json), so keep both and copy both. "
            "At the central server itself, use: python -m sync.central publish FOLDER"
        ),
        epilog=_(
            "The first time: kiosk forms publish residence-certificate --out residence.bundle "
            "--key ministry.key --new-key. Give the public key that it prints to those who take "
            "the bundle."
        ),
    )
    publish.add_argument(
        "folder", type=Path, metavar="FOLDER", help=_("with form.xlsx and descriptor.yaml")
    )
    publish.add_argument(
        "--key", type=Path, required=True, help=_("file with the signing key (hex)")
    )
    publish.add_argument("--new-key", action="store_true", help=_("make the key if it is missing"))
    publish.add_argument("--out", type=Path, required=True, help=_("the bundle to write"))
    publish.add_argument("--version", help=_("instead of the description's, such as 2026.11.2"))
    publish.set_defaults(command=_publish)

    show = commands.add_parser(
        "show",
        help=_("show the sheet and the questions of a service"),
        description=_("Shows what a service's folder or bundle says: its sheet and its questions."),
    )
    show.add_argument("service", type=Path, help=_("a service's folder, or a bundle"))
    show.add_argument("--verify-key", help=_("the publisher's public key (hex), for a bundle"))
    show.set_defaults(command=_show)

    export = commands.add_parser(
        "export",
        help=_("write a service in a format that others read"),
        description=_("Writes a service in a format that other programs read."),
    )
    export.add_argument(
        "service", type=Path, help=_("a service's folder, its descriptor.yaml, or a bundle")
    )
    formats = export.add_mutually_exclusive_group(required=True)
    formats.add_argument(
        "--cpsv",
        dest="command",
        action="store_const",
        const=_export_cpsv,
        help=_("the description as JSON-LD in CPSV-AP 3.2, for catalogues of public services"),
    )
    export.add_argument("--out", type=Path, help=_("the file to write (default: print it)"))
    export.add_argument(
        "--base",
        default="urn:one-door:",
        help=_("what each id in the description begins with, such as https://data.example.la/"),
    )
    export.add_argument("--verify-key", help=_("the publisher's public key (hex), for a bundle"))


def _new(options: argparse.Namespace) -> int:
    return int(_tools().begin_service(options.folder, options.service))


def _check(options: argparse.Namespace) -> int:
    return int(_tools().check_services(options.folders))


def _publish(options: argparse.Namespace) -> int:
    order = (options.folder, options.version, options.out)
    return int(_tools().publish_service(*order, options.key, new_key=options.new_key))


def _show(options: argparse.Namespace) -> int:
    return int(_tools().show_service(options.service, options.verify_key))


def _export_cpsv(options: argparse.Namespace) -> int:
    order = (options.service, options.verify_key, options.out, options.base)
    return int(_tools().export_description(*order))


def _tools() -> ModuleType:
    """The tools, which take a second to load, speaking the technician's language."""
    from kiosk.language import set_language  # noqa: PLC0415

    try:
        from kiosk.field import service_tools  # noqa: PLC0415 - see above
    except ModuleNotFoundError as missing:
        raise SystemExit(
            said(
                Sentence(
                    "This machine lacks %(part)s, which only those who write services need. "
                    "In the source tree: python -m pip install -r requirements.lock",
                    part=missing.name,
                )
            )
        ) from missing
    set_language(language())
    return service_tools
