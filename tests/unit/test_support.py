"""What goes to support helps to help, is nobody's words, has bounds, and opens at central only."""

import json
import random
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from kiosk.field.doctor import Diagnosis, summary
from kiosk.field.examined import Examined
from kiosk.field.support import (
    NothingToSealTo,
    files_for_support,
    qr_lines,
    sealed_for_support,
    write_for_support,
)
from kiosk.log_files import FOLDER as LOGS
from kiosk.printing.profile import load_profile
from kiosk.printing.virtual import VirtualPrinter
from sync import support
from sync.central import commands
from sync.central.arguments import parser
from sync.central.keys import central_keys
from sync.errors import CannotOpen
from sync.records import key_id
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import ANSWERS
from tests.well_kiosk import PRINTER_PROFILE, TODAY, WellKiosk, make_well

CANARIES = [word.encode() for word in ("ຄຳປຸ້ຍ", "ດົງໂດກ", "Somphone", "02055512345")]
LINE = '{"at": "2026-11-26T12:00:00Z", "level": "INFO", "from": "sync", "what": "%s"}\n'


@pytest.fixture(scope="module")
def central_stand_in() -> StandInCentral:
    return StandInCentral()


@pytest.fixture(scope="module")
def well(tmp_path_factory: pytest.TempPathFactory, central_stand_in: StandInCentral) -> Path:
    place = tmp_path_factory.mktemp("well")
    make_well(place, central_stand_in, "http://127.0.0.1:9")
    return place


@pytest.fixture
def kiosk(well: Path, tmp_path: Path) -> WellKiosk:
    printer = VirtualPrinter(load_profile(PRINTER_PROFILE), link=tmp_path / "port")
    return WellKiosk.copied(well, tmp_path / "a", printer)


@pytest.fixture(scope="module")
def diagnosis(well: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diagnosis]:
    place = tmp_path_factory.mktemp("examined")
    with VirtualPrinter(load_profile(PRINTER_PROFILE), link=place / "port") as printer:
        yield WellKiosk.copied(well, place, printer).examined()


def opened(sealed: bytes, central: StandInCentral) -> dict[str, bytes]:
    return support.open_files(sealed, {key_id(bytes(central.box.public_key)): bytes(central.box)})


def test_central_reads_what_is_wrong_and_nobody_s_words(
    kiosk: WellKiosk, central_stand_in: StandInCentral, diagnosis: Diagnosis
) -> None:
    log = kiosk.data / LOGS / f"{TODAY}.jsonl"
    log.write_text(
        (LINE % "exchange failed: TooSlow in /home/Somphone/kiosk/sync/client.py:98")
        + (LINE % "for ນາງ ຄຳປຸ້ຍ")
        + LINE.replace('"level"', '"said": "02055512345", "level"') % "a field too many"
        + "Somphone typed 02055512345\n"
    )
    assert str(ANSWERS).find("ດົງໂດກ") > 0  # what was handed in at this kiosk
    sealed = sealed_for_support(Examined(kiosk.folder, kiosk.machine), diagnosis)
    files = opened(sealed, central_stand_in)
    assert set(files) == {"doctor.json", "versions.json", "ledger.json", f"log-{TODAY}.jsonl"}
    found = json.loads(files["doctor.json"])
    assert (found["kiosk"], found["result"]) == (1, 1)  # nothing listens at this central
    numbers = json.loads(files["ledger.json"])
    assert numbers["log by kind and outcome"] == {"application created": 2}
    assert [kind for kind in numbers if isinstance(numbers[kind], str)] == []  # each was counted
    lines = [json.loads(line) for line in files[f"log-{TODAY}.jsonl"].splitlines()]
    assert [line["what"].split()[0] for line in lines] == ["exchange", "a"]
    for canary in CANARIES:
        assert canary not in sealed
        assert not [name for name, data in files.items() if canary in data]
    secret = bytes(Examined(kiosk.folder).config.ledger_path.read_bytes())
    assert bytes.fromhex(json.loads((kiosk.data / "enrolled.json").read_text())["signing_key"]) in (
        secret
    )
    assert not [data for data in files.values() if b"signing_key" in data]


