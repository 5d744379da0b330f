"""The receipts of all sample services in both languages, as the desk makes them on real files."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from kiosk.language import LANGUAGES, language, set_language
from kiosk.printing.receipt import Receipt
from kiosk.printing.slip import Slip
from kiosk.resources import assets
from kiosk.standing import StandingLines
from sync.records import ChangeKind, OfficeNote, office_audience
from tests.desk_kiosk import DeskKiosk, central_with_services
from tests.sample_answers import FOLDERS
from tests.stand_ins.central import OFFICE, StandInCentral


@dataclass(frozen=True, slots=True)
class SampleReceipt:
    """What a person gets who applied in that language, and the copy she may ask for."""

    service: str
    language: str
    first: Receipt
    copy: Receipt

    @property
    def title(self) -> str:
        return f"{self.service.rpartition('.')[2]}, {self.language} first"


def sample_receipts() -> Iterator[SampleReceipt]:
    spoken = language()
    with TemporaryDirectory() as folder:
        kiosk = DeskKiosk(Path(folder), _central_of_a_sample_office())
        try:
            for service in FOLDERS:
                for code in LANGUAGES:
                    set_language(code)
                    yield _receipts_of(kiosk, service)
        finally:
            set_language(spoken)
            kiosk.ledger.close()


def standing_lines() -> list[Slip]:
    """What stands on every receipt of that office, as a printer may keep it."""
    with TemporaryDirectory() as folder:
        kiosk = DeskKiosk(Path(folder), _central_of_a_sample_office())
        try:
            return list(StandingLines().slips(kiosk.ledger))
        finally:
            kiosk.ledger.close()


def _receipts_of(kiosk: DeskKiosk, service: str) -> SampleReceipt:
    submitted = kiosk.submits(service)
    copy = kiosk.jobs.find(kiosk.desk.print_again(submitted))
    assert copy is not None
    token = submitted.receipt.token  # the same proof: the worker signs the same claims again
    return SampleReceipt(service, language(), submitted.receipt, replace(copy.receipt, token=token))


def _central_of_a_sample_office() -> StandInCentral:
    central = central_with_services(*FOLDERS)
    known = yaml.safe_load((assets() / "services" / "offices.yaml").read_text("utf-8"))
    (name,) = (office["name"] for office in known["offices"] if office["id"] == OFFICE)
    note = OfficeNote(OFFICE, name, "1551", "")
    central.publish(office_audience(OFFICE), ChangeKind.OFFICE, note.to_bytes())
    return central
