"""Five hundred power cuts of a real kiosk at a real central: what was lost, what was doubled.

The same as `tests/acceptance/test_power_fails.py`, longer: some six minutes. POWER_CUTS=2000 in the
environment gives as many as `make soak` does. SIGKILL leaves the kernel's caches alone: what
happens to what the disk had not written is shown by `tests/acceptance/test_disk_forgets.py`. The
seed is printed and gives the same order of moments, not the same microseconds.
"""

import os
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.acceptance.power_cuts import PowerCuts
from tests.bench.row import Row
from tests.central import running_central

CUTS = int(os.environ.get("POWER_CUTS", "500"))


def rows() -> Iterator[Row]:
    """The table's lines."""
    seed = random.SystemRandom().randrange(2**32)
    print(f"power cuts: seed {seed}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running_central(folder) as central:
            cuts = PowerCuts(folder, central, seed)
            try:
                for _ in range(CUTS):
                    cuts.cut()
                cuts.settle()
            finally:
                cuts.close()
    count = cuts.count
    yield Row("power cuts (SIGKILL)", count.kills, "cuts", CUTS, at_least=True)
    for moment, times in sorted(count.moments.items()):
        yield Row(f"  {moment}", times, "cuts")
    yield Row("applications promised", count.promised, "applications")
    yield Row("promised and lost", count.lost, "applications", 0)
    yield Row("filed twice, or a reference given twice", count.doubled, "applications", 0)
    yield Row("kept before the promise was said, filed once", count.unpromised, "applications")
    yield Row("receipts that came out", count.papers, "receipts")
    yield Row("cut while they were printed: a person is asked", count.doubtful, "receipts")
    yield Row("second receipts that do not say so", count.papers_doubled, "receipts", 0)
