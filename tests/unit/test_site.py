"""`kiosk provision SITE`: one file makes a kiosk, a second run nothing; mistakes have lines."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import certifi
import pytest

from kiosk.__main__ import main
from kiosk.app import open_ledger
from kiosk.config import FILE_NAME, ConfigError, KioskConfig, read_config
from kiosk.field.provision import CannotProvision, check
from kiosk.field.site import read_site
from kiosk.panels import PANELS
from kiosk.printing.profile import load_profile
from kiosk.printing.virtual import VirtualPrinter
from tests.stand_ins.central import OFFICE, StandInCentral
from tests.stand_ins.web_server import Request, WebServer

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "assets" / "site" / "site.yaml"
EPSON = replace(load_profile("epson-tm-t88"), name="TM-T88V")
Said = pytest.CaptureFixture[str]


@pytest.fixture
def central() -> Iterator[WebServer]:
    stand_in = StandInCentral()
    roads = {"/v1/enrol": stand_in.enrol, "/v1/exchange": stand_in.exchange}

    def behaviour(request: Request) -> None:
        request.answer(roads[request.path](request.body))

    with WebServer(behaviour) as server:
        yield server


def site(folder: Path, *lines: str) -> Path:
    path = folder / "site.yaml"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def provision(folder: Path, path: Path, *more: str) -> int:
    return main(["--folder", str(folder / "kiosk"), "provision", str(path), *more])


def test_a_bare_machine_becomes_a_kiosk_that_prints_its_page_and_then_nothing_changes(
    tmp_path: Path, central: WebServer, capsys: Said
) -> None:
    with VirtualPrinter(EPSON, link=tmp_path / "printer") as printer:
        path = site(
            tmp_path,
            "name: Front hall",
            f"office: {OFFICE}",
            f"central_url: {central.url}",
            "code: CODE-1",
            f"printer_port: {printer.path}",
            "printer_profile: epson-tm-t88",
            "keep_days: 9",
        )
        assert provision(tmp_path, path) == 0
        said = capsys.readouterr().out
        assert "Written: " in said
        assert "Enrolled: kiosk number 1" in said
        assert "The printer took the test page." in said
        assert len(printer.papers) == 1
        written = (tmp_path / "kiosk" / FILE_NAME).read_bytes()
        assert provision(tmp_path, path) == 0
        said = capsys.readouterr().out
        assert "Unchanged: " in said
        assert "Already enrolled: kiosk number 1" in said
        assert "Nothing is changed: this kiosk is as the site file says." in said
        assert (tmp_path / "kiosk" / FILE_NAME).read_bytes() == written
        assert len(printer.papers) == 1
    config = read_config(tmp_path / "kiosk" / FILE_NAME)
    assert (config.name, config.keep_days, config.printer_profile) == (
        "Front hall",
        9,
        "epson-tm-t88",
    )
    assert sum(road == "/v1/enrol" for road, _body in central.requests) == 1


def test_what_is_typed_counts_more_than_the_file(
    tmp_path: Path, central: WebServer, capsys: Said
) -> None:
    path = site(tmp_path, "name: Of the file", "central_url: https://nobody.example")
    assert (
        provision(tmp_path, path, "--central", central.url, "--name", "Typed", "--code", "C") == 0
    )
    assert "No printer is set: no test page is printed." in capsys.readouterr().out
    config = read_config(tmp_path / "kiosk" / FILE_NAME)
    assert (config.name, config.central_url) == ("Typed", central.url)


def test_a_code_of_another_office_is_told(tmp_path: Path, central: WebServer, capsys: Said) -> None:
    path = site(tmp_path, "office: la-elsewhere", f"central_url: {central.url}", "code: CODE-1")
    assert provision(tmp_path, path) == 1
    said = capsys.readouterr().err
    assert "says office la-elsewhere" in said
    assert OFFICE in said


def test_the_certificate_is_copied_because_the_stick_is_taken_away(
    tmp_path: Path, central: WebServer
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    pem = Path(certifi.where()).read_bytes()
    (stick / "authority.pem").write_bytes(pem)
    path = site(stick, f"central_url: {central.url}", "central_ca: authority.pem", "code: CODE-1")
    assert provision(tmp_path, path) == 0
    own = tmp_path / "kiosk" / "central-ca.pem"
    assert own.read_bytes() == pem
    assert read_config(tmp_path / "kiosk" / FILE_NAME).central_ca == own


def test_without_a_line_the_settings_are_kept_and_the_next_run_goes_on(
    tmp_path: Path, central: WebServer, capsys: Said
) -> None:
    path = site(tmp_path, "central_url: http://127.0.0.1:9", "code: CODE-1")
    assert provision(tmp_path, path) == 1
    said = capsys.readouterr()
    assert "Written: " in said.out
    assert "Central cannot be reached now." in said.err
    site(tmp_path, f"central_url: {central.url}", "code: CODE-1")
    assert provision(tmp_path, path) == 0
    with closing(open_ledger(read_config(tmp_path / "kiosk" / FILE_NAME))) as ledger:
        assert ledger.enrolled_identity().kiosk_number == 1


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (("name: x", "printr_port: y"), "line 2: there is no setting 'printr_port'. Known ones"),
        (("name: x", "", "name: y"), "line 3: name stands in line 1 already."),
        (("panel: round",), f"line 1: panel must be one of {', '.join(PANELS)}."),
        (("name: x", "idle_s: 3"), "line 2: idle_s must be at least 30 seconds."),
        (("fullscreen: 3",), "line 1: fullscreen must be true or false."),
        (("code: 12345678",), "line 1: code must be text in quotes."),
        (("name: x", "office: [a, b]"), "line 2: office has one value, on the same line."),
        (("name: x", "  office: y"), "line 2: this is no YAML"),
        (("name: 'x",), "this is no YAML"),
        (("- name",), "write a setting a line"),
        (("data_dir: /",), "line 1: there is no setting 'data_dir'."),
        (("central_url: ftp://x",), "line 1: central_url is 'ftp://x'; write https:// and a name."),
        (("a: &a x", "name: *a"), "line 1: there is no setting 'a'."),
    ],
    ids=str,
)
def test_a_mistake_is_told_with_its_line_and_nothing_is_written(
    lines: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    path = site(tmp_path, *lines)
    with pytest.raises((CannotProvision, ConfigError)) as told:
        read_site(path)
    assert str(path) in str(told.value)
    assert sentence in str(told.value)


def test_a_file_that_is_none_is_told(tmp_path: Path, capsys: Said) -> None:
    assert provision(tmp_path, tmp_path / "nowhere.yaml") == 1
    assert "cannot be read (No such file or directory)" in capsys.readouterr().err
    (tmp_path / "site.yaml").write_bytes(b"name: \xff\xfe")
    assert provision(tmp_path, tmp_path / "site.yaml") == 1
    assert "is no text in UTF-8." in capsys.readouterr().err
    (tmp_path / "site.yaml").write_bytes(b"#" * 70_000)
    assert provision(tmp_path, tmp_path / "site.yaml") == 1
    assert "is too long for a site file." in capsys.readouterr().err
    assert not (tmp_path / "kiosk").exists()


def test_the_sample_is_one_to_begin_with(tmp_path: Path) -> None:
    read = read_site(SAMPLE)
    check(KioskConfig(tmp_path, **read.settings))  # type: ignore[arg-type]  # each was checked
    assert SAMPLE.read_text("utf-8").startswith("# SAMPLE")
    assert (read.office, read.code) == ("la-vte-xaythany", "0000-0000-0000")
