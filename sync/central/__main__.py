"""The command line of central: `python -m sync.central --help`.

The settings read the environment once, so what they need must be there before Django wakes up:
the folder, the key of the sessions and, for `serve`, the address.
"""

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

import django
from django.core.management import execute_from_command_line

from kiosk.speech import said, said_of, why
from sync.central.arguments import PROGRAM, parser
from sync.central.database import BadDatabase, check_driver, database_from_url
from sync.central.evidence_place import BadPlace, check_library, place_from_address
from sync.central.secret_key import make_secret_key
from sync.central.server import open_door
from sync.central.terminal import complain, without_language

OWNER_ONLY = 0o077  # umask: what central writes nobody else reads


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    typed = sys.argv[1:] if arguments is None else arguments
    rest = without_language(typed)  # first: the parser's words are in that language
    options = parser().parse_args(rest)
    os.umask(OWNER_ONLY)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sync.central.settings")
    try:
        _make_ready(options)
    except (BadDatabase, BadPlace) as problem:
        complain(said_of(problem))
        return 1
    except OSError as problem:
        complain(": ".join(filter(None, (problem.filename, said(why(problem))))))
        return 1
    django.setup()
    if options.command == "manage":
        execute_from_command_line([f"{PROGRAM} manage", *options.arguments])
        return 0
    from sync.central import commands  # noqa: PLC0415 - models exist after django.setup() only

    return commands.run(options)


def _make_ready(options: Namespace) -> None:
    """What must be there before the settings are read."""
    database_url = os.environ.get("CENTRAL_DATABASE_URL")
    if database_url:
        database_from_url(database_url)
        check_driver()
    check_library(place_from_address(os.environ.get("CENTRAL_EVIDENCE"), Path()))
    if options.command in {"init", "sample-data"}:
        folder = Path(os.environ.get("CENTRAL_DATA", "central-data"))
        folder.mkdir(parents=True, exist_ok=True)
        make_secret_key(folder)
    if options.command == "serve":
        options.door = open_door(options.host, options.port)


if __name__ == "__main__":
    sys.exit(main())
