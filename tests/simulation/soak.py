"""Histories without end: `python -m tests.simulation.soak 1000` lives so many and names failures.

Each is drawn from a seed and held to all that `test_simulation` holds its few to. A failure prints
the words that live it again.
"""

import logging
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.simulation.seeded import everything_from
from tests.simulation.test_simulation import FACTS
from tests.simulation.world import World

STEPS = 300


def wrong_in(seed: int, *, restorations: bool) -> str:
    """What does not hold at the end of a history; empty when all does."""
    with tempfile.TemporaryDirectory() as folder, everything_from(seed):
        world = World(seed, Path(folder), kiosks=2, share=0.3, restorations=restorations)
        try:
            for _ in range(STEPS):
                world.step()
            world.settle()
            for fact in FACTS:
                fact(world)
        except Exception as problem:  # noqa: BLE001 - whatever it is, the seed tells
            return f"{type(problem).__name__}: {str(problem)[:200]}"
        finally:
            world.close()
    return ""


def main(count: int) -> int:
    """Live so many histories; how many went wrong."""
    logging.disable(logging.CRITICAL)  # half of a stick is no news here
    failures = 0
    started = time.monotonic()
    for number in range(count):
        seed = random.SystemRandom().randrange(1, 2**32)
        restorations = number % 2 == 0
        wrong = wrong_in(seed, restorations=restorations)
        if wrong:
            failures += 1
            print(f"SIMULATION_SEED={seed} restorations={restorations}: {wrong}", flush=True)
    taken_s = time.monotonic() - started
    print(f"{count} histories of {STEPS} steps in {taken_s:.0f} s, {failures} went wrong.")
    return failures


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)))
