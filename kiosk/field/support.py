"""`kiosk support`: what support needs to help from afar, in one sealed file of at most 5 MB.

It holds the doctor's findings, versions, numbers about the ledger and the month's logs; the newest
log comes first, so that what does not fit is the oldest. Nothing in it is about a person: of logs
only lines are taken that are as `kiosk.log_files` writes them, of the ledger only counts and ids of
machines. It is sealed to central's key all the same, because it travels by mail and by stick, and
central opens it (`python -m sync.central open-support FILE`). Beside it stands a QR: who has only
a telephone reads from it which checks fail.
"""

import json
import platform
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from kiosk import VERSION
from kiosk.field.doctor import Diagnosis, to_json
from kiosk.field.examined import Examined
from kiosk.log_files import FIELDS, FOLDER, days
from kiosk.printing.square import QUIET_MODULES, render_qr
from kiosk.trouble import Trouble
from sync import marker, support
from sync.durable import write_whole
from sync.errors import SyncError
from sync.ledger import Ledger
from sync.sentence import Sentence

SUFFIX = ".support"
LIBRARIES = (
    "av", "babel", "cbor2", "icu4py", "kivy", "pillow", "pynacl", "pyserial", "qrcode",
    "requests", "sqlite-utils", "zstandard",
)  # fmt: skip
LINE_BYTES_MAX = 8_000  # a place that an exception passed many modules to
_HOME = re.compile(r"/(home|Users)/[^/\s\"]+")  # a folder is often called by its owner's name
_AT = re.compile(r"[0-9T:Z-]{20}")
_COUNTS = {
    "log by kind and outcome": (
        "SELECT kind || ' ' || coalesce(outcome, 'waiting'), count(*) FROM log GROUP BY 1"
    ),
    "log by service": "SELECT service || ' ' || service_version, count(*) FROM log GROUP BY 1",
    "documents, whole at central or not": "SELECT done, count(*) FROM evidence GROUP BY 1",
    "bytes of documents to send": "SELECT 'all', coalesce(sum(size - sent), 0) FROM evidence",
    "emptied": "SELECT erased, count(*) FROM log GROUP BY 1",
    "news read up to": "SELECT audience, position FROM cursor",
    "news not understood": "SELECT kind, count(*) FROM unread_change GROUP BY 1",
    "services": "SELECT service || ' ' || version, length(bundle) FROM service ORDER BY 1",
    "keys": "SELECT purpose || ' ' || hex(id), learned FROM trusted_key ORDER BY learned",
    "clock": "SELECT 'floor ' || floor_ms || ' signed ' || coalesce(signed_ms, '-'), id FROM clock",
    "exchange": (
        "SELECT 'success ' || coalesce(success_ms, '-') || ' confirmed ' || "
        "coalesce(confirmed_ms, '-') || ' problem ' || coalesce(problem, '-') || ' since ' || "
        "coalesce(problem_ms, '-'), id FROM exchange"
    ),
    "steps of the tables": "SELECT migration_set || ' ' || name, id FROM _sqlite_migrations",
    "print jobs": "SELECT state, count(*) FROM print_jobs GROUP BY 1",
    "printer": "SELECT code, since_ms FROM printer_state",
    "paper": "SELECT 'used', used_mm FROM paper_roll",
    "unfinished entries": "SELECT fate, count(*) FROM unfinished GROUP BY 1",
    "pages of the file": "SELECT 'all', page_count FROM pragma_page_count",
    "free pages": "SELECT 'all', freelist_count FROM pragma_freelist_count",
}  # a name and a number each: nothing of a person has a place in them


class NothingToSealTo(Trouble):
    """No key of central is known here, so nothing may leave this machine."""


def files_for_support(examined: Examined, diagnosis: Diagnosis) -> dict[str, bytes]:
    """What goes along, the most telling first."""
    files = {
        "doctor.json": to_json(diagnosis),
        "versions.json": _as_text(dict(_versions())),
        "ledger.json": _as_text(_ledger_numbers(examined)),
    }
    for day, path in reversed(days(examined.data_dir / FOLDER)):
        files[f"log-{day}.jsonl"] = "".join(_known_lines(path))
    return {name: _HOME.sub(r"/\1/***", text).encode() for name, text in files.items()}


