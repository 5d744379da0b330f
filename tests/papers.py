"""Sample receipts, and a kiosk's printing half on real files, for tests and benchmarks."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from nacl.signing import SigningKey

from kiosk.forms.descriptor import Text
from kiosk.printing.jobs import JobState, PrintJobs
from kiosk.printing.port import SerialPort
from kiosk.printing.profile import PrinterProfile
from kiosk.printing.receipt import Receipt
from kiosk.printing.tables import MIGRATIONS
from kiosk.printing.vault import Vault
from kiosk.printing.worker import PrintWorker
from sync import token
from sync.clock import DeviceClock
from sync.ledger import Ledger
from sync.records import Stamp, TimeQuality
from sync.reference import compose
from sync.token import ReceiptClaims

PATIENCE_S = 60.0  # on a busy machine; nothing is measured by it
KEY = SigningKey(bytes(range(32)))
KEY_ID = b"kiosk-id"
KEYS = {KEY_ID: bytes(KEY.verify_key)}
LONG_SERVICE = Text(
    {
        "lo": "ການຂຶ້ນທະບຽນວິສາຫະກິດຄົວເຮືອນສຳລັບການຄ້າຂາຍຍ່ອຍ ແລະ ການບໍລິການຂະໜາດນ້ອຍຢູ່ໃນຂັ້ນບ້ານທີ່ປີ້ນກັບນ້ຳ",
        "en": "Registration of a household business for retail trade and small services "
        "at village level",
    }
)


def sign(claims: ReceiptClaims) -> str:
    """A token as this kiosk makes it."""
    return token.sign(claims, KEY, KEY_ID)


def sample_receipt(number: int = 1, **other: Any) -> Receipt:
    """The standard bilingual receipt; `number` makes it another application's."""
    office = {
        "lo": "ຫ້ອງການບໍລິການປະຕູດຽວ ເມືອງໄຊທານີ",
        "en": "Xaythany District One-Door Service Centre",
    }
    claims = ReceiptClaims(
        issued_at_s=1_790_000_000,
        reference=compose(4711, number),
        service="la.moha.residence-certificate",
        office="la-vte-xaythany",
        fee_lak=20_000,
        secret=number.to_bytes(16, "big"),
    )
    receipt = Receipt(
        claims=claims,
        token=sign(claims),
        host="kiosk.gov.la",
        service=Text({"lo": "ໃບຢັ້ງຢືນທີ່ຢູ່", "en": "Residence certificate"}),
        office=Text(office),
        recorded=Stamp(1_790_000_000_000, TimeQuality.TRUSTED),
        due=date(2026, 9, 25),
        bring=Text({"lo": "ປຶ້ມສຳມະໂນຄົວ", "en": "the family book"}),
        complaints=Text({"lo": "1516", "en": "1516"}),
    )
    return replace(receipt, **other)


class PrintingKiosk:
    """The printing half of a kiosk: a ledger file, its jobs and its worker."""

    def __init__(
        self,
        folder: Path,
        profile: PrinterProfile,
        port: str,
        *,
        patience_ms: int = 5_000,
        kind_of_port: type[SerialPort] = SerialPort,
    ) -> None:
        self.path = folder / "ledger.sqlite3"
        self.patience_ms = patience_ms  # with another who writes
        self.vault = Vault()
        self.ledger = self.opened()
        self.jobs = PrintJobs(self.ledger, self.vault)
        self.worker = PrintWorker(
            self.opened,
            open_port=lambda: kind_of_port(port, profile.baud),
            profile=profile,
            vault=self.vault,
            sign=sign,
            clock=DeviceClock,
        )

    def opened(self) -> Ledger:
        """The ledger, for the thread that asks."""
        ledger = Ledger.open(self.path, MIGRATIONS)
        ledger.database.execute(f"PRAGMA busy_timeout = {self.patience_ms}")
        return ledger

    def submits(self, receipt: Receipt) -> int:
        """A receipt's job, committed, and the worker nudged."""
        with self.ledger.transaction():
            job = self.jobs.add(receipt)
        self.worker.nudge()
        return job

    def state(self, job: int) -> JobState:
        """How far that job is."""
        found = self.jobs.find(job)
        assert found is not None
        return found.state

    def close(self) -> None:
        """Stop and give everything back."""
        self.worker.stop()
        self.ledger.close()


def until(true: Callable[[], bool], timeout_s: float = PATIENCE_S) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + timeout_s
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True
