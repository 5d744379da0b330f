"""A kiosk that starts again takes over what the last program was printing, once, and says so."""

import logging
from pathlib import Path

import pytest

from kiosk.app import at_work
from kiosk.config import KioskConfig
from kiosk.printing.jobs import JobState, PrintJobs
from kiosk.printing.slip import Slip, Words
from kiosk.printing.tables import MIGRATIONS
from kiosk.printing.vault import Vault
from sync.clock import wall_now_ms
from sync.identity import enrol
from sync.ledger import Ledger
from sync.records import Stamp, TimeQuality
from tests.desk_kiosk import central_with_services
from tests.papers import sample_receipt, until

NOWHERE = "https://127.0.0.1:9"


@pytest.fixture
def config(tmp_path: Path) -> KioskConfig:
    """An enrolled kiosk whose last program ended in the middle of a paper."""
    config = KioskConfig(tmp_path / "data", central_url=NOWHERE, camera_device="none")
    ledger = Ledger.open(config.ledger_path, MIGRATIONS)
    enrol(ledger, central_with_services(), "CODE-1", "Kiosk of a test")
    ledger.close()
    return config


def leaves_sending(config: KioskConfig, *, receipt: bool) -> int:
    ledger = Ledger.open(config.ledger_path, MIGRATIONS)
    jobs = PrintJobs(ledger, Vault())
    with ledger.transaction():
        slip = Slip((Words("a sheet"),))
        just_now = sample_receipt(recorded=Stamp(wall_now_ms(), TimeQuality.TRUSTED))
        job = jobs.add(just_now) if receipt else jobs.add_slip(slip, private=True)
    assert jobs.begin(job)
    ledger.close()
    return job


def with_printer(config: KioskConfig, port: str) -> KioskConfig:
    return KioskConfig(
        config.data_dir, central_url=NOWHERE, camera_device="none", printer_port=port
    )


@pytest.mark.parametrize("port", ["", "/dev/no-such-printer"])
def test_a_paper_that_was_being_printed_is_doubtful_with_and_without_a_printer(
    config: KioskConfig, port: str, caplog: pytest.LogCaptureFixture
) -> None:
    job = leaves_sending(config, receipt=True)
    with caplog.at_level(logging.WARNING), at_work(with_printer(config, port)) as kiosk:
        kiosk.begin()
        receipt = kiosk.desk.find_interrupted()
        assert receipt is not None  # whoever stands here is asked, recovered or not
        assert receipt.reference == sample_receipt().reference
        assert until(lambda: kiosk.desk.job_state(job) is JobState.UNKNOWN)
    told = [one for one in caplog.messages if "being printed when the program ended" in one]
    assert len(told) == (1 if port else 0)


def test_another_slip_that_was_being_printed_asks_nobody_anything(config: KioskConfig) -> None:
    """Its words are gone; and the first page comes up."""
    job = leaves_sending(config, receipt=False)
    with at_work(config) as kiosk:
        assert kiosk.desk.find_interrupted() is None
        assert kiosk.desk.job_state(job) is JobState.UNKNOWN
