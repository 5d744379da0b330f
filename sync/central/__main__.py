"""The command line of central: `python -m sync.central --help`.

Each command is one thing that an operator does. Django's own commands stay reachable behind
`manage`.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import django
from django.core.management import execute_from_command_line

from sync.central.secret_key import make_secret_key
from sync.central.server import serve

PROGRAM = "python -m sync.central"
EPILOGUE = """\
Central keeps its database, keys and evidence in the folder CENTRAL_DATA (default: central-data).
CENTRAL_DATABASE_URL=postgresql://... keeps the rows in PostgreSQL instead. CENTRAL_PUBLIC_URL is
the address that people and kiosks use.

A first start:
  python -m sync.central init
  python -m sync.central sample-data
  python -m sync.central serve --port 8000
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="The central server of the one-door kiosks.",
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    commands.add_parser("init", help="make the database, the keys and the folders; safe to repeat")

    server = commands.add_parser("serve", help="answer kiosks and browsers until stopped")
    server.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    server.add_argument("--port", type=int, default=8000, help="0 takes a free one (%(default)s)")
    server.add_argument("--workers", type=int, default=1, help="processes (%(default)s)")
    server.add_argument("--threads", type=int, default=8, help="threads a process (%(default)s)")

    manage = commands.add_parser("manage", help="Django's own commands", add_help=False)
    manage.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sync.central.settings")
    if options.command == "serve":
        return serve(options.host, options.port, options.workers, options.threads)
    if options.command == "init":
        folder = Path(os.environ.get("CENTRAL_DATA", "central-data"))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        make_secret_key(folder)
    django.setup()
    if options.command == "manage":
        execute_from_command_line([f"{PROGRAM} manage", *options.arguments])
        return 0
    from sync.central import commands  # noqa: PLC0415 - models exist after django.setup() only

    return commands.run(options)


if __name__ == "__main__":
    sys.exit(main())
