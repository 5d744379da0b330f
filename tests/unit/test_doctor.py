"""The doctor names each fault by its own check and no other, and survives every fault."""

import fcntl
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp

from kiosk import __main__ as program
from kiosk.config import LOCK_NAME
from kiosk.field.check import Check, Found, Verdict
from kiosk.field.doctor import CHECKS, examine, print_slip, slip, summary, to_json, told
from kiosk.field.examined import Examined
from kiosk.language import set_language
from kiosk.log_files import FOLDER as LOGS
from kiosk.printing.jobs import PrintJobs
from kiosk.printing.profile import load_profile
from kiosk.printing.typeset import CannotSetLao
from kiosk.printing.vault import Vault
from kiosk.printing.virtual import VirtualPrinter
from kiosk.resources import assets
from sync.records import NATION
from tests.certificates import make_certificate
from tests.stand_ins.central import StandInCentral
from tests.stand_ins.kiosk import NOW
from tests.stand_ins.web_server import WebServer
from tests.well_kiosk import PRINTER_PROFILE, Spoil, WellKiosk, make_well, roomy

CLOSED = "http://127.0.0.1:9"  # the port of `discard`: nothing listens
DAY_MS = 24 * 3600 * 1000
CERTIFICATE = 44
MUTE = "ch340-58"
LONG_AGO = NOW.at_ms - 30 * DAY_MS


@pytest.fixture(scope="module")
def well(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("well")
    with WebServer(lambda _request: None) as server:
        make_well(place, StandInCentral(), server.url)
        yield place


@pytest.fixture(scope="module")
def shared_printer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VirtualPrinter]:
    link = tmp_path_factory.mktemp("printer") / "port"
    with VirtualPrinter(load_profile(PRINTER_PROFILE), link=link) as printer:
        yield printer


@pytest.fixture
def kiosk(well: Path, tmp_path: Path, shared_printer: VirtualPrinter) -> Iterator[WellKiosk]:
    yield WellKiosk.copied(well, tmp_path, shared_printer)
    shared_printer.mute = shared_printer.cover_open = False
    set_language("lo")


def no_settings(kiosk: WellKiosk) -> None:
    with (kiosk.folder / "kiosk.toml").open("a") as settings:
        settings.write("nonsense = 1\n")


def half_the_fonts(kiosk: WellKiosk) -> None:
    folder = kiosk.folder.parent / "assets"
    (folder / "fonts").mkdir(parents=True)
    shutil.copy(assets() / "fonts" / "KioskSans-Regular.ttf", folder / "fonts")
    kiosk.has(assets=folder)


def no_shaping(kiosk: WellKiosk) -> None:
    def fails() -> None:
        raise CannotSetLao("No raqm here.")

    kiosk.has(shapes=fails)


def no_panel_like_that(kiosk: WellKiosk) -> None:
    kiosk.kernel_says("sys/class/drm/card0-HDMI-A-1/modes", "1920x1080\n")


def a_torn_page(kiosk: WellKiosk) -> None:
    with kiosk.opened() as ledger:
        query = "SELECT rootpage FROM sqlite_schema WHERE name = 'log_reference'"
        page = ledger.database.execute(query).fetchone()[0]
    with (kiosk.data / "ledger.sqlite3").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)


def set_aside(kiosk: WellKiosk) -> None:
    kiosk.writes("DELETE FROM status_event")
    kiosk.writes("UPDATE log SET outcome = 'unreadable' WHERE sequence = 1")


def waits_for_a_month(kiosk: WellKiosk) -> None:
    kiosk.writes("UPDATE log SET outcome = NULL, recorded_ms = ? WHERE sequence = 2", LONG_AGO)


def never_erased(kiosk: WellKiosk) -> None:
    kiosk.writes(
        "UPDATE log SET kind = 'feedback', acknowledged_ms = ? WHERE sequence = 2", LONG_AGO
    )


def many_papers(kiosk: WellKiosk) -> None:
    kiosk.writes(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 21) "
        "INSERT INTO print_jobs (application, state, receipt) SELECT '', 'queued', x'' FROM n"
    )


def last_exchange_failed(kiosk: WellKiosk) -> None:
    kiosk.writes(
        "UPDATE exchange SET problem = 'too-slow', problem_detail = 'TooSlow', "
        "problem_ms = 1, problem_quality = 'trusted'"
    )


