"""A citizen applies while central is down, and the answer comes home: the demo, held as a test."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DEMO = [sys.executable, "-m", "tests.acceptance.demo", "--journey", "--no-history"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "CENTRAL_DATA"}
STOP_S_MAX = 60.0


def begin_demo(out: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*DEMO, "--out", str(out)],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def processes_that_know(folder: Path) -> list[str]:
    """The commands of all processes that have the folder in their command or environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            known = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:  # it has just ended, or is not ours
            continue
        if str(folder).encode() in known:
            found.append(known.replace(b"\0", b" ").decode(errors="replace")[:200])
    return found


def test_the_whole_road_in_lao_and_in_english(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    demo = begin_demo(out)
    told, _ = demo.communicate(timeout=800)
    assert demo.returncode == 0, told
    assert told.count("reads the answer") == 2, told
    for code in ("lo", "en"):
        names = {
            path.name.split("-", 2)[2] for path in (out / "pictures").glob(f"{code}-[0-9]*.png")
        }
        assert {"home.png", "check-answers.png", "receipt.png", "answer.png"} <= names
        assert (out / "pictures" / f"{code}-receipt-on-paper.png").exists()
    assert processes_that_know(out) == []


def test_interrupting_the_demo_leaves_nothing_running(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    demo = begin_demo(out)
    assert demo.stdout is not None
    for line in demo.stdout:
        if "A citizen touches" in line:
            break
    demo.send_signal(signal.SIGINT)
    told, _ = demo.communicate(timeout=STOP_S_MAX)
    assert demo.returncode == 130, told
    time.sleep(0.2)  # a killed process leaves the list when its parent has looked
    assert processes_that_know(out) == []
