"""What leaves the darkroom is a small clean JPEG; what is hostile becomes a sentence."""

import io
import os
import resource
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFile

from kiosk.devices import darkroom as darkroom_module
from kiosk.devices.darkroom import MEMORY_BYTES_MAX, Darkroom, Developed, Refusal
from kiosk.devices.photo import OFFERS_MAX, FolderPhotos
from kiosk.devices.picture import (
    FILE_BYTES_MAX,
    LONG_SIDE_PX,
    Flaw,
    NotAPicture,
    Picture,
    TooLarge,
    develop,
)
from kiosk.resources import assets

SAMPLES = assets() / "samples"
ORIENTATION, PLACE, MAKER = 0x0112, 0x8825, 0x010F
PATIENCE_S = 60.0


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def page(width: int = 800, height: int = 600) -> Image.Image:
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for y in range(20, height, 24):
        draw.text((20, y), "Written on paper " * 8, fill="black")
    return image


def png_that_claims(width: int, height: int, data: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def opened(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_formats_become_a_jpeg(kind: str) -> None:
    image = opened(develop(encoded(page(), kind)))
    assert (image.format, image.size) == ("JPEG", (800, 600))


def test_the_long_side_has_at_most_1600_dots() -> None:
    picture = develop(encoded(page(4000, 3000)))
    assert (picture.width_px, picture.height_px) == (LONG_SIDE_PX, 1200)


def test_a_picture_taken_sideways_stands_upright() -> None:
    sideways = Image.Exif()
    sideways[ORIENTATION] = 6
    picture = develop(encoded(page(800, 600), exif=sideways))
    assert (picture.width_px, picture.height_px) == (600, 800)


def test_nothing_says_where_or_with_what_it_was_taken() -> None:
    exif = Image.Exif()
    exif[MAKER] = "CANARY-MAKER"
    exif.get_ifd(PLACE)[1] = "N"
    data = encoded(page(), exif=exif, comment=b"CANARY-COMMENT", icc_profile=b"CANARY-ICC" * 20)
    picture = develop(data)
    assert b"CANARY" in data
    assert b"CANARY" not in picture.data
    assert not opened(picture).getexif()


def test_a_second_file_behind_the_picture_is_left_behind() -> None:
    hidden = io.BytesIO()
    with zipfile.ZipFile(hidden, "w") as archive:
        archive.writestr("evil.sh", "CANARY")
    polyglot = encoded(page()) + hidden.getvalue()
    assert zipfile.is_zipfile(io.BytesIO(polyglot))
    picture = develop(polyglot)
    assert not zipfile.is_zipfile(io.BytesIO(picture.data))
    assert b"CANARY" not in picture.data


def test_what_shows_through_is_paper() -> None:
    image = opened(develop(encoded(Image.new("RGBA", (60, 60), (200, 0, 0, 0)), "PNG")))
    assert image.getpixel((30, 30)) == (255, 255, 255)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff\xe0 but nothing more",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"%PDF-1.7\n" + b"\0" * 100,
        encoded(page(), "BMP"),
        encoded(page(), "TIFF"),
        encoded(page(), "GIF"),
        encoded(page())[:-8000],
        encoded(page(), "PNG")[:-2000],
        png_that_claims(100, 100, b"this is no zlib stream"),
    ],
    ids=["empty", "magic", "svg", "pdf", "bmp", "tiff", "gif", "cut jpeg", "cut png", "bad png"],
)
def test_what_is_no_whole_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        develop(data)


def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = png_that_claims(30_000, 30_000, zlib.compress(bytes(10_000_000), 9))
    assert len(bomb) < 20_000

    def load(_image: ImageFile.ImageFile) -> None:
        raise AssertionError("Half a minute and gigabytes begin here.")

    monkeypatch.setattr(ImageFile.ImageFile, "load", load)
    with pytest.raises(TooLarge):
        develop(bomb)


def test_words_that_inflate_inside_a_png_are_refused() -> None:
    body = b"Comment\0\0" + zlib.compress(b"A" * 80_000_000, 9)
    text = struct.pack(">I", len(body)) + b"zTXt" + body
    text += struct.pack(">I", zlib.crc32(b"zTXt" + body))
    whole = encoded(page(), "PNG")
    with pytest.raises(NotAPicture):
        develop(whole[:33] + text + whole[33:])


def test_a_file_of_too_many_bytes_is_refused() -> None:
    with pytest.raises(TooLarge):
        develop(encoded(page()) + bytes(FILE_BYTES_MAX))