def test_huge_logs_leave_room_for_the_newest_and_for_what_the_doctor_found(
    kiosk: WellKiosk, central_stand_in: StandInCentral, diagnosis: Diagnosis
) -> None:
    chance = random.Random(7)
    for back in range(8):  # chance in letters loses a quarter at best: more than goes in
        lines = (LINE % b64encode(chance.randbytes(3000)).decode() for _line in range(235))
        name = f"{TODAY - timedelta(days=back)}.jsonl"
        (kiosk.data / LOGS / name).write_text("".join(lines))
    sealed = sealed_for_support(Examined(kiosk.folder, kiosk.machine), diagnosis)
    assert 4_000_000 < len(sealed) <= 5_000_000
    names = set(opened(sealed, central_stand_in))
    assert {"doctor.json", f"log-{TODAY}.jsonl"} < names
    assert f"log-{TODAY - timedelta(days=7)}.jsonl" not in names


def test_a_kiosk_without_its_ledger_is_helped_too_and_a_bare_machine_says_why_not(
    kiosk: WellKiosk, central_stand_in: StandInCentral, diagnosis: Diagnosis, tmp_path: Path
) -> None:
    (kiosk.data / "ledger.sqlite3").write_bytes(b"\xff" * 9000)
    sealed = sealed_for_support(Examined(kiosk.folder), diagnosis)
    assert json.loads(opened(sealed, central_stand_in)["ledger.json"]) == {"trouble": "LedgerTorn"}
    with pytest.raises(NothingToSealTo, match="kiosk doctor"):
        sealed_for_support(Examined(tmp_path / "bare"), diagnosis)


def test_whoever_alters_it_or_has_another_key_reads_nothing(
    kiosk: WellKiosk, central_stand_in: StandInCentral, diagnosis: Diagnosis, tmp_path: Path
) -> None:
    path = write_for_support(kiosk.folder, diagnosis, tmp_path)
    assert path.name == f"kiosk-1-{diagnosis.at:%Y%m%d-%H%M%S}.support"
    sealed = path.read_bytes()
    assert "doctor.json" in opened(sealed, central_stand_in)
    for altered in (sealed[:-1], sealed[:50] + b"\0" + sealed[51:], b"", b"x" * 6_000_000):
        with pytest.raises(CannotOpen):
            opened(altered, central_stand_in)
    with pytest.raises(CannotOpen, match="key that is not here"):
        opened(sealed, StandInCentral())


def test_its_code_is_read_off_a_terminal(diagnosis: Diagnosis) -> None:
    lines = list(qr_lines(summary(diagnosis)))
    light = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    rows = [[light[sign][half] for sign in line] for line in lines for half in (0, 1)]
    picture = Image.new("L", (len(rows[0]), len(rows)))
    picture.putdata([dot for row in rows for dot in row])
    (code,) = zxingcpp.read_barcodes(picture.resize((4 * picture.width, 4 * picture.height), 0))
    assert code.text == summary(diagnosis)
    assert "; broken none; warnings 45" in code.text


@pytest.mark.usefixtures("central")
def test_the_operator_opens_it_into_a_folder_of_its_own(
    kiosk: WellKiosk,
    diagnosis: Diagnosis,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key = central_keys().sealing.public_key
    files = files_for_support(Examined(kiosk.folder), diagnosis)
    path = tmp_path / "kiosk-1.support"
    path.write_bytes(support.seal(files, key_id(bytes(key)), bytes(key)))
    assert commands.run(parser().parse_args(["open-support", str(path)])) == 0
    folder = tmp_path / "kiosk-1-opened"
    assert f"Files in {folder}: " in capsys.readouterr().out
    assert json.loads((folder / "doctor.json").read_bytes())["kiosk"] == 1
    assert folder.stat().st_mode & 0o777 == 0o700
    assert commands.run(parser().parse_args(["open-support", str(path)])) == 1
    assert "Name a new folder" in capsys.readouterr().err
    path.write_bytes(b"a letter")
    assert commands.run(parser().parse_args(["open-support", str(path), "--to", "/x/y"])) == 1
    assert "not what a kiosk makes" in capsys.readouterr().err
