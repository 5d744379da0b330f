"""A clip is played only while it says what is written."""

import io
import json
import wave
from array import array
from pathlib import Path

from kiosk.devices.chime import chime
from kiosk.devices.sound import Clips, words_hash
from kiosk.language import in_language

SENTENCE = "Thank you"


def record(sounds: Path, said: str) -> Path:
    folder = sounds / "lo"
    folder.mkdir()
    (folder / "thanks.ogg").write_bytes(b"OggS")
    row = {"file": "thanks.ogg", "words": words_hash(said)}
    (folder / "manifest.json").write_text(json.dumps({SENTENCE: row}))
    return folder / "thanks.ogg"


def test_a_sentence_that_was_recorded_is_found(tmp_path: Path) -> None:
    clip = record(tmp_path, in_language("lo", SENTENCE))
    assert Clips.of("lo", tmp_path).find(SENTENCE) == clip


def test_a_clip_of_words_that_have_changed_is_stale(tmp_path: Path) -> None:
    record(tmp_path, "ຄຳທີ່ເຄີຍຂຽນ")
    assert Clips.of("lo", tmp_path).find(SENTENCE) is None


def test_a_clip_that_is_missing_is_not_promised(tmp_path: Path) -> None:
    record(tmp_path, in_language("lo", SENTENCE)).unlink()
    assert Clips.of("lo", tmp_path).find(SENTENCE) is None


def test_a_page_says_what_was_recorded_of_it(tmp_path: Path) -> None:
    clip = record(tmp_path, in_language("lo", SENTENCE))
    assert Clips.of("lo", tmp_path).for_page(["Help", SENTENCE]) == (clip,)


def test_a_language_nobody_recorded_is_silent(tmp_path: Path) -> None:
    assert Clips.of("en", tmp_path).for_page([SENTENCE]) == ()


def test_the_chime_is_a_short_sound_that_begins_and_ends_softly() -> None:
    with wave.open(io.BytesIO(chime())) as file:
        assert 0.5 < file.getnframes() / file.getframerate() < 1
        samples = array("h", file.readframes(file.getnframes()))
    assert max(map(abs, samples)) > 5_000
    assert max(map(abs, (*samples[:5], *samples[-5:]))) < 1_000
