"""USB sticks that are in the kiosk: where the system has mounted them.

Desktop systems and automounters put a stick below one of these folders, the kernel's list of mounts
says so, and a folder that is left over when a stick was pulled out is in it no longer. So nothing
is ever written "onto a stick" that is the kiosk's own disk.
"""

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
ROOTS = (Path("/media"), Path("/run/media"))  # of udisks and of what is older
_OCTAL = re.compile(r"\\([0-7]{3})")  # how the kernel writes a blank in a name
_PLACE = 4  # the mount point is the fifth word of a line: see proc(5)


def find_sticks(mounts: Path = MOUNTS, roots: tuple[Path, ...] = ROOTS) -> tuple[Path, ...]:
    """The folders of the sticks that are in, the one put in last first."""
    try:
        lines = mounts.read_text("utf-8", errors="surrogateescape").splitlines()
    except OSError:  # not Linux
        return ()
    places = [Path(_plain(words[_PLACE])) for line in lines if len(words := line.split()) > _PLACE]
    return tuple(
        place for place in reversed(places) if any(root in place.parents for root in roots)
    )


def _plain(name: str) -> str:
    return _OCTAL.sub(lambda match: chr(int(match[1], 8)), name)
