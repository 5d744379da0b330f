"""A kiosk at which all is well, on real files: enrolled, with an application that central has.

It stands in a machine that is a folder of files, so that a test can spoil one thing of either.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kiosk.config import FILE_NAME, KioskConfig, read_config, to_toml
from kiosk.field.doctor import Diagnosis, examine
from kiosk.field.examined import Machine
from kiosk.forms import bundle
from kiosk.log_files import FOLDER as LOGS
from kiosk.printing.tables import MIGRATIONS
from kiosk.printing.virtual import VirtualPrinter
from sync.exchange import sync_once
from sync.identity import enrol
from sync.ledger import Ledger
from tests.sample_service import SERVICE, VERSION, bundle_files
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import NOW, submit

PRINTER_PROFILE = "epson-tm-t88"
TODAY = datetime.fromtimestamp(NOW.at_ms / 1000, UTC).date()
KERNEL = {
    "proc/swaps": "Filename Type Size Used Priority\n/dev/zram0 partition 1 0 100\n",
    "proc/sys/kernel/core_pattern": "core\n",
    "proc/meminfo": "MemTotal: 2000000 kB\nMemAvailable: 1500000 kB\n",
    "sys/class/drm/card0-HDMI-A-1/status": "connected\n",
    "sys/class/drm/card0-HDMI-A-1/modes": "1280x800\n800x600\n",
    "sys/class/thermal/thermal_zone0/temp": "48000\n",
    "sys/class/power_supply/ac/type": "Mains\n",
    "sys/class/power_supply/ac/online": "1\n",
    "sys/class/power_supply/battery/type": "Battery\n",
    "sys/class/power_supply/battery/capacity": "15\n",
    "dev/snd/pcmC0D0p": "",
    "dev/snd/pcmC0D0c": "",
    "dev/scanner": "",
}


def make_well(place: Path, central: StandInCentral, central_url: str) -> None:
    """A kiosk in `place/kiosk`, and the machine around it in `place/machine`."""
    folder = place / "kiosk"
    data = folder / "data"
    (data / LOGS).mkdir(parents=True)
    data.chmod(0o700)
    (data / LOGS / f"{TODAY}.jsonl").touch(0o600)
    (folder / "pictures").mkdir()
    with closing(Ledger.open(data / "ledger.sqlite3", MIGRATIONS)) as ledger:
        enrol(ledger, central, "CODE-1", "A kiosk")
        packed = bundle.pack(bundle_files(), SERVICE, VERSION, central.bundles)
        with ledger.transaction():
            ledger.database.execute(
                "INSERT INTO service VALUES (?, ?, ?)", (SERVICE, VERSION, packed)
            )
        submit(ledger, evidence=(b"a photo",))
        submit(ledger)
        sync_once(ledger, central)
    machine = place / "machine"
    for name, text in KERNEL.items():
        (machine / name).parent.mkdir(parents=True, exist_ok=True)
        (machine / name).write_text(text)
    (machine / "tmp").mkdir()
    config = KioskConfig(
        data_dir=data,
        central_url=central_url,
        printer_profile=PRINTER_PROFILE,
        camera_device="none",
        microphone_device="plughw:1",
        photo_folder=folder / "pictures",
    )
    (folder / FILE_NAME).write_text(to_toml(config))


@dataclass
class WellKiosk:
    """A copy of it, to be spoiled."""

    folder: Path
    machine: Machine
    printer: VirtualPrinter

    @classmethod
    def copied(cls, well: Path, place: Path, printer: VirtualPrinter) -> "WellKiosk":
        shutil.copytree(well, place, dirs_exist_ok=True)
        root = place / "machine"
        machine = Machine(
            proc=root / "proc",
            sys=root / "sys",
            dev=root / "dev",
            temporary=root / "tmp",
            wall_ms=lambda: NOW.at_ms + 1000,
            room=lambda _path: roomy(),
        )
        kiosk = cls(place / "kiosk", machine, printer)
        kiosk.sets(
            data_dir=kiosk.data,
            photo_folder=kiosk.folder / "pictures",
            printer_port=printer.path,
            scanner_port=str(root / "dev" / "scanner"),
        )
        return kiosk

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def config(self) -> KioskConfig:
        return read_config(self.folder / FILE_NAME)

    def sets(self, **settings: Any) -> None:
        path = self.folder / FILE_NAME
        path.write_text(to_toml(replace(self.config, **settings)))

    def has(self, **parts: Any) -> None:
        """Put something else into the machine."""
        self.machine = replace(self.machine, **parts)

    def kernel_says(self, name: str, text: str) -> None:
        (self.folder.parent / "machine" / name).write_text(text)

    @contextmanager
    def opened(self) -> Iterator[Ledger]:
        with closing(Ledger.open(self.data / "ledger.sqlite3", MIGRATIONS)) as ledger:
            yield ledger

    def writes(self, statement: str, *values: object) -> None:
        """Change the ledger behind the program's back."""
        with self.opened() as ledger, ledger.transaction():
            changed = ledger.database.execute(statement, values).rowcount
            assert changed, statement

    def examined(self) -> Diagnosis:
        return examine(self.folder, self.machine)


def roomy(*, free: int = 5 * 10**7, files: int = 10**6, flags: int = 0) -> os.statvfs_result:
    """A disk with that many free blocks of 4 KiB."""
    return os.statvfs_result((4096, 4096, 10**8, free, free, 10**7, files, files, flags, 255))


Spoil = Callable[[WellKiosk], None]
