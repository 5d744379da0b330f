"""A small country: some kiosks, one central, and everything that goes wrong, from a seed.

The code is the real one, on real SQLite files; only the wire and the clock are ours. Each step is
one thing that happens somewhere. At the end the faults stop, everybody exchanges, and both sides
must agree on everything that was promised.
"""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sync.clock import DeviceClock, Steady
from sync.courier import hand_in
from sync.errors import ExchangeError
from sync.exchange import sync_once
from sync.identity import enrol
from sync.keeping import Keeping
from sync.ledger import Ledger
from sync.pace import Limits
from sync.protocol import Central
from sync.records import NATION, ApplicationId, ChangeKind, Envelope, ServiceNote, Status
from sync.retention import DAY_MS
from sync.stick import visit
from tests.stand_ins.central import Memory, StandInCentral
from tests.stand_ins.kiosk import make
from tests.stand_ins.wire import FaultyWire

START_MS = 1_800_000_000_000
DECISIONS = (Status.TAKEN_UP, Status.RETURNED, Status.APPROVED, Status.REJECTED)
KEEP_DAYS = 1  # sealed content on a kiosk; a backup of central is never older
STICKS = 3  # on the road at a time
TEN_YEARS_MS = 10 * 365 * 24 * 3600 * 1000


class Killed(Exception):
    """The power went, at this very point."""


class DeadlyWire(FaultyWire):
    """A wire on which the kiosk's power may go, before central heard or after."""

    def exchange(self, batch: bytes) -> bytes:
        if self.next_faults[:1] == ["kill before"]:
            self.next_faults.clear()
            raise Killed
        if self.next_faults[:1] == ["kill after"]:
            self.next_faults.clear()
            self.central.exchange(batch)
            raise Killed
        return super().exchange(batch)


@dataclass
class SimulatedKiosk:
    """A kiosk: its folder, its wire, and what it has promised to citizens."""

    folder: Path
    wire: DeadlyWire
    wall_ms: int
    ledger: Ledger = field(init=False)
    promised: dict[ApplicationId, Envelope] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ledger = self._open()

    def _open(self) -> Ledger:
        return Ledger.open(self.folder / "ledger.sqlite3")

    def submits(self, evidence: tuple[bytes, ...], *, killed: bool) -> None:
        clock = DeviceClock(self.ledger, wall_ms=lambda: self.wall_ms, steady=lambda: Steady(0, ""))
        recorded = clock.now()
        try:
            with self.ledger.transaction():
                made, _secret = make(self.ledger, evidence=evidence, recorded=recorded)
                self.ledger.add(made)
                if killed:
                    raise Killed  # noqa: TRY301 - the power goes here
        except Killed:
            self.restarts()
        else:
            self.promised[made.parsed.id] = made

    def exchanges(self, limits: Limits) -> None:
        try:
            sync_once(
                self.ledger, self.wire, limits=limits, steady=lambda: Steady(self.wall_ms, "")
            )
        except ExchangeError:
            pass  # tomorrow again
        except Killed:
            self.restarts()

    def restarts(self) -> None:
        """Gone without a word, and up again."""
        self.ledger.close()
        self.ledger = self._open()
        self.ledger.sweep_evidence()


