"""A kiosk behind the glass: real ledger, real services, real desk; central is the stand-in.

Nothing of it is made for screens: what a screen shows here is what it shows in a village. A kiosk
opens each version of a service once and fills in its form a thousand times: here the kiosks of a
run, one after the other, share what was opened.
"""

import atexit
import os
import shutil
import socket
import tempfile
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from nacl.signing import SigningKey

from kiosk import services
from kiosk.config import KioskConfig
from kiosk.desk import Desk, Submitted
from kiosk.devices.photo import FolderPhotos
from kiosk.field.doctor import look_from_within
from kiosk.field.examined import Machine
from kiosk.field.self_test import find_site, self_test
from kiosk.forms.bundle import Bundle
from kiosk.forms.bundle import open as open_bundle
from kiosk.forms.publish import publish
from kiosk.printing.errors import PrinterCode
from kiosk.printing.jobs import PrintJobs
from kiosk.printing.profile import load_profile
from kiosk.printing.tables import MIGRATIONS as KIOSK_TABLES
from kiosk.printing.vault import Vault
from kiosk.resources import assets
from kiosk.room import Disk
from kiosk.screens.shell import Devices, Shell
from kiosk.technician import Hands, Technician
from kiosk.visit import Visit
from sync.clock import DeviceClock
from sync.envelope import seal_asked, seal_words
from sync.exchange import sync_once
from sync.identity import enrol
from sync.ledger import Ledger
from sync.pace import Limits
from sync.records import (
    NATION,
    ChangeKind,
    ServiceNote,
    Stamp,
    Status,
    StatusEvent,
    TimeQuality,
    key_id,
    office_audience,
)
from tests.sample_answers import BUSINESS, COMPLAINT, EVERY_FOLDER, RESIDENCE
from tests.stand_ins.central import OFFICE, StandInCentral

__all__ = ["ANSWERS", "BUSINESS", "COMPLAINT", "RESIDENCE", "World"]

DISK_BYTES = 32 * 10**9
IDLE_S = 60
WARNING_S = 30
PUBLISHER = SigningKey(b"publishes the sample services...")
ANSWERS = {
    "/data/for_whom": "child",
    "/data/applicant_name": "ນາງ ສົມພອນ ວົງສະຫວັນ",
    "/data/full_name": "ທ້າວ ຄຳຫຼ້າ ວົງສະຫວັນ",
    "/data/birth_date": "2009",
    "/data/province": "LA01",
    "/data/district": "LA0106",
    "/data/village": "ດົງໂດກ",
    "/data/years_here": "12",
    "/data/purposes": "work",
}
COMPLAINED = {
    "/data/category": "unofficial-fee",
    "/data/office": "la-vte-xaythany",
    "/data/service": "la.moha.residence-certificate",
    "/data/what_happened": "ເຈົ້າໜ້າທີ່ຂໍເງິນ 50.000 ກີບ ນອກຄ່າທຳນຽມ.",
    "/data/happened_when": "2026",
    "/data/amount_asked": "50000",
    "/data/name_given": "no",
    "/data/answer_by": "receipt",
}


@cache
def published() -> tuple[ServiceNote, ...]:
    """The sample services as central publishes them."""
    notes = []
    for name in EVERY_FOLDER.values():
        data = publish(assets() / "services" / name, None, PUBLISHER)
        bundle = open_bundle(
            data, {key_id(bytes(PUBLISHER.verify_key)): bytes(PUBLISHER.verify_key)}
        )
        notes.append(ServiceNote(bundle.service, bundle.version, data))
    return tuple(notes)


@lru_cache(maxsize=32)
def _opened(data: bytes, keys: frozenset[tuple[bytes, bytes]]) -> Bundle:
    return open_bundle(data, dict(keys))


def open_once(data: bytes, keys: Mapping[bytes, bytes]) -> Bundle:
    """The bundle, as the first kiosk that held these bytes and these keys has opened it."""
    return _opened(data, frozenset(keys.items()))


