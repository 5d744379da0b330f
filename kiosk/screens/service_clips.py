"""The recordings of a signed bundle, made playable for as long as a page stands on the glass."""

from collections.abc import Iterable
from pathlib import Path

from kiosk.devices.clip import ENDINGS, MemoryClip
from kiosk.devices.file import SOUNDS, kind_of


class ServiceClips:
    """What one screen plays of its service; the clips before go when others come."""

    def __init__(self) -> None:
        self._clips: list[MemoryClip] = []

    def of(self, recordings: Iterable[bytes | None]) -> tuple[Path, ...]:
        """The recordings as files for a player; what is missing or no sound is passed over."""
        self.close()
        for data in filter(None, recordings):
            kind = kind_of(data)
            if kind in SOUNDS:
                self._clips.append(MemoryClip(data, ENDINGS[kind]))
        return tuple(clip.path for clip in self._clips)

    def close(self) -> None:
        """Forget them."""
        while self._clips:
            self._clips.pop().close()
