"""Settings are read as they are meant, or refused with a sentence."""

from pathlib import Path

import pytest

from kiosk.config import ConfigError, KioskConfig, read_config, to_toml
from sync.budget import Budget


def written(folder: Path, text: str) -> Path:
    path = folder / "kiosk.toml"
    path.write_text(text, "utf-8")
    return path


def test_an_empty_file_gives_a_kiosk_beside_its_settings(tmp_path: Path) -> None:
    settings = read_config(written(tmp_path, ""))
    assert settings.data_dir == tmp_path / "data"
    assert settings.idle_s == 60


def test_settings_survive_writing_and_reading(tmp_path: Path) -> None:
    settings = KioskConfig(
        data_dir=tmp_path / 'a "quoted" folder',
        central_url="https://central.example",
        fullscreen=True,
        camera_device="/dev/video2",
        microphone_device="plughw:1",
        photo_folder=tmp_path / "pictures",
        idle_s=90,
    )
    assert read_config(written(tmp_path, to_toml(settings))) == settings


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("printer = 'x'", "no setting 'printer'"),
        ("fullscreen = 'yes'", "true or false"),
        ("idle_s = 5", "at least 30 seconds"),
        ("idle_warning_s = 19", "at least 20 seconds"),
        ("keep_days = 0", "at least 1 days"),
        ("keep_unfinished_days = -1", "at least 0 days"),
        ("disk_reserve_percent = 91", "disk_reserve_percent must be at most 90"),
        ("disk_reserve_percent = -1", "disk_reserve_percent must be at least 0."),
        ("documents_mb_a_day = -1", "at least 0 megabytes"),
        ('documents_mb_by_hour = "all night"', "7-17: 0"),
        ("idle_s = true", "a whole number"),
        ('panel = "7in"', "panel must be one of 10in-1280x800, "),
        ("relay_port = 999999", "relay_port must be at most 65535"),
        ("relay_port = -1", "relay_port must be at least 0."),
        ('printer_dead_dots = "x"', "printer_dead_dots must be numbers with commas"),
        ('central_url = "central.example"', "central_url is 'central.example'; write https://"),
        ("data_dir = 7", "the path of a file or folder"),
        ("central_url = ", "not valid TOML"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        read_config(written(tmp_path, text))


def test_settings_that_are_no_text_are_named_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_bytes(b'central_url = "\xff"')
    with pytest.raises(ConfigError, match="no text in UTF-8"):
        read_config(path)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="kiosk provision"):
        read_config(tmp_path / "kiosk.toml")


def test_what_documents_may_cost_is_read_from_the_settings(tmp_path: Path) -> None:
    path = written(tmp_path, 'documents_mb_a_day = 20\ndocuments_mb_by_hour = "7-8: 0"\n')
    assert read_config(path).budget == Budget(20_000_000, {7: 0, 8: 0})
    assert KioskConfig(tmp_path).budget.is_free
