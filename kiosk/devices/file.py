"""Files that somebody brings: what lies in the kiosk's folder, and what each really is.

The folder is the one that photos come from, such as that of a USB stick. A name says nothing: what
a file is, its first bytes say, and a file that is nothing we take is refused in words. Pictures go
through the darkroom like every picture. A PDF or a recording cannot be made anew here: it goes on
as it is, within a cap on its size, and the officer's page hands it out as a download that no page
of ours runs.
"""

import os
import stat
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path

from kiosk.devices.picture import FILE_BYTES_MAX as PICTURE_BYTES_MAX
from kiosk.language import N_

PDF_BYTES_MAX = 8 * 2**20  # thirty scanned pages; a village line needs a quarter of an hour
SOUND_BYTES_MAX = 4 * 2**20  # four minutes of MP3 at the usual 128 kbit/s
OFFERS_MAX = 60  # the newest
ENTRIES_MAX = 10_000  # of a folder that are looked at
TAIL_BYTES = 2048  # a PDF ends with %%EOF; scanners put little behind it
MP3_FRAME = 0xE0  # the first three bits after 0xFF in each frame of MPEG sound

NO_FILES = N_(
    "There are no files here. Put in the stick or ask the staff. "
    "Or touch Continue: the office will ask you."
)


class FileKind(StrEnum):
    """What a file is, by its media type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    MP3 = "audio/mpeg"
    OGG = "audio/ogg"
    WAV = "audio/wav"


PICTURES = (FileKind.JPEG, FileKind.PNG)
PAPERS = (FileKind.PDF, *PICTURES)
SOUNDS = (FileKind.MP3, FileKind.OGG, FileKind.WAV)
SUFFIXES = {
    ".pdf": FileKind.PDF,
    ".jpg": FileKind.JPEG,
    ".jpeg": FileKind.JPEG,
    ".png": FileKind.PNG,
    ".mp3": FileKind.MP3,
    ".ogg": FileKind.OGG,
    ".wav": FileKind.WAV,
}


class FileRefused(Exception):
    """The file cannot be used; `str` of it is an English message of the catalogue.

    FileRefused
    ├── NotThatKind   it is not what its name says, or broken off
    └── TooLarge      more bytes than a village line carries
    """


class NotThatKind(FileRefused):
    """Its bytes are nothing that is asked for."""

    def __init__(self) -> None:
        super().__init__(N_("This file cannot be read. Please choose another one."))


class TooLarge(FileRefused):
    """It would take the line for hours."""

    def __init__(self) -> None:
        super().__init__(N_("This file is too large. Please choose a smaller one."))


@dataclass(frozen=True, slots=True)
class FileOffer:
    """One file that may be chosen."""

    name: str
    size_bytes: int
    changed_ns: int


class FolderFiles:
    """The plain files in a folder whose names end as one of the kinds; links are not followed."""

    nothing = NO_FILES

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def offers(self, kinds: tuple[FileKind, ...]) -> tuple[FileOffer, ...]:
        """The newest files of these kinds, by name; none when the folder cannot be read."""
        found: list[FileOffer] = []
        try:
            with os.scandir(self._folder) as entries:
                for entry in islice(entries, ENTRIES_MAX):
                    if SUFFIXES.get(Path(entry.name).suffix.lower()) not in kinds:
                        continue
                    if entry.is_file(follow_symlinks=False):
                        known = entry.stat(follow_symlinks=False)
                        found.append(FileOffer(entry.name, known.st_size, known.st_mtime_ns))
        except OSError:  # the stick was pulled out: there is nothing to choose from
            return ()
        found.sort(key=lambda offer: (-offer.changed_ns, offer.name))
        return tuple(found[:OFFERS_MAX])

    def read(self, offer: FileOffer) -> bytes | None:
        """The file's bytes, untrusted, at most one more than any kind may have; None: gone."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            handle = os.open(self._folder / Path(offer.name).name, flags)
        except OSError:
            return None
        with os.fdopen(handle, "rb") as source:
            if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
                return None
            try:
                return source.read(PICTURE_BYTES_MAX + 1)
            except OSError:  # the stick was pulled out while it was being read
                return None


def kind_of(data: bytes) -> FileKind | None:
    """What the first bytes say, and of a PDF the last ones too; None for anything else."""
    if data.startswith(b"%PDF-"):
        return FileKind.PDF if b"%%EOF" in data[-TAIL_BYTES:] else None
    if data.startswith(b"RIFF"):
        return FileKind.WAV if data[8:12] == b"WAVE" else None
    for start, kind in (
        (b"\xff\xd8\xff", FileKind.JPEG),
        (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
        (b"OggS", FileKind.OGG),
        (b"ID3", FileKind.MP3),
    ):
        if data.startswith(start):
            return kind
    is_frame = len(data) > 1 and data[0] == 0xFF and data[1] & MP3_FRAME == MP3_FRAME  # noqa: PLR2004
    return FileKind.MP3 if is_frame else None


def checked(data: bytes, kinds: tuple[FileKind, ...]) -> FileKind:
    """What the file is, if it is one of these kinds and not too large.

    Raises:
        NotThatKind: it is something else, whatever its name says.
        TooLarge: it has more bytes than its kind may have.
    """
    kind = kind_of(data)
    caps = dict.fromkeys(SOUNDS, SOUND_BYTES_MAX) | dict.fromkeys(PICTURES, PICTURE_BYTES_MAX)
    if len(data) > caps.get(kind, PDF_BYTES_MAX) if kind else len(data) > PICTURE_BYTES_MAX:
        raise TooLarge
    if kind is None or kind not in kinds:
        raise NotThatKind
    return kind
