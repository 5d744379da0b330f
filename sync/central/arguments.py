"""The words that the command line of central understands."""

import argparse
from pathlib import Path

from kiosk.speech import Help, Parser, _, add_language_option
from sync.central.intake.rings import RINGS
from sync.sentence import N_

PROGRAM = "python -m sync.central"
HOURS_DEFAULT = 72
EPILOGUE = N_(
    """\
Central keeps its database, keys and evidence in the folder CENTRAL_DATA (default: central-data).
CENTRAL_DATABASE_URL=postgresql://... keeps the rows in PostgreSQL instead. CENTRAL_EVIDENCE keeps
documents in another folder, or in S3-compatible storage: s3://bucket?endpoint=https://... with
AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY beside it. CENTRAL_PUBLIC_URL is the address that people
and kiosks use: receipts point to it, other host names are refused.

A first start:
  python -m sync.central sample-data
  python -m sync.central serve --port 8000
  python -m sync.central enrolment-code --office la-vte-xaythany --kiosk-name "Front hall"
"""
)


class _Layout(argparse.RawDescriptionHelpFormatter, Help):
    """Leaves the lines of the words at the end as they are."""


def parser() -> Parser:
    """Everything that can be asked for."""
    root = Parser(
        prog=PROGRAM,
        description=_("The central server of the one-door kiosks."),
        epilog=_(EPILOGUE),
        formatter_class=_Layout,
    )
    add_language_option(root)
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    commands.add_parser(
        "init", help=_("make the database, the keys and the folders; safe to repeat")
    )
    commands.add_parser(
        "sample-data", help=_("init, then sample offices, officers and services; prints accounts")
    )
    commands.add_parser(
        "sample-history",
        help=_("after sample-data: months of made-up applications, for the figures"),
    )
    _serve(commands.add_parser("serve", help=_("answer kiosks and browsers until stopped")))

    code = commands.add_parser(
        "enrolment-code", help=_("a one-time code that lets in one new kiosk")
    )
    code.add_argument("--office", required=True, help=_("the office that the kiosk belongs to"))
    code.add_argument("--kiosk-name", required=True, help=_("where it stands"))
    _ring(code, _("which new versions it gets early (%(default)s)"))
    code.add_argument("--hours", type=int, default=HOURS_DEFAULT, help=_("valid for (%(default)s)"))

    publish = commands.add_parser("publish", help=_("sign a service and give it to kiosks"))
    publish.add_argument(
        "folder",
        type=Path,
        help=_("with form.xlsx and descriptor.yaml; or a ministry's own bundle"),
    )
    publish.add_argument("--version", help=_("instead of the one in the descriptor"))
    _ring(publish, _("which kiosks get it now (%(default)s)"))

    _keys(
        commands.add_parser(
            "keys", help=_("see, add, change and revoke the keys that kiosks trust")
        )
    )
    _office(commands.add_parser("office", help=_("add, change or load offices")))
    _officer(
        commands.add_parser("officer", help=_("add officers, give a new password, end accounts"))
    )
    _clerk(commands.add_parser("clerk", help=_("see, add and end those who help at the kiosks")))
    _publisher(commands.add_parser("publisher", help=_("add those who sign and release services")))
    _analyst(
        commands.add_parser("analyst", help=_("add those who see the figures of every office"))
    )
    _kiosk(
        commands.add_parser("kiosk", help=_("see kiosks, move them to a ring, block a stolen one"))
    )

    commands.add_parser("set-aside", help=_("what kiosks sent that waits for a person, and why"))

    stick = commands.add_parser(
        "stick", help=_("take in a USB stick from kiosks, write the answers")
    )
    stick.add_argument("folder", type=Path, help=_("where the stick is, such as /media/stick"))

    _evidence(commands.add_parser("evidence", help=_("try the place for documents, or move there")))

    commands.add_parser(
        "escalate", help=_("bring what is late before supervisors; for a daily timer")
    )
    commands.add_parser("audit", help=_("whether logs and records are still as they were written"))
    commands.add_parser(
        "restored", help=_("after a copy was put back: kiosks then read all news from the start")
    )

    shed = commands.add_parser("shed", help=_("ask kiosks to stay away for a while; 0 ends it"))
    shed.add_argument("seconds", type=int, help=_("after how long they may come back"))

    opening = commands.add_parser(
        "open-support", help=_("open what `kiosk support` wrote, into a folder of plain files")
    )
    opening.add_argument("file", type=Path, help=_("as it came, such as kiosk-12-....support"))
    opening.add_argument("--to", type=Path, help=_("a new folder (default: the file's name)"))

    manage = commands.add_parser("manage", help=_("Django's own commands"), add_help=False)
    manage.add_argument("arguments", nargs=argparse.REMAINDER, help=_("such as: check"))
    return root


def _evidence(evidence: Parser) -> None:
    actions = evidence.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("check", help=_("write, read and remove something there"))
    actions.add_parser("move", help=_("bring what lies in CENTRAL_DATA there; safe to repeat"))