def is_1970(kiosk: WellKiosk) -> None:
    kiosk.writes("UPDATE clock SET boot = NULL, steady_ms = NULL, signed_ms = NULL")
    kiosk.has(wall_ms=lambda: 0)
    shutil.rmtree(kiosk.data / LOGS)  # today's log is one of the future now


def a_spoiled_certificate(kiosk: WellKiosk) -> None:
    path = kiosk.folder / "ca.pem"
    path.write_text("no certificate")
    kiosk.sets(central_ca=path)


def a_file_of_somebody_else(kiosk: WellKiosk) -> None:
    (kiosk.data / "enrolled.json").chmod(0o400)


def no_mains(kiosk: WellKiosk) -> None:
    kiosk.kernel_says("sys/class/power_supply/ac/online", "0\n")


FAULTS: dict[str, Spoil] = {
    "settings": no_settings,
    "fonts": half_the_fonts,
    "shaping": no_shaping,
    "line-breaks": lambda kiosk: kiosk.has(breaks=lambda text: [text]),
    "languages": lambda kiosk: kiosk.has(locales=kiosk.folder / "nowhere"),
    "printer-settings": lambda kiosk: kiosk.sets(printer_profile="nope"),
    "screen": no_panel_like_that,
    "data-folder": lambda kiosk: shutil.rmtree(kiosk.data),
    "owner": a_file_of_somebody_else,
    "privacy": lambda kiosk: kiosk.data.chmod(0o755),
    "disk-space": lambda kiosk: kiosk.has(room=lambda _path: roomy(free=1000)),
    "disk-files": lambda kiosk: kiosk.has(room=lambda _path: roomy(files=10)),
    "disk-writing": lambda kiosk: kiosk.has(room=lambda _path: roomy(flags=os.ST_RDONLY)),
    "temporary-folder": lambda kiosk: kiosk.has(temporary=kiosk.folder / "nowhere"),
    "leftovers": lambda kiosk: (kiosk.data / ".unfinished-00").touch(),
    "core-files": lambda kiosk: (kiosk.folder / "core.4711").touch(),
    "core-dumps": lambda kiosk: kiosk.kernel_says(
        "proc/sys/kernel/core_pattern", "|/usr/share/apport/apport %p\n"
    ),
    "swap": lambda kiosk: kiosk.kernel_says(
        "proc/swaps", "Filename Type Size Used Priority\n/swapfile file 1 0 -2\n"
    ),
    "memory": lambda kiosk: kiosk.kernel_says("proc/meminfo", "MemAvailable: 90000 kB\n"),
    "heat": lambda kiosk: kiosk.kernel_says("sys/class/thermal/thermal_zone0/temp", "91000\n"),
    "power": no_mains,
    "ledger-copies": lambda kiosk: (kiosk.data / "ledger.sqlite3.bak").touch(0o600),
    "log-files": lambda kiosk: (kiosk.data / LOGS / "2026-01-01.jsonl").touch(0o600),
    "ledger": lambda kiosk: (kiosk.data / "ledger.sqlite3").unlink(),
    "ledger-version": lambda kiosk: kiosk.writes(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
        "VALUES ('sync', 'm999_of_tomorrow', '')"
    ),
    "ledger-file": a_torn_page,
    "enrolled": lambda kiosk: kiosk.writes("UPDATE device SET device = NULL"),
    "log": lambda kiosk: kiosk.writes("UPDATE log SET body = x'00' WHERE sequence = 1"),
    "documents": lambda kiosk: next((kiosk.data / "evidence").iterdir()).unlink(),
    "sealing-key": lambda kiosk: kiosk.writes("DELETE FROM trusted_key WHERE purpose = 'sealing'"),
    "central-keys": lambda kiosk: kiosk.writes("DELETE FROM trusted_key WHERE purpose = 'answers'"),
    "blocked": lambda kiosk: kiosk.writes(
        "UPDATE trusted_key SET until_s = 1 WHERE purpose = 'receipts'"
    ),
    "lives-twice": lambda kiosk: kiosk.writes("UPDATE device SET held = 5"),
    "services": lambda kiosk: kiosk.writes("DELETE FROM service"),
    "service-versions": lambda kiosk: kiosk.writes(
        "INSERT INTO service SELECT service, '99', x'00' FROM service"
    ),
    "unread-news": lambda kiosk: kiosk.writes(
        "INSERT INTO unread_change VALUES (?, 1, '77', x'00')", NATION
    ),
    "set-aside": set_aside,
    "oldest-waiting": waits_for_a_month,
    "print-queue": many_papers,
    "kept-too-long": never_erased,
    "clock": is_1970,
    "clock-drift": lambda kiosk: kiosk.has(wall_ms=lambda: NOW.at_ms + 3_600_000),
    "central-address": lambda kiosk: kiosk.sets(central_url=""),
    "central-certificate": a_spoiled_certificate,
    "central-line": lambda kiosk: kiosk.sets(central_url=CLOSED),
    "neighbour": lambda kiosk: kiosk.sets(relay_url=CLOSED),
    "last-exchange": last_exchange_failed,
    "last-heard": lambda kiosk: kiosk.writes("UPDATE exchange SET success_ms = ?", LONG_AGO),
    "printer": lambda kiosk: kiosk.sets(printer_port=""),
    "printer-port": lambda kiosk: kiosk.sets(printer_port="/dev/no-such-port"),
    "printer-answers": lambda kiosk: setattr(kiosk.printer, "mute", True),
    "printer-ready": lambda kiosk: setattr(kiosk.printer, "cover_open", True),
    "paper": lambda kiosk: kiosk.writes("UPDATE paper_roll SET length_mm = 25000, used_mm = 24900"),
    "scanner": lambda kiosk: kiosk.sets(scanner_port="/dev/no-such-scanner"),
    "camera": lambda kiosk: kiosk.sets(camera_device="/dev/no-such-camera"),
    "microphone": lambda kiosk: (kiosk.machine.dev / "snd" / "pcmC0D0c").unlink(),
    "sound": lambda kiosk: (kiosk.machine.dev / "snd" / "pcmC0D0p").unlink(),
    "photo-folder": lambda kiosk: (kiosk.folder / "pictures").rmdir(),
}


