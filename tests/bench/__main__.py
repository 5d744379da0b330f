"""Runs every benchmark and prints one table with the machine's description.

A benchmark is a module `bench_<noun>.py` here with `rows() -> Iterator[Row]`. Figures of a shared
machine are noisy: compare them within one run. `python -m tests.bench forms sync` runs only those.
"""

import importlib
import os
import platform
import sqlite3
import sys
from pathlib import Path

from tests.bench.row import Row


def machine() -> str:
    """What the figures were measured on."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith(("model name", "Model")):
            model = line.partition(":")[2].strip()
            break
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} x {model}, {memory_gib:.0f} GiB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def main(chosen: list[str]) -> int:
    """Run the chosen benchmarks, or all; 1 when a goal is missed."""
    names = chosen or sorted(
        path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py")
    )
    print(machine())
    missed = 0
    for name in names:
        rows: list[Row] = list(importlib.import_module(f"tests.bench.bench_{name}").rows())
        print(f"\n{name}")
        for row in rows:
            print(f"  {row.what:<62} {row.shown:>18}   {row.verdict}")
            missed += row.met is False
    print(f"\n{missed} goals missed" if missed else "\nevery goal is met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