def _serve(serve: Parser) -> None:
    serve.add_argument("--host", default="127.0.0.1", help=_("address to listen on (%(default)s)"))
    serve.add_argument("--port", type=int, default=8000, help=_("0 takes a free one (%(default)s)"))
    serve.add_argument("--workers", type=int, default=1, help=_("processes (%(default)s)"))
    serve.add_argument("--threads", type=int, default=32, help=_("threads a process (%(default)s)"))


def _keys(keys: Parser) -> None:
    actions = keys.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help=_("id, purpose, whose, and whether it is in use"))
    add = actions.add_parser("add", help=_("take services that a ministry signs itself"))
    add.add_argument("public_key", help=_("as `kiosk forms publish` prints it"))
    add.add_argument("--name", required=True, help=_("whose key it is"))
    add.add_argument(
        "--services", required=True, help=_("how the ids begin that it may sign: la.moic.")
    )
    rotate = actions.add_parser("rotate", help=_("make a new key and use it from now on"))
    rotate.add_argument(
        "purpose", choices=["answers", "bundles", "sealing"], help=_("what it signs or opens")
    )
    revoke = actions.add_parser(
        "revoke", help=_("let no kiosk believe a key that was lost or stolen")
    )
    revoke.add_argument("id", help=_("as `keys list` shows it"))
    revoke.add_argument("--why", required=True, help=_("kept beside it"))


def _office(office: Parser) -> None:
    actions = office.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help=_("one office, by its words"))
    add.add_argument("id", help=_("such as la-vte-xaythany"))
    add.add_argument("--name-lo", required=True, help=_("its name in Lao"))
    add.add_argument("--name-en", default="", help=_("its name in English"))
    add.add_argument("--district", default="", help=_("the P-code, such as LA0106"))
    add.add_argument("--role", default="district", help=_("what workflows call it by, as village"))
    add.add_argument("--hours", default="", help=_("such as Mo-Fr 08:00-16:00"))
    add.add_argument("--phone", default="", help=_("for questions"))
    load = actions.add_parser("load", help=_("all offices of a file, with their holidays"))
    load.add_argument("file", type=Path, help=_("such as assets/services/offices.yaml"))


def _officer(officer: Parser) -> None:
    actions = officer.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help=_("asks for a password, or draws one"))
    add.add_argument("username", help=_("what is typed to sign in"))
    add.add_argument("--name", required=True, help=_("full name, as applicants may be told"))
    add.add_argument("--office", required=True, help=_("the office whose applications are seen"))
    add.add_argument(
        "--title", default="", help=_("as applicants read who decided, without a name")
    )
    add.add_argument("--supervisor", action="store_true", help=_("marks her as the supervisor"))
    add.add_argument("--complaints", action="store_true", help=_("lets her look into complaints"))
    _end(actions)


def _clerk(clerk: Parser) -> None:
    actions = clerk.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help=_("asks for a PIN, or draws one; prints her number"))
    add.add_argument("--name", required=True, help=_("full name, as it stands on receipts"))
    add.add_argument("--office", required=True, help=_("the office at whose kiosks she helps"))
    pin = actions.add_parser("pin", help=_("another PIN, also when a kiosk refuses her"))
    pin.add_argument("number", type=int, help=_("her number"))
    end = actions.add_parser("end", help=_("let her sign in no more"))
    end.add_argument("number", type=int, help=_("her number"))
    actions.add_parser("list", help=_("number, name, office, since and until when"))


def _publisher(publisher: Parser) -> None:
    actions = publisher.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help=_("asks for a password, or draws one"))
    add.add_argument("username", help=_("what is typed to sign in"))
    add.add_argument(
        "--name", required=True, help=_("full name, as it stands beside what she signs")
    )
    _end(actions)


def _end(actions: "argparse._SubParsersAction[Parser]") -> None:
    end = actions.add_parser("end", help=_("end an account: nobody signs in with it any more"))
    end.add_argument("username", help=_("what was typed to sign in"))


def _analyst(analyst: Parser) -> None:
    actions = analyst.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help=_("asks for a password, or draws one"))
    add.add_argument("username", help=_("what is typed to sign in"))
    add.add_argument("--name", required=True, help=_("full name"))


def _ring(command: Parser, words: str) -> None:
    rings = [ring.value for ring in RINGS]
    command.add_argument("--ring", choices=rings, default=RINGS[-1].value, help=words)


def _kiosk(kiosk: Parser) -> None:
    actions = kiosk.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help=_("number, name, office, ring, log, last contact, flags"))
    ring = actions.add_parser("ring", help=_("which kiosks get new versions before the others"))
    ring.add_argument(
        "ring", choices=[ring.value for ring in RINGS], help=_("the innermost is first")
    )
    ring.add_argument(
        "numbers", type=int, nargs="+", metavar="NUMBER", help=_("the kiosks' numbers")
    )
    branches = actions.add_parser(
        "file-branches",
        help=_("make cases of what a copied or restored disk sent that is gone since"),
    )
    branches.add_argument("number", type=int, help=_("the kiosk that lives twice"))
    block = actions.add_parser("block", help=_("refuse a kiosk that was stolen or taken away"))
    block.add_argument("number", type=int, help=_("the kiosk's number"))
    block.add_argument("--undo", action="store_true", help=_("let it in again"))