def test_every_check_has_a_number_and_a_fault_of_its_own_here() -> None:
    assert [check.number for check in CHECKS] == list(range(1, len(CHECKS) + 1))
    assert [check.name for check in CHECKS] == list(FAULTS)
    assert len(CHECKS) >= 25


def test_where_all_is_well_nothing_is_said_and_nothing_is_touched(kiosk: WellKiosk) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in kiosk.folder.rglob("*"))
    diagnosis = kiosk.examined()
    assert [result.found for result in diagnosis.wrong] == []
    assert diagnosis.code == 0
    assert sorted((path, path.stat().st_mtime_ns) for path in kiosk.folder.rglob("*")) == before
    skipped = {result.check.name for result in diagnosis.of(Verdict.SKIPPED)}
    assert skipped == {"neighbour", "camera"}  # this kiosk has none


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_trips_only_its_own_check(kiosk: WellKiosk, name: str) -> None:
    if not name.startswith(("printer", "paper")):
        kiosk.sets(printer_profile=MUTE)  # it is there, and need not be asked each time
    FAULTS[name](kiosk)
    diagnosis = kiosk.examined()
    assert [result.check.name for result in diagnosis.wrong] == [name]
    (result,) = diagnosis.wrong
    assert diagnosis.code == (2 if result.verdict is Verdict.BROKEN else 1)
    (said,) = [one for one in json.loads(to_json(diagnosis))["checks"] if one["name"] == name]
    for part in ("cause", "fix"):
        assert "%(" not in said[part]["en"] + said[part]["lo"]
        assert any("\u0e80" <= letter <= "\u0eff" for letter in said[part]["lo"]) or (
            said[part]["lo"] != said[part]["en"]
        )


def test_a_check_that_fails_or_hangs_is_a_finding_and_says_nobody_s_words(
    kiosk: WellKiosk,
) -> None:
    canary, over = "ນາງ ຄຳປຸ້ຍ", threading.Event()

    def fails(_examined: Examined) -> Found | None:
        raise ValueError(canary)

    def hangs(_examined: Examined) -> Found | None:
        over.wait()
        return None

    checks = (Check(1, "fails", fails), Check(2, "hangs", hangs, seconds_max=0.05))
    diagnosis = examine(kiosk.folder, kiosk.machine, checks)
    over.set()
    assert [result.check.name for result in diagnosis.wrong] == ["fails", "hangs"]
    assert diagnosis.code == 1
    assert "ValueError in " in to_json(diagnosis)
    assert canary not in to_json(diagnosis)


