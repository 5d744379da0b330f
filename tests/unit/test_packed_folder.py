"""A service's folder sent as one zip: taken as it is meant, refused where it is meant otherwise."""

import io
import struct
import warnings
import zipfile
from collections.abc import Iterator, Mapping

import pytest
from django.utils import translation

from kiosk.forms.starter import starter
from sync.central.catalogue.packed_folder import BadZip, read_packed

LINK = 0o120777 << 16


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def packed(
    files: Mapping[str, bytes], *, link: str = "", method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as target:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = method
            entry.external_attr = LINK if name == link else 0o100644 << 16
            target.writestr(entry, data)
    return file.getvalue()


@pytest.mark.parametrize("top", ["", "my-service/"])
def test_a_folder_is_read_with_or_without_itself_around_it(top: str) -> None:
    files = starter()
    noise = {"__MACOSX/my-service/._form.xlsx": b"x", f"{top}.DS_Store": b"x", f"{top}media/": b""}
    sent = {f"{top}{name}": data for name, data in files.items()} | noise
    assert read_packed(packed(sent)) == files


def test_recordings_alone_go_into_the_folder_media() -> None:
    sent = {"name_lo.ogg": b"OggS", "house.png": b"\x89PNG"}
    assert set(read_packed(packed(sent))) == {"media/name_lo.ogg", "media/house.png"}
    assert set(read_packed(packed({"media/a.ogg": b"OggS"}))) == {"media/a.ogg"}


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"../form.xlsx": b"x"}, "does not belong"),
        ({"/form.xlsx": b"x"}, "does not belong"),
        ({"media/../../a.ogg": b"x", "form.xlsx": b""}, "does not belong"),
        ({"a/b/form.xlsx": b"x"}, "does not belong"),
        ({"form.xlsx": b"x", "inner.zip": packed({"form.xlsx": b"x"})}, "does not belong"),
        ({"C:\\form.xlsx": b"x"}, "does not belong"),
        ({"descriptor.yaml": b"x" * (256 * 1024 + 1)}, "larger than 256 kB"),
        ({f"media/l{n}.csv": b"a" * 4 * 2**20 for n in range(9)}, "larger than 32 MB"),
        ({f"media/l{n}.csv": b"" for n in range(201)}, "more than 200 files"),
        ({f"media/{n:060}.csv": b"" for n in range(3000)}, "more than 200 files"),
        ({}, "is empty"),
    ],
)
def test_what_belongs_into_no_folder_of_a_service_is_refused(
    files: Mapping[str, bytes], sentence: str
) -> None:
    with pytest.raises(BadZip, match=sentence):
        read_packed(packed(files))


def test_what_is_no_plain_zip_is_refused() -> None:
    good = packed({"form.xlsx": b"x" * 1000})
    with pytest.raises(BadZip, match="is a link"):
        read_packed(packed({"icon.png": b"/etc/passwd"}, link="icon.png"))
    with pytest.raises(BadZip, match="unusual way"):
        read_packed(packed({"icon.png": b"x"}, method=zipfile.ZIP_LZMA))
    with pytest.raises(BadZip, match="not a zip"):
        read_packed(b"%PDF-1.7")
    with pytest.raises(BadZip, match="damaged"):
        read_packed(good[:40] + b"\xff\xff\xff" + good[43:])
    at = good.index(b"PK\x01\x02")
    locked = good[: at + 8] + struct.pack("<H", 1) + good[at + 10 :]
    with pytest.raises(BadZip, match="password"):
        read_packed(locked)


def test_one_name_twice_is_refused() -> None:
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w") as target:
        warnings.simplefilter("ignore")
        target.writestr("form.xlsx", b"a")
        target.writestr("form.xlsx", b"b")
    with pytest.raises(BadZip, match="two files"):
        read_packed(file.getvalue())


def test_a_size_that_is_a_lie_is_not_believed() -> None:
    data = bytearray(packed({"descriptor.yaml": b"x" * 2**20}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)  # the size unpacked, in the list of files
    with pytest.raises(BadZip):
        read_packed(bytes(data))