def _as_text(content: object) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False)


def _versions() -> Iterator[tuple[str, str]]:
    yield "program", VERSION
    yield "python", sys.version.split()[0]
    yield "sqlite", sqlite3.sqlite_version
    yield "kernel", platform.release()
    yield "machine", platform.machine()
    for name in LIBRARIES:
        with suppress(metadata.PackageNotFoundError):  # the frozen program does not name them
            yield name, metadata.version(name)


def _ledger_numbers(examined: Examined) -> dict[str, object]:
    """Counts; of each that cannot be made, the kind of trouble."""
    numbers: dict[str, object] = {}
    try:
        with examined.ledger() as ledger:
            for title, query in _COUNTS.items():
                numbers[title] = _counted(ledger, query)
    except SyncError as problem:
        numbers["trouble"] = type(problem).__name__
    return numbers


def _counted(ledger: Ledger, query: str) -> object:
    try:
        return {str(name): number for name, number in ledger.database.execute(query).fetchall()}
    except sqlite3.Error as problem:
        return type(problem).__name__


def _known_lines(path: Path) -> Iterator[str]:
    """Of a log file only what was written as it should be, of its end no more than goes along."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - support.FILE_BYTES_MAX))
            lines = file.readlines()
    except OSError:
        return
    for line in lines:
        known = _known(line)
        if known is not None:
            yield json.dumps(known) + "\n"


def _known(line: bytes) -> dict[str, str] | None:
    if len(line) > LINE_BYTES_MAX or not line.isascii():
        return None
    try:
        content = json.loads(line)
    except ValueError:
        return None
    if not isinstance(content, dict) or not _AT.fullmatch(str(content.get("at"))):
        return None
    told = {name: str(content[name]) for name in FIELDS if name in content}
    return told if all(text.isascii() for text in told.values()) else None


def sealed_for_support(examined: Examined, diagnosis: Diagnosis) -> bytes:
    """The sealed file.

    Raises:
        NothingToSealTo: no key of central is known here.
    """
    key_id, key = _key(examined)
    return support.seal(files_for_support(examined, diagnosis), key_id, key)


def _key(examined: Examined) -> tuple[bytes, bytes]:
    """The newest key of central; of a ledger that is damaged or gone, the one noted beside it."""
    with suppress(SyncError, sqlite3.Error), examined.ledger() as ledger:
        return ledger.sealing_key()
    noted = marker.find_sealing_key(examined.data_dir)
    if noted is not None:
        return noted
    raise NothingToSealTo(
        Sentence(
            "This machine knows no key of central, so nothing can be sealed for support. "
            "Read over the telephone what this says: kiosk doctor"
        )
    )


def write_for_support(kiosk: Path, diagnosis: Diagnosis, to: Path) -> Path:
    """Seal it into a file in the folder `to`; its path.

    Raises:
        NothingToSealTo: no key of central is known here.
        OSError: it cannot be written there.
    """
    name = f"kiosk-{diagnosis.kiosk_number or 0}-{diagnosis.at:%Y%m%d-%H%M%S}{SUFFIX}"
    path = to / name
    write_whole(path, sealed_for_support(Examined(kiosk), diagnosis), 0o644)
    return path


def qr_lines(text: str) -> Iterator[str]:
    """A QR for a terminal, two rows of it a line: light fields are drawn, as screens are dark."""
    modules = render_qr(text)
    width = len(modules[0]) + 2 * QUIET_MODULES
    quiet = ((False,) * width,) * QUIET_MODULES
    side = (False,) * QUIET_MODULES
    rows = [*quiet, *((*side, *row, *side) for row in modules), *quiet]
    if len(rows) % 2:
        rows.append((False,) * width)
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        yield "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True))


_HALVES = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
