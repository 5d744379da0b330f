"""A kiosk without its window: real ledger, real services, real print jobs; central on the side."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from nacl.signing import SigningKey

from kiosk.desk import Desk, Submitted
from kiosk.forms.bundle import Bundle, key_id
from kiosk.forms.bundle import open as open_bundle
from kiosk.forms.entry import Entry
from kiosk.forms.publish import publish
from kiosk.printing.jobs import PrintJobs
from kiosk.printing.tables import MIGRATIONS
from kiosk.printing.vault import Vault
from kiosk.resources import assets
from kiosk.room import Disk
from sync.clock import DeviceClock, wall_now_ms
from sync.exchange import sync_once
from sync.identity import enrol
from sync.ledger import Ledger
from sync.records import NATION, ChangeKind, OfficeNote, ServiceNote, office_audience
from tests.sample_answers import ANSWERS, BUSINESS, EVERY_FOLDER, RESIDENCE
from tests.stand_ins.central import OFFICE, StandInCentral

DISK_BYTES = 32 * 10**9
PUBLISHER = SigningKey(bytes(range(32)))  # known to all: for tests only
SAMPLE_PICTURE = b"\xff\xd8 a photo of a family book, as sample \xff\xd9"


@lru_cache
def published(service: str, version: str | None = None) -> bytes:
    """A sample service, signed with a key of the tests; made once in a run."""
    return publish(assets() / "services" / EVERY_FOLDER[service], version, PUBLISHER)


def fill(entry: Entry, answers: Mapping[str, str]) -> None:
    """Answer by the names of the questions, page after page as a person does."""
    while (page := entry.page) is not None:
        for question in page.questions:
            value = answers.get(question.path.rpartition("/")[2])
            if value is not None:
                entry.answer(question.path, value)
        violations = entry.advance()
        assert not violations, violations


class DeskKiosk:
    """One enrolled kiosk at a stand-in central, with a desk and no window."""

    def __init__(self, folder: Path, central: StandInCentral, code: str = "CODE-1") -> None:
        self.folder, self.central = folder, central
        self.ledger = Ledger.open(folder / "ledger.sqlite3", MIGRATIONS)
        self.free_bytes = DISK_BYTES
        enrol(self.ledger, central, code, "Test kiosk")
        sync_once(self.ledger, central)
        self.start()

    def start(self) -> None:
        """Begin anew with the same disk and an empty memory."""
        self.ledger.close()
        self.ledger = Ledger.open(self.folder / "ledger.sqlite3", MIGRATIONS)
        self.vault = Vault()
        self.jobs = PrintJobs(self.ledger, self.vault)
        self.desk = Desk(
            self.ledger,
            self.jobs,
            DeviceClock(self.ledger),
            disk=lambda: Disk(self.free_bytes, DISK_BYTES),
        )

    def filled(self, service: str = RESIDENCE, **changed: str) -> Entry:
        """A form with nothing left to answer."""
        entry = self.desk.begin(service)
        fill(entry, ANSWERS[service] | changed)
        return entry

    def submits(self, service: str = RESIDENCE, **changed: str) -> Submitted:
        """An application with its receipt."""
        return self.desk.submit(self.filled(service, **changed))

    def exchanges(self) -> None:
        """The road is open for a moment."""
        sync_once(self.ledger, self.central)


def central_with_services(*services: str) -> StandInCentral:
    """A central that has published these services and said what the office is."""
    central = StandInCentral(now_ms=wall_now_ms)
    central.bundles = PUBLISHER
    for service in services or (RESIDENCE, BUSINESS):
        publish_at(central, service)
    office = OfficeNote(OFFICE, {"lo": "ເມືອງໄຊທານີ", "en": "Xaythany District"}, "021", "")
    central.publish(office_audience(OFFICE), ChangeKind.OFFICE, office.to_bytes())
    return central


def publish_at(central: StandInCentral, service: str, version: str | None = None) -> None:
    """Publish a sample service to every kiosk."""
    data = published(service, version)
    note = ServiceNote(service, version or opened(data).version, data)
    central.publish(NATION, ChangeKind.SERVICE, note.to_bytes())


def opened(data: bytes) -> Bundle:
    """The bundle, its signature found to hold."""
    verify_key = bytes(PUBLISHER.verify_key)
    return open_bundle(data, {key_id(verify_key): verify_key})
