"""A kiosk is enrolled where no line goes: by a stick that goes to central and comes back."""

from contextlib import closing
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from nacl.signing import SigningKey

from kiosk.__main__ import main
from kiosk.app import open_ledger
from kiosk.config import FILE_NAME, read_config
from sync import carried
from sync.central.casework import browser_stick
from sync.central.intake.exchange import CentralServer
from sync.central.intake.models import Device
from sync.central.keys import central_keys
from sync.courier import hand_in
from sync.enrolment import EnrolmentRequest
from tests.paper_kiosk import new_code
from tests.sample_service import OFFICE, SERVICE
from tests.stand_ins.central import StandInCentral

Said = pytest.CaptureFixture[str]


@pytest.fixture
def stick(central: Path, tmp_path: Path) -> Path:
    assert central.is_dir()
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def provision(stick: Path, *more: str) -> int:
    folder = str(stick.parent / "kiosk")
    return main(["--folder", folder, "provision", *more, "--stick", str(stick)])


def site(stick: Path, code: str) -> str:
    key = bytes(central_keys().answers.verify_key).hex()
    path = stick / "site.yaml"
    lines = (
        "name: Far village",
        f"office: {OFFICE}",
        "central_url: https://central.example",
        f'code: "{code}"',
        f'central_key: "{key}"',
    )
    path.write_text("\n".join(lines), "utf-8")
    return str(path)


def requests_on(stick: Path) -> list[Path]:
    return sorted((stick / carried.ROOT / carried.UP).rglob(f"*{carried.ENROLMENT}"))


def test_the_first_trip_enrols_and_the_second_brings_the_services(
    stick: Path, capsys: Said
) -> None:
    file = site(stick, new_code())
    assert provision(stick, file) == 1
    assert "Carry it to central and back, and run this again." in capsys.readouterr().err
    assert provision(stick, file) == 1  # not yet back: the same request, once
    assert len(requests_on(stick)) == 1
    (done,) = hand_in(stick, CentralServer())
    assert (done.enrolments, done.refused) == (1, 0)
    hand_in(stick, CentralServer())  # carried there twice: the same answer
    assert provision(stick, file) == 0
    said = capsys.readouterr().out
    assert f"Enrolled: kiosk number {Device.objects.get().kiosk_number}, office {OFFICE}." in said
    assert "No printer is set" in said
    assert requests_on(stick) == []
    hand_in(stick, CentralServer())
    folder = stick.parent / "kiosk"
    assert main(["--folder", str(folder), "sync", "--stick", str(stick)]) == 0
    with closing(open_ledger(read_config(folder / FILE_NAME))) as ledger:
        assert SERVICE in ledger.service_versions()
    assert provision(stick, file) == 0
    assert "Already enrolled" in capsys.readouterr().out


def test_an_answer_that_central_did_not_sign_is_not_believed(stick: Path, capsys: Said) -> None:
    file = site(stick, new_code())
    provision(stick, file)
    hand_in(stick, StandInCentral())  # somebody who held the stick on its way
    capsys.readouterr()
    assert provision(stick, file) == 1
    assert "is not signed by the central that was named" in capsys.readouterr().err
    with closing(open_ledger(read_config(stick.parent / "kiosk" / FILE_NAME))) as ledger:
        assert ledger.identity() is None
    hand_in(stick, CentralServer())  # the right one's answer takes its place
    assert provision(stick, file) == 0


def test_a_code_that_somebody_else_used_is_refused_at_central(stick: Path) -> None:
    code = new_code()
    CentralServer().enrol(_request_of_another(code))
    assert provision(stick, site(stick, code)) == 1
    (done,) = hand_in(stick, CentralServer())
    assert (done.enrolments, done.refused) == (0, 1)


def _request_of_another(code: str) -> bytes:

    key = SigningKey.generate()
    return EnrolmentRequest(code, bytes(key.verify_key), "Somebody").signed(key)


def test_without_code_or_key_it_says_what_is_missing(stick: Path, capsys: Said) -> None:
    address = ("--central", "https://central.example")
    assert provision(stick, *address, "--code", "X") == 1
    assert "--code CODE --central-key KEY" in capsys.readouterr().err
    assert provision(stick, *address, "--code", "X", "--central-key", "12") == 1
    assert "64 hexadecimal digits" in capsys.readouterr().err
    assert requests_on(stick) == []


def test_a_browser_takes_the_request_as_a_plugged_in_stick_does(
    stick: Path, tmp_path: Path
) -> None:
    provision(stick, site(stick, new_code()))
    (request,) = requests_on(stick)
    upload = SimpleUploadedFile(request.name, request.read_bytes())
    assert browser_stick._lay_out(tmp_path / "upload", [upload]) == (0, 0)
    (done,) = hand_in(tmp_path / "upload", CentralServer())
    assert done.enrolments == 1
