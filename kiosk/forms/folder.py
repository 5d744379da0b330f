"""A service as a ministry hands it in: a folder with a workbook, a description, an icon, lists.

    residence-certificate/
        form.xlsx         the questions, as XLSForm
        descriptor.yaml   the service sheet, fees, days, who decides
        icon.png          a square picture for the tile
        media/*.csv       long lists, where there are any (also .xml)
        media/*.ogg       what people recorded of the texts (also .mp3, .wav)
        media/*.png       pictures beside questions and choices (also .jpg)

Everything is read with a limit, because a wrong file (a scanned book renamed to icon.png) must
give a sentence and not a full memory.
"""

import csv
import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from kiosk.forms import bundle
from kiosk.forms.compile import items_of, label_columns, read_list
from kiosk.forms.errors import FormError
from kiosk.forms.finding import MORE, N_, Finding, Place, error, warning
from kiosk.forms.form_json import ROWS_MAX
from kiosk.forms.wording import check_hidden
from kiosk.forms.workbook import FILE as WORKBOOK
from kiosk.forms.workbook import WORKBOOK_BYTES_MAX
from kiosk.forms.yaml_file import FILE as DESCRIPTOR
from kiosk.forms.yaml_file import YamlFile, read_yaml

ICON = "icon.png"
MEDIA = "media"
DESCRIPTOR_BYTES_MAX = 256 * 1024
ICON_BYTES_MAX = 200 * 1024
ICON_SIDE_MIN, ICON_SIDE_MAX = 128, 1024  # pixels
LIST_FINDINGS_MAX = 20  # who mends those has seen what is wrong with the rest
CSV_BYTES_MAX = 4 * 2**20
RECORDING_BYTES_MAX = 512 * 1024  # a minute of speech
PICTURE_BYTES_MAX = 200 * 1024  # as large as it is ever shown
MEDIA_FILES_MAX = 150  # two languages of recordings for a long form

_PNG = b"\x89PNG\r\n\x1a\n"
_RECORDINGS = {  # by the ending of the name: what such a file begins with
    "ogg": (b"OggS",),
    "mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "wav": (b"RIFF",),
}  # what the kiosk's SDL can play: neither Opus nor M4A
_PICTURES = {"png": (_PNG,), "jpg": (b"\xff\xd8\xff",)}
_RECORDING_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.(ogg|mp3|wav)")
_PICTURE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.(png|jpg)")
_LIST_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.(?:csv|xml)")


def medium_bytes_max(name: str) -> int | None:
    """How large a list, recording or picture of that name may be; None where it is none."""
    kinds = (
        (_LIST_NAME, CSV_BYTES_MAX),
        (_RECORDING_NAME, RECORDING_BYTES_MAX),
        (_PICTURE_NAME, PICTURE_BYTES_MAX),
    )
    return next((most for pattern, most in kinds if pattern.fullmatch(name)), None)


@dataclass(frozen=True, slots=True)
class ServiceFolder:
    """The folder's content, read whole. `findings` say what could not be read."""

    workbook: bytes
    described: YamlFile
    icon: bytes
    media: dict[str, bytes]
    findings: list[Finding]

    @property
    def descriptor(self) -> object:
        """The parsed YAML of the description; None where it cannot be read."""
        return self.described.value


def read_folder(folder: Path) -> ServiceFolder:
    """Everything in the folder that belongs to the service."""
    findings: list[Finding] = []
    workbook = _read(folder / WORKBOOK, WORKBOOK_BYTES_MAX, findings)
    written = _read(folder / DESCRIPTOR, DESCRIPTOR_BYTES_MAX, findings)
    described = _description(written, findings)
    icon = _read(folder / ICON, ICON_BYTES_MAX, findings)
    if icon:
        _check_icon(icon, findings)
    media: dict[str, bytes] = {}
    files = sorted((folder / MEDIA).glob("*"))
    if len(files) > MEDIA_FILES_MAX:
        sentence = N_("There are more than %(count)s files.")
        findings.append(error(Place(MEDIA), sentence, count=MEDIA_FILES_MAX))
    for path in files[:MEDIA_FILES_MAX]:
        recording = _RECORDING_NAME.fullmatch(path.name)
        picture = _PICTURE_NAME.fullmatch(path.name)
        if picture:
            media[path.name] = _read(path, PICTURE_BYTES_MAX, findings)
            _check_picture(path.name, picture[1], media[path.name], findings)
        elif recording:
            media[path.name] = _read(path, RECORDING_BYTES_MAX, findings)
            _check_recording(path.name, recording[1], media[path.name], findings)
        elif _LIST_NAME.fullmatch(path.name) and path.name != bundle.XFORM:
            media[path.name] = _read(path, CSV_BYTES_MAX, findings)
            wrong = list(islice(_wrong_in_list(path.name, media[path.name]), LIST_FINDINGS_MAX + 1))
            findings += wrong[:LIST_FINDINGS_MAX]
            if len(wrong) > LIST_FINDINGS_MAX:
                findings.append(warning(wrong[-1].place, MORE))
        else:
            sentence = N_(
                "Only lists named like villages.csv, recordings like name_lo.ogg "
                "and pictures like house.png belong here."
            )
            findings.append(error(Place(f"{MEDIA}/{path.name[:80]}"), sentence))
    return ServiceFolder(workbook, described, icon, media, findings)


def read_description(path: Path) -> tuple[YamlFile, list[Finding]]:
    """The description in a service's folder, or the file itself, and what is wrong as YAML."""
    findings: list[Finding] = []
    file = path / DESCRIPTOR if path.is_dir() else path
    return _description(_read(file, DESCRIPTOR_BYTES_MAX, findings), findings), findings


