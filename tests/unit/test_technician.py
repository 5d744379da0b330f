"""What a technician types at a kiosk: it is done, or a sentence says what to mend."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk import __main__ as program
from kiosk.config import FILE_NAME
from sync.ledger import Ledger
from sync.records import NATION
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import submit
from tests.stand_ins.web_server import Request, WebServer

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMY = type(shutil.disk_usage("/"))(10**12, 0, 10**12)
NOBODY = "http://127.0.0.1:9"  # the port of `discard`: nothing listens


class Technician:
    """Types commands for the kiosk in one folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def types(self, *words: str) -> str:
        """What a command printed, when it went well."""
        code, out, err = self._told(words)
        assert (code, err) == (0, "")
        return out

    def fails(self, *words: str) -> str:
        """The one sentence that a command failed with."""
        code, _out, err = self._told(words)
        assert code == 1
        assert err.startswith("kiosk: ")
        assert err.count("\n") == 1
        return err.removeprefix("kiosk: ").strip()

    def _told(self, words: tuple[str, ...]) -> tuple[int, str, str]:
        given = program._parser().parse_args(["--folder", str(self.folder), *words])
        return program._told(given), *self._capsys.readouterr()


@pytest.fixture
def technician(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Technician:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: ROOMY)  # however full it is here
    return Technician(tmp_path / "a kiosk", capsys)


@pytest.fixture
def central_url() -> Iterator[str]:
    central = StandInCentral()
    roads: dict[str, Callable[[bytes], bytes]] = {
        "/v1/exchange": central.exchange,
        "/v1/enrol": central.enrol,
        "/v1/evidence": central.send_evidence,
    }

    def behave(request: Request) -> None:
        request.answer(roads[request.path](request.body))

    with WebServer(behave) as server:
        yield server.url


def test_a_machine_becomes_a_kiosk_and_says_how_to_start_this_one(
    technician: Technician, central_url: str
) -> None:
    said = technician.types("provision", "--central", central_url, "--code", "CODE-1")
    assert "Enrolled: kiosk number 1" in said
    assert said.endswith(f"Ready. Start it with: kiosk --folder '{technician.folder}' run\n")
    assert stat.S_IMODE((technician.folder / "data").stat().st_mode) == 0o700
    assert technician.types("sync", "once") == "Done: 0 waiting.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--panel", "foo"), "There is no panel 'foo'; there are 10in-1280x800, "),
        (("--printer-profile", "nope"), "There is no printer profile 'nope'; there are ch340-58, "),
        (("--central", "central.example"), "'central.example' is not central's address."),
        (("--central-ca", "no-such.pem"), "The certificate "),
        (("--central-ca", "README.md"), "The file "),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_before_it_is_written(
    technician: Technician, words: tuple[str, str], sentence: str
) -> None:
    said = technician.fails("provision", "--central", NOBODY, "--code", "C", *words)
    assert said.startswith(sentence)
    assert not technician.folder.exists()


@pytest.mark.parametrize("words", [("provision", "--code", "C"), ("sync", "once")])
def test_a_command_that_central_did_not_hear_is_to_be_run_again(
    technician: Technician, central_url: str, words: tuple[str, ...]
) -> None:
    technician.types("provision", "--central", central_url, "--code", "CODE-1")
    settings = technician.folder / FILE_NAME
    settings.write_text(settings.read_text("utf-8").replace(central_url, NOBODY), "utf-8")
    said = technician.fails(*words)
    assert said.startswith(f"Central cannot be reached now. ({NOBODY}: nothing listens there: ")
    assert said.endswith("kiosk sync --stick DIR")


def test_a_name_that_nobody_knows_is_told_from_a_central_that_does_not_run(
    technician: Technician, central_url: str
) -> None:
    technician.types("provision", "--central", central_url, "--code", "CODE-1")
    settings = technician.folder / FILE_NAME
    nowhere = "https://no-such-central.invalid"
    settings.write_text(settings.read_text("utf-8").replace(central_url, nowhere), "utf-8")
    assert f"({nowhere}: no name server knows this name" in technician.fails("sync", "once")


