"""What the program writes down while it works: a file a day below the data folder, for a month.

A kiosk in a village has nobody who watches its output, so what happened stays on its disk until a
technician carries it away (`kiosk support`). A line is one JSON object of a few known fields. It
holds the words of the program, which stand in its source, and of what fills them in only numbers,
states and what `sync.scrubbed.Plain` vouches for: never what anybody typed. Of libraries it says
which one spoke and where, not what; of an exception its type and the places it passed.

    {"at": "2026-11-26T07:15:02Z", "level": "WARNING", "from": "sync.worker",
     "what": "exchange failed: Unreachable in .../client.py:98"}

A day takes at most a megabyte, all days together sixteen. What is older than `log_days` goes, and
with it what a lying clock has dated otherwise. Nothing of this waits for the disk or stops the
kiosk: a line that cannot be written is lost.
"""

import json
import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import time

from sync.durable import make_folder
from sync.scrubbed import allowed, is_ours, places_of

FOLDER = "logs"
DAY_BYTES_MAX = 1_000_000
ALL_BYTES_MAX = 16_000_000
WORDS_MAX = 500  # characters of one line's words
FULL = "No more is written down today: the day's file is full."
FIELDS = ("at", "level", "from", "what", "where")
_SUFFIX = ".jsonl"


def day_of(name: str) -> date | None:
    """The day of a file; None where it is no file of ours."""
    try:
        return date.fromisoformat(name.removesuffix(_SUFFIX)) if name.endswith(_SUFFIX) else None
    except ValueError:
        return None


def too_old(day: date | None, now_s: float, keep_days: int) -> bool:
    """Whether a day's file must go; what was written by a clock ahead of its time goes as well."""
    if day is None:
        return False
    today = datetime.fromtimestamp(now_s, UTC).date()
    return day <= today - timedelta(days=keep_days) or day > today + timedelta(days=1)


class LogFiles(logging.Handler):
    """Writes lines into the day's file and erases the files whose days are over.

    Args:
        folder: where they lie.
        keep_days: how long.
        now_s: the time, Unix seconds.
    """

    def __init__(self, folder: Path, keep_days: int, now_s: Callable[[], float] = time) -> None:
        super().__init__()
        self._folder = folder
        self._keep_days = keep_days
        self._now_s = now_s
        self._day: date | None = None
        self._written = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; what a library only mentions is left out."""
        if record.levelno < logging.WARNING and not is_ours(record):
            return
        with suppress(OSError, ValueError, OverflowError), self._written:
            now_s = self._now_s()
            today = datetime.fromtimestamp(now_s, UTC).date()
            if today != self._day:
                make_folder(self._folder)
                self._erase_old(now_s)
                self._day = today
            self._append(self._folder / f"{today}{_SUFFIX}", line_of(record, now_s))

    def _append(self, path: Path, line: str) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size = os.fstat(handle).st_size
            if size + len(line) <= DAY_BYTES_MAX:
                os.write(handle, line.encode("ascii"))
            elif size < DAY_BYTES_MAX:  # said once: afterwards it is as large as it may be
                said = json.dumps({"what": FULL}) + "\n"
                os.write(handle, said.ljust(DAY_BYTES_MAX - size).encode("ascii"))
        finally:
            os.close(handle)

    def _erase_old(self, now_s: float) -> None:
        """Days that are over, and the oldest of too many."""
        total = 0
        for day, path in reversed(days(self._folder)):
            total += path.stat().st_size
            if too_old(day, now_s, self._keep_days) or total > ALL_BYTES_MAX - DAY_BYTES_MAX:
                path.unlink(missing_ok=True)


def days(folder: Path) -> list[tuple[date, Path]]:
    """The days' files, the oldest first."""
    paths = folder.iterdir() if folder.is_dir() else iter(())
    return sorted((day, path) for path in paths if (day := day_of(path.name)) is not None)


def line_of(record: logging.LogRecord, now_s: float) -> str:
    """The line of a record: ASCII, one JSON object."""
    at = datetime.fromtimestamp(now_s, UTC)
    line = {
        "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "level": record.levelname,
        "from": record.name,
        "what": allowed(record)[:WORDS_MAX],
    }
    problem = record.exc_info[1] if record.exc_info else None
    if problem is not None:
        line["where"] = places_of(problem)
    return json.dumps(line) + "\n"


def keep_log(data_dir: Path, keep_days: int) -> LogFiles:
    """Write down from now on, below the data folder, what the program's loggers say."""
    handler = LogFiles(data_dir / FOLDER, keep_days)
    logging.getLogger().addHandler(handler)
    return handler
