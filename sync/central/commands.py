"""What the commands of central do, once Django is ready."""

import argparse
from collections.abc import Callable

from django.core.management import call_command


def init(_options: argparse.Namespace) -> int:
    """Make the database."""
    call_command("migrate", verbosity=0, interactive=False)
    return 0


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {"init": init}


def run(options: argparse.Namespace) -> int:
    """Run the command that was asked for."""
    return _COMMANDS[options.command](options)
