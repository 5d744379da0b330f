"""The words that the command line of central understands."""

import argparse
from pathlib import Path

from sync.central.intake.rings import RINGS

PROGRAM = "python -m sync.central"
HOURS_DEFAULT = 72
EPILOGUE = """\
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


def parser() -> argparse.ArgumentParser:
    """Everything that can be asked for."""
    root = argparse.ArgumentParser(
        prog=PROGRAM,
        description="The central server of the one-door kiosks.",
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    commands.add_parser("init", help="make the database, the keys and the folders; safe to repeat")
    commands.add_parser(
        "sample-data", help="init, then sample offices, officers and services; prints accounts"
    )
    commands.add_parser(
        "sample-history", help="after sample-data: months of made-up applications, for the figures"
    )
    _serve(commands.add_parser("serve", help="answer kiosks and browsers until stopped"))

    code = commands.add_parser("enrolment-code", help="a one-time code that lets in one new kiosk")
    code.add_argument("--office", required=True, help="the office that the kiosk belongs to")
    code.add_argument("--kiosk-name", required=True, help="where it stands")
    _ring(code, "which new versions it gets early (%(default)s)")
    code.add_argument("--hours", type=int, default=HOURS_DEFAULT, help="valid for (%(default)s)")

    publish = commands.add_parser("publish", help="sign a service and give it to kiosks")
    publish.add_argument(
        "folder", type=Path, help="with form.xlsx and descriptor.yaml; or a ministry's own bundle"
    )
    publish.add_argument("--version", help="instead of the one in the descriptor")
    _ring(publish, "which kiosks get it now (%(default)s)")

    _keys(
        commands.add_parser("keys", help="see, add, change and revoke the keys that kiosks trust")
    )
    _office(commands.add_parser("office", help="add, change or load offices"))
    _officer(commands.add_parser("officer", help="add officers, give a new password, end accounts"))
    _clerk(commands.add_parser("clerk", help="see, add and end those who help at the kiosks"))
    _publisher(commands.add_parser("publisher", help="add those who sign and release services"))
    _analyst(commands.add_parser("analyst", help="add those who see the figures of every office"))
    _kiosk(commands.add_parser("kiosk", help="see kiosks, move them to a ring, block a stolen one"))

    commands.add_parser("set-aside", help="what kiosks sent that waits for a person, and why")

    stick = commands.add_parser("stick", help="take in a USB stick from kiosks, write the answers")
    stick.add_argument("folder", type=Path, help="where the stick is, such as /media/stick")

    _evidence(commands.add_parser("evidence", help="try the place for documents, or move there"))

    commands.add_parser("escalate", help="bring what is late before supervisors; for a daily timer")
    commands.add_parser("audit", help="whether logs and records are still as they were written")
    commands.add_parser(
        "restored", help="after a copy was put back: kiosks then read all news from the start"
    )

    shed = commands.add_parser("shed", help="ask kiosks to stay away for a while; 0 ends it")
    shed.add_argument("seconds", type=int, help="after how long they may come back")

    opening = commands.add_parser(
        "open-support", help="open what `kiosk support` wrote, into a folder of plain files"
    )
    opening.add_argument("file", type=Path, help="as it came, such as kiosk-12-....support")
    opening.add_argument("--to", type=Path, help="a new folder (default: the file's name)")

    manage = commands.add_parser("manage", help="Django's own commands", add_help=False)
    manage.add_argument("arguments", nargs=argparse.REMAINDER, help="such as: check")
    return root


def _evidence(evidence: argparse.ArgumentParser) -> None:
    actions = evidence.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("check", help="write, read and remove something there")
    actions.add_parser("move", help="bring what lies in CENTRAL_DATA there; safe to repeat")


def _serve(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    serve.add_argument("--port", type=int, default=8000, help="0 takes a free one (%(default)s)")
    serve.add_argument("--workers", type=int, default=1, help="processes (%(default)s)")
    serve.add_argument("--threads", type=int, default=32, help="threads a process (%(default)s)")


def _keys(keys: argparse.ArgumentParser) -> None:
    actions = keys.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="id, purpose, whose, and whether it is in use")
    add = actions.add_parser("add", help="take services that a ministry signs itself")
    add.add_argument("public_key", help="as `kiosk forms publish` prints it")
    add.add_argument("--name", required=True, help="whose key it is")
    add.add_argument(
        "--services", required=True, help="how the ids begin that it may sign: la.moic."
    )
    rotate = actions.add_parser("rotate", help="make a new key and use it from now on")
    rotate.add_argument(
        "purpose", choices=["answers", "bundles", "sealing"], help="what it signs or opens"
    )
    revoke = actions.add_parser("revoke", help="let no kiosk believe a key that was lost or stolen")
    revoke.add_argument("id", help="as `keys list` shows it")
    revoke.add_argument("--why", required=True, help="kept beside it")


def _office(office: argparse.ArgumentParser) -> None:
    actions = office.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="one office, by its words")
    add.add_argument("id", help="such as la-vte-xaythany")
    add.add_argument("--name-lo", required=True, help="its name in Lao")
    add.add_argument("--name-en", default="", help="its name in English")
    add.add_argument("--district", default="", help="the P-code, such as LA0106")
    add.add_argument("--role", default="district", help="what workflows call it by, as village")
    add.add_argument("--hours", default="", help="such as Mo-Fr 08:00-16:00")
    add.add_argument("--phone", default="", help="for questions")
    load = actions.add_parser("load", help="all offices of a file, with their holidays")
    load.add_argument("file", type=Path, help="such as assets/services/offices.yaml")


def _officer(officer: argparse.ArgumentParser) -> None:
    actions = officer.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="asks for a password, or draws one")
    add.add_argument("username", help="what is typed to sign in")
    add.add_argument("--name", required=True, help="full name, as applicants may be told")
    add.add_argument("--office", required=True, help="the office whose applications are seen")
    add.add_argument("--title", default="", help="as applicants read who decided, without a name")
    add.add_argument("--supervisor", action="store_true", help="marks her as the supervisor")
    add.add_argument("--complaints", action="store_true", help="lets her look into complaints")
    _end(actions)


def _clerk(clerk: argparse.ArgumentParser) -> None:
    actions = clerk.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="asks for a PIN, or draws one; prints her number")
    add.add_argument("--name", required=True, help="full name, as it stands on receipts")
    add.add_argument("--office", required=True, help="the office at whose kiosks she helps")
    pin = actions.add_parser("pin", help="another PIN, also when a kiosk refuses her")
    pin.add_argument("number", type=int, help="her number")
    end = actions.add_parser("end", help="let her sign in no more")
    end.add_argument("number", type=int, help="her number")
    actions.add_parser("list", help="number, name, office, since and until when")


def _publisher(publisher: argparse.ArgumentParser) -> None:
    actions = publisher.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="asks for a password, or draws one")
    add.add_argument("username", help="what is typed to sign in")
    add.add_argument("--name", required=True, help="full name, as it stands beside what she signs")
    _end(actions)


def _end(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    end = actions.add_parser("end", help="end an account: nobody signs in with it any more")
    end.add_argument("username", help="what was typed to sign in")


def _analyst(analyst: argparse.ArgumentParser) -> None:
    actions = analyst.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="asks for a password, or draws one")
    add.add_argument("username", help="what is typed to sign in")
    add.add_argument("--name", required=True, help="full name")


def _ring(command: argparse.ArgumentParser, words: str) -> None:
    rings = [ring.value for ring in RINGS]
    command.add_argument("--ring", choices=rings, default=RINGS[-1].value, help=words)


def _kiosk(kiosk: argparse.ArgumentParser) -> None:
    actions = kiosk.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="number, name, office, ring, log, last contact, flags")
    ring = actions.add_parser("ring", help="which kiosks get new versions before the others")
    ring.add_argument("ring", choices=[ring.value for ring in RINGS], help="the innermost is first")
    ring.add_argument("numbers", type=int, nargs="+", metavar="NUMBER", help="the kiosks' numbers")
    branches = actions.add_parser(
        "file-branches", help="make cases of what a copied or restored disk sent that is gone since"
    )
    branches.add_argument("number", type=int, help="the kiosk that lives twice")
    block = actions.add_parser("block", help="refuse a kiosk that was stolen or taken away")
    block.add_argument("number", type=int, help="the kiosk's number")
    block.add_argument("--undo", action="store_true", help="let it in again")
