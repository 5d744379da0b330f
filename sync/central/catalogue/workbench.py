"""A process of its own in which a workbook from outside is read, with bounded memory and time.

    python -m sync.central.catalogue.workbench FOLDER

Spreadsheets are archives of XML, and an expression may contain any pattern. What goes wrong in
here (a bomb, an endless loop) costs one small process; the server goes on. It knows no keys and no
database: it says what is to be mended on its standard output, and where nothing is, leaves the
bundle in the folder, signed with a key that no kiosk knows.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Final

MEMORY_BYTES_MAX: Final = 1024 * 2**20  # address space: a 20,000-row workbook holds 200 MB
CPU_S_MAX: Final = 90
FILE_BYTES_MAX: Final = 32 * 2**20
FINDINGS_MAX: Final = 500  # nobody mends more at once
MADE: Final = "made.bundle"
TRIAL_SEED: Final = bytes(32)  # no secret: nobody trusts what it signs


def limit() -> None:
    """Bound what this process may take."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S_MAX, CPU_S_MAX))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES_MAX, FILE_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def work(folder: Path) -> list[dict[str, object]]:
    """Check a service's folder and, where it has no errors, make its bundle; the findings."""
    from nacl.signing import SigningKey  # noqa: PLC0415 - all that is large comes after the limits

    from kiosk.forms import publish  # noqa: PLC0415
    from kiosk.forms.finding import MORE, Place, has_errors, warning  # noqa: PLC0415
    from kiosk.forms.workbook import FILE  # noqa: PLC0415
    from sync.central.catalogue.plain_findings import to_plain  # noqa: PLC0415

    found = publish.check(folder)
    if not has_errors(found):
        try:
            made = publish.publish(folder, None, SigningKey(TRIAL_SEED))
        except publish.CannotPublish as problem:
            found = problem.findings
        else:
            (folder / MADE).write_bytes(made)
            found = [*found, *publish.list_unrecorded(folder)]
    shown = publish.gravest_first(found)[:FINDINGS_MAX]
    if len(shown) < len(found):
        shown.append(warning(Place(FILE), MORE))
    return [to_plain(finding) for finding in shown]


if __name__ == "__main__":
    limit()
    json.dump(work(Path(sys.argv[1])), sys.stdout)
