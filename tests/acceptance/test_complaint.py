"""A complaint from the kiosk's glass to another office and back, in both languages."""

import subprocess
import sys
from pathlib import Path

from tests.acceptance.test_journey import ENVIRONMENT, ROOT


def test_a_complaint_is_lodged_answered_looked_at_again_and_settled(tmp_path: Path) -> None:
    out = tmp_path / "complaint"
    told = subprocess.run(
        [sys.executable, "-m", "tests.acceptance.complaint_story", "--out", str(out)],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.count("finds nothing of it") == 2
    assert told.stdout.count("is answered, in") == 2
    for code in ("lo", "en"):
        assert (out / "pictures" / f"{code}-receipt-on-paper.png").exists()