def test_a_code_that_was_not_needed_is_said_to_be_unused(
    technician: Technician, central_url: str
) -> None:
    words = ("provision", "--central", central_url, "--code")
    assert "was not used" not in technician.types(*words, "CODE-1")
    said = technician.types(*words, "WRONG-CODE")
    assert "The code was not used: this kiosk is enrolled already." in said


@pytest.mark.parametrize("words", [("sync", "--stick"), ("queue", "export")])
def test_what_is_no_stick_is_not_called_full(
    technician: Technician, central_url: str, words: tuple[str, str]
) -> None:
    technician.types("provision", "--central", central_url, "--code", "CODE-1")
    said = technician.fails(*words, "/proc")
    assert said == "Nothing can be written in /proc. Look where the stick's own folder is."


def test_a_certificate_that_is_gone_is_not_taken_for_a_line_that_is(
    technician: Technician, central_url: str
) -> None:
    technician.types("provision", "--central", central_url, "--code", "CODE-1")
    settings = technician.folder / FILE_NAME
    settings.write_text(settings.read_text("utf-8") + 'central_ca = "gone.pem"\n', "utf-8")
    said = technician.fails("sync", "once")
    assert said.startswith(f"The certificate {technician.folder / 'gone.pem'} ")
    assert "settings" in said


def test_a_folder_that_cannot_be_written_is_named(technician: Technician) -> None:
    technician.folder.write_text("a file lies here")
    said = technician.fails("provision", "--central", NOBODY, "--code", "C")
    assert said == f"{technician.folder}: File exists. Check the folder and its rights."


def test_a_feed_that_an_older_program_cannot_read_is_counted(
    technician: Technician, central_url: str
) -> None:
    technician.types("provision", "--central", central_url, "--code", "CODE-1")
    assert "not understood" not in technician.types("sync", "status")
    ledger = Ledger.open(technician.folder / "data" / "ledger.sqlite3")
    with ledger.transaction():
        ledger.database.execute("INSERT INTO unread_change VALUES (?, 1, '77', x'00')", [NATION])
    ledger.close()
    assert "Sent by central and not understood: 1." in technician.types("sync", "status")


def test_a_stick_goes_the_way_that_no_line_goes(
    technician: Technician, central_url: str, tmp_path: Path
) -> None:
    technician.types("provision", "--central", central_url, "--code", "CODE-1")
    ledger = Ledger.open(technician.folder / "data" / "ledger.sqlite3")
    submit(ledger, evidence=(b"photo",))
    ledger.close()
    said = technician.types("sync", "--stick", str(tmp_path))
    assert "On the stick: 1 applications, 1 documents" in said
    assert "Plug the stick in" in technician.fails("sync", "--stick", str(tmp_path / "none"))
    assert technician._told(("sync",))[0] == 2
    assert "Documents: 1, 45 bytes" in technician.types("sync", "status")
    assert "waits" in technician.types("queue", "list")
    assert "is whole" in technician.types("queue", "verify")
    assert "1 applications" in technician.types("queue", "export", str(tmp_path))
    assert "1 batches, 1 pieces" in technician.types("queue", "import", str(tmp_path))
    assert "1 confirmed" in technician.types("sync", "--stick", str(tmp_path))


def test_who_writes_services_needs_no_part_of_a_kiosk(tmp_path: Path) -> None:
    script = """
import sys
for missing in ("kivy", "PIL", "serial", "qrcode", "icu4py", "requests", "sqlite_utils"):
    sys.modules[missing] = None
from kiosk.__main__ import main
code = main(sys.argv[1:])
print(sorted(name for name in sys.modules if name.startswith(("kiosk.printing", "kiosk.app"))))
sys.exit(code)
"""
    service = ROOT / "assets" / "services" / "residence-certificate"
    done = subprocess.run(
        [sys.executable, "-c", script, "forms", "check", str(service)],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "nothing to mend." in done.stdout.splitlines()[0]
    assert done.stdout.endswith("\n[]\n")


def test_a_machine_without_the_tools_for_services_says_where_they_are(tmp_path: Path) -> None:
    script = """
import sys
sys.modules["pyxform"] = sys.modules["yaml"] = sys.modules["openpyxl"] = None
from kiosk.__main__ import main
sys.exit(main(["forms", "check", "."]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "requirements.lock" in done.stderr
    assert done.stderr.count("\n") == 1
