"""A translator's words count at once, and are read fast from then on."""

import os
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from sync.messages import catalogue_path, compile_stale, compiled, find_compiled, messages


def write(locales: Path, lao: str) -> Path:
    """A catalogue; all that are written here seem to be of the same moment."""
    catalogue = Catalog(locale="lo", domain="kiosk", fuzzy=False)
    catalogue.add("Thank you.", lao)
    path = catalogue_path(locales, "lo", "kiosk")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        write_po(target, catalogue)
    os.utime(path, (0, 0))
    return path


def said(locales: Path, english: str = "Thank you.", language: str = "lo") -> str:
    return messages(locales, language, "kiosk").gettext(english)


def test_a_catalogue_is_compiled_once(tmp_path: Path) -> None:
    source = write(tmp_path, "ຂອບໃຈ")
    assert find_compiled(source, source.read_bytes()) is None
    assert compiled(source) == find_compiled(source, source.read_bytes())
    made = source.with_suffix(".mo").stat()
    assert said(tmp_path) == "ຂອບໃຈ"
    assert source.with_suffix(".mo").stat() == made


def test_a_changed_word_counts_at_once_whatever_the_clock_says(tmp_path: Path) -> None:
    write(tmp_path, "ຂອບໃຈ")
    assert said(tmp_path) == "ຂອບໃຈ"
    write(tmp_path, "ຂໍຂອບໃຈ")
    assert said(tmp_path) == "ຂໍຂອບໃຈ"


@pytest.mark.parametrize("spoil", [lambda _: b"", lambda kept: bytes(99) + kept[99:]])
def test_what_a_power_cut_spoiled_is_compiled_again(tmp_path: Path, spoil: object) -> None:
    target = write(tmp_path, "ຂອບໃຈ").with_suffix(".mo")
    said(tmp_path)
    whole = target.read_bytes()
    assert callable(spoil)
    target.write_bytes(spoil(whole))
    assert said(tmp_path) == "ຂອບໃຈ"
    assert target.read_bytes() == whole


def test_a_program_that_may_not_change_itself_speaks_as_well(tmp_path: Path) -> None:
    source = write(tmp_path, "ຂອບໃຈ")
    source.with_suffix(".mo").mkdir()  # nothing can be put there, nor read
    assert said(tmp_path) == "ຂອບໃຈ"
    with pytest.raises(IsADirectoryError):  # who needs the file itself is told
        compile_stale(source)


def test_where_no_word_is_english_stands(tmp_path: Path) -> None:
    write(tmp_path, "ຂອບໃຈ")
    assert said(tmp_path, "Welcome.") == "Welcome."
    assert said(tmp_path, language="vi") == "Thank you."
