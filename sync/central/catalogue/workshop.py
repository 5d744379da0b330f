"""Files that a ministry handed in, checked and tried out without letting them near the server.

The names of uploaded files are never used: each field of the page has its name in a service's
folder, and a list, recording or picture keeps its own only where that is a plain one. The reading
is done by a process of its own (`workbench`); a few at a time, because each may take a core and a
gigabyte.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the mark of kiosk.forms
from nacl.signing import SigningKey

from kiosk.forms import bundle
from kiosk.forms.bundle import Bundle
from kiosk.forms.finding import Finding, Place, error, has_errors
from sync.central.catalogue.plain_findings import from_plain
from sync.central.catalogue.workbench import MADE, TRIAL_SEED

WORKBOOK: Final = "form.xlsx"
DESCRIPTOR: Final = "descriptor.yaml"
ICON: Final = "icon.png"
MEDIA: Final = "media/"
PATIENCE_S: Final = 120  # the sample services take 2 s
WAIT_S: Final = 30  # for others who are being served
AT_ONCE: Final = 2
OUTPUT_BYTES_MAX: Final = 4 * 2**20
TOO_MUCH: Final = N_(
    "The files could not be checked: they take too much time or memory. "
    "Look for very long lists, very long texts and patterns with many * or +."
)
NOTHING_MADE: Final = N_("The workbook is empty or cannot be used. Save it again and try again.")

_places = BoundedSemaphore(AT_ONCE)


class Busy(Exception):
    """Others are being served; nothing was done."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it: what is to be mended, and the bundle on trial where nothing must be."""

    findings: tuple[Finding, ...]
    made: bytes | None


def try_out(files: Mapping[str, bytes]) -> Tried:
    """Check the files of a service, by their names in its folder, and make a bundle of them.

    Raises:
        Busy: too many are being checked at this moment.
    """
    if not _places.acquire(timeout=WAIT_S):
        raise Busy
    try:
        with tempfile.TemporaryDirectory(prefix="service-") as name:
            folder = Path(name)
            (folder / MEDIA).mkdir()
            for place, data in files.items():
                (folder / place).write_bytes(data)
            return _worked(folder)
    finally:
        _places.release()


def open_trial(made: bytes) -> Bundle:
    """The bundle on trial; raises BundleError."""
    public = bytes(SigningKey(TRIAL_SEED).verify_key)
    return bundle.open(made, {bundle.key_id(public): public})


def _worked(folder: Path) -> Tried:
    """Let the workbench have the folder; whatever it dies of is one sentence."""
    command = [sys.executable, "-m", "sync.central.catalogue.workbench", str(folder)]
    try:
        done = subprocess.run(
            command,
            cwd=settings.ROOT,
            env={"LANG": "C.UTF-8", "TMPDIR": str(folder)},
            capture_output=True,
            timeout=PATIENCE_S,
            check=True,
        )
        if len(done.stdout) > OUTPUT_BYTES_MAX:
            raise ValueError("It says too much.")  # noqa: TRY301 - one road out
        findings = tuple(from_plain(plain) for plain in json.loads(done.stdout))
    except (subprocess.SubprocessError, OSError, ValueError):
        return Tried((error(Place(WORKBOOK), TOO_MUCH),), None)
    made = folder / MADE
    if made.exists():
        return Tried(findings, made.read_bytes())
    if not has_errors(list(findings)):
        findings = (error(Place(WORKBOOK), NOTHING_MADE), *findings)
    return Tried(findings, None)
