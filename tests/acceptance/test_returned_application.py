"""An application comes back, is corrected with its receipt, and the correction is approved."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
STORY = [sys.executable, "-m", "tests.acceptance.returned"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "CENTRAL_DATA"}
STORY_S_MAX = 800.0
CANARIES = ("ຄຳ ແສງ", "ຈັນ", "kham seng", "mae kham shop")  # what the visitors answered


@pytest.mark.parametrize("language", ["lo", "en"])
def test_what_is_returned_is_corrected_and_approved(tmp_path: Path, language: str) -> None:
    out = tmp_path / "story"
    with subprocess.Popen(
        [*STORY, "--out", str(out), "--language", language],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as story:
        try:
            told, _ = story.communicate(timeout=STORY_S_MAX)
        finally:
            story.terminate()  # it ends central and printer too
    assert story.returncode == 0, told[-6000:]
    assert told.count("counts now") == 1, told
    for paper in ("receipt-on-paper", "old-receipt-on-paper"):
        assert (out / "pictures" / f"{language}-{paper}.png").exists()
    assert on_the_kiosk_s_disk(out / "kiosk") == []


def on_the_kiosk_s_disk(folder: Path) -> list[str]:
    """What of the answers can be read on the kiosk's disk after everything."""
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return [canary for canary in CANARIES if any(canary.encode() in data for data in files)]
