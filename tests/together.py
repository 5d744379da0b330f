"""Things that happen in the same moment, each in a thread with connections of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What each returned, or the exception that it raised, in their order."""
    start = threading.Barrier(len(deeds))
    became: list[Any] = [None] * len(deeds)

    def run(place: int, deed: Callable[[], Any]) -> None:
        try:
            start.wait()
            became[place] = deed()
        except Exception as problem:  # noqa: BLE001 - told in the test's thread
            became[place] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=numbered) for numbered in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return became