def test_a_machine_with_nothing_on_it_is_examined_too(tmp_path: Path) -> None:
    diagnosis = examine(tmp_path)
    assert {"settings", "data-folder"} <= {result.check.name for result in diagnosis.wrong}
    assert (diagnosis.code, diagnosis.kiosk_number) == (2, None)
    assert list(tmp_path.iterdir()) == []


def test_it_speaks_the_current_language_and_counts(kiosk: WellKiosk) -> None:
    kiosk.data.chmod(0o755)
    said = "\n".join(told(kiosk.examined()))
    assert "ສາເຫດ: ຜູ້ໃຊ້ຄົນອື່ນ" in said
    set_language("en")
    said = "\n".join(told(kiosk.examined()))
    assert " 10  privacy\n     Cause: Other users of this machine may read data." in said
    assert f"To do: Close it to them: chmod -R go= {kiosk.data}" in said
    assert "Warnings: 1. Broken: 0." in said


def test_typed_it_ends_with_its_result_and_prints_for_programs(
    kiosk: WellKiosk, capsys: pytest.CaptureFixture[str]
) -> None:
    (kiosk.data / "ledger.sqlite3").unlink()
    assert typed(kiosk.folder, "doctor", "--json") == 2
    said = json.loads(capsys.readouterr().out)
    assert (said["format"], said["result"], said["kiosk"]) == (1, 2, 1)
    assert typed(kiosk.folder, "doctor") == 2
    assert "The ledger of this kiosk is gone" in capsys.readouterr().out


def test_a_false_central_is_told_from_a_line_that_is_down(kiosk: WellKiosk, tmp_path: Path) -> None:
    path, context = make_certificate(tmp_path)
    with WebServer(lambda _request: None, context) as server:
        kiosk.sets(central_url=server.url)
        (found,) = kiosk.examined().wrong
        assert (found.check.name, found.verdict) == ("central-line", Verdict.BROKEN)
        kiosk.sets(central_ca=path)  # now it is the one that the settings vouch for
        today_ms = int(time.time() * 1000)
        verdicts = {}
        for days in (-40, 0, 2):
            kiosk.has(wall_ms=lambda days=days: today_ms + days * DAY_MS)
            results = kiosk.examined().results
            verdicts[days] = next(r.verdict for r in results if r.check.number == CERTIFICATE)
    assert verdicts == {-40: Verdict.WELL, 0: Verdict.WARNING, 2: Verdict.BROKEN}


def typed(folder: Path, *words: str) -> int:
    given = program._parser().parse_args(["--folder", str(folder), *words])
    return program._told(given)


def test_its_paper_has_the_findings_and_a_code_that_sums_them_up(kiosk: WellKiosk) -> None:
    (kiosk.data / "ledger.sqlite3").write_bytes(b"\xff" * 9000)  # it prints without the ledger
    diagnosis = kiosk.examined()
    printed = len(kiosk.printer.papers)
    assert print_slip(kiosk.folder, slip(diagnosis)) == ""
    (paper,) = kiosk.printer.papers[printed:]
    (code,) = zxingcpp.read_barcodes(paper.convert("L"))
    assert code.text == summary(diagnosis)
    assert "kiosk 1; " in code.text
    assert code.text.endswith("broken 24; warnings none")
    for words in ("ໄຟລ໌ບັນທຶກເສຍຫາຍ", "The ledger's file is damaged."):
        assert words in slip(diagnosis).text


def test_a_running_kiosk_prints_it_after_what_waits(kiosk: WellKiosk) -> None:
    with (kiosk.data / LOCK_NAME).open("w") as held:  # as a kiosk at work does
        fcntl.flock(held, fcntl.LOCK_EX)
        diagnosis = kiosk.examined()
        assert diagnosis.is_running
        assert print_slip(kiosk.folder, slip(diagnosis)) == ""
        with kiosk.opened() as ledger:
            job = PrintJobs(ledger, Vault()).find_oldest()
    assert job is not None
    assert job.paper == slip(diagnosis)


def test_without_a_printer_the_findings_are_said_and_why_there_is_no_paper(
    kiosk: WellKiosk, capsys: pytest.CaptureFixture[str]
) -> None:
    kiosk.sets(printer_port="")
    assert typed(kiosk.folder, "doctor", "--print") in (1, 2)
    assert "kiosk printer detect --keep" in capsys.readouterr().err
