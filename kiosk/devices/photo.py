"""Where photos of documents come from: a folder of pictures, or a camera behind the same words.

A sample kiosk, or one whose staff photograph papers with a phone, offers the pictures in a folder.
A camera is the same to the screens: it `offers` what it sees now, and is asked again and again
while somebody looks. A kiosk with both offers the camera first.

The bytes that come from here are untrusted until the darkroom has developed them.
"""

import os
import stat
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from kiosk.devices.picture import FILE_BYTES_MAX
from kiosk.language import N_

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
OFFERS_MAX = 60  # the newest; nobody finds her paper among more
ENTRIES_MAX = 10_000  # of a folder that are looked at

NO_PHOTOS = N_("There are no photos here yet. Please ask the staff.")


@dataclass(frozen=True, slots=True)
class Offer:
    """One picture that may be chosen. Two versions of a file are two offers."""

    name: str
    changed_ns: int
    live: bool = False  # what a camera sees now; without a time it sees nothing yet


class PhotoSource(Protocol):
    """Something that has pictures to choose from."""

    @property
    def nothing(self) -> str:
        """What to say when nothing is offered: an English message of the catalogue."""
        ...

    @property
    def takes(self) -> bool:
        """Whether photos are taken here, not only chosen."""
        ...

    def offers(self) -> tuple[Offer, ...]:
        """What may be chosen now, newest first."""
        ...

    def read(self, offer: Offer) -> bytes | None:
        """The bytes of the picture, untrusted; None when it is gone."""
        ...


class FolderPhotos:
    """The pictures that lie in a folder: plain files only, links are not followed."""

    nothing = NO_PHOTOS
    takes = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def offers(self) -> tuple[Offer, ...]:
        """The newest pictures; none when the folder cannot be read."""
        found: list[Offer] = []
        try:
            with os.scandir(self._folder) as entries:
                for entry in islice(entries, ENTRIES_MAX):
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


class JoinedPhotos:
    """Several sources as one: what the first offers comes first."""

    def __init__(self, *sources: PhotoSource) -> None:
        self._sources = sources

    @property
    def nothing(self) -> str:
        """What the last source says: the one that is there when those before it fail."""
        return self._sources[-1].nothing

    @property
    def takes(self) -> bool:
        """Whether one of them takes photos."""
        return any(source.takes for source in self._sources)

    def offers(self) -> tuple[Offer, ...]:
        """What all of them offer."""
        return tuple(offer for source in self._sources for offer in source.offers())

    def read(self, offer: Offer) -> bytes | None:
        """The bytes, from the one source that knows the offer."""
        found = (source.read(offer) for source in self._sources)
        return next((data for data in found if data is not None), None)
