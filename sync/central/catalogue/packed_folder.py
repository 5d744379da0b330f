"""A service's folder as one zip, as people send them; read as data, never unpacked to disk.

A zip may lie about everything: names that lead elsewhere, links, one name twice, a size that is not
the size, a list of files longer than memory. So the list is bounded before it is read, only the
plain names of a service's folder are taken, and of each file no more than such a file may have.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from kiosk.forms.bundle import CONTENT_SIZE_MAX
from kiosk.forms.folder import (
    DESCRIPTOR_BYTES_MAX,
    ICON_BYTES_MAX,
    MEDIA_FILES_MAX,
    medium_bytes_max,
)
from kiosk.forms.workbook import WORKBOOK_BYTES_MAX
from sync.central.catalogue.workshop import DESCRIPTOR, ICON, MEDIA, WORKBOOK

NAMES: Final = {
    WORKBOOK: WORKBOOK_BYTES_MAX,
    DESCRIPTOR: DESCRIPTOR_BYTES_MAX,
    ICON: ICON_BYTES_MAX,
}
ENTRIES_MAX: Final = MEDIA_FILES_MAX + 50  # what systems add unasked among them
LIST_BYTES_MAX: Final = 256 * 1024  # of the zip's list of files: a name and 46 bytes each
UNASKED: Final = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")  # systems add these
_END = struct.Struct("<4s4H2LH")  # of a zip: PK\5\6, disks, counts, the list's size and place
_END_OF_LARGE: Final = b"PK\x06\x07"
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x1


class BadZip(Exception):
    """The zip cannot be taken; the sentence is for the person who chose it."""


def read_packed(data: bytes) -> dict[str, bytes]:
    """The files in it by their names in a service's folder; the folder itself may be in it, too.

    Raises:
        BadZip: it is none, is too large, or holds what does not belong into such a folder.
    """
    _bound_the_list(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = [entry for entry in packed.infolist() if _is_wanted(entry)]
            if len(entries) > ENTRIES_MAX:
                raise BadZip(_("The zip has more than %(count)s files.") % {"count": ENTRIES_MAX})
            return _read_all(packed, _places(entries))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as problem:
        raise BadZip(_("The zip is damaged. Make it again.")) from problem


def _bound_the_list(data: bytes) -> None:
    """Look at the last lines of the zip before anything makes objects of its list of files."""
    at = data.rfind(b"PK\x05\x06")
    if at < 0 or len(data) - at < _END.size:
        raise BadZip(_("This is not a zip."))
    size = _END.unpack_from(data, at)[5]
    if size > LIST_BYTES_MAX or data[max(0, at - 20) :].startswith(_END_OF_LARGE):
        raise BadZip(_("The zip has more than %(count)s files.") % {"count": ENTRIES_MAX})


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    """Whether somebody put it there: neither a folder nor what a system adds."""
    parts = entry.filename.split("/")
    return not entry.is_dir() and not any(part in UNASKED or part[:2] == "._" for part in parts)


def _places(entries: list[zipfile.ZipInfo]) -> Mapping[str, zipfile.ZipInfo]:
    """Each entry by its name in a service's folder, without the folder that all are in."""
    tops = {entry.filename.partition("/")[0] for entry in entries if "/" in entry.filename}
    plain = any("/" not in entry.filename for entry in entries)
    top = f"{tops.pop()}/" if len(tops) == 1 and not plain else ""
    top = "" if top in (MEDIA, "/", "./", "../") else top
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        place = entry.filename.removeprefix(top)
        if "/" not in place and place not in NAMES:
            place = MEDIA + place  # a zip of recordings alone
        _refuse_strange(entry, place)
        if place in found:
            raise BadZip(_("The zip has two files named %(name)s.") % {"name": place[:80]})
        found[place] = entry
    if not found:
        raise BadZip(_("The zip is empty."))
    return found


def _refuse_strange(entry: zipfile.ZipInfo, place: str) -> None:
    if _bytes_max(place) is None:
        raise BadZip(
            _(
                "%(name)s does not belong into a service's folder: there are form.xlsx, "
                "descriptor.yaml, icon.png and, in media, lists, recordings and pictures."
            )
            % {"name": entry.filename[:80]}
        )
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise BadZip(_("%(name)s is a link and no file.") % {"name": entry.filename[:80]})
    if entry.flag_bits & _ENCRYPTED:
        raise BadZip(_("The zip is locked with a password. Make one without."))
    if entry.compress_type not in _METHODS:
        raise BadZip(_("The zip is packed in an unusual way. Make an ordinary one."))


def _read_all(packed: zipfile.ZipFile, places: Mapping[str, zipfile.ZipInfo]) -> dict[str, bytes]:
    """Every file, until they are too much together."""
    read: dict[str, bytes] = {}
    room = CONTENT_SIZE_MAX
    for place, entry in places.items():
        read[place] = _read(packed, entry, place)
        room -= len(read[place])
        if room < 0:
            sentence = _("All files of the service together are larger than %(size)s MB.")
            raise BadZip(sentence % {"size": CONTENT_SIZE_MAX // 2**20})
    return read


def _bytes_max(place: str) -> int | None:
    if place in NAMES:
        return NAMES[place]
    return medium_bytes_max(place.removeprefix(MEDIA)) if place.startswith(MEDIA) else None


def _read(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, place: str) -> bytes:
    """The file, unless it is larger than such a file may be, whatever the zip says of it."""
    most = _bytes_max(place) or 0
    with packed.open(entry) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise BadZip(
            _("The file %(name)s is larger than %(size)s kB.")
            % {"name": place, "size": most // 1024}
        )
    return data
