"""A sound that exists in memory only, under a path that a player can open.

Players open files by name and know them by its ending. What a person said, or a clip inside a
signed bundle, must not be written to a disk for that: the bytes lie in a file of the kernel's
memory, and all that is in a folder is a link of the right name to it.
"""

import os
import tempfile
from pathlib import Path

ENDINGS = {"audio/mpeg": ".mp3", "audio/ogg": ".ogg", "audio/wav": ".wav"}


class MemoryClip:
    """One sound. `path` works until `close`."""

    def __init__(self, data: bytes, ending: str) -> None:
        self._handle = os.memfd_create("clip")
        with os.fdopen(os.dup(self._handle), "wb") as held:
            held.write(data)
        self._folder = tempfile.TemporaryDirectory(prefix="clip-")
        self.path = Path(self._folder.name) / f"clip{ending}"
        self.path.symlink_to(f"/proc/{os.getpid()}/fd/{self._handle}")

    def close(self) -> None:
        """Forget it."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
            self._folder.cleanup()
