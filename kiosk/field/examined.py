"""What the doctor looks at: a kiosk's folder, and the machine around it. Nothing here writes.

Of a kiosk without readable settings the data is looked for where it mostly lies, so that most of
what is wrong is still found. What belongs to the machine (its clock, its devices, its disks) can be
another one's: tests make a faulty machine of a folder.
"""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import gettempdir

from kiosk.config import FILE_NAME, ConfigError, KioskConfig, read_config
from kiosk.field.running import is_running
from kiosk.language import line_pieces
from kiosk.printing.errors import PrinterCode, PrinterMissing
from kiosk.printing.probe import probe
from kiosk.printing.profile import PrinterProfile, profile_for_site
from kiosk.printing.typeset import check_shaping
from kiosk.resources import assets, locales
from sync.clock import DeviceClock, Steady, steady_now, wall_now_ms
from sync.ledger import Ledger
from sync.records import Stamp


@dataclass(frozen=True, slots=True)
class Machine:
    """What surrounds the kiosk's folder."""

    proc: Path = Path("/proc")
    sys: Path = Path("/sys")
    dev: Path = Path("/dev")
    assets: Path = field(default_factory=assets)
    locales: Path = field(default_factory=locales)
    temporary: Path = field(default_factory=lambda: Path(gettempdir()))
    wall_ms: Callable[[], int] = wall_now_ms
    steady: Callable[[], Steady] = steady_now
    connect: Callable[[tuple[str, int], float], socket.socket] = socket.create_connection
    room: Callable[[Path], os.statvfs_result] = os.statvfs
    shapes: Callable[[], None] = check_shaping
    breaks: Callable[[str], list[str]] = line_pieces


class Examined:
    """One kiosk while it is looked at.

    Args:
        folder: where its `kiosk.toml` lies.
        machine: what is around it.
        config: its settings, where the program that asks has read them.
    """

    def __init__(
        self, folder: Path, machine: Machine | None = None, config: KioskConfig | None = None
    ) -> None:
        self.folder = folder.resolve()
        self.machine = machine or Machine()
        self.settings_trouble: ConfigError | None = None
        try:
            self.config = config or read_config(self.folder / FILE_NAME)
        except ConfigError as problem:
            self.settings_trouble = problem
            self.config = KioskConfig(data_dir=self.folder / "data")

    @property
    def data_dir(self) -> Path:
        """Where the ledger lies."""
        return self.config.data_dir

    @cached_property
    def is_running(self) -> bool:
        """Whether a kiosk works on this folder now."""
        return is_running(self.config)

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """The ledger, to look at only; of the thread that asks.

        Raises:
            LedgerError: it cannot be read.
        """
        with closing(Ledger.read_only(self.config.ledger_path)) as ledger:
            yield ledger

    def now(self, ledger: Ledger) -> Stamp:
        """The time as this kiosk knows it."""
        machine = self.machine
        return DeviceClock(ledger, wall_ms=machine.wall_ms, steady=machine.steady).now()

    @property
    def profile(self) -> PrinterProfile:
        """The printer's, as it is set.

        Raises:
            ProfileError: there is none like that.
        """
        config = self.config
        return profile_for_site(
            config.printer_profile, config.printer_baud, config.printer_dead_dots
        )

    @cached_property
    def printer(self) -> PrinterCode:
        """How the printer is: it is asked once, or the kiosk that holds it."""
        if self.is_running:
            with self.ledger() as ledger:
                return PrinterCode(
                    ledger.database.execute("SELECT code FROM printer_state").fetchone()[0]
                )
        profile = self.profile
        if not profile.answers_status:
            return PrinterCode.READY  # it says nothing: what can be known is that it is there
        try:
            return probe(self.config.printer_port, (profile.baud,)).code
        except PrinterMissing as problem:
            return problem.code
