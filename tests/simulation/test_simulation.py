"""Everything goes wrong, from a seed; at the end nothing is lost and nothing is doubled.

Some histories are always the same; the fresh ones are new in each run and print their seed. To live
one again: `SIMULATION_SEED=<seed> python -m pytest tests/simulation -k fresh`.
"""

import os
import random
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from sync.records import NATION, ChangeKind, Status
from sync.retention import FINAL
from tests.simulation.seeded import everything_from
from tests.simulation.world import World

STEPS = 300
FRESH = 0  # stands for a seed that is drawn when the history begins
HISTORIES = [(1, True), (2, False), (3, True), (4, False), (FRESH, True), (FRESH, False)]


def name_of(history: tuple[int, bool]) -> str:
    seed, restorations = history
    return (f"seed-{seed}" if seed else "fresh") + ("-restored" if restorations else "")


def drawn() -> int:
    return int(os.environ.get("SIMULATION_SEED") or random.SystemRandom().randrange(1, 2**32))


@pytest.fixture(params=HISTORIES, ids=name_of)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    fixed, restorations = request.param
    seed = fixed or drawn()
    print(f"seed {seed}, restorations {restorations}")
    with everything_from(seed):
        lived = World(seed, tmp_path, kiosks=2, share=0.3, restorations=restorations)
        for _ in range(STEPS):
            lived.step()
        lived.settle()
    print(lived.happened)
    yield lived
    lived.close()


def central_has_what_was_promised_and_nothing_else(world: World) -> None:
    promised = {id_: made for kiosk in world.kiosks for id_, made in kiosk.promised.items()}
    assert len(promised) > STEPS / 8
    assert world.central.memory.applications == promised
    assert world.central.memory.set_aside == []


def both_ends_hold_the_same_logs_in_the_same_order(world: World) -> None:
    for kiosk in world.kiosks:
        device = kiosk.ledger.enrolled_identity().device
        log = world.central.memory.logs[device]
        assert log == list(kiosk.promised.values())
        assert kiosk.ledger.acknowledged_through() == len(log)
        assert kiosk.ledger.waiting_count() == 0


def each_application_was_received_once(world: World) -> None:
    for events in world.central.memory.events.values():
        received = [event for event in events if event.status is Status.RECEIVED]
        assert len(received) == 1


def every_document_arrived_whole(world: World) -> None:
    for kiosk in world.kiosks:
        assert kiosk.ledger.evidence_waiting() == ()
        for made in kiosk.promised.values():
            for note in made.parsed.evidence:
                arrived = world.central.memory.files[note.sha256]
                assert sha256(arrived).digest() == note.sha256


def every_decision_came_home_to_every_kiosk_of_the_office(world: World) -> None:
    assert world.central.memory.events
    for application, events in world.central.memory.events.items():
        for kiosk in world.kiosks:
            # A restored central may have forgotten later ones: the kiosk has not.
            assert kiosk.ledger.status_events(application)[: len(events)] == tuple(events)


def the_newest_service_is_at_every_kiosk(world: World) -> None:
    news = world.central.memory.feeds.get(NATION, [])
    newest = {change.payload for change in news if change.kind is ChangeKind.SERVICE}
    for kiosk in world.kiosks:
        known = kiosk.ledger.service_versions().get("la.test", ())
        bundles = [kiosk.ledger.service_bundle("la.test", version) for version in known]
        for payload in newest:
            assert any(bundle is not None and bundle in payload for bundle in bundles)


def a_kiosk_forgets_what_is_settled_and_nothing_else(world: World) -> None:
    kept = erased = 0
    for kiosk in world.kiosks:
        for application, made in kiosk.promised.items():
            held = kiosk.ledger.find_envelope(application)
            assert held in (made, None)
            kept, erased = kept + (held is not None), erased + (held is None)
            if not world.restorations:  # after which a decision may be another one
                events = kiosk.ledger.status_events(application)
                assert held == made or any(event.status in FINAL for event in events)
            for note in made.parsed.evidence:
                assert (kiosk.ledger.evidence_folder / note.sha256.hex()).exists() == bool(held)
    assert erased == world.erased > 0
    assert kept > 0


def the_ledgers_are_sound(world: World) -> None:
    for kiosk in world.kiosks:
        check = kiosk.ledger.database.execute("PRAGMA integrity_check").fetchone()
        assert check == ("ok",)


def news_of_an_unknown_kind_is_kept_and_holds_nothing_up(world: World) -> None:
    news = world.central.memory.feeds.get(NATION, [])
    strange = sum(not isinstance(change.kind, ChangeKind) for change in news)
    for kiosk in world.kiosks:
        # A restored central may have forgotten some of it: the kiosk has not.
        assert kiosk.ledger.unread_count() >= strange
        assert world.restorations or kiosk.ledger.unread_count() == strange


FACTS: tuple[Callable[[World], None], ...] = (
    central_has_what_was_promised_and_nothing_else,
    both_ends_hold_the_same_logs_in_the_same_order,
    each_application_was_received_once,
    every_document_arrived_whole,
    every_decision_came_home_to_every_kiosk_of_the_office,
    the_newest_service_is_at_every_kiosk,
    a_kiosk_forgets_what_is_settled_and_nothing_else,
    the_ledgers_are_sound,
    news_of_an_unknown_kind_is_kept_and_holds_nothing_up,
)


def test_all_that_must_hold_holds(world: World) -> None:
    """One test a history: whoever lives it looks at all of it."""
    for fact in FACTS:
        fact(world)
