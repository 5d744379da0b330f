"""A microphone records into memory, for so long and no longer; ALSA and FFmpeg play one here."""

import io
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import av
import pytest

from kiosk.app import _microphone
from kiosk.config import NO_MICROPHONE, KioskConfig
from kiosk.devices import camera as cameras
from kiosk.devices import microphone as microphones
from kiosk.devices.clip import MemoryClip
from kiosk.devices.file import FileKind, kind_of
from kiosk.devices.microphone import Microphone

TONE = "sine=frequency=440,arealtime"
PATIENCE_S = 60.0


def wait_for(happened: Callable[[], object]) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < until_s, "It does not happen."
        time.sleep(0.02)


def seconds_of(mp3: bytes) -> float:
    with av.open(io.BytesIO(mp3), "r") as sound:
        return float(sum(frame.samples / frame.sample_rate for frame in sound.decode(audio=0)))


def test_what_was_said_is_an_mp3_in_memory() -> None:
    microphone = Microphone(TONE, format_name="lavfi")
    microphone.start()
    wait_for(lambda: microphone.seconds > 0.5)
    assert microphone.recording
    recorded = microphone.stop()
    assert recorded is not None
    assert kind_of(recorded) is FileKind.MP3
    assert seconds_of(recorded) == pytest.approx(microphone.seconds, abs=0.2)
    assert microphone.stop() is None  # once


def test_it_stops_by_itself_at_the_cap() -> None:
    microphone = Microphone("sine=frequency=440", format_name="lavfi", seconds_max=2)
    microphone.start()
    wait_for(lambda: not microphone.recording)
    recorded = microphone.stop()
    assert recorded is not None
    assert 1.9 < seconds_of(recorded) < 2.3


def test_a_microphone_that_fails_is_said_to_have_failed() -> None:
    microphone = Microphone("no such filter", format_name="lavfi")
    microphone.start()
    wait_for(lambda: not microphone.recording)
    assert microphone.stop() is None
    assert microphone.failed


def test_what_is_dropped_is_nowhere() -> None:
    microphone = Microphone("sine=frequency=440", format_name="lavfi", seconds_max=1)
    microphone.start()
    wait_for(lambda: not microphone.recording)
    microphone.forget()
    assert microphone.stop() is None
    assert microphone.seconds == 0
    assert not [thread for thread in threading.enumerate() if thread.name == "microphone"]


def test_alsa_is_opened_with_the_settings_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "alsa.conf"
    settings.write_text("pcm.quiet { type null }\n")
    monkeypatch.setattr(microphones, "ALSA_SETTINGS", settings)
    monkeypatch.setenv("ALSA_CONFIG_PATH", "")  # so that it is as it was afterwards
    monkeypatch.delenv("ALSA_CONFIG_PATH")
    microphone = Microphone("quiet")
    microphone.start()
    wait_for(lambda: microphone.seconds > 0.2 or not microphone.recording)
    recorded = microphone.stop()
    assert recorded is not None


def test_a_kiosk_without_a_sound_card_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(microphones, "NODES", tmp_path)
    assert not Microphone().is_here
    (tmp_path / "pcmC0D0p").touch()  # a loudspeaker
    assert not Microphone().is_here
    (tmp_path / "pcmC1D0c").touch()
    assert Microphone().is_here


def microphone(config: KioskConfig) -> Microphone | None:
    with ExitStack() as stack:
        return _microphone(config, stack)


def test_the_settings_say_which_microphone_is_used(tmp_path: Path) -> None:
    config = KioskConfig(data_dir=tmp_path, microphone_device="plughw:1")
    chosen = microphone(config)
    assert chosen is not None
    assert chosen.is_here
    assert microphone(replace(config, microphone_device=NO_MICROPHONE)) is None


def test_a_kiosk_without_the_library_has_no_microphone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cameras, "LIBRARY", "no_such_library")
    assert microphone(KioskConfig(data_dir=tmp_path)) is None


def test_a_clip_in_memory_opens_by_its_name_and_lies_on_no_disk() -> None:
    clip = MemoryClip(b"ID3 what somebody said", ".mp3")
    assert clip.path.suffix == ".mp3"
    assert clip.path.read_bytes() == b"ID3 what somebody said"
    assert clip.path.is_symlink()
    assert "memfd" in str(clip.path.resolve())
    clip.close()
    clip.close()
    assert not clip.path.exists()
    assert not clip.path.parent.exists()
