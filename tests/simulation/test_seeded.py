"""A history that went wrong can be lived again, to the byte."""

from pathlib import Path
from typing import Any

from tests.simulation.seeded import everything_from
from tests.simulation.world import World

SEED, STEPS = 5, 60


def lived(folder: Path, seed: int) -> tuple[Any, ...]:
    with everything_from(seed):
        world = World(seed, folder, kiosks=2, share=0.3, restorations=True)
        for _ in range(STEPS):
            world.step()
        world.settle()
    rows = [list(kiosk.ledger.database.execute("SELECT * FROM log")) for kiosk in world.kiosks]
    world.close()
    return rows, world.central.memory, world.happened


def test_a_seed_tells_the_whole_history(tmp_path: Path) -> None:
    first = lived(tmp_path / "first", SEED)
    assert sum(map(len, first[0])) > 5
    assert first == lived(tmp_path / "second", SEED)
    assert first != lived(tmp_path / "third", SEED + 1)
