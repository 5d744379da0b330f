"""A file is what its bytes say, not what it is called, and never larger than the line carries."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from kiosk.devices.file import (
    OFFERS_MAX,
    PAPERS,
    PDF_BYTES_MAX,
    SOUND_BYTES_MAX,
    SOUNDS,
    FileKind,
    FileOffer,
    FolderFiles,
    NotThatKind,
    TooLarge,
    checked,
    kind_of,
)

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, FileKind.PDF),
        (PDF[:-6], None),  # broken off
        (b"GIF89a" + PDF, None),
        (b"\xff\xd8\xff\xe0", FileKind.JPEG),
        (png(), FileKind.PNG),
        (b"OggS\0", FileKind.OGG),
        (b"ID3\4", FileKind.MP3),
        (b"\xff\xfb\x90", FileKind.MP3),
        (b"RIFF\0\0\0\0WAVE", FileKind.WAV),
        (b"RIFF\0\0\0\0AVI ", None),
        (b"MZ\x90", None),
        (b"", None),
    ],
)
def test_the_first_bytes_say_what_a_file_is(data: bytes, kind: FileKind | None) -> None:
    assert kind_of(data) == kind


def test_a_program_called_pdf_is_refused() -> None:
    with pytest.raises(NotThatKind):
        checked(b"MZ\x90 a program", PAPERS)


def test_a_picture_called_pdf_is_taken_as_the_picture_it_is() -> None:
    assert checked(png(), PAPERS) is FileKind.PNG


def test_a_document_is_no_recording() -> None:
    with pytest.raises(NotThatKind):
        checked(PDF, SOUNDS)


@pytest.mark.parametrize(
    ("start", "end", "most", "kinds"),
    [(b"%PDF-1.7", b"%%EOF", PDF_BYTES_MAX, PAPERS), (b"ID3", b"", SOUND_BYTES_MAX, SOUNDS)],
)
def test_a_file_of_the_largest_size_is_taken_and_no_larger(
    start: bytes, end: bytes, most: int, kinds: tuple[FileKind, ...]
) -> None:
    filling = b"\0" * (most - len(start) - len(end))
    assert checked(start + filling + end, kinds) in kinds
    with pytest.raises(TooLarge):
        checked(start + filling + b"\0" + end, kinds)


def test_the_folder_offers_plain_files_of_the_wanted_kinds_newest_first(tmp_path: Path) -> None:
    for at, name in enumerate(("old.pdf", "new.PNG", "voice.mp3", "letter.docx")):
        (tmp_path / name).write_bytes(PDF)
        os.utime(tmp_path / name, (at, at))
    (tmp_path / "folder.pdf").mkdir()
    (tmp_path / "link.pdf").symlink_to(tmp_path / "old.pdf")
    folder = FolderFiles(tmp_path)
    assert [offer.name for offer in folder.offers(PAPERS)] == ["new.PNG", "old.pdf"]
    assert [offer.name for offer in folder.offers(SOUNDS)] == ["voice.mp3"]
    assert folder.offers(PAPERS)[0].size_bytes == len(PDF)


def test_a_folder_that_is_gone_offers_nothing(tmp_path: Path) -> None:
    assert FolderFiles(tmp_path / "stick").offers(PAPERS) == ()


def test_no_more_are_offered_than_anybody_looks_through(tmp_path: Path) -> None:
    for number in range(OFFERS_MAX + 3):
        (tmp_path / f"{number}.pdf").write_bytes(b"")
    assert len(FolderFiles(tmp_path).offers(PAPERS)) == OFFERS_MAX


def test_only_a_plain_file_of_the_folder_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    (tmp_path / "secret.pdf").write_bytes(PDF)
    (folder / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    os.mkfifo(folder / "pipe.pdf")
    (folder / "mine.pdf").write_bytes(PDF)
    read = [
        FolderFiles(folder).read(FileOffer(name, 1, 1))
        for name in ("link.pdf", "pipe.pdf", "../secret.pdf", "gone.pdf", "mine.pdf")
    ]
    assert read == [None, None, None, None, PDF]
