"""An operator can ask whether every log is still here as it came."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sync.central import commands
from sync.central.arguments import parser
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import Device, SetAside, StoredEnvelope
from tests.paper_kiosk import PaperKiosk


@pytest.fixture
def kiosk(central: Path) -> PaperKiosk:
    assert central.is_dir()
    made = PaperKiosk(CentralServer())
    made.files()
    made.files(office="nowhere")  # is set aside, and holds its place
    made.files()
    made.files()
    made.sends()
    return made


def audit(capsys: pytest.CaptureFixture[str], status: int) -> str:
    assert commands.run(parser().parse_args(["audit"])) == status
    return capsys.readouterr().out


def test_whole_logs_are_said_to_be_whole(
    kiosk: PaperKiosk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert kiosk.log
    PaperKiosk(CentralServer())  # and one that has sent nothing yet
    assert audit(capsys, 0).startswith("Kiosks whose logs are whole: 2.\n")


def without_the_last() -> None:
    StoredEnvelope.objects.filter(sequence=4).delete()


def without_the_set_aside() -> None:
    SetAside.objects.all().delete()


def altered() -> None:
    StoredEnvelope.objects.filter(sequence=3).update(body=b"another body")


def exchanged() -> None:
    row = StoredEnvelope.objects.get(sequence=3)
    other = StoredEnvelope.objects.get(sequence=1)
    row.header, row.body, row.chain_hash = other.header, other.body, other.chain_hash
    row.save()


def emptied() -> None:
    StoredEnvelope.objects.all().delete()
    SetAside.objects.all().delete()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (without_the_last, "place 4 is missing"),
        (without_the_set_aside, "place 2 is missing"),
        (altered, "place 3 is not what came"),
        (exchanged, "place 3 does not follow the one before it"),
        (emptied, "place 1 is missing"),
    ],
)
def test_what_is_missing_or_altered_is_named(
    kiosk: PaperKiosk,
    capsys: pytest.CaptureFixture[str],
    harm: Callable[[], None],
    said: str,
) -> None:
    harm()
    assert f"Kiosk {kiosk.enrolment.kiosk_number}: {said}." in audit(capsys, 1)


def test_a_log_that_a_new_life_carries_on_is_whole(
    kiosk: PaperKiosk, capsys: pytest.CaptureFixture[str]
) -> None:
    first = Device.objects.get()
    later = PaperKiosk(CentralServer())
    Device.objects.filter(pk=later.id).update(
        continues=first, sequence=first.sequence, chain_hash=first.chain_hash
    )
    later.log = list(kiosk.log)
    later.files()
    assert later.sends(later.batch(after=4)).through == 5
    assert audit(capsys, 0).startswith("Kiosks whose logs are whole: 2.")
