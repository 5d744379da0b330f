"""A country whose disks die, come back from backups and are copied, and whose central does too.

The real central and real ledgers, on real files; what happens next comes from a seed. A promise may
be broken by one thing only: that every disk that held it, and central, are gone. All others must be
cases at the end, each once.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

from django.db import connections
from django.utils import timezone

from kiosk.field.provision import provision
from sync.central.casework.models import Case
from sync.central.catalogue import shelf, trust
from sync.central.intake import feed
from sync.central.intake.exchange import CentralServer
from sync.central.intake.lives import file_branches
from sync.central.intake.models import Device, SetAside
from sync.central.keys import central_keys
from sync.errors import ExchangeError
from sync.exchange import sync_once
from sync.ledger import Ledger
from sync.pace import Limits
from tests.paper_kiosk import new_code
from tests.sample_service import SERVICE, VERSION
from tests.stand_ins import kiosk
from tests.stand_ins.wire import FaultyWire

SHARE = 0.15  # of requests that go wrong
KIOSKS_MAX = 5


class World:
    """Some kiosks and one central.

    Args:
        seed: decides everything.
        folder: for the disks and the backups.
        data: central's folder.
        central_restored: central is put back from backups; otherwise kiosks' disks are.
    """

    def __init__(self, seed: int, folder: Path, data: Path, *, central_restored: bool) -> None:
        self.random = Random(seed)
        self.happened: dict[str, int] = {}
        self.promised: set[str] = set()
        self.destroyed: set[str] = set()
        self._folder, self._data = folder, data
        self._central_restored = central_restored
        self._disks = 0
        self._backups: list[Path] = []
        self.kiosks: list[Ledger] = []
        self.wire = FaultyWire(CentralServer(), Random(self.random.random()), SHARE)
        for _ in range(2):
            place = self._new_disk()
            self.kiosks.append(kiosk.enrolled(place, CentralServer(), new_code()))

    def _new_disk(self) -> Path:
        self._disks += 1
        return self._folder / f"disk-{self._disks}"

    def step(self) -> None:
        """One thing happens somewhere."""
        events: dict[Callable[[int], None], int] = {
            self._submits: 40,
            self._exchanges: 40,
            self._backup: 6,
            self._restoration: 5,
            self._technician: 8,
        }
        if not self._central_restored:
            events[self._clone] = 3
        event = self.random.choices(list(events), list(events.values()))[0]
        name = event.__name__.strip("_")
        self.happened[name] = self.happened.get(name, 0) + 1
        event(self.random.randrange(len(self.kiosks)))

    def _submits(self, number: int) -> None:
        made = kiosk.submit(self.kiosks[number], service=SERVICE, service_version=VERSION)
        self.promised.add(made.parsed.id)

    def _exchanges(self, number: int) -> None:
        limits = Limits(envelopes_max=self.random.choice((1, 3, 100)))
        try:
            sync_once(self.kiosks[number], self.wire, limits=limits)
        except ExchangeError:
            return  # tomorrow again

    def _technician(self, number: int) -> None:
        """Looks at a kiosk, and gives it a new life where it lives twice."""
        try:
            provision(self.kiosks[number], self.wire, new_code(), "A kiosk", lambda _said: None)
        except ExchangeError:
            return

    def _backup(self, number: int) -> None:
        if self._central_restored:
            connections.close_all()
            copy = self._folder / f"central-{len(self._backups)}.sqlite3"
            self._backups.append(Path(shutil.copy(self._data / "central.sqlite3", copy)))
        else:
            self._backups.append(self._copied(self.kiosks[number]))

    def _copied(self, ledger: Ledger) -> Path:
        ledger.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(shutil.copytree(ledger.path.parent, self._new_disk()))

    def _clone(self, number: int) -> None:
        if len(self.kiosks) < KIOSKS_MAX:
            self.kiosks.append(self._opened(self._copied(self.kiosks[number])))

    def _opened(self, disk: Path) -> Ledger:
        return Ledger.open(disk / "ledger.sqlite3")

    def _restoration(self, number: int) -> None:
        """A backup takes the place of what is newer."""
        if not self._backups:
            return
        backup = self.random.choice(self._backups)
        if self._central_restored:
            connections.close_all()
            for file in self._data.glob("central.sqlite3*"):
                file.unlink()
            shutil.copy(backup, self._data / "central.sqlite3")
            shelf.forget_opened()
            feed.begin_epoch()
            trust.tell()
        else:
            self.kiosks[number].close()
            self.kiosks[number] = self._opened(Path(shutil.copytree(backup, self._new_disk())))
        self._count_what_is_gone()

    def _count_what_is_gone(self) -> None:
        """No disk and no central holds it: only a backup that comes back could bring it back."""
        held = set(Case.objects.values_list("application", flat=True))
        for ledger in self.kiosks:
            rows = ledger.database.execute("SELECT application FROM log").fetchall()
            held |= {row[0] for row in rows}
        held |= set(SetAside.objects.values_list("application", flat=True))
        self.destroyed = self.promised - held

    def settle(self) -> None:
        """The faults stop; the technician goes round until every kiosk is one of its own."""
        for number in range(len(self.kiosks)):
            self._submits(number)  # equal copies part with the first thing that one of them does
        for _round in range(2):
            for ledger in self.kiosks:
                provision(ledger, CentralServer(), new_code(), "A kiosk", lambda _said: None)
        for device in Device.objects.filter(set_aside__reason=SetAside.Reason.FORK).distinct():
            file_branches(device, central_keys(), timezone.now())  # their disks are gone
        for ledger in self.kiosks:
            sync_once(ledger, CentralServer())

    def close(self) -> None:
        for ledger in self.kiosks:
            ledger.close()