class World:
    """Steps through a history that the seed decides.

    A restored central is offered everything again, which also heals faults of ours: histories
    without restorations are needed to see those.
    """

    def __init__(
        self, seed: int, folder: Path, *, kiosks: int, share: float, restorations: bool
    ) -> None:
        self.random = Random(seed)
        self.now_ms = START_MS
        self.central = StandInCentral(lambda: self.now_ms)
        self.backup: Memory | None = None
        self.restorations = restorations
        self.backup_ms = 0
        self.published = 0
        self.erased = 0
        self.happened: dict[str, int] = {}
        self.sticks = [folder / f"stick-{number}" for number in range(STICKS)]
        for stick in self.sticks:
            stick.mkdir(parents=True)
        self.kiosks = [self._kiosk(folder / str(number), share) for number in range(kiosks)]

    def _kiosk(self, folder: Path, share: float) -> SimulatedKiosk:
        wire = DeadlyWire(self.central, Random(self.random.random()), share)
        kiosk = SimulatedKiosk(folder, wire, START_MS)
        while kiosk.ledger.identity() is None:
            try:
                enrol(kiosk.ledger, wire, f"CODE-{folder.name}", "A simulated kiosk")
            except ExchangeError:
                continue
        return kiosk

    def step(self) -> None:
        """One thing happens somewhere."""
        self.now_ms += self.random.randrange(3_600_000)
        kiosk = self.random.choice(self.kiosks)
        kiosk.wall_ms = self.now_ms + self.random.choice((0, 0, 0, -TEN_YEARS_MS, TEN_YEARS_MS))
        events = {
            self._submission: 30,
            self._exchange: 30,
            self._kill: 6,
            self._decision: 20,
            self._publication: 3,
            self._restart: 5,
            self._stick_at_a_kiosk: 8,
            self._stick_at_central: 6,
            self._stick_is_copied: 3,
            self._erasing: 8,
            self._strange_news: 1,
            self._other_version: 0 if self.restorations else 2,
            self._backup: 2,
            self._restoration: int(self.restorations),
        }
        event = self.random.choices(list(events), list(events.values()))[0]
        name = event.__name__.strip("_")
        self.happened[name] = self.happened.get(name, 0) + 1
        event(kiosk)

    def _submission(self, kiosk: SimulatedKiosk) -> None:
        sizes = self.random.choice(((), (), (100,), (30_000,), (200, 5000)))
        evidence = tuple(self.random.randbytes(size) for size in sizes)
        kiosk.submits(evidence, killed=self.random.random() < 0.1)

    def _exchange(self, kiosk: SimulatedKiosk) -> None:
        limits = Limits(
            envelopes_max=self.random.choice((1, 3, 100)),
            room_bytes=self.random.choice((1, 500, 100_000)),
            piece_bytes_max=self.random.choice((1000, 10_000, 65_536)),
        )
        kiosk.exchanges(limits)

    def _kill(self, kiosk: SimulatedKiosk) -> None:
        kiosk.wire.next_faults = [self.random.choice(("kill before", "kill after"))]
        self._exchange(kiosk)
        kiosk.wire.next_faults.clear()

    def _decision(self, _kiosk: SimulatedKiosk) -> None:
        applications = list(self.central.memory.applications)
        if applications:
            fresh = self.random.random() < 0.5  # some officers answer on the day
            application = self.random.choice(applications[-5:] if fresh else applications)
            self.central.decide(application, self.random.choice(DECISIONS))

    def _publication(self, _kiosk: SimulatedKiosk) -> None:
        self.published += 1
        note = ServiceNote("la.test", str(self.published), self.random.randbytes(2000))
        self.central.publish(NATION, ChangeKind.SERVICE, note.to_bytes())

    def _restart(self, kiosk: SimulatedKiosk) -> None:
        kiosk.restarts()

    def _stick_at_a_kiosk(self, kiosk: SimulatedKiosk) -> None:
        """Any stick, whatever is on it, however old."""
        visit(kiosk.ledger, self.random.choice(self.sticks))

    def _stick_at_central(self, _kiosk: SimulatedKiosk) -> None:
        hand_in(self.random.choice(self.sticks), self.central)

    def _stick_is_copied(self, _kiosk: SimulatedKiosk) -> None:
        """Over another one, and not all of it: some files are missing or cut short."""
        source, target = self.random.sample(self.sticks, 2)
        shutil.rmtree(target)
        shutil.copytree(source, target)
        for path in sorted(path for path in target.rglob("*") if path.is_file()):
            match self.random.choice(("whole", "whole", "missing", "cut")):
                case "missing":
                    path.unlink()
                case "cut":
                    path.write_bytes(path.read_bytes()[: self.random.randrange(200)])

    def _erasing(self, kiosk: SimulatedKiosk) -> None:
        self.erased += kiosk.ledger.erase_settled(Keeping(KEEP_DAYS))

    def _strange_news(self, _kiosk: SimulatedKiosk) -> None:
        """Of a kind that these kiosks do not know."""
        self.central.publish(NATION, 77, self.random.randbytes(100))

    def _other_version(self, _kiosk: SimulatedKiosk) -> None:
        """Central is updated, or put back to the release before.

        The first release said on no document in which life of central it speaks: so it is not put
        together with restorations.
        """
        self.central.is_old = not self.central.is_old

    def _backup(self, _kiosk: SimulatedKiosk) -> None:
        self.backup, self.backup_ms = self.central.snapshot(), self.now_ms

    def _restoration(self, _kiosk: SimulatedKiosk) -> None:
        if self.backup is not None and self.now_ms - self.backup_ms < KEEP_DAYS * DAY_MS:
            self.central.restore(self.backup)

    def settle(self) -> None:
        """The faults stop; everybody exchanges until there is nothing more."""
        quiet: Central = self.central
        for kiosk in self.kiosks * 2:  # what the second sent, the first hears in its next turn
            sync_once(kiosk.ledger, quiet)

    def close(self) -> None:
        for kiosk in self.kiosks:
            kiosk.ledger.close()
            shutil.rmtree(kiosk.folder)
        for stick in self.sticks:
            shutil.rmtree(stick)
