"""A real kiosk at work behind a driven screen: its workers, its devices, its clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from kiosk.app import Kiosk, at_work
from kiosk.config import KioskConfig
from kiosk.screens.shell import Devices, Shell


class KioskWorld:
    """What the driver of screens needs of a kiosk."""

    def __init__(self, kiosk: Kiosk) -> None:
        self._kiosk = kiosk
        self.now_s = 0.0

    def shell(self) -> Shell:
        """The glass of this kiosk."""
        devices: dict[str, Any] = {"scanner": self._kiosk.scanner, "photos": self._kiosk.photos}
        return Shell(self._kiosk.desk, self._kiosk.visit, Devices(**devices))


@contextmanager
def kiosk_world(config: KioskConfig) -> Iterator[KioskWorld]:
    """The kiosk, at work until the context ends."""
    with at_work(replace(config, disk_reserve_percent=0)) as kiosk:  # however full it is here
        kiosk.begin()
        yield KioskWorld(kiosk)
