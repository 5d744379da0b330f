"""An application comes back, is corrected with its receipt, and the correction is approved."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
STORY = [sys.executable, "-m", "tests.acceptance.returned"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "CENTRAL_DATA"}
CANARIES = ("ຄຳ ແສງ", "ຈັນ", "kham seng", "mae kham shop")  # what the visitors answered


def test_what_is_returned_is_corrected_and_approved_in_lao_and_in_english(tmp_path: Path) -> None:
    out = tmp_path / "story"
    story = subprocess.run(
        [*STORY, "--out", str(out)],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    assert story.returncode == 0, story.stdout[-6000:]
    assert story.stdout.count("counts now") == 2, story.stdout
    for code in ("lo", "en"):
        assert (out / "pictures" / f"{code}-receipt-on-paper.png").exists()
        assert (out / "pictures" / f"{code}-old-receipt-on-paper.png").exists()
    assert on_the_kiosk_s_disk(out / "kiosk") == []


def on_the_kiosk_s_disk(folder: Path) -> list[str]:
    """What of the answers can be read on the kiosk's disk after everything."""
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return [canary for canary in CANARIES if any(canary.encode() in data for data in files)]