@cache
def sample_pictures() -> Path:
    """Pictures of made-up papers, the newest first by their names, whenever they were copied."""
    folder = Path(tempfile.mkdtemp(prefix="pictures-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for age_s, picture in enumerate(sorted((assets() / "samples").glob("*.jpg"))):
        os.utime(shutil.copy(picture, folder), (1_800_000_000 - age_s,) * 2)
    return folder


class HandScanner:
    """A scanner that reads what a test holds under it."""

    def __init__(self) -> None:
        self._read: str | None = None
        self.connected = True

    def reads(self, text: str) -> None:
        self._read = text

    def poll(self) -> str | None:
        text, self._read = self._read, None
        return text


def _no_line(_address: tuple[str, int], _timeout_s: float) -> socket.socket:
    raise ConnectionRefusedError


class World:
    """One enrolled kiosk and its central."""

    def __init__(self, folder: Path) -> None:
        self._opens_bundles = vars(services)["open_bundle"]
        vars(services)["open_bundle"] = open_once
        self.folder = folder
        self.now_s = 1000.0
        self.free_bytes = DISK_BYTES
        self.scanner = HandScanner()
        self.central = StandInCentral()
        self.central.bundles = PUBLISHER
        self.ledger = Ledger.open(folder / "ledger.sqlite3", KIOSK_TABLES)
        enrol(self.ledger, self.central, "CODE-1", "Kiosk of a test")
        for note in published():
            self.central.publish(NATION, ChangeKind.SERVICE, note.to_bytes())
        sync_once(self.ledger, self.central)
        self.jobs = PrintJobs(self.ledger, Vault())
        self._worker_ledger = Ledger.open(self.ledger.path, KIOSK_TABLES)
        self.desk = self._desk()
        self.sticks: list[Path] = []  # the folders of those that are in
        self.nudges = 0  # of the line
        self.rests_s = 0.0  # for so long central wants no call
        self.machine = Machine(connect=_no_line)  # that the doctor looks at
        self.technician = self._technician()
        self.visit = Visit(lambda: self.now_s, idle_s=IDLE_S, warning_s=WARNING_S)
        self.printer_is(PrinterCode.READY)

    def shell(self) -> Shell:
        """The glass of this kiosk."""
        photos = FolderPhotos(sample_pictures())
        devices = Devices(scanner=self.scanner, photos=photos)
        return Shell(self.desk, self.visit, devices, self.technician)

    def _desk(self, interrupted: int | None = None) -> Desk:
        return Desk(
            self.ledger,
            self.jobs,
            DeviceClock(self.ledger),
            interrupted=interrupted,
            disk=lambda: Disk(self.free_bytes, DISK_BYTES),
        )

    def _technician(self) -> Technician:
        profile = load_profile("generic-58")

        def nudge() -> None:
            self.nudges += 1

        return Technician(
            self.ledger,
            self.jobs,
            DeviceClock(self.ledger),
            KioskConfig(
                data_dir=self.folder,
                central_url="https://central.example.la",
                printer_port="/dev/ttyUSB0",
                documents_mb_a_day=20,
                disk_reserve_percent=0,  # however full the test machine is
            ),
            lambda: Ledger.open(self.ledger.path, KIOSK_TABLES),
            profile=profile,
            hands=Hands(
                wake_exchange=nudge,
                rests_s=lambda: self.rests_s,
                limits=Limits,
                test_page=lambda: self_test(profile, find_site(self.ledger)),
                examine=lambda: look_from_within(self.technician.config, self.machine),
                sticks=lambda: tuple(self.sticks),
            ),
        )

    def close(self) -> None:
        vars(services)["open_bundle"] = self._opens_bundles
        self._worker_ledger.close()
        self.ledger.close()

    def printer_is(self, code: PrinterCode) -> None:
        """The printer's worker notes how it is, through a connection of its own."""
        PrintJobs(self._worker_ledger, Vault()).note_printer(code, 1_800_000_000_000)

    def power_fails_while_it_prints(self) -> Submitted:
        """The kiosk starts again, and the secret that waited in memory for the paper is gone."""
        submitted = self.submits()
        assert self.jobs.begin(submitted.job)
        self.jobs = PrintJobs(self.ledger, Vault())
        interrupted = self.jobs.find_interrupted()
        self.jobs.recover()
        self.desk = self._desk(interrupted)
        return submitted

    def exchanges(self) -> None:
        """The line is there for a moment."""
        sync_once(self.ledger, self.central)

    def submits(self, picture: bytes | None = None) -> Submitted:
        """An application for a residence certificate, filled and handed in."""
        entry = self.desk.begin(RESIDENCE)
        while (page := entry.page) is not None:
            for question in page.questions:
                if question.path in ANSWERS:
                    assert entry.answer(question.path, ANSWERS[question.path]) is None
                elif picture is not None and question.path == "/data/family_book":
                    entry.attach(question.path, picture, "image/jpeg")
            assert entry.advance() == ()
        return self.desk.submit(entry)

    def complains(self, about: str = "") -> Submitted:
        """A complaint, filled without a name and handed in."""
        entry = self.desk.begin_complaint(about)
        while (page := entry.page) is not None:
            for question in page.questions:
                if question.path in COMPLAINED:
                    assert entry.answer(question.path, COMPLAINED[question.path]) is None
            assert entry.advance() == ()
        return self.desk.submit(entry)

    def decides(
        self,
        submitted: Submitted,
        status: Status,
        *,
        reason: str | None = None,
        words: str | None = None,
        step: str = "",
        asked: tuple[str, ...] = (),
        due: date | None = None,
        law: str = "",
        deciders: tuple[str, ...] = (),
    ) -> StatusEvent:
        """An officer decides, and the kiosk hears of it."""
        self.exchanges()
        secret = submitted.receipt.claims.secret
        assert secret is not None
        events = self.central.memory.events[submitted.application]
        event = StatusEvent(
            submitted.application,
            len(events) + 1,
            status,
            Stamp(self.central.now_ms(), TimeQuality.TRUSTED),
            OFFICE,
            reason=reason,
            words=seal_words(secret, words) if words else None,
            step=step,
            asked=seal_asked(secret, asked) if asked else None,
            due=due,
            law=law,
            deciders=deciders,
        )
        events.append(event)
        self.central.publish(office_audience(OFFICE), ChangeKind.STATUS, event.to_bytes())
        self.exchanges()
        return event