def _read(path: Path, size_max: int, findings: list[Finding]) -> bytes:
    """The file's bytes; empty, with a finding, where it is missing, empty, too large or a link."""
    place = Place(path.name)
    if path.is_symlink() or not path.is_file():
        findings.append(error(place, N_("The file is missing.")))
        return b""
    with path.open("rb") as file:
        data = file.read(size_max + 1)
    if not data:
        findings.append(error(place, N_("The file is empty.")))
    if len(data) > size_max:
        sentence = N_("The file is larger than %(size)s kB.")
        findings.append(error(place, sentence, size=size_max // 1024))
        return b""
    return data


def _description(data: bytes, findings: list[Finding]) -> YamlFile:
    if not data:
        return YamlFile()
    read, wrong = read_yaml(data)
    findings += wrong
    return read


def _check_icon(data: bytes, findings: list[Finding]) -> None:
    place = Place(ICON)
    if not data.startswith(_PNG) or len(data) < len(_PNG) + 16:
        findings.append(error(place, N_("The icon must be a PNG picture.")))
        return
    width, height = struct.unpack_from(">II", data, len(_PNG) + 8)  # after length and "IHDR"
    if width != height or not ICON_SIDE_MIN <= width <= ICON_SIDE_MAX:
        sentence = N_("The icon must be square, %(least)s to %(most)s pixels wide.")
        findings.append(error(place, sentence, least=ICON_SIDE_MIN, most=ICON_SIDE_MAX))


def _check_recording(name: str, kind: str, data: bytes, findings: list[Finding]) -> None:
    if data and not data.startswith(_RECORDINGS[kind]):
        sentence = N_("The file is no %(kind)s recording.")
        findings.append(error(Place(f"{MEDIA}/{name}"), sentence, kind=kind))


def _check_picture(name: str, kind: str, data: bytes, findings: list[Finding]) -> None:
    if data and not data.startswith(_PICTURES[kind]):
        sentence = N_("The file is no %(kind)s picture.")
        findings.append(error(Place(f"{MEDIA}/{name}"), sentence, kind=kind))


def _wrong_in_list(name: str, data: bytes) -> Iterator[Finding]:
    """A list must have names to choose and labels to read, each row like the others."""
    if not data:
        return  # said where it was read
    place = Place(f"{MEDIA}/{name}")
    yield from _wrong_in_csv(place, data) if name.endswith(".csv") else _wrong_in_xml(place, data)


def _wrong_in_csv(place: Place, data: bytes) -> Iterator[Finding]:
    """A CSV list must be UTF-8 with the same number of columns in each row."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield error(place, N_("The list must be CSV in UTF-8."))
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as problem:
        sentence = (
            N_("A cell has more than %(count)s characters. Is a quotation mark not closed?")
            if "limit" in str(problem)
            else N_("A quotation mark is not closed, or stands within a cell.")
        )
        where = Place(place.sheet, len(rows) + 1)
        yield error(where, sentence, count=csv.field_size_limit())
        return
    columns = rows[0] if rows else []
    if len(columns) == 1 and ";" in columns[0]:
        sentence = N_("The columns are parted by semicolons. Save the list with commas.")
        yield error(Place(place.sheet, 1), sentence)
        return
    for column in dict.fromkeys(columns):
        if columns.count(column) > 1:
            sentence = N_("The column stands in the sheet twice.")
            yield error(Place(place.sheet, 1, column), sentence)
    if "name" not in columns or not ("label" in columns or label_columns(tuple(columns))):
        yield error(
            Place(place.sheet, 1), N_("The first row must name the columns: name, label, ...")
        )
        return
    for number, row in enumerate(rows, 1):
        if row and len(row) != len(columns):
            sentence = N_("The row has %(count)s columns instead of %(width)s.")
            row_place = Place(place.sheet, number)
            yield error(row_place, sentence, count=len(row), width=len(columns))
    named = (dict(zip(columns, row, strict=False)) if row else None for row in rows[1:])
    yield from _wrong_in_rows(place.sheet, named)


def _wrong_in_xml(place: Place, data: bytes) -> Iterator[Finding]:
    """An XML list is `<root>` with an `<item>` for each choice."""
    try:
        rows = list(items_of(read_list(data, place.sheet)))
    except FormError as problem:
        yield error(place, N_("The list cannot be read: %(problem)s"), problem=problem)
        return
    if not rows:
        sentence = N_("The list must be <root> with an <item> for each choice in it.")
        yield error(place, sentence)
    elif len(rows) > ROWS_MAX:
        sentence = N_("The list has more than %(count)s rows.")
        yield error(place, sentence, count=ROWS_MAX)
    for number, row in enumerate(rows, 1):
        if not any(row.get(column) for column in ("label", *label_columns(tuple(row)).values())):
            sentence = N_("The choice has no %(column)s.")
            yield error(Place(place.sheet, number, "label"), sentence, column="label")
    yield from _wrong_in_rows(place.sheet, iter(rows), first=1)


def _wrong_in_rows(
    sheet: str, rows: Iterator[dict[str, str] | None], *, first: int = 2
) -> Iterator[Finding]:
    """Rows without a name, or with one that another has, and characters nobody sees."""
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, first):
        if row is None:
            continue
        for column, text in row.items():
            yield from check_hidden(Place(sheet, number, column), text.replace("\r", ""))
        name, place = row.get("name", ""), Place(sheet, number, "name")
        if not name:
            yield error(place, N_("The choice has no %(column)s."), column="name")
        elif seen.setdefault(name, number) != number:
            sentence = N_(
                "The choice %(name)r stands in row %(row)s already. Give this another name."
            )
            yield warning(place, sentence, name=name[:60], row=seen[name])
