"""Where photos of documents come from: a folder of pictures, or a camera behind the same words.

A sample kiosk, or one whose staff photograph papers with a phone, offers the pictures in a folder.
A camera is the same to the screens: it `offers` what it has taken. None is built in: Kivy 2.3.1
sees cameras only through OpenCV or GStreamer, which are not part of this program.

The bytes that come from here are untrusted until the darkroom has developed them.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kiosk.devices.picture import FILE_BYTES_MAX

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
OFFERS_MAX = 60  # the newest; nobody finds her paper among more


@dataclass(frozen=True, slots=True)
class Offer:
    """One picture that may be chosen. Two versions of a file are two offers."""

    name: str
    changed_ns: int


class PhotoSource(Protocol):
    """Something that has pictures to choose from."""

    def offers(self) -> tuple[Offer, ...]:
        """What may be chosen now, newest first."""
        ...

    def read(self, offer: Offer) -> bytes | None:
        """The bytes of the picture, untrusted; None when it is gone."""
        ...


class FolderPhotos:
    """The pictures that lie in a folder: plain files only, links are not followed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def offers(self) -> tuple[Offer, ...]:
        """The newest pictures; none when the folder cannot be read."""
        found: list[Offer] = []
        try:
            with os.scandir(self._folder) as entries:
                for entry in entries:
                    if Path(entry.name).suffix.lower() not in SUFFIXES:
                        continue
                    if entry.is_file(follow_symlinks=False):
                        changed_ns = entry.stat(follow_symlinks=False).st_mtime_ns
                        found.append(Offer(entry.name, changed_ns))
        except OSError:  # the stick was pulled out: there is nothing to choose from
            return ()
        found.sort(key=lambda offer: (-offer.changed_ns, offer.name))
        return tuple(found[:OFFERS_MAX])

    def read(self, offer: Offer) -> bytes | None:
        """The file's bytes, at most one more than the darkroom allows: it then says so."""
        try:
            handle = os.open(
                self._folder / Path(offer.name).name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
            )
        except OSError:
            return None
        with os.fdopen(handle, "rb") as source:
            if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
                return None
            try:
                return source.read(FILE_BYTES_MAX + 1)
            except OSError:  # the stick was pulled out while it was being read
                return None