@pytest.mark.parametrize(
    ("name", "flaws"),
    [
        ("family-book", set()),
        ("identity-card", set()),
        ("family-book-too-dark", {Flaw.DARK}),
        ("family-book-blurred", {Flaw.BLURRED}),
    ],
)
def test_it_says_what_is_hard_to_read(name: str, flaws: set[Flaw]) -> None:
    assert develop((SAMPLES / f"{name}.jpg").read_bytes()).flaws == flaws


@pytest.fixture
def darkroom(monkeypatch: pytest.MonkeyPatch) -> Iterator[Darkroom]:
    monkeypatch.setattr(darkroom_module, "PATIENCE_S", PATIENCE_S)  # a busy machine is slow
    room = Darkroom()
    yield room
    room.close()


def developed(darkroom: Darkroom) -> Developed:
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        answer = darkroom.poll()
        if answer is not None:
            return answer
        time.sleep(0.01)
    raise AssertionError("The darkroom does not answer.")


def test_the_darkroom_answers_one_picture_after_the_other(darkroom: Darkroom) -> None:
    darkroom.ask(encoded(page()))
    first = developed(darkroom)
    assert isinstance(first, Picture)
    assert darkroom.poll() is None
    darkroom.ask(b"no picture")
    refusal = developed(darkroom)
    assert isinstance(refusal, Refusal)
    assert "not a whole picture" in refusal.message
    darkroom.ask(encoded(page()), long_side_px=100)
    small = developed(darkroom)
    assert isinstance(small, Picture)
    assert small.width_px == 100


def test_the_largest_picture_allowed_fits_into_its_memory(darkroom: Darkroom) -> None:
    darkroom.ask(encoded(Image.new("RGBA", (5000, 5000), (1, 2, 3, 4)), "PNG"))
    assert isinstance(developed(darkroom), Picture)


def test_a_darkroom_has_no_more_memory_than_that_and_leaves_no_dump(darkroom: Darkroom) -> None:
    darkroom.ask(encoded(page()))
    developed(darkroom)
    assert darkroom._process is not None
    pid = darkroom._process.pid
    assert pid is not None
    assert resource.prlimit(pid, resource.RLIMIT_AS) == (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX)
    assert resource.prlimit(pid, resource.RLIMIT_CORE) == (0, 0)
    assert resource.prlimit(pid, resource.RLIMIT_FSIZE) == (0, 0)


def test_a_darkroom_that_dies_refuses_and_works_again(darkroom: Darkroom) -> None:
    darkroom.ask(encoded(page()))
    developed(darkroom)
    assert darkroom._process is not None
    darkroom._process.kill()
    darkroom._process.join()
    darkroom.ask(encoded(page()))
    assert isinstance(developed(darkroom), Refusal)
    darkroom.ask(encoded(page()))
    assert isinstance(developed(darkroom), Picture)


def test_a_closed_darkroom_leaves_no_process(darkroom: Darkroom) -> None:
    darkroom.ask(encoded(page()))
    assert darkroom._process is not None
    pid = darkroom._process.pid
    darkroom.close()
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert darkroom.poll() is None


def test_a_folder_offers_its_pictures_newest_first(tmp_path: Path) -> None:
    for number, name in enumerate(["old.jpg", "middle.PNG", "new.webp", "notes.txt"]):
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, ns=(number, number))
    offers = FolderPhotos(tmp_path).offers()
    assert [offer.name for offer in offers] == ["new.webp", "middle.PNG", "old.jpg"]
    assert FolderPhotos(tmp_path).read(offers[0]) == b"x"


def test_a_folder_follows_no_link_and_opens_no_pipe(tmp_path: Path) -> None:
    secret = tmp_path / "secret.key"
    secret.write_bytes(b"SECRET")
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "link.jpg").symlink_to(secret)
    os.mkfifo(folder / "pipe.jpg")
    (folder / "real.jpg").write_bytes(b"x")
    photos = FolderPhotos(folder)
    assert [offer.name for offer in photos.offers()] == ["real.jpg"]


def test_an_offer_that_became_a_link_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "real.jpg").write_bytes(b"x")
    photos = FolderPhotos(tmp_path)
    offer = photos.offers()[0]
    (tmp_path / "real.jpg").unlink()
    (tmp_path / "real.jpg").symlink_to("/etc/passwd")
    assert photos.read(offer) is None


def test_a_folder_that_is_gone_offers_nothing(tmp_path: Path) -> None:
    assert FolderPhotos(tmp_path / "stick").offers() == ()


def test_a_full_folder_offers_a_bounded_number(tmp_path: Path) -> None:
    for number in range(OFFERS_MAX + 5):
        (tmp_path / f"{number}.jpg").write_bytes(b"x")
    assert len(FolderPhotos(tmp_path).offers()) == OFFERS_MAX
