"""Disks put back from backups, copied cards, a restored central: what is held somewhere is filed.

Some histories are always the same, two are new in each run and print their seed. Live one again:
`SIMULATION_SEED=<seed> python -m pytest tests/simulation/test_lives.py -k fresh`; with
SIMULATION_STEPS they become longer.
"""

import os
import random
from pathlib import Path

import pytest

from sync.central.casework.models import Case
from sync.central.intake.contact import in_doubt
from sync.central.intake.models import Device, SetAside, StoredEnvelope
from sync.ledger import Ledger
from sync.records import StatusEvent
from tests.simulation.lives import World
from tests.simulation.seeded import everything_from

STEPS = 60
FRESH = 0
HISTORIES = [(21, True), (24, False), (FRESH, True), (FRESH, False)]  # the fixed ones see much


def name_of(history: tuple[int, bool]) -> str:
    seed, central_restored = history
    what = "central-restored" if central_restored else "disks-restored"
    return f"seed-{seed}-{what}" if seed else f"fresh-{what}"


@pytest.mark.parametrize("history", HISTORIES, ids=name_of)
def test_whatever_is_held_somewhere_is_filed_once(
    history: tuple[int, bool], central: Path, tmp_path: Path
) -> None:
    fixed, central_restored = history
    drawn = os.environ.get("SIMULATION_SEED") or random.SystemRandom().randrange(1, 2**32)
    seed = fixed or int(drawn)
    print(f"seed {seed}")
    with everything_from(seed):
        world = World(seed, tmp_path, central, central_restored=central_restored)
        try:
            for _ in range(int(os.environ.get("SIMULATION_STEPS") or STEPS)):
                world.step()
            world.settle()
            print(world.happened, len(world.promised), len(world.destroyed))
            _check(world)
        finally:
            world.close()


def _check(world: World) -> None:
    filed = list(Case.objects.values_list("application", flat=True))
    assert len(filed) == len(set(filed))
    assert set(filed) == world.promised - world.destroyed
    for ledger in world.kiosks:
        identity = ledger.enrolled_identity()
        device = Device.objects.get(pk=identity.device)
        assert (ledger.waiting_count(), ledger.lives_twice()) == (0, False)
        assert ledger.log_end() == (device.sequence, bytes(device.chain_hash))
        for application, number in _last_events(ledger):
            assert Case.objects.filter(application=application, last_number=number).exists()
    living = {str(ledger.enrolled_identity().device) for ledger in world.kiosks}
    assert len(living) == len(world.kiosks)  # nobody shares an identity any more
    assert not in_doubt(Device.objects.filter(pk__in=living)).exists()
    stored = set(StoredEnvelope.objects.values_list("application", flat=True))
    assert set(SetAside.objects.values_list("application", flat=True)) <= stored  # second copies


def _last_events(ledger: Ledger) -> list[tuple[str, int]]:
    rows = ledger.database.execute("SELECT event FROM status_event").fetchall()
    events = [StatusEvent.from_bytes(row[0]) for row in rows]
    return [(event.application, event.number) for event in events]
